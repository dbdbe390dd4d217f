"""What a declaration's page tells the search: what results show, and the value of every facet.

In which class a target is, is a reading of words, of which there is no second one here: these values are
compared with the bar of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from jixiao.i18n import Message, message
from jixiao.verify.declaration import GAPS, Declaration
from jixiao.verify.finding import Finding
from jixiao.verify.profiles import classes_shown
from jixiao.verify.sources import in_yuan
from jixiao.verify.view import BLANK, View

_MILLION = Decimal(1_000_000)
_BANDS = (
    (100 * _MILLION, "1亿元以上"),
    (50 * _MILLION, "5000万元至1亿元"),
    (10 * _MILLION, "1000万元至5000万元"),
    (5 * _MILLION, "500万元至1000万元"),
    (_MILLION, "100万元至500万元"),
)
"""From this sum on; what is less than all is below one million."""
_LEAST_BAND = "不足100万元"
_NO_MARK = "没有标记"
_NO_UNIT = GAPS[1]


def compare_search_records(view: View, filed: Declaration) -> Iterator[Finding]:
    """Compare the records of the page with the file."""
    shown = view.article.records()
    yuan = in_yuan(filed.listed())
    alone = {
        "data-department": view.names(view.name_of(filed.facts["department"])),
        "data-unit": view.names(view.name_of(filed.facts["unit"])),
        "data-nature": view.names(filed.facts["nature"]),
        "data-year": (filed.facts["year"],),
        "data-amount": view.sums(filed.annual, filed.unit),
        "data-yuan": _written(yuan),
        "data-money": (view.words.said(_band(yuan)),),
    }
    for name, accepted in alone.items():
        for value in shown.get(name, ("",)):
            yield from view.differs(_what(name), accepted, value.strip())
    marks = [mark for row in filed.rows for mark in row.marks]
    marks += [mark for remark in filed.remarks for mark in remark.marks]
    said, translated = view.words.said, view.words.filed
    record = [*(marks or [_NO_MARK]), *([_NO_UNIT] if filed.stated_unit is None else [])]
    several = {
        "data-level1": (translated, [row.level1 for row in filed.rows]),
        "data-level2": (translated, [row.level2 for row in filed.rows]),
        "data-record": (said, record),
    }
    for name, (in_language, listed) in several.items():
        once = list(dict.fromkeys(listed))
        yield from view.differ(_what(name), [map(in_language, once), once], shown.get(name, ()))
    yield from _targets(view, shown.get("data-targets", ()))


def _targets(view: View, shown: Iterable[str]) -> Iterator[Finding]:
    bars = view.article.every("figure.profile")
    yield from view.differ(
        _what("data-targets"), [[label for bar in bars for label in classes_shown(bar)]], shown
    )


def _written(yuan: Decimal | None) -> tuple[str, ...]:
    """Give the ways in which a sum may be written: with places that are zero, or without them."""
    if yuan is None:
        return ("",)
    plain = f"{yuan:f}"
    return plain, plain.rstrip("0").rstrip(".") if "." in plain else plain


def _band(yuan: Decimal | None) -> str:
    if yuan is None:
        return BLANK
    return next((band for least, band in _BANDS if yuan >= least), _LEAST_BAND)


def _what(name: str) -> Message:
    return message("搜索结果的 {name}", name=name)
