"""A review as values of JSON: everything that is told, with sums as strings exactly as filed.

The shape is described in `generator/README.md`; fields are added to it, never taken away or renamed.
"""

from __future__ import annotations

from typing import Any

from generator.model.changes import (
    Change,
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
from generator.model.declaration import Declaration, Row
from generator.model.target import Target
from generator.personal_data import masked
from generator.report import row_of
from generator.review.comparison import Compared
from generator.review.outcome import Review
from generator.text import Text
from generator.words import Dictionary

VERSION = 1
"""Of the shape."""
_WHAT = {
    FactChanged: "fact",
    MoneyChanged: "money",
    GoalChanged: "goal",
    IndicatorAdded: "indicator-added",
    IndicatorDropped: "indicator-dropped",
    IndicatorMoved: "indicator-moved",
    IndicatorIdChanged: "indicator-id",
    IndicatorRenamed: "indicator-name",
    TargetChanged: "target",
    MarkChanged: "mark",
    OrderChanged: "order",
    WaiverAdded: "waiver-added",
    WaiverRemoved: "waiver-removed",
}


def record(review: Review, words: Dictionary) -> Any:  # noqa: ANN401 - JSON
    """Give *review* as values of JSON, its sentences in the language of *words*, personal data masked."""
    compared = review.range
    return _masked(
        {
            "version": VERSION,
            "base": {"name": compared.base_name, "commit": compared.base},
            "head": {"name": compared.head_name, "commit": compared.head},
            "remark": compared.remark.say(words) if compared.remark else None,
            "declarations": [_compared(one) for one in review.declarations],
            "registers": [
                {
                    "file": change.file,
                    "field": change.field,
                    "old": change.old,
                    "new": change.new,
                    "saying": change.saying.say(words),
                }
                for change in review.registers
            ],
            "problems": [{**row_of(found.problem, words), "new": found.is_new} for found in review.problems],
            "questions": [
                {
                    "asked": str(question.asked),
                    "declaration": question.declaration,
                    "field": question.field,
                    "saying": question.saying.say(words),
                }
                for question in review.questions
            ],
            "not_read": [{"file": one.file, "saying": one.saying.say(words)} for one in review.not_read],
        }
    )


def _masked(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return masked(value)
        case dict():
            return {name: _masked(inner) for name, inner in value.items()}
        case list():
            return [_masked(inner) for inner in value]
        case _:
            return value


def _compared(compared: Compared) -> dict[str, Any]:
    statement = compared.statement
    return {
        "id": compared.id,
        "former": compared.former,
        "status": str(compared.status),
        "name": _text(compared.name),
        "reason": _text(compared.reason),
        "unreadable": list(compared.unreadable),
        "kinds": [str(kind) for kind in statement.kinds],
        "unknown_kinds": list(statement.unknown),
        "reasons": list(statement.reasons),
        "commits": list(statement.commits),
        "committed": compared.is_committed,
        "old": _declaration(compared.old) if compared.new is None else None,
        "new": _declaration(compared.new) if compared.old is None else None,
        "changes": [
            {"what": _WHAT[type(change)], "field": change.field, **_facts(change)}
            for change in compared.changes
        ],
    }


def _declaration(declaration: Declaration | None) -> Any:  # noqa: ANN401 - JSON
    """Give a whole declaration where there is none to compare it with."""
    if declaration is None:
        return None
    return declaration.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _text(text: Text | str | None) -> str | None:
    return text.plain() if isinstance(text, Text) else text


def _facts(change: Change) -> dict[str, Any]:
    match change:
        case FactChanged() | GoalChanged():
            return {"old": _text(change.old), "new": _text(change.new)}
        case MoneyChanged():
            difference = change.difference
            return {
                "old": _sum(change.old),
                "new": _sum(change.new),
                "difference": None if difference is None else f"{difference:f}",
                "spelling_only": change.is_spelling,
            }
        case MarkChanged():
            return {"name": _text(change.name), "old": _mark(change.old), "new": _mark(change.new)}
        case OrderChanged():
            return {}
        case WaiverAdded(waiver=waiver) | WaiverRemoved(waiver=waiver):
            return {"waiver": waiver.model_dump(mode="json")}
        case _:
            return {**_row(change.row), **_before(change)}


def _before(change: Change) -> dict[str, Any]:
    match change:
        case IndicatorMoved(old=(level1, level2)):
            return {"old": [level1, level2]}
        case IndicatorIdChanged(old=former):
            return {"old": former}
        case IndicatorRenamed(old=name):
            return {"old": name.plain()}
        case TargetChanged(old=target):
            return {"old": _target(target)}
        case _:
            return {}


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.indicator.id,
        "name": row.indicator.name.plain(),
        "class": [row.level1, row.level2],
        "target": _target(row.indicator.target),
    }


def _target(target: Target | None) -> str | None:
    return None if target is None else target.filed.plain()


def _sum(filed: Sum | None) -> dict[str, str | None] | None:
    return None if filed is None else {"filed": filed.money.filed, "unit": filed.unit}


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {
        "as_filed": mark.as_filed.model_dump(mode="json") if mark.as_filed else None,
        "defects": [str(defect) for defect in mark.defects],
        "certainty": mark.certainty.model_dump(mode="json", by_alias=True),
        "note": _text(mark.note),
    }
