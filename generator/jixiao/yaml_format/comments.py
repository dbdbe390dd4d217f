"""Comments of a YAML file, attached to the field, list entry or group that they belong to.

A comment on a line of its own belongs to what follows it, unless it is indented deeper: then it stands at
the end of the group whose fields begin at its column or left of it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import yaml

from jixiao.load.source_files import SourceText

CommentOwner = tuple[int, bool]
"""Field or list entry (true for an entry), identified by the index of its first character."""
ROOT_OWNER: CommentOwner = (-1, False)


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlRange:
    """Group or list, with its position in the file."""

    owner: CommentOwner
    """Field or entry whose value it is."""
    column: int
    """Column of its fields or dashes, from 0."""
    parent: YamlRange | None
    is_flow: bool
    """Whether it is written in brackets or braces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlPosition:
    """Position of a field, an entry, a value or a closing bracket."""

    index: int
    column: int
    owner: CommentOwner
    parent: YamlRange
    """Group or list that contains the owner."""
    begins: bool
    """Whether the owner begins here; otherwise its value or its closing bracket is here."""
    closes: bool = False
    """Whether this is the closing bracket of a value that is not empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceComment:
    """Comment or blank line, with its position in the file."""

    index: int
    text: str
    """Text from the `#` on; empty for a blank line."""
    column: int
    is_trailing: bool
    """Whether other text precedes it on its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedComments:
    """Comments of a file by the field or entry they belong to."""

    above: dict[CommentOwner, list[str]] = field(default_factory=dict)
    trailing: dict[CommentOwner, str] = field(default_factory=dict)
    below: dict[CommentOwner, list[str]] = field(default_factory=dict)
    """At the end of the group or list that is the value of the owner."""


def list_comments(tokens: Sequence[yaml.Token], source: SourceText) -> Iterator[SourceComment]:
    """List comments and blank lines, the only text between the tokens of a file."""
    text = source.text
    for before, after in pairwise(tokens):
        # A block of text takes the empty lines below it along.
        begin, end = before.end_mark.index, after.start_mark.index
        begin -= len(text[before.start_mark.index : begin]) - len(
            text[before.start_mark.index : begin].rstrip()
        )
        first, *lines = text[begin:end].split("\n")
        if first.strip():
            yield SourceComment(
                index=begin + first.index("#"), text=first.strip(), column=0, is_trailing=True
            )
        index = begin + len(first) + 1
        for number, line in enumerate(lines, 1):
            words = line.strip()
            # Behind the last line break stands the next token, or nothing.
            if words or number < len(lines):
                column = line.find("#") if words else 0
                yield SourceComment(index=index + column, text=words, column=column, is_trailing=False)
            index += len(line) + 1


def attach_comments(comments: Sequence[SourceComment], positions: Sequence[YamlPosition]) -> AttachedComments:
    """Attach each comment to a field or an entry.

    Args:
        comments: In the order of the file.
        positions: In the order of the file; at least one.
    """
    beside = AttachedComments()
    places = [spot.index for spot in positions]
    for number, gap in groupby(comments, key=lambda remark: bisect(places, remark.index)):
        before = positions[number - 1] if number else None
        after = positions[number] if number < len(positions) else None
        _CommentAttacher(before, after, beside).attach(list(gap))
    return beside


class _CommentAttacher:
    """Attacher of the comments between two neighbouring positions."""

    def __init__(
        self, before: YamlPosition | None, after: YamlPosition | None, attached: AttachedComments
    ) -> None:
        self._before = before
        self._after = after
        self._attached = attached
        self._ended_ranges = list(self._list_ended_ranges())

    def attach(self, comments: list[SourceComment]) -> None:
        # At the top of a file empty lines before the first comment mean nothing.
        is_parted, is_begun = False, self._before is not None
        for remark in comments:
            if remark.is_trailing and self._before and self._before.owner not in self._attached.trailing:
                self._attached.trailing[self._before.owner] = remark.text
            elif remark.text:
                notes = self._find_comment_list(remark)
                notes.extend(["", remark.text] if is_parted else [remark.text])
                is_parted, is_begun = False, True
            else:
                is_parted = is_begun and not self._ignores_blank_lines
        if is_parted and self._after is not None:
            self._attached.above.setdefault(self._after.owner, []).append("")

    @property
    def _ignores_blank_lines(self) -> bool:
        """Whether blank lines are ignored here, in brackets or below the name of a group."""
        return self._after is not None and (
            not self._after.begins
            or self._after.parent.is_flow
            or (self._before is not None and self._after.parent.owner == self._before.owner)
        )

    def _list_ended_ranges(self) -> Iterator[YamlRange]:
        """Yield the groups and lists that end between the two positions, innermost first."""
        within = self._before.parent if self._before else None
        if self._after and self._before and self._after.parent.owner == self._before.owner:
            return
        while within is not None and within is not (self._after.parent if self._after else None):
            yield within
            within = within.parent

    def _find_comment_list(self, comment: SourceComment) -> list[str]:
        after = self._after
        if after is not None and after.closes:
            return self._attached.below.setdefault(after.owner, [])
        if after is not None and not after.begins:
            return self._attached.above.setdefault(after.owner, [])
        right_of = after.column if after else -1
        if comment.column <= right_of:
            self._ended_ranges.clear()
        # What follows a comment in the file follows it where it is put: never back into a closed group.
        while self._ended_ranges and (
            self._ended_ranges[0].is_flow or self._ended_ranges[0].column > comment.column
        ):
            self._ended_ranges.pop(0)
        if self._ended_ranges or after is None:
            owner = self._ended_ranges[0].owner if self._ended_ranges else ROOT_OWNER
            return self._attached.below.setdefault(owner, [])
        return self._attached.above.setdefault(after.owner, [])
