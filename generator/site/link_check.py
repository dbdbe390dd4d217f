"""Check the links of the finished site: every one leads to a file and an anchor that are there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, kw_only=True)
class BrokenLink:
    """A link that leads nowhere."""

    page: str
    """The HTML file, relative to the site."""
    target: str
    """As written in the page."""


class _Reader(HTMLParser):
    """Gathers what a page links to and the anchors it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, _tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in {"href", "src", "action"} and value:
                self.links.add(value)
            elif name == "id" and value:
                self.anchors.add(value)


def broken_links(site: Path, address: str) -> Iterator[BrokenLink]:
    """Yield every link inside *site* that is broken.

    Args:
        site: The folder of the site.
        address: Its public address, or empty; absolute links to it are checked like relative ones.
    """
    pages = {path.relative_to(site).as_posix(): _read(path) for path in sorted(site.rglob("*.html"))}
    # A server sees the path of the address before every page; only the error pages link by it.
    mount = urlsplit(address).path if address else "/"
    for page, reader in pages.items():
        for link in sorted(reader.links):
            target = link.removeprefix(address) if address and link.startswith(address) else link
            base = "" if target != link else page
            if not _leads_somewhere(target, base, mount, site, pages):
                yield BrokenLink(page=page, target=link)


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    return reader


def _leads_somewhere(target: str, page: str, mount: str, site: Path, pages: Mapping[str, _Reader]) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return parts.scheme in {"https", "http", "mailto"}
    way = unquote(parts.path)
    if way.startswith("/"):
        path = posixpath.normpath(way.removeprefix(mount) or ".")
    else:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), way)) if way else page
    if path.startswith(".."):
        return False
    file = posixpath.normpath(f"./{path}/index.html") if (site / path).is_dir() else path
    if not (site / file).is_file():
        return False
    return not parts.fragment or file not in pages or parts.fragment in pages[file].anchors
