"""The changes of a declaration in words: facts come in, sentences come out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from generator.model.changes import (
    Change,
    Fact,
    FactChanged,
    GoalChanged,
    IndicatorAdded,
    IndicatorDropped,
    IndicatorIdChanged,
    IndicatorMoved,
    IndicatorRenamed,
    Mark,
    MarkChanged,
    MoneyChanged,
    OrderChanged,
    Sum,
    TargetChanged,
    WaiverAdded,
    WaiverRemoved,
)
from generator.model.declaration import AnnualFunds, Certainty, Goals, ProjectFunds, RemarkedField, Row
from generator.model.marks import DEFECTS
from generator.model.target import Target
from generator.review.comparison import Status
from generator.review.trailers import Kind
from generator.words import Message, message

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
    Fact.FORM: "申报表文件",
    Fact.LINES: "申报表的行",
}
_REMARKED = {
    RemarkedField.NAME: "项目名称",
    RemarkedField.OVERALL_GOAL: "项目总目标",
    RemarkedField.ANNUAL_GOAL: "年度总目标",
    RemarkedField.PERIOD: "计划起止日期",
    RemarkedField.FUNDING: "项目资金",
}
_BLOCKS: Mapping[str, tuple[str, type[ProjectFunds | AnnualFunds]]] = {
    "project": ("整个项目", ProjectFunds),
    "annual": ("申报年度", AnnualFunds),
}
STATUSES = {
    Status.ADDED: "新增",
    Status.CHANGED: "改动",
    Status.RENAMED: "改了网址",
    Status.WITHDRAWN: "撤下",
    Status.LOST: "不见了",
    Status.REWRITTEN: "写法不同，内容没有变",
    Status.UNREADABLE: "读不出来，没有比较",
}
KINDS = {Kind.CORRECTION: "更正", Kind.ADJUSTMENT: "调整", Kind.ADDITION: "补充"}
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


def said(change: Change, names: Mapping[str, str]) -> Iterator[Message]:
    """Say a change, mostly in one sentence.

    Args:
        change: What is different.
        names: What organisations are called, by id.
    """
    match change:
        case FactChanged():
            yield _fact(change, names)
        case MoneyChanged():
            yield _money(change)
        case GoalChanged():
            yield from _goal(change)
        case MarkChanged():
            yield from _mark(change)
        case OrderChanged():
            yield message("指标的先后次序变了")
        case WaiverAdded():
            yield message("新加豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_waiver(change))
        case WaiverRemoved():
            yield message("删去豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_waiver(change))
        case _:
            yield _of_row(change)


def _fact(change: FactChanged, names: Mapping[str, str]) -> Message:
    old, new = change.old, change.new
    if change.fact in {Fact.DEPARTMENT, Fact.UNIT}:
        old, new = names.get(old or "", old), names.get(new or "", new)
    return _from_to(message(_FACTS[change.fact]), old, new)


def _from_to(title: Message, old: str | None, new: str | None) -> Message:
    return message("{title}：{old} → {new}", title=title, old=_or_nothing(old), new=_or_nothing(new))


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


def _goal(change: GoalChanged) -> Iterator[Message]:
    title = message(str(Goals.model_fields[change.goal].title))
    if change.old is None or change.new is None:
        yield _from_to(title, *(text.plain() if text else None for text in (change.old, change.new)))
        return
    for old, new in differences(change.old.plain(), change.new.plain()):
        yield message("{title}里：{old} → {new}", title=title, old=old, new=new)


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Give the places where two texts differ, each with some words around it."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        first, last = group[0], group[-1]
        yield (
            _excerpt(before, first[1], last[2]),
            _excerpt(after, first[3], last[4]),
        )


def _excerpt(words: list[str], first: int, last: int) -> str:
    start = "…" if first else ""
    end = "…" if last < len(words) else ""
    return f"{start}{''.join(words[first:last])}{end}"


def _of_row(change: Change) -> Message:
    match change:
        case IndicatorAdded(row=row):
            return message("新增指标 {id}“{name}”（{classes}），目标值 {target}", **_row(row))
        case IndicatorDropped(row=row):
            return message("少了指标 {id}“{name}”（{classes}），目标值原为 {target}", **_row(row))
        case IndicatorMoved(row=row, old=(level1, level2)):
            before = f"{level1}·{level2}"
            return message("指标 {id}“{name}”的归类：{before} → {classes}", before=before, **_row(row))
        case IndicatorIdChanged(row=row, old=former):
            return message("指标“{name}”的编号：{former} → {id}", former=former, **_row(row))
        case IndicatorRenamed(row=row, old=before):
            return message("指标 {id} 的名称：“{former}” → “{name}”", former=before.plain(), **_row(row))
        case TargetChanged(row=row, old=before):
            values = {**_row(row), "old": _target(before)}
            return message("指标 {id}“{name}”的目标值：{old} → {target}", **values)
        case _:
            raise NotImplementedError(type(change))


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
        else message(_REMARKED[RemarkedField(change.field)])
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


def _waiver(change: WaiverAdded | WaiverRemoved) -> dict[str, str]:
    waiver = change.waiver
    return {"rule": waiver.rule, "field": waiver.field, "reason": waiver.reason.plain()}
