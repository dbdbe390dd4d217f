"""Questions about a change that a machine can raise and only a reviewer can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.analysis.diff import (
    DamageNoteChange,
    DeclarationChange,
    FieldChange,
    IndicatorAspect,
    IndicatorChange,
    SingleField,
    SumChange,
    WaiverChange,
)
from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.model.declaration import DeclarationRow
from jixiao.model.target import Operator, Quantity, Target
from jixiao.review.declaration_comparison import ChangeStatus, DeclarationComparison
from jixiao.text import has_chinese

_SUSPICIOUS_FACTORS = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10_000))
"""Factors of a digit too many, or of 元 in place of 万元."""


class ChangeQuestionKind(StrEnum):
    """Subject of a question."""

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
class ChangeQuestion:
    """Question for the reviewer of a change."""

    kind: ChangeQuestionKind
    message: Message
    declaration: str | None = None
    """Id of the declaration; `None` if the question is about a file."""
    field: str = ""
    """Field as a waiver names it, or the file."""


_Question = tuple[ChangeQuestionKind, Message]
"""Kind and text of a question about a declaration or one of its changes."""


def find_change_questions(
    comparison: DeclarationComparison, catalogues: Mapping[str, TranslationCatalogue]
) -> Iterator[ChangeQuestion]:
    """Yield the questions about one declaration.

    Args:
        comparison: The declaration in both states.
        catalogues: Current translations of the content, by language of the site, Chinese excepted.
    """
    for kind, text in _ask_about_declaration(comparison):
        yield ChangeQuestion(kind=kind, message=text, declaration=comparison.id)
    for change in comparison.changes:
        for kind, text in _ask_about_change(change):
            yield ChangeQuestion(kind=kind, message=text, declaration=comparison.id, field=change.field)
    yield from _ask_for_translations(comparison, catalogues)


def _ask_about_declaration(comparison: DeclarationComparison) -> Iterator[_Question]:
    if comparison.status is ChangeStatus.LOST:
        yield (
            ChangeQuestionKind.FILE_LOST,
            message("文件不见了，content/addresses.yml 里既没有写改名，也没有写撤下：是误删吗？"),
        )
    if not comparison.is_registered:
        yield (
            ChangeQuestionKind.RENAMED_UNREGISTERED,
            message(
                "看来是由 {former} 改名的，content/addresses.yml 里没有写：旧网址会打不开，是改名吗？",
                former=comparison.former or "",
            ),
        )
    if not comparison.statement.kinds and any(map(_is_visible_to_readers, comparison.changes)):
        yield (
            ChangeQuestionKind.KIND_MISSING,
            message("发布过的内容变了，提交说明里没有写是更正、调整还是补充：是哪一种？"),
        )


def _is_visible_to_readers(change: DeclarationChange) -> bool:
    if isinstance(change, SumChange):
        return not change.has_same_figure
    return isinstance(change, FieldChange | IndicatorChange)


def _ask_about_change(change: DeclarationChange) -> Iterator[_Question]:
    match change:
        case SumChange(old=old, new=new):
            if old and new:
                yield from _ask_about_factor(old.money.value, new.money.value)
        case IndicatorChange():
            yield from _ask_about_indicator(change)
        case FieldChange(single_field=SingleField.YEAR):
            yield (
                ChangeQuestionKind.YEAR_CHANGED,
                message("年度变了：网址和文件夹也应在新的年度下，核对过吗？"),
            )
        case FieldChange(single_field=SingleField.MONEY_UNIT | SingleField.MONEY_UNIT_READ_AS):
            yield (
                ChangeQuestionKind.UNIT_OF_MONEY_CHANGED,
                message("金额单位变了，所有金额随之变了：核对过吗？"),
            )
        case WaiverChange(new=waiver) if waiver:
            yield (
                ChangeQuestionKind.WAIVER_ADDED,
                message(
                    "新加了对规则 {rule} 的豁免，理由是“{reason}”：同意吗？",
                    rule=waiver.rule,
                    reason=waiver.reason.plain(),
                ),
            )
        case _:
            pass
    if _is_whitespace_only(change):
        yield ChangeQuestionKind.ONLY_BLANKS, message("只有空格或换行不同：是照申报表改的吗？")


def _ask_about_factor(old: Decimal, new: Decimal) -> Iterator[_Question]:
    for factor in _SUSPICIOUS_FACTORS:
        if old and new and (old * factor == new or new * factor == old):
            yield (
                ChangeQuestionKind.SLIP_OF_UNIT,
                message("前后正好相差 {times} 倍：位数和单位核对过吗？", times=f"{factor:,}"),
            )


def _ask_about_indicator(change: IndicatorChange) -> Iterator[_Question]:
    match change.aspect, change.old, change.new:
        case IndicatorAspect.DROPPED, _, _:
            name = change.row.indicator.name.plain()
            yield (
                ChangeQuestionKind.INDICATOR_DROPPED,
                message("指标“{name}”没有了：申报表上也没有吗？", name=name),
            )
        case IndicatorAspect.ID, DeclarationRow() as old, DeclarationRow() as new:
            yield (
                ChangeQuestionKind.ID_CHANGED,
                message(
                    "指标编号由 {old} 改成 {new}：编号是网址的一部分，以后各年也靠它对照，一定要改吗？",
                    old=old.indicator.id,
                    new=new.indicator.id,
                ),
            )
        case IndicatorAspect.TARGET, DeclarationRow() as old, DeclarationRow() as new:
            yield from _ask_about_target(old.indicator.target, new.indicator.target)
        case _:
            pass


def _ask_about_target(old: Target | None, new: Target | None) -> Iterator[_Question]:
    """Ask about a target that got lost, loosened or expressed in another way."""
    if old and new is None:
        yield ChangeQuestionKind.TARGET_DROPPED, message("目标值没有了：申报表上是空着的吗？")
        return
    before, after = old.quantity if old else None, new.quantity if new else None
    if before and after is None:
        yield (
            ChangeQuestionKind.TARGET_NOT_COMPARABLE,
            message("目标值原来是数字，现在是文字：申报表上是这样吗？"),
        )
    if before is None or after is None:
        return
    yield from _ask_about_factor(before.value, after.value)
    direction = _find_direction(before)
    is_operator_looser = (
        before.operator in {Operator.MORE, Operator.LESS} and after.operator != before.operator
    )
    if before.unit != after.unit or direction != _find_direction(after):
        yield (
            ChangeQuestionKind.TARGET_NOT_COMPARABLE,
            message("目标值的单位或比较符号变了：申报表上是这样吗？"),
        )
    elif (before.value - after.value) * direction > 0 or (before.value == after.value and is_operator_looser):
        yield (
            ChangeQuestionKind.TARGET_LOOSENED,
            message("新的目标值比原来放宽了：申报表上是这样吗？"),
        )


def _find_direction(quantity: Quantity) -> int:
    """Return the side of the number that meets the target, 1 above, -1 below, 0 for neither."""
    match quantity.operator:
        case Operator.AT_LEAST | Operator.MORE:
            return 1
        case Operator.AT_MOST | Operator.LESS:
            return -1
        case Operator.EQUAL | None:
            return 0


def _is_whitespace_only(change: DeclarationChange) -> bool:
    match change:
        case FieldChange(old=old, new=new):
            pass
        case IndicatorChange(
            aspect=IndicatorAspect.NAME | IndicatorAspect.TARGET as aspect,
            old=DeclarationRow() as old_row,
            new=DeclarationRow() as new_row,
        ):
            old, new = (_find_indicator_text(row, aspect) for row in (old_row, new_row))
        case _:
            return False
    return old is not None and new is not None and "".join(old.split()) == "".join(new.split())


def _find_indicator_text(row: DeclarationRow, aspect: IndicatorAspect) -> str:
    target = row.indicator.target
    text = row.indicator.name if aspect is IndicatorAspect.NAME else target.filed if target else None
    return text.plain() if text else ""


def _ask_for_translations(
    comparison: DeclarationComparison, catalogues: Mapping[str, TranslationCatalogue]
) -> Iterator[ChangeQuestion]:
    """Ask for translations of new texts that readers of another language would see in Chinese."""
    texts = dict.fromkeys(text for text in _list_new_texts(comparison) if has_chinese(text))
    for language, catalogue in sorted(catalogues.items()):
        count = sum(catalogue.find(text) is None for text in texts)
        if count:
            yield ChangeQuestion(
                kind=ChangeQuestionKind.TRANSLATION_MISSING,
                message=message(
                    "新的文字有 {count} 段还没有 {language} 译文，页面上会是中文：请运行 {command}，再翻译",
                    count=str(count),
                    language=language,
                    command="jixiao translate update",
                ),
                declaration=comparison.id,
                field=language,
            )


def _list_new_texts(comparison: DeclarationComparison) -> Iterator[str]:
    if comparison.new is None:
        return
    if comparison.status is ChangeStatus.ADDED:
        yield from (text.plain() for text in comparison.new.translatable_texts())
    for change in comparison.changes:
        match change:
            case FieldChange(
                single_field=SingleField.NAME | SingleField.OVERALL_GOAL | SingleField.ANNUAL_GOAL, new=new
            ) if new:
                yield new
            case IndicatorChange(aspect=IndicatorAspect.ADDED, new=DeclarationRow() as row):
                yield _find_indicator_text(row, IndicatorAspect.NAME)
                yield _find_indicator_text(row, IndicatorAspect.TARGET)
            case IndicatorChange(
                aspect=IndicatorAspect.NAME | IndicatorAspect.TARGET as aspect, new=DeclarationRow() as row
            ):
                yield _find_indicator_text(row, aspect)
            case DamageNoteChange(new=damage) if damage and damage.note:
                yield damage.note.plain()
            case _:
                pass
