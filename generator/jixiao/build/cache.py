"""Cache of a build: the inputs and the results of each task, for the next build.

It is one file in `build/` that may be lost, spoilt or copied from another machine at any time. It is used
only as far as it was written by this very program and its files are still those that were written.

A build writes into a copy, which replaces the cache when the site is published. The rows of a hundred
thousand declarations stay on the disk and are read as they are needed.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from jixiao.build.task import PageScan
from jixiao.load.source_files import FileStat
from jixiao.pages.templates import compute_program_digest

Value = TypeVar("Value")

_TABLES = """
CREATE TABLE program (digest TEXT);
CREATE TABLE task (name TEXT PRIMARY KEY, inputs TEXT, notes BLOB, result BLOB);
CREATE TABLE file (
    path TEXT PRIMARY KEY,
    task TEXT,
    sha256 TEXT,
    size INTEGER, changed INTEGER, number INTEGER,
    links TEXT,
    search_hash TEXT
);
CREATE INDEX file_of_task ON file (task);
"""
# A row is updated in its place: `REPLACE` would append it and leave a hole.
_PUT_TASK = """
INSERT INTO task VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET inputs = excluded.inputs, notes = excluded.notes, result = excluded.result
"""
_PUT_FILE = """
INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (path) DO UPDATE SET
    task = excluded.task, sha256 = excluded.sha256,
    size = excluded.size, changed = excluded.changed, number = excluded.number,
    links = excluded.links, search_hash = excluded.search_hash
"""
_OF_KIND = "FROM task WHERE name >= ? AND name < ? ORDER BY name"
# After a power cut a cache is built again, and an unfinished copy is thrown away.
_FAST_AND_UNSAFE = """
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -32000;
"""
_DISK_ERRORS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_PATHS_AT_ONCE = 500
_SEPARATOR = "\0"
"""Stands between the files that a file links to; no path can hold it."""


class BuiltFile(NamedTuple):
    """A file of the site or of its Markdown."""

    path: str
    """Beginning with the folder under `build/`."""
    sha256: str
    stat: FileStat
    scan: PageScan = PageScan(links=())


class CacheError(Exception):
    """The cache cannot be read. Without it a build runs every task."""


class BuildCache:
    """Tasks and files of the next site, begun as those of the last one.

    Raises:
        CacheError: From every method: the file is not what was written.
        OSError: From every method: the disk is full or fails.
    """

    def __init__(self, last: Path, own: Path) -> None:
        """Begin the new file *own* as a copy of the cache *last*, unless that is of another program."""
        self.file = own
        program = compute_program_digest()
        with _classified_errors():
            copy = _copy(last, own, program)
            self.is_new = copy is None
            self._database = copy or _create(own, program)
            self._database.execute("BEGIN")

    def inputs(self, kind: str) -> dict[str, str]:
        """Return the input hash of each task of a *kind*, by name."""
        return dict(self._rows_of_kind("inputs", kind))

    def notes(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and notes of each task of a *kind*, sorted by name."""
        return self._rows_of_kind("notes", kind)

    def results(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and result of each task of a *kind*, current or not, sorted by name."""
        return self._rows_of_kind("result", kind)

    def names(self) -> list[str]:
        """List all tasks, each with its kind before a colon."""
        return [name for (name,) in self._select("SELECT name FROM task")]

    def put(
        self, name: str, inputs: str, files: Iterable[BuiltFile], *, notes: bytes = b"", result: bytes = b""
    ) -> list[str]:
        """Store a task with its *files*; return the paths of files that it had and has no more."""
        rows = [
            (one.path, name, one.sha256, *one.stat, _SEPARATOR.join(one.scan.links), one.scan.search_hash)
            for one in files
        ]
        with _classified_errors():
            gone = self._remove_files(name, {path for path, *_ in rows})
            self._database.execute(_PUT_TASK, (name, inputs, notes, result))
            self._database.executemany(_PUT_FILE, rows)
            return gone

    def update_notes(self, name: str, notes: bytes) -> None:
        """Replace the notes of a task; its files and its result stay as they are."""
        with _classified_errors():
            self._database.execute("UPDATE task SET notes = ? WHERE name = ?", (notes, name))

    def remove(self, name: str) -> list[str]:
        """Remove a task; return the paths of its files."""
        with _classified_errors():
            self._database.execute("DELETE FROM task WHERE name = ?", (name,))
            return self._remove_files(name, set())

    def stats(self) -> Iterator[tuple[str, str, FileStat]]:
        """Yield task, path and file stat of every file."""
        for task, path, *stat in self._select("SELECT task, path, size, changed, number FROM file"):
            yield task, path, (*stat,)

    def update_stats(self, stats: Iterable[tuple[str, FileStat]]) -> None:
        """Replace the file stats of files whose contents are as they were."""
        rows = [(*stat[1:], path) for path, stat in stats]
        with _classified_errors():
            self._database.executemany("UPDATE file SET changed = ?, number = ? WHERE path = ?", rows)

    def checksums(self) -> Iterator[tuple[str, int, str]]:
        """Yield path, length in bytes and SHA-256 of every file, sorted by path."""
        yield from self._select("SELECT path, size, sha256 FROM file ORDER BY path")

    def checksum(self, path: str) -> str | None:
        """Return the SHA-256 of a file; `None` where no task has it."""
        found = next(self._select("SELECT sha256 FROM file WHERE path = ?", path), None)
        return found[0] if found else None

    def links(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the path of every file that links, with the files that it links to."""
        for path, targets in self._select("SELECT path, links FROM file WHERE links != ''"):
            yield path, targets.split(_SEPARATOR)

    def links_from(self, kind: str) -> set[str]:
        """Return the files to which files of tasks of a *kind* link."""
        found = self._select(
            "SELECT links FROM file WHERE task >= ? AND task < ? AND links != ''", f"{kind}:", f"{kind};"
        )
        return {target for (targets,) in found for target in targets.split(_SEPARATOR)}

    def missing(self, paths: Iterable[str]) -> list[str]:
        """List those of *paths* that no task has."""
        query = (
            "SELECT value FROM json_each(?) AS wanted"
            " WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.path = wanted.value)"
        )
        return [path for (path,) in self._select_each(query, paths)]

    def search_hashes(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield those of *paths* that are searched, each with the hash of the text that is indexed."""
        query = (
            "SELECT file.path, search_hash FROM json_each(?) AS wanted"
            " JOIN file ON file.path = wanted.value WHERE search_hash IS NOT NULL"
        )
        yield from self._select_each(query, paths)

    def finish(self) -> None:
        """Write everything to the disk."""
        with _classified_errors():
            self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._database.close()

    def _rows_of_kind(self, column: str, kind: str) -> Iterator[tuple[str, Any]]:
        start = len(kind) + 1
        rows = self._select(f"SELECT name, {column} {_OF_KIND}", f"{kind}:", f"{kind};")
        return ((name[start:], value) for name, value in rows)

    def _remove_files(self, task: str, kept: set[str]) -> list[str]:
        """Remove the files of a task that are not *kept*; return their paths."""
        found = self._database.execute("SELECT path FROM file WHERE task = ?", (task,)).fetchall()
        gone = [path for (path,) in found if path not in kept]
        self._database.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in gone))
        return gone

    def _select_each(self, query: str, paths: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Select for many paths, which the query takes as an array of JSON."""
        rest = iter(paths)
        while some := list(islice(rest, _PATHS_AT_ONCE)):
            yield from self._select(query, json.dumps(some))

    def _select(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        with _classified_errors():
            yield from self._database.execute(query, values)


class JsonFormat(Generic[Value]):
    """Values of one type as JSON in a cache."""

    def __init__(self, of: Any) -> None:  # noqa: ANN401 - `tuple[str, ...]` is no type that could be named
        """Write and read values of a type; its schema is built when it is first needed."""
        self._type = of

    @cached_property
    def _adapter(self) -> TypeAdapter[Value]:
        return TypeAdapter(self._type)

    def write(self, value: Value) -> bytes:
        """Return a value as JSON."""
        return self._adapter.dump_json(value)

    def read(self, content: bytes | str) -> Value:
        """Read a value.

        Raises:
            CacheError: The content is not what was written.
        """
        try:
            return self._adapter.validate_json(content)
        except ValidationError as error:
            raise CacheError(str(error)) from error


def _copy(last: Path, own: Path, program: str) -> sqlite3.Connection | None:
    """Open a copy of *last*; `None` where it is missing, unreadable or of another program."""
    if not last.exists():
        return None
    shutil.copyfile(last, own)
    copy = sqlite3.connect(own, isolation_level=None)
    with suppress(sqlite3.DatabaseError):
        copy.executescript(_FAST_AND_UNSAFE)
        if copy.execute("SELECT digest FROM program").fetchall() == [(program,)]:
            return copy
    copy.close()
    return None


def _create(own: Path, program: str) -> sqlite3.Connection:
    own.unlink(missing_ok=True)
    database = sqlite3.connect(own, isolation_level=None)
    # Each build gives the room of what it has removed back to the disk.
    database.executescript("PRAGMA auto_vacuum = FULL;" + _FAST_AND_UNSAFE + _TABLES)
    database.execute("INSERT INTO program VALUES (?)", (program,))
    return database


@contextmanager
def _classified_errors() -> Iterator[None]:
    """Raise different errors for a disk that fails and a cache that is spoilt."""
    try:
        yield
    except sqlite3.Error as error:
        number = _DISK_ERRORS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if number is not None:
            raise OSError(number, str(error)) from error
        raise CacheError(str(error)) from error
