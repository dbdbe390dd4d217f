"""Make the packs of departments' years: those of which a declaration has changed, or one that it continues.

Declarations are read once more for it, a department's year at a time, because only their entries stay in
memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jixiao.analysis.site_content import SiteContent
from jixiao.batch import Context, PackOrder, make_packs
from jixiao.crew import Crew, in_batches
from jixiao.making_projects import content_of
from jixiao.model.project import map_continuations
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release


def make_all_packs(
    catalogue: SiteContent, project: Path, key: str, crew: Crew[Context], release: Release
) -> None:
    """Make all packs that are stale.

    Args:
        catalogue: All content, with its entries.
        project: The folder of the site's project.
        key: The digest of all that serves all pages.
        crew: Who does it.
        release: Where they go.

    Raises:
        BuildFailure: A declaration is no longer what was checked, or a template failed.
    """
    versions = {entry.id: entry.version for entry in catalogue.summaries}
    states = {entry.id: catalogue.declaration_state(entry) for entry in catalogue.summaries}
    continued = map_continuations(versions, catalogue.continued_ids)
    stale: dict[str, str] = {}

    def orders() -> Iterator[PackOrder]:
        for year in catalogue.years():
            for department in catalogue.departments_in_year(year):
                ids = [entry.id for entry in catalogue.summaries_in_department_year(department, year)]
                before = {identity: continued[identity] for identity in ids if identity in continued}
                needed = [*ids, *dict.fromkeys(before.values())]
                made_from = digest_of(key, *(states[one] for one in needed))
                if not release.keep_if_same(_name(department, year), made_from):
                    stale[_name(department, year)] = made_from
                    contents = {one: content_of(one, versions[one], project) for one in needed}
                    yield PackOrder(department=department, year=year, contents=contents, continued=before)

    for batch, made in crew.run(make_packs, in_batches(orders(), 1)):
        for order, files in zip(batch, made, strict=True):
            name = _name(order.department, order.year)
            release.add(name, stale.pop(name), {f"{SITE}{path}": content for path, content in files.items()})


def _name(department: str, year: int) -> str:
    return f"pack:{year}/{department}"
