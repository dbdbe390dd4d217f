"""Sitemap with every page in every language and its translations, for sites that have a public address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from jixiao.analysis.page_kinds import PageKind
from jixiao.i18n import html_language
from jixiao.pages.page import add_language_prefix

SITEMAP_FILE = "sitemap.xml"
PAGE_LIMIT = 10_000
"""Pages in one file, of 50,000 allowed; larger sites have a sitemap for each year and an index of them."""
_XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePage:
    """A page of the site, as the sitemap and the search indexes list it."""

    language: str
    kind: PageKind
    address: str
    """Without the prefix of the language."""
    year: int | None = None


def build_sitemaps(pages: Iterable[SitePage], address: str, languages: Sequence[str]) -> dict[str, str]:
    """Build the sitemaps as path → XML.

    Args:
        pages: All pages of all languages.
        address: Public address of the root, ending in `/`.
        languages: Languages of every page.
    """
    shown = [page for page in pages if page.kind not in {PageKind.RENAMED, PageKind.WITHDRAWN}]
    if len(shown) <= PAGE_LIMIT:
        return {SITEMAP_FILE: _write_sitemap(shown, address, languages)}
    parts: dict[str, list[SitePage]] = {}
    for page in shown:
        parts.setdefault(page.address.partition("/")[0] if page.year else "data", []).append(page)
    maps = {
        f"{folder}/{SITEMAP_FILE}": _write_sitemap(listed, address, languages)
        for folder, listed in parts.items()
    }
    lines = [_XML_DECLARATION, f"<sitemapindex {_NAMESPACE}>"]
    lines += [f"<sitemap><loc>{address}{path}</loc></sitemap>" for path in maps]
    return {**maps, SITEMAP_FILE: "\n".join([*lines, "</sitemapindex>", ""])}


def _write_sitemap(pages: Iterable[SitePage], address: str, languages: Sequence[str]) -> str:
    lines = [_XML_DECLARATION, f'<urlset {_NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">']
    for page in pages:
        # Addresses are ASCII slugs, so nothing in them needs escaping.
        lines.append(f"<url><loc>{address}{add_language_prefix(page.address, page.language)}</loc>")
        for language in languages:
            url = f"{address}{add_language_prefix(page.address, language)}"
            attributes = f"hreflang={quoteattr(html_language(language))} href={quoteattr(url)}"
            lines.append(f'<xhtml:link rel="alternate" {attributes}/>')
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])
