"""Atom feeds (RFC 4287) of published and changed declarations: one for the site, one for each department.

A site without a public address has no feeds, because their links must work from anywhere. Entry ids are
permanent, made of declaration and commit; the latest entries come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from jixiao.analysis import urls
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.i18n import (
    TranslationCatalogue,
    html_language,
    load_interface_catalogue,
    load_taxonomy_catalogue,
    message,
)
from jixiao.model.history import HistoryEvent
from jixiao.pages.page import add_language_prefix
from jixiao.text import Text

ENTRY_LIMIT = 50
"""Maximum number of entries in a feed."""
_ATOM = "http://www.w3.org/2005/Atom"
_EARLIEST = "1970-01-01T00:00:00+00:00"


def build_feeds(content: SiteContent, config: SiteConfig) -> dict[str, bytes]:
    """Build all feeds as path in the site → bytes; empty without an address or without events."""
    events = content.history.events
    if not config.address or not events:
        return {}
    departments = sorted({event.department for event in events} & content.organisations.keys())
    feeds: dict[str, bytes] = {}
    for language in config.languages:
        writer = _FeedWriter(content, config, language)
        feeds[add_language_prefix(urls.FEED, language)] = writer.write_feed(
            urls.FEED, events, writer.site_name()
        )
        for department in departments:
            path = urls.department_feed_url(department)
            name = writer.translate_source_text(content.organisations[department].name)
            title = f"{writer.site_name()} · {name}"
            department_events = content.history.department_events(department)
            feeds[add_language_prefix(path, language)] = writer.write_feed(path, department_events, title)
    return feeds


class _FeedWriter:
    """Writer of feeds in one language."""

    def __init__(self, content: SiteContent, config: SiteConfig, language: str) -> None:
        self._config, self._language = config, language
        self._interface_catalogue: TranslationCatalogue = load_interface_catalogue(language)
        self._content_catalogue = load_taxonomy_catalogue(language).merge(content.find_translations(language))
        self._names = {entry.id: entry.name for entry in content.summaries}
        self._withdrawn = content.address_register.withdrawn

    def site_name(self) -> str:
        """Return the name of the site."""
        name = self._config.localize(self._config.name, self._language)
        return name.plain() if name else ""

    def translate_source_text(self, source_text: Text) -> str:
        """Translate a source text; without a translation it stays Chinese."""
        return self._content_catalogue.translate(source_text.plain())

    def write_feed(self, path: str, events: Iterable[HistoryEvent], title: str) -> bytes:
        """Return one feed as bytes."""
        address = self._config.address or ""
        latest = tuple(islice(events, ENTRY_LIMIT))
        root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": html_language(self._language)})
        feed_url = f"{address}{add_language_prefix(path, self._language)}"
        _add_element(root, "id", feed_url)
        _add_element(root, "title", title)
        _add_element(root, "updated", _read_event_time(latest[0]))
        publisher = self._config.localize(self._config.publisher, self._language)
        _add_element(
            _add_element(root, "author"), "name", publisher.plain() if publisher else self.site_name()
        )
        _add_element(root, "link", rel="self", type="application/atom+xml", href=feed_url)
        page = f"{address}{add_language_prefix(urls.CHANGES, self._language)}"
        _add_element(root, "link", rel="alternate", type="text/html", href=page)
        for event in latest:
            self._add_entry(root, event)
        ET.indent(root, " ")
        text = ET.tostring(root, "unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()

    def _add_entry(self, root: ET.Element, event: HistoryEvent) -> None:
        address = self._config.address or ""
        entry = _add_element(root, "entry")
        host = urlsplit(address).hostname or ""
        # A tag (RFC 4151): it stays the same wherever the site moves to, and in every language.
        _add_element(entry, "id", f"tag:{host},{_read_event_time(event)[:4]}:{event.id}@{event.commit}")
        name = self._names.get(event.id)
        title = message(
            "{name}（{year}年度）：{happening}",
            name=event.id if name is None else self.translate_source_text(name),
            year=str(event.year),
            happening=self._interface_catalogue.translate(event.event_kind),
        )
        _add_element(entry, "title", title.translate(self._interface_catalogue))
        _add_element(entry, "updated", _read_event_time(event))
        has_page = name is not None or event.id in self._withdrawn
        page = urls.declaration_url(event.id) if has_page else urls.CHANGES
        _add_element(
            entry,
            "link",
            rel="alternate",
            type="text/html",
            href=f"{address}{add_language_prefix(page, self._language)}",
        )
        for kind in event.kinds:
            _add_element(entry, "category", term=kind, label=self._interface_catalogue.translate(kind))
        messages = [*(message("理由：{reason}", reason=reason) for reason in event.reasons), *event.messages]
        summary = "\n".join(line.translate(self._interface_catalogue) for line in messages)
        if summary:
            _add_element(entry, "summary", summary, type="text")


def _read_event_time(event: HistoryEvent) -> str:
    """Return the time of an event, or 1970 if git does not know it, because a feed needs a time."""
    return event.time or _EARLIEST


def _add_element(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element
