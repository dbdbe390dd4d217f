"""Budget projects over the years: the declarations that belong to the same project.

A declaration continues the latest earlier one with the same department and project in its id. Where the id
has changed, `continues:` names the earlier declaration and takes precedence. Each declaration is continued by
at most one other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        whole = (None, *self.ids, None)
        for before, identity, after in zip(whole, whole[1:], whole[2:], strict=False):
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
    earlier = _possible_continuations(known, continued_ids) if continued_ids else {}
    taken = set(earlier.values())
    by_project: dict[str, list[str]] = {}
    for identity in known:
        by_project.setdefault(_project_name(identity), []).append(identity)
    for of_project in by_project.values():
        for before, identity in pairwise(of_project):
            if identity not in continued_ids and before not in taken:
                earlier[identity] = before
    return earlier


def is_earlier(one: str, other: str) -> bool:
    """Return whether the first declaration is of an earlier year than the second."""
    return one.partition("/")[0] < other.partition("/")[0]


def _possible_continuations(known: Sequence[str], continued_ids: Mapping[str, str]) -> dict[str, str]:
    """Keep the stated continuations that are possible, at most one for each earlier declaration."""
    there = set(known)
    later: dict[str, str] = {}
    for identity, before in sorted(continued_ids.items()):
        if before in there and is_earlier(before, identity):
            later.setdefault(before, identity)
    return {identity: before for before, identity in later.items()}


def _follow(first: str, later: Mapping[str, str]) -> Iterator[str]:
    identity: str | None = first
    while identity is not None:
        yield identity
        identity = later.get(identity)


def _project_name(identity: str) -> str:
    return identity.partition("/")[2]
