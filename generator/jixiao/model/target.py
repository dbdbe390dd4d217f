"""Target value of an indicator: the filed text, and the quantity read from it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from jixiao.i18n import message
from jixiao.model.values import read_line, refuse_full_width
from jixiao.problems import ReadError
from jixiao.text import Text


class Operator(StrEnum):
    """Comparison between the achieved value and the target value."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    EQUAL = "="


_OPERATORS = {"≥": Operator.AT_LEAST, "≤": Operator.AT_MOST} | {str(sign): sign for sign in Operator}
MISTYPED_SIGNS = {
    "=>": ">=",
    "=<": "<=",
    "==": "=",
    "> =": ">=",
    "< =": "<=",
    "≧": "≥",
    "≦": "≤",
    "⩾": "≥",
    "⩽": "≤",
}
"""Mistyped comparison sign → the intended one."""
_CHINESE_QUOTES = "“”‘’＂＇"
COMPARISON_SIGNS = "<>=≥≤＜＞＝≦≧⩾⩽"
"""Single characters, including those that are refused in favour of another."""
# A unit holds no digit and does not start like a date: “2021年6月底前” is text with a date, not a quantity.
# Behind a comparison sign 年 and 日 are durations, as in “≥20年” and “≤15日”.
_QUANTITY = re.compile(
    r"(?P<operator>>=|<=|[<>=≥≤])?\s*(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*"
    r"(?P<unit>\(%\)|（%）|%|(?(operator)(?![月号])|(?![年月日号]))[^\s\d<>=≥≤%.,、，。；;：:（）()-]{0,6})"
)
# “=2021年” names a year and is no duration of 2021 years.
_CALENDAR_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Quantity read from a target."""

    operator: Operator | None
    """`None` if only a number was filed, e.g. `985米`."""
    value: Decimal
    """Zero is a legal target (`项目开发安全事故发生数 =0`)."""
    unit: str
    """As filed, e.g. `%` or `人次`; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Target:
    """Target value as filed and as read."""

    filed: Text
    quantity: Quantity | None
    """`None` if the target is words, or if no single quantity follows its sign (`=合格`)."""


def _refuse_quotes(typed: str) -> None:
    """Refuse `“>=90%”`: YAML takes curly quotes as text, and the number would be lost."""
    if typed[0] not in _CHINESE_QUOTES:
        return
    quoted = typed.strip(_CHINESE_QUOTES)
    # `“1+X”证书` is words: it begins with a name, not with a quantity or a comparison sign.
    is_whole = not set(_CHINESE_QUOTES) & set(quoted)
    if quoted.startswith(tuple(COMPARISON_SIGNS)) or (is_whole and _QUANTITY.fullmatch(quoted)):
        raise ReadError(
            "curly-quotes",
            message("目标值用了中文引号：{typed}", typed=typed),
            message('请改成英文双引号，例如 ">=90%"'),
        )


def _refuse_mistyped_sign(typed: str) -> None:
    """Refuse a mistyped comparison sign and offer the intended one."""
    for wrong, proper in MISTYPED_SIGNS.items():
        if typed.startswith(wrong):
            raise ReadError(
                "target-sign",
                message("比较符号写法不对：{typed}", typed=typed),
                message("请改成 {proper}", proper=proper + typed.removeprefix(wrong).lstrip()),
            )


def has_comparison_sign(target: Target) -> bool:
    """Return whether the filed text begins with a comparison sign."""
    return target.filed.typed.startswith(tuple(COMPARISON_SIGNS))


def read_target(value: object) -> Target | None:
    """Read a target value; an empty field means that the form has none (未填报), not zero.

    A sign without a readable quantity is kept as words, because forms are filed so; the rule
    `comparison-without-number` points it out.
    """
    if value is None:
        return None
    filed = read_line(value)
    typed = filed.typed
    _refuse_quotes(typed)
    if typed[0] in COMPARISON_SIGNS:
        refuse_full_width(typed, _QUANTITY)
        _refuse_mistyped_sign(typed)
        # The group is atomic: `>=` is one sign and is not taken apart.
        if re.match(rf"(?>[<>]=|[{COMPARISON_SIGNS}])\s*[{COMPARISON_SIGNS}]", typed):
            raise ReadError(
                "target-two-operators",
                message("目标值有两个比较符号：{typed}", typed=typed),
                message('只留一个，例如 ">=90%"'),
            )
    found = _QUANTITY.fullmatch(typed)
    if found is None or (found["unit"].startswith("年") and _CALENDAR_YEAR.fullmatch(found["number"])):
        return Target(filed, None)
    sign = found["operator"]
    return Target(
        filed,
        Quantity(
            _OPERATORS[sign] if sign else None, Decimal(found["number"].replace(",", "")), found["unit"]
        ),
    )


FiledTarget = Annotated[
    Target | None,
    BeforeValidator(read_target),
    PlainSerializer(lambda target: None if target is None else target.filed.plain()),
    WithJsonSchema({"type": ["string", "null"], "minLength": 1}),
]
