"""Pair the declarations of two states by their addresses, and say what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jixiao.analysis.diff import Change, changes_between
from jixiao.history.trailers import Statement
from jixiao.model.address_register import AddressBook
from jixiao.model.declaration import Declaration
from jixiao.review.snapshot import DECLARATIONS
from jixiao.text import Text


class Status(StrEnum):
    """What merging does to a declaration."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    """It has another address, and the old one leads on."""
    WITHDRAWN = "withdrawn"
    """The register says why."""
    LOST = "lost"
    """The file is gone, and the register does not say why."""
    REWRITTEN = "rewritten"
    """The file is written differently and says the same."""
    UNREADABLE = "unreadable"
    """One of the two states cannot be read, so nothing can be compared."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A declaration at one time."""

    content: bytes
    declaration: Declaration | None
    """`None` when today's reader cannot read it."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What became of one declaration."""

    id: str
    status: Status
    former: str | None = None
    """Its id before, where it has another one."""
    old: Declaration | None = None
    new: Declaration | None = None
    changes: tuple[Change, ...] = ()
    reason: Text | None = None
    """Why it was withdrawn, as the register says."""
    unreadable: tuple[str, ...] = ()
    """Which states cannot be read: `old`, `new`."""
    statement: Statement = field(default_factory=Statement)
    """What commits say about it."""
    is_committed: bool = True
    is_registered: bool = True
    """False where it looks renamed, by the name of the project, and the register does not say so."""

    @property
    def name(self) -> Text | None:
        """What the project is called, or was."""
        known = self.new or self.old
        return known.name if known else None

    @property
    def files(self) -> tuple[str, ...]:
        """Its files, now and before."""
        ids = (self.id,) if self.former is None else (self.former, self.id)
        return tuple(f"{DECLARATIONS}{identity}.yml" for identity in ids)


def compare(
    old: Mapping[str, State], new: Mapping[str, State], book: AddressBook, living: Collection[str]
) -> Iterator[Compared]:
    """Say what became of the declarations whose files differ, in the order of their addresses.

    Args:
        old: By id, those that differ, as they were.
        new: By id, those that differ, as they are.
        book: The register of addresses as it is.
        living: The ids of all files that are there now.
    """
    moved = dict(_moved(old, new, book, living))
    unregistered = dict(_moved_unregistered(old, new, book, moved))
    for identity in sorted({*old, *new}):
        if identity in moved.values() or identity in unregistered.values():
            continue
        if identity in unregistered:
            former = unregistered[identity]
            yield replace(_of_both(identity, old[former], new[identity], former), is_registered=False)
        elif identity in moved:
            yield _of_both(identity, old[moved[identity]], new[identity], former=moved[identity])
        elif identity in old and identity in new:
            if _as_lines(old[identity].content) != _as_lines(new[identity].content):
                yield _of_both(identity, old[identity], new[identity])
        elif identity in new:
            yield _added(identity, new[identity])
        else:
            yield _gone(identity, old[identity], book)


def _moved(
    old: Mapping[str, State], new: Mapping[str, State], book: AddressBook, living: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Pair what the register says was renamed, id now and before."""
    for former in old:
        target = book.renamed.get(former)
        if target is not None and target in new and target not in old and former not in living:
            yield target, former


def _moved_unregistered(
    old: Mapping[str, State], new: Mapping[str, State], book: AddressBook, moved: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Pair what came with what went, id now and before, where both have a name that no other one has."""
    known = {*book.renamed, *book.withdrawn, *moved, *moved.values()}
    gone = _by_name(old, {*new, *known})
    come = _by_name(new, {*old, *known})
    for name in sorted({*gone, *come}):
        if len(gone[name]) == len(come[name]) == 1:
            yield come[name][0], gone[name][0]


def _by_name(states: Mapping[str, State], without: Collection[str]) -> defaultdict[Text, list[str]]:
    ids: defaultdict[Text, list[str]] = defaultdict(list)
    for identity, state in states.items():
        if state.declaration and identity not in without:
            ids[state.declaration.name].append(identity)
    return ids


def _as_lines(content: bytes) -> bytes:
    """Leave the ends of lines out of the comparison: git may give a machine its own."""
    return content.replace(b"\r\n", b"\n")


def _of_both(identity: str, old: State, new: State, former: str | None = None) -> Compared:
    if old.declaration is None or new.declaration is None:
        states = (("old", old), ("new", new))
        return Compared(
            id=identity,
            former=former,
            status=Status.UNREADABLE,
            old=old.declaration,
            new=new.declaration,
            unreadable=tuple(name for name, state in states if state.declaration is None),
        )
    changes = changes_between(old.declaration, new.declaration)
    status = Status.CHANGED if changes else Status.REWRITTEN
    return Compared(
        id=identity,
        former=former,
        status=status if former is None else Status.RENAMED,
        old=old.declaration,
        new=new.declaration,
        changes=changes,
    )


def _added(identity: str, new: State) -> Compared:
    if new.declaration is None:
        return Compared(id=identity, status=Status.UNREADABLE, unreadable=("new",))
    return Compared(id=identity, status=Status.ADDED, new=new.declaration)


def _gone(identity: str, old: State, book: AddressBook) -> Compared:
    if identity in book.withdrawn:
        reason = book.withdrawn[identity]
        return Compared(id=identity, status=Status.WITHDRAWN, old=old.declaration, reason=reason)
    if identity in book.renamed:
        # Into one that was there before: there is no pair to compare.
        target = book.renamed[identity]
        return Compared(id=target, former=identity, status=Status.RENAMED, old=old.declaration)
    return Compared(id=identity, status=Status.LOST, old=old.declaration)
