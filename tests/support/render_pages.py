"""Rendering of all pages of a project in the test process, for tests that build no site."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from jixiao import pipeline
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import describe_rules
from jixiao.check.semantic_checks import check_declaration
from jixiao.config import SiteConfig
from jixiao.model.rule import RuleSet
from jixiao.pages import Page, PageRenderer, build_all_pages, build_declaration_page, build_project_page


def parse_declarations(project: Path, catalogue: SiteContent) -> tuple[ParsedDeclaration, ...]:
    """Parse the declarations that *catalogue* has summaries of."""
    files = [project / f"content/declarations/{entry.id}.yml" for entry in catalogue.summaries]
    examined = [
        check_declaration(entry.id, file.relative_to(project).as_posix(), file.read_bytes(), catalogue)
        for entry, file in zip(catalogue.summaries, files, strict=True)
    ]
    return tuple(one.parsed for one in examined if one.parsed is not None)


def render_language(
    catalogue: SiteContent, declarations: Iterable[ParsedDeclaration], config: SiteConfig, language: str
) -> Iterator[Page]:
    """Render every page of one language."""
    press = PageRenderer.for_language(language, catalogue, config)
    rules = RuleSet(rules=describe_rules(config.rules), schema_checks=EXPLANATIONS)
    yield from map(press.render, build_all_pages(press, rules))
    by_id = {filed.id: filed for filed in declarations}
    neighbours = dict(pair for project in catalogue.projects for pair in project.previous_next())
    for identity, filed in by_id.items():
        yield press.render(build_declaration_page(filed, neighbours.get(identity), press))
    for project in catalogue.projects:
        yield press.render(build_project_page(project, [by_id[one] for one in project.ids], press))


def render_project(project: Path, checked: pipeline.Checked) -> Iterator[Page]:
    """Render every page of *project* in all its languages."""
    assert isinstance(checked.config, SiteConfig)
    declarations = parse_declarations(project, checked.catalogue)
    for language in checked.config.languages:
        yield from render_language(checked.catalogue, declarations, checked.config, language)
