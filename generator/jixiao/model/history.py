"""The history of declarations: when each was published, and what changed since, as pages tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from jixiao.i18n import Message


class Happening(StrEnum):
    """What happened to a declaration; the values are Chinese words."""

    PUBLISHED = "首次公开"
    CHANGED = "改动"
    RENAMED = "改了网址"
    WITHDRAWN = "撤下"
    RETURNED = "重新公开"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One commit that changed what readers see of one declaration."""

    id: str
    """The declaration, by its present id."""
    happening: Happening
    commit: str
    time: str
    """When it came onto the main line, `2021-02-03T04:05:06+08:00`; empty where git cannot tell."""
    kinds: tuple[str, ...] = ()
    """更正, 调整, 补充, as the commits say; nothing where none says."""
    reasons: tuple[str, ...] = ()
    """As typed."""
    former: str | None = None
    """The id before, where it has got another one."""
    sayings: tuple[Message, ...] = ()
    """What changed, field by field."""

    @property
    def day(self) -> str:
        """The day in the time zone of the commit, `2021-02-03`."""
        return self.time[:10]

    @property
    def year(self) -> int:
        """The year that the declaration is about."""
        return int(self.id[:4])

    @property
    def department(self) -> str:
        """The id of its department."""
        return self.id.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class History:
    """All that git tells of the declarations of a project."""

    events: tuple[Event, ...] = ()
    """Latest first."""
    missing: Message | None = None
    """Why there is no history; `None` where there is one."""

    @cached_property
    def by_declaration(self) -> Mapping[str, tuple[Event, ...]]:
        """Id → its events, latest first."""
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.id, []).append(event)
        return {identity: tuple(events) for identity, events in found.items()}

    def of_department(self, department: str) -> tuple[Event, ...]:
        """List the events of the declarations of one department, latest first."""
        return self._by_department.get(department, ())

    @cached_property
    def _by_department(self) -> Mapping[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.department, []).append(event)
        return {department: tuple(events) for department, events in found.items()}


NO_HISTORY = History()
"""Of a project that nobody has asked git about."""
