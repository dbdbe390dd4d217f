"""Search facets: the attributes by which readers narrow a search, and their values for a declaration.

The declaration template prints them as records that only Pagefind reads; `site/search_index.py` gives the
browser their order. A reader may choose several values of a facet and gets declarations that have any of
them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType
from typing import Final
from urllib.parse import quote_plus

from jixiao.analysis.defects import ALL_DEFECT_LABELS, NO_UNIT_LABEL, label_defects, label_remark_defects
from jixiao.analysis.phrasing import Measurability, pair_with_classes
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.summary import Summary
from jixiao.i18n import load_interface_catalogue, load_taxonomy_catalogue
from jixiao.pages.page_renderer import PageRenderer
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
"""Facet key in search addresses and attributes → Chinese name, in display order."""
MONEY_BANDS: Final = (
    (Decimal(0), "不足100万元"),
    (Decimal(1_000_000), "100万元至500万元"),
    (Decimal(5_000_000), "500万元至1000万元"),
    (Decimal(10_000_000), "1000万元至5000万元"),
    (Decimal(50_000_000), "5000万元至1亿元"),
    (Decimal(100_000_000), "1亿元以上"),
)
"""Lower bound of each band in 元, inclusive, and its name."""
BLANK_SUM: Final = "未填报"
NO_DEFECT: Final = "没有标记"


def find_money_band(summary: Summary) -> str:
    """Return the band of the 年度资金申请总额; blank sums have a band of their own."""
    yuan = summary.yuan
    if yuan is None:
        return BLANK_SUM
    return next((name for least, name in reversed(MONEY_BANDS) if yuan >= least), MONEY_BANDS[0][1])


def build_search_query(facets: Mapping[str, str | Sequence[str]]) -> str:
    """Build the query string of the search page for all declarations with these facet values."""
    pairs = ((key, (value,) if isinstance(value, str) else value) for key, value in facets.items())
    return "?" + "&".join(f"{_quote(key)}={_quote(value)}" for key, values in pairs for value in values)


# Pages about missing fields link to thousands of queries of the same few words.
@lru_cache(maxsize=4096)
def _quote(text: str) -> str:
    return quote_plus(text)


def build_search_records(parsed: ParsedDeclaration, renderer: PageRenderer) -> list[dict[str, Text]]:
    """Build the search records of a declaration, each a mapping of facet to value.

    An attribute has room for one value, so the first record has the first value of each facet, the second
    record the second values of those facets that have more, and so on.
    """
    declaration, summary = parsed.declaration, parsed.summary
    rows = declaration.rows()
    defects = [label for row in rows for label in label_defects(row.indicator)]
    defects += [label for remark in declaration.remarks for label in label_remark_defects(remark)]
    labels = [*(dict.fromkeys(defects) or [NO_DEFECT]), *([NO_UNIT_LABEL] if summary.unit_inferred else [])]
    classes = [str(name) for name, count in pair_with_classes(summary.measurability_counts) if count]
    translate, translate_source = renderer.localizer.translate_text, renderer.localizer.translate_source_text
    values = {
        "year": [Text(str(summary.year))],
        "department": [translate_source(renderer.find_organisation_name(summary.department))],
        "money": [translate(find_money_band(summary))],
        "targets": [translate(name) for name in classes],
        "record": [translate(label) for label in labels],
        "nature": [translate_source(summary.nature)],
        "level1": [translate_source(Text(name)) for name in dict.fromkeys(row.level1 for row in rows)],
        "level2": [translate_source(Text(name)) for name in dict.fromkeys(row.level2 for row in rows)],
        "unit": [translate_source(renderer.find_organisation_name(summary.unit))],
    }
    return [
        {facet: value for facet, value in zip(FACETS, record, strict=True) if value is not None}
        for record in zip_longest(*(values[facet] for facet in FACETS))
    ]


def list_closed_values(content: SiteContent, language: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """List the values of facets with closed lists, in the order of the form or of their size.

    Each value is given in Chinese, as in search addresses, and in *language*. Years and organisations have no
    closed list; the browser sorts them.
    """
    taxonomies = content.taxonomies.values()
    interface_values = {
        "money": (*(name for _, name in MONEY_BANDS), BLANK_SUM),
        "targets": tuple(map(str, Measurability)),
        "record": (*ALL_DEFECT_LABELS, NO_UNIT_LABEL, NO_DEFECT),
    }
    form_values = {
        "nature": (nature for taxonomy in taxonomies for nature in taxonomy.natures),
        "level1": (level1 for taxonomy in taxonomies for level1 in taxonomy.levels),
        "level2": (
            level2 for taxonomy in taxonomies for classes in taxonomy.levels.values() for level2 in classes
        ),
    }
    interface = load_interface_catalogue(language)
    form = load_taxonomy_catalogue(language).merge(content.find_translations(language))
    return {
        facet: tuple((value, catalogue.translate(value)) for value in dict.fromkeys(values))
        for facets, catalogue in ((interface_values, interface), (form_values, form))
        for facet, values in facets.items()
    }
