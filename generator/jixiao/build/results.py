"""Results of declarations: for lists, reports and later builds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Final

from jixiao.analysis.summary import Summary, with_shared_values
from jixiao.build.cache import JsonFormat
from jixiao.i18n import Message
from jixiao.problems import Problem, has_error
from jixiao.verify.source_declaration import ListedDeclaration


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationResult:
    """Result of a declaration for lists, the report and the verification of lists."""

    summary: Summary | None
    """`None` when it cannot be read as a declaration."""
    listed: ListedDeclaration | None
    """The same for the verification; `None` where no pages were built."""
    problems: tuple[Problem, ...]
    """Without the advice that is counted."""
    advice_count: int
    advice: str
    """JSON of problems: there is so much of it that it is read only when it is listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationNotes:
    """Facts by which a later build decides whether a declaration has to be read."""

    signature: str
    """Of its file; empty where that had just changed."""
    checksum: str
    """Of its file."""
    continues: str | None
    form: str
    form_state: str


RESULT: Final = JsonFormat[DeclarationResult](DeclarationResult)
NOTES: Final = JsonFormat[DeclarationNotes](DeclarationNotes)
PROBLEMS: Final = JsonFormat[tuple[Problem, ...]](tuple[Problem, ...])


@dataclass(kw_only=True)
class DeclarationResults:
    """Results of all declarations, as they come."""

    lists_advice: bool
    """Whether advice is among the problems; a large site has so much of it that a build only counts it."""
    summaries: list[Summary] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unlisted_advice: int = 0
    """How much advice is not among the problems."""
    listed: list[ListedDeclaration] = field(default_factory=list)
    """Values of declarations as the verification reads them."""
    has_errors: bool = False

    def add(self, result: DeclarationResult) -> None:
        """Add a result; texts and counts that many declarations share are kept once."""
        self.add_problems(result.problems)
        if not self.lists_advice:
            self.unlisted_advice += result.advice_count
        elif result.advice_count:
            self.add_problems(PROBLEMS.read(result.advice))
        if result.summary is not None:
            self.summaries.append(with_shared_values(result.summary))
        if result.listed is not None:
            self.listed.append(_shared_listed(result.listed))

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Add problems."""
        for problem in problems:
            self.problems.append(replace(problem, hint=_shared_message(problem.hint)))
            self.has_errors = self.has_errors or has_error((problem,))

    def sort(self) -> None:
        """Sort the summaries by id, in whatever order they came."""
        self.summaries.sort(key=lambda summary: summary.id)


_tuples: dict[tuple[int, ...], tuple[int, ...]] = {}
_messages: dict[str, Message] = {}


def _shared_listed(listed: ListedDeclaration) -> ListedDeclaration:
    facts = {name: fact if name == "name" else intern(fact) for name, fact in listed.facts.items()}
    defects = _tuples.setdefault(listed.defects, listed.defects)
    return replace(listed, facts=facts, defects=defects, form=intern(listed.form))


def _shared_message(message: Message) -> Message:
    """Return one object for all equal messages without values: a large site has a hint many times."""
    return message if message.values else _messages.setdefault(message.template, message)
