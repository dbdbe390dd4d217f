"""The commits of the main line, earliest first, each with what it brought.

The main line is what was published: the first parents from the present commit back. Whatever a merge brings,
with all that its commits say, counts as brought by the merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jixiao.history.git import Commit, LoggedCommit, Repository, Touched


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A commit of the main line."""

    id: str
    time: str
    """Of the commit, `2021-02-03T04:05:06+08:00`."""
    touched: tuple[Touched, ...]
    """What is other than in the commit before."""
    commits: tuple[Commit, ...]
    """Those that speak about it: the commit itself, then what it merges."""


def mainline(repository: Repository, paths: Sequence[str]) -> Iterator[Brought]:
    """Walk the main line from its beginning.

    Args:
        repository: Of the project.
        paths: Of the project; what lies elsewhere is not looked at.

    Raises:
        NoGit: The repository cannot be read.
    """
    logged = {commit.id: commit for commit in repository.log()}
    touched = repository.touched([(one.id, *one.parents[:1]) for one in logged.values()], paths)
    line: list[LoggedCommit] = []
    here = next(iter(logged.values()), None)
    while here is not None:
        line.append(here)
        here = logged.get(here.parents[0]) if here.parents else None
    seen = {commit.id for commit in line}
    for commit in reversed(line):
        merged = [] if len(commit.parents) == 1 else _merged(commit, logged, seen)
        files = touched.get(commit.id, ())
        if files:
            yield Brought(
                id=commit.id,
                time=commit.time,
                touched=files,
                commits=tuple(
                    Commit(
                        id=one.id,
                        body=one.body,
                        files=frozenset(file.path for file in touched.get(one.id, ())),
                    )
                    for one in (commit, *merged)
                ),
            )


def _merged(merge: LoggedCommit, logged: dict[str, LoggedCommit], seen: set[str]) -> list[LoggedCommit]:
    """Give what a merge brings that nothing before it has brought; each is given once."""
    found: list[LoggedCommit] = []
    waiting = list(merge.parents[1:])
    while waiting:
        identity = waiting.pop()
        if identity in seen or identity not in logged:
            continue
        seen.add(identity)
        found.append(logged[identity])
        waiting.extend(logged[identity].parents)
    return found
