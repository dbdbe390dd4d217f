"""Single values and their readers.

A reader takes the text of one scalar and returns its value, or raises `ReadError` with a message for the
editor. Patterns are ASCII and match the whole text; full-width forms are refused with the ASCII form offered,
never converted silently, because a published figure is a filed figure.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from jixiao.i18n import message
from jixiao.load.tree_to_model import (
    read_plain_text,
    read_scalar,
    read_uncommented,
    refuse_line_break,
    refuse_longer_than,
)
from jixiao.problems import ReadError
from jixiao.text import Text

MONEY_LIMIT = Decimal(10) ** 15
"""Sums of a thousand million million or more are slips: the national budget has 14 digits in 元."""

_MONEY = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WRITTEN_DAY = re.compile(r"([0-9]{4})[-/.年–—]([0-9]{1,2})[-/.月–—]([0-9]{1,2})日?")
_BLANK_ON_FORM = frozenset({"/", "-", "–", "—", "——", "无", "空", "N/A", "n/a", "NA"})
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
# Only full-width forms: other characters with a plain form, such as ², mean something else.
_FULL_WIDTH = re.compile(r"[\uff01-\uffee]")
_SLUG_LIMIT = 80
_LINE_LIMIT = 500
_PROSE_LIMIT = 50_000
_PLACES_LIMIT = 6


class Model(BaseModel):
    """Base of all models: frozen, no unknown fields, docstrings under fields become descriptions."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Money:
    """Sum of money exactly as filed."""

    filed: str
    """Digits as typed, e.g. `54,449,000` or `54449000.10`."""
    value: Decimal
    """Exact number, in the unit of the declaration (see `Funding.unit_in_use`)."""


def read_money(value: object) -> Money:
    """Read a sum such as `54,449,000`, `54449000` or `54449000.10`; its unit is another field."""
    typed = read_scalar(value)
    refuse_full_width(typed, _MONEY)
    if _MONEY.fullmatch(typed):
        digits = typed.replace(",", "")
        if len(digits) > 1 and digits.startswith("0") and not digits.startswith("0."):
            raise ReadError("money-leading-zero", message("金额以 0 开头"), message("请去掉前面的 0"))
        if Decimal(digits) >= MONEY_LIMIT:
            raise ReadError(
                "money-out-of-range",
                message("金额达到或超过一千万亿"),
                message("请核对位数，以及单位是元还是万元"),
            )
        if len(digits.partition(".")[2]) > _PLACES_LIMIT:
            raise ReadError("money-decimals", message("金额的小数位太多"), message("请核对金额"))
        return Money(typed, Decimal(digits))
    if typed in _BLANK_ON_FORM:
        raise ReadError(
            "money-format",
            message("这不是金额：{typed}", typed=typed),
            message("表上没有填金额的，请删除这一行，不要写 0"),
        )
    if re.match(r"[-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}－]+[0-9]", typed):
        raise ReadError("money-negative", message("金额是负数"), message("申报的资金不能小于 0，请核对"))
    if re.search(r"[元￥¥$万亿千百仟佰]|人民币|RMB|CNY", typed):
        raise ReadError(
            "money-with-unit",
            message("金额里带了单位：{typed}", typed=typed),
            message("只写数字；单位写在 funding 的 unit 里"),
        )
    if re.search(r"\s", typed):
        raise ReadError(
            "money-format", message("金额里有空格：“{typed}”", typed=typed), message("请去掉空格，只写数字")
        )
    if re.fullmatch(r"[0-9,]+(?:\.[0-9]+)?", typed):
        raise ReadError(
            "money-grouping",
            message("金额的千分位逗号位置不对：{typed}", typed=typed),
            message("每三位一个逗号，例如 54,449,000；或不写逗号"),
        )
    raise ReadError(
        "money-format",
        message("这不是金额：{typed}", typed=typed),
        message("只写数字，例如 54,449,000 或 54449000.10"),
    )


def read_day(value: object) -> date:
    """Read a day written `2021-01-31`."""
    typed = read_scalar(value)
    refuse_full_width(typed, _DAY)
    found = _DAY.fullmatch(typed)
    if found is None:
        proper = _find_day(_WRITTEN_DAY.fullmatch(typed))
        raise ReadError(
            "date-format",
            message("日期写法不对：{typed}", typed=typed),
            message("请写成 {proper}", proper=proper.isoformat())
            if proper
            else message("请写成 2021-01-31 的样子"),
        )
    day = _find_day(found)
    if day is None:
        raise ReadError(
            "date-not-in-calendar",
            message("日历上没有这一天：{typed}", typed=typed),
            message("请核对月份和日子"),
        )
    return day


def _find_day(day_match: re.Match[str] | None) -> date | None:
    """Return the day of a match of year, month and day, or `None` if the calendar has no such day."""
    try:
        return date(*map(int, day_match.groups())) if day_match else None
    except ValueError:
        return None


def read_year(value: object) -> int:
    """Read a year of four digits."""
    typed = read_scalar(value)
    refuse_full_width(typed, _YEAR)
    if not _YEAR.fullmatch(typed):
        raise ReadError(
            "year-format",
            message("年度写法不对：{typed}", typed=typed),
            message("请写 1900 至 2099 之间的四位数字，例如 2021"),
        )
    return int(typed)


def read_count(value: object) -> int:
    """Read a whole number from 1, such as a line number of a form."""
    typed = read_scalar(value)
    if not _COUNT.fullmatch(typed):
        raise ReadError(
            "count-format",
            message("这里应是从 1 起的整数：{typed}", typed=typed),
            message("只写数字，例如 12"),
        )
    return int(typed)


def read_slug(value: object) -> str:
    """Read an id that becomes part of a public address: lower-case ASCII words joined by hyphens."""
    typed = read_scalar(value)
    if not is_slug(typed):
        raise ReadError(
            "id-format",
            message("编号“{typed}”不合规定", typed=typed),
            message("只用小写英文字母、数字和连字符，例如 fund-use-rate，最长 80 个字符"),
        )
    return typed


def is_slug(typed: str) -> bool:
    """Return whether *typed* is a valid part of a URL."""
    return len(typed) <= _SLUG_LIMIT and _SLUG.fullmatch(typed) is not None


def read_line(value: object) -> Text:
    """Read a text of one line: a name, a target."""
    typed = read_plain_text(value)
    refuse_line_break(typed)
    if typed != typed.strip():
        raise ReadError("blank-at-edge", message("开头或结尾有空格"), message("请去掉开头和结尾的空格"))
    if "\t" in typed:
        raise ReadError(
            "tab-in-text",
            message("文字里有制表符（Tab），像是从表格里粘贴了几个单元格"),
            message("请只留这一栏的文字，删去制表符"),
        )
    refuse_longer_than(_LINE_LIMIT, typed)
    return Text(typed)


def read_prose(value: object) -> Text:
    """Read a text that may have several lines: a goal, a note."""
    typed = read_plain_text(value)
    refuse_longer_than(_PROSE_LIMIT, typed)
    return Text(typed)


def read_cell(value: object) -> Text:
    """Read a cell of the form unchanged; it may be empty and may contain left-over markup."""
    return Text("") if value is None or value == "" else Text(read_uncommented(value))


def refuse_full_width(typed: str, pattern: re.Pattern[str]) -> None:
    """Refuse full-width characters if their ASCII forms would match *pattern*, and offer these."""
    narrow = _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), typed)
    if narrow != typed and pattern.fullmatch(narrow):
        raise ReadError(
            "full-width",
            message("用了全角字符：{typed}", typed=typed),
            message("请改成半角：{narrow}", narrow=narrow),
        )


def _string_schema(schema: dict[str, str | int]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


_plain_serializer = PlainSerializer(lambda text: text.plain())
Line = Annotated[Text, BeforeValidator(read_line), _plain_serializer, _string_schema({"pattern": "\\S"})]
Prose = Annotated[Text, BeforeValidator(read_prose), _plain_serializer, _string_schema({"pattern": "\\S"})]
Cell = Annotated[
    Text, BeforeValidator(read_cell), _plain_serializer, WithJsonSchema({"type": ["string", "null"]})
]
Slug = Annotated[
    str,
    BeforeValidator(read_slug),
    _string_schema({"pattern": f"^{_SLUG.pattern}$", "maxLength": _SLUG_LIMIT}),
]
Day = Annotated[date, BeforeValidator(read_day), _string_schema({"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})]
Year = Annotated[
    int,
    BeforeValidator(read_year),
    WithJsonSchema(
        {"type": ["integer", "string"], "minimum": 1900, "maximum": 2099, "pattern": f"^{_YEAR.pattern}$"}
    ),
]
Count = Annotated[int, BeforeValidator(read_count), WithJsonSchema({"type": "integer", "minimum": 1})]
FiledMoney = Annotated[
    Money,
    BeforeValidator(read_money),
    PlainSerializer(lambda money: money.filed),
    WithJsonSchema({"type": ["integer", "number", "string"], "minimum": 0, "pattern": f"^{_MONEY.pattern}$"}),
]
