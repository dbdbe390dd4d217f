"""What happened to each declaration, commit by commit: published, changed, renamed, withdrawn, returned.

A declaration that has another address now is known by its present one, as the register of addresses says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from jixiao.history.commits import Brought
from jixiao.history.diff_messages import KINDS
from jixiao.history.git import REGULAR
from jixiao.history.trailers import statement_on
from jixiao.model.address_register import AddressBook, is_identity
from jixiao.model.history import Event, Happening
from jixiao.personal_data.text_patterns import masked

DECLARATIONS = "content/declarations/"


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened to a declaration, and the files by which it shows."""

    event: Event
    before: str | None
    """The id in git of its file before; `None` where there was none."""
    after: str | None
    """The id in git of its file since; `None` where it was withdrawn."""


def steps_of(line: Iterable[Brought], book: AddressBook) -> Iterator[Step]:
    """Tell what happened, earliest first.

    Args:
        line: The main line from its beginning.
        book: Which addresses were renamed.
    """
    files: dict[str, str] = {}
    told: set[str] = set()
    for brought in line:
        changed = {
            identity: file
            for file in brought.touched
            if (identity := _identity(file.path)) is not None and (file.mode in REGULAR or not file.blob)
        }
        gone = {identity for identity, file in changed.items() if not file.blob}
        renamed = {_present(old, book): old for old in gone if book.renamed.get(old) in changed}
        for path_id, file in changed.items():
            identity = _present(path_id, book)
            if path_id in renamed.values() and not file.blob:
                continue
            before, after = files.get(identity), file.blob or None
            if before is None and after is None:
                continue
            event = Event(
                id=identity,
                happening=_happening(before, after, is_told=identity in told, was=renamed.get(identity)),
                commit=brought.id,
                time=brought.time,
                former=renamed.get(identity),
            )
            told.add(identity)
            if after is None:
                files.pop(identity, None)
            else:
                files[identity] = after
            paths = [file.path, *([f"{DECLARATIONS}{event.former}.yml"] if event.former else [])]
            statement = statement_on(paths, brought.commits)
            kinds = (*(KINDS[kind] for kind in statement.kinds), *map(masked, statement.unknown))
            reasons = tuple(map(masked, statement.reasons))
            yield Step(event=replace(event, kinds=kinds, reasons=reasons), before=before, after=after)


def _happening(before: str | None, after: str | None, *, is_told: bool, was: str | None) -> Happening:
    if after is None:
        return Happening.WITHDRAWN
    if before is None:
        return Happening.RETURNED if is_told else Happening.PUBLISHED
    return Happening.CHANGED if was is None else Happening.RENAMED


def _identity(path: str) -> str | None:
    """Give the id of the declaration at a path of the project; `None` where none can be there."""
    if not path.startswith(DECLARATIONS) or not path.endswith(".yml"):
        return None
    identity = path.removeprefix(DECLARATIONS).removesuffix(".yml")
    return identity if is_identity(identity) else None


def _present(identity: str, book: AddressBook) -> str:
    """Follow renames to the present id; a register that leads in circles is told elsewhere."""
    passed: set[str] = set()
    while identity in book.renamed and identity not in passed:
        passed.add(identity)
        identity = book.renamed[identity]
    return identity
