"""The pages that lead to declarations list each of them with its figures, and add them up rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.i18n import message
from jixiao.verify.declaration import Listed
from jixiao.verify.figure import numbers_in
from jixiao.verify.finding import Finding
from jixiao.verify.html_reading import Entry
from jixiao.verify.profiles import caption_of, compare_profile
from jixiao.verify.sources import Group, Totals
from jixiao.verify.view import View
from jixiao.verify.years import compare_years

_PART = re.compile(r"(?P<whole>.+/)pages/(?P<number>[1-9][0-9]*)/")
LENGTH = 100
"""Declarations on one page of a list."""
REGISTER = "organisations/"
"""The address of the list of organisations."""


def compare_list(view: View, address: str) -> Iterator[Finding]:
    """Compare the home page, a year, a department in a year or an organisation with its declarations."""
    whole, number = part_of(address)
    group = view.sources.groups[whole]
    totals = group.totals
    added_up = _added_up(group, whole) if number == 1 else None
    yield from _headline(view, added_up)
    yield from compare_years(view, whole, group.years if number == 1 else ())
    yield from _columns(view)
    yield from compare_pager(view, whole, number, totals.declarations)
    rows = list(view.article.entries())
    shown = set()
    for row in rows:
        plain = row.address.removeprefix(view.words.prefix)
        filed = view.sources.listed.get(plain)
        if filed:
            shown.add(plain)
            yield from compare_row(view, row, filed)
        else:
            yield from _department_row(view, row, plain)
    expected = {filed.address for filed in shown_of(group, whole, number)}
    for missing in sorted(expected ^ shown):
        yield Finding(
            file=view.page, saying=message("列表里应有而没有、或不应有而有：{address}", address=missing)
        )
    if len({row.address for row in rows}) < len(rows):
        yield Finding(file=view.page, saying=message("列表里有一行重复"))
    yield from compare_ways(view)
    yield from compare_profile(view, totals if number == 1 and whole[:1].isdecimal() else None)
    yield from view.loose(*_loose(view, whole, group, number))


def _added_up(group: Group, whole: str) -> Totals | None:
    """Totals that stand above a list: those of its latest year, where it shows several.

    An organisation that has filed nothing adds nothing up; the home page always does.
    """
    if group.years:
        return group.years[0][1]
    if whole.startswith(REGISTER):
        return None
    return group.totals if group.totals.declarations or not whole else None


def part_of(address: str) -> tuple[str, int]:
    """Take the address of a part of a list apart: the address of the list, and the number of the part."""
    found = _PART.fullmatch(address)
    return (found["whole"], int(found["number"])) if found else (address, 1)


def addresses_of_parts(address: str, length: int) -> list[str]:
    """List the addresses of the parts of a list of *length* declarations; the home page has one alone."""
    numbers = range(2, -(-length // LENGTH) + 1) if address else ()
    return [address, *(f"{address}pages/{number}/" for number in numbers)]


def shown_of(group: Group, whole: str, number: int) -> tuple[Listed, ...]:
    """Give the declarations of one part of the list at *whole*; the home page lists all of them or none."""
    if not whole:
        return group.listed if len(group.listed) <= LENGTH else ()
    start = (number - 1) * LENGTH - group.begins
    return group.listed[start : start + LENGTH]


def compare_pager(view: View, whole: str, number: int, length: int) -> Iterator[Finding]:
    """Compare what the pager says, and where its numbers lead."""
    range_of_part, steps = view.article.range_of_part(), view.article.pager()
    parts = addresses_of_parts(whole, length)
    what = message("分页")
    if len(parts) == 1:
        yield from view.differs(what, ("",), range_of_part)
        yield from view.differ(what, [()], (number for number, _ in steps))
        return
    bounds = ((number - 1) * LENGTH + 1, min(number * LENGTH, length), length)
    yield from view.differ(what, [[str(bound) for bound in bounds]], numbers_in(range_of_part))
    for step, address in steps:
        expected = "" if step == str(number) else f"{view.words.prefix}{whole}pages/{step}/"
        yield from view.differs(what, (expected.removesuffix("pages/1/"),), address)


def compare_ways(view: View) -> Iterator[Finding]:
    """Compare the names and counts of the ways to other pages."""
    for way in view.article.ways():
        address = way.address.removeprefix(view.words.prefix)
        group = view.sources.groups.get(address)
        what = message("通往 {address} 的一行", address=address)
        if address in {REGISTER, "search/"}:
            yield from view.differ(what, [()], numbers_in(way.name + way.cells[0][1]))
        elif group is None:
            yield Finding(file=view.page, saying=message("没有这样的列表：{address}", address=address))
        elif not address.startswith(REGISTER):
            yield from view.differ(what, [[address.partition("/")[0]]], numbers_in(way.name))
            yield from view.differs(what, ("",), way.cells[0][1])
        else:
            organisation = address.removeprefix(REGISTER).rstrip("/")
            yield from view.differs(what, view.names(view.name_of(organisation)), way.name)
            yield from view.count(what, group.totals.declarations - group.carried_out, way.cells[0][1])


def _headline(view: View, totals: Totals | None) -> Iterator[Finding]:
    """Compare what a list adds up to; *totals* are `None` where nothing of it may stand."""
    shown = view.article.headline()
    labels = ("申报表", "年度资金申请总额合计", "绩效指标", "目标值是数字") if totals else ()
    yield from view.differ(
        message("页首各栏的名称"),
        [[view.words.said(label) for label in labels]],
        [label for label, _ in shown],
    )
    if totals is None or len(shown) != len(labels):
        return
    declarations, annual, indicators, numeric = (value for _, value in shown)
    yield from view.count(message("申报表"), totals.declarations, declarations)
    yield from view.total(message("年度资金申请总额合计"), totals, annual)
    yield from view.count(message("绩效指标"), totals.indicators, indicators)
    yield from view.count(message("目标值是数字"), totals.numeric, numeric)


def _columns(view: View) -> Iterator[Finding]:
    """Compare the titles of columns, which wide screens show, with the labels, which phones show."""
    for titles, of_rows in view.article.columns():
        for labels in sorted(of_rows):
            yield from view.differ(message("列表各栏的名称"), [titles], labels)


def compare_row(view: View, row: Entry, filed: Listed) -> Iterator[Finding]:
    """Compare a row of a list with the declaration that it links to."""
    facts = filed.facts
    accepted = {
        "年度": (facts["year"],),
        "主管部门": view.names(view.name_of(facts["department"])),
        "实施单位": view.names(view.name_of(facts["unit"])),
        "项目性质": view.names(facts["nature"]),
        "年度资金申请总额": view.sums(filed.annual, filed.unit),
        "指标": (str(filed.indicators),),
        "数字目标": (str(filed.numeric),),
        "标记": (str(filed.marks),),
    }
    what = message("列表中 {address} 的名称", address=filed.address)
    yield from view.differs(what, view.names(facts["name"]), row.name)
    of_label = {view.words.said(label): texts for label, texts in accepted.items()}
    for label, text in row.cells:
        what = message("列表中 {address} 的“{label}”", address=filed.address, label=label)
        yield from view.differs(what, of_label.get(label, ("",)), text)


def _department_row(view: View, row: Entry, address: str) -> Iterator[Finding]:
    group = view.sources.groups.get(address)
    _, _, department = address.rstrip("/").partition("/")
    if group is None or not department:
        yield Finding(file=view.page, saying=message("没有这样的列表：{address}", address=address))
        return
    what = message("列表中 {address} 的名称", address=address)
    yield from view.differs(what, view.names(view.name_of(department)), row.name)
    totals = group.totals
    counts = {
        "申报表": totals.declarations,
        "计入合计": totals.with_annual,
        "指标": totals.indicators,
        "数字目标": totals.numeric,
    }
    of_label = {view.words.said(label): count for label, count in counts.items()}
    for label, text in row.cells:
        what = message("列表中 {address} 的“{label}”", address=address, label=label)
        if label == view.words.said("年度资金申请总额合计"):
            yield from view.total(what, totals, text)
        else:
            yield from view.count(what, of_label.get(label, 0), text)


def _loose(view: View, address: str, group: Group, number: int) -> Iterator[str]:
    """Give the texts around the lists, as far as there may be numbers in them."""
    parts = address.rstrip("/").split("/")
    yield from _heading(view, address, parts)
    added_up = _added_up(group, address) if number == 1 else None
    if added_up:
        if group.years:
            yield view.words.said("最近的年度：{year}年度", year=group.years[0][0])
        yield from _coverage(view, added_up)
    if group.carried_out and number == 1:
        yield view.words.said(
            "下表另有 {count} 份由其他部门主管、由本部门实施，不计入上面的合计。",
            count=f"{group.carried_out:,}",
        )
    if parts[0].isdecimal():
        yield caption_of(view, group.totals) if number == 1 else ""
        yield view.words.said("{year}年度的申报表", year=parts[0])


def _coverage(view: View, totals: Totals) -> Iterator[str]:
    if totals.with_annual < totals.declarations:
        blank = totals.declarations - totals.with_annual
        yield view.words.said(
            "合计含 {counted} 份，另有 {blank} 份未填报年度资金申请总额。",
            counted=str(totals.with_annual),
            blank=str(blank),
        )
    if totals.unit_inferred:
        yield view.words.said("有 {count} 份申报表未写明金额单位，按元计。", count=str(totals.unit_inferred))


def _heading(view: View, address: str, parts: list[str]) -> Iterator[str]:
    if address.startswith(REGISTER):
        organisation = view.sources.organisations.get(parts[1])
        yield view.words.filed(view.name_of(parts[1]))
        if organisation:
            yield "、".join(organisation.aliases)
            yield view.words.filed(view.name_of(organisation.parent)) if organisation.parent else ""
            yield from (view.words.filed(view.name_of(unit)) for unit in organisation.units)
    elif not address:
        names = view.sources.settings.names
        yield names.get(view.words.language) or names.get("zh", "")
    else:
        yield view.words.said("{year}年度", year=parts[0])
        yield from (view.words.filed(view.name_of(department)) for department in parts[1:])
