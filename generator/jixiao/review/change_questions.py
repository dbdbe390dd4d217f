"""What a reviewer should ask: questions that a machine can put, and only a person can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.analysis.diff import (
    Aspect,
    Change,
    Fact,
    FactChanged,
    IndicatorChanged,
    MarkChanged,
    MoneyChanged,
    OrderChanged,
    WaiverChanged,
)
from jixiao.i18n import Dictionary, Message, message
from jixiao.model.declaration import Row
from jixiao.model.target import Operator, Quantity, Target
from jixiao.review.declaration_comparison import Compared, Status
from jixiao.text import has_chinese

_SLIPS = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10_000))
"""A digit too many, and 元 for 万元."""


class Asked(StrEnum):
    """What is asked about."""

    KIND_MISSING = "kind-missing"
    FILE_LOST = "file-lost"
    RENAMED_UNREGISTERED = "renamed-unregistered"
    TARGET_LOOSENED = "target-loosened"
    TARGET_NOT_COMPARABLE = "target-not-comparable"
    TARGET_DROPPED = "target-dropped"
    INDICATOR_DROPPED = "indicator-dropped"
    SLIP_OF_UNIT = "slip-of-unit"
    UNIT_OF_MONEY_CHANGED = "unit-of-money-changed"
    YEAR_CHANGED = "year-changed"
    ID_CHANGED = "id-changed"
    ONLY_BLANKS = "only-blanks"
    FORM_REPLACED = "form-replaced"
    WAIVER_ADDED = "waiver-added"
    TRANSLATION_MISSING = "translation-missing"


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
    for asked, saying in _on_the_whole(compared):
        yield Question(asked=asked, saying=saying, declaration=compared.id)
    for change in compared.changes:
        for asked, saying in _asked(change):
            yield Question(asked=asked, saying=saying, declaration=compared.id, field=change.field)
    yield from _translations(compared, dictionaries)


def _on_the_whole(compared: Compared) -> Iterator[tuple[Asked, Message]]:
    if compared.status is Status.LOST:
        saying = message("文件不见了，content/addresses.yml 里既没有写改名，也没有写撤下：是误删吗？")
        yield Asked.FILE_LOST, saying
    if not compared.is_registered:
        saying = message(
            "看来是由 {former} 改名的，content/addresses.yml 里没有写：旧网址会打不开，是改名吗？",
            former=compared.former or "",
        )
        yield Asked.RENAMED_UNREGISTERED, saying
    is_of_readers = any(map(_needs_kind, compared.changes))
    if is_of_readers and not compared.statement.kinds:
        saying = message("发布过的内容变了，提交说明里没有写是更正、调整还是补充：是哪一种？")
        yield Asked.KIND_MISSING, saying


def _needs_kind(change: Change) -> bool:
    match change:
        case MoneyChanged():
            return not change.is_spelling
        case FactChanged() | IndicatorChanged():
            return True
        case MarkChanged() | OrderChanged() | WaiverChanged():
            return False


def _asked(change: Change) -> Iterator[tuple[Asked, Message]]:
    match change:
        case MoneyChanged(old=old, new=new):
            if old and new:
                yield from _slip_of_unit(old.money.value, new.money.value)
        case IndicatorChanged():
            yield from _about_indicator(change)
        case FactChanged():
            yield from _about_fact(change)
        case WaiverChanged(new=waiver) if waiver:
            saying = message(
                "新加了对规则 {rule} 的豁免，理由是“{reason}”：同意吗？",
                rule=waiver.rule,
                reason=waiver.reason.plain(),
            )
            yield Asked.WAIVER_ADDED, saying
        case _:
            pass
    if _is_only_blanks(change):
        yield Asked.ONLY_BLANKS, message("只有空格或换行不同：是照申报表改的吗？")


def _slip_of_unit(old: Decimal, new: Decimal) -> Iterator[tuple[Asked, Message]]:
    for times in _SLIPS:
        if old and new and (old * times == new or new * times == old):
            saying = message("前后正好相差 {times} 倍：位数和单位核对过吗？", times=f"{times:,}")
            yield Asked.SLIP_OF_UNIT, saying


def _about_indicator(change: IndicatorChanged) -> Iterator[tuple[Asked, Message]]:
    match change.aspect, change.old, change.new:
        case Aspect.DROPPED, _, _:
            name = change.row.indicator.name.plain()
            yield Asked.INDICATOR_DROPPED, message("指标“{name}”没有了：申报表上也没有吗？", name=name)
        case Aspect.ID, Row() as old, Row() as new:
            saying = message(
                "指标编号由 {old} 改成 {new}：编号是网址的一部分，以后各年也靠它对照，一定要改吗？",
                old=old.indicator.id,
                new=new.indicator.id,
            )
            yield Asked.ID_CHANGED, saying
        case Aspect.TARGET, Row() as old, Row() as new:
            yield from _about_target(old.indicator.target, new.indicator.target)
        case _:
            pass


def _about_target(old: Target | None, new: Target | None) -> Iterator[tuple[Asked, Message]]:
    was, is_now = old.quantity if old else None, new.quantity if new else None
    if old and new is None:
        yield Asked.TARGET_DROPPED, message("目标值没有了：申报表上是空着的吗？")
    elif was and is_now is None:
        yield Asked.TARGET_NOT_COMPARABLE, message("目标值原来是数字，现在是文字：申报表上是这样吗？")
    if was is None or is_now is None:
        return
    yield from _slip_of_unit(was.value, is_now.value)
    if was.unit != is_now.unit or _direction(was) != _direction(is_now):
        saying = message("目标值的单位或比较符号变了：申报表上是这样吗？")
        yield Asked.TARGET_NOT_COMPARABLE, saying
    elif _is_looser(was, is_now):
        saying = message("新的目标值比原来放宽了：申报表上是这样吗？")
        yield Asked.TARGET_LOOSENED, saying


def _direction(quantity: Quantity) -> int:
    """Tell on which side of the number the target is met: above, below, or neither."""
    match quantity.operator:
        case Operator.AT_LEAST | Operator.MORE:
            return 1
        case Operator.AT_MOST | Operator.LESS:
            return -1
        case Operator.EQUAL | None:
            return 0


def _is_looser(old: Quantity, new: Quantity) -> bool:
    """Tell whether all that met *old* meets *new*, and more; both are of one direction."""
    if old.value != new.value:
        return (old.value - new.value) * _direction(old) > 0
    return old.operator in {Operator.MORE, Operator.LESS} and new.operator != old.operator


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
        case FactChanged(old=old, new=new):
            pass
        case IndicatorChanged(
            aspect=Aspect.NAME | Aspect.TARGET as aspect, old=Row() as was, new=Row() as is_now
        ):
            old, new = (_words(row, aspect) for row in (was, is_now))
        case _:
            return False
    return old is not None and new is not None and "".join(old.split()) == "".join(new.split())


def _words(row: Row, aspect: Aspect) -> str:
    target = row.indicator.target
    text = row.indicator.name if aspect is Aspect.NAME else target.filed if target else None
    return text.plain() if text else ""


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
                command="jixiao translate update",
            )
            yield Question(
                asked=Asked.TRANSLATION_MISSING, saying=saying, declaration=compared.id, field=language
            )


def _new_texts(compared: Compared) -> Iterator[str]:
    if compared.new is None:
        return
    if compared.status is Status.ADDED:
        yield from (text.plain() for text in compared.new.translatable_texts())
    for change in compared.changes:
        match change:
            case FactChanged(fact=Fact.NAME | Fact.OVERALL_GOAL | Fact.ANNUAL_GOAL, new=new) if new:
                yield new
            case IndicatorChanged(aspect=Aspect.ADDED, new=Row() as row):
                yield from (_words(row, aspect) for aspect in (Aspect.NAME, Aspect.TARGET))
            case IndicatorChanged(aspect=Aspect.NAME | Aspect.TARGET as aspect, new=Row() as row):
                yield _words(row, aspect)
            case MarkChanged(new=mark) if mark and mark.note:
                yield mark.note.plain()
            case _:
                pass
