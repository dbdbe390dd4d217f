"""Settings of the engine for one language: site name, interface messages, navigation, footer.

The navigation holds index pages only: with every page in it, build time would grow with the square of the
number of pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.i18n import SOURCE_LANGUAGE, html_language, language_name, load_interface_catalogue, message
from jixiao.pages.page import add_language_prefix
from jixiao.site.mkdocs_engine import EngineSettings, read_inherited_settings
from jixiao.site.security_policy import POLICY
from jixiao.text import Text

HEADER_PAGES = {"guide": "怎样读申报表", "glossary": "词汇表", "about": "关于"}
"""Hand-written pages in the header, by slug; all others are in the footer."""


@dataclass(frozen=True, kw_only=True)
class NavigationLink:
    """Link of the navigation."""

    title: str
    address: str
    """Address without the language prefix."""


@dataclass(frozen=True, kw_only=True)
class Navigation:
    """Links in the header and footer of every page of one language."""

    header: tuple[NavigationLink, ...]
    """Links of the header, home first."""
    footer: tuple[NavigationLink, ...]


def build_navigation(content: SiteContent, years: Iterable[int], language: str) -> Navigation:
    """Build the navigation of *language*.

    Args:
        content: The site content, of which only hand-written pages are used.
        years: Years with declarations, latest first.
        language: Language of the pages.
    """
    catalogue = load_interface_catalogue(language)
    titles = {page.slug: page.title for page in content.handwritten_pages if page.language == SOURCE_LANGUAGE}
    titles |= {page.slug: page.title for page in content.handwritten_pages if page.language == language}
    home, *sections, search = (
        NavigationLink(title=catalogue.translate(kind.traits.header), address=kind.address)
        for kind in PageKind
        if kind.traits.header
    )
    year_links = (
        NavigationLink(
            title=message("{year}年度", year=str(year)).translate(catalogue), address=urls.year_url(year)
        )
        for year in years
    )
    guides = (
        NavigationLink(title=catalogue.translate(title), address=urls.handwritten_page_url(slug))
        for slug, title in HEADER_PAGES.items()
        if slug in titles
    )
    other_handwritten = (
        NavigationLink(title=title.plain(), address=urls.handwritten_page_url(slug))
        for slug, title in sorted(titles.items())
        if slug not in HEADER_PAGES
    )
    footer = (
        NavigationLink(title=catalogue.translate(kind.traits.footer), address=kind.address)
        for kind in PageKind
        if kind.traits.footer
    )
    return Navigation(
        header=(home, *year_links, *sections, *guides, search), footer=(*other_handwritten, *footer)
    )


def build_engine_settings(
    site_root: Path, config: SiteConfig, language: str, navigation: Navigation
) -> EngineSettings:
    """Build the engine settings for the pages of *language*."""
    address, prefix = config.address, add_language_prefix("", language)
    root = urlsplit(address).path if address else "/"
    return EngineSettings(
        inherited_yaml=read_inherited_settings(site_root),
        language=language,
        mkdocs_options={
            "site_name": _plain_text(config.localize(config.name, language)),
            "site_url": f"{address}{prefix}" if address else "",
            "nav": [{link.title: f"{link.address}index.md"} for link in navigation.header],
        },
        template_values={
            "language": language,
            "html_language": html_language(language),
            # From the server, without the slash at the end.
            "home": f"{root}{prefix}".rstrip("/"),
            "root": root.rstrip("/"),
            "way_to_root": "/.." if prefix else "",
            "address": address or "",
            "security_policy": POLICY,
            "demonstration": config.demonstration,
            "preview": config.preview,
            "languages": [
                {
                    "code": code,
                    "html": html_language(code),
                    "name": language_name(code),
                    "prefix": add_language_prefix("", code),
                }
                for code in config.languages
            ],
            "words": dict(load_interface_catalogue(language).translations),
            "site": _list_footer_lines(config, language),
            "header_pages": [
                {"title": link.title, "address": link.address}
                for link in navigation.header
                if link.address not in {urls.HOME, urls.SEARCH}
            ],
            "footer_pages": [{"title": link.title, "address": link.address} for link in navigation.footer],
        },
        placeholder_paths=tuple(f"{link.address}index.md" for link in navigation.header),
    )


def _list_footer_lines(config: SiteConfig, language: str) -> dict[str, str]:
    """List the lines of the footer that the settings fill, by name."""
    licence = config.data_licence
    lines = {
        "publisher": _plain_text(config.localize(config.publisher, language)),
        "host": _plain_text(config.localize(config.footer.host, language)),
        "contact": config.contact or "",
        "licence": _plain_text(config.localize(licence.name, language)) if licence else "",
        "licence_link": (licence.link or "") if licence else "",
        "site_code": _plain_text(config.footer.site_code),
        "icp": _plain_text(config.footer.icp),
        "police": _plain_text(config.footer.police),
    }
    return {name: line for name, line in lines.items() if line}


def _plain_text(text: Text | None) -> str:
    return text.plain() if text else ""
