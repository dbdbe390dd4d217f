"""The ledger: what a site is made of and from what, so that the next build makes only what has changed.

It is kept in `build/` and may be lost, spoilt or taken from elsewhere at any time. So it is believed only as
far as the published files themselves agree: a piece counts as made when it was made by this very program from
this very input, and each of its files is still the one that was written.

A build writes into a copy, which takes the place of the ledger when the site is published. The pieces of a
hundred thousand declarations stay on the disk and are read as they are asked for.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.pages.template_cache import compute_program_digest
from jixiao.site.mirror import Stamp

_TABLES = """
CREATE TABLE program (digest TEXT);
CREATE TABLE piece (name TEXT PRIMARY KEY, key TEXT, facts TEXT, outcome TEXT);
CREATE TABLE file (
    path TEXT PRIMARY KEY,
    piece TEXT,
    sha256 TEXT,
    size INTEGER, changed INTEGER, number INTEGER,
    leads_to TEXT,
    searched TEXT
);
CREATE INDEX file_of_piece ON file (piece);
"""
# A row that is there stays in its place: replaced, it would go to the end and leave a hole.
_PUT_PIECE = """
INSERT INTO piece VALUES (?, ?, ?, 'null')
ON CONFLICT (name) DO UPDATE SET key = excluded.key, facts = excluded.facts, outcome = excluded.outcome
"""
_PUT_FILE = """
INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (path) DO UPDATE SET
    piece = excluded.piece, sha256 = excluded.sha256,
    size = excluded.size, changed = excluded.changed, number = excluded.number,
    leads_to = excluded.leads_to, searched = excluded.searched
"""
_GROWN = 1.25
"""A ledger that has grown by more than this since it was packed is packed again: that is seldom."""
_FREE = 0.25
"""The share of its pages that may be free."""
_SMALL = 16
"""Pages that are not worth the while."""
# What a power cut takes from a ledger is made again, and a copy that is not finished is thrown away.
_CARELESS = """
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -32000;
"""
_OF_THE_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_AT_ONCE = 500
"""Pieces or paths that are taken together: one long text is parsed much faster than many short ones."""
_BETWEEN = "\0"
"""Stands between the files that a file links to; no path can hold it."""


class FileMade(NamedTuple):
    """A file of the site or of its Markdown."""

    path: str
    """Beginning with the folder under `build/`."""
    sha256: str
    stamp: Stamp
    leads_to: tuple[str, ...] = ()
    """The files of the site that it links to."""
    searched: str | None = None
    """The digest of what the search reads of it, if it is a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """What is made as a whole: the pages of a declaration, a page, an index, what all pages share."""

    name: str
    key: str
    """The digest of all that it was made from."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What its maker wants to know again: values of JSON."""


class LedgerError(Exception):
    """The ledger cannot be read. Without it a build makes everything anew."""


class Ledger:
    """The pieces of the next site, begun as those of the last one.

    Raises:
        LedgerError: From every method: the file is not what was written.
        OSError: From every method: the disk is full or fails.
    """

    def __init__(self, last: Path, own: Path) -> None:
        """Begin the new file *own* as a copy of the ledger *last*; one of another program is left aside."""
        self.file = own
        program = compute_program_digest()
        with _told():
            copied = _copied(last, own, program)
            self.is_new = copied is None
            self._pieces = copied or _empty(own, program)
            self._pieces.execute("BEGIN")

    def piece(self, name: str) -> Piece | None:
        """Give the piece *name*; `None` where there is none."""
        with _told():
            found = self._pieces.execute("SELECT name, key, facts FROM piece WHERE name = ?", (name,))
            return next(_read(found.fetchall()), None)

    def pieces(self, kind: str) -> Iterator[Piece]:
        """Give the pieces whose names begin with *kind* and a colon, sorted by name."""
        with _told():
            found = self._pieces.execute(
                "SELECT name, key, facts FROM piece WHERE name > ? AND name < ? ORDER BY name",
                (f"{kind}:", f"{kind};"),
            )
            while some := found.fetchmany(_AT_ONCE):
                yield from _read(some)

    def outcomes(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Give what came of the pieces of a *kind*: the name of each, and values of JSON; sorted by name."""
        found = self._all(
            "SELECT name, outcome FROM piece WHERE name > ? AND name < ? ORDER BY name",
            f"{kind}:",
            f"{kind};",
        )
        while some := list(islice(found, _AT_ONCE)):
            outcomes = _parsed(outcome for _, outcome in some)
            yield from ((name, outcome) for (name, _), outcome in zip(some, outcomes, strict=True))

    def names(self) -> Iterator[str]:
        """Give the name of every piece."""
        yield from (name for (name,) in self._all("SELECT name FROM piece"))

    def put(self, piece: Piece, files: Iterable[FileMade]) -> list[str]:
        """Keep *piece* with its *files*; give the paths of files that it had and has no more."""
        rows = [
            (file.path, piece.name, file.sha256, *file.stamp, _BETWEEN.join(file.leads_to), file.searched)
            for file in files
        ]
        with _told():
            gone = self._without({path for path, *_ in rows}, piece.name)
            self._pieces.execute(_PUT_PIECE, (piece.name, piece.key, _written(piece.facts)))
            self._pieces.executemany(_PUT_FILE, rows)
            return gone

    def note(self, piece: Piece) -> None:
        """Keep other facts of *piece*; its files and what came of it stay as they are."""
        self._change("UPDATE piece SET facts = ? WHERE name = ?", _written(piece.facts), piece.name)

    def note_outcome(self, name: str, outcome: object) -> None:
        """Keep what came of the piece *name* besides its files: values of JSON, which `outcomes` gives."""
        self._change("UPDATE piece SET outcome = ? WHERE name = ?", _written(outcome), name)

    def forget(self, name: str) -> list[str]:
        """Forget a piece; give the paths of its files."""
        with _told():
            self._pieces.execute("DELETE FROM piece WHERE name = ?", (name,))
            return self._without(set(), name)

    def stamps(self) -> Iterator[tuple[str, str, Stamp]]:
        """Give every file: the name of its piece, its path, its stamp."""
        for piece, path, *stamp in self._all("SELECT piece, path, size, changed, number FROM file"):
            yield piece, path, (*stamp,)

    def checksums(self) -> Iterator[tuple[str, int, str]]:
        """Give every file, sorted: its path, its length in bytes, its SHA-256."""
        yield from self._all("SELECT path, size, sha256 FROM file ORDER BY path")

    def checksum(self, path: str) -> str | None:
        """Give the SHA-256 of a file; `None` where no piece has it."""
        with _told():
            found = self._pieces.execute("SELECT sha256 FROM file WHERE path = ?", (path,)).fetchone()
            return found[0] if found else None

    def leads_to(self) -> Iterator[tuple[str, list[str]]]:
        """Give every file that links: its path and the files that it links to."""
        for path, targets in self._all("SELECT path, leads_to FROM file WHERE leads_to != ''"):
            yield path, targets.split(_BETWEEN)

    def leads_to_from(self, names: Iterable[str]) -> set[str]:
        """Give all files that files of the pieces *names* link to."""
        targets: set[str] = set()
        with _told():
            for name in names:
                for (joined,) in self._pieces.execute("SELECT leads_to FROM file WHERE piece = ?", (name,)):
                    targets.update(joined.split(_BETWEEN) if joined else ())
        return targets

    def missing(self, paths: Iterable[str]) -> list[str]:
        """Give those of *paths* that no piece has."""
        lacking = (
            "SELECT value FROM json_each(?) AS asked"
            " WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.path = asked.value)"
        )
        return [path for (path,) in self._of_each(lacking, paths)]

    def searched(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Give those of *paths* that are searched, each with the digest of what the search reads of it."""
        found = (
            "SELECT file.path, searched FROM json_each(?) AS asked JOIN file ON file.path = asked.value"
            " WHERE searched IS NOT NULL"
        )
        yield from self._of_each(found, paths)

    def finish(self) -> None:
        """Write everything to the disk."""
        with _told():
            self._pieces.execute("COMMIT")
            if not _number(self._pieces, "user_version"):
                _note_size(self._pieces)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._pieces.close()

    def _without(self, kept: set[str], name: str) -> list[str]:
        """Forget the files of a piece that are not *kept*; give their paths."""
        found = self._pieces.execute("SELECT path FROM file WHERE piece = ?", (name,)).fetchall()
        gone = [path for (path,) in found if path not in kept]
        self._pieces.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in gone))
        return gone

    def _of_each(self, query: str, paths: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Ask for many paths, which the query takes as an array of JSON."""
        rest = iter(paths)
        while some := list(islice(rest, _AT_ONCE)):
            yield from self._all(query, json.dumps(some))

    def _change(self, command: str, *values: str) -> None:
        with _told():
            self._pieces.execute(command, values)

    def _all(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        with _told():
            yield from self._pieces.execute(query, values)


def digest_of(*parts: str | bytes) -> str:
    """Give one digest for *parts*, which are told apart."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


def _copied(last: Path, own: Path, program: str) -> sqlite3.Connection | None:
    """Open a copy of *last*; `None` where it is missing, unreadable or of another program."""
    if not last.exists():
        return None
    is_packed = _packed(last, own)
    if not is_packed:
        shutil.copyfile(last, own)
    copy = sqlite3.connect(own, isolation_level=None)
    with suppress(sqlite3.DatabaseError):
        copy.executescript(_CARELESS)
        if is_packed:
            _note_size(copy)
        if copy.execute("SELECT digest FROM program").fetchall() == [(program,)]:
            return copy
    copy.close()
    return None


def _packed(last: Path, own: Path) -> bool:
    """Copy *last* to *own* without its holes, where that is worth the while; tell whether it was copied."""
    with suppress(sqlite3.Error):  # it cannot be read, or there is no room: the plain copy will show
        address = f"{last.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as source:
            pages, packed = _number(source, "page_count"), _number(source, "user_version")
            free = _number(source, "freelist_count")
            if pages <= packed * _GROWN + _SMALL and free <= pages * _FREE + _SMALL:
                return False
            source.execute("VACUUM INTO ?", (str(own),))
            return True
    own.unlink(missing_ok=True)
    return False


def _note_size(ledger: sqlite3.Connection) -> None:
    """Keep in the file how many pages it has without holes; the number of its user is free for that."""
    ledger.execute(f"PRAGMA user_version = {_number(ledger, 'page_count')}")


def _number(ledger: sqlite3.Connection, name: str) -> int:
    number: int = ledger.execute(f"PRAGMA {name}").fetchone()[0]
    return number


def _empty(own: Path, program: str) -> sqlite3.Connection:
    own.unlink(missing_ok=True)
    ledger = sqlite3.connect(own, isolation_level=None)
    ledger.executescript(_CARELESS + _TABLES)
    ledger.execute("INSERT INTO program VALUES (?)", (program,))
    return ledger


def _read(rows: list[tuple[str, str, str]]) -> Iterator[Piece]:
    all_facts = _parsed(facts for _, _, facts in rows)
    for (name, key, _), facts in zip(rows, all_facts, strict=True):
        yield Piece(name=name, key=key, facts=facts)


def _parsed(texts: Iterable[str]) -> list[Any]:
    try:
        parsed: list[Any] = json.loads(f"[{','.join(texts)}]")
    except ValueError as error:
        raise LedgerError(str(error)) from error
    return parsed


def _written(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)


@contextmanager
def _told() -> Iterator[None]:
    """Tell a disk that fails from a ledger that is spoilt."""
    try:
        yield
    except sqlite3.Error as error:
        number = _OF_THE_DISK.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if number is not None:
            raise OSError(number, str(error)) from error
        raise LedgerError(str(error)) from error
