"""Find the line that is not in line with the fields above it. Only asked when a file cannot be read."""

import re
from collections.abc import Sequence

_BLOCK_TEXT = re.compile(r":\s+[|>][-+1-9]*\s*(?:#.*)?$")
_DASHES = re.compile(r"\s*(?:- +)*")
_OPENS = re.compile(r"(?:^|:|-)\s*(?:#.*)?$")


def misaligned(lines: Sequence[str], last: int) -> tuple[int, int] | None:
    """Give line and column (from 0) of the first line up to *last* that is in no column of those above."""
    columns: list[int] = []
    opened = True
    text_within = -1
    for number, line in enumerate(lines[: last + 1]):
        column = len(line) - len(line.lstrip(" "))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if text_within >= 0 and column > text_within:
            continue
        text_within = -1
        deepest = columns[-1] if columns else -1
        columns = [known for known in columns if known <= column]
        is_child = opened and column > deepest
        if columns[-1:] != [column] and not is_child:
            return number, column
        fields = _DASHES.match(line)
        inner = fields.end() if fields else column
        columns = list(dict.fromkeys([*columns, *_starts(line, column, inner)]))
        opened = bool(_OPENS.search(line))
        if _BLOCK_TEXT.search(line):
            text_within = column
    return None


def text_not_indented(lines: Sequence[str], last: int) -> tuple[int, int] | None:
    """Give line and column (from 0) of the line up to *last* that is less indented than its block of text."""
    for number in range(last, -1, -1):
        if not _BLOCK_TEXT.search(lines[number]):
            continue
        within = [line for line in lines[number + 1 : last + 1] if line.strip()]
        owner = len(lines[number]) - len(lines[number].lstrip(" "))
        if not within:
            return None
        first = len(within[0]) - len(within[0].lstrip(" "))
        for offset, line in enumerate(lines[number + 1 : last + 1], number + 1):
            column = len(line) - len(line.lstrip(" "))
            if line.strip() and column < first:
                looks_like_field = re.match(r"\s*(?:- +)?[\w-]+:(?: |$)", line)
                return None if looks_like_field and column <= owner else (offset, column)
        return None
    return None


def _starts(line: str, column: int, inner: int) -> list[int]:
    """List the columns in which something starts: each dash, and the field after them."""
    return [*(place for place in range(column, inner) if line[place] == "-"), inner]
