"""Make the pages of projects through the years: those of which a declaration has changed.

Declarations are read once more for it, a few at a time, because only their entries stay in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jixiao.analysis import urls
from jixiao.analysis.site_content import SiteContent, source_version
from jixiao.batch import Context, ProjectOrder, make_projects
from jixiao.crew import Crew, in_batches
from jixiao.load.source_files import read_bytes
from jixiao.model.project import Project
from jixiao.pages.page import PageKind, PageReference
from jixiao.site.build_failure import BuildFailure, describe_changed_declaration
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release
from jixiao.verify import VerificationFinding

BATCH = 16
"""Projects in one order; each has some declarations."""


def make_all_projects(
    catalogue: SiteContent, project: Path, key: str, crew: Crew[Context], release: Release
) -> tuple[tuple[PageReference, ...], list[VerificationFinding]]:
    """Make the pages of all projects that are stale.

    Gives all pages of projects, and where those that were made say something else than the declarations.

    Args:
        catalogue: All content, with its entries.
        project: The folder of the site's project.
        key: The digest of all that serves all pages.
        crew: Who does it.
        release: Where pages go.

    Raises:
        BuildFailure: A declaration is no longer what was checked, or a template failed.
    """
    if not catalogue.projects:
        return (), []
    versions = {entry.id: entry.version for entry in catalogue.summaries}
    stale: dict[str, str] = {}

    def orders() -> Iterator[ProjectOrder]:
        for of_project in catalogue.projects:
            made_from = digest_of(key, *(f"{one} {versions[one]}" for one in of_project.ids))
            if not release.keep_if_same(_name(of_project), made_from):
                stale[of_project.name] = made_from
                contents = tuple(content_of(one, versions[one], project) for one in of_project.ids)
                yield ProjectOrder(project=of_project, contents=contents)

    findings: list[VerificationFinding] = []
    for batch, made in crew.run(make_projects, in_batches(orders(), BATCH)):
        for order, pages in zip(batch, made, strict=True):
            findings.extend(finding for page in pages for finding in page.findings)
            files = {path: content for page in pages for path, content in page.files().items()}
            seen = {path: one for page in pages for path, one in page.seen().items()}
            release.add(_name(order.project), stale.pop(order.project.name), files, seen=seen)
    return tuple(_shown(catalogue, crew)), findings


def _shown(catalogue: SiteContent, crew: Crew[Context]) -> Iterator[PageReference]:
    for language in crew.context.engines:
        for of_project in catalogue.projects:
            address = urls.project_url(of_project.name)
            yield PageReference(language=language, kind=PageKind.PROJECT, address=address)


def _name(of_project: Project) -> str:
    return f"project:{of_project.name}"


def content_of(identity: str, version: str, project: Path) -> bytes:
    """Read the file of a declaration once more.

    Raises:
        BuildFailure: It is no longer the *version* that was checked.
    """
    file = f"content/declarations/{identity}.yml"
    content = read_bytes(project / file, file)
    if not isinstance(content, bytes) or source_version(content) != version:
        raise BuildFailure(describe_changed_declaration(identity))
    return content
