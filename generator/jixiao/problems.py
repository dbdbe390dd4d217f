"""What is wrong with the content, as values.

A mistake of an editor is never an exception: it is a `Problem` with the place where it stands, a message
that says what is, and a hint that says what to do, in the words of the form.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from jixiao.i18n import Dictionary, Message, message
from jixiao.personal_data.text_patterns import masked


class Severity(StrEnum):
    """How much a problem weighs: nothing is published over an error."""

    ERROR = "error"
    WARNING = "warning"
    """Probably a slip: somebody should look at it before it is published."""
    ADVICE = "advice"
    """What was filed could be better: for the next declaration, since a filed text is not changed."""


class Place(NamedTuple):
    """A place in a source file. A tuple, because every word of every file has one."""

    file: str
    """Relative to the project folder, with `/` on every system."""
    line: int = 1
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing an editor has to mend."""

    rule: str
    """The name of the rule, the same in every language, e.g. `funds-do-not-add-up`."""
    place: Place
    message: Message
    hint: Message
    severity: Severity = Severity.ERROR


class Misread(ValueError):  # noqa: N818 - named for what it says; it never leaves the reader that catches it
    """A value that cannot be read: raised by the reader of the value, caught where its place is known."""

    def __init__(self, rule: str, saying: Message, hint: Message, within: tuple[str | int, ...] = ()) -> None:
        """Keep what the problem will say.

        Args:
            rule: The name of the rule.
            saying: What is.
            hint: What to do.
            within: The way from the value that was read to the part of it that is wrong.
        """
        super().__init__(rule)
        self.rule = rule
        self.saying = saying
        self.hint = hint
        self.within = within

    def at(self, place: Place) -> Problem:
        """Make it a problem at *place*."""
        return Problem(rule=self.rule, place=place, message=self.saying, hint=self.hint)


MOST_OF_FILE: Final = 1000
"""Problems of one file that are listed. Nobody mends so many one by one, and each takes time to be told."""


def is_advice(problem: Problem) -> bool:
    """Tell whether a problem is advice for the next declaration."""
    return problem.severity is Severity.ADVICE


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by file, line and column, so that an editor goes through a file once from top to bottom."""
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.rule)))


def stops_publishing(problems: Iterable[Problem]) -> bool:
    """Tell whether there is an error among *problems*."""
    return any(problem.severity is Severity.ERROR for problem in problems)


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
