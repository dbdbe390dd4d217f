"""The navigation of a site: index pages only.

With every page in the navigation the time of a build grows with the square of the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.i18n import SOURCE_LANGUAGE, interface_words, message

HEADER_PAGES = {"guide": "怎样读申报表", "glossary": "词汇表", "about": "关于"}
"""Hand-written pages that the header links to, by their short names; all others stand in the footer."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A link of the navigation."""

    title: str
    address: str
    """Without the prefix of the language."""


@dataclass(frozen=True, kw_only=True)
class Navigation:
    """What every page of one language links to."""

    header: tuple[Entry, ...]
    """Home comes first."""
    footer: tuple[Entry, ...]

    def addresses(self) -> tuple[str, ...]:
        """List the addresses of the header."""
        return tuple(entry.address for entry in self.header)


def navigation_of(catalogue: Catalogue, years: Iterable[int], language: str) -> Navigation:
    """Make the navigation of *language*.

    Args:
        catalogue: What serves all declarations; its entries are not looked at.
        years: Those with declarations, latest first.
        language: The language of the pages.
    """
    words = interface_words(language)
    written = {page.slug: page.title for page in catalogue.handwritten if page.language == SOURCE_LANGUAGE}
    written |= {page.slug: page.title for page in catalogue.handwritten if page.language == language}
    header = [Entry(title=words.say("首页"), address=urls.HOME)]
    header += [
        Entry(title=message("{year}年度", year=str(year)).say(words), address=urls.of_year(year))
        for year in years
    ]
    header.append(Entry(title=words.say("部门和单位"), address=urls.ORGANISATIONS))
    header.append(Entry(title=words.say("指标"), address=urls.INDICATORS))
    header += [
        Entry(title=words.say(title), address=urls.of_handwritten(slug))
        for slug, title in HEADER_PAGES.items()
        if slug in written
    ]
    header.append(Entry(title=words.say("搜索"), address=urls.SEARCH))
    footer = [
        Entry(title=title.plain(), address=urls.of_handwritten(slug))
        for slug, title in sorted(written.items())
        if slug not in HEADER_PAGES
    ]
    footer.append(Entry(title=words.say("缺损和公开情况"), address=urls.QUALITY))
    footer.append(Entry(title=words.say("公开和改动记录"), address=urls.CHANGES))
    footer.append(Entry(title=words.say("数据"), address=urls.DATA))
    footer.append(Entry(title=words.say("检查规则"), address=urls.RULES))
    return Navigation(header=tuple(header), footer=tuple(footer))
