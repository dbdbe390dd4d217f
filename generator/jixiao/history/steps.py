"""Events of each declaration, derived from the main line: published, changed, renamed, withdrawn, returned.

The main line is the published history, the first parents back from the current commit. Everything a merge
brings, commit messages included, counts as brought by the merge. A renamed declaration is known by its
current id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    changes = repository.list_file_changes(
        [(commit.id, *commit.parents[:1]) for commit in logged.values()], paths
    )
    mainline: list[LoggedCommit] = []
    current = next(iter(logged.values()), None)
    while current is not None:
        mainline.append(current)
        current = logged.get(current.parents[0]) if current.parents else None
    seen = {commit.id for commit in mainline}
    for commit in reversed(mainline):
        commits = []
        for source in (commit, *_list_merged_commits(commit, logged, seen)):
            files = frozenset(file.path for file in changes.get(source.id, ()))
            commits.append(Commit(id=source.id, body=source.body, files=files))
        if changes.get(commit.id):
            yield MainlineCommit(
                id=commit.id,
                time=commit.time,
                file_changes=changes[commit.id],
                commits=tuple(commits),
            )


def _list_merged_commits(
    merge: LoggedCommit, logged: dict[str, LoggedCommit], seen: set[str]
) -> list[LoggedCommit]:
    """List the commits that a merge brings to the main line and no earlier commit brought."""
    merged: list[LoggedCommit] = []
    waiting = list(merge.parents[1:])
    while waiting:
        identity = waiting.pop()
        if identity in seen or identity not in logged:
            continue
        seen.add(identity)
        merged.append(logged[identity])
        waiting.extend(logged[identity].parents)
    return merged


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
    blobs: dict[str, str] = {}
    known_ids: set[str] = set()
    for commit in commits:
        changed = {
            identity: file
            for file in commit.file_changes
            if (identity := _find_declaration_id(file.path)) is not None
            and (file.mode in REGULAR_MODES or not file.blob_id)
        }
        renamed = {
            _follow_renames(old_id, register): old_id
            for old_id, file in changed.items()
            if not file.blob_id and register.renamed.get(old_id) in changed
        }
        for path_id, file in changed.items():
            identity = _follow_renames(path_id, register)
            if path_id in renamed.values() and not file.blob_id:
                continue
            before, after, former = blobs.get(identity), file.blob_id or None, renamed.get(identity)
            if before is None and after is None:
                continue
            if after is None:
                event_kind = HistoryEventKind.WITHDRAWN
                del blobs[identity]
            else:
                is_known = identity in known_ids
                event_kind = _classify_publication(before, is_known=is_known, is_renamed=former is not None)
                blobs[identity] = after
            known_ids.add(identity)
            paths = [file.path, *([f"{DECLARATIONS_FOLDER}{former}.yml"] if former else [])]
            statement = read_statement(paths, commit.commits)
            event = HistoryEvent(
                id=identity,
                event_kind=event_kind,
                commit=commit.id,
                time=commit.time,
                former=former,
                kinds=(
                    *(CHANGE_KIND_TITLES[kind] for kind in statement.kinds),
                    *map(mask_personal_data, statement.unknown_kinds),
                ),
                reasons=tuple(map(mask_personal_data, statement.reasons)),
            )
            yield HistoryStep(event=event, before=before, after=after)


def _classify_publication(before: str | None, *, is_known: bool, is_renamed: bool) -> HistoryEventKind:
    """Classify a commit that leaves a declaration published."""
    if before is None:
        return HistoryEventKind.RETURNED if is_known else HistoryEventKind.PUBLISHED
    return HistoryEventKind.RENAMED if is_renamed else HistoryEventKind.CHANGED


def _find_declaration_id(path: str) -> str | None:
    """Return the id of the declaration at a path, or `None` if the path cannot hold one."""
    if not path.startswith(DECLARATIONS_FOLDER) or not path.endswith(".yml"):
        return None
    identity = path.removeprefix(DECLARATIONS_FOLDER).removesuffix(".yml")
    return identity if is_declaration_id(identity) else None


def _follow_renames(identity: str, register: AddressRegister) -> str:
    """Follow renames to the current id; circular renames are reported by a check."""
    visited: set[str] = set()
    while identity in register.renamed and identity not in visited:
        visited.add(identity)
        identity = register.renamed[identity]
    return identity
