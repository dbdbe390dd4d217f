"""The sitemap: every page in every language, with its translations. Only for a site that has an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from jixiao.i18n import html_language
from jixiao.pages.links import from_root
from jixiao.pages.page import Kind

if TYPE_CHECKING:
    from jixiao.build.site_wide_files import PageShown

FILE = "sitemap.xml"
LIMIT = 10_000
"""Pages in one file, of 50,000 that the format allows; larger sites have a map a year, and a list of maps."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemaps(pages: Iterable[PageShown], address: str, languages: Sequence[str]) -> dict[str, str]:
    """Write the sitemap, as XML by path.

    Args:
        pages: All pages of all languages.
        address: The public address of the root, ending in `/`.
        languages: Those that every page is in.
    """
    shown = [page for page in pages if page.kind not in {Kind.RENAMED, Kind.WITHDRAWN}]
    if len(shown) <= LIMIT:
        return {FILE: _map(shown, address, languages)}
    parts: dict[str, list[PageShown]] = {}
    for page in shown:
        parts.setdefault(page.address.partition("/")[0] if page.year else "data", []).append(page)
    maps = {f"{folder}/{FILE}": _map(listed, address, languages) for folder, listed in parts.items()}
    lines = [_HEAD, f"<sitemapindex {_NAMESPACE}>"]
    lines += [f"<sitemap><loc>{address}{path}</loc></sitemap>" for path in maps]
    return {**maps, FILE: "\n".join([*lines, "</sitemapindex>", ""])}


def _map(pages: Iterable[PageShown], address: str, languages: Sequence[str]) -> str:
    lines = [_HEAD, f'<urlset {_NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">']
    for page in pages:
        # Addresses are ASCII slugs, so nothing in them needs escaping.
        lines.append(f"<url><loc>{address}{from_root(page.address, page.language)}</loc>")
        for language in languages:
            way = from_root(page.address, language)
            attributes = f"hreflang={quoteattr(html_language(language))} href={quoteattr(address + way)}"
            lines.append(f'<xhtml:link rel="alternate" {attributes}/>')
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])
