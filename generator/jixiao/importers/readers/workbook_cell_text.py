"""What a cell of a workbook shows: numbers and days after their format, and never less than what is stored.

A workbook stores 0.9 and shows 90%. What is shown is what was filed; where the format rounds or cannot be
followed, the stored number is taken whole, and a remark says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from jixiao.i18n import Message, message

_NUMBER = re.compile(r"([#0,]*)(?:\.([0#]*))?")
_LITERAL = r'"([^"]*)"|\\(.)|([^\w\\"\[*])|([\u3400-\u9fff])'
_PADDING = re.compile(r"_.|\*.")
_COLOUR = re.compile(
    r"\[(?:black|white|red|green|blue|yellow|magenta|cyan|color ?[0-9]+|\$-[0-9a-f]+)\]", re.IGNORECASE
)
_CURRENCY = re.compile(r"\[\$([^\[\]-]*+)(?:-[0-9A-Fa-f]++)?\]")
_PIECE = re.compile(rf"([#0?.,]+)|(%)|General|{_LITERAL}")
_DAY_PIECE = re.compile(rf"(y{{1,4}}|m{{1,2}}|d{{1,2}})|{_LITERAL}", re.IGNORECASE)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_LONGEST_FORMAT = 255
"""Characters, as Excel has it. Every cell of a workbook may name a format that is as long as the workbook."""
_OF_SYSTEM = "mm-dd-yy"
"""The short day, which each system writes in its own way."""
DAYS_OF_CHINA = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"',
}
"""Formats by their number that Chinese programs know without being told, and the library does not."""


class Shown(NamedTuple):
    """The text of a cell."""

    text: str
    remark: Message | None = None
    """What its reader has to be told; the place stands before it."""


def shown(value: object, code: str) -> Shown:
    """Say what a cell shows.

    Args:
        value: As the library gives it: text, a number, a day, a time, or nothing.
        code: The format of numbers of the cell, e.g. `#,##0.00`.
    """
    match value:
        case None:
            return Shown("")
        case str():
            return Shown(value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        case bool():
            return Shown("TRUE" if value else "FALSE")
        case int() | float():
            return _number(_stored(value), code)
        case datetime() | date():
            return _day(value, code)
        case _:
            return _unknown(str(value), code)


def _stored(value: float) -> Decimal:
    """Give the number that the program holds: 15 digits, of which the binary form needs up to 17."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _unknown(stored: str, code: str) -> Shown:
    return Shown(
        stored, message("显示格式“{code}”认不出来：按存的 {stored} 读，请核对", code=code, stored=stored)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Format:
    """A format of numbers, taken apart."""

    before: str
    body: str
    """Signs for digits; empty where the number stands as it is."""
    behind: str
    is_percent: bool


def _number(stored: Decimal, code: str) -> Shown:
    found = _format(code)
    if found is None or stored < 0:
        is_plain = code in {"General", "@"}
        return Shown(_plain(stored)) if is_plain else _unknown(_plain(stored), code)
    number = stored.scaleb(2) if found.is_percent else stored
    text, whole = _digits(number, found.body)
    if whole is None:
        return Shown(f"{found.before}{text}{found.behind}")
    seen, exact = (f"{found.before}{part}{found.behind}" for part in (text, whole))
    return Shown(exact, message("显示为 {seen}，存的是 {exact}：按存的读，请核对", seen=seen, exact=exact))


def _format(code: str) -> _Format | None:
    """Take the part of *code* for numbers above zero apart; nothing if it says more than digits and words."""
    if code == "@":
        code = "General"
    if len(code) > _LONGEST_FORMAT:
        return None
    section = _SECTION.match(code)
    rest = _CURRENCY.sub(r"\\\1", _COLOUR.sub("", _PADDING.sub("", section[1] if section else "")))
    before, body, behind, is_percent, has_body = "", "", "", False, False
    while rest:
        piece = _PIECE.match(rest)
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
    fits = has_body and _NUMBER.fullmatch(body) is not None and not body.partition(".")[0].endswith(",")
    return _Format(before=before, body=body, behind=behind, is_percent=is_percent) if fits else None


def _digits(number: Decimal, body: str) -> tuple[str, str | None]:
    """Write *number* after *body*; give it whole beside that where *body* rounds it."""
    if not body:
        return _plain(number), None
    found = _NUMBER.fullmatch(body)
    before, behind = (found[1], found[2] or "") if found else ("", "")
    rounded = number.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP)
    text = _grouped(_plain(rounded), before, behind)
    if rounded == number:
        return text, None
    return text, _grouped(_plain(number), before, "")


def _grouped(plain: str, before: str, behind: str) -> str:
    """Write the digits *plain* with as many zeros, and with the commas, that a format asks for."""
    whole, _, places = plain.partition(".")
    if behind:
        least = behind.rfind("0") + 1
        places = places[:least] + places[least:].rstrip("0")
    least = before.replace(",", "").count("0")
    whole = whole.lstrip("0").rjust(least, "0")
    if "," in before:
        whole = f"{int(whole):,}" if whole else whole
    return f"{whole}.{places}" if places else whole or "0"


def _day(value: date, code: str) -> Shown:
    has_time = isinstance(value, datetime) and value.time() != time()
    day = str(value) if has_time else f"{value.year:04}-{value.month:02}-{value.day:02}"
    if len(code) > _LONGEST_FORMAT:
        return _unknown(day, code)
    section = _SECTION.match(code)
    rest = _COLOUR.sub("", section[1] if section else "")
    if rest.lower() == _OF_SYSTEM and not has_time:
        return Shown(day)
    words = None if has_time else _written(value, rest)
    return _unknown(day, code) if words is None else Shown(words)


def _written(value: date, code: str) -> str | None:
    words: list[str] = []
    at = 0
    while at < len(code):
        piece = _DAY_PIECE.match(code, at)
        # Three letters and more are names of months and of days of the week.
        if piece is None or (
            code[piece.end() : piece.end() + 1].lower() in {"m", "d", "y"} and _goes_on(piece, code)
        ):
            return None
        words.extend(_part(value, piece))
        at = piece.end()
    return "".join(words)


def _goes_on(piece: re.Match[str], code: str) -> bool:
    return bool(piece[1]) and piece[1][-1].lower() == code[piece.end()].lower()


def _part(value: date, piece: re.Match[str]) -> Iterator[str]:
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
