"""Search records in pages of declarations: texts of results, and the value of every facet.

The class of a target is a reading of words that is not repeated here: these values are compared with the bar
of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from jixiao.i18n import message
from jixiao.verify.findings import VerificationFinding, describe_difference
from jixiao.verify.html_stream import HtmlPage
from jixiao.verify.list_groups import sum_in_yuan
from jixiao.verify.page_values import ComparedPage
from jixiao.verify.source_declaration import BLANK, NO_UNIT, SourceDeclaration
from jixiao.verify.target_bars import find_bars

UNCOMPARED_FACETS: Final = {
    "data-aliases": "other names to search by, which no reader sees",
    "data-pagefind-index-attrs": "a setting of the search",
    "data-pagefind-meta": "a setting of the search",
}
"""Attributes of the records for the search that are not compared, each with the reason."""
_SEVERAL: Final = frozenset({"data-level1", "data-level2", "data-record", "data-targets"})
"""Facets with several values."""
_MILLION = Decimal(1_000_000)
_BANDS = (
    (100 * _MILLION, "1亿元以上"),
    (50 * _MILLION, "5000万元至1亿元"),
    (10 * _MILLION, "1000万元至5000万元"),
    (5 * _MILLION, "500万元至1000万元"),
    (_MILLION, "100万元至500万元"),
)
"""Lower limits of the bands of sums; smaller sums are below one million."""
_LEAST_BAND, _NO_MARK = "不足100万元", "没有标记"


def compare_records(
    page: ComparedPage, html: HtmlPage, declaration: SourceDeclaration
) -> Iterator[VerificationFinding]:
    """Compare the search record of a declaration: texts of results, and the value of every facet."""
    shown: dict[str, list[str]] = {}
    for tag in html.tags:
        if "search-record" in tag.classes:
            for name, value in tag.attributes.items():
                shown.setdefault(name, []).append(value.strip())
    expected = dict(_expected_records(page, declaration))
    for name in {*shown, *expected} - {"class", *UNCOMPARED_FACETS}:
        accepted, values = expected.get(name, ((),)), tuple(shown.get(name, ()))
        # What results show and facets say stands in several records.
        shown_once = values if name in _SEVERAL else tuple(dict.fromkeys(values))
        if shown_once not in accepted:
            what = message("搜索结果的 {name}", name=name)
            yield describe_difference(page.file, what, " ¦ ".join(accepted[0]), " ¦ ".join(values))


def _expected_records(
    page: ComparedPage, declaration: SourceDeclaration
) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Yield each attribute with the alternative lists of its values."""
    facts, translate, content = declaration.facts, page.texts.translate, page.texts.translate_content
    yuan = sum_in_yuan(declaration.listed())
    marks = dict.fromkeys(mark for row in declaration.rows for mark in row.marks)
    marks |= dict.fromkeys(mark for remark in declaration.remarks for mark in remark.marks)
    record = [*(marks or [_NO_MARK]), *([NO_UNIT] if declaration.stated_unit is None else [])]
    for name in ("department", "unit"):
        yield f"data-{name}", tuple((one,) for one in page.organisation(facts[name]))
    yield "data-nature", tuple((one,) for one in page.texts.alternatives(facts["nature"]))
    yield "data-year", ((facts["year"],),)
    yield "data-amount", ((page.sum(declaration.annual, declaration.unit),),)
    yield "data-yuan", tuple((one,) for one in _write_plainly(yuan))
    yield "data-money", ((translate(_band_of_sum(yuan)),),)
    for level, name in enumerate(("data-level1", "data-level2")):
        once = dict.fromkeys((row.level1, row.level2)[level] for row in declaration.rows)
        yield name, (tuple(dict.fromkeys(map(content, once))), tuple(once))
    yield "data-record", (tuple(map(translate, record)),)
    labels = [label for bar in find_bars(page.items) for label in bar.labels]
    yield "data-targets", (tuple(labels),)


def _write_plainly(yuan: Decimal | None) -> tuple[str, ...]:
    """List the ways in which a sum may be written: with places that are zero, or without them."""
    if yuan is None:
        return ("",)
    plain = f"{yuan:f}"
    return plain, plain.rstrip("0").rstrip(".") if "." in plain else plain


def _band_of_sum(yuan: Decimal | None) -> str:
    if yuan is None:
        return BLANK
    return next((band for least, band in _BANDS if yuan >= least), _LEAST_BAND)
