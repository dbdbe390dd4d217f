"""Find lines below a list or group that ended with its brackets. Only asked when a file cannot be read."""

import re
from collections.abc import Sequence

from jixiao.i18n import message
from jixiao.problems import Place, Problem

_ENDS_IN_BRACKETS = re.compile(
    r"(?P<before> *(?:- +)*(?:[^\s:#\"'\[{-][^:#\"'\[{]*: +)?)(?P<typed>\[[^\[\]]*\]|\{[^{}]*\})\s*(?:#.*)?"
)
_LONGEST = 4096
"""Signs of a line that are looked at; no line of brackets that people write is as long."""


def lines_below_brackets(lines: Sequence[str], last: int, file: str) -> Problem | None:
    """Explain that line *last* (from 0) goes on with what brackets in the line above it have ended."""
    above = next((number for number in range(last - 1, -1, -1) if _says_something(lines[number])), None)
    if above is None or last >= len(lines):
        return None
    match = _ENDS_IN_BRACKETS.fullmatch(lines[above][:_LONGEST])
    if match is None or not _goes_on(match["before"], lines[last]):
        return None
    typed = match["typed"]
    brackets = f"{typed[0]}{typed[-1]}"
    if typed[1:-1].strip():
        saying = message("“{brackets}”里的内容到这一行为止，下面却还有几行", brackets=brackets)
        hint = message("请把括号里的各项也改成一行一项，写在下面，再删去括号")
    else:
        nothing = message("空的列表") if brackets == "[]" else message("没有内容")
        saying = message("“{brackets}”表示{nothing}，下面却还有几行", brackets=brackets, nothing=nothing)
        hint = message("要在下面加各项，请先删去“{brackets}”，冒号后面什么也不写", brackets=brackets)
    place = Place(file, above + 1, match.start("typed") + 1)
    return Problem(rule="lines-below-brackets", place=place, message=saying, hint=hint)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _goes_on(before: str, line: str) -> bool:
    """Tell whether *line* belongs to what stands behind *before*: deeper, or an entry at the same depth."""
    column = len(line) - len(line.lstrip(" "))
    is_entry = line.lstrip(" ").startswith("- ")
    owner = len(before) - len(before.lstrip(" "))
    # Behind nothing the brackets are the whole file.
    return column > owner or not before.strip() or (is_entry and column == owner and not _is_entry(before))


def _is_entry(before: str) -> bool:
    return before.lstrip(" ").startswith("- ")
