"""The sitemap: every page in every language, with its translations. Only for a site that has an address."""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from generator.config import HTML_LANGUAGES
from generator.pages import Page
from generator.pages.links import from_root
from generator.pages.page import Kind


def sitemap(pages: Iterable[Page], address: str) -> str:
    """Write the sitemap as XML.

    Args:
        pages: All pages of all languages.
        address: The public address of the root, ending in `/`.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for page in pages:
        if page.kind in {Kind.RENAMED, Kind.WITHDRAWN}:
            continue
        # Addresses are ASCII slugs, so nothing in them needs escaping.
        lines.append(f"<url><loc>{address}{from_root(page.address, page.language)}</loc>")
        for language, way in page.alternates.items():
            attributes = f"hreflang={quoteattr(HTML_LANGUAGES[language])} href={quoteattr(address + way)}"
            lines.append(f'<xhtml:link rel="alternate" {attributes}/>')
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])
