"""A review as values of JSON: everything that is told, with sums as strings exactly as filed.

The shape is described in `docs/review-json.md`; fields are added to it, never taken away or renamed.
"""

from __future__ import annotations

from typing import Any

from jixiao.analysis.diff import (
    Change,
    FactChanged,
    IndicatorChanged,
    Mark,
    MarkChanged,
    MoneyChanged,
    OrderChanged,
    Sum,
    WaiverChanged,
)
from jixiao.i18n import Dictionary
from jixiao.model.declaration import Declaration, Row, Waiver
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import row_of
from jixiao.review.declaration_comparison import Compared
from jixiao.review.outcome import Review
from jixiao.text import Text

VERSION = 1
"""Of the shape."""
_KEPT = frozenset({"funding", "filed", "difference", "commit", "commits"})
"""Sums and ids of commits, which look like the number of a person by chance only."""
_WHAT = {
    FactChanged: "fact",
    MoneyChanged: "money",
    IndicatorChanged: "indicator",
    MarkChanged: "mark",
    OrderChanged: "order",
    WaiverChanged: "waiver",
}


def record(review: Review, words: Dictionary) -> Any:  # noqa: ANN401 - JSON
    """Give *review* as values of JSON, its sentences in the language of *words*, personal data masked."""
    compared = review.range
    return _masked(
        {
            "version": VERSION,
            "base": {"name": compared.base_name, "commit": compared.base},
            "head": {"commit": compared.head},
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
            return {name: inner if name in _KEPT else _masked(inner) for name, inner in value.items()}
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
        "changes": [_change(change) for change in compared.changes],
    }


def _declaration(declaration: Declaration | None) -> Any:  # noqa: ANN401 - JSON
    """Give a whole declaration where there is none to compare it with."""
    if declaration is None:
        return None
    return declaration.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _text(text: Text | None) -> str | None:
    return None if text is None else text.plain()


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"what": _WHAT[type(change)], "field": change.field}
    if isinstance(change, OrderChanged):
        return told
    told |= {"old": _value(change.old), "new": _value(change.new)}
    match change:
        case IndicatorChanged():
            told["aspect"] = str(change.aspect)
        case MoneyChanged():
            difference = change.difference
            told["difference"] = None if difference is None else f"{difference:f}"
            told["spelling_only"] = change.is_spelling
        case _:
            pass
    return told


def _value(value: str | Sum | Row | Mark | Waiver | None) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Sum():
            return {"filed": value.money.filed, "unit": value.unit}
        case Row(level1, level2, indicator):
            target = indicator.target
            return {
                "id": indicator.id,
                "name": indicator.name.plain(),
                "class": [level1, level2],
                "target": None if target is None else target.filed.plain(),
            }
        case Mark():
            return {
                "as_filed": value.as_filed.model_dump(mode="json") if value.as_filed else None,
                "defects": [str(defect) for defect in value.defects],
                "certainty": value.certainty.model_dump(mode="json", by_alias=True),
                "note": _text(value.note),
            }
        case Waiver():
            return value.model_dump(mode="json")
        case _:
            return value
