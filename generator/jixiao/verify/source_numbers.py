"""Numbers: how sums are written, which targets are numbers, which numbers stand in a sentence."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_NUMBER = re.compile(r"[0-9](?:[0-9,.]*[0-9])?")
# The longer signs first, so that `>=` is not read as `>` and a number that begins with `=`.
_SIGNS = (">=", "<=", "≥", "≤", ">", "<", "=")
_NO_UNIT = frozenset("<>=≥≤%.,、，。；;：:（）()-")
_PERCENT = frozenset({"%", "‰", "(%)", "（%）"})
_UNIT_LENGTH = 6
# Durations behind a sign (≥20年), dates without one (2021年).
_UNITS_OF_TIME = ("年", "日")
_DIGITS_OF_YEAR = 4


class TargetMeasure(NamedTuple):
    """A target that is a number."""

    sign: str
    """Empty where there is none."""
    number: Decimal
    unit: str


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers in a text without their commas, in their order."""
    return tuple(number.replace(",", "") for number in _NUMBER.findall(text))


def group_digits(number: str) -> str:
    """Write a number in groups of three digits; every digit stays."""
    whole, point, fraction = number.replace(",", "").partition(".")
    groups = []
    while len(whole) > 3:  # noqa: PLR2004 - three digits make a group
        whole, group = whole[:-3], whole[-3:]
        groups.append(group)
    return ",".join([whole, *reversed(groups)]) + point + fraction


def parse_sum(written: str) -> Decimal | None:
    """Read a sum; `None` when it is not one."""
    try:
        return Decimal(written.replace(",", ""))
    except InvalidOperation:
        return None


def find_quantity(target: str) -> str | None:
    """Find the number of a target that is a number, perhaps with a sign before and a unit behind it."""
    rest = target.strip()
    sign = next((sign for sign in _SIGNS if rest.startswith(sign)), "")
    rest = rest.removeprefix(sign).lstrip()
    found = _NUMBER.match(rest)
    if not found:
        return None
    number, unit = found[0], rest[found.end() :].strip()
    if unit.startswith(_UNITS_OF_TIME):
        is_year = unit.startswith("年") and len(number) == _DIGITS_OF_YEAR and number[:2] in {"19", "20"}
        if not sign or is_year:
            return None
    whole, point, fraction = number.replace(",", "").partition(".")
    is_plain = whole.isdigit() and (fraction.isdigit() or not point)
    is_number = is_plain and ("," not in number or group_digits(number) == number)
    return number if is_number and _is_unit(unit) else None


def read_measure(target: str) -> TargetMeasure | None:
    """Take a target that is a number apart; `None` where it is none."""
    number = find_quantity(target)
    if number is None:
        return None
    sign, _, unit = target.strip().partition(number)
    sign = {"≥": ">=", "≤": "<="}.get(sign.strip(), sign.strip())
    return TargetMeasure(sign, Decimal(number.replace(",", "")), unit.strip())


def _is_unit(text: str) -> bool:
    if not text or text in _PERCENT:
        return True
    return (
        len(text) <= _UNIT_LENGTH
        and text[0] not in {"月", "号"}
        and not any(sign in _NO_UNIT or sign.isspace() or sign.isdecimal() for sign in text)
    )
