"""Budget projects over the years: the declarations that belong to the same project.

A declaration continues the latest earlier one with the same department and project in its id. Where the id
has changed, `continues:` names the earlier declaration and takes precedence. Each declaration is continued by
at most one other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class PreviousNext(NamedTuple):
    """Previous and next declaration of the same project, for the page of a declaration."""

    project: str
    """Name of the project, see `Project.name`."""
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Declarations of one budget project in two years or more."""

    ids: tuple[str, ...]
    """Earliest first."""

    @property
    def name(self) -> str:
        """Department and project of the first declaration: the permanent part of the URL."""
        return _project_name(self.ids[0])

    def previous_next(self) -> Iterator[tuple[str, PreviousNext]]:
        """Yield each declaration with its previous and next one."""
        padded = (None, *self.ids, None)
        for before, identity, after in zip(padded, padded[1:], padded[2:], strict=False):
            if identity is not None:
                yield identity, PreviousNext(self.name, before, after)


def find_projects(ids: Iterable[str], continued_ids: Mapping[str, str]) -> tuple[Project, ...]:
    """Find the projects with declarations of two years or more, sorted by the id of the first.

    Args:
        ids: Ids of all declarations.
        continued_ids: Id of a declaration → id of the one that it names as continued.
    """
    earlier = map_continuations(ids, continued_ids)
    later = {before: identity for identity, before in earlier.items()}
    firsts = (before for before in later if before not in earlier)
    return tuple(Project(ids=tuple(_follow(first, later))) for first in sorted(firsts))


def map_continuations(ids: Iterable[str], continued_ids: Mapping[str, str]) -> Mapping[str, str]:
    """Map each continuing declaration to the earlier one that it continues; see `find_projects`."""
    known = sorted(ids)
    existing = set(known)
    later: dict[str, str] = {}
    for identity, before in sorted(continued_ids.items()):
        # The first continuation counts if several name the same declaration.
        if before in existing and is_earlier(before, identity):
            later.setdefault(before, identity)
    earlier = {identity: before for before, identity in later.items()}
    by_project: dict[str, list[str]] = {}
    for identity in known:
        by_project.setdefault(_project_name(identity), []).append(identity)
    for project_ids in by_project.values():
        earlier |= {
            identity: before
            for before, identity in pairwise(project_ids)
            if identity not in continued_ids and before not in later
        }
    return earlier


def is_earlier(first: str, second: str) -> bool:
    """Return whether the declaration *first* is of an earlier year than *second*."""
    return first.partition("/")[0] < second.partition("/")[0]


def _follow(first: str, later: Mapping[str, str]) -> Iterator[str]:
    identity: str | None = first
    while identity is not None:
        yield identity
        identity = later.get(identity)


def _project_name(identity: str) -> str:
    return identity.partition("/")[2]
