"""Duplicate texts: long texts and worded targets that stand in several declarations.

A summary keeps packed digests and places, not the texts, so that a hundred thousand declarations fit into
memory. Numeric targets are not compared; punctuation and blanks are ignored.
"""

from __future__ import annotations

import re
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import nlargest
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.analysis import phrasing
from jixiao.load.yaml_tree import Node, TreePath, find_place
from jixiao.model.declaration import Declaration, DeclarationRow
from jixiao.text import Text

TEXT_COPIED_RULE: Final = "text-copied"
"""Rule that compares long texts; its waivers are packed with them."""
LONG_TEXT_LENGTH = 30
"""Characters. Shorter sentences are alike by chance, or because they can hardly be worded otherwise."""
_PUNCTUATION = re.compile(r"[\W_]+")
_DOCUMENT_TITLE = re.compile(r"《[^《》]*+》")
_PACKED_TEXT = Struct("<QIH?")
_LAST_COLUMN = 0xFFFF


class LongText(NamedTuple):
    """Digest and place of a long text."""

    digest: int
    line: int
    """Line of the text, or of the field of its waiver."""
    column: int
    is_waived: bool


def pack_long_texts(declaration: Declaration, tree: Node) -> str:
    """Pack the long texts of *declaration*, with a flag on those that have a waiver."""
    waived = {
        waiver.field: ("waivers", position, "field")
        for position, waiver in enumerate(declaration.waivers)
        if waiver.rule == TEXT_COPIED_RULE
    }
    packed = b""
    for path, text in find_long_texts(declaration):
        field_name = declaration.name_field(path)
        place = find_place(tree, waived.get(field_name, path))
        packed += _PACKED_TEXT.pack(
            _hash_text(text, 8), place.line, min(place.column, _LAST_COLUMN), field_name in waived
        )
    return b64encode(packed).decode()


def find_long_texts(declaration: Declaration) -> Iterator[tuple[TreePath, str]]:
    """Yield the long goals and targets without punctuation; titles of documents do not count as length."""
    goals = declaration.goals
    for part, goal in (("overall", goals.overall), ("annual", goals.annual)):
        if goal is not None and (text := _strip_if_long(goal.plain())):
            yield ("goals", part), text
    for path, indicator in declaration.indicators_with_paths():
        if indicator.target is not None and (text := _strip_if_long(indicator.target.filed.plain())):
            yield (*path, "target"), text


def _strip_if_long(text: str) -> str | None:
    if (
        len(text) < LONG_TEXT_LENGTH
        or len(_PUNCTUATION.sub("", _DOCUMENT_TITLE.sub("", text))) < LONG_TEXT_LENGTH
    ):
        return None
    return _PUNCTUATION.sub("", text)


def unpack_long_texts(packed: str) -> Iterator[LongText]:
    """Unpack the texts packed by `pack_long_texts`."""
    return map(LongText._make, _PACKED_TEXT.iter_unpack(b64decode(packed)))


if TYPE_CHECKING:
    from jixiao.analysis.summary import Summary

LISTED_TARGETS: Final = 20
"""Number of targets on the page."""
EXAMPLE_LIMIT: Final = 3
"""Declarations named for each target."""
_CANDIDATES: Final = 10 * LISTED_TARGETS
"""Most frequent targets, from which those of the most projects are chosen."""
_DIGESTS_AT_ONCE: Final = 100_000
_CLASS_BITS: Final = 16
_CLASS_MASK: Final = (1 << _CLASS_BITS) - 1


@dataclass(frozen=True, kw_only=True)
class CopiedTarget:
    """Target in words that stands in several places, as shown on a page."""

    name: Text
    target: Text
    declarations: int
    projects: int
    """Number of projects, whatever their years."""
    classes: int
    """Number of indicator classes that contain it."""
    examples: tuple[Summary, ...]
    """First declarations, by project and year."""


@dataclass(slots=True)
class TargetOccurrences:
    """Occurrences of one worded target."""

    digest: int
    examples: list[Summary] = field(default_factory=list)
    """First declarations, by project and year."""
    declarations: int = 0
    projects: int = 0
    classes: set[int] = field(default_factory=set)
    last_declaration: str = ""
    """Last declaration counted, which may contain the target twice."""
    last_project: str = ""

    @property
    def rank(self) -> tuple[int, int, int, str, int]:
        """Sort key: most projects first, then most classes, then most declarations."""
        return (
            -self.projects,
            -len(self.classes),
            -self.declarations,
            self.examples[0].id,
            self.digest,
        )

    def count(self, summary: Summary, class_digest: int) -> None:
        """Count an occurrence; declarations come in the order of `_project_and_year_key`."""
        self.classes.add(class_digest)
        if self.last_declaration == summary.id:
            return
        self.last_declaration = summary.id
        self.declarations += 1
        project = _project_and_year_key(summary)[0]
        if self.last_project != project:
            self.last_project = project
            self.projects += 1
        if len(self.examples) < EXAMPLE_LIMIT:
            self.examples.append(summary)


def pack_targets(declaration: Declaration) -> str:
    """Pack the digests of the worded targets of *declaration* that are not damaged or doubtful."""
    packed = (
        hash_target(row) << _CLASS_BITS | _hash_text(f"{row.level1}\0{row.level2}", 2)
        for row in find_worded_rows(declaration)
    )
    return b64encode(array("Q", packed).tobytes()).decode()


def find_worded_rows(declaration: Declaration) -> Iterator[DeclarationRow]:
    """Yield the undamaged indicators whose targets are words."""
    for row in declaration.rows():
        target = row.indicator.target
        if target is not None and target.quantity is None and phrasing.is_text_certain(row.indicator):
            yield row


def hash_target(row: DeclarationRow) -> int:
    """Return the digest of name and target of an indicator."""
    target = row.indicator.target
    name = phrasing.strip_punctuation(row.indicator.name.plain())
    words = "" if target is None else phrasing.strip_punctuation(target.filed.plain())
    return _hash_text(f"{name}\0{words}", 6)


def find_most_copied(summaries: Iterable[Summary]) -> list[TargetOccurrences]:
    """Return the targets with several occurrences, those of the most projects first."""
    summaries = [summary for summary in summaries if summary.packed_targets]
    found = {digest: TargetOccurrences(digest) for digest in _find_most_frequent(summaries)}
    # In the order of projects and years, because sets of projects would take most of the memory.
    for summary in sorted(summaries, key=_project_and_year_key):
        for packed in array("Q", b64decode(summary.packed_targets)):
            if (copies := found.get(packed >> _CLASS_BITS)) is not None:
                copies.count(summary, packed & _CLASS_MASK)
    several = [copies for copies in found.values() if copies.declarations > 1 or len(copies.classes) > 1]
    return sorted(several, key=lambda copies: copies.rank)[:LISTED_TARGETS]


def _find_most_frequent(summaries: Iterable[Summary]) -> list[int]:
    """Return the digests that occur more than once, the most frequent first."""
    together: array[int] = array("Q")
    for summary in summaries:
        together.frombytes(b64decode(summary.packed_targets))
    # Share by share, because one counter of all targets of 100,000 declarations would take 100 MB.
    shares = -(-len(together) // _DIGESTS_AT_ONCE)
    frequent: list[tuple[int, int]] = []
    for share in range(shares):
        counts = Counter(
            packed >> _CLASS_BITS for packed in together if (packed >> _CLASS_BITS) % shares == share
        )
        frequent.extend((count, digest) for digest, count in counts.items() if count > 1)
        frequent = nlargest(_CANDIDATES, frequent)
    return [digest for _, digest in frequent]


def find_target_text(digest: int, declaration: Declaration) -> tuple[str, str]:
    """Return name and target, as typed, of the indicator of *declaration* with this digest."""
    row = next(row for row in find_worded_rows(declaration) if hash_target(row) == digest)
    target = row.indicator.target
    return row.indicator.name.plain(), "" if target is None else target.filed.plain()


def _project_and_year_key(summary: Summary) -> tuple[str, str]:
    year, _, project = summary.id.partition("/")
    return project, year


def _hash_text(text: str, size: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "little")
