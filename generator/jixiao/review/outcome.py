"""The outcome of a review: everything that is told, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jixiao.i18n import Message
from jixiao.problems import Problem
from jixiao.review.change_questions import Question
from jixiao.review.declaration_comparison import Compared
from jixiao.review.register_changes import RegisterChange
from jixiao.review.snapshot import NotRead


@dataclass(frozen=True, kw_only=True)
class Range:
    """What is compared with what."""

    base_name: str
    """As it was asked for."""
    base: str
    """The commit that stands for it."""
    head: str | None
    """The last commit below the working tree; `None` where nothing was committed yet."""
    head_name: str | None = None
    """The branch that is proposed, where it is a commit and not the working tree that is compared."""
    remark: Message | None = None
    """Why another commit than the one that was asked for is the base."""


@dataclass(frozen=True, kw_only=True)
class FoundProblem:
    """A problem of the content as it is now."""

    problem: Problem
    is_new: bool
    """Whether the base has not got it."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """What merging would change."""

    range: Range
    declarations: tuple[Compared, ...]
    registers: tuple[RegisterChange, ...]
    problems: tuple[FoundProblem, ...]
    questions: tuple[Question, ...]
    not_read: tuple[NotRead, ...]
    names: Mapping[str, str]
    """What organisations are called, by id: those of both states."""
