"""What a reviewer should ask: questions that a machine can put, and only a person can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from generator.model.changes import (
    Change,
    Fact,
    FactChanged,
    GoalChanged,
    IndicatorAdded,
    IndicatorDropped,
    IndicatorIdChanged,
    IndicatorRenamed,
    MarkChanged,
    MoneyChanged,
    TargetChanged,
    WaiverAdded,
)
from generator.model.target import Operator, Quantity, Target
from generator.review.comparison import Compared, Status
from generator.text import Text, has_chinese
from generator.words import Dictionary, Message, message

_SLIPS = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10_000))
"""A digit too many, and 元 for 万元."""


class Asked(StrEnum):
    """What is asked about."""

    SUM_WITHOUT_KIND = "sum-without-kind"
    TARGET_LOWERED = "target-lowered"
    TARGET_NOT_COMPARABLE = "target-not-comparable"
    INDICATOR_DROPPED = "indicator-dropped"
    SLIP_OF_UNIT = "slip-of-unit"
    UNIT_OF_MONEY_CHANGED = "unit-of-money-changed"
    YEAR_CHANGED = "year-changed"
    ID_CHANGED = "id-changed"
    ONLY_BLANKS = "only-blanks"
    FORM_REPLACED = "form-replaced"
    WAIVER_ADDED = "waiver-added"
    TRANSLATION_MISSING = "translation-missing"
    NOT_REGISTERED = "withdrawn-without-reason"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question."""

    asked: Asked
    saying: Message
    declaration: str | None = None
    """The id of the declaration it is about; `None` where it is about a file."""
    field: str = ""
    """The field as a waiver names it, or the file."""


def questions_on(compared: Compared, dictionaries: Mapping[str, Dictionary]) -> Iterator[Question]:
    """Yield the questions about one declaration.

    Args:
        compared: What became of it.
        dictionaries: By language of the site but Chinese, all that is translated now.
    """
    if compared.status is Status.LOST:
        saying = message("文件不见了，content/addresses.yml 里既没有写改名，也没有写撤下：是误删吗？")
        yield Question(asked=Asked.NOT_REGISTERED, saying=saying, declaration=compared.id)
    for change in compared.changes:
        for asked, saying in _asked(change, compared):
            yield Question(asked=asked, saying=saying, declaration=compared.id, field=change.field)
    yield from _translations(compared, dictionaries)


def _asked(change: Change, compared: Compared) -> Iterator[tuple[Asked, Message]]:
    match change:
        case MoneyChanged():
            yield from _about_money(change, compared)
        case TargetChanged():
            yield from _about_target(change)
        case FactChanged():
            yield from _about_fact(change)
        case IndicatorDropped():
            name = change.row.indicator.name.plain()
            yield Asked.INDICATOR_DROPPED, message("指标“{name}”没有了：申报表上也没有吗？", name=name)
        case IndicatorIdChanged():
            saying = message(
                "指标编号由 {old} 改成 {new}：编号是网址的一部分，以后各年也靠它对照，一定要改吗？",
                old=change.old,
                new=change.row.indicator.id,
            )
            yield Asked.ID_CHANGED, saying
        case WaiverAdded():
            saying = message(
                "新加了对规则 {rule} 的豁免，理由是“{reason}”：同意吗？",
                rule=change.waiver.rule,
                reason=change.waiver.reason.plain(),
            )
            yield Asked.WAIVER_ADDED, saying
        case _:
            pass
    if _is_only_blanks(change):
        yield Asked.ONLY_BLANKS, message("只有空格或换行不同：是照申报表改的吗？")


def _about_money(change: MoneyChanged, compared: Compared) -> Iterator[tuple[Asked, Message]]:
    if change.is_spelling:
        return
    if not compared.statement.kinds:
        saying = message("金额变了，提交说明里没有写是更正、调整还是补充：是哪一种？")
        yield Asked.SUM_WITHOUT_KIND, saying
    if change.old and change.new:
        slip = _slip(change.old.money.value, change.new.money.value)
        if slip:
            saying = message("前后正好相差 {times} 倍：位数和单位核对过吗？", times=f"{slip:,}")
            yield Asked.SLIP_OF_UNIT, saying


def _slip(one: Decimal, other: Decimal) -> Decimal | None:
    return next(
        (times for times in _SLIPS if one and other and (one * times == other or other * times == one)), None
    )


def _about_target(change: TargetChanged) -> Iterator[tuple[Asked, Message]]:
    old, new = change.old, change.new
    was, is_now = old.quantity if old else None, new.quantity if new else None
    if old and new is None:
        yield Asked.TARGET_LOWERED, message("目标值没有了：申报表上是空着的吗？")
    elif was and is_now is None:
        yield Asked.TARGET_LOWERED, message("目标值原来是数字，现在是文字：申报表上是这样吗？")
    if was is None or is_now is None:
        return
    slip = _slip(was.value, is_now.value)
    if slip:
        yield Asked.SLIP_OF_UNIT, message("前后正好相差 {times} 倍：位数和单位核对过吗？", times=f"{slip:,}")
    if was.unit != is_now.unit or _direction(was) != _direction(is_now):
        yield Asked.TARGET_NOT_COMPARABLE, message("目标值的单位或比较符号变了：申报表上是这样吗？")
    elif _is_lower(was, is_now):
        yield Asked.TARGET_LOWERED, message("目标降低了：有批准的调整吗？")


def _direction(quantity: Quantity) -> bool:
    """Tell whether less is better."""
    return quantity.operator in {Operator.AT_MOST, Operator.LESS}


def _is_lower(old: Quantity, new: Quantity) -> bool:
    """Tell whether *new* promises less: a lower floor, or a higher ceiling."""
    if old.value == new.value:
        strict = {Operator.MORE, Operator.LESS, Operator.EQUAL, None}
        return old.operator != new.operator and old.operator in strict and new.operator not in strict
    return (new.value < old.value) is not _direction(old)


def _about_fact(change: FactChanged) -> Iterator[tuple[Asked, Message]]:
    match change.fact:
        case Fact.YEAR:
            yield Asked.YEAR_CHANGED, message("年度变了：网址和文件夹也应在新的年度下，核对过吗？")
        case Fact.MONEY_UNIT | Fact.MONEY_UNIT_READ_AS:
            yield Asked.UNIT_OF_MONEY_CHANGED, message("金额单位变了，所有金额随之变了：核对过吗？")
        case _:
            pass


def _is_only_blanks(change: Change) -> bool:
    match change:
        case FactChanged():
            pair: tuple[str | None, str | None] = (change.old, change.new)
        case GoalChanged():
            pair = (_plain(change.old), _plain(change.new))
        case IndicatorRenamed():
            pair = (change.old.plain(), change.row.indicator.name.plain())
        case TargetChanged():
            pair = (_filed(change.old), _filed(change.new))
        case _:
            return False
    old, new = pair
    return old is not None and new is not None and "".join(old.split()) == "".join(new.split())


def _plain(text: Text | None) -> str | None:
    return None if text is None else text.plain()


def _filed(target: Target | None) -> str | None:
    return None if target is None else target.filed.plain()


def _translations(compared: Compared, dictionaries: Mapping[str, Dictionary]) -> Iterator[Question]:
    """Ask for the texts that readers of another language would meet in Chinese."""
    texts = dict.fromkeys(text for text in _new_texts(compared) if has_chinese(text))
    for language, dictionary in sorted(dictionaries.items()):
        missing = tuple(text for text in texts if dictionary.find(text) is None)
        if missing:
            saying = message(
                "新的文字有 {count} 段还没有 {language} 译文，页面上会是中文：请运行 {command}，再翻译",
                count=str(len(missing)),
                language=language,
                command=f"jixiao translate update {language}",
            )
            yield Question(
                asked=Asked.TRANSLATION_MISSING, saying=saying, declaration=compared.id, field=language
            )


def _new_texts(compared: Compared) -> Iterator[str]:
    if compared.new is None:
        return
    if compared.status is Status.ADDED:
        for row in compared.new.rows():
            yield row.indicator.name.plain()
            yield _filed(row.indicator.target) or ""
        yield from (compared.new.name.plain(), _plain(compared.new.goals.overall) or "")
        yield _plain(compared.new.goals.annual) or ""
    for change in compared.changes:
        match change:
            case FactChanged(fact=Fact.NAME | Fact.NATURE):
                yield change.new or ""
            case GoalChanged():
                yield _plain(change.new) or ""
            case IndicatorAdded() | IndicatorRenamed() | TargetChanged():
                yield change.row.indicator.name.plain()
                yield _filed(change.row.indicator.target) or ""
            case MarkChanged():
                yield _plain(change.new.note) or "" if change.new else ""
            case _:
                pass
