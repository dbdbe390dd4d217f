"""Cells of a form: their grid, their text without layout, and whether each was imported.

Every reader returns a grid; no file format is known here. Rows are numbered through the whole file in reading
order, and an empty row marks the end of a page or a paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from jixiao.i18n import Message, message
from jixiao.model.target import MISTYPED_SIGNS, read_target
from jixiao.model.values import read_line, read_money
from jixiao.problems import ReadError

CellKey = tuple[int, int]
"""Key of a cell within its file: row number and column number, both from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GridCell:
    """One cell of a form."""

    text: str
    """Text exactly as filed."""
    row: int
    """Number of its row in the file, counted from 1."""
    column: int
    """Number of its column, counted from 1, empty cells included."""
    place: Message
    """Place in the form as a message, e.g. “第 23 行第 2 格” or `Sheet1!C7`."""
    is_continuation: bool = False
    """Whether it continues a cell that begins in a row above; its text is empty then."""

    @property
    def key(self) -> CellKey:
        """Row and column number of the cell within its file."""
        return self.row, self.column

    @property
    def stripped_text(self) -> str:
        """Text without blanks at its edges."""
        return self.text.strip()

    @property
    def compact_text(self) -> str:
        """Text without any blank, because narrow cells wrap their text."""
        return "".join(self.text.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class GridRow:
    """One row of a form."""

    number: int
    """Row number, counted from 1 through the whole file."""
    cells: tuple[GridCell, ...]
    """Cells from left to right, empty ones included."""
    place: Message
    """Place in the form as a message, e.g. “第 23 行”."""

    @property
    def filled_cells(self) -> tuple[GridCell, ...]:
        """Cells that are not blank."""
        return tuple(cell for cell in self.cells if cell.stripped_text)

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts of all cells, empty ones included."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """All rows of one form file."""

    file: str
    """Path of the file as shown in messages."""
    rows: tuple[GridRow, ...]
    remarks: tuple[Message, ...] = ()
    """Remarks of the reader on the whole file, e.g. that a sheet is hidden."""
    counts_lines: bool = True
    """Whether row numbers equal the line numbers that a user of the file sees."""

    def iterate_filled_cells(self) -> Iterator[GridCell]:
        """Yield the cells that are not blank, row by row."""
        for row in self.rows:
            yield from row.filled_cells


def build_row(number: int, texts: tuple[str, ...], place: Message) -> GridRow:
    """Build a row from the *texts* of its cells.

    Args:
        number: Number of the row in the file, counted from 1.
        texts: One text for each cell, empty ones included.
        place: Place of the row as a message.
    """
    cells = tuple(
        GridCell(
            text=text,
            row=number,
            column=column,
            # The place of an empty cell is never reported.
            place=message("{row}第 {column} 格", row=place, column=str(column)) if text.strip() else place,
        )
        for column, text in enumerate(texts, 1)
    )
    return GridRow(number=number, cells=cells, place=place)


class CellUse(StrEnum):
    """Purpose for which a cell was used."""

    FIELD = "field"
    """The text is the value of a field."""
    ROW = "row"
    """The cell belongs to an indicator: its name, its target or its class."""
    LABEL = "label"
    """Text printed on every form: a heading, the name of a field."""
    OMITTED = "left-out"
    """A person's name or telephone, or the label of one: no part of it is published."""


@dataclass(frozen=True, kw_only=True)
class CellUsage:
    """Record of the use of each cell, filled while forms are read."""

    uses: dict[CellKey, CellUse] = field(default_factory=dict)
    """Use of each placed cell."""
    reasons: dict[CellKey, Message] = field(default_factory=dict)
    """Reason for each unplaced cell."""
    withheld_cells: set[CellKey] = field(default_factory=set)
    """Unplaced cells whose text is not repeated, because a person is named among other text."""

    def record_use(self, use: CellUse, *cells: GridCell) -> None:
        """Record the use of *cells*."""
        for cell in cells:
            self.uses[cell.key] = use
            self.withheld_cells.discard(cell.key)
            self.reasons.pop(cell.key, None)

    def mark_unplaced(self, cell: GridCell, reason: Message) -> None:
        """Record *cell* as unplaced, with the *reason*."""
        self.uses.pop(cell.key, None)
        self.reasons[cell.key] = reason

    def withhold(self, cell: GridCell) -> None:
        """Record that *cell* names a person and must be checked by hand."""
        self.mark_unplaced(cell, message("里面有个人信息，也可能有别的内容：请看原表，把其余内容补进文件"))
        self.withheld_cells.add(cell.key)

    def is_withheld(self, cell: GridCell) -> bool:
        """Return whether the text of *cell* must not be repeated."""
        return cell.key in self.withheld_cells

    def is_used(self, cell: GridCell) -> bool:
        """Return whether a use of *cell* is recorded."""
        return cell.key in self.uses

    def count(self, cells: Iterable[GridCell]) -> CellCount:
        """Count placed, unplaced and omitted cells among *cells*, which come straight from the grid."""
        counted = tuple(cells)
        omitted = sum(self.uses.get(cell.key) is CellUse.OMITTED for cell in counted)
        unplaced = tuple(cell for cell in counted if cell.key not in self.uses)
        return CellCount(cells=len(counted), omitted_count=omitted, unplaced_cells=unplaced)

    def find_reason(self, cell: GridCell) -> Message:
        """Return the reason why *cell* is unplaced."""
        return self.reasons.get(cell.key, message("不认识这一格属于哪个栏目"))


@dataclass(frozen=True, kw_only=True)
class CellCount:
    """Numbers of placed, unplaced and omitted cells among the filled cells of a file."""

    cells: int
    omitted_count: int
    """Number of cells omitted because they are about a person."""
    unplaced_cells: tuple[GridCell, ...]
    """Unplaced cells."""

    @property
    def placed_count(self) -> int:
        """Number of placed cells."""
        return self.cells - self.omitted_count - len(self.unplaced_cells)


_BREAK_TAG = re.compile(r"<(?:br|/p)[^<>]{0,80}>(?!$)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ENTITY = re.compile(r"&nbsp;", re.IGNORECASE)
_LINE_BREAK = re.compile(r"[ \t]{0,80}\n\s{0,80}")
_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")
_BLANK_IN_WORDS = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])")
_LOST_NUMBER = re.compile(
    r"(?:为期|不少于|不低于|不超过|不高于|至少)(?=(?:个月|个工作日|天|周|年(?![度底内初中末])|小时|人次|场次|%|万?元))"
)
_PROJECT_GOAL = re.compile(r"(?:项目总|总体|长期)(?:绩效)?目标")
_YEAR_GOAL = re.compile(r"年度(?:总体?)?(?:绩效)?目标")


def strip_markup(text: str) -> str:
    """Remove HTML tags from *text*; a break tag inside becomes a line break."""
    if "<" not in text and "&" not in text:
        return text
    without_tags = _TAG.sub("", _BREAK_TAG.sub("\n", text.strip()))
    return _ENTITY.sub(" ", without_tags).strip()


def join_lines(text: str) -> str:
    """Join the lines of a narrow cell, with a blank between two letters or digits."""

    def join(line_break: re.Match[str]) -> str:
        start, end = line_break.span()
        return _find_lost_blank(text[start - 1 : start], text[end : end + 1])

    return _LINE_BREAK.sub(join, text)


def join_halves(first: str, second: str) -> str:
    """Join two texts that a break of the page or row separated."""
    return f"{first}{_find_lost_blank(first[-1:], second[:1])}{second}"


def _find_lost_blank(before: str, behind: str) -> str:
    """Return the blank lost at a break: one was between two letters or digits."""
    return " " if _LETTER_OR_DIGIT.match(before) and _LETTER_OR_DIGIT.match(behind) else ""


def strip_line_break(text: str) -> str:
    """Remove blanks between Chinese characters, which remain where a narrow cell wraps a name."""
    return _BLANK_IN_WORDS.sub("", text)


def split_at_blank(text: str) -> tuple[str, str] | None:
    """Return the text before and after the first blank between two Chinese characters."""
    found = _BLANK_IN_WORDS.search(text)
    return (text[: found.start()], text[found.end() :]) if found else None


def split_at_lost_number(text: str) -> tuple[str, str] | None:
    """Split *text* where a number is missing: between a word that requires one and a unit."""
    found = _LOST_NUMBER.search(text)
    return (text[: found.end()], text[found.end() :]) if found else None


def has_two_goals(text: str) -> bool:
    """Return whether one text holds the goal of the whole project and that of the year."""
    first = _PROJECT_GOAL.search(text)
    return first is not None and _YEAR_GOAL.search(text, first.end()) is not None


def normalize_target(text: str) -> str | None:
    """Return a target that the checks accept: as filed or with ASCII signs, or `None`."""
    if not explain_bad_target(text):
        return text
    # Normalization would change these two signs.
    narrow = unicodedata.normalize("NFKC", text.replace("≥", "\0").replace("≤", "\1")).strip('“”"')
    narrow = narrow.replace("\0", "≥").replace("\1", "≤")
    mistyped = next((sign for sign in MISTYPED_SIGNS if narrow.startswith(sign)), None)
    if mistyped is not None:
        narrow = MISTYPED_SIGNS[mistyped] + narrow.removeprefix(mistyped).lstrip()
    return None if explain_bad_target(narrow) else narrow


def explain_bad_target(text: str) -> Message | None:
    """Return why the checks would refuse *text* as a target, or `None`."""
    return _explain_read_error(read_target, text)


def explain_bad_money(text: str) -> Message | None:
    """Return why the checks would refuse *text* as a sum, or `None`."""
    return _explain_read_error(read_money, text)


def explain_bad_line(text: str) -> Message | None:
    """Return why the checks would refuse *text* as a name, or `None`."""
    return _explain_read_error(read_line, text)


def _explain_read_error(read: Callable[[str], object], text: str) -> Message | None:
    try:
        read(text)
    except ReadError as error:
        return error.message
    return None
