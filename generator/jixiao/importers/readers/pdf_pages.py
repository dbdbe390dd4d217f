"""What is printed on the pages of a PDF: ruled tables with their cells, and lines of text outside them.

Runs as a program of its own with limits to its time and memory (`python -m jixiao.importers.readers.pdf_pages`),
because a PDF can be made so that reading it never ends. The file comes in from the standard input, what was
found goes out as JSON.
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
from jixiao.importers.pdf_found import CHARACTERS_LIMIT, PAGES_LIMIT, Block, CellOfPage, Found, Refusal, Sheet
from jixiao.importers.readers.bounded_process import limit_this_process
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

_UNMAPPED = re.compile(r"\(cid:[0-9]+\)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_LETTER = re.compile(r"[A-Za-z0-9]")
_STANDS_APART = re.compile(r" [!-~]$")
"""A sign between two blanks, of which a line that ends there prints the first alone: `甲 & 乙`."""
_SAME_LINE = 0.5
"""How far apart the middles of two characters of one line may be, in heights."""
_GAP_OF_WORDS, _GAP_OF_WIDE, _GAP_OF_CELLS = 0.25, 0.8, 2.0
"""From which distance two characters are apart, in heights: letters, Chinese, what stands in two cells."""
_EDGE = 1.0
"""How far from the edge of its cell a full line may end, in heights, beside what had no room in it."""
_NEVER_FIRST = re.compile(r"[，。、；：！？）》」』】〕”’…—％,.;:!?)\]%]")
_NEVER_LAST = re.compile(r"[（《「『【〔“‘(\[]")
"""Stops and brackets: no line begins, and none ends, with one of them."""
_NEAR = 3.0
"""How far apart edges of one column may be, in points."""


_LOCKED = (PDFPasswordIncorrect, PDFEncryptionError)
_BROKEN = (PDFException, PSException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What the library raises where a file is not as the standard says."""


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class _Sign(NamedTuple):
    """A character with its place on the page."""

    text: str
    box: _Box

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def height(self) -> float:
        return max(self.box.bottom - self.box.top, 1.0)


class _Refused(Exception):  # noqa: N818 - named for what it says; caught once, in this module
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


def find(content: bytes) -> Found:
    """Find what is printed in the PDF *content*."""
    try:
        return Found(refusal=None, pages=_pages(content))
    except _Refused as refused:
        why = refused.why
    except PdfminerException as error:
        why = _refusal_within(error)
    except _LOCKED:
        why = Refusal.PASSWORD
    except (MemoryError, RecursionError):
        why = Refusal.LIMITS
    except _BROKEN:
        why = Refusal.DAMAGED
    return Found(refusal=why, pages=[])


def _refusal_within(error: PdfminerException) -> Refusal:
    """Find why a reader gave up, which holds the failure of the one below it."""
    for kinds, why in ((_LOCKED, Refusal.PASSWORD), ((MemoryError, RecursionError), Refusal.LIMITS)):
        if any(isinstance(one, kinds) for one in error.args):
            return why
    return Refusal.DAMAGED


def _pages(content: bytes) -> list[Sheet]:
    pages: list[Sheet] = []
    room = CHARACTERS_LIMIT
    with pdfplumber.open(BytesIO(content)) as pdf:
        count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PAGES_LIMIT + 1))
        if count > PAGES_LIMIT:
            raise _Refused(Refusal.PAGES)
        for page in pdf.pages:
            room -= len(page.chars)
            if room < 0:
                raise _Refused(Refusal.CHARACTERS)
            pages.append(_page(page))
            page.close()
    return pages


def _page(page: Page) -> Sheet:
    signs = list(_signs(page))
    tables = [table for table in page.find_tables() if _is_table(table)]
    blocks = [(table.bbox[1], _table_block(table, signs)) for table in tables]
    boxes = [_Box(*table.bbox) for table in tables]
    outside = [sign for sign in signs if not any(_holds(box, sign) for box in boxes)]
    blocks.extend((line[0].box.top, _line_block(line)) for line in _lines(outside))
    blocks.sort(key=lambda block: block[0])
    return Sheet(
        blocks=[block for _, block in blocks],
        has_text=any(sign.text.strip() for sign in signs),
        has_pictures=bool(page.images),
    )


def _signs(page: Page) -> Iterator[_Sign]:
    seen: set[tuple[str, int, int]] = set()
    for char in page.chars:
        text = char["text"]
        if _UNMAPPED.search(text):
            raise _Refused(Refusal.FONT)
        # Bold type is sometimes made by printing a character twice, a little apart.
        key = (text, round(char["x0"] / 2), round(char["top"] / 2))
        if key not in seen:
            seen.add(key)
            yield _Sign(text, _Box(char["x0"], char["top"], char["x1"], char["bottom"]))


def _is_table(table: Table) -> bool:
    """Tell whether *table* is more than a frame round some text."""
    return len(table.cells) > 1


def _holds(box: _Box, sign: _Sign) -> bool:
    across = (sign.box.left + sign.box.right) / 2
    return box.left <= across <= box.right and box.top <= sign.middle <= box.bottom


def _table_block(table: Table, signs: Sequence[_Sign]) -> Block:
    cells = sorted((_Box(*cell) for cell in table.cells), key=lambda cell: (cell.top, cell.left))
    held: dict[_Box, list[_Sign]] = {cell: [] for cell in cells}
    for sign in signs:
        home = next((cell for cell in cells if _holds(cell, sign)), None)
        if home is not None:
            held[home].append(sign)
    columns = _columns(cells)
    rows = []
    for top, starting in groupby(cells, key=lambda cell: round(cell.top)):
        across = [cell for cell in cells if round(cell.top) < top < round(cell.bottom)]
        row = [CellOfPage(text=_text(held[cell], cell), left=columns[cell.left]) for cell in starting] + [
            CellOfPage(text="", left=columns[cell.left]) for cell in across
        ]
        rows.append(sorted(row, key=lambda cell: cell["left"]))
    return Block(is_table=True, rows=rows)


def _columns(cells: Iterable[_Box]) -> dict[float, float]:
    """Give each left edge the edge that stands for all that are as good as the same."""
    columns: dict[float, float] = {}
    last: float | None = None
    for left in sorted({cell.left for cell in cells}):
        if last is None or left - last > _NEAR:
            last = left
        columns[left] = last
    return columns


def _lines(signs: Iterable[_Sign]) -> list[list[_Sign]]:
    """Part *signs* into lines, each from left to right."""
    lines: list[list[_Sign]] = []
    for sign in sorted(signs, key=lambda sign: sign.middle):
        if lines and abs(sign.middle - lines[-1][-1].middle) <= _SAME_LINE * sign.height:
            lines[-1].append(sign)
        else:
            lines.append([sign])
    shown = (sorted(line, key=lambda sign: sign.box.left) for line in lines)
    return [line for line in shown if any(sign.text.strip() for sign in line)]


def _line_block(line: Sequence[_Sign]) -> Block:
    """Make a row of a line outside the tables; what stands far apart stands in two cells."""
    cells: list[list[_Sign]] = [[]]
    for sign in line:
        if not sign.text.strip() and not cells[-1]:
            continue
        before = next((one for one in reversed(cells[-1]) if one.text.strip()), None)
        if before and sign.text.strip() and sign.box.left - before.box.right > _GAP_OF_CELLS * sign.height:
            cells.append([])
        cells[-1].append(sign)
    row = [CellOfPage(text=_words(cell).strip(), left=cell[0].box.left) for cell in cells if cell]
    return Block(is_table=False, rows=[row])


def _words(line: Sequence[_Sign]) -> str:
    """Write a line; a blank stands where characters are apart and none is printed."""
    words = ""
    for before, sign in zip((None, *line), line, strict=False):
        if before is not None and before.text.strip() and sign.text.strip():
            are_wide = _WIDE.match(before.text) and _WIDE.match(sign.text)
            gap = _GAP_OF_WIDE if are_wide else _GAP_OF_WORDS
            if sign.box.left - before.box.right > gap * sign.height:
                words += " "
        words += sign.text
    return words


def _text(signs: Sequence[_Sign], cell: _Box) -> str:
    """Write the text of *cell*: a full line goes on in the next, a shorter one was ended on purpose."""
    text = ""
    lines = _lines(signs)
    for position, line in enumerate(lines):
        words = _words(line).strip()
        text += words
        if position + 1 == len(lines):
            break
        following = _words(lines[position + 1]).strip()
        last = next(sign for sign in reversed(line) if sign.text.strip())
        room = cell.right - last.box.right - _EDGE * last.height
        if room > _width_of_beginning(lines[position + 1]):
            text += "\n"
        elif (_LETTER.match(words[-1:]) and _LETTER.match(following)) or _STANDS_APART.search(words):
            text += " "
    return text


def _width_of_beginning(line: Sequence[_Sign]) -> float:
    """Measure what begins *line* and may not be parted: a word, or a sign with its stops."""
    end = 1
    while end < len(line) and line[end].text.strip() and not _may_part(line[end - 1].text, line[end].text):
        end += 1
    return line[end - 1].box.right - line[0].box.left


def _may_part(before: str, behind: str) -> bool:
    """Tell whether a line may end between two characters."""
    if _NEVER_FIRST.match(behind) or _NEVER_LAST.match(before):
        return False
    return bool(_WIDE.match(before) or _WIDE.match(behind))


def main() -> None:
    """Read a PDF from the standard input within limits, and write what is printed in it as JSON."""
    limit_this_process()
    json.dump(find(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
