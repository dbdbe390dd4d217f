"""Sentences for the changes between two declarations: a change comes in, messages come out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import reduce

from jixiao.analysis.defects import DEFECT_LABELS, REMARKED_FIELD_LABELS
from jixiao.analysis.diff import (
    DamageNote,
    DamageNoteChange,
    DeclarationChange,
    FieldChange,
    IndicatorAspect,
    IndicatorChange,
    OrderChange,
    SingleField,
    SumChange,
    SumWithUnit,
    WaiverChange,
)
from jixiao.i18n import Message, message
from jixiao.model.declaration import (
    AnnualFunds,
    Certainty,
    DeclarationRow,
    ProjectFunds,
    RemarkedField,
    Waiver,
)

_FIELD_TITLES = {
    SingleField.EDITION: "指标体系版本",
    SingleField.YEAR: "年度",
    SingleField.NAME: "项目名称",
    SingleField.NATURE: "项目性质",
    SingleField.DEPARTMENT: "主管部门",
    SingleField.UNIT: "实施单位",
    SingleField.START: "计划开始日期",
    SingleField.END: "计划完成日期",
    SingleField.MONEY_UNIT: "金额单位",
    SingleField.MONEY_UNIT_READ_AS: "金额单位（推定）",
    SingleField.OVERALL_GOAL: "项目总目标",
    SingleField.ANNUAL_GOAL: "年度总目标",
    SingleField.CONTINUES: "接续",
    SingleField.FORM: "申报表文件",
    SingleField.LINES: "申报表的行",
}
_FUNDING_BLOCKS: Mapping[str, tuple[str, type[ProjectFunds | AnnualFunds]]] = {
    "project": ("整个项目", ProjectFunds),
    "annual": ("申报年度", AnnualFunds),
}
_CERTAINTY_TITLES = {
    Certainty.PRINTED: "照原文",
    Certainty.RESTORED: "已复原",
    Certainty.UNCONFIRMED: "待核",
    Certainty.CONFIRMED: "单位已确认",
}
# A figure is one word, so that no difference cuts it; so is a word of Latin letters.
_WORD = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
_CONTEXT_WORDS = 12
"""Words of context before and after a difference."""
_WHOLE_TEXT_LIMIT = 100
"""Longest pair of values, in characters, that is quoted whole; longer ones are cut to the difference."""
_WORD_PAIR_LIMIT = 1_000_000
"""Pairs of words to compare at most. Goals have up to 500 words; a pasted page would take hours."""
_EQUAL_PAIRS_PER_WORD = 20
"""Equal pairs for each word. Goals have two to five; a thousand question marks have 500."""


def describe_change(change: DeclarationChange, names: Mapping[str, str]) -> Iterator[Message]:
    """Describe a change, mostly in one sentence.

    Args:
        change: A difference between two declarations.
        names: Names of organisations, by id.
    """
    match change:
        case FieldChange():
            yield from _describe_single_field(change, names)
        case SumChange():
            yield _describe_sum(change)
        case IndicatorChange():
            yield _describe_indicator(change)
        case DamageNoteChange():
            yield from _describe_damage_note(change)
        case OrderChange():
            yield message("指标的先后次序变了")
        case WaiverChange(new=None, old=Waiver() as waiver):
            yield message(
                "删去豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_build_waiver_values(waiver)
            )
        case WaiverChange(new=Waiver() as waiver):
            yield message(
                "新加豁免：规则 {rule}，栏目 {field}，理由“{reason}”", **_build_waiver_values(waiver)
            )


def _describe_single_field(change: FieldChange, names: Mapping[str, str]) -> Iterator[Message]:
    old, new = change.old, change.new
    title = message(_FIELD_TITLES[change.single_field])
    if change.single_field in {SingleField.DEPARTMENT, SingleField.UNIT}:
        old, new = names.get(old or "", old), names.get(new or "", new)
    if old and new and len(old) + len(new) > _WHOLE_TEXT_LIMIT:
        for old_part, new_part in find_differences(old, new):
            yield message("{title}里：{old} → {new}", title=title, old=old_part, new=new_part)
    else:
        yield message("{title}：{old} → {new}", title=title, old=_format_value(old), new=_format_value(new))


def _format_value(value: str | None) -> Message | str:
    return message("未填报") if value is None else value


def name_funding_cell(block: str, part: str) -> Message:
    """Return the name of a cell of the funding table."""
    title, funds = _FUNDING_BLOCKS[block]
    return message("{block}·{cell}", block=message(title), cell=message(str(funds.model_fields[part].title)))


def _describe_sum(change: SumChange) -> Message:
    values: dict[str, Message | str] = {
        "cell": name_funding_cell(change.block, change.part),
        "old": _format_sum(change.old),
        "new": _format_sum(change.new),
    }
    difference = change.difference
    if change.has_same_figure:
        return message("{cell}：{old} → {new}，只是写法不同", **values)
    if difference is None or change.new is None:
        return message("{cell}：{old} → {new}", **values)
    values["difference"] = f"{abs(difference):,}"
    values["unit"] = _format_unit(change.new)
    if difference < 0:
        return message("{cell}：{old} → {new}，减少 {difference} {unit}", **values)
    return message("{cell}：{old} → {new}，增加 {difference} {unit}", **values)


def _format_sum(amount: SumWithUnit | None) -> Message:
    if amount is None:
        return message("未填报")
    return message("{sum} {unit}", sum=amount.money.filed, unit=_format_unit(amount))


def _format_unit(amount: SumWithUnit) -> Message:
    return message(amount.unit.value) if amount.unit else message("（单位不明）")


def find_differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the passages in which two texts differ, each with a few words of context."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not _are_quick_to_compare(before, after):
        first, last = _count_common_ends(before, after)
        start = max(first - _CONTEXT_WORDS, 0)
        yield (
            _cut_excerpt(before, start, len(before) - max(last - _CONTEXT_WORDS, 0)),
            _cut_excerpt(after, start, len(after) - max(last - _CONTEXT_WORDS, 0)),
        )
        return
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT_WORDS):
        yield (
            _cut_excerpt(before, group[0][1], group[-1][2]),
            _cut_excerpt(after, group[0][3], group[-1][4]),
        )


def _are_quick_to_compare(one: list[str], other: list[str]) -> bool:
    """Check whether two lists of words are short and varied enough to compare word by word."""
    if len(one) * len(other) > _WORD_PAIR_LIMIT:
        return False
    counts, others = Counter(one), Counter(other)
    equal_pairs = sum(count * others[word] for word, count in counts.items())
    return equal_pairs <= _EQUAL_PAIRS_PER_WORD * (len(one) + len(other))


def _count_common_ends(one: list[str], other: list[str]) -> tuple[int, int]:
    """Count the equal words at the start, then those at the end of the remainder."""
    shorter = min(len(one), len(other))
    first = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    rest = range(shorter - first)
    last = next((index for index in rest if one[-1 - index] != other[-1 - index]), len(rest))
    return first, last


def _cut_excerpt(words: list[str], first: int, last: int) -> str:
    start = "…" if first else ""
    end = "…" if last < len(words) else ""
    return f"{start}{''.join(words[first:last])}{end}"


def _describe_indicator(change: IndicatorChange) -> Message:
    values = _build_row_values(change.row)
    former = _build_row_values(change.old) if change.old else {}
    match change.aspect:
        case IndicatorAspect.ADDED:
            return message("新增指标 {id}“{name}”（{classes}），目标值 {target}", **values)
        case IndicatorAspect.DROPPED:
            return message("少了指标 {id}“{name}”（{classes}），目标值原为 {target}", **values)
        case IndicatorAspect.CLASS:
            before = former["classes"]
            return message("指标 {id}“{name}”的归类：{before} → {classes}", before=before, **values)
        case IndicatorAspect.ID:
            return message("指标“{name}”的编号：{former} → {id}", former=former["id"], **values)
        case IndicatorAspect.NAME:
            return message("指标 {id} 的名称：“{former}” → “{name}”", former=former["name"], **values)
        case IndicatorAspect.TARGET:
            return message("指标 {id}“{name}”的目标值：{old} → {target}", old=former["target"], **values)


def _build_row_values(row: DeclarationRow) -> dict[str, Message | str]:
    target = row.indicator.target
    return {
        "id": row.indicator.id,
        "name": row.indicator.name.plain(),
        "classes": f"{row.level1}·{row.level2}",
        "target": _format_value(target.filed.plain() if target else None),
    }


def _describe_damage_note(change: DamageNoteChange) -> Iterator[Message]:
    place = (
        message("指标 {id}“{name}”", id=change.field.partition(".")[2], name=change.name.plain())
        if change.name
        else message(REMARKED_FIELD_LABELS[RemarkedField(change.field)])
    )
    old, new = change.old, change.new
    if new is None and old:
        yield message("{place}不再注明缺损，原来注明：{mark}", place=place, mark=_summarize_damage_note(old))
    elif old is None and new:
        yield message("{place}注明了缺损：{mark}", place=place, mark=_summarize_damage_note(new))
    elif old and new:
        before, after = _list_damage_note_parts(old), _list_damage_note_parts(new)
        for title, part in before.items():
            if part != after[title]:
                yield message(
                    "{place}，{part}：{old} → {new}",
                    place=place,
                    part=message(title),
                    old=part,
                    new=after[title],
                )


def _summarize_damage_note(note: DamageNote) -> Message:
    parts = _list_damage_note_parts(note)
    return message("{marks}；说明：{note}", marks=parts["标记"], note=parts["说明"])


def _list_damage_note_parts(note: DamageNote) -> Mapping[str, Message | str | tuple[str, ...]]:
    """Return defects, certainty, filed lines and cells, and text of a damage note, by title."""
    lines = note.as_filed.lines if note.as_filed else ()
    cells = tuple(cell.plain() for row in (note.as_filed.cells if note.as_filed else ()) for cell in row)
    nothing = message("没有")
    defects = [message(DEFECT_LABELS[defect]) for defect in note.defects] or [nothing]
    return {
        "标记": reduce(lambda one, other: message("{one}、{other}", one=one, other=other), defects),
        "归类": message(_CERTAINTY_TITLES[note.certainty.class_]),
        "文字": message(_CERTAINTY_TITLES[note.certainty.text]),
        "原文的行": tuple(map(str, lines)) or nothing,
        "抄录的原文": tuple(filter(None, cells)) or nothing,
        "说明": note.note.plain() if note.note is not None else nothing,
    }


def _build_waiver_values(waiver: Waiver) -> dict[str, str]:
    return {"rule": waiver.rule, "field": waiver.field, "reason": waiver.reason.plain()}
