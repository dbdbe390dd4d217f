"""A long list in parts: each part is a page, so that no page grows without bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from jixiao.analysis import urls

Row = TypeVar("Row")
LENGTH = 100
"""Rows, mostly declarations, on one page: a page of some 40 KB, which a phone shows at once."""
_NEIGHBOURS = 2
"""Parts on either side of the current one that the pager names, besides the first and the last."""


@dataclass(frozen=True, kw_only=True)
class Part(Generic[Row]):
    """One page of a list."""

    address: str
    """Of the whole list, which is the address of its first part."""
    number: int
    """Counted from 1."""
    parts: int
    """How many there are."""
    listed: Sequence[Row]
    """The rows of this part."""
    first: int
    """The place of the first of them in the whole list, counted from 1."""
    whole: int
    """How many rows the whole list has."""

    @property
    def last(self) -> int:
        """The place of the last row of this part in the whole list."""
        return self.first + len(self.listed) - 1

    def pager(self) -> tuple[tuple[int | None, str], ...]:
        """List the parts to go to as (number, address): the ends and the neighbours; `None` is a gap."""
        near = range(self.number - _NEIGHBOURS, self.number + _NEIGHBOURS + 1)
        shown = [number for number in range(1, self.parts + 1) if number in {1, self.parts, *near}]
        pager: list[tuple[int | None, str]] = []
        for number in shown:
            if pager and number != (pager[-1][0] or 0) + 1:
                pager.append((None, ""))
            pager.append((number, self.address_of(number)))
        return tuple(pager)

    def address_of(self, number: int) -> str:
        """Give the address of another part."""
        return urls.of_part(self.address, number)


def parts_of(address: str, rows: Sequence[Row]) -> Iterator[Part[Row]]:
    """Cut the list at *address* into parts; an empty list is one empty part."""
    starts = range(0, max(len(rows), 1), LENGTH)
    for number, start in enumerate(starts, 1):
        yield Part(
            address=address,
            number=number,
            parts=len(starts),
            listed=rows[start : start + LENGTH],
            first=start + 1,
            whole=len(rows),
        )
