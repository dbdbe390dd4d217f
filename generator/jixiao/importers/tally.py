"""The tally: what became of each cell of a form, so that none is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from jixiao.i18n import Message, message
from jixiao.importers.grid import Cell, Key


class Use(StrEnum):
    """What a cell was used for."""

    FIELD = "field"
    """Its words are the value of a field."""
    ROW = "row"
    """It belongs to an indicator: its name, its target or its class."""
    LABEL = "label"
    """Words that are printed on every form: a heading, the name of a field."""
    LEFT_OUT = "left-out"
    """A person's name or telephone, or the label of one: nothing of it is published."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Filled while forms are read. What is in neither list is not placed."""

    uses: dict[Key, Use] = field(default_factory=dict)
    """Cell → what it was used for."""
    reasons: dict[Key, Message] = field(default_factory=dict)
    """Cell that has no place → why."""
    held_back: set[Key] = field(default_factory=set)
    """Cells that have no place and whose words are not repeated: a person is named among others."""

    def take(self, use: Use, *cells: Cell) -> None:
        """Note that *cells* were used."""
        for cell in cells:
            self.uses[cell.key] = use
            self.held_back.discard(cell.key)
            self.reasons.pop(cell.key, None)

    def refuse(self, cell: Cell, reason: Message) -> None:
        """Note why *cell* has no place."""
        self.uses.pop(cell.key, None)
        self.reasons[cell.key] = reason

    def hold_back(self, cell: Cell) -> None:
        """Note that a person is named in *cell*, so that somebody has to look at the form."""
        self.refuse(cell, message("里面有个人信息，也可能有别的内容：请看原表，把其余内容补进文件"))
        self.held_back.add(cell.key)

    def is_held_back(self, cell: Cell) -> bool:
        """Tell whether the words of *cell* are not to be repeated."""
        return cell.key in self.held_back

    def is_taken(self, cell: Cell) -> bool:
        """Tell whether *cell* was used for something."""
        return cell.key in self.uses

    def count(self, cells: Iterable[Cell]) -> Count:
        """Count what became of *cells*, which come straight from the grid."""
        every = tuple(cells)
        left_out = sum(self.uses.get(cell.key) is Use.LEFT_OUT for cell in every)
        loose = tuple(cell for cell in every if cell.key not in self.uses)
        return Count(cells=len(every), left_out=left_out, loose=loose)

    def reason(self, cell: Cell) -> Message:
        """Say why *cell* is not placed."""
        return self.reasons.get(cell.key, message("不认识这一格属于哪个栏目"))


@dataclass(frozen=True, kw_only=True)
class Count:
    """The cells of a file that are not empty, and what became of them."""

    cells: int
    left_out: int
    """Of persons."""
    loose: tuple[Cell, ...]
    """Not placed."""

    @property
    def placed(self) -> int:
        """How many are placed."""
        return self.cells - self.left_out - len(self.loose)
