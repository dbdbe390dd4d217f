"""What two states of a declaration differ in, in sentences; only what pages show counts.

Sums stay digit for digit; in all other words personal data is masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.check.examination import filed_in
from generator.model.catalogue import Filed
from generator.model.changes import MoneyChanged, WaiverChanged, changes_between
from generator.personal_data import masked
from generator.problems import Problem
from generator.review.wording import said
from generator.words import Message, message


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What they differ in."""

    sayings: tuple[Message, ...]
    is_readable: bool
    """Whether the later state is a declaration at all."""


def compare_pair(identity: str, before: bytes, after: bytes, names: Mapping[str, str]) -> Compared:
    """Compare two states of a declaration.

    Args:
        identity: The declaration.
        before: The file as it was.
        after: The file as it has become.
        names: What organisations are called, by id.
    """
    old, new = _state(identity, before), _state(identity, after)
    if not isinstance(new, Filed):
        return Compared(sayings=(message("这一次提交的文件读不出来，没有比较。"),), is_readable=False)
    if not isinstance(old, Filed):
        return Compared(sayings=(message("以前的文件读不出来，没有比较。"),), is_readable=True)
    changes = changes_between(old.declaration, new.declaration)
    sayings = (
        saying if isinstance(change, MoneyChanged) else _masked(saying)
        for change in changes
        if not isinstance(change, WaiverChanged)
        for saying in said(change, names)
    )
    return Compared(sayings=tuple(sayings), is_readable=True)


@lru_cache(maxsize=2)
def _state(identity: str, content: bytes) -> Filed | tuple[Problem, ...]:
    return filed_in(identity, f"content/declarations/{identity}.yml", content)


def _masked(saying: Message) -> Message:
    """Make personal data unusable: what was taken out of a declaration may not come back with its history."""
    return Message(saying.template, {name: _value(value) for name, value in saying.values.items()})


def _value(value: Message | str | tuple[str, ...]) -> Message | str | tuple[str, ...]:
    match value:
        case Message():
            return _masked(value)
        case tuple():
            return tuple(map(masked, value))
        case _:
            return masked(value)
