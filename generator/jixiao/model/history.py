"""History of declarations: the events that pages show, with dates and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from jixiao.i18n import Message


class HistoryEventKind(StrEnum):
    """Kinds of events of a declaration; the values are Chinese words."""

    PUBLISHED = "首次公开"
    CHANGED = "改动"
    RENAMED = "改了网址"
    WITHDRAWN = "撤下"
    RETURNED = "重新公开"


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEvent:
    """Commit that changed the published content of one declaration."""

    id: str
    """Present id of the declaration."""
    event_kind: HistoryEventKind
    commit: str
    time: str
    """Time of arrival on the main line, `2021-02-03T04:05:06+08:00`; empty if git does not know it."""
    kinds: tuple[str, ...] = ()
    """Kinds of change stated in the commits: 更正, 调整, 补充; empty if none is stated."""
    reasons: tuple[str, ...] = ()
    """Reasons stated in the commits, as typed."""
    former: str | None = None
    """Previous id, if the id has changed."""
    messages: tuple[Message, ...] = ()
    """Changes, field by field."""

    @property
    def day(self) -> str:
        """Day in the time zone of the commit, `2021-02-03`."""
        return self.time[:10]

    @property
    def year(self) -> int:
        """Year of the declaration."""
        return int(self.id[:4])

    @property
    def department(self) -> str:
        """Id of its department."""
        return self.id.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class History:
    """Events of all declarations of a site."""

    events: tuple[HistoryEvent, ...] = ()
    """Latest first."""
    missing_reason: Message | None = None
    """Reason why there is no history; `None` if there is one."""

    @cached_property
    def events_by_declaration(self) -> Mapping[str, tuple[HistoryEvent, ...]]:
        """Id → its events, latest first."""
        found: dict[str, list[HistoryEvent]] = {}
        for event in self.events:
            found.setdefault(event.id, []).append(event)
        return {identity: tuple(events) for identity, events in found.items()}

    def department_events(self, department: str) -> tuple[HistoryEvent, ...]:
        """Return the events of the declarations of one department, latest first."""
        return self._events_by_department.get(department, ())

    @cached_property
    def _events_by_department(self) -> Mapping[str, tuple[HistoryEvent, ...]]:
        found: dict[str, list[HistoryEvent]] = {}
        for event in self.events:
            found.setdefault(event.department, []).append(event)
        return {department: tuple(events) for department, events in found.items()}


NO_HISTORY = History()
"""History of a site that was not read from git."""
