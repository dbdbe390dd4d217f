"""Problems on paper: for a person, for a program, for a pull request on GitHub.

Reports stand in logs that more people read than the file itself, so personal data that was typed by mistake
is masked in them, whichever rule quotes it.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final

from generator.personal_data import masked
from generator.problems import Problem, Severity
from generator.words import Dictionary, Message, message

_OF_OTHER_CI = re.compile(r"#(?=#\w*\[)")
"""GitHub's older commands (`##[error]`) and those of others (`##vso[…]`) work anywhere in a line."""


SEVERITIES: Final = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.ADVICE: "改进建议"}
"""Chinese words; other languages through the interface words."""
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
"""What GitHub calls them."""


class Format(StrEnum):
    """How problems are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def report(problems: Iterable[Problem], form: Format, words: Dictionary) -> Iterator[str]:
    """Write *problems* line by line in the language of *words*."""
    writers: dict[Format, Callable[[Iterable[Problem], Dictionary], Iterator[str]]] = {
        Format.TEXT: _text,
        Format.JSON: _json,
        Format.GITHUB: _github,
    }
    return writers[form](problems, words)


def summary(number_of: Counter[Severity], checked: int, words: Dictionary) -> str:
    """Say in one line how the check ended.

    Args:
        number_of: How many problems were found of each severity.
        checked: The number of declarations that were read.
        words: The language to say it in.
    """
    if not any(number_of.values()):
        return message("{checked} 份申报表，没有发现问题", checked=str(checked)).say(words)
    counts = {
        "checked": str(checked),
        "errors": str(number_of[Severity.ERROR]),
        "warnings": str(number_of[Severity.WARNING]),
    }
    if not number_of[Severity.ADVICE]:
        return message("{checked} 份申报表，{errors} 处错误，{warnings} 处提醒", **counts).say(words)
    return message(
        "{checked} 份申报表，{errors} 处错误，{warnings} 处提醒，{advice} 条改进建议",
        **counts,
        advice=str(number_of[Severity.ADVICE]),
    ).say(words)


def _text(problems: Iterable[Problem], words: Dictionary) -> Iterator[str]:
    said_before = ""
    # Whoever has an error to mend must not look for it among advice. The sort keeps the order of the files.
    for problem in sorted(problems, key=lambda problem: problem.severity is Severity.ADVICE):
        place = f"{problem.place.file}:{problem.place.line}:{problem.place.column}"
        said = one_line(_said(problem.message, words))
        yield f"{one_line(place)}: {words.say(SEVERITIES[problem.severity])}: {said} [{problem.rule}]"
        hint = one_line(_said(problem.hint, words))
        # Advice comes in dozens: what was just said is not said again.
        if problem.severity is not Severity.ADVICE or hint != said_before:
            yield f"    {words.say('建议')}: {hint}"
        said_before = hint


def _json(problems: Iterable[Problem], words: Dictionary) -> Iterator[str]:
    yield json_text([row_of(problem, words) for problem in problems])


def row_of(problem: Problem, words: Dictionary) -> dict[str, str | int | bool]:
    """Give a problem as values of JSON."""
    return {
        "rule": problem.rule,
        "severity": str(problem.severity),
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": _said(problem.message, words),
        "hint": _said(problem.hint, words),
    }


def json_text(value: object) -> str:
    """Write values as JSON in which no text speaks to a terminal or to CI."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # Both stand inside strings only, and a reader of JSON gets back what was replaced.
    unseen = "".join(
        mark if mark.isprintable() or mark == "\n" else json.dumps(mark)[1:-1] for mark in written
    )
    return _OF_OTHER_CI.sub(r"\\u0023", unseen)


def _github(problems: Iterable[Problem], words: Dictionary) -> Iterator[str]:
    for problem in problems:
        file, line, column = problem.place.file, problem.place.line, problem.place.column
        place = f"file={_property(file)},line={line},col={column}"
        said = f"{_said(problem.message, words)}\n{_said(problem.hint, words)}"
        order = _ANNOTATIONS[problem.severity]
        yield f"::{order} {place},title={_property(problem.rule)}::{_workflow_data(said)}"


def _said(sentence: Message, words: Dictionary) -> str:
    """Say a sentence without the personal data that it may quote."""
    return masked(sentence.say(words))


def one_line(text: str) -> str:
    """Show what cannot be printed, so that no text speaks to the terminal or to CI (`::error`, escapes)."""
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
    return _OF_OTHER_CI.sub(r"\\x23", shown)


def _workflow_data(text: str) -> str:
    """Escape text for a GitHub workflow command, after the runner's own rules."""
    return "\n".join(map(one_line, text.split("\n"))).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _workflow_data(text).replace(":", "%3A").replace(",", "%2C")
