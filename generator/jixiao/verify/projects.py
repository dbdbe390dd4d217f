"""The page of a project through the years sets side by side what was filed, and counts it rightly.

Which declarations belong together, what became of each target and every difference are found anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from jixiao.i18n import message
from jixiao.verify.declaration import SUMS, Declaration, Row
from jixiao.verify.figure import amount, grouped, measure
from jixiao.verify.finding import Finding
from jixiao.verify.glossary import on_one_line
from jixiao.verify.html_reading import address_of, paragraphs
from jixiao.verify.html_tree import Element
from jixiao.verify.project_years import PAGE
from jixiao.verify.view import BLANK, View

_CHANGED = ("数字调高", "数字调低", "目标值改写", "指标改动")
_NOTHING = "—"
_BLOCKS = {"project": "整个项目", "annual": "申报年度"}
_KICKER = "历年对比"
_COMPARE = "compare/"
_LEAD = "{first}年度至{last}年度，共 {count} 份申报表。这里只比较写法和数字，不评价项目。"
_STEP = "{year}年度与{earlier}年度相比"
_EDITIONS = "两份申报表的指标体系不同（{earlier}、{later}），类别按本站整理的对照表对应，不是官方文本。"
_YEAR = "{year}年度"
_BEFORE, _AFTER = "上一份：{year}年度", "下一份：{year}年度"


class _Fate(NamedTuple):
    """What became of a target, in words, with its rows."""

    said: str
    old: Row | None
    new: Row | None


def compare_project(view: View, address: str) -> Iterator[Finding]:
    """Compare a page with the declarations of its project."""
    filed = [view.sources.declarations[one] for one in view.sources.projects[address]]
    steps = [*pairwise(filed)][::-1]
    said = view.words.said
    names = [on_one_line(name) for name in view.names(filed[-1].facts["name"])]
    yield from view.differs(message("页面标题"), names, on_one_line(view.article.heading()))
    fates = [_fates(view, old, new) for old, new in steps]
    expected = [*_years(view, filed, fates)]
    loose = [
        view.article.heading(),
        said(_LEAD, first=_year(filed[0]), last=_year(filed[-1]), count=str(len(filed))),
    ]
    for (old, new), of_step in zip(steps, fates, strict=True):
        years = [said(_YEAR, year=_year(old)), said(_YEAR, year=_year(new))]
        loose.append(said(_STEP, year=_year(new), earlier=_year(old)))
        if old.edition != new.edition:
            editions = view.sources.editions
            earlier, later = editions[old.edition], editions[new.edition]
            loose.append(said(_EDITIONS, earlier=earlier, later=later))
        for rows, titles in (
            (_sums(view, old, new), years),
            (_texts(view, old, new), years),
            (_targets(view, old, new, of_step), [said("三级指标"), *years]),
        ):
            expected += rows
            loose += titles if rows else []
    shown = [_cells(view, line) for table in view.article.every("table.list") for line in _lines(table)]
    yield from view.differ(message("历年对比的各行"), [_joined(expected)], _joined(shown))
    yield from view.loose(*loose)


def compare_neighbours(view: View, address: str) -> Iterator[Finding]:
    """Compare the ways from a declaration to the same project in other years.

    With the lists of the site at hand they are exact; without, they lead where their words say.
    """
    links = [link for block in view.article.every("nav.years-around") for link in block.every("a")]
    beside = f"{_COMPARE}?a={address.rstrip('/')}"
    way = "/".join(links.pop().attributes.get("href", "").split("/")[-4:]) if links else ""
    yield from view.differs(message("与另一份并排"), [beside], way)
    shown = [
        (link.text(), address_of(link.attributes.get("href", ""), view.page).removeprefix(view.words.prefix))
        for link in links
    ]
    if view.sources.listed:
        yield from view.differ(
            message("同一项目的其他年度"),
            [[" → ".join(way) for way in _ways(view, address)]],
            [" → ".join(way) for way in shown],
        )
        return
    for text, leads_to in shown:
        words = _BEFORE if leads_to[:4] < address[:4] else _AFTER
        expected = view.words.said(_KICKER if leads_to.startswith(PAGE) else words, year=leads_to[:4])
        yield from view.differs(message("同一项目的其他年度"), [expected], text)


def _ways(view: View, address: str) -> Iterator[tuple[str, str]]:
    project = view.sources.project_of.get(address)
    if project is None:
        return
    members = view.sources.projects[project]
    place = members.index(address)
    for before in members[:place][-1:]:
        yield view.words.said(_BEFORE, year=before[:4]), before
    yield view.words.said(_KICKER), project
    for after in members[place + 1 :][:1]:
        yield view.words.said(_AFTER, year=after[:4]), after


def _years(view: View, filed: Sequence[Declaration], fates: Sequence[Sequence[_Fate]]) -> Iterator[list[str]]:
    steps: list[Sequence[_Fate] | None] = [*fates, None]
    earlier: list[Declaration | None] = [*filed[-2::-1], None]
    for new, old, of_step in zip(filed[::-1], earlier, steps, strict=True):
        counts = [_NOTHING] * 4
        if of_step is not None:
            counted = Counter(fate.said for fate in of_step)
            changed = sum(counted[fate] for fate in _CHANGED)
            counts = [
                str(number) for number in (counted["不变"], changed, counted["新列出"], counted["不再列出"])
            ]
        yield [
            f"{view.words.said(_YEAR, year=_year(new))} → {view.words.prefix}{new.address}",
            view.sums(new.annual, new.unit)[0],
            _difference(view, old, new, SUMS.index(("annual", "total", "年度资金申请总额"))),
            str(len(new.rows)),
            *counts,
        ]


def _sums(view: View, old: Declaration, new: Declaration) -> list[list[str]]:
    return [
        [
            f"{view.words.said(_BLOCKS[block])} · {view.words.said(title)}",
            view.sums(old.sums[place], old.unit)[0],
            view.sums(new.sums[place], new.unit)[0],
            _difference(view, old, new, place),
        ]
        for place, (block, _, title) in enumerate(SUMS)
        if old.sums[place] is not None or new.sums[place] is not None
    ]


def _difference(view: View, old: Declaration | None, new: Declaration, place: int) -> str:
    """Write what was added, where both sums are there and in one unit."""
    was, is_now = (old.sums[place] if old else None), new.sums[place]
    if old is None or was is None or is_now is None or old.unit != new.unit:
        return _NOTHING
    more, less = amount(is_now), amount(was)
    if more is None or less is None:
        return _NOTHING
    if more == less:
        return view.words.said("不变")
    return f"+{grouped(str(more - less))}" if more > less else f"−{grouped(str(less - more))}"


def _texts(view: View, old: Declaration, new: Declaration) -> list[list[str]]:
    pairs = (
        ("项目名称", old.facts["name"], new.facts["name"]),
        ("项目性质", old.facts["nature"], new.facts["nature"]),
        ("项目总目标", old.goals[0], new.goals[0]),
        ("年度总目标", old.goals[1], new.goals[1]),
    )
    return [
        [view.words.said(title), _prose(view, was), _prose(view, is_now)]
        for title, was, is_now in pairs
        if (was or "").strip() != (is_now or "").strip()
    ]


def _prose(view: View, text: str | None) -> str:
    return view.words.said(BLANK) if text is None else "\n".join(paragraphs(view.words.filed(text)))


def _fates(view: View, old: Declaration, new: Declaration) -> list[_Fate]:
    """Find what became of each target: those of the later form in its order, then those that are gone."""
    before = {row.id: row for row in old.rows}
    alone_before = _names_once(row for row in old.rows if row.id not in {one.id for one in new.rows})
    alone_now = _names_once(row for row in new.rows if row.id not in before)
    crosswalk = view.sources.crosswalks.get(new.edition, {}).get(old.edition, {})
    fates = []
    for row in new.rows:
        same_name = alone_before.get(row.name) if alone_now.get(row.name) is row else None
        was = before.get(row.id, same_name)
        if was is not None:
            del before[was.id]
        fates.append(_Fate("新列出" if was is None else _said(was, row, crosswalk), was, row))
    return [*fates, *(_Fate("不再列出", row, None) for row in before.values())]


def _names_once(rows: Iterable[Row]) -> dict[str, Row]:
    rows = list(rows)
    times = Counter(row.name for row in rows)
    return {row.name: row for row in rows if times[row.name] == 1}


def _said(old: Row, new: Row, crosswalk: Mapping[str, str]) -> str:
    was_in = f"{old.level1}/{old.level2}"
    if old.name != new.name or crosswalk.get(was_in, was_in) != f"{new.level1}/{new.level2}":
        return "指标改动"
    if old.target == new.target:
        return "不变"
    was, is_now = measure(old.target or ""), measure(new.target or "")
    if was is None or is_now is None or (was.sign, was.unit) != (is_now.sign, is_now.unit):
        return "目标值改写"
    if was.number == is_now.number:
        return "不变"
    return "数字调高" if was.number < is_now.number else "数字调低"


def _targets(view: View, old: Declaration, new: Declaration, fates: Sequence[_Fate]) -> list[list[str]]:
    said, translated = view.words.said, view.words.filed
    rows = []
    for fate in fates:
        both = [row for row in (fate.old, fate.new) if row is not None]
        names = dict.fromkeys(translated(row.name) for row in both)
        classes = dict.fromkeys(f"{translated(row.level1)} / {translated(row.level2)}" for row in both)
        marks = dict.fromkeys(said(mark) for row in both for mark in row.marks)
        rows.append(
            [
                " → ".join(names) + " → ".join(classes),
                _linked(view, fate.old, old),
                _linked(view, fate.new, new),
                " ".join([said(fate.said), *marks]),
            ]
        )
    return rows


def _linked(view: View, row: Row | None, filed: Declaration) -> str:
    if row is None:
        return _NOTHING
    text = view.words.said(BLANK) if row.target is None else view.words.filed(row.target)
    return f"{text.strip()} → {view.words.prefix}{filed.address}#i-{row.id}"


def _lines(table: Element) -> Iterator[Element]:
    return (line for body in table.every("tbody") for line in body.elements())


def _cells(view: View, line: Element) -> list[str]:
    """Give the texts of a row, and to which declaration each leads."""
    return [_shown(view, cell) for cell in line.elements()]


def _shown(view: View, cell: Element) -> str:
    parts = [part.text() for part in cell.every("p")]
    text = "\n".join(parts) if parts else cell.text()
    for link in cell.every("a"):
        address, _, anchor = link.attributes.get("href", "").partition("#")
        return f"{text} → {address_of(address, view.page)}{'#' if anchor else ''}{anchor}"
    return text


def _year(filed: Declaration) -> str:
    return filed.facts["year"]


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    return [" | ".join(cells) for cells in rows]
