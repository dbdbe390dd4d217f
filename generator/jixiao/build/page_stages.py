"""Page stages: the layout that all pages share, lists, and projects through the years; site maps, too.

Declarations are read again for some of them, a few at a time, because only their summaries stay in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from jixiao.analysis import urls
from jixiao.analysis.duplicates import CopiedTarget, find_most_copied, find_target_text
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import SiteContent
from jixiao.analysis.summary import Summary
from jixiao.build.cache import JsonFormat
from jixiao.build.checked_sources import parse_again, read_again
from jixiao.build.executor import Executor
from jixiao.build.staging import StagedSite
from jixiao.build.task import SITE, Output, PageScan, Stage, Task, hash_inputs, merge_outputs
from jixiao.build.worker import BuildContext, render_page
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import describe_rules
from jixiao.config import SiteConfig
from jixiao.downloads.dataset_metadata import build_site_dataset
from jixiao.downloads.jsonld import format_for_page
from jixiao.model.project import Project
from jixiao.model.rule import RuleSet
from jixiao.pages import PageData, PageRenderer, build_all_pages, build_project_page
from jixiao.pages.page import add_language_prefix
from jixiao.pages.page_renderer import hash_page_data
from jixiao.site.mkdocs_engine import MkDocsEngine
from jixiao.site.sitemap import SitePage, build_sitemaps
from jixiao.text import Text
from jixiao.verify.list_groups import ListGroup
from jixiao.verify.list_values import split_part
from jixiao.verify.source_declaration import ListedDeclaration, read_declaration
from jixiao.verify.sources import VerificationSources
from jixiao.verify.verification import READ, report_on

LAYOUT: Final = "layout"
_LIST_CHUNK: Final = 16
_PROJECT_CHUNK: Final = 16
"""Projects that travel together; each has some declarations."""


def layout_stage(context: BuildContext) -> Stage[str]:
    """Return the stage of files that all pages of a language share: style sheets, scripts, the error page."""
    tasks = (
        Task(name=one, inputs=hash_inputs(context.shared_inputs, one), prepare=partial(str, one))
        for one in context.engines
    )
    return Stage(kind=LAYOUT, run=build_layouts, tasks=tasks)


def build_layouts(context: BuildContext, languages: tuple[str, ...]) -> Iterator[Output]:
    """Build and verify layouts."""
    for language in languages:
        frame = MkDocsEngine(context.engines[language]).collect_shared_assets()
        files = {f"{add_language_prefix('', language)}{path}": content for path, content in frame.items()}
        yield merge_outputs(_verify_file(path, content, context.sources) for path, content in files.items())


def _verify_file(path: str, content: bytes, sources: VerificationSources) -> Output:
    """Return a file of the site with the findings in it, if the verification reads such files."""
    if not path.endswith(READ):
        return Output(files={f"{SITE}{path}": content})
    report = report_on(path, content, sources)
    return Output(
        files={f"{SITE}{path}": content},
        scans={path: PageScan(report.leads_to)},
        findings=report.findings,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ListInput:
    """A list, or another page of the whole site, to render."""

    language: str
    sheet: PageData
    totals: Mapping[str, ListGroup]
    """Sums of all lists by address, without their entries, as the verification knows them."""
    group: tuple[str, ListGroup] | None
    """The address of the list that it shows, and the part of it."""


def list_stage(
    site: SiteContent, sources: VerificationSources, context: BuildContext, pages: list[SitePage]
) -> Stage[ListInput]:
    """Return the stage of lists and all other pages of the whole site.

    Args:
        site: All content.
        sources: What the verification has read, with the lists.
        context: Of the build.
        pages: Each page is appended to it; pages are laid out one by one, because all would fill the memory.
    """
    totals = {
        address: ListGroup(totals=group.totals, carried_out=group.carried_out)
        for address, group in sources.groups.items()
    }

    def tasks() -> Iterator[Task[ListInput]]:
        for language, sheet in _sheets(site, context.config):
            pages.append(SitePage(language=language, kind=sheet.kind, address=sheet.address, year=sheet.year))
            yield Task(
                name=f"{language}:{sheet.address}",
                inputs=hash_inputs(context.shared_inputs, hash_page_data(sheet)),
                prepare=partial(_list_input, language, sheet, totals, sources.groups),
            )

    return Stage(kind="page", run=build_lists, tasks=tasks(), chunk_size=_LIST_CHUNK)


def build_lists(context: BuildContext, inputs: tuple[ListInput, ...]) -> Iterator[Output]:
    """Render and verify lists."""
    for one in inputs:
        groups, listed = one.totals, dict[str, ListedDeclaration]()
        if one.group is not None:
            address, group = one.group
            groups = {**groups, address: group}
            listed = {filed.address: filed for filed in group.listed}
        sources = replace(context.sources, groups=groups, listed=listed)
        yield render_page(context, one.language, one.sheet, sources)


def _sheets(site: SiteContent, config: SiteConfig) -> Iterator[tuple[str, PageData]]:
    rules = RuleSet(rules=describe_rules(config.rules), schema_checks=EXPLANATIONS)
    for language in config.languages:
        for sheet in build_all_pages(PageRenderer.for_language(language, site, config), rules):
            if sheet.kind is PageKind.DATA and config.downloads:
                yield language, replace(sheet, jsonld=format_for_page(build_site_dataset(site, config)))
            else:
                yield language, sheet


def _list_input(
    language: str, sheet: PageData, totals: Mapping[str, ListGroup], groups: Mapping[str, ListGroup]
) -> ListInput:
    return ListInput(language=language, sheet=sheet, totals=totals, group=_shown_group(sheet, groups))


def _shown_group(sheet: PageData, groups: Mapping[str, ListGroup]) -> tuple[str, ListGroup] | None:
    """Return the list that a page shows, with the declarations of this page alone."""
    if sheet.kind is PageKind.INDICATORS:
        everything = groups[urls.HOME]
        named = {urls.declaration_url(identity) for identity in sheet.declaration_ids}
        listed = tuple(one for one in everything.listed if one.address in named)
        return urls.HOME, ListGroup(totals=everything.totals, listed=listed)
    whole, number = split_part(sheet.address)
    group = groups.get(whole)
    if group is None:
        return None
    shown: tuple[ListedDeclaration, ...] = group.page(number, is_home=not whole)
    begins = group.listed.index(shown[0]) if shown else 0
    return whole, replace(group, listed=shown, begins=begins)


class ProjectInput(NamedTuple):
    """A project with all its years, to render."""

    project: Project
    contents: tuple[bytes, ...]
    """Of the files of its declarations, in the order of the project."""


def project_stage(site: SiteContent, root: Path, context: BuildContext) -> Stage[ProjectInput]:
    """Return the stage of the pages of projects through the years."""
    versions = {entry.id: entry.version for entry in site.summaries}

    def prepare(project: Project) -> ProjectInput:
        return ProjectInput(project, tuple(read_again(one, versions[one], root) for one in project.ids))

    tasks = (
        Task(
            name=project.name,
            inputs=hash_inputs(context.shared_inputs, *(f"{one} {versions[one]}" for one in project.ids)),
            prepare=partial(prepare, project),
        )
        for project in site.projects
    )
    return Stage(kind="project", run=build_projects, tasks=tasks, chunk_size=_PROJECT_CHUNK)


def build_projects(context: BuildContext, inputs: tuple[ProjectInput, ...]) -> Iterator[Output]:
    """Render and verify pages of projects.

    Raises:
        UserError: The engine or a template failed, or a file is not what was checked.
    """
    for project, files in inputs:
        contents = dict(zip(project.ids, files, strict=True))
        members = tuple(parse_again(identity, content) for identity, content in contents.items())
        read = [read_declaration(content, identity) for identity, content in contents.items()]
        sources = context.sources.with_project(read)
        yield merge_outputs(
            render_page(context, language, build_project_page(project, members, renderer), sources)
            for language, (renderer, _) in context.renderers.items()
        )


def list_declaration_pages(ids: Sequence[str], languages: Iterable[str]) -> Iterator[SitePage]:
    """List the pages of declarations; all their *ids* begin with a year."""
    for language in languages:
        for identity in ids:
            address, year = urls.declaration_url(identity), int(identity.partition("/")[0])
            yield SitePage(language=language, kind=PageKind.DECLARATION, address=address, year=year)


def list_project_pages(projects: Iterable[Project], languages: Iterable[str]) -> Iterator[SitePage]:
    """List the pages of projects through the years."""
    named = [urls.project_url(project.name) for project in projects]
    for language in languages:
        for address in named:
            yield SitePage(language=language, kind=PageKind.PROJECT, address=address)


def sitemap_stage(pages: Iterable[SitePage], context: BuildContext) -> Stage[tuple[str, bytes]]:
    """Return the stage of the maps of a site that has an address."""
    config = context.config
    maps = build_sitemaps(pages, config.address, config.languages) if config.address else {}
    tasks = (
        Task(name=path, inputs=hash_inputs(text), prepare=partial(_encode_map, path, text))
        for path, text in maps.items()
    )
    return Stage(kind="sitemap", run=write_sitemaps, tasks=tasks)


def _encode_map(path: str, text: str) -> tuple[str, bytes]:
    return path, text.encode()


def write_sitemaps(context: BuildContext, maps: tuple[tuple[str, bytes], ...]) -> Iterator[Output]:
    """Verify site maps."""
    for path, content in maps:
        yield _verify_file(path, content, context.sources)


class CopiedInput(NamedTuple):
    """A target that is copied, and the first declaration that has it."""

    digest: int
    id: str
    content: bytes


_WORDS: Final = JsonFormat[tuple[str, str]](tuple[str, str])


def find_copied(
    entries: tuple[Summary, ...], root: Path, staged: StagedSite, executor: Executor[BuildContext]
) -> tuple[CopiedTarget, ...]:
    """Find the targets that are copied most, and read their words: summaries keep hashes of words alone.

    Raises:
        UserError: A declaration is no longer what was checked.
    """
    copies = find_most_copied(entries)

    def prepare(digest: int, first: Summary) -> CopiedInput:
        return CopiedInput(digest, first.id, read_again(first.id, first.version, root))

    tasks = (
        Task(
            name=_copied_name(one.digest),
            inputs=hash_inputs(one.examples[0].id, one.examples[0].version),
            prepare=partial(prepare, one.digest, one.examples[0]),
        )
        for one in copies
    )
    staged.run(Stage(kind="copied", run=read_copied, tasks=tasks), executor)
    words = {name: _WORDS.read(result) for name, result in staged.results("copied")}
    return tuple(
        CopiedTarget(
            name=Text(words[_copied_name(one.digest)][0]),
            target=Text(words[_copied_name(one.digest)][1]),
            declarations=one.declarations,
            projects=one.projects,
            classes=len(one.classes),
            examples=tuple(one.examples),
        )
        for one in copies
    )


def read_copied(_context: BuildContext, inputs: tuple[CopiedInput, ...]) -> Iterator[Output]:
    """Read name and target of an indicator as its declaration writes them."""
    for digest, identity, content in inputs:
        words = find_target_text(digest, parse_again(identity, content).declaration)
        yield Output(result=_WORDS.write(words))


def _copied_name(digest: int) -> str:
    return f"{digest:012x}"
