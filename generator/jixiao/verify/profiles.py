"""Bars of targets, by how they can be checked, add up to the targets that the files have.

The classes are a reading of words, of which there is no second one here. Of each bar the numbers, the blanks
and the whole are counted anew, and the drawing is compared with its counts: no count can be changed alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from jixiao.i18n import message
from jixiao.verify.figure import numbers_in
from jixiao.verify.finding import Finding
from jixiao.verify.html_tree import Element
from jixiao.verify.view import BLANK, View

_WHAT = message("目标值的分类")


class Counted(Protocol):
    """A declaration, or what several add up to."""

    @property
    def indicators(self) -> int:
        """Count the targets."""

    @property
    def numeric(self) -> int:
        """Count the targets that are numbers."""

    @property
    def blank(self) -> int:
        """Count the targets that were left blank."""


def caption_of(view: View, counted: Counted) -> str:
    """Give the caption of the bar of a page; empty where there is none."""
    return (
        view.words.said("{count} 项目标值，按写法分", count=f"{counted.indicators:,}")
        if counted.indicators
        else ""
    )


def compare_profile(view: View, counted: Counted | None) -> Iterator[Finding]:
    """Compare the one bar of a page; *counted* is `None` where none may stand."""
    blocks = view.article.every("figure.profile")
    expected = 0 if counted is None or not counted.indicators else 1
    yield from view.differs(_WHAT, (str(expected),), str(len(blocks)))
    for block in blocks[:expected]:
        if counted is not None:
            yield from compare_bar(view, counted, block)


def compare_bar(view: View, counted: Counted, place: Element) -> Iterator[Finding]:
    """Compare the bar in *place*, and its counts, with what was filed."""
    shown = [*_of_table(place), *_of_list(place)]
    counts = [int(number) for _, number in shown]
    of_label = dict(shown)
    named = [of_label.get(view.words.said(label), "0") for label in ("数字", BLANK)]
    expected = [str(number) for number in (counted.indicators, counted.numeric, counted.blank)]
    yield from view.differ(_WHAT, [expected], [str(sum(counts)), *named])
    starts = [sum(counts[:place]) for place in range(len(counts))]
    drawing = [f"{start} {count}" for start, count in zip(starts, counts, strict=True)]
    yield from view.differ(_WHAT, [[*drawing, f"0 0 {counted.indicators} 1"]], _drawn(place))


def classes_shown(place: Element) -> Iterator[str]:
    """Name the classes of the bar in *place*, in their order."""
    return (label for label, _ in _of_table(place))


def _of_table(place: Element) -> Iterator[tuple[str, str]]:
    """Give the labels of a table with their counts."""
    for line in (line for table in place.every("table.profile") for line in table.every("tr")):
        label, count = (cell.text() for cell in line.elements())
        yield label, _number_of(count)


def _of_list(place: Element) -> Iterator[tuple[str, str]]:
    """Give the labels of a list with their counts."""
    for line in (line for counts in place.every("ul.profile-counts") for line in counts.elements()):
        label, _, count = line.text().rpartition(" ")
        yield label, _number_of(count)


def _number_of(text: str) -> str:
    """Give a count without commas; what is none counts as nothing, and the sum tells."""
    number = "".join(numbers_in(text))
    return number if number.isdecimal() else "0"


def _drawn(place: Element) -> Iterator[str]:
    """Give start and length of every segment, then the measures of the drawing."""
    for bar in place.every("svg.profile-bar"):
        for segment in bar.elements():
            yield f"{segment.attributes.get('x', '')} {segment.attributes.get('width', '')}"
        yield bar.attributes.get("viewbox", "")
