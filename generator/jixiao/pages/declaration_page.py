"""Pages of one declaration, and of one project over the years, each declaration compared with the one before.

The page of a declaration has all facts of the form, its indicator table, defects, source and citation.
The citation has a permanent address, the version of the source, and a QR code (ISO/IEC 18004) that is shown
only in print. Its mask is fixed: choosing the best of eight masks takes ten times as long, and every reader
can read all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Final
from urllib.parse import quote

import segno

from jixiao.analysis import urls
from jixiao.analysis.defects import label_defects, label_remark_defects
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.year_on_year import (
    CHANGED_TARGETS,
    IndicatorPair,
    TargetChange,
    YearOnYear,
    compare_years,
)
from jixiao.model.declaration import Declaration, Indicator
from jixiao.model.history import HistoryEvent
from jixiao.model.project import PreviousNext, Project
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
    localizer, declaration = renderer.localizer, parsed.declaration
    address = f"{root}{add_language_prefix(urls.declaration_url(parsed.id), renderer.language)}"
    work = localizer.translate_text(
        "{department}：《{name}》，{year}年度财政项目支出绩效目标申报表",
        department=localizer.translate_source_text(renderer.find_organisation_name(declaration.department)),
        name=localizer.translate_source_text(declaration.name),
        year=declaration.year,
    )
    edition = localizer.translate_text("版本 {version}，{address}", version=parsed.version, address=address)
    publisher = renderer.config.localize(renderer.config.publisher, renderer.language)
    if publisher:
        work = localizer.translate_text("{work}，{publisher}", work=work, publisher=publisher)
    text = localizer.translate_text("{work}，{edition}", work=work, edition=edition)
    code, size = _draw_qr_code(address)
    return Citation(address=Text(address), text=text, code=code, size=size)


def _draw_qr_code(address: str) -> tuple[str, int]:
    """Return the QR code of an address as an SVG path of rectangles, and its size.

    Each run of black modules in a row is one rectangle.
    """
    matrix = segno.make(address, micro=False, error="m", boost_error=False, mask=_QR_MASK).matrix
    rectangles: list[str] = []
    for y, modules in enumerate(matrix, start=_QR_MARGIN):
        x = _QR_MARGIN
        for is_black, run in groupby(modules):
            width = len(list(run))
            if is_black:
                rectangles.append(f"M{x} {y}h{width}v1h{-width}z")
            x += width
    return "".join(rectangles), len(matrix) + 2 * _QR_MARGIN


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
    """Labels of its defects, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class IndicatorTableGroup:
    """Rows of one level-1 class, shown as one `<tbody>`."""

    level1: str
    rows: tuple[IndicatorTableRow, ...]


def build_indicator_table(declaration: Declaration) -> tuple[IndicatorTableGroup, ...]:
    """Group the indicators by level-1 class, with cells merged as on the printed form."""
    groups: list[IndicatorTableGroup] = []
    for level1, classes in declaration.indicators.items():
        height = sum(map(len, classes.values()))
        rows: list[IndicatorTableRow] = []
        for level2, indicators in classes.items():
            for position, indicator in enumerate(indicators):
                row = IndicatorTableRow(
                    level1=None if rows else level1,
                    level1_rows=height,
                    level2=None if position else level2,
                    level2_rows=len(indicators),
                    indicator=indicator,
                    marks=label_defects(indicator),
                )
                rows.append(row)
        groups.append(IndicatorTableGroup(level1=level1, rows=tuple(rows)))
    return tuple(groups)


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
    declaration, localizer = parsed.declaration, renderer.localizer
    name = localizer.translate_source_text(declaration.name)
    department = localizer.translate_source_text(renderer.find_organisation_name(declaration.department))
    return PageData(
        kind=PageKind.DECLARATION,
        address=urls.declaration_url(parsed.id),
        title=name,
        description=localizer.translate_text(
            "{department}{year}年度财政项目支出绩效目标申报表：{name}",
            department=department,
            year=declaration.year,
            name=name,
        ),
        template="declaration",
        values={
            "declaration": declaration,
            "identity": parsed.id,
            "summary": parsed.summary,
            "previous_next": previous_next,
            "events": events,
            "records": build_search_records(parsed, renderer),
            "has_packs": renderer.config.packs,
            "has_downloads": renderer.config.downloads,
            **_collect_form_values(parsed, renderer),
            **_collect_source_values(parsed, renderer),
            "read_year": lambda identity: identity.partition("/")[0],
            "label_remark_defects": label_remark_defects,
            "text": Text,
            "day": lambda day: Text(day.isoformat()),
            "file_name": lambda path: Text(path.rpartition("/")[2]),
            "plain": localizer.translate_source_text,
        },
        breadcrumbs=(
            renderer.build_home_breadcrumb(),
            renderer.build_year_breadcrumb(declaration.year),
            renderer.build_department_year_breadcrumb(declaration.department, declaration.year),
        ),
        year=declaration.year,
    )


def _collect_form_values(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, object]:
    """Return the template values for money, indicators, glossary terms, and for searches by sum and alias."""
    declaration, funding = parsed.declaration, parsed.declaration.funding
    project = tuple((title, getattr(funding.project, field)) for field, title in PROJECT_FUNDS)
    annual = tuple((title, getattr(funding.annual, field)) for field, title in ANNUAL_FUNDS)
    rows = declaration.rows()
    unit, total, yuan = funding.unit_in_use, funding.annual.total, parsed.summary.yuan
    # In one piece, because Pagefind would split the table cell of a search result.
    amount = renderer.localizer.translate_text("未填报")
    if total is not None and unit is not None:
        amount = Text(f"{total.value:,} {renderer.localizer.translate_plain(unit.value)}")
    aliases = [
        alias.plain()
        for identity in (declaration.department, declaration.unit)
        for alias in renderer.content.organisations[identity].aliases
    ]
    sums = {form for _, _, money in funding.sums() for form in (f"{money.value:,}", f"{money.value}")}
    return {
        "blocks": (("整个项目", project), ("申报年度", annual)),
        "unit": unit,
        "table": build_indicator_table(declaration),
        "segments": build_measurability_segments((parsed.summary,)),
        "taxonomy": renderer.content.taxonomies[declaration.edition],
        "terms": select_terms(
            declaration, (title for _, title in (*PROJECT_FUNDS, *ANNUAL_FUNDS)), renderer.glossary
        ),
        "has_marked_rows": any(row.indicator.is_marked for row in rows),
        "has_explained_rows": any(row.indicator.is_explained for row in rows),
        "aliases": Text(" ".join([*aliases, *sorted(sums)])),
        "amount": amount,
        "yuan": Text("" if yuan is None else f"{yuan:f}"),
    }


def _collect_source_values(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, object]:
    """Return the template values for the source of the form, its citation, and reports of mistakes."""
    form = parsed.declaration.source.form.plain()
    report = renderer.config.contact
    if report is not None and report.startswith("mailto:"):
        subject = renderer.localizer.translate_plain("差错：{page}", page=parsed.id)
        report = f"{report}{'&' if '?' in report else '?'}subject={quote(subject)}"
    return {
        "form": renderer.content.forms[form],
        "is_text": form.endswith(".txt"),
        "citation": build_citation(parsed, renderer),
        "report": None if report is None else Text(report),
        "has_guide": any(
            page.slug == "guide" and "{#marks}" in page.markdown
            for page in renderer.content.handwritten_pages
        ),
    }


@dataclass(frozen=True, kw_only=True)
class ProjectYearStep:
    """Comparison of a declaration with the one that it continues."""

    old: ParsedDeclaration
    new: ParsedDeclaration
    compared: YearOnYear

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Number of targets that are unchanged, changed, new, and no longer listed."""
        counts = self.compared.counts
        changed = sum(counts[fate] for fate in CHANGED_TARGETS)
        return counts[TargetChange.KEPT], changed, counts[TargetChange.NEW], counts[TargetChange.DROPPED]

    @property
    def annual_difference(self) -> Decimal | None:
        """Increase of the annual sum, or `None` if it cannot be computed."""
        annual = (
            change for change in self.compared.sums if (change.block, change.part) == ("annual", "total")
        )
        return next((change.difference for change in annual), None)

    @property
    def editions_differ(self) -> bool:
        """Whether the indicator classes of the two declarations come from different closed lists."""
        return self.old.declaration.edition != self.new.declaration.edition


def build_project_page(
    project: Project, members: Sequence[ParsedDeclaration], renderer: PageRenderer
) -> PageData:
    """Build the page of *project* with its declarations *members*, earliest first."""
    localizer, last = renderer.localizer, members[-1]
    taxonomies = renderer.content.taxonomies
    steps = [
        ProjectYearStep(
            old=old,
            new=new,
            compared=compare_years(old.declaration, new.declaration, taxonomies[new.declaration.edition]),
        )
        for old, new in pairwise(members)
    ]
    return PageData(
        kind=PageKind.PROJECT,
        address=urls.project_url(project.name),
        title=localizer.translate_text(
            "{name}：历年对比", name=localizer.translate_source_text(last.declaration.name)
        ),
        description=localizer.translate_text(
            "{first}年度至{last}年度的申报表逐年对比：金额、目标和指标",
            first=members[0].declaration.year,
            last=last.declaration.year,
        ),
        template="project",
        values={
            "name": last.declaration.name,
            "members": members,
            "steps": steps[::-1],
            "years": list(zip(members, [None, *steps], strict=True))[::-1],
            "taxonomies": taxonomies,
            "fund_titles": FUND_TITLES,
            "signed": lambda number: _format_difference(number, localizer),
            "list_defects": _list_pair_defects,
            "text": Text,
        },
        breadcrumbs=(
            renderer.build_home_breadcrumb(),
            renderer.build_year_breadcrumb(last.declaration.year),
            renderer.build_department_year_breadcrumb(last.declaration.department, last.declaration.year),
        ),
    )


def _format_difference(number: Decimal, localizer: Localizer) -> Text:
    """Format a difference with its sign, or as 不变 if it is zero."""
    if not number:
        return localizer.translate_text(str(TargetChange.KEPT))
    return Text(f"+{number:,}" if number > 0 else f"−{-number:,}")


def _list_pair_defects(pair: IndicatorPair) -> tuple[str, ...]:
    """List the defects of both rows without duplicates."""
    rows = [row for row in (pair.old, pair.new) if row is not None]
    return tuple(dict.fromkeys(label for row in rows for label in label_defects(row.indicator)))
