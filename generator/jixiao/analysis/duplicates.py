"""Wordings: the same indicator with the same words as its target, in several declarations or classes.

Of each indicator whose target is words an entry keeps eight bytes: a digest of what it says and one of the
class in which it stands. Numbers are not compared: `=100%` is no copy. Punctuation and blanks do not count.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from jixiao.analysis import phrasing
from jixiao.model.declaration import Declaration, Row
from jixiao.text import Text

if TYPE_CHECKING:
    from jixiao.analysis.summary import Entry

LISTED: Final = 20
"""Wordings that the page shows."""
EXAMPLES: Final = 3
"""Declarations that it names for each."""
_CANDIDATES: Final = 10 * LISTED
"""The most frequent ones, among which those of the most projects are sought."""
_COUNTED_AT_ONCE: Final = 100_000
_CLASS_BITS: Final = 16
_CLASS: Final = (1 << _CLASS_BITS) - 1


@dataclass(frozen=True, kw_only=True)
class Copied:
    """A wording that stands in several places, as a page shows it."""

    name: Text
    target: Text
    declarations: int
    projects: int
    """Without their years."""
    classes: int
    """Of indicators, in which it stands."""
    examples: tuple[Entry, ...]
    """The first declarations, by project and year."""


@dataclass(slots=True)
class Copies:
    """Where a wording stands."""

    said: int
    examples: list[Entry] = field(default_factory=list)
    """The first declarations, by project and year."""
    declarations: int = 0
    projects: int = 0
    classes: set[int] = field(default_factory=set)
    last: str = ""
    """The last declaration that was counted: it may have the wording twice."""
    last_project: str = ""


def folded_wordings(declaration: Declaration) -> str:
    """Fold up the wordings of *declaration*; what is damaged or in doubt is left out."""
    return b64encode(array("Q", map(_packed, rows_of_words(declaration))).tobytes()).decode()


def rows_of_words(declaration: Declaration) -> Iterator[Row]:
    """List the indicators whose targets are words that stand in the form."""
    for row in declaration.rows():
        target = row.indicator.target
        if target is not None and target.quantity is None and phrasing.is_certain(row.indicator):
            yield row


def digest_of(row: Row) -> int:
    """Give the digest of what an indicator of words says."""
    target = row.indicator.target
    said = "" if target is None else target.filed.plain()
    return _digest(f"{phrasing.bare(row.indicator.name.plain())}\0{phrasing.bare(said)}", 6)


def most_copied(entries: Iterable[Entry]) -> list[Copies]:
    """List the wordings that stand in several places, those of the most projects first."""
    entries = [entry for entry in entries if entry.wordings]
    found = {said: Copies(said) for said in _most_frequent(entries)}
    # The years of a project one after another: sets of projects would take more than all else.
    for entry in sorted(entries, key=_project_and_year):
        for packed in _unfolded(entry.wordings):
            if (copies := found.get(packed >> _CLASS_BITS)) is not None:
                _add(entry, packed & _CLASS, copies)
    several = [copies for copies in found.values() if copies.declarations > 1 or len(copies.classes) > 1]
    return sorted(several, key=_rank)[:LISTED]


def _most_frequent(entries: Iterable[Entry]) -> list[int]:
    """Give what is said most often, and more than once."""
    together: array[int] = array("Q")
    for entry in entries:
        together.frombytes(b64decode(entry.wordings))
    # Share by share: one counter of all wordings of a hundred thousand declarations would take 100 MB.
    shares = -(-len(together) // _COUNTED_AT_ONCE)
    frequent: list[tuple[int, int]] = []
    for share in range(shares):
        counts = Counter(
            packed >> _CLASS_BITS for packed in together if (packed >> _CLASS_BITS) % shares == share
        )
        frequent.extend((count, said) for said, count in counts.items() if count > 1)
        frequent = nlargest(_CANDIDATES, frequent)
    return [said for _, said in frequent]


def words_of(said: int, declaration: Declaration) -> tuple[str, str]:
    """Give the name and the target of the indicator of *declaration* that says this, as typed."""
    row = next(row for row in rows_of_words(declaration) if digest_of(row) == said)
    target = row.indicator.target
    return row.indicator.name.plain(), "" if target is None else target.filed.plain()


def _add(entry: Entry, of_class: int, copies: Copies) -> None:
    copies.classes.add(of_class)
    if copies.last == entry.id:
        return
    copies.last = entry.id
    copies.declarations += 1
    project = _project_and_year(entry)[0]
    if copies.last_project != project:
        copies.last_project = project
        copies.projects += 1
    if len(copies.examples) < EXAMPLES:
        copies.examples.append(entry)


def _project_and_year(entry: Entry) -> tuple[str, str]:
    year, _, project = entry.id.partition("/")
    return project, year


def _rank(copies: Copies) -> tuple[int, int, int, str, int]:
    return (
        -copies.projects,
        -len(copies.classes),
        -copies.declarations,
        copies.examples[0].id,
        copies.said,
    )


def _packed(row: Row) -> int:
    return digest_of(row) << _CLASS_BITS | _digest(f"{row.level1}\0{row.level2}", 2)


def _unfolded(folded: str) -> array[int]:
    packed: array[int] = array("Q")
    packed.frombytes(b64decode(folded))
    return packed


def _digest(words: str, size: int) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=size).digest(), "little")
