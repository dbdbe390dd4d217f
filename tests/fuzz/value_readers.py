"""Money, dates and targets: what is accepted is exactly what was typed, and is printed so."""

import calendar
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from jixiao.i18n import TranslationCatalogue, load_interface_catalogue
from jixiao.model.target import read_target
from jixiao.model.values import read_day, read_money, read_year
from jixiao.pages.localizer import Localizer
from jixiao.problems import ReadError
from jixiao.text import Text
from jixiao.verify.html_stream import read_html
from jixiao.verify.source_numbers import find_quantity, group_digits
from tests.fuzz.clarity import LANGUAGES, assert_misread_clearly

Value = TypeVar("Value")
_WHOLE_DIGITS = 15
_DECIMALS = 6
_DAY_LENGTH = len("2021-01-31")
_SIGN_OF = {"≥": ">=", "≤": "<="}


def typed_in(content: bytes) -> str:
    """Give the text that an editor could have typed; bytes that are no UTF-8 are left out."""
    return content.decode("utf-8", "ignore")


def _accepted(read: Callable[[object], Value], typed: str, *, is_right: bool) -> Value | None:
    """Read *typed*; give what was read, which must be what a second definition takes, or nothing."""
    try:
        value = read(typed)
    except ReadError as misread:
        assert_misread_clearly(misread)
        assert not is_right, f"refused: {typed!r}"
        return None
    assert is_right, f"accepted: {typed!r}"
    return value


def examine_money(content: bytes) -> None:
    """Accepted is what is a sum by a second definition; its digits are the same everywhere."""
    typed = typed_in(content)
    money = _accepted(read_money, typed, is_right=_is_sum(typed))
    if money is None:
        return
    assert money.filed == typed
    whole, _, fraction = typed.replace(",", "").partition(".")
    assert Fraction(money.value) == Fraction(int(whole + fraction), 10 ** len(fraction))
    for language in LANGUAGES:
        voice = Localizer(
            language=language,
            interface_catalogue=load_interface_catalogue(language),
            content_catalogue=TranslationCatalogue(language=language),
        )
        assert _text_of(voice.format_number(money.value)) == group_digits(typed)
        said = _text_of(voice.format_sum(money.value, "万元"))
        assert said == f"{group_digits(typed)} {voice.interface_catalogue.translate('万元')}"


def _is_sum(typed: str) -> bool:
    whole, point, fraction = typed.partition(".")
    digits = whole.replace(",", "")
    if not _is_figure(digits) or len(digits) > _WHOLE_DIGITS or digits != str(int(digits)):
        return False
    if point and not (_is_figure(fraction) and len(fraction) <= _DECIMALS):
        return False
    return whole in {digits, f"{int(digits):,}"}


def _text_of(markup: str) -> str:
    return "".join(text for _, text in read_html(markup).events).strip()


def _is_figure(digits: str) -> bool:
    return digits.isascii() and digits.isdigit()


def examine_date(content: bytes) -> None:
    """Accepted is a day of the calendar or a year, and it is written back as it was typed."""
    typed = typed_in(content)
    day = _accepted(read_day, typed, is_right=_is_day(typed))
    assert day is None or day.isoformat() == typed
    year = _accepted(read_year, typed, is_right=typed in map(str, range(1900, 2100)))
    assert year is None or str(year) == typed


def _is_day(typed: str) -> bool:
    year, month, day = typed[:4], typed[5:7], typed[8:]
    if (
        len(typed) != _DAY_LENGTH
        or typed != f"{year}-{month}-{day}"
        or not all(map(_is_figure, (year, month, day)))
    ):
        return False
    if int(year) < 1 or not 1 <= int(month) <= 12:
        return False
    return 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]


def examine_target(content: bytes) -> None:
    """Sign, number and unit put together again are what was typed; the verifier reads the same number."""
    typed = typed_in(content)
    try:
        target = read_target(typed)
    except ReadError as misread:
        assert_misread_clearly(misread)
        return
    assert target is not None
    assert target.filed == Text(typed)
    number = find_quantity(typed)
    quantity = target.quantity
    assert (quantity is None) == (number is None), f"read by one of two readers: {typed!r}"
    if quantity is None or number is None:
        is_wide = typed.strip().startswith(tuple("＜＞＝"))
        narrow = unicodedata.normalize("NFKC", typed)
        assert not (is_wide and find_quantity(narrow)), f"a number behind a full-width sign: {typed!r}"
        return
    together = "".join((quantity.operator or "", number, quantity.unit))
    assert together == "".join(_SIGN_OF.get(mark, mark) for mark in typed if not mark.isspace()), typed
    whole, _, fraction = number.replace(",", "").partition(".")
    assert Fraction(quantity.value) == Fraction(int(whole + fraction), 10 ** len(fraction))
    assert str(quantity.value) == number.replace(",", "") or number.startswith("0"), typed
