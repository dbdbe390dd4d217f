"""The long texts of a declaration, folded up: what the whole check needs to see that two are the same.

A site of a hundred thousand declarations keeps some forty characters of each: a digest of each text and the
place where it stands, not the text.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple

from jixiao.load.yaml_tree import Node, Path, place_of
from jixiao.model.declaration import Declaration

RULE: Final = "text-copied"
"""The rule that compares them; its waivers are folded up with the texts."""
LONG = 30
"""Characters. Shorter sentences are alike by chance, or because there is one way to say them."""
_MARKS = re.compile(r"[\W_]+")
_TITLE = re.compile(r"《[^《》]*+》")
_FOLDED = Struct("<QIH?")
_LAST_COLUMN = 0xFFFF


class LongText(NamedTuple):
    """A long text and where it stands."""

    digest: int
    line: int
    """Of the text, or of the field of its waiver."""
    column: int
    is_waived: bool


def folded_texts(declaration: Declaration, tree: Node) -> str:
    """Fold up the long texts of *declaration*, with a mark on those that may be like others by a waiver."""
    waived = {
        waiver.field: ("waivers", position, "field")
        for position, waiver in enumerate(declaration.waivers)
        if waiver.rule == RULE
    }
    return b64encode(
        b"".join(
            _FOLDED.pack(
                int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "little"),
                place.line,
                min(place.column, _LAST_COLUMN),
                field in waived,
            )
            for path, words in long_texts(declaration)
            for field in (declaration.field_at(path),)
            for place in (place_of(tree, waived.get(field, path)),)
        )
    ).decode()


def long_texts(declaration: Declaration) -> Iterator[tuple[Path, str]]:
    """List the goals and targets that are long, without punctuation; titles of documents do not count."""
    goals = declaration.goals
    for field, goal in (("overall", goals.overall), ("annual", goals.annual)):
        if goal is not None and (words := _long(goal.plain())):
            yield ("goals", field), words
    for path, indicator in declaration.indicators_with_paths():
        if indicator.target is not None and (words := _long(indicator.target.filed.plain())):
            yield (*path, "target"), words


def _long(text: str) -> str | None:
    if len(text) < LONG or len(_MARKS.sub("", _TITLE.sub("", text))) < LONG:
        return None
    return _MARKS.sub("", text)


def unfolded(texts: str) -> Iterator[LongText]:
    """Unfold what `folded_texts` gave."""
    return map(LongText._make, _FOLDED.iter_unpack(b64decode(texts)))
