"""The pages about gaps count them rightly, and what of its projects a department has published.

Labels, counts and the search to which each count leads are found anew from what was filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from urllib.parse import parse_qsl

from jixiao.i18n import message
from jixiao.verify.declaration import GAPS, MARKS
from jixiao.verify.finding import Finding
from jixiao.verify.html_reading import address_of
from jixiao.verify.html_tree import Element
from jixiao.verify.lists import LENGTH, compare_pager, part_of
from jixiao.verify.sources import Sources, Totals, totals_of_nothing
from jixiao.verify.view import BLANK, View

PAGE = "quality/"
"""The address of the whole; a year stands below it."""
NO_SUM, NO_UNIT, NO_TARGET = GAPS[:3]
_DAMAGED = "有缺损"
_FACETS: Mapping[str, tuple[tuple[str, str], ...]] = {
    NO_SUM: (("money", BLANK),),
    NO_UNIT: (("record", NO_UNIT),),
    NO_TARGET: (("targets", BLANK),),
    **{mark: (("record", mark),) for mark in MARKS},
    _DAMAGED: tuple(("record", mark) for mark in MARKS),
}
_COLUMNS = (_DAMAGED, NO_SUM, NO_UNIT, NO_TARGET)
_BLANKS = (
    "“有缺损”指原文缺字缺数、错栏、断开、混入网页标签，文字、归类待核，或者金额、日期前后不一致；"
    "每一处旁边都附有原文单元格。空着的就是空着的，不当作 0。"
)
_RULE = (
    "公开比例是公开的申报表份数除以部门自己写明的项目总数，一位小数，以下舍去；部门没有写明的，不推算。"
    "财政部要求中央部门公开的绩效目标表不少于项目数的60%，地方按各地的规定。"
)
_NONE = totals_of_nothing()


def years_told_of(sources: Sources) -> Iterator[str]:
    """List the years that have a page of their own."""
    years = {address.rstrip("/") for address in sources.groups if address.rstrip("/").isdecimal()}
    yield from sorted(
        years.union(*(organisation.projects for organisation in sources.organisations.values()))
    )


def quality_addresses(sources: Sources) -> Iterator[str]:
    """List the addresses of all these pages."""
    yield PAGE
    departments = len(list(_departments(sources)))
    for year in years_told_of(sources):
        yield f"{PAGE}{year}/"
        yield from (f"{PAGE}{year}/pages/{number}/" for number in range(2, -(-departments // LENGTH) + 1))


def compare_quality(view: View, address: str) -> Iterator[Finding]:
    """Compare one of the pages with the declarations."""
    whole, number = part_of(address)
    year = whole.removeprefix(PAGE).rstrip("/")
    yield from _year(view, whole, year, number) if year else _overview(view)


def _overview(view: View) -> Iterator[Finding]:
    totals = view.sources.groups[""].totals
    expected: list[list[str]] = []
    for place, kind in enumerate(GAPS):
        places, declarations = totals.gaps[place]
        if places:
            expected.append(
                [view.words.said(kind), f"{places:,}", _linked(view, declarations, _FACETS[kind])]
            )
    for year in reversed([*years_told_of(view.sources)]):
        of_year = _totals(view, f"{year}/")
        departments = sum(address.startswith(f"{year}/") for address in view.sources.groups) - (
            f"{year}/" in view.sources.groups
        )
        title = view.words.said("{year}年度", year=year)
        expected.append([title, f"{departments:,}", *_counts(view, of_year, (("year", year),))])
    yield from _differ(view, expected, _rows(view))
    yield from view.loose(view.words.said(_BLANKS), view.words.said(_RULE))


def _year(view: View, whole: str, year: str, number: int) -> Iterator[Finding]:
    departments = list(_departments(view.sources))
    departments.sort(key=lambda identity: f"{year}/{identity}/" not in view.sources.groups)
    published = sum(f"{year}/{identity}/" in view.sources.groups for identity in departments)
    expected = [
        _department_row(view, year, identity)
        for identity in departments[(number - 1) * LENGTH : number * LENGTH]
    ]
    yield from _differ(view, expected, _rows(view))
    yield from compare_pager(view, whole, number, len(departments))
    lead = view.words.said(
        "登记的主管部门有 {registered} 个，公开了{year}年度申报表的有 {published} 个。",
        registered=f"{len(departments):,}",
        year=year,
        published=f"{published:,}",
    )
    title = view.words.said("{year}年度的缺损和公开情况", year=year)
    if number > 1:
        title = view.words.said("{title}（第 {number} 页）", title=title, number=str(number))
    way = view.words.said("{year}年度的申报表", year=year) if f"{year}/" in view.sources.groups else ""
    yield from view.loose(title, lead if number == 1 else "", way)


def _department_row(view: View, year: str, identity: str) -> list[str]:
    totals = _totals(view, f"{year}/{identity}/")
    name = view.words.filed(view.name_of(identity))
    everything, *gaps = _counts(view, totals, (("year", year), ("department", name)))
    stated = view.sources.organisations[identity].projects.get(year)
    projects = view.words.said("未写明") if stated is None else f"{stated:,}"
    share = view.words.said("无从计算")
    if stated is not None and stated >= totals.declarations:
        tenths = totals.declarations * 1000 // stated
        share = f"{Decimal(tenths) / 10:,.1f}%"
    return [
        name,
        everything if totals.declarations else view.words.said("没有公开"),
        projects,
        share,
        *gaps,
    ]


def _counts(view: View, totals: Totals, within: tuple[tuple[str, str], ...]) -> list[str]:
    """Write the number of all declarations and of those with each gap, with the facets that show them."""
    numbers = {kind: totals.gaps[GAPS.index(kind)][1] for kind in _COLUMNS[1:]}
    numbers[_DAMAGED] = totals.damaged
    return [
        _linked(view, totals.declarations, within),
        *(_linked(view, numbers[kind], (*within, *_FACETS[kind])) for kind in _COLUMNS),
    ]


def _linked(view: View, number: int, facets: Iterable[tuple[str, str]]) -> str:
    """Write a count as `_shown` reads it: 0 leads nowhere."""
    search = f"{view.words.prefix}search/"
    shown = " ".join(f"{facet}={value}" for facet, value in facets)
    return f"{number:,} → {search} {shown}" if number else "0"


def _totals(view: View, address: str) -> Totals:
    group = view.sources.groups.get(address)
    return group.totals if group else _NONE


def _departments(sources: Sources) -> Iterator[str]:
    return (identity for identity, one in sources.organisations.items() if one.kind == "department")


def _rows(view: View) -> list[list[str]]:
    """Give the cells of all tables; the titles of columns are no row."""
    lines = (line for table in view.article.every("table.list") for line in table.every("tr"))
    rows = (line.elements() for line in lines)
    return [[_shown(view, cell) for cell in cells] for cells in rows if cells[-1].tag == "td"]


def _shown(view: View, cell: Element) -> str:
    """Give the text of a cell, and to which search it leads."""
    for link in cell.every("a"):
        address, _, query = link.attributes.get("href", "").partition("?")
        if query:
            facets = " ".join(f"{facet}={value}" for facet, value in parse_qsl(query))
            return f"{cell.text()} → {address_of(address, view.page)} {facets}"
    return cell.text()


def _differ(view: View, expected: list[list[str]], shown: list[list[str]]) -> Iterator[Finding]:
    yield from view.differ(
        message("缺损和公开情况的各行"),
        [[" | ".join(cells) for cells in expected]],
        [" | ".join(cells) for cells in shown],
    )
