"""A page that shows several years shows each with its own totals, and adds no two years together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.i18n import message
from jixiao.verify.figure import numbers_in
from jixiao.verify.finding import Finding
from jixiao.verify.html_reading import address_of
from jixiao.verify.html_tree import Element
from jixiao.verify.sources import Totals
from jixiao.verify.view import View

_COLUMNS = ("年度资金申请总额合计", "申报表", "计入合计", "未填报", "单位推定")
_REGISTER = "organisations/"


def compare_years(view: View, whole: str, years: Sequence[tuple[str, Totals]]) -> Iterator[Finding]:
    """Compare the table of years of the list at *whole*; where *years* is empty there may be none."""
    what = message("各年度")
    tables = view.article.every("table.by-year")
    yield from view.differs(what, ("1" if years else "0",), str(len(tables)))
    for table in tables[:1] if years else ():
        titles = [title.text() for head in table.every("thead") for title in head.every("th", "th.number")]
        yield from view.differ(what, [[view.words.said(title) for title in ("年度", *_COLUMNS)]], titles)
        lines = [line for body in table.every("tbody") for line in body.every("tr")]
        shown = ["".join(numbers_in(_name_of(line))) for line in lines]
        yield from view.differ(what, [[year for year, _ in years]], shown)
        for line, (year, totals) in zip(lines, years, strict=False):
            yield from view.differ(what, [_ways_of(view, whole, year)], _links_of(view, line))
            yield from _year(view, line, year, totals)


def _year(view: View, line: Element, year: str, totals: Totals) -> Iterator[Finding]:
    cells = [cell for cell in line.elements() if cell.tag == "td"]
    what = message("各年度中 {year} 的一行", year=year)
    labels = [cell.attributes.get("data-label", "") for cell in cells]
    yield from view.differ(what, [[view.words.said(title) for title in _COLUMNS]], labels)
    counts = (
        totals.declarations,
        totals.with_annual,
        totals.declarations - totals.with_annual,
        totals.unit_inferred,
    )
    if len(cells) != len(_COLUMNS):
        return
    yield from view.total(what, totals, cells[0].text())
    for cell, count in zip(cells[1:], counts, strict=True):
        yield from view.count(what, count, cell.text())


def _name_of(line: Element) -> str:
    return " ".join(cell.text() for cell in line.elements() if cell.tag == "th")


def _links_of(view: View, line: Element) -> Iterator[str]:
    for link in line.every("a"):
        yield address_of(link.attributes.get("href", ""), view.page).removeprefix(view.words.prefix)


def _ways_of(view: View, whole: str, year: str) -> tuple[str, ...]:
    """Address of the page of a year; only who is in charge of a project in that year has one."""
    if not whole:
        return (f"{year}/",)
    address = f"{year}/{whole.removeprefix(_REGISTER)}"
    return (address,) if address in view.sources.groups else ()
