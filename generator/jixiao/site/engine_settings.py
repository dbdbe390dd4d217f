"""What the engine is told about a site in one language: names, words, navigation, footer."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jixiao.config import SiteConfig
from jixiao.i18n import SOURCE_LANGUAGE, html_language, interface_words, language_name
from jixiao.pages.links import from_root
from jixiao.site.mkdocs_engine import EngineSettings, inherited_settings
from jixiao.site.navigation import Navigation
from jixiao.site.security_policy import POLICY
from jixiao.text import Text


def engine_settings(
    project: Path, config: SiteConfig, language: str, navigation: Navigation
) -> EngineSettings:
    """Write the settings of the engine for the pages of *language*."""
    address = config.address
    root = urlsplit(address).path if address else "/"
    own = {
        "site_name": _plain(config.said(config.name, language)),
        "site_url": f"{address}{from_root('', language)}" if address else "",
        "nav": [{entry.title: f"{entry.address}index.md"} for entry in navigation.header],
    }
    printed = {
        "language": language,
        "html_language": html_language(language),
        # From the server, without the slash at the end.
        "home": f"{root}{from_root('', language)}".rstrip("/"),
        "root": root.rstrip("/"),
        "way_to_root": "" if language == SOURCE_LANGUAGE else "/..",
        "address": address or "",
        "security_policy": POLICY,
        "demonstration": config.demonstration,
        "preview": config.preview,
        "languages": [
            {
                "code": code,
                "html": html_language(code),
                "name": language_name(code),
                "prefix": from_root("", code),
            }
            for code in config.languages
        ],
        "words": dict(interface_words(language).translations),
        "site": _footer(config, language),
        "header_pages": [
            {"title": entry.title, "address": entry.address}
            for entry in navigation.header
            if entry.address not in {"", "search/"}
        ],
        "footer_pages": [{"title": entry.title, "address": entry.address} for entry in navigation.footer],
    }
    return EngineSettings(
        inherited=inherited_settings(project),
        language=language,
        own=own,
        printed=printed,
        stand_ins=tuple(f"{address}index.md" for address in navigation.addresses()),
    )


def _footer(config: SiteConfig, language: str) -> dict[str, str]:
    licence = config.data_licence
    lines = {
        "publisher": _plain(config.said(config.publisher, language)),
        "host": _plain(config.said(config.footer.host, language)),
        "contact": config.contact or "",
        "licence": _plain(config.said(licence.name, language)) if licence else "",
        "licence_link": (licence.link or "") if licence else "",
        "site_code": _plain(config.footer.site_code),
        "icp": _plain(config.footer.icp),
        "police": _plain(config.footer.police),
    }
    return {name: line for name, line in lines.items() if line}


def _plain(text: Text | None) -> str:
    return text.plain() if text else ""
