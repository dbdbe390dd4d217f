"""Personal data in the rows of a file: rows come in, what was found in their cells comes out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from jixiao.personal_data.form_rows import Cell, Row
from jixiao.personal_data.person_names import names_in
from jixiao.personal_data.text_patterns import Found, Kind, personal_data

_SURE = frozenset({Kind.IDENTITY_NUMBER})
_NUMBERS = frozenset({Kind.IDENTITY_NUMBER, Kind.IDENTITY_NUMBER_MISTYPED})


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a cell."""

    cell: Cell
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spot:
    """What was found, and the characters that have to go."""

    found: Found
    row: Row
    spans: tuple[Span, ...]


def spots_in(rows: Sequence[Row]) -> list[Spot]:
    """Find what looks like personal data in *rows*, in their order."""
    spots: list[Spot] = []
    row_of: dict[int, Row] = {}
    for row in rows:
        for cell in row.cells:
            row_of[id(cell)] = row
        spots.extend(_in_row(row))
    for above, below in pairwise(rows):
        if above.is_shown and below.is_shown and above.cells and below.cells:
            spots.extend(_across(above, (above.cells[-1], below.cells[0])))
    for name in names_in(rows):
        words = name.cell.text[name.start : name.end]
        found = Found(kind=Kind.PERSON, start=name.start, end=name.end, number=words)
        spots.append(Spot(found, row_of[id(name.cell)], (Span(name.cell, name.start, name.end),)))
    order = {
        id(cell): (number, place) for number, row in enumerate(rows) for place, cell in enumerate(row.cells)
    }
    return sorted(spots, key=lambda spot: (order[id(spot.spans[0].cell)], spot.spans[0].start))


def _in_row(row: Row) -> Iterator[Spot]:
    for cell in row.cells:
        for found in personal_data(cell.text):
            if not cell.is_figure or found.kind in _NUMBERS:
                yield Spot(found, row, (Span(cell, found.start, found.end),))
    if len(row.cells) > 1:
        yield from _across(row, row.cells)


def _across(row: Row, cells: Sequence[Cell]) -> Iterator[Spot]:
    """Find identity numbers that begin in one of *cells* and end in another."""
    texts = [cell.text for cell in cells]
    if sum(any(map(str.isdigit, text)) for text in texts) <= 1:
        return
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    for found in personal_data("\n".join(texts)):
        first, last = (bisect_right(starts, at) - 1 for at in (found.start, found.end - 1))
        if found.kind in _SURE and first != last:
            spans = tuple(
                Span(cell, max(found.start - starts[at], 0), min(found.end - starts[at], len(cell.text)))
                for at, cell in enumerate(cells)
                if first <= at <= last
            )
            yield Spot(found, row, spans)
