"""Result of a review, and the same as JSON, with sums as strings exactly as filed.

The JSON format is described in `docs/review-json.md`; fields are added to it, never removed or renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jixiao.analysis.diff import (
    DamageNote,
    DamageNoteChange,
    DeclarationChange,
    FieldChange,
    IndicatorChange,
    OrderChange,
    SumChange,
    SumWithUnit,
    WaiverChange,
)
from jixiao.i18n import Message, TranslationCatalogue
from jixiao.model.declaration import Declaration, DeclarationRow, Waiver
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Problem, problem_to_dict
from jixiao.review.change_questions import ChangeQuestion
from jixiao.review.declaration_comparison import DeclarationComparison
from jixiao.review.register_changes import RegisterChange
from jixiao.review.snapshot import UncomparedFile
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class ComparedRange:
    """The two states that a review compares."""

    base_name: str
    """Name of the base as requested."""
    base: str
    """Commit id of the base."""
    head: str | None
    """Last commit below the working tree; `None` before the first commit."""
    head_name: str | None = None
    """Proposed branch, if a commit is compared instead of the working tree."""
    remark: Message | None = None
    """Explanation if the base is not the requested commit."""


@dataclass(frozen=True, kw_only=True)
class ReviewedProblem:
    """Problem in the new state of the content."""

    problem: Problem
    is_new: bool
    """Whether the base does not have it."""


@dataclass(frozen=True, kw_only=True)
class ReviewResult:
    """Everything that merging would change."""

    range: ComparedRange
    declarations: tuple[DeclarationComparison, ...]
    registers: tuple[RegisterChange, ...]
    problems: tuple[ReviewedProblem, ...]
    questions: tuple[ChangeQuestion, ...]
    not_read: tuple[UncomparedFile, ...]
    organisation_names: Mapping[str, str]
    """Names of the organisations of both states, by id."""


JSON_VERSION = 1
"""Version of the JSON format."""
_UNMASKED_FIELDS = frozenset({"funding", "filed", "difference", "commit", "commits"})
"""Fields with sums and commit ids, which resemble personal numbers only by chance."""
_CHANGE_TYPES = {
    FieldChange: "fact",
    SumChange: "money",
    IndicatorChange: "indicator",
    DamageNoteChange: "mark",
    OrderChange: "order",
    WaiverChange: "waiver",
}


def serialize_review(review: ReviewResult, catalogue: TranslationCatalogue) -> Any:  # noqa: ANN401 - JSON
    """Return *review* as JSON values in the language of *catalogue*, with personal data masked."""
    compared = review.range
    return _mask_values(
        {
            "version": JSON_VERSION,
            "base": {"name": compared.base_name, "commit": compared.base},
            "head": {"commit": compared.head},
            "remark": compared.remark.translate(catalogue) if compared.remark else None,
            "declarations": [_serialize_comparison(comparison) for comparison in review.declarations],
            "registers": [
                {
                    "file": change.file,
                    "field": change.field,
                    "old": change.old,
                    "new": change.new,
                    "saying": change.message.translate(catalogue),
                }
                for change in review.registers
            ],
            "problems": [
                {**problem_to_dict(reviewed.problem, catalogue), "new": reviewed.is_new}
                for reviewed in review.problems
            ],
            "questions": [
                {
                    "asked": str(question.kind),
                    "declaration": question.declaration,
                    "field": question.field,
                    "saying": question.message.translate(catalogue),
                }
                for question in review.questions
            ],
            "not_read": [
                {"file": skipped.file, "saying": skipped.reason.translate(catalogue)}
                for skipped in review.not_read
            ],
        }
    )


def _mask_values(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return mask_personal_data(value)
        case dict():
            return {
                name: inner if name in _UNMASKED_FIELDS else _mask_values(inner)
                for name, inner in value.items()
            }
        case list():
            return [_mask_values(inner) for inner in value]
        case _:
            return value


def _serialize_comparison(comparison: DeclarationComparison) -> dict[str, Any]:
    statement = comparison.statement
    is_only_state = comparison.old is None or comparison.new is None
    return {
        "id": comparison.id,
        "former": comparison.former,
        "status": str(comparison.status),
        "name": _serialize_value(comparison.name),
        "reason": _serialize_value(comparison.reason),
        "unreadable": list(comparison.unreadable),
        "kinds": [str(kind) for kind in statement.kinds],
        "unknown_kinds": list(statement.unknown_kinds),
        "reasons": list(statement.reasons),
        "commits": list(statement.commits),
        "committed": comparison.is_committed,
        "old": _serialize_value(comparison.old) if is_only_state else None,
        "new": _serialize_value(comparison.new) if is_only_state else None,
        "changes": [_serialize_change(change) for change in comparison.changes],
    }


def _serialize_change(change: DeclarationChange) -> dict[str, Any]:
    values: dict[str, Any] = {"what": _CHANGE_TYPES[type(change)], "field": change.field}
    if isinstance(change, OrderChange):
        return values
    values |= {"old": _serialize_value(change.old), "new": _serialize_value(change.new)}
    if isinstance(change, IndicatorChange):
        values["aspect"] = str(change.aspect)
    if isinstance(change, SumChange):
        difference = change.difference
        values["difference"] = None if difference is None else f"{difference:f}"
        values["spelling_only"] = change.has_same_figure
    return values


def _serialize_value(value: object) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Text():
            return value.plain()
        case Declaration() | Waiver():
            is_partial = isinstance(value, Declaration)
            return value.model_dump(mode="json", by_alias=True, exclude_defaults=is_partial)
        case SumWithUnit():
            return {"filed": value.money.filed, "unit": value.unit}
        case DeclarationRow(level1, level2, indicator):
            return {
                "id": indicator.id,
                "name": indicator.name.plain(),
                "class": [level1, level2],
                "target": _serialize_value(indicator.target and indicator.target.filed),
            }
        case DamageNote():
            return {
                "as_filed": value.as_filed.model_dump(mode="json") if value.as_filed else None,
                "defects": [str(defect) for defect in value.defects],
                "certainty": value.certainty.model_dump(mode="json", by_alias=True),
                "note": _serialize_value(value.note),
            }
        case _:
            return value
