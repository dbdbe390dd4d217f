"""The canonical YAML of a declaration: plain where that is safe; targets and cells of a form in quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

_SAFE = re.compile(r"[\u3400-\u9fffA-Za-z（《“][^:#\"'\\{}\[\]&*!|>%@`\t\n]*")
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def quoted(text: str) -> str:
    """Write *text* in straight double quotes, on one line."""
    return json.dumps(text, ensure_ascii=False)


def words(text: str) -> str:
    """Write *text* plain if nothing in it has a meaning in YAML, or else in quotes."""
    is_safe = _SAFE.fullmatch(text) and text == text.strip() and text.lower() not in _RESERVED
    return text if is_safe else quoted(text)


def block(field: str, text: str, depth: int) -> Iterator[str]:
    """Write *text* of one or several lines below the name of its *field*, *depth* levels deep."""
    indent = "  " * depth
    lines = text.split("\n")
    if any(line != line.strip() for line in lines) or not lines[0] or not lines[-1]:
        yield f"{indent}{field}: {quoted(text)}"
        return
    yield f"{indent}{field}: |"
    yield from (f"{indent}  {line}" if line else "" for line in lines)


def as_filed(numbers: Sequence[int], rows: Sequence[Sequence[str]], depth: int) -> Iterator[str]:
    """Write a place of the form exactly as it stands there, *depth* levels deep.

    Args:
        numbers: Of the rows of the form.
        rows: The cells of each, empty ones included.
        depth: Levels of two blanks.
    """
    indent = "  " * depth
    yield f"{indent}as_filed:"
    yield f"{indent}  lines: [{', '.join(map(str, numbers))}]"
    yield f"{indent}  cells:"
    for cells in rows:
        yield f"{indent}    - [{', '.join(map(quoted, cells))}]"
