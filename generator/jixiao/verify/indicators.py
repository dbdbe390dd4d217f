"""The page about all targets adds them up rightly, together, by year, and of the declarations that it names.

Which declarations it names depends on the reading of words, and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jixiao.i18n import message
from jixiao.verify.figure import numbers_in
from jixiao.verify.finding import Finding
from jixiao.verify.html_reading import Entry, address_of
from jixiao.verify.lists import compare_row
from jixiao.verify.profiles import compare_bar, compare_profile
from jixiao.verify.sources import Totals
from jixiao.verify.view import View

PAGE = "indicators/"
"""Its address."""
_LABEL = "目标值"
_EXAMPLES = ("写明数量，例如“>=90%”“=0”。", "写明日期、期限或频次，例如“6月底前完成”“每月一次”。")
"""What the page says about its classes, as far as there are numbers in it."""


def compare_indicators(view: View) -> Iterator[Finding]:
    """Compare the page with the declarations."""
    totals = view.sources.groups[""].totals
    yield from compare_profile(view, totals)
    rows = {row.address.removeprefix(view.words.prefix): row for row in view.article.entries()}
    years = {address for address in view.sources.groups if address.rstrip("/").isdecimal()}
    for address, row in rows.items():
        filed, group = view.sources.listed.get(address), view.sources.groups.get(address)
        cells = tuple(cell for cell in row.cells if cell[0] != view.words.said(_LABEL))
        if filed:
            yield from compare_row(view, replace(row, cells=cells), filed)
        elif group and address in years:
            yield from _year(view, replace(row, cells=cells), address, group.totals)
        else:
            yield Finding(file=view.page, saying=message("没有这样的列表：{address}", address=address))
    for missing in sorted(years - set(rows)) if totals.indicators else ():
        yield Finding(
            file=view.page, saying=message("列表里应有而没有、或不应有而有：{address}", address=missing)
        )
    yield from _bars(view)
    yield from _copied(view)
    whole = (
        view.words.said("全部 {count} 项目标值", count=f"{totals.indicators:,}") if totals.indicators else ""
    )
    yield from view.loose(whole, *map(view.words.said, _EXAMPLES))


def _bars(view: View) -> Iterator[Finding]:
    """Compare the bar of every row."""
    for line in (line for table in view.article.every("table.list") for line in table.every("tr")):
        for link in line.every("a"):
            address = address_of(link.attributes.get("href", ""), view.page).removeprefix(view.words.prefix)
            group = view.sources.groups.get(address)
            counted = view.sources.listed.get(address) or (group and group.totals)
            if counted:
                yield from compare_bar(view, counted, line)


def _copied(view: View) -> Iterator[Finding]:
    """Compare the names of the declarations that say the same; what is the same is read from words."""
    for table in view.article.every("table.copied"):
        for link in table.every("a"):
            address = address_of(link.attributes.get("href", ""), view.page).removeprefix(view.words.prefix)
            filed = view.sources.listed.get(address)
            if filed is None:
                yield Finding(file=view.page, saying=message("没有这样的列表：{address}", address=address))
                continue
            year = view.words.said("{year}年度", year=address.partition("/")[0])
            what = message("通往 {address} 的一行", address=address)
            yield from view.differs(
                what, [f"{year} {name}" for name in view.names(filed.facts["name"])], link.text()
            )


def _year(view: View, row: Entry, address: str, totals: Totals) -> Iterator[Finding]:
    what = message("通往 {address} 的一行", address=address)
    yield from view.differ(what, [[address.rstrip("/")]], numbers_in(row.name))
    counts = {view.words.said("申报表"): totals.declarations, view.words.said("指标"): totals.indicators}
    for label, text in row.cells:
        yield from view.count(what, counts.get(label, -1), text)
