"""The ledger: what the last build made and from what, so that the next one makes only what has changed.

It is kept in `build/` and may be lost, spoilt or taken from elsewhere at any time. So it is believed only as
far as the published files themselves agree: a piece counts as made when it was made by this very program from
this very input, and each of its files is still the one that was written.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from generator.site.mirror import Stamp
from generator.words import PACKAGE, THEME

_LIBRARIES = (
    "Jinja2",
    "Markdown",
    "MarkupSafe",
    "PyYAML",
    "Pygments",
    "mkdocs",
    "mkdocs-material",
    "pagefind",
    "pydantic",
)
"""Of which another version may make another site of the same input."""
_TABLES = """
CREATE TABLE program (digest TEXT);
CREATE TABLE piece (name TEXT PRIMARY KEY, record TEXT);
"""


class FileMade(NamedTuple):
    """A file of the site or of its Markdown."""

    path: str
    """Beginning with the folder under `build/`."""
    sha256: str
    stamp: Stamp


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """What is made as a whole: the pages of a declaration, a page, an index, what all pages share."""

    name: str
    key: str
    """The digest of all that it was made from."""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    """What its maker wants to know again."""
    leads_to: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """File → the files that it links to."""
    searched: Mapping[str, str] = field(default_factory=dict)
    """Page of the site → the digest of what the search reads of it."""
    files: tuple[FileMade, ...] = ()


LedgerError = sqlite3.Error
"""What writing raises when it is not possible; the ledger is then as it was, or gone."""


class Ledger:
    """The pieces of the published site."""

    def __init__(self, file: Path) -> None:
        """Keep the ledger in *file*."""
        self._file = file
        # Asked once a build and not once a process: `serve` sees the theme change.
        self._program = program_digest()

    def read(self) -> dict[str, Piece]:
        """Give the pieces by name; none where the ledger is missing, unreadable or of another program."""
        if not self._file.exists():
            return {}
        with suppress(sqlite3.Error, ValueError, TypeError, KeyError), closing(self._open()) as ledger:
            known = ledger.execute("SELECT digest FROM program").fetchone()
            if known == (self._program,):
                records = ",".join(record for (record,) in ledger.execute("SELECT record FROM piece"))
                # Ten thousand records are read much faster as one than one by one.
                return {piece.name: piece for piece in map(_piece, json.loads(f"[{records}]"))}
        return {}

    def write(self, changed: Iterable[Piece], gone: Iterable[str], *, anew: bool) -> None:
        """Keep *changed* pieces and forget those that are *gone*.

        Args:
            changed: Pieces that are new or differ from those that were read.
            gone: Names of pieces to forget.
            anew: Begin with an empty ledger.
        """
        if anew:
            self._file.unlink(missing_ok=True)
        with closing(self._open()) as ledger, ledger:
            if anew:
                ledger.executescript(_TABLES)
                ledger.execute("INSERT INTO program VALUES (?)", (self._program,))
            ledger.executemany("DELETE FROM piece WHERE name = ?", ((name,) for name in gone))
            ledger.executemany("INSERT OR REPLACE INTO piece VALUES (?, ?)", map(_row, changed))

    def _open(self) -> sqlite3.Connection:
        ledger = sqlite3.connect(self._file, timeout=0)
        # What a power cut takes from the ledger is made again.
        ledger.execute("PRAGMA synchronous = OFF")
        ledger.execute("PRAGMA journal_mode = MEMORY")
        return ledger


def program_digest() -> str:
    """Give a digest of the program, its theme and the libraries that make pages."""
    digest = hashlib.sha256()
    files = [*PACKAGE.rglob("*.py"), *(path for path in THEME.rglob("*") if path.is_file())]
    for file in sorted(files):
        digest.update(f"{file.name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update("\0".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return digest.hexdigest()


def _row(piece: Piece) -> tuple[str, str]:
    files = [(file.path, file.sha256, file.stamp) for file in piece.files]
    record = [piece.name, piece.key, dict(piece.facts), dict(piece.leads_to), dict(piece.searched), files]
    return piece.name, json.dumps(record, ensure_ascii=False)


def _piece(record: list[Any]) -> Piece:
    name, key, facts, leads_to, searched, files = record
    return Piece(
        name=name,
        key=key,
        facts=facts,
        leads_to=leads_to,
        searched=searched,
        files=tuple([FileMade(path, sha256, (*stamp,)) for path, sha256, stamp in files]),
    )


def digest_of(*parts: str | bytes) -> str:
    """Give one digest for *parts*, which are told apart."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()
