"""Where each comment belongs: to the file, above or behind a field or an entry, at the end of a group.

A comment on a line of its own belongs to what follows it, unless it is indented deeper: then it stands at the
end of the group whose fields begin at its column or left of it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import yaml

from jixiao.load.source_files import SourceText

Owner = tuple[int, bool]
"""A field or an entry (then true) by the index of its first character."""
ROOT: Owner = (-1, False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A group or a list as it stands in the file."""

    owner: Owner
    """The field or entry whose value it is."""
    column: int
    """Where its fields or dashes begin, counted from 0."""
    within: Range | None
    is_flow: bool
    """Whether it stands in brackets or braces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place at which something other than a comment stands."""

    index: int
    column: int
    owner: Owner
    within: Range
    """Where the owner stands."""
    begins: bool
    """Whether the owner begins here; else here is its single value, or the bracket at its end."""
    closes: bool = False
    """Whether here is the bracket at the end of the owner's value, which is not empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A comment or an empty line."""

    index: int
    text: str
    """From its `#`; an empty line is empty."""
    column: int
    is_behind: bool
    """Whether something stands before it on its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What stands beside the fields and entries of a file."""

    above: dict[Owner, list[str]] = field(default_factory=dict)
    behind: dict[Owner, str] = field(default_factory=dict)
    below: dict[Owner, list[str]] = field(default_factory=dict)
    """At the end of the group or list that is the owner's value."""


def remarks_between(tokens: Sequence[yaml.Token], source: SourceText) -> Iterator[Remark]:
    """List comments and empty lines: they are all that stands between the tokens of a file."""
    text = source.text
    for before, after in pairwise(tokens):
        # A block of text takes the empty lines below it along.
        begin, end = before.end_mark.index, after.start_mark.index
        begin -= len(text[before.start_mark.index : begin]) - len(
            text[before.start_mark.index : begin].rstrip()
        )
        first, *lines = text[begin:end].split("\n")
        if first.strip():
            yield Remark(index=begin + first.index("#"), text=first.strip(), column=0, is_behind=True)
        index = begin + len(first) + 1
        for number, line in enumerate(lines, 1):
            words = line.strip()
            # Behind the last line break stands the next token, or nothing.
            if words or number < len(lines):
                column = line.find("#") if words else 0
                yield Remark(index=index + column, text=words, column=column, is_behind=False)
            index += len(line) + 1


def place_remarks(remarks: Sequence[Remark], spots: Sequence[Spot]) -> Beside:
    """Give each remark its place beside a field or an entry.

    Args:
        remarks: In the order of the file.
        spots: In the order of the file; at least one.
    """
    beside = Beside()
    places = [spot.index for spot in spots]
    for number, gap in groupby(remarks, key=lambda remark: bisect(places, remark.index)):
        before = spots[number - 1] if number else None
        after = spots[number] if number < len(spots) else None
        _Gap(before, after, beside).fill(list(gap))
    return beside


class _Gap:
    """The room between two spots."""

    def __init__(self, before: Spot | None, after: Spot | None, beside: Beside) -> None:
        self._before = before
        self._after = after
        self._beside = beside
        self._closed = list(self._closed_ranges())

    def fill(self, remarks: list[Remark]) -> None:
        # At the top of a file empty lines before the first comment mean nothing.
        is_parted, is_begun = False, self._before is not None
        for remark in remarks:
            if remark.is_behind and self._before and self._before.owner not in self._beside.behind:
                self._beside.behind[self._before.owner] = remark.text
            elif remark.text:
                notes = self._notes_for(remark)
                notes.extend(["", remark.text] if is_parted else [remark.text])
                is_parted, is_begun = False, True
            else:
                is_parted = is_begun and not self._is_inside
        if is_parted and self._after is not None:
            self._beside.above.setdefault(self._after.owner, []).append("")

    @property
    def _is_inside(self) -> bool:
        """Whether an empty line means nothing here: in brackets, below the name of a group."""
        return self._after is not None and (
            not self._after.begins
            or self._after.within.is_flow
            or (self._before is not None and self._after.within.owner == self._before.owner)
        )

    def _closed_ranges(self) -> Iterator[Range]:
        """List the groups and lists that end in this gap, the innermost first."""
        within = self._before.within if self._before else None
        if self._after and self._before and self._after.within.owner == self._before.owner:
            return
        while within is not None and within is not (self._after.within if self._after else None):
            yield within
            within = within.within

    def _notes_for(self, remark: Remark) -> list[str]:
        after = self._after
        if after is not None and after.closes:
            return self._beside.below.setdefault(after.owner, [])
        if after is not None and not after.begins:
            return self._beside.above.setdefault(after.owner, [])
        right_of = after.column if after else -1
        if remark.column <= right_of:
            self._closed.clear()
        # What follows a comment in the file follows it where it is put: never back into a closed group.
        while self._closed and (self._closed[0].is_flow or self._closed[0].column > remark.column):
            self._closed.pop(0)
        if self._closed or after is None:
            owner = self._closed[0].owner if self._closed else ROOT
            return self._beside.below.setdefault(owner, [])
        return self._beside.above.setdefault(after.owner, [])
