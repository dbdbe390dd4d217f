"""Read and print a whole project in this process, for tests that look at pages and build no site."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from jixiao import pipeline
from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.examination import examine
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import rules_of_meaning
from jixiao.config import SiteConfig
from jixiao.model.rule import Rules
from jixiao.pages import Page, Press, all_sheets, declaration_sheet, project_sheet


def filed_in(project: Path, catalogue: Catalogue) -> tuple[Filed, ...]:
    """Read the declarations that *catalogue* has entries of."""
    files = [project / f"content/declarations/{entry.id}.yml" for entry in catalogue.entries]
    examined = [
        examine(entry.id, file.relative_to(project).as_posix(), file.read_bytes(), catalogue)
        for entry, file in zip(catalogue.entries, files, strict=True)
    ]
    return tuple(one.filed for one in examined if one.filed is not None)


def pages_of(
    catalogue: Catalogue, declarations: Iterable[Filed], config: SiteConfig, language: str
) -> Iterator[Page]:
    """Print every page of one language."""
    press = Press.for_language(language, catalogue, config)
    rules = Rules(of_meaning=rules_of_meaning(config.rules), of_shape=EXPLANATIONS)
    yield from map(press.print, all_sheets(press, rules))
    by_id = {filed.id: filed for filed in declarations}
    neighbours = dict(pair for project in catalogue.projects for pair in project.neighbours())
    for identity, filed in by_id.items():
        yield press.print(declaration_sheet(filed, neighbours.get(identity), press))
    for project in catalogue.projects:
        yield press.print(project_sheet(project, [by_id[one] for one in project.ids], press))


def printed(project: Path, checked: pipeline.Checked) -> Iterator[Page]:
    """Print every page of *project* in all its languages."""
    assert isinstance(checked.config, SiteConfig)
    declarations = filed_in(project, checked.catalogue)
    for language in checked.config.languages:
        yield from pages_of(checked.catalogue, declarations, checked.config, language)
