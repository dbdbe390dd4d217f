"""Problems as values of JSON, for what is kept from one build to the next."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from jixiao.i18n import Message
from jixiao.problems import Place, Problem, Severity

_MESSAGE: Final = "message"
"""The key under which a message stands that is a value of another."""
_SEVERITIES = {str(severity): severity for severity in Severity}


def record_of(problems: Iterable[Problem]) -> list[Any]:
    """Give *problems* as values of JSON, to be read by `read_record`."""
    return [
        [
            problem.rule,
            [problem.place.file, problem.place.line, problem.place.column],
            message_record(problem.message),
            message_record(problem.hint),
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
            message=read_message(saying),
            hint=read_message(hint),
            severity=_SEVERITIES[severity],
        )
        for rule, place, saying, hint, severity in record
    )


def message_record(message: Message) -> list[Any]:
    """Give the template, and behind it the name and the value of each of its names."""
    record: list[Any] = [message.template]
    for name, value in message.values.items():
        record += (name, {_MESSAGE: message_record(value)} if isinstance(value, Message) else value)
    return record


def read_message(record: list[Any]) -> Message:
    """Read what `message_record` gave."""
    if len(record) == 1:
        return _bare(record[0])
    return Message(record[0], dict(zip(record[1::2], map(_read_value, record[2::2]), strict=True)))


@cache
def _bare(template: str) -> Message:
    """Give one message without values for all that say it: a large site holds the same hint many times."""
    return Message(template)


def _read_value(value: Any) -> Message | str | tuple[str, ...]:  # noqa: ANN401 - JSON
    match value:
        case str():
            return value
        case dict():
            return read_message(value[_MESSAGE])
        case _:
            return tuple(value)
