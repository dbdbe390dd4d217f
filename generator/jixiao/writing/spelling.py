"""How a single value is spelt in YAML: plain where that is safe, in straight double quotes elsewhere."""

from __future__ import annotations

import json
import re

_SAFE = re.compile(r"(?:[\u3400-\u9fffA-Za-z（《“]|[0-9]+[\u3400-\u9fff])[^:#\"'\\{}\[\]&*!|>%@`\t\n]*")
_ADDRESS = re.compile(r"[0-9]{4}(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")
_FIGURE = re.compile(r"[0-9](?:[0-9.,:/+-]*[0-9])?|true|false")
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def quoted(text: str) -> str:
    """Write *text* in straight double quotes, on one line."""
    return json.dumps(text, ensure_ascii=False)


def words(text: str) -> str:
    """Write *text* plain if nothing in it has a meaning in YAML, or else in quotes."""
    is_safe = _SAFE.fullmatch(text) and text == text.strip() and text.lower() not in _RESERVED
    return text if is_safe or _ADDRESS.fullmatch(text) else quoted(text)


def words_in_brackets(text: str) -> str:
    """Write *text* as `words` does, where a comma parts two values."""
    return quoted(text) if "," in text or "?" in text else words(text)


def figure(text: str, *, in_brackets: bool = False) -> str:
    """Write a sum, a day, a year, a count, yes or no as it was typed; anything else in quotes."""
    is_plain = _FIGURE.fullmatch(text) and not (in_brackets and "," in text)
    return text if is_plain else quoted(text)


def block(text: str, margin: str) -> list[str]:
    """Write the sign of a block, which stands behind the name of the field, then the lines of *text*.

    Args:
        text: Without a line break at its end.
        margin: The blanks before each line.
    """
    lines = text.split("\n")
    # The number says where the text begins, so that its own blanks in front stay its own.
    sign = "|2" if not lines[0] or lines[0][0] == " " else "|"
    return [sign, *(f"{margin}{line}" if line else "" for line in lines)]


def fits_block(text: str) -> bool:
    """Tell whether *text* can be written as a block, so that also an editor that trims lines keeps it."""
    lines = text.split("\n")
    return bool(lines[-1]) and "\t" not in text and all(line == line.rstrip() for line in lines)
