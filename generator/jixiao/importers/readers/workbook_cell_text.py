"""Displayed text of a workbook cell: numbers and dates in their format, never less than is stored.

A workbook stores 0.9 and displays 90%. The displayed text was filed; where the format rounds or is not
supported, the stored number is used in full, with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from jixiao.i18n import Message, message

_DIGIT_FORMAT = re.compile(r"([#0,]*)(?:\.([0#]*))?")
_LITERAL = r'"([^"]*)"|\\(.)|([^\w\\"\[*])|([\u3400-\u9fff])'
_PADDING = re.compile(r"_.|\*.")
_COLOUR = re.compile(
    r"\[(?:black|white|red|green|blue|yellow|magenta|cyan|color ?[0-9]+|\$-[0-9a-f]+)\]", re.IGNORECASE
)
_CURRENCY = re.compile(r"\[\$([^\[\]-]*+)(?:-[0-9A-Fa-f]++)?\]")
_FORMAT_PIECE = re.compile(rf"([#0?.,]+)|(%)|General|{_LITERAL}")
_DATE_FORMAT_PIECE = re.compile(rf"(y{{1,4}}|m{{1,2}}|d{{1,2}})|{_LITERAL}", re.IGNORECASE)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_FORMAT_LENGTH_LIMIT = 255
"""Characters of a format, Excel's limit. Each cell could otherwise name a format of any length."""
_SYSTEM_DATE_FORMAT = "mm-dd-yy"
"""Short date, which each system writes in its own way."""
CHINESE_DATE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"',
}
"""Date formats by number that Chinese programs have built in and the library lacks."""


class CellDisplay(NamedTuple):
    """Displayed text of a cell."""

    text: str
    remark: Message | None = None
    """Remark for the reader of the report, without the place of the cell."""


def display_cell(value: object, number_format: str) -> CellDisplay:
    """Return the text that a cell displays.

    Args:
        value: Value as the library returns it: text, number, date, time, or `None`.
        number_format: Number format of the cell, e.g. `#,##0.00`.
    """
    match value:
        case None:
            return CellDisplay("")
        case str():
            return CellDisplay(value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        case bool():
            return CellDisplay("TRUE" if value else "FALSE")
        case int() | float():
            return _display_number(_read_stored_number(value), number_format)
        case datetime() | date():
            return _display_date(value, number_format)
        case _:
            return _display_unknown_format(str(value), number_format)


def _read_stored_number(value: float) -> Decimal:
    """Return the number held by the program: 15 digits, though the binary form has up to 17."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _write_number(number: Decimal) -> str:
    return f"{number:f}"


def _display_unknown_format(stored: str, code: str) -> CellDisplay:
    return CellDisplay(
        stored, message("显示格式“{code}”认不出来：按存的 {stored} 读，请核对", code=code, stored=stored)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _NumberFormat:
    """Parsed number format."""

    before: str
    body: str
    """Digit placeholders; empty where the number is displayed unformatted."""
    behind: str
    is_percent: bool


def _display_number(stored: Decimal, code: str) -> CellDisplay:
    found = _parse_format(code)
    if found is None or stored < 0:
        is_plain = code in {"General", "@"}
        return (
            CellDisplay(_write_number(stored))
            if is_plain
            else _display_unknown_format(_write_number(stored), code)
        )
    number = stored.scaleb(2) if found.is_percent else stored
    text, whole = _format_number(number, found.body)
    if whole is None:
        return CellDisplay(f"{found.before}{text}{found.behind}")
    seen, exact = (f"{found.before}{part}{found.behind}" for part in (text, whole))
    return CellDisplay(
        exact, message("显示为 {seen}，存的是 {exact}：按存的读，请核对", seen=seen, exact=exact)
    )


def _parse_format(code: str) -> _NumberFormat | None:
    """Parse the part of *code* for positive numbers; `None` if it holds more than digits and literals."""
    if code == "@":
        code = "General"
    if len(code) > _FORMAT_LENGTH_LIMIT:
        return None
    section = _SECTION.match(code)
    rest = _CURRENCY.sub(r"\\\1", _COLOUR.sub("", _PADDING.sub("", section[1] if section else "")))
    before, body, behind, is_percent, has_body = "", "", "", False, False
    while rest:
        piece = _FORMAT_PIECE.match(rest)
        if piece is None:
            return None
        digits, percent, *literals = piece.groups()
        words = "%" if percent else "".join(filter(None, literals))
        is_percent = is_percent or bool(percent)
        if digits or piece[0] == "General":
            if has_body:
                return None
            body, has_body = digits or "", True
        elif has_body:
            behind += words
        else:
            before += words
        rest = rest[piece.end() :]
    fits = has_body and _DIGIT_FORMAT.fullmatch(body) is not None and not body.partition(".")[0].endswith(",")
    return _NumberFormat(before=before, body=body, behind=behind, is_percent=is_percent) if fits else None


def _format_number(number: Decimal, body: str) -> tuple[str, str | None]:
    """Format *number* by *body*; add its exact form where *body* rounds it."""
    if not body:
        return _write_number(number), None
    found = _DIGIT_FORMAT.fullmatch(body)
    before, behind = (found[1], found[2] or "") if found else ("", "")
    rounded = number.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP)
    text = _group_digits(_write_number(rounded), before, behind)
    if rounded == number:
        return text, None
    return text, _group_digits(_write_number(number), before, "")


def _group_digits(plain: str, before: str, behind: str) -> str:
    """Format the digits *plain* with the zeros and commas that a format requires."""
    whole, _, places = plain.partition(".")
    if behind:
        least = behind.rfind("0") + 1
        places = places[:least] + places[least:].rstrip("0")
    least = before.replace(",", "").count("0")
    whole = whole.lstrip("0").rjust(least, "0")
    if "," in before:
        whole = f"{int(whole):,}" if whole else whole
    return f"{whole}.{places}" if places else whole or "0"


def _display_date(value: date, code: str) -> CellDisplay:
    has_time = isinstance(value, datetime) and value.time() != time()
    day = str(value) if has_time else f"{value.year:04}-{value.month:02}-{value.day:02}"
    if len(code) > _FORMAT_LENGTH_LIMIT:
        return _display_unknown_format(day, code)
    section = _SECTION.match(code)
    rest = _COLOUR.sub("", section[1] if section else "")
    if rest.lower() == _SYSTEM_DATE_FORMAT and not has_time:
        return CellDisplay(day)
    words = None if has_time else _write_date(value, rest)
    return _display_unknown_format(day, code) if words is None else CellDisplay(words)


def _write_date(value: date, code: str) -> str | None:
    words: list[str] = []
    at = 0
    while at < len(code):
        piece = _DATE_FORMAT_PIECE.match(code, at)
        # Three letters and more are names of months and of days of the week.
        if piece is None or (
            code[piece.end() : piece.end() + 1].lower() in {"m", "d", "y"} and _is_longer_code(piece, code)
        ):
            return None
        words.extend(_write_date_part(value, piece))
        at = piece.end()
    return "".join(words)


def _is_longer_code(piece: re.Match[str], code: str) -> bool:
    return bool(piece[1]) and piece[1][-1].lower() == code[piece.end()].lower()


def _write_date_part(value: date, piece: re.Match[str]) -> Iterator[str]:
    letters, *literals = piece.groups()
    match (letters or "").lower():
        case "y" | "yy":
            yield f"{value.year % 100:02}"
        case "yyy" | "yyyy":
            yield f"{value.year:04}"
        case "mm":
            yield f"{value.month:02}"
        case "m":
            yield str(value.month)
        case "dd":
            yield f"{value.day:02}"
        case "d":
            yield str(value.day)
        case _:
            yield from filter(None, literals)
