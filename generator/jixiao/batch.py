"""A batch: the whole way of some pages, from YAML to verified HTML, as values on any machine.

load → check → model → pages → site → verify, for the declarations of one order; for lists, pages → site →
verify. Nothing here touches the disk of the project, and no page of an order needs another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from jixiao.analysis import urls
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.year_on_year import YearOnYear, compare_years
from jixiao.check.semantic_checks import check_declaration, parse_declaration
from jixiao.config import SiteConfig
from jixiao.downloads import build_declaration_files, build_record
from jixiao.downloads.jsonld import JSONLD_FILE, build_declaration_jsonld, collect_page_jsonld
from jixiao.history import StateComparison, compare_file_states
from jixiao.i18n import message
from jixiao.model.history import HistoryEvent
from jixiao.model.project import PreviousNext, Project
from jixiao.packs import DepartmentPack, NotTypeset, PackMember, typeset_form, typeset_pack
from jixiao.pages import PageData, PageRenderer, build_declaration_page, build_project_page
from jixiao.pages.page import add_language_prefix
from jixiao.pages.templates import BadTemplate
from jixiao.problems import Problem, has_error
from jixiao.site.build_failure import BuildFailure, describe_changed_declaration, make_template_failure
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.mkdocs_engine import EngineSettings, MkDocsEngine
from jixiao.site.release import PAGES, Seen
from jixiao.site.search_text import extract_indexed_html
from jixiao.verify import UnreadableSourceError, VerificationFinding, describe_unreadable, report_on
from jixiao.verify.data_checks import compare_declaration_data
from jixiao.verify.list_groups import ListGroup
from jixiao.verify.source_declaration import ListedDeclaration, read_declaration
from jixiao.verify.sources import VerificationSources

Value = TypeVar("Value")


class Context:
    """What every batch of a build needs. It travels to each worker once and keeps what was set up there."""

    def __init__(
        self,
        catalogue: SiteContent,
        config: SiteConfig | None,
        engines: Mapping[str, EngineSettings],
        sources: VerificationSources | None,
    ) -> None:
        """Take what the batches need.

        Args:
            catalogue: What serves all declarations; its entries are not looked at.
            config: The settings; without them declarations are only checked.
            engines: How pages are rendered, by language.
            sources: What the verification has read for itself of what serves all pages.
        """
        self.catalogue = catalogue
        self.config = config
        self.engines = engines
        self.sources = sources

    def __reduce__(self) -> tuple[type[Context], tuple[object, ...]]:
        """Leave behind what was set up."""
        return (Context, (self.catalogue, self.config, self.engines, self.sources))

    @cached_property
    def presses(self) -> Mapping[str, tuple[PageRenderer, MkDocsEngine]]:
        """A press and an engine for each language."""
        if self.config is None:
            return {}
        return {
            language: (
                PageRenderer.for_language(language, self.catalogue, self.config),
                MkDocsEngine(settings),
            )
            for language, settings in self.engines.items()
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationOrder:
    """A declaration to make pages of."""

    id: str
    content: bytes
    """Of the file."""
    neighbours: PreviousNext | None = None
    """The same project in other years."""
    events: tuple[HistoryEvent, ...] = ()
    """Its history, latest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectOrder:
    """A project of which to print all years."""

    project: Project
    contents: tuple[bytes, ...]
    """Of the files of its declarations, in the order of the project."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackOrder:
    """A department's year of which to make a pack."""

    department: str
    year: int
    contents: Mapping[str, bytes]
    """Of the files of its declarations, and of those that they continue, by id."""
    continued: Mapping[str, str]
    """Declaration of the year → the one that it continues, where there is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatesOrder:
    """Two states of a declaration to compare."""

    id: str
    before: bytes
    after: bytes
    before_id: str
    """Of the file in git."""
    after_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationBatch:
    """Declarations to check, and to make pages of."""

    orders: tuple[DeclarationOrder, ...]
    printing: bool
    """Make pages; without, only check."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetOrder:
    """A sheet to print."""

    language: str
    sheet: PageData
    key: str
    """The digest of all that its page is made from."""
    group: tuple[str, ListGroup] | None
    """The list that it shows, by its address, as the verification knows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetBatch:
    """Sheets to print."""

    orders: tuple[SheetOrder, ...]
    groups: Mapping[str, ListGroup]
    """What lists of the site add up to, as the verification knows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MadePage:
    """A page, rendered and verified."""

    language: str
    address: str
    """Without the prefix of the language."""
    html: bytes
    markdown: bytes
    leads_to: tuple[str, ...]
    """What `report_on` says that it links to."""
    searched: str
    """The digest of what the search reads of it."""
    findings: tuple[VerificationFinding, ...]
    """Where it says something else than the project."""
    paper: bytes | None = None
    """What it shows, laid out like the official form, as a PDF."""

    def files(self) -> dict[str, bytes]:
        """Give its files by their paths in a release."""
        files = {
            f"{SITE}{html_path(self.language, self.address)}": self.html,
            f"{PAGES}{self.language}/{self.address}index.md": self.markdown,
        }
        if self.paper is not None:
            form = urls.form_pdf_url(self.address.rstrip("/"))
            files[f"{SITE}{add_language_prefix(form, self.language)}"] = self.paper
        return files

    def seen(self) -> dict[str, Seen]:
        """Give what was seen in it."""
        return {html_path(self.language, self.address): Seen(self.leads_to, self.searched)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of a declaration."""

    id: str
    entry: list[Any] | None
    """The record of its entry; `None` when it cannot be read as a declaration."""
    problems: tuple[Problem, ...]
    listed: list[Any] | None = None
    """What the verification has read of it for lists, as a record; `None` where no pages were made."""
    form_checksum: str | None = None
    """Of the form that it was taken from."""
    pages: tuple[MadePage, ...] = ()
    data: Mapping[str, bytes] = field(default_factory=dict)
    """Its files of data, by their paths in a release."""
    findings: tuple[VerificationFinding, ...] = ()
    """Why the verification could not read it, or what its data say that the project does not."""


def make_declarations(context: Context, batch: DeclarationBatch) -> tuple[Made, ...]:
    """Check declarations, and make the pages of those without an error.

    Raises:
        BuildFailure: The engine or a template failed.
    """
    return tuple(_made(context, order, printing=batch.printing) for order in batch.orders)


def compare_states(context: Context, orders: tuple[StatesOrder, ...]) -> tuple[StateComparison, ...]:
    """Say what states of declarations differ in."""
    names = {one: entry.name.plain() for one, entry in context.catalogue.organisations.items()}
    return tuple(compare_file_states(order.id, order.before, order.after, names) for order in orders)


def make_projects(context: Context, orders: tuple[ProjectOrder, ...]) -> tuple[tuple[MadePage, ...], ...]:
    """Make the pages of projects, in each language.

    Raises:
        BuildFailure: The engine or a template failed, or a file is not what was checked.
    """
    return tuple(tuple(_pages_of_project(context, order)) for order in orders)


def make_packs(context: Context, orders: tuple[PackOrder, ...]) -> tuple[dict[str, bytes], ...]:
    """Make the packs of departments' years, in each language: path in the site → bytes.

    Raises:
        BuildFailure: A template failed, or a file is not what was checked.
    """
    return tuple(_pack_of(context, order) for order in orders)


def make_sheets(context: Context, batch: SheetBatch) -> tuple[MadePage, ...]:
    """Print, render and verify sheets.

    Raises:
        BuildFailure: The engine or a template failed.
    """
    return tuple(_sheet(context, order, batch.groups) for order in batch.orders)


def _sheet(context: Context, order: SheetOrder, groups: Mapping[str, ListGroup]) -> MadePage:
    if context.sources is None:
        raise NotImplementedError
    listed: Mapping[str, ListedDeclaration] = {}
    if order.group is not None:
        address, group = order.group
        groups = {**groups, address: group}
        listed = {filed.address: filed for filed in group.listed}
    sources = replace(context.sources, groups=groups, listed=listed)
    return _page(context, order.language, order.sheet, sources)


def html_path(language: str, address: str) -> str:
    """Give the file of a page in the site."""
    return f"{add_language_prefix(address, language)}index.html"


def _made(context: Context, order: DeclarationOrder, *, printing: bool) -> Made:
    file = f"content/declarations/{order.id}.yml"
    settings = context.config.rules if context.config else {}
    examined = check_declaration(order.id, file, order.content, context.catalogue, settings)
    filed = examined.parsed
    if filed is None:
        return Made(id=order.id, entry=None, problems=examined.problems)
    made = Made(id=order.id, entry=filed.summary.to_record(), problems=examined.problems)
    if not printing or context.sources is None or has_error(examined.problems):
        return made
    form = context.catalogue.forms[filed.summary.form]
    try:
        read = read_declaration(order.content, order.id)
    except UnreadableSourceError as unreadable:
        return replace(made, findings=(describe_unreadable(unreadable),))
    sources = context.sources.with_declaration(read)
    data = _data_of(filed, context)
    return replace(
        made,
        listed=read.listed().record(),
        form_checksum=form.display_key,
        data={f"{SITE}{path}": content for path, content in data.items()},
        findings=tuple(compare_declaration_data(read, data, sources)) if data else (),
        pages=tuple(_pages_of(filed, order, context, sources, collect_page_jsonld(data))),
    )


def _data_of(filed: ParsedDeclaration, context: Context) -> dict[str, bytes]:
    if context.config is None or not context.config.downloads:
        return {}
    record = build_record(filed, context.catalogue)
    files = {
        **build_declaration_files(record),
        JSONLD_FILE: build_declaration_jsonld(record, context.config.address),
    }
    address = urls.declaration_url(filed.id)
    return {f"{address}{name}": content for name, content in files.items()}


def _pages_of(
    filed: ParsedDeclaration,
    order: DeclarationOrder,
    context: Context,
    sources: VerificationSources,
    linked: str,
) -> Iterator[MadePage]:
    for language, (press, _) in context.presses.items():
        sheet = replace(build_declaration_page(filed, order.neighbours, press, order.events), jsonld=linked)
        page = _page(context, language, sheet, sources)
        yield replace(page, paper=_set(filed.id, typeset_form, filed, press)) if press.config.packs else page


def _pages_of_project(context: Context, order: ProjectOrder) -> Iterator[MadePage]:
    if context.sources is None:
        raise NotImplementedError
    contents = dict(zip(order.project.ids, order.contents, strict=True))
    members = tuple(filed_again(identity, content) for identity, content in contents.items())
    read = [read_declaration(content, identity) for identity, content in contents.items()]
    sources = context.sources.with_project(read)
    for language, (press, _) in context.presses.items():
        yield _page(context, language, build_project_page(order.project, members, press), sources)


def _pack_of(context: Context, order: PackOrder) -> dict[str, bytes]:
    # The library takes longer to import than most commands run.
    from jixiao.packs.pack_workbook import build_pack_workbook  # noqa: PLC0415

    filed = {identity: filed_again(identity, content) for identity, content in order.contents.items()}
    members = tuple(
        PackMember(filed=one, compared=_compared(filed.get(order.continued.get(one.id, "")), one, context))
        for one in filed.values()
        if _is_of(one, order)
    )
    pack = DepartmentPack(department=order.department, year=order.year, members=members)
    name, files = f"{order.year}/{order.department}", dict[str, bytes]()
    for language, (press, _) in context.presses.items():
        for ending, content in (
            ("pdf", _set(name, typeset_pack, pack, press)),
            ("xlsx", build_pack_workbook(pack, press)),
        ):
            files[add_language_prefix(urls.pack_url(order.department, order.year, ending), language)] = (
                content
            )
    return files


def _is_of(filed: ParsedDeclaration, order: PackOrder) -> bool:
    return filed.id.startswith(urls.department_year_url(order.department, order.year))


def _compared(
    before: ParsedDeclaration | None, filed: ParsedDeclaration, context: Context
) -> YearOnYear | None:
    if before is None:
        return None
    taxonomy = context.catalogue.taxonomies[filed.declaration.edition]
    return compare_years(before.declaration, filed.declaration, taxonomy)


def _set(
    name: str, setting: Callable[[Value, PageRenderer], bytes], value: Value, press: PageRenderer
) -> bytes:
    try:
        return setting(value, press)
    except NotTypeset as error:
        raise BuildFailure(message("资料包没有做成：{name}", name=name), str(error)) from error


def filed_again(identity: str, content: bytes) -> ParsedDeclaration:
    """Read a declaration once more that was checked in this build.

    Raises:
        BuildFailure: It is not what was checked.
    """
    filed = parse_declaration(identity, f"content/declarations/{identity}.yml", content)
    if not isinstance(filed, ParsedDeclaration):
        raise BuildFailure(describe_changed_declaration(identity))
    return filed


def _page(context: Context, language: str, sheet: PageData, sources: VerificationSources) -> MadePage:
    press, engine = context.presses[language]
    try:
        page = press.render(sheet)
    except BadTemplate as error:
        raise make_template_failure(error.template_error) from error
    text = engine.render(page)
    html = text.encode()
    report = report_on(html_path(language, page.address), html, sources)
    return MadePage(
        language=language,
        address=page.address,
        html=html,
        markdown=page.markdown().encode(),
        leads_to=report.leads_to,
        searched=digest_of(extract_indexed_html(text)),
        findings=report.findings,
    )
