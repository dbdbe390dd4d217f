"""The changes of a declaration in words: facts come in, sentences come out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from jixiao.analysis.defects import DEFECTS, FIELDS
from jixiao.analysis.diff import (
    Aspect,
    Change,
    Fact,
    FactChanged,
    IndicatorChanged,
    Mark,
    MarkChanged,
    MoneyChanged,
    OrderChanged,
    Sum,
    WaiverChanged,
)
from jixiao.history.trailers import Kind
from jixiao.i18n import Message, message
from jixiao.model.declaration import AnnualFunds, Certainty, ProjectFunds, RemarkedField, Row, Waiver
from jixiao.model.target import Target
from jixiao.review.declaration_comparison import Status

_FACTS = {
    Fact.EDITION: "指标体系版本",
    Fact.YEAR: "年度",
    Fact.NAME: "项目名称",
    Fact.NATURE: "项目性质",
    Fact.DEPARTMENT: "主管部门",
    Fact.UNIT: "实施单位",
    Fact.START: "计划开始日期",
    Fact.END: "计划完成日期",
    Fact.MONEY_UNIT: "金额单位",
    Fact.MONEY_UNIT_READ_AS: "金额单位（推定）",
    Fact.OVERALL_GOAL: "项目总目标",
    Fact.ANNUAL_GOAL: "年度总目标",
    Fact.CONTINUES: "接续",
    Fact.FORM: "申报表文件",
    Fact.LINES: "申报表的行",
}
_BLOCKS: Mapping[str, tuple[str, type[ProjectFunds | AnnualFunds]]] = {
    "project": ("整个项目", ProjectFunds),
    "annual": ("申报年度", AnnualFunds),
}
STATUSES = {
    Status.CHANGED: "改动",
    Status.RENAMED: "改了网址",
    Status.WITHDRAWN: "撤下",
    Status.LOST: "不见了",
    Status.UNREADABLE: "读不出来，没有比较",
    Status.ADDED: "新增",
    Status.REWRITTEN: "写法不同，内容没有变",
}
"""In the order in which they are told: first what was published already."""
KINDS = {Kind.CORRECTION: "更正", Kind.ADJUSTMENT: "调整", Kind.SUPPLEMENT: "补充"}
_CERTAINTIES = {
    Certainty.PRINTED: "照原文",
    Certainty.RESTORED: "已复原",
    Certainty.UNCONFIRMED: "待核",
    Certainty.CONFIRMED: "单位已确认",
}
# A figure is one word, so that no difference cuts it; so is a word of Latin letters.
_WORD = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
_AROUND = 12
"""Words of context before and behind a difference."""
_LONG = 100
"""Characters of two values that are told whole; of longer ones what differs is told."""
_COMPARISONS = 1_000_000
"""Pairs of words that are compared. The longest goals seen have 500 words; a pasted page would take hours."""
_ALIKE = 20
"""Pairs of the same word for each word. In goals there are two to five; in a thousand question marks, 500."""


def said(change: Change, names: Mapping[str, str]) -> Iterator[Message]:
    """Say a change, mostly in one sentence.

    Args:
        change: What is different.
        names: What organisations are called, by id.
    """
    match change:
        case FactChanged():
            yield from _fact(change, names)
        case MoneyChanged():
            yield _money(change)
        case IndicatorChanged():
            yield _indicator(change)
        case MarkChanged():
            yield from _mark(change)
        case OrderChanged():
            yield message("指标的先后次序变了")
        case WaiverChanged(new=None, old=Waiver() as waiver):
            yield message("删去豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_waiver(waiver))
        case WaiverChanged(new=Waiver() as waiver):
            yield message("新加豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_waiver(waiver))


def _fact(change: FactChanged, names: Mapping[str, str]) -> Iterator[Message]:
    old, new = change.old, change.new
    title = message(_FACTS[change.fact])
    if change.fact in {Fact.DEPARTMENT, Fact.UNIT}:
        old, new = names.get(old or "", old), names.get(new or "", new)
    if old and new and len(old) + len(new) > _LONG:
        for was, is_now in differences(old, new):
            yield message("{title}里：{old} → {new}", title=title, old=was, new=is_now)
    else:
        yield message("{title}：{old} → {new}", title=title, old=_or_nothing(old), new=_or_nothing(new))


def _or_nothing(value: str | None) -> Message | str:
    return message("未填报") if value is None else value


def cell_of(block: str, part: str) -> Message:
    """Name a cell of the money table."""
    title, funds = _BLOCKS[block]
    return message("{block}·{cell}", block=message(title), cell=message(str(funds.model_fields[part].title)))


def _money(change: MoneyChanged) -> Message:
    values: dict[str, Message | str] = {
        "cell": cell_of(change.block, change.part),
        "old": _sum(change.old),
        "new": _sum(change.new),
    }
    difference = change.difference
    if change.is_spelling:
        return message("{cell}：{old} → {new}，只是写法不同", **values)
    if difference is None or change.new is None:
        return message("{cell}：{old} → {new}", **values)
    values["difference"] = f"{abs(difference):,}"
    values["unit"] = _unit(change.new)
    if difference < 0:
        return message("{cell}：{old} → {new}，减少 {difference} {unit}", **values)
    return message("{cell}：{old} → {new}，增加 {difference} {unit}", **values)


def _sum(filed: Sum | None) -> Message:
    if filed is None:
        return message("未填报")
    return message("{sum} {unit}", sum=filed.money.filed, unit=_unit(filed))


def _unit(filed: Sum) -> Message:
    return message(filed.unit.value) if filed.unit else message("（单位不明）")


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Give the places where two texts differ, each with some words around it."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not _are_quickly_compared(before, after):
        first, last = _same_at_both_ends(before, after)
        start = max(first - _AROUND, 0)
        yield (
            _excerpt(before, start, len(before) - max(last - _AROUND, 0)),
            _excerpt(after, start, len(after) - max(last - _AROUND, 0)),
        )
        return
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_AROUND):
        yield (
            _excerpt(before, group[0][1], group[-1][2]),
            _excerpt(after, group[0][3], group[-1][4]),
        )


def _are_quickly_compared(one: list[str], other: list[str]) -> bool:
    """Tell whether two lists of words can be compared word by word, which takes long where all are alike."""
    if len(one) * len(other) > _COMPARISONS:
        return False
    counts, others = Counter(one), Counter(other)
    alike = sum(count * others[word] for word, count in counts.items())
    return alike <= _ALIKE * (len(one) + len(other))


def _same_at_both_ends(one: list[str], other: list[str]) -> tuple[int, int]:
    """Count the words that are the same at the start, and of the rest those at the end."""
    shorter = min(len(one), len(other))
    first = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    rest = range(shorter - first)
    last = next((place for place in rest if one[-1 - place] != other[-1 - place]), len(rest))
    return first, last


def _excerpt(words: list[str], first: int, last: int) -> str:
    start = "…" if first else ""
    end = "…" if last < len(words) else ""
    return f"{start}{''.join(words[first:last])}{end}"


def _indicator(change: IndicatorChanged) -> Message:
    values = _row(change.row)
    former = _row(change.old) if change.old else {}
    match change.aspect:
        case Aspect.ADDED:
            return message("新增指标 {id}“{name}”（{classes}），目标值 {target}", **values)
        case Aspect.DROPPED:
            return message("少了指标 {id}“{name}”（{classes}），目标值原为 {target}", **values)
        case Aspect.CLASS:
            before = former["classes"]
            return message("指标 {id}“{name}”的归类：{before} → {classes}", before=before, **values)
        case Aspect.ID:
            return message("指标“{name}”的编号：{former} → {id}", former=former["id"], **values)
        case Aspect.NAME:
            return message("指标 {id} 的名称：“{former}” → “{name}”", former=former["name"], **values)
        case Aspect.TARGET:
            return message("指标 {id}“{name}”的目标值：{old} → {target}", old=former["target"], **values)


def _row(row: Row) -> dict[str, Message | str]:
    return {
        "id": row.indicator.id,
        "name": row.indicator.name.plain(),
        "classes": f"{row.level1}·{row.level2}",
        "target": _target(row.indicator.target),
    }


def _target(target: Target | None) -> Message | str:
    return message("未填报") if target is None else target.filed.plain()


def _mark(change: MarkChanged) -> Iterator[Message]:
    place = (
        message("指标 {id}“{name}”", id=change.field.partition(".")[2], name=change.name.plain())
        if change.name
        else message(FIELDS[RemarkedField(change.field)])
    )
    old, new = change.old, change.new
    if new is None and old:
        yield message("{place}不再注明缺损，原来注明：{mark}", place=place, mark=_mark_in_words(old))
    elif old is None and new:
        yield message("{place}注明了缺损：{mark}", place=place, mark=_mark_in_words(new))
    elif old and new:
        before, after = _parts(old), _parts(new)
        for title, was in before.items():
            if was != after[title]:
                yield message(
                    "{place}，{part}：{old} → {new}",
                    place=place,
                    part=message(title),
                    old=was,
                    new=after[title],
                )


def _mark_in_words(mark: Mark) -> Message:
    parts = _parts(mark)
    return message("{marks}；说明：{note}", marks=parts["标记"], note=parts["说明"])


def _parts(mark: Mark) -> Mapping[str, Message | str | tuple[str, ...]]:
    """Give what is marked, how sure the reading is, what stood in the form and what is noted, by title."""
    lines = mark.as_filed.lines if mark.as_filed else ()
    cells = tuple(cell.plain() for row in (mark.as_filed.cells if mark.as_filed else ()) for cell in row)
    nothing = message("没有")
    return {
        "标记": _listed(tuple(message(DEFECTS[defect]) for defect in mark.defects)),
        "归类": message(_CERTAINTIES[mark.certainty.class_]),
        "文字": message(_CERTAINTIES[mark.certainty.text]),
        "原文的行": tuple(map(str, lines)) or nothing,
        "抄录的原文": tuple(cell for cell in cells if cell) or nothing,
        "说明": nothing if mark.note is None else mark.note.plain(),
    }


def _listed(sentences: tuple[Message, ...]) -> Message:
    """Join sentences into one."""
    if not sentences:
        return message("没有")
    first, *others = sentences
    for other in others:
        first = message("{one}、{other}", one=first, other=other)
    return first


def _waiver(waiver: Waiver) -> dict[str, str]:
    return {"rule": waiver.rule, "field": waiver.field, "reason": waiver.reason.plain()}
