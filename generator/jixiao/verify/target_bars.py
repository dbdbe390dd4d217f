"""Bars of targets by how they can be checked: a drawing, and the counts of its classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.verify.html_stream import StreamItem
from jixiao.verify.source_declaration import CountedTargets
from jixiao.verify.source_numbers import numbers_in


@dataclass(kw_only=True)
class TargetBar:
    """A bar of targets by how they can be checked, with its counts, as a page shows it."""

    begins: int
    ends: int = 0
    """The place behind it among the items of the page."""
    whole: str = ""
    segments: list[str] = field(default_factory=list)
    """Class, start and length of each piece of the drawing."""
    numbers: list[str] = field(default_factory=list)
    """Numbers in the sentence above the counts."""
    classes: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)

    def is_right(self, counted: CountedTargets) -> bool:
        """Return whether the counts add up to the filed targets, and the drawn bars to the counts.

        The classes are a reading of words that is not repeated here. Numbers, blanks and the whole are
        counted from the files, and the drawing is compared with its counts: no count can be changed alone.
        """
        named = dict(zip(self.classes, self.counts, strict=False))
        numbers = [int(count) if count.isdecimal() else 0 for count in self.counts]
        starts = [sum(numbers[:place]) for place in range(len(numbers))]
        drawing = [
            f"{name} {start} {number}"
            for name, start, number in zip(self.classes, starts, numbers, strict=False)
        ]
        return (
            sum(numbers) == counted.indicators
            and named.get("is-number", "0") == str(counted.numeric)
            and named.get("is-blank", "0") == str(counted.blank)
            and drawing == self.segments
            and self.whole == f"0 0 {counted.indicators} 1"
            and self.numbers in ([], [str(counted.indicators)])
        )


_COUNT = re.compile(r"(?P<label>.*?)\s*(?P<count>[0-9][0-9,]*)", re.DOTALL)
_WORDS = 2
"""Texts that a class and its count take at most."""


def read_bar(items: Sequence[StreamItem], place: int) -> TargetBar:
    """Read the bar that begins at *place*: a drawing, perhaps a title, then label and count of each class."""
    bar = TargetBar(begins=place, whole=items[place].text)
    words: list[str] = []
    for ends, item in enumerate(items[place + 1 :], place + 1):
        bar.ends = ends
        if item.kind == "segment":
            bar.segments.append(item.text)
        elif item.kind == "swatch" and len(bar.classes) < len(bar.segments):
            bar.classes.append(item.text)
            words = []
        elif item.kind == "text" and not bar.classes:
            bar.numbers += numbers_in(item.text)
        elif item.kind == "text" and len(bar.counts) < len(bar.classes):
            words.append(item.text)
            found = _COUNT.fullmatch(" ".join(words))
            if found:
                bar.labels.append(found["label"])
                bar.counts.append(found["count"].replace(",", ""))
        if len(bar.counts) == len(bar.segments) > 0:
            bar.ends = ends + 1
            break
        if len(words) > _WORDS or item.kind not in {"segment", "swatch", "text"}:
            break
    return bar


def find_bars(items: Sequence[StreamItem]) -> Iterator[TargetBar]:
    """Yield every bar of a page."""
    return (read_bar(items, place) for place, item in enumerate(items) if item.kind == "bar")
