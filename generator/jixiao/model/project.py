"""Projects through the years: which declarations speak of the same project.

A declaration continues the last one before it that has the same department and project in its address. Where
the address has changed, `continues:` names the earlier declaration, and what is stated goes before what only
has the same address. A declaration is continued by one at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Neighbours(NamedTuple):
    """The declarations of the same project before and after one, as its page names them."""

    project: str
    """Its name, see `Project.name`."""
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """The declarations of one project in two years or more."""

    ids: tuple[str, ...]
    """Earliest first."""

    @property
    def name(self) -> str:
        """Department and project of the first: the permanent part of its address."""
        return _project_in(self.ids[0])

    def neighbours(self) -> Iterator[tuple[str, Neighbours]]:
        """Give each declaration with those around it."""
        whole = (None, *self.ids, None)
        for before, identity, after in zip(whole, whole[1:], whole[2:], strict=False):
            if identity is not None:
                yield identity, Neighbours(self.name, before, after)


def projects_of(ids: Iterable[str], stated: Mapping[str, str]) -> tuple[Project, ...]:
    """Find the projects with declarations of two years or more, sorted by the id of the first.

    Args:
        ids: Of all declarations.
        stated: Declaration → the one that it says it continues.
    """
    earlier = continued_by(ids, stated)
    later = {before: identity for identity, before in earlier.items()}
    firsts = (before for before in later if before not in earlier)
    return tuple(Project(ids=tuple(_from(first, later))) for first in sorted(firsts))


def continued_by(ids: Iterable[str], stated: Mapping[str, str]) -> Mapping[str, str]:
    """Map each declaration that continues an earlier one to that earlier one; see `projects_of`."""
    known = sorted(ids)
    earlier = _possible(known, stated) if stated else {}
    taken = set(earlier.values())
    by_project: dict[str, list[str]] = {}
    for identity in known:
        by_project.setdefault(_project_in(identity), []).append(identity)
    for of_project in by_project.values():
        for before, identity in pairwise(of_project):
            if identity not in stated and before not in taken:
                earlier[identity] = before
    return earlier


def is_earlier(one: str, other: str) -> bool:
    """Tell whether the first declaration is of an earlier year than the second."""
    return one.partition("/")[0] < other.partition("/")[0]


def _possible(known: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Leave out what cannot be: of a declaration that is not there, not earlier, or continued already."""
    there = set(known)
    later: dict[str, str] = {}
    for identity, before in sorted(stated.items()):
        if before in there and is_earlier(before, identity):
            later.setdefault(before, identity)
    return {identity: before for before, identity in later.items()}


def _from(first: str, later: Mapping[str, str]) -> Iterator[str]:
    identity: str | None = first
    while identity is not None:
        yield identity
        identity = later.get(identity)


def _project_in(identity: str) -> str:
    return identity.partition("/")[2]
