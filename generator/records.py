"""Problems as values of JSON, for what is kept from one build to the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.problems import Place, Problem, Severity
from generator.words import Message


def record_of(problems: Iterable[Problem]) -> list[Any]:
    """Give *problems* as values of JSON, to be read by `read_record`."""
    return [
        [
            problem.rule,
            [problem.place.file, problem.place.line, problem.place.column],
            _message(problem.message),
            _message(problem.hint),
            problem.severity,
        ]
        for problem in problems
    ]


def read_record(record: list[Any]) -> tuple[Problem, ...]:
    """Read what `record_of` gave."""
    return tuple(
        Problem(
            rule=rule,
            place=Place(*place),
            message=_read_message(saying),
            hint=_read_message(hint),
            severity=Severity(severity),
        )
        for rule, place, saying, hint, severity in record
    )


def _message(message: Message) -> dict[str, Any]:
    values = {
        name: _message(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return {"template": message.template, "values": values}


def _read_message(record: dict[str, Any]) -> Message:
    return Message(record["template"], {name: _read_value(value) for name, value in record["values"].items()})


def _read_value(value: Any) -> Message | str | tuple[str, ...]:  # noqa: ANN401 - JSON
    match value:
        case dict():
            return _read_message(value)
        case list():
            return tuple(value)
        case _:
            return str(value)
