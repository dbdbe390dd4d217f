"""Ruled tables with their cells, and lines of text outside them, on the pages of a PDF.

Runs as a program of its own with limits of time and memory (`python -m jixiao.importers.readers.pdf_pages`),
because a PDF can be made so that reading it never ends. Reads the file from standard input and writes JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import groupby, islice
from typing import NamedTuple

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

from jixiao.importers.readers.bounded_process import (
    PDF_CHARACTERS_LIMIT,
    PDF_PAGES_LIMIT,
    PdfBlock,
    PdfCell,
    PdfContent,
    PdfPageContent,
    PdfRefusal,
    limit_this_process,
)

_UNMAPPED_CHARACTER = re.compile(r"\(cid:[0-9]+\)")
_WIDE_CHARACTER = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_LETTER = re.compile(r"[A-Za-z0-9]")
_SIGN_BETWEEN_BLANKS = re.compile(r" [!-~]$")
"""Sign between two blanks; a line that ends there prints only the first blank: `甲 & 乙`."""
_SAME_LINE_DISTANCE = 0.5
"""Vertical distance, in character heights, within which two characters are on one line."""
_WORD_GAP, _WIDE_GAP, _CELL_GAP = 0.25, 0.8, 2.0
"""Least distance, in character heights, between two words, two Chinese words, and two cells."""
_EDGE_GAP = 1.0
"""Space, in character heights, that a full line may leave at the edge of its cell."""
_NEVER_AT_LINE_START = re.compile(r"[，。、；：！？）》」』】〕”’…—％,.;:!?)\]%]")
_NEVER_AT_LINE_END = re.compile(r"[（《「『【〔“‘(\[]")
"""Punctuation and brackets that cannot begin or end a line."""
_SAME_COLUMN_DISTANCE = 3.0
"""Distance in points within which left edges belong to one column."""


_PASSWORD_ERRORS = (PDFPasswordIncorrect, PDFEncryptionError)
_PDF_ERRORS = (PDFException, PSException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Exceptions that the library raises for files that break the standard."""


class _PdfBox(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class _PdfCharacter(NamedTuple):
    """Character with its box on the page."""

    text: str
    box: _PdfBox

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def height(self) -> float:
        return max(self.box.bottom - self.box.top, 1.0)


class _PdfRefusedError(Exception):
    def __init__(self, refusal: PdfRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def read_pdf_content(content: bytes) -> PdfContent:
    """Read the pages of the PDF *content*, or the reason for refusing it."""
    try:
        return PdfContent(refusal=None, pages=_read_pages(content))
    except _PdfRefusedError as refused:
        refusal = refused.refusal
    except PdfminerException as error:
        # The library wraps the original failure in an exception of its own.
        if any(isinstance(cause, _PASSWORD_ERRORS) for cause in error.args):
            refusal = PdfRefusal.PASSWORD
        elif any(isinstance(cause, MemoryError | RecursionError) for cause in error.args):
            refusal = PdfRefusal.LIMITS
        else:
            refusal = PdfRefusal.DAMAGED
    except _PASSWORD_ERRORS:
        refusal = PdfRefusal.PASSWORD
    except (MemoryError, RecursionError):
        refusal = PdfRefusal.LIMITS
    except _PDF_ERRORS:
        refusal = PdfRefusal.DAMAGED
    return PdfContent(refusal=refusal, pages=[])


def _read_pages(content: bytes) -> list[PdfPageContent]:
    """Read all pages within the limits; the number of pages is checked before the first is read."""
    pages: list[PdfPageContent] = []
    room = PDF_CHARACTERS_LIMIT
    with pdfplumber.open(BytesIO(content)) as pdf:
        count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PDF_PAGES_LIMIT + 1))
        if count > PDF_PAGES_LIMIT:
            raise _PdfRefusedError(PdfRefusal.PAGES)
        for page in pdf.pages:
            room -= len(page.chars)
            if room < 0:
                raise _PdfRefusedError(PdfRefusal.CHARACTERS)
            pages.append(_read_page(page))
            page.close()
    return pages


def _read_page(page: Page) -> PdfPageContent:
    """Read the tables of a page, and the lines outside them, from top to bottom."""
    characters = list(_read_characters(page))
    # A table of one cell is only a frame around text.
    tables = [table for table in page.find_tables() if len(table.cells) > 1]
    blocks = [(table.bbox[1], _build_table_block(table, characters)) for table in tables]
    boxes = [_PdfBox(*table.bbox) for table in tables]
    outside = [character for character in characters if not any(_contains(box, character) for box in boxes)]
    blocks.extend((line[0].box.top, _build_line_block(line)) for line in _group_into_lines(outside))
    blocks.sort(key=lambda block: block[0])
    return PdfPageContent(
        blocks=[block for _, block in blocks],
        has_text=any(character.text.strip() for character in characters),
        has_pictures=bool(page.images),
    )


def _read_characters(page: Page) -> Iterator[_PdfCharacter]:
    """Yield each character of a page once; bold type may be one character printed twice, a little apart."""
    seen: set[tuple[str, int, int]] = set()
    for char in page.chars:
        text = char["text"]
        if _UNMAPPED_CHARACTER.search(text):
            raise _PdfRefusedError(PdfRefusal.FONT)
        key = (text, round(char["x0"] / 2), round(char["top"] / 2))
        if key not in seen:
            seen.add(key)
            yield _PdfCharacter(text, _PdfBox(char["x0"], char["top"], char["x1"], char["bottom"]))


def _contains(box: _PdfBox, character: _PdfCharacter) -> bool:
    across = (character.box.left + character.box.right) / 2
    return box.left <= across <= box.right and box.top <= character.middle <= box.bottom


def _build_table_block(table: Table, characters: Sequence[_PdfCharacter]) -> PdfBlock:
    """Build the rows of *table*; nearly equal left edges are one column, and a cell begins in its top row."""
    cells = sorted((_PdfBox(*cell) for cell in table.cells), key=lambda cell: (cell.top, cell.left))
    texts: dict[_PdfBox, list[_PdfCharacter]] = {cell: [] for cell in cells}
    for character in characters:
        around = next((cell for cell in cells if _contains(cell, character)), None)
        if around is not None:
            texts[around].append(character)
    columns: dict[float, float] = {}
    column: float | None = None
    for left in sorted({cell.left for cell in cells}):
        if column is None or left - column > _SAME_COLUMN_DISTANCE:
            column = left
        columns[left] = column
    rows = []
    for top, starting in groupby(cells, key=lambda cell: round(cell.top)):
        across = [cell for cell in cells if round(cell.top) < top < round(cell.bottom)]
        row = [
            PdfCell(text=_join_cell_text(texts[cell], cell), left=columns[cell.left]) for cell in starting
        ] + [PdfCell(text="", left=columns[cell.left]) for cell in across]
        rows.append(sorted(row, key=lambda cell: cell["left"]))
    return PdfBlock(is_table=True, rows=rows)


def _group_into_lines(characters: Iterable[_PdfCharacter]) -> list[list[_PdfCharacter]]:
    """Group characters into lines, each sorted from left to right."""
    lines: list[list[_PdfCharacter]] = []
    for character in sorted(characters, key=lambda character: character.middle):
        if lines and abs(character.middle - lines[-1][-1].middle) <= _SAME_LINE_DISTANCE * character.height:
            lines[-1].append(character)
        else:
            lines.append([character])
    shown = (sorted(line, key=lambda character: character.box.left) for line in lines)
    return [line for line in shown if any(character.text.strip() for character in line)]


def _build_line_block(line: Sequence[_PdfCharacter]) -> PdfBlock:
    """Build a one-row block from a line outside the tables; wide gaps separate cells."""
    cells: list[list[_PdfCharacter]] = [[]]
    for character in line:
        if not character.text.strip() and not cells[-1]:
            continue
        before = next((one for one in reversed(cells[-1]) if one.text.strip()), None)
        if (
            before
            and character.text.strip()
            and character.box.left - before.box.right > _CELL_GAP * character.height
        ):
            cells.append([])
        cells[-1].append(character)
    row = [PdfCell(text=_join_line(cell).strip(), left=cell[0].box.left) for cell in cells if cell]
    return PdfBlock(is_table=False, rows=[row])


def _join_line(line: Sequence[_PdfCharacter]) -> str:
    """Join the characters of a line; insert a blank at a gap where none is printed."""
    joined = ""
    for before, character in zip((None, *line), line, strict=False):
        if before is not None and before.text.strip() and character.text.strip():
            are_wide = _WIDE_CHARACTER.match(before.text) and _WIDE_CHARACTER.match(character.text)
            gap = _WIDE_GAP if are_wide else _WORD_GAP
            if character.box.left - before.box.right > gap * character.height:
                joined += " "
        joined += character.text
    return joined


def _join_cell_text(characters: Sequence[_PdfCharacter], cell: _PdfBox) -> str:
    """Join the lines of *cell*: full lines continue in the next, shorter ones end with a line break."""
    text = ""
    lines = _group_into_lines(characters)
    for position, line in enumerate(lines):
        joined = _join_line(line).strip()
        text += joined
        if position + 1 == len(lines):
            break
        following = _join_line(lines[position + 1]).strip()
        last = next(character for character in reversed(line) if character.text.strip())
        room = cell.right - last.box.right - _EDGE_GAP * last.height
        if room > _measure_first_word(lines[position + 1]):
            text += "\n"
        elif (_LETTER.match(joined[-1:]) and _LETTER.match(following)) or _SIGN_BETWEEN_BLANKS.search(joined):
            text += " "
    return text


def _measure_first_word(line: Sequence[_PdfCharacter]) -> float:
    """Measure the unbreakable beginning of *line*: a word, or a character with its punctuation."""
    end = 1
    while end < len(line) and line[end].text.strip():
        before, behind = line[end - 1].text, line[end].text
        is_wide = _WIDE_CHARACTER.match(before) or _WIDE_CHARACTER.match(behind)
        if is_wide and not (_NEVER_AT_LINE_START.match(behind) or _NEVER_AT_LINE_END.match(before)):
            break
        end += 1
    return line[end - 1].box.right - line[0].box.left


def main() -> None:
    """Read a PDF from standard input within limits and write its content as JSON."""
    limit_this_process()
    json.dump(read_pdf_content(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
