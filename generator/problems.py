"""What is wrong with the content, as values.

A mistake of an editor is never an exception: it is a `Problem` with the place where it stands, a message
that says what is, and a hint that says what to do, in the words of the form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from generator.words import Message


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
