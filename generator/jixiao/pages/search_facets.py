"""Facets: by what readers narrow a search, and what a declaration says of each.

The declaration template prints them as records that Pagefind alone reads; `site/search_index.py` tells the
browser their order. Within a facet a reader may choose several values and sees what has any of them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType
from typing import Final
from urllib.parse import quote_plus

from jixiao.analysis.defects import MARKS, marks_of, marks_of_remark
from jixiao.analysis.measurability import Measurability, by_class
from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.analysis.summary import Entry
from jixiao.i18n import closed_list_words, interface_words
from jixiao.model.gaps import NO_UNIT
from jixiao.pages.page_renderer import Press
from jixiao.text import Text

FACETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "year": "年度",
        "department": "主管部门",
        "money": "年度资金申请总额",
        "targets": "目标值能否核对",
        "record": "标记",
        "nature": "项目性质",
        "level1": "一级指标",
        "level2": "二级指标",
        "unit": "实施单位",
    }
)
"""Key, as addresses of views and attributes have it → Chinese name; in the order that readers see."""
BANDS: Final = (
    (Decimal(0), "不足100万元"),
    (Decimal(1_000_000), "100万元至500万元"),
    (Decimal(5_000_000), "500万元至1000万元"),
    (Decimal(10_000_000), "1000万元至5000万元"),
    (Decimal(50_000_000), "5000万元至1亿元"),
    (Decimal(100_000_000), "1亿元以上"),
)
"""The least sum of each band in 元, which is in it, and its name."""
BLANK_SUM: Final = "未填报"
NO_MARK: Final = "没有标记"


def band_of(entry: Entry) -> str:
    """Give the band of the 年度资金申请总额 of *entry*; one that was left blank is in a band of its own."""
    yuan = entry.yuan
    if yuan is None:
        return BLANK_SUM
    return next((name for least, name in reversed(BANDS) if yuan >= least), BANDS[0][1])


def view_of(facets: Mapping[str, str | Sequence[str]]) -> str:
    """Give the query of the search page that shows all declarations with these values of facets."""
    listed = ((key, (value,) if isinstance(value, str) else value) for key, value in facets.items())
    return "?" + "&".join(f"{_quoted(key)}={_quoted(value)}" for key, values in listed for value in values)


# Pages about gaps name the same few words in thousands of views.
@lru_cache(maxsize=4096)
def _quoted(words: str) -> str:
    return quote_plus(words)


def records_of(filed: Filed, press: Press) -> list[dict[str, Text]]:
    """Say the values of all facets of a declaration as records: facet → value.

    The first record has the first value of each facet, the second one the second values of those that have
    more, and so on: an attribute has room for one value.
    """
    declaration, entry = filed.declaration, filed.entry
    rows = declaration.rows()
    marks = [mark for row in rows for mark in marks_of(row.indicator)]
    marks += [mark for remark in declaration.remarks for mark in marks_of_remark(remark)]
    without_unit = [NO_UNIT] if entry.unit_inferred else []
    said, translated = press.voice.plainly, press.voice.translated
    values = {
        "year": [Text(str(entry.year))],
        "department": [translated(press.organisation_name(entry.department))],
        "money": [said(band_of(entry))],
        "targets": [said(str(of_class)) for of_class, count in by_class(entry.profile) if count],
        "record": [said(word) for word in [*(dict.fromkeys(marks) or [NO_MARK]), *without_unit]],
        "nature": [translated(entry.nature)],
        "level1": [translated(Text(level1)) for level1 in dict.fromkeys(row.level1 for row in rows)],
        "level2": [translated(Text(level2)) for level2 in dict.fromkeys(row.level2 for row in rows)],
        "unit": [translated(press.organisation_name(entry.unit))],
    }
    return [
        {facet: value for facet, value in zip(FACETS, record, strict=True) if value is not None}
        for record in zip_longest(*(values[facet] for facet in FACETS))
    ]


def closed_values(catalogue: Catalogue, language: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """List the values of the facets that have closed lists, in the order of the form or of their size.

    Each stands in Chinese, as addresses of views have it, and as it is said in *language*. Years and
    organisations are as many as there are declarations of; a browser sorts them.
    """
    taxonomies = catalogue.taxonomies.values()
    of_interface = {
        "money": (*(name for _, name in BANDS), BLANK_SUM),
        "targets": tuple(map(str, Measurability)),
        "record": (*MARKS, NO_UNIT, NO_MARK),
    }
    of_form = {
        "nature": (nature for taxonomy in taxonomies for nature in taxonomy.natures),
        "level1": (level1 for taxonomy in taxonomies for level1 in taxonomy.levels),
        "level2": (
            level2 for taxonomy in taxonomies for classes in taxonomy.levels.values() for level2 in classes
        ),
    }
    interface = interface_words(language)
    form = closed_list_words(language).merged_with(catalogue.dictionary(language))
    return {
        facet: tuple((value, words.say(value)) for value in dict.fromkeys(listed))
        for lists, words in ((of_interface, interface), (of_form, form))
        for facet, listed in lists.items()
    }
