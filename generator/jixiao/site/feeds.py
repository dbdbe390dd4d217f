"""Feeds of what was published and changed, as Atom (RFC 4287): one for the site, one for each department.

An address of a site is needed: what a feed names must be found from anywhere. Entries have permanent ids of
declaration and commit, and the latest come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.i18n import Dictionary, closed_list_words, html_language, interface_words, message
from jixiao.model.history import Event
from jixiao.pages.links import from_root
from jixiao.text import Text

LATEST = 50
"""Entries of a feed."""
_ATOM = "http://www.w3.org/2005/Atom"
_EARLIEST = "1970-01-01T00:00:00+00:00"


def feeds_of(catalogue: Catalogue, config: SiteConfig) -> dict[str, bytes]:
    """Write all feeds: path in the site → bytes; nothing without an address or without events."""
    events = catalogue.history.events
    if not config.address or not events:
        return {}
    departments = sorted({event.department for event in events} & catalogue.organisations.keys())
    feeds: dict[str, bytes] = {}
    for language in config.languages:
        writer = _Writer(catalogue, config, language)
        feeds[from_root(urls.FEED, language)] = writer.feed(urls.FEED, events, writer.site_name())
        for department in departments:
            path = urls.of_feed(department)
            title = f"{writer.site_name()} · {writer.translated(catalogue.organisations[department].name)}"
            some = catalogue.history.of_department(department)
            feeds[from_root(path, language)] = writer.feed(path, some, title)
    return feeds


class _Writer:
    """Writes feeds in one language."""

    def __init__(self, catalogue: Catalogue, config: SiteConfig, language: str) -> None:
        self._config, self._language = config, language
        self._words: Dictionary = interface_words(language)
        self._content = closed_list_words(language).merged_with(catalogue.dictionary(language))
        self._names = {entry.id: entry.name for entry in catalogue.entries}
        self._withdrawn = catalogue.addresses.withdrawn

    def site_name(self) -> str:
        """Give the name of the site."""
        name = self._config.said(self._config.name, self._language)
        return name.plain() if name else ""

    def translated(self, filed: Text) -> str:
        """Translate what was filed, or leave it Chinese."""
        return self._content.say(filed.plain())

    def feed(self, path: str, events: Iterable[Event], title: str) -> bytes:
        """Write one feed."""
        address = self._config.address or ""
        latest = list(events)[:LATEST]
        root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": html_language(self._language)})
        own = f"{address}{from_root(path, self._language)}"
        _add(root, "id", own)
        _add(root, "title", title)
        _add(root, "updated", _time_of(latest[0]))
        publisher = self._config.said(self._config.publisher, self._language)
        _add(_add(root, "author"), "name", publisher.plain() if publisher else self.site_name())
        _add(root, "link", rel="self", type="application/atom+xml", href=own)
        page = f"{address}{from_root(urls.CHANGES, self._language)}"
        _add(root, "link", rel="alternate", type="text/html", href=page)
        for event in latest:
            self._entry(root, event)
        ET.indent(root, " ")
        text = ET.tostring(root, "unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()

    def _entry(self, root: ET.Element, event: Event) -> None:
        address = self._config.address or ""
        entry = _add(root, "entry")
        host = urlsplit(address).hostname or ""
        # A tag (RFC 4151): it stays the same wherever the site moves to, and in every language.
        _add(entry, "id", f"tag:{host},{_time_of(event)[:4]}:{event.id}@{event.commit}")
        name = self._names.get(event.id)
        said = self.translated(name) if name is not None else event.id
        happening = message("{name}（{year}年度）：{happening}", **self._values(event, said))
        _add(entry, "title", happening.say(self._words))
        _add(entry, "updated", _time_of(event))
        way = urls.of_declaration(event.id)
        if name is None and event.id not in self._withdrawn:
            way = urls.CHANGES
        _add(
            entry,
            "link",
            rel="alternate",
            type="text/html",
            href=f"{address}{from_root(way, self._language)}",
        )
        for kind in event.kinds:
            _add(entry, "category", term=kind, label=self._words.say(kind))
        summary = "\n".join(self._lines(event))
        if summary:
            _add(entry, "summary", summary, type="text")

    def _values(self, event: Event, name: str) -> dict[str, str]:
        return {"name": name, "year": str(event.year), "happening": self._words.say(event.happening)}

    def _lines(self, event: Event) -> Iterable[str]:
        for reason in event.reasons:
            yield message("理由：{reason}", reason=reason).say(self._words)
        for saying in event.sayings:
            yield saying.say(self._words)


def _time_of(event: Event) -> str:
    """Give the time of an event; a feed must have one, so what git cannot tell is as old as can be."""
    return event.time or _EARLIEST


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element
