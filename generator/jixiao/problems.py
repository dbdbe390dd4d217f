"""Problems of the content as values, and their output as text, JSON and GitHub annotations.

A mistake of an editor is never an exception: it is a `Problem` with a place, a message, and a hint that says
how to correct it. Output masks personal data, because logs have more readers than the file itself. A command
that cannot go on raises a `UserError`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.personal_data.text_patterns import mask_personal_data


class Severity(StrEnum):
    """Weight of a problem. Errors prevent publication."""

    ERROR = "error"
    WARNING = "warning"
    """Probably a mistake; somebody should look at it before publication."""
    ADVICE = "advice"
    """Improvement for the next declaration, because a filed text is not changed."""


class Place(NamedTuple):
    """Position in a source file. A tuple, because every scalar of every file has one."""

    file: str
    """Path relative to the site's folder, with `/` on every system."""
    line: int = 1
    """Line, counted from 1."""
    column: int = 1
    """Column in characters, counted from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing an editor has to correct."""

    rule: str
    """Name of the rule, the same in every language, e.g. `funds-do-not-add-up`."""
    place: Place
    message: Message
    hint: Message
    severity: Severity = Severity.ERROR


class ReadError(ValueError):
    """A value or a file cannot be used as it is; raised by its reader and caught where the place is known."""

    def __init__(self, rule: str, message: Message, hint: Message, path: tuple[str | int, ...] = ()) -> None:
        """Store the parts of the later problem.

        Args:
            rule: The name of the rule.
            message: The mistake.
            hint: How to correct it.
            path: The path from the value that was read to its wrong part.
        """
        super().__init__(rule)
        self.rule = rule
        self.message = message
        self.hint = hint
        self.path = path

    def to_problem(self, place: Place) -> Problem:
        """Return the problem at *place*."""
        return Problem(rule=self.rule, place=place, message=self.message, hint=self.hint)


EXIT_PROBLEMS: Final = 1
"""Exit code for problems in the content, and for a request that conflicts with existing files."""
EXIT_UNUSABLE: Final = 2
"""Exit code for wrong use, a broken installation, or a disk or program that fails."""


class UserError(Exception):
    """End of a command for a reason that its user can understand.

    Raised anywhere and printed in one place, the command group in `jixiao.cli.app`. Any other exception that
    ends a command is a bug.
    """

    def __init__(
        self,
        message: Message,
        details: str | Message = "",
        *,
        hint: Message | None = None,
        places: tuple[tuple[str, Message], ...] = (),
        exit_code: int = EXIT_UNUSABLE,
    ) -> None:
        """Store the parts of the report.

        Args:
            message: The reason in one sentence.
            details: Output of the failing program, unchanged, or an explanation.
            hint: What the user can do, or what has stayed as it was.
            places: Files of the site, each with its problem.
            exit_code: Exit code of the command.
        """
        # One argument, so that a process can receive the error from its worker: pickling restores the rest.
        super().__init__(message)
        self.message = message
        self.details = details
        self.hint = hint
        self.places = places
        self.exit_code = exit_code


MAX_PROBLEMS_PER_FILE: Final = 1000
"""Limit of problems listed for one file, since nobody corrects that many one by one."""


def is_advice(problem: Problem) -> bool:
    """Return whether a problem is advice for the next declaration."""
    return problem.severity is Severity.ADVICE


def sort_by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file, line and column, so that a file can be corrected from top to bottom."""
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.rule)))


def has_error(problems: Iterable[Problem]) -> bool:
    """Return whether any of *problems* is an error, which prevents publication."""
    return any(problem.severity is Severity.ERROR for problem in problems)


_OTHER_CI_COMMAND = re.compile(r"#(?=#\w*\[)")
"""Start of older GitHub commands (`##[error]`) and of other CI systems (`##vso[…]`)."""


SEVERITY_NAMES: Final = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.ADVICE: "改进建议"}
"""Chinese names of the severities; the interface catalogues translate them."""
_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
"""GitHub's levels of annotations."""


class ProblemFormat(StrEnum):
    """Output format of problems."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def format_problems(
    problems: Iterable[Problem], output_format: ProblemFormat, catalogue: TranslationCatalogue
) -> Iterator[str]:
    """Format *problems* as lines of text in the language of *catalogue*."""
    match output_format:
        case ProblemFormat.TEXT:
            yield from _format_as_text(problems, catalogue)
        case ProblemFormat.JSON:
            yield format_json([problem_to_dict(problem, catalogue) for problem in problems])
        case ProblemFormat.GITHUB:
            yield from _format_as_annotations(problems, catalogue)


def format_check_summary(
    severity_counts: Counter[Severity], checked: int, catalogue: TranslationCatalogue
) -> str:
    """Return the result of a check in one line.

    Args:
        severity_counts: The number of problems of each severity.
        checked: The number of declarations that were read.
        catalogue: The language of the line.
    """
    if not any(severity_counts.values()):
        return message("{checked} 份申报表，没有发现问题", checked=str(checked)).translate(catalogue)
    counts = {
        "checked": str(checked),
        "errors": str(severity_counts[Severity.ERROR]),
        "warnings": str(severity_counts[Severity.WARNING]),
    }
    if not severity_counts[Severity.ADVICE]:
        return message("{checked} 份申报表，{errors} 处错误，{warnings} 处提醒", **counts).translate(
            catalogue
        )
    return message(
        "{checked} 份申报表，{errors} 处错误，{warnings} 处提醒，{advice} 条改进建议",
        **counts,
        advice=str(severity_counts[Severity.ADVICE]),
    ).translate(catalogue)


def _format_as_text(problems: Iterable[Problem], catalogue: TranslationCatalogue) -> Iterator[str]:
    last_hint = ""
    # Errors must not be hidden among advice. The sort is stable and keeps the order of the files.
    for problem in sorted(problems, key=lambda problem: problem.severity is Severity.ADVICE):
        place = f"{problem.place.file}:{problem.place.line}:{problem.place.column}"
        text = escape_for_terminal(_translate_and_mask(problem.message, catalogue))
        severity = catalogue.translate(SEVERITY_NAMES[problem.severity])
        yield f"{escape_for_terminal(place)}: {severity}: {text} [{problem.rule}]"
        hint = escape_for_terminal(_translate_and_mask(problem.hint, catalogue))
        # Advice comes in dozens, so a hint is not repeated.
        if problem.severity is not Severity.ADVICE or hint != last_hint:
            yield f"    {catalogue.translate('建议')}: {hint}"
        last_hint = hint


def problem_to_dict(problem: Problem, catalogue: TranslationCatalogue) -> dict[str, str | int | bool]:
    """Return a problem as JSON values in the language of *catalogue*."""
    return {
        "rule": problem.rule,
        "severity": str(problem.severity),
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": _translate_and_mask(problem.message, catalogue),
        "hint": _translate_and_mask(problem.hint, catalogue),
    }


def format_json(value: object) -> str:
    """Serialise *value* as JSON with control characters and CI commands escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # Both occur inside strings only, where a reader of JSON restores them.
    escaped = "".join(
        mark if mark.isprintable() or mark == "\n" else json.dumps(mark)[1:-1] for mark in written
    )
    return _OTHER_CI_COMMAND.sub(r"\\u0023", escaped)


def _format_as_annotations(problems: Iterable[Problem], catalogue: TranslationCatalogue) -> Iterator[str]:
    for problem in problems:
        file, line, column = problem.place.file, problem.place.line, problem.place.column
        place = f"file={_escape_annotation_property(file)},line={line},col={column}"
        text = "\n".join(_translate_and_mask(part, catalogue) for part in (problem.message, problem.hint))
        level = _GITHUB_LEVELS[problem.severity]
        title = _escape_annotation_property(problem.rule)
        yield f"::{level} {place},title={title}::{_escape_annotation_text(text)}"


def _translate_and_mask(message: Message, catalogue: TranslationCatalogue) -> str:
    """Translate a message and mask personal data that it may quote."""
    return mask_personal_data(message.translate(catalogue))


def escape_for_terminal(text: str) -> str:
    """Escape unprintable characters and CI commands, so that no text controls a terminal or CI."""
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
    return _OTHER_CI_COMMAND.sub(r"\\x23", shown)


def _escape_annotation_text(text: str) -> str:
    """Escape text for a GitHub workflow command by the rules of GitHub's runner."""
    return "\n".join(map(escape_for_terminal, text.split("\n"))).replace("%", "%25").replace("\n", "%0A")


def _escape_annotation_property(text: str) -> str:
    return _escape_annotation_text(text).replace(":", "%3A").replace(",", "%2C")
