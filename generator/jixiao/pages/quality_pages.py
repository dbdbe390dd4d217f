"""The pages `/indicators/` and `/quality/`: measurable targets, missing fields, defects, published projects.

Every number of declarations links to the search results that list them. If a department does not state how
many projects it has, no share is computed for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import accumulate
from typing import Final

from jixiao.analysis import urls
from jixiao.analysis.defects import (
    ALL_DEFECT_LABELS,
    MISSING_AND_DEFECT_LABELS,
    NO_SUM_LABEL,
    NO_TARGET_LABEL,
    NO_UNIT_LABEL,
    has_defect,
)
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.phrasing import HARD_TO_CHECK, Measurability, add_counts, pair_with_classes
from jixiao.analysis.summary import Summary, compute_totals
from jixiao.i18n import Message, message
from jixiao.model.organisation import OrganisationKind
from jixiao.pages.page import Breadcrumb, paginate
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.pages.search_facets import BLANK_SUM, build_search_query

LISTED_DECLARATIONS = 20
"""Maximum number of declarations that the page lists."""
_HARD_TO_CHECK_DIVISOR = 3
"""A declaration is listed if at least one in this many targets is hard to check."""
_CLASS_MEANINGS: dict[Measurability, Message] = {
    Measurability.NUMBER: message("写明数量，例如“>=90%”“=0”。"),
    Measurability.MOMENT: message("写明日期、期限或频次，例如“6月底前完成”“每月一次”。"),
    Measurability.CRITERION: message("写明看得见的结果，例如“一次性通过竣工验收”。"),
    Measurability.REFERENCE: message("以别的文件为准，例如“符合合同要求”；不看那份文件就无法核对。"),
    Measurability.WORDS: message("程序既找不到标准，也不能断定没有标准。"),
    Measurability.PRAISE: message("只有“及时”“提高”“体系完善”之类，怎样才算达到没有写。"),
    Measurability.REPETITION: message("目标值只把指标名称又说了一遍。"),
    Measurability.DAMAGED: message("原文缺字缺数，或文字待核，无法归类。"),
    Measurability.BLANK: message("表上空着。"),
}


@dataclass(frozen=True, kw_only=True)
class MeasurabilitySegment:
    """Segment of a measurability bar; a class without targets has none."""

    name: str
    """Name for style sheets."""
    label: str
    """Chinese name of the class."""
    count: int
    start: int
    """Number of targets before this segment in the bar."""


def build_measurability_segments(summaries: Iterable[Summary]) -> tuple[MeasurabilitySegment, ...]:
    """Return the measurability bar of all *summaries* together as segments, with counts as lengths."""
    counts = add_counts(summary.measurability_counts for summary in summaries)
    starts = accumulate(counts, initial=0)
    return tuple(
        MeasurabilitySegment(
            name=measurability.name.lower(), label=str(measurability), count=count, start=start
        )
        for (measurability, count), start in zip(pair_with_classes(counts), starts, strict=False)
        if count
    )


def build_indicators_page(renderer: PageRenderer) -> PageData:
    """Build the page about measurability of targets, in total, by year and for large projects."""
    content, localizer = renderer.content, renderer.localizer
    summaries, copied = content.summaries, content.copied_targets
    listed = _list_hard_to_check(summaries)
    examples = [summary.id for target in copied for summary in target.examples]
    segments = build_measurability_segments(summaries)
    queries = {segment.label: build_search_query({"targets": segment.label}) for segment in segments}
    by_year = [(year, content.summaries_in_year(year)) for year in content.years()]
    return PageData(
        kind=PageKind.INDICATORS,
        address=urls.INDICATORS,
        title=localizer.translate_text("指标和目标值"),
        description=localizer.translate_text("公开的目标值有多少能够核对，哪些金额大而难以核对"),
        template="indicators",
        values={
            "totals": compute_totals(summaries),
            "segments": segments,
            "years": [
                (year, compute_totals(in_year), build_measurability_segments(in_year))
                for year, in_year in by_year
            ],
            "listed": [(summary, build_measurability_segments((summary,))) for summary in listed],
            "copied": copied,
            "meanings": [
                (
                    measurability.name.lower(),
                    str(measurability),
                    localizer.translate_with_quotes(meaning),
                    queries.get(measurability, ""),
                )
                for measurability, meaning in _CLASS_MEANINGS.items()
            ],
        },
        declaration_ids=(*(summary.id for summary in listed), *examples),
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )


def _list_hard_to_check(summaries: Iterable[Summary]) -> list[Summary]:
    """List the largest declarations with many targets that cannot be checked, by sum, then by id."""
    found: list[Summary] = []
    for summary in summaries:
        classes = pair_with_classes(summary.measurability_counts)
        hard = sum(count for measurability, count in classes if measurability in HARD_TO_CHECK)
        has_many = hard > 0 and hard * _HARD_TO_CHECK_DIVISOR >= summary.indicators
        if summary.annual is not None and has_many:
            found.append(summary)
    return sorted(found, key=lambda summary: (-(summary.yuan or Decimal(0)), summary.id))[
        :LISTED_DECLARATIONS
    ]


_FACETS_BY_KIND: Final[Mapping[str, Mapping[str, list[str]]]] = {
    NO_SUM_LABEL: {"money": [BLANK_SUM]},
    NO_UNIT_LABEL: {"record": [NO_UNIT_LABEL]},
    NO_TARGET_LABEL: {"targets": [str(Measurability.BLANK)]},
    **{label: {"record": [label]} for label in ALL_DEFECT_LABELS},
}
"""Kind of missing field or defect → search facets of the declarations that have it."""
_KINDS_BY_COLUMN: Final = {
    "有缺损": ALL_DEFECT_LABELS,
    NO_SUM_LABEL: (NO_SUM_LABEL,),
    NO_UNIT_LABEL: (NO_UNIT_LABEL,),
    NO_TARGET_LABEL: (NO_TARGET_LABEL,),
}
"""Column of a table → kinds of missing fields and defects that it counts together."""
_TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class LinkedCount:
    """Number of declarations, with the search query that lists them."""

    declarations: int
    view: str


@dataclass(frozen=True, kw_only=True)
class MissingFieldRow:
    """Row of the table of missing fields and defects, with occurrences and affected declarations."""

    label: str
    places: int
    counted: LinkedCount


@dataclass(frozen=True, kw_only=True)
class DepartmentQuality:
    """Publication and data quality of one department in a year."""

    id: str
    all: LinkedCount
    columns: tuple[LinkedCount, ...]
    projects: int | None
    """Number of projects as stated by the department; `None` if not stated."""

    @property
    def share(self) -> Decimal | None:
        """Published projects in percent, rounded down to a tenth, or `None` if it cannot be computed.

        If a department states fewer projects than it has published, the stated number is wrong.
        """
        if self.projects is None or self.projects < self.all.declarations:
            return None
        return (Decimal(self.all.declarations * 100) / self.projects).quantize(_TENTH, ROUND_DOWN)


def build_quality_pages(renderer: PageRenderer) -> Iterator[PageData]:
    """Build the overview of missing fields and defects, then the pages of each year by department."""
    content, localizer = renderer.content, renderer.localizer
    yield PageData(
        kind=PageKind.QUALITY,
        address=urls.QUALITY,
        title=localizer.translate_text("缺损和公开情况"),
        description=localizer.translate_text("申报表上空着什么、原文哪里缺损，各部门公开了多少"),
        template="quality",
        values={
            "gaps": [row for row in _count_by_kind(content.summaries) if row.places],
            "columns": tuple(_KINDS_BY_COLUMN),
            "years": [
                (
                    year,
                    len(content.departments_in_year(year)),
                    *_count_by_column(content.summaries_in_year(year), year=str(year)),
                )
                for year in content.years_with_projects()
            ],
        },
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )
    for year in content.years_with_projects():
        yield from _build_quality_year_pages(year, renderer)


def _build_quality_year_pages(year: int, renderer: PageRenderer) -> Iterator[PageData]:
    """Build the pages of a year with all registered departments, those without declarations last."""
    content, localizer = renderer.content, renderer.localizer
    departments: list[DepartmentQuality] = []
    for identity, organisation in content.organisations.items():
        if organisation.kind is not OrganisationKind.DEPARTMENT:
            continue
        name = localizer.translate_source_text(organisation.name).plain()
        summaries = content.summaries_in_department_year(identity, year)
        everything, columns = _count_by_column(summaries, year=str(year), department=name)
        projects = organisation.projects.get(year)
        departments.append(DepartmentQuality(id=identity, all=everything, columns=columns, projects=projects))
    departments.sort(key=lambda department: department.all.declarations == 0)
    title = localizer.translate_text("{year}年度的缺损和公开情况", year=year)
    for part in paginate(urls.quality_url(year), departments):
        yield PageData(
            kind=PageKind.QUALITY,
            address=part.page_address(part.number),
            title=renderer.number_title(title, part.number),
            description=localizer.translate_text("{year}年度各部门公开的申报表和其中的缺损", year=year),
            template="quality_year",
            values={
                "year": year,
                "registered": len(departments),
                "published": sum(department.all.declarations > 0 for department in departments),
                "has_declarations": bool(content.summaries_in_year(year)),
                "columns": tuple(_KINDS_BY_COLUMN),
                "part": part,
            },
            breadcrumbs=(
                renderer.build_home_breadcrumb(),
                Breadcrumb(title=localizer.translate_text("缺损和公开情况"), address=urls.QUALITY),
            ),
        )


def _count_by_kind(summaries: Iterable[Summary]) -> Iterator[MissingFieldRow]:
    # Most declarations have the same defects, so each combination is counted once.
    combinations = Counter(summary.defect_counts for summary in summaries)
    for position, kind in enumerate(MISSING_AND_DEFECT_LABELS):
        numbers = [(counts[position], number) for counts, number in combinations.items() if counts[position]]
        yield MissingFieldRow(
            label=kind,
            places=sum(places * number for places, number in numbers),
            counted=LinkedCount(
                declarations=sum(number for _, number in numbers),
                view=build_search_query(_FACETS_BY_KIND[kind]),
            ),
        )


def _count_by_column(
    summaries: Iterable[Summary], **common_facets: str
) -> tuple[LinkedCount, tuple[LinkedCount, ...]]:
    """Count *summaries*, in total and for each column; *common_facets* hold for all of them."""
    combinations = Counter(summary.defect_counts for summary in summaries)
    total = LinkedCount(declarations=combinations.total(), view=build_search_query(common_facets))
    columns: list[LinkedCount] = []
    for kinds in _KINDS_BY_COLUMN.values():
        facets: dict[str, list[str]] = {}
        for kind in kinds:
            for facet, values in _FACETS_BY_KIND[kind].items():
                facets.setdefault(facet, []).extend(values)
        columns.append(
            LinkedCount(
                declarations=sum(
                    number for counts, number in combinations.items() if has_defect(counts, *kinds)
                ),
                view=build_search_query({**common_facets, **facets}),
            )
        )
    return total, tuple(columns)
