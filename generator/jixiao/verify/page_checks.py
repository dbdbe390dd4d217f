"""Checks of one page: its values stand in their places, and no other number stands on it.

The record for the search in the page of a declaration is compared too: texts of results, and the value of
every facet. The class of a target is a reading of words that is not repeated here: these values are compared
with the bar of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Final

from jixiao.i18n import message
from jixiao.verify.declaration_values import (
    declaration_values,
    project_values,
    renamed_values,
    withdrawn_values,
)
from jixiao.verify.findings import VerificationFinding, describe_difference
from jixiao.verify.html_stream import HtmlPage, StreamContext, StreamItem
from jixiao.verify.json_ld import compare_page_json_ld
from jixiao.verify.list_groups import ORGANISATIONS, sum_in_yuan
from jixiao.verify.list_values import (
    DATA,
    INDICATORS,
    QUALITY,
    SEARCH,
    data_values,
    indicators_values,
    list_values,
    quality_addresses,
    quality_values,
    register_values,
    search_values,
    split_part,
)
from jixiao.verify.page_values import (
    ComparedPage,
    PageValue,
    find_bars,
    is_match,
    read_bar,
    resolve_address,
    resolve_links,
)
from jixiao.verify.po_texts import SOURCE
from jixiao.verify.source_declaration import BLANK, NO_UNIT, SourceDeclaration
from jixiao.verify.source_numbers import numbers_in
from jixiao.verify.sources import VerificationSources

UNCOMPARED_PAGES: Final = {
    "changes/": "what git says of all declarations, which no file of the project says",
    "compare/": "a script sets two pages of declarations side by side, and each page is compared",
    "rules/": "the rules of the program, which say nothing of the project",
}
"""Pages whose values are not compared, each with the reason; nor are those that the publisher wrote."""
NOT_FOUND: Final = "404.html"
"""The page for addresses without a page; it has no values."""
_INDEX = "index.html"
_MOST = 20
"""Findings of one page that are worth reading."""
_AHEAD = 60
"""Items, and values, among which a page and its sources are looked for a place where they agree again."""

_ALONE: Final[Mapping[str, Callable[[ComparedPage], Iterator[PageValue]]]] = {
    DATA: data_values,
    INDICATORS: indicators_values,
    ORGANISATIONS: register_values,
    SEARCH: search_values,
}
_INCOMPLETE: Final = {DATA: "examples and notes about the files hold numbers of their own"}
"""Pages on which other numbers may stand beside the values, each with the reason."""

_BROWSER_TITLE, _OTHER = message("浏览器标题"), message("正文其他地方的数字")
_COLUMNS, _ADDRESS, _BAR = message("列表各栏的名称"), message("新网址"), message("目标值的分类")
_DECLARATION: Final = re.compile(r"[0-9]{4}/[^/]+/[^/]+/")


def compare_page(file: str, page: HtmlPage, sources: VerificationSources) -> Iterator[VerificationFinding]:
    """Yield each difference between a page and the content, and each value that nothing compares."""
    texts = sources.translations.get(file.partition("/")[0])
    if texts is None or not texts.prefix:
        texts = sources.translations[SOURCE]
    address = file.removeprefix(texts.prefix).removesuffix(_INDEX)
    yield from compare_page_json_ld(file, page.texts_in("script"), address, sources)
    compared = ComparedPage(
        file=file,
        address=address,
        title="".join(text for _, text in page.texts_in("title")),
        items=resolve_links(page.article(), file, texts),
        texts=texts,
        sources=sources,
    )
    for wanted, shown in page.mismatched_labels():
        yield describe_difference(file, _COLUMNS, " ¦ ".join(wanted), " ¦ ".join(shown))
    if address in sources.declarations:
        yield from _compare_title(compared, sources.declarations[address])
        yield from compare_records(compared, page, sources.declarations[address])
    elif address in sources.renamed:
        yield from _compare_forward(compared, page, sources.renamed[address])
    values = _values_of_page(compared)
    if values is not None:
        comparison = _Comparison(compared, [*values], is_complete=address not in _INCOMPLETE)
        yield from comparison.findings()
    elif not _is_uncompared(file, address, sources):
        is_declaration = _DECLARATION.fullmatch(address) is not None
        saying = message("没有这份申报表的文件") if is_declaration else message("没有核对这种页面，不能发布")
        yield VerificationFinding(file=file, message=saying)


def _is_uncompared(file: str, address: str, sources: VerificationSources) -> bool:
    if not file.endswith(_INDEX):
        return address == NOT_FOUND
    return split_part(address)[0] in UNCOMPARED_PAGES or address in sources.handwritten


def _values_of_page(page: ComparedPage) -> Iterator[PageValue] | None:
    """Choose the values by the address of the page; `None` where the page is not known to have any."""
    address, sources = page.address, page.sources
    values: Iterator[PageValue] | None = None
    if not page.file.endswith(_INDEX):
        return None
    if address in sources.declarations:
        values = declaration_values(page, sources.declarations[address])
    elif address in sources.renamed:
        values = renamed_values(sources.renamed[address])
    elif address in sources.withdrawn:
        values = withdrawn_values(page, sources.withdrawn[address])
    elif address in sources.projects:
        values = project_values(page)
    elif split_part(address)[0] in sources.groups:
        values = list_values(page)
    elif address.startswith(QUALITY) and address in quality_addresses(sources):
        values = quality_values(page)
    elif address in _ALONE:
        values = _ALONE[address](page)
    return values


def _compare_title(page: ComparedPage, declaration: SourceDeclaration) -> Iterator[VerificationFinding]:
    accepted = (page.names(declaration.facts["name"]), (page.site_name(),))
    title = PageValue(_BROWSER_TITLE, "parts", accepted, is_tight=True)
    if not is_match(title, StreamItem("text", " ".join(page.title.split()), StreamContext()), page.texts):
        yield describe_difference(page.file, _BROWSER_TITLE, title.expected(), page.title)


def _compare_forward(page: ComparedPage, html: HtmlPage, new: str) -> Iterator[VerificationFinding]:
    """Compare where the page of a renamed declaration sends its readers by itself, and all its links."""
    wanted = f"{page.texts.prefix}{new}"
    refreshes = (tag for tag in html.tags if tag.attributes.get("http-equiv", "").lower() == "refresh")
    paths = [tag.attributes.get("content", "").partition("url=")[2] for tag in refreshes]
    shown = [resolve_address(path, page.file) for path in paths]
    if shown != [wanted]:
        yield describe_difference(page.file, _ADDRESS, wanted, " ¦ ".join(shown))
    for link in page.links():
        if link != new:
            yield describe_difference(page.file, _ADDRESS, wanted, link)


class _Comparison:
    """The items of a page beside the values that it must show."""

    def __init__(self, page: ComparedPage, values: Sequence[PageValue], *, is_complete: bool) -> None:
        """Compare *page* with its *values*.

        Args:
            page: The page.
            values: In the order of the page.
            is_complete: No other number may stand there.
        """
        self._page, self._values, self._is_complete = page, values, is_complete
        self._items = page.items
        self._glossary = page.sources.glossaries.get(page.texts.language, {})
        own, source = page.texts.numbered, page.sources.translations[SOURCE].numbered
        self._numbered = own if own is source else {**source, **own}
        self._passed = set[str]()

    def findings(self) -> Iterator[VerificationFinding]:
        """Yield each value that is not in its place, and each number that is no value."""
        items, values = self._items, self._values
        place = item_place = passed = found = 0
        while item_place < len(items) and found < _MOST:
            following = self._following(place, item_place)
            if following is not None:
                value = values[following]
                if value.kind == "bar" and value.counted is not None:
                    bar = read_bar(items, item_place)
                    if not bar.is_right(value.counted):
                        found += 1
                        counted = value.counted
                        expected = f"{counted.indicators} {counted.numeric} {counted.blank}"
                        shown = " ".join([*bar.counts, *bar.segments, bar.whole])
                        yield describe_difference(self._page.file, _BAR, expected, shown)
                    item_place = bar.ends - 1
                place, passed = following + 1, item_place + 1
            elif not self._is_idle(item_place):
                found += 1
                yield self._describe(place, item_place, passed)
                place, item_place = self._resume(place, item_place)
                passed = item_place
                continue
            item_place += 1
        missing = [value for value in values[place:] if not value.is_optional]
        if missing and found < _MOST:
            yield self._describe(values.index(missing[0], place), len(items), passed)

    def _following(self, place: int, item_place: int) -> int | None:
        """Return the place of the value that an item shows: the next, or one behind optional ones."""
        item, texts = self._items[item_place], self._page.texts
        for following in range(place, len(self._values)):
            value = self._values[following]
            if is_match(value, item, texts):
                return following
            if not value.is_optional:
                return None
        return None

    def _is_idle(self, item_place: int) -> bool:
        """Return whether an item without a value is allowed at this place."""
        item = self._items[item_place]
        before = self._items[item_place - 1] if item_place else item
        if item.kind == "link":
            return not item.context.is_value and not item.context.is_listed
        if item.context.is_uncompared:
            return before.kind != "link"
        if not self._is_complete or item.kind != "text":
            return not self._is_complete or item.kind == "swatch"
        return self._is_idle_text(" ".join(item.text.split()), " ".join(before.text.split()), item.context)

    def _is_idle_text(self, text: str, before: str, context: StreamContext) -> bool:
        if text in self._numbered:
            # Where a sentence stands twice, one of the two may have been the other that is like it.
            is_new = text not in self._passed
            self._passed.add(text)
            return is_new or not self._numbered[text]
        if context.is_explanation and not context.is_label:
            return self._glossary.get(before) == text
        is_empty = not context.is_value or context.is_label
        return is_empty and (not numbers_in(text) or text in self._glossary)

    def _resume(self, place: int, item_place: int) -> tuple[int, int]:
        """Return a value and an item behind these two from which both agree again."""
        items, values, texts = self._items, self._values, self._page.texts
        ahead = min(_AHEAD, max(len(items) - item_place, len(values) - place))
        for steps in range(1, 2 * ahead):
            for more in range(min(steps, ahead) + 1):
                value_place, at = place + steps - more, item_place + more
                if (
                    value_place < len(values)
                    and at < len(items)
                    and is_match(values[value_place], items[at], texts)
                ):
                    return value_place, at
        return len(values), len(items)

    def _describe(self, place: int, item_place: int, passed: int) -> VerificationFinding:
        """Describe a value that is not in its place, or, behind all values, a number that is none."""
        items, file = self._items, self._page.file
        if place >= len(self._values):
            return describe_difference(file, _OTHER, "", items[item_place].text)
        value = self._values[place]
        expected = value.expected()
        if value.kind == "link" and value.subject:
            saying = message("列表里应有而没有、或不应有而有：{address}", address=expected)
            return VerificationFinding(file=file, message=saying)
        candidates = [
            item.text
            for item in items[passed : item_place + 1]
            if value.kind in {item.kind, "parts", "label", "total", "unit", "words"}
        ]
        found = max(candidates, default="", key=lambda text: SequenceMatcher(None, expected, text).ratio())
        what = message(value.what.template, id=value.subject)
        return describe_difference(file, what, expected, found)


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
    band = BLANK
    if yuan is not None:
        band = next((band for least, band in _BANDS if yuan >= least), _LEAST_BAND)
    marks = dict.fromkeys(mark for row in declaration.rows for mark in row.marks)
    marks |= dict.fromkeys(mark for remark in declaration.remarks for mark in remark.marks)
    record = [*(marks or [_NO_MARK]), *([NO_UNIT] if declaration.stated_unit is None else [])]
    for name in ("department", "unit"):
        yield f"data-{name}", tuple((one,) for one in page.organisation(facts[name]))
    yield "data-nature", tuple((one,) for one in page.texts.alternatives(facts["nature"]))
    yield "data-year", ((facts["year"],),)
    yield "data-amount", ((page.sum(declaration.annual, declaration.unit),),)
    yield "data-yuan", tuple((one,) for one in _write_plainly(yuan))
    yield "data-money", ((translate(band),),)
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
