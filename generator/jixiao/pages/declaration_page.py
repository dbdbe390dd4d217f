"""The page of one declaration: all facts of the form, its indicator table, defects, source and citation.

The citation has a permanent address, the version of the source, and a QR code (ISO/IEC 18004) that is shown
only in print. Its mask is fixed: choosing the best of eight masks takes ten times as long, and every reader
can read all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import quote

import segno

from jixiao.analysis import urls
from jixiao.analysis.defects import label_defects, label_remark_defects
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.model.declaration import Declaration, Funding, Indicator
from jixiao.model.history import HistoryEvent
from jixiao.model.project import PreviousNext
from jixiao.pages.glossary import select_terms
from jixiao.pages.localizer import Localizer
from jixiao.pages.page import add_language_prefix
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.pages.quality_pages import build_measurability_segments
from jixiao.pages.search_facets import build_search_records
from jixiao.text import Text

_QR_MASK: Final = 2
_QR_MARGIN: Final = 4
"""Width of the white margin around a code, in modules."""


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Citation of a declaration, to be copied by readers."""

    address: Text
    """Permanent address, including the host of the site."""
    text: Text
    """Author, title, kind, publisher, version and address in one line."""
    code: str
    """Black modules of the QR code as an SVG path, one unit a module."""
    size: int
    """Width and height of the code including its white margin."""


def build_citation(parsed: ParsedDeclaration, renderer: PageRenderer) -> Citation | None:
    """Build the citation of a declaration's page, or return `None` if the site has no public address."""
    root = renderer.config.address
    if root is None:
        return None
    voice, declaration = renderer.localizer, parsed.declaration
    address = f"{root}{add_language_prefix(urls.declaration_url(parsed.id), renderer.language)}"
    work = voice.translate_text(
        "{department}：《{name}》，{year}年度财政项目支出绩效目标申报表",
        department=voice.translate_source_text(renderer.find_organisation_name(declaration.department)),
        name=voice.translate_source_text(declaration.name),
        year=declaration.year,
    )
    edition = voice.translate_text("版本 {version}，{address}", version=parsed.version, address=address)
    publisher = renderer.config.localize(renderer.config.publisher, renderer.language)
    if publisher:
        work = voice.translate_text("{work}，{publisher}", work=work, publisher=publisher)
    text = voice.translate_text("{work}，{edition}", work=work, edition=edition)
    code, size = _draw_qr_code(address)
    return Citation(address=Text(address), text=text, code=code, size=size)


def _draw_qr_code(address: str) -> tuple[str, int]:
    """Return the QR code of an address as an SVG path of rectangles, and its size."""
    matrix = segno.make(address, micro=False, error="m", boost_error=False, mask=_QR_MASK).matrix
    steps: list[str] = []
    for row, modules in enumerate(matrix, start=_QR_MARGIN):
        column = 0
        while column < len(modules):
            start = column
            while column < len(modules) and modules[column]:
                column += 1
            if column > start:
                steps.append(f"M{start + _QR_MARGIN} {row}h{column - start}v1h{start - column}z")
            column += 1
    return "".join(steps), len(matrix) + 2 * _QR_MARGIN


@dataclass(frozen=True, kw_only=True)
class IndicatorTableRow:
    """Row of the indicator table."""

    level1: str | None
    """Level-1 class where its merged cell begins, or `None` where the cell above extends down."""
    level1_rows: int
    """Number of rows that the level-1 cell spans."""
    level2: str | None
    level2_rows: int
    indicator: Indicator
    marks: tuple[str, ...]
    """Defects, as Chinese words."""


@dataclass(frozen=True, kw_only=True)
class IndicatorTableGroup:
    """Rows of one level-1 class, shown as one `<tbody>`."""

    level1: str
    rows: tuple[IndicatorTableRow, ...]


def build_indicator_table(declaration: Declaration) -> tuple[IndicatorTableGroup, ...]:
    """Group the indicators by level-1 class, with cells merged as on the printed form."""
    return tuple(
        IndicatorTableGroup(level1=level1, rows=tuple(_build_table_rows(level1, declaration)))
        for level1, _ in groupby(declaration.rows(), key=lambda row: row.level1)
    )


def _build_table_rows(level1: str, declaration: Declaration) -> Iterator[IndicatorTableRow]:
    classes = declaration.indicators[level1]
    height = sum(map(len, classes.values()))
    is_first = True
    for level2, indicators in classes.items():
        for position, indicator in enumerate(indicators):
            yield IndicatorTableRow(
                level1=level1 if is_first else None,
                level1_rows=height,
                level2=level2 if position == 0 else None,
                level2_rows=len(indicators),
                indicator=indicator,
                marks=label_defects(indicator),
            )
            is_first = False


PROJECT_FUNDS = (("total", "项目资金总额"), ("fiscal", "其中：财政资金"), ("other", "其他资金"))
ANNUAL_FUNDS = (
    ("total", "年度资金申请总额"),
    ("appropriation", "其中：当年财政拨款"),
    ("carryover", "上年结转资金"),
    ("other", "其他资金"),
)
"""Field of the model → cell of the form, in the order of the form."""
FUND_TITLES = {("project", part): ("整个项目", title) for part, title in PROJECT_FUNDS} | {
    ("annual", part): ("申报年度", title) for part, title in ANNUAL_FUNDS
}
"""Block and part of the model → title of the block and cell of the form."""


def build_declaration_page(
    parsed: ParsedDeclaration,
    previous_next: PreviousNext | None,
    renderer: PageRenderer,
    events: tuple[HistoryEvent, ...] = (),
) -> PageData:
    """Build the page of one declaration, with links to the same project in other years and its history."""
    declaration = parsed.declaration
    voice = renderer.localizer
    return PageData(
        kind=PageKind.DECLARATION,
        address=urls.declaration_url(parsed.id),
        title=voice.translate_source_text(declaration.name),
        description=voice.translate_text(
            "{department}{year}年度财政项目支出绩效目标申报表：{name}",
            department=voice.translate_source_text(renderer.find_organisation_name(declaration.department)),
            year=declaration.year,
            name=voice.translate_source_text(declaration.name),
        ),
        template="declaration",
        values={
            "declaration": declaration,
            "blocks": _list_fund_blocks(declaration.funding),
            "unit": declaration.funding.unit_in_use,
            "entry": parsed.summary,
            "neighbours": previous_next,
            "events": events,
            "year_of": lambda identity: identity.partition("/")[0],
            "table": build_indicator_table(declaration),
            "segments": build_measurability_segments((parsed.summary,)),
            "taxonomy": renderer.content.taxonomies[declaration.edition],
            "form": renderer.content.forms[declaration.source.form.plain()],
            "is_text": declaration.source.form.plain().endswith(".txt"),
            "identity": parsed.id,
            "terms": select_terms(
                declaration, (title for _, title in (*PROJECT_FUNDS, *ANNUAL_FUNDS)), renderer.glossary
            ),
            "has_packs": renderer.config.packs,
            "has_downloads": renderer.config.downloads,
            "citation": build_citation(parsed, renderer),
            "report": _build_report_link(parsed, renderer),
            "has_guide": _has_defects_guide(renderer),
            "has_marked_rows": any(row.indicator.is_marked for row in declaration.rows()),
            "has_explained_rows": any(row.indicator.is_explained for row in declaration.rows()),
            "marks_of_remark": label_remark_defects,
            "text": Text,
            "day": lambda day: Text(day.isoformat()),
            "file_name": lambda path: Text(path.rpartition("/")[2]),
            "plain": voice.translate_source_text,
            "aliases": _list_aliases(parsed, renderer),
            "amount": _format_amount(declaration.funding, voice),
            "yuan": _format_yuan(parsed),
            "records": build_search_records(parsed, renderer),
        },
        breadcrumbs=(
            renderer.build_home_breadcrumb(),
            renderer.build_year_breadcrumb(declaration.year),
            renderer.build_department_year_breadcrumb(declaration.department, declaration.year),
        ),
        year=declaration.year,
    )


def _list_fund_blocks(funding: Funding) -> tuple[tuple[str, tuple[tuple[str, object], ...]], ...]:
    """List the two halves of the money table as title and cells, each with its sum or `None`."""
    return (
        ("整个项目", tuple((title, getattr(funding.project, field)) for field, title in PROJECT_FUNDS)),
        ("申报年度", tuple((title, getattr(funding.annual, field)) for field, title in ANNUAL_FUNDS)),
    )


def _has_defects_guide(renderer: PageRenderer) -> bool:
    """Return whether the publisher's guide has a section about defects to link to."""
    return any(
        page.slug == "guide" and "{#marks}" in page.markdown for page in renderer.content.handwritten_pages
    )


def _format_amount(funding: Funding, localizer: Localizer) -> Text:
    """Format the annual sum for a search result in one piece, because Pagefind would split the table cell."""
    total, unit = funding.annual.total, funding.unit_in_use
    if total is None or unit is None:
        return localizer.translate_text("未填报")
    return Text(f"{total.value:,} {localizer.translate_text(unit.value).plain()}")


def _format_yuan(parsed: ParsedDeclaration) -> Text:
    """Format the annual sum in 元 for sorting, or return an empty text if it was left blank."""
    yuan = parsed.summary.yuan
    return Text("" if yuan is None else f"{yuan:f}")


def _build_report_link(parsed: ParsedDeclaration, renderer: PageRenderer) -> Text | None:
    """Build the link for reporting a mistake; a mail has the page in its subject."""
    contact = renderer.config.contact
    if contact is None or not contact.startswith("mailto:"):
        return None if contact is None else Text(contact)
    subject = renderer.localizer.translate_text("差错：{page}", page=parsed.id).plain()
    return Text(f"{contact}{'&' if '?' in contact else '?'}subject={quote(subject)}")


def _list_aliases(parsed: ParsedDeclaration, renderer: PageRenderer) -> Text:
    """Join the aliases of department and unit, and all sums with and without digit grouping."""
    declaration = parsed.declaration
    organisations = renderer.content.organisations
    names = [
        alias.plain()
        for identity in (declaration.department, declaration.unit)
        for alias in organisations[identity].aliases
    ]
    sums = {
        form for _, _, money in declaration.funding.sums() for form in (f"{money.value:,}", f"{money.value}")
    }
    return Text(" ".join([*names, *sorted(sums)]))
