"""Events of each declaration, derived from the main line: published, changed, renamed, withdrawn, returned.

The main line is the published history, the first parents back from the current commit. Everything a merge
brings, commit messages included, counts as brought by the merge. A renamed declaration is known by its
current id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.history.git import REGULAR_MODES, Commit, GitFileChange, LoggedCommit, Repository
from jixiao.history.trailers import CHANGE_KIND_TITLES, read_statement
from jixiao.model.address_register import AddressRegister, is_declaration_id
from jixiao.model.history import HistoryEvent, HistoryEventKind
from jixiao.personal_data.text_patterns import mask_personal_data


@dataclass(frozen=True, kw_only=True)
class MainlineCommit:
    """Commit of the main line, with the changes it brings."""

    id: str
    time: str
    """Commit time, `2021-02-03T04:05:06+08:00`."""
    file_changes: tuple[GitFileChange, ...]
    """Files that differ from the previous commit."""
    commits: tuple[Commit, ...]
    """Commits whose messages describe the changes; this one, then those it merges."""


def read_mainline(repository: Repository, paths: Sequence[str]) -> Iterator[MainlineCommit]:
    """Yield the commits of the main line, earliest first, that change a file.

    Args:
        repository: The repository of the site.
        paths: Relative to the site; changes elsewhere are ignored.

    Raises:
        UserError: The repository cannot be read.
    """
    logged = {commit.id: commit for commit in repository.read_log()}
    touched = repository.list_file_changes([(one.id, *one.parents[:1]) for one in logged.values()], paths)
    line: list[LoggedCommit] = []
    here = next(iter(logged.values()), None)
    while here is not None:
        line.append(here)
        here = logged.get(here.parents[0]) if here.parents else None
    seen = {commit.id for commit in line}
    for commit in reversed(line):
        merged = [] if len(commit.parents) == 1 else _list_merged_commits(commit, logged, seen)
        files = touched.get(commit.id, ())
        if files:
            yield MainlineCommit(
                id=commit.id,
                time=commit.time,
                file_changes=files,
                commits=tuple(
                    Commit(
                        id=one.id,
                        body=one.body,
                        files=frozenset(file.path for file in touched.get(one.id, ())),
                    )
                    for one in (commit, *merged)
                ),
            )


def _list_merged_commits(
    merge: LoggedCommit, logged: dict[str, LoggedCommit], seen: set[str]
) -> list[LoggedCommit]:
    """List the commits that a merge brings to the main line and no earlier commit brought."""
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


DECLARATIONS_FOLDER = "content/declarations/"


@dataclass(frozen=True, kw_only=True)
class HistoryStep:
    """Event of a declaration, with its file before and after."""

    event: HistoryEvent
    before: str | None
    """Blob id of its file before; `None` if there was none."""
    after: str | None
    """Blob id of its file after; `None` if it was withdrawn."""


def find_steps(commits: Iterable[MainlineCommit], register: AddressRegister) -> Iterator[HistoryStep]:
    """Yield the events of all declarations, earliest first.

    Args:
        commits: The main line, earliest first.
        register: The address register, which lists renames.
    """
    files: dict[str, str] = {}
    told: set[str] = set()
    for brought in commits:
        changed = {
            identity: file
            for file in brought.file_changes
            if (identity := _find_declaration_id(file.path)) is not None
            and (file.mode in REGULAR_MODES or not file.blob_id)
        }
        gone = {identity for identity, file in changed.items() if not file.blob_id}
        renamed = {
            _follow_renames(old, register): old for old in gone if register.renamed.get(old) in changed
        }
        for path_id, file in changed.items():
            identity = _follow_renames(path_id, register)
            if path_id in renamed.values() and not file.blob_id:
                continue
            before, after = files.get(identity), file.blob_id or None
            if before is None and after is None:
                continue
            event = HistoryEvent(
                id=identity,
                event_kind=_classify_step(
                    before, after, is_known=identity in told, former=renamed.get(identity)
                ),
                commit=brought.id,
                time=brought.time,
                former=renamed.get(identity),
            )
            told.add(identity)
            if after is None:
                files.pop(identity, None)
            else:
                files[identity] = after
            paths = [file.path, *([f"{DECLARATIONS_FOLDER}{event.former}.yml"] if event.former else [])]
            statement = read_statement(paths, brought.commits)
            kinds = (
                *(CHANGE_KIND_TITLES[kind] for kind in statement.kinds),
                *map(mask_personal_data, statement.unknown_kinds),
            )
            reasons = tuple(map(mask_personal_data, statement.reasons))
            yield HistoryStep(event=replace(event, kinds=kinds, reasons=reasons), before=before, after=after)


def _classify_step(
    before: str | None, after: str | None, *, is_known: bool, former: str | None
) -> HistoryEventKind:
    if after is None:
        return HistoryEventKind.WITHDRAWN
    if before is None:
        return HistoryEventKind.RETURNED if is_known else HistoryEventKind.PUBLISHED
    return HistoryEventKind.CHANGED if former is None else HistoryEventKind.RENAMED


def _find_declaration_id(path: str) -> str | None:
    """Return the id of the declaration at a path, or `None` if the path cannot hold one."""
    if not path.startswith(DECLARATIONS_FOLDER) or not path.endswith(".yml"):
        return None
    identity = path.removeprefix(DECLARATIONS_FOLDER).removesuffix(".yml")
    return identity if is_declaration_id(identity) else None


def _follow_renames(identity: str, register: AddressRegister) -> str:
    """Follow renames to the current id; circular renames are reported by a check."""
    passed: set[str] = set()
    while identity in register.renamed and identity not in passed:
        passed.add(identity)
        identity = register.renamed[identity]
    return identity
