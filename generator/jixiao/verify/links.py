"""Every link leads somewhere, nothing is loaded from outside, nothing runs inline."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.html_tree import Document, Element, Token
from jixiao.verify.linked import is_linked

_LINKING = frozenset(
    {
        "action",
        "archive",
        "background",
        "cite",
        "classid",
        "codebase",
        "data",
        "formaction",
        "href",
        "icon",
        "imagesrcset",
        "longdesc",
        "lowsrc",
        "manifest",
        "ping",
        "poster",
        "profile",
        "src",
        "srcset",
        "xlink:href",
    }
)
"""Attributes that hold addresses. Those with several (`srcset`) we do not write; they are read as one."""
_REFUSED_TAGS = frozenset(
    {
        "animate",
        "applet",
        "audio",
        "base",
        "embed",
        "foreignobject",
        "frame",
        "frameset",
        "iframe",
        "math",
        "object",
        "portal",
        "set",
        "style",
        "template",
        "video",
    }
)
_OUTWARD_RELATIONS = frozenset({"alternate", "canonical", "license"})
_OUTWARD_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_DANGEROUS = frozenset({"http-equiv", "srcdoc", "style"})
_REMEMBERED = 4096
"""Tags, and addresses of links, that are remembered."""
# What browsers drop from an address before they read it.
_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = str.maketrans("", "", "\t\n\r")
_LOADED_BY_CSS = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s;]*)", re.IGNORECASE)


NO_PAGE = "链接指向不存在的页面：{link}"


class Asked(AbstractSet[str]):
    """Stands for the files of a site that is not there yet: each counts as there, and is kept for later."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.asked: set[str] = set()

    def __contains__(self, file: object) -> bool:
        """Keep *file* for later."""
        self.asked.add(str(file))
        return True

    def __iter__(self) -> Iterator[str]:
        """Give what was asked for."""
        return iter(self.asked)

    def __len__(self) -> int:
        """Count what was asked for."""
        return len(self.asked)


@dataclass(kw_only=True)
class Links:
    """The links of a site: pages are added one by one, anchors are looked up when all are in."""

    files: AbstractSet[str]
    """Every file of the site."""
    address: str
    """Its public address, which ends in `/`, or empty."""
    _anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    _to_anchors: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Page, link as written, file it leads to, anchor."""

    def add(self, page: str, document: Document) -> Iterator[Finding]:
        """Take the links of a page; yield what is wrong about them and what may not stand on a page."""
        links: dict[str, None] = {}
        ways = {token: _plain_links(token) for token in {element.token for element in document.elements}}
        for element in document.elements:
            way = ways[element.token]
            if way:
                links.update(way)
            elif way is None:
                yield from self._looked_at(page, element, links)
        self._anchors[page] = frozenset([token.attributes.get("id", "") for token in ways])
        for link in links:
            yield from self._inward(page, link)

    def add_sheet(self, file: str, text: str) -> Iterator[Finding]:
        """Look through a style sheet for what it loads."""
        for link in dict.fromkeys(_LOADED_BY_CSS.findall(text)):
            if urlsplit(link).scheme == "data":
                continue
            if _is_outward(link):
                yield Finding(file=file, saying=message("从外面载入：{link}", link=link))
            else:
                yield from self._inward(file, link)

    def add_map(self, file: str, text: str) -> Iterator[Finding]:
        """Look up the addresses of a site map."""
        for part in text.split("<loc>")[1:]:
            link = part.partition("</loc>")[0]
            if self.address and link.startswith(self.address):
                yield from self._inward(file, link)
            else:
                yield Finding(file=file, saying=message("站点地图指向别处：{link}", link=link))

    def broken_anchors(self) -> Iterator[Finding]:
        """Yield the links to anchors that are not on their pages; call when all pages are in."""
        for page, link, file, anchor in self._to_anchors:
            if file in self._anchors and anchor not in self._anchors[file]:
                yield Finding(file=page, saying=message("链接的锚点不存在：{link}", link=link))

    def leads_to(self, page: str) -> tuple[str, ...]:
        """List the files that were asked for, and the places on other pages than *page*, sorted."""
        places = (f"{file}#{anchor}" for _, _, file, anchor in self._to_anchors if file != page)
        return tuple(sorted({*self.files, *places}))

    def pages_with_places(self) -> set[str]:
        """List the pages on which links name places."""
        return {file for _, _, file, _ in self._to_anchors if file.endswith(".html")}

    def _looked_at(self, page: str, element: Element, links: dict[str, None]) -> Iterator[Finding]:
        """Keep the links of an element in *links*; yield what is wrong about it."""
        if element.tag in _REFUSED_TAGS or element.tag == "script":
            yield from _tag(page, element)
        yield from _attributes(page, element)
        forwarded = _forwarded_to(element) if element.tag == "meta" else None
        if forwarded is not None:
            yield from self._sorted_out(page, element, forwarded, links)
        for name in element.attributes.keys() & _LINKING:
            yield from self._sorted_out(page, element, element.attributes[name], links)

    def _sorted_out(
        self, page: str, element: Element, written: str, links: dict[str, None]
    ) -> Iterator[Finding]:
        """Keep what leads into the site in *links*; yield what may not lead outside."""
        link = _as_read(written)
        if not _is_outward(link) or (self.address and link.startswith(self.address)):
            links[link] = None
        elif not _may_lead_outside(element, link):
            yield Finding(file=page, saying=message("从外面载入，或链接不安全：{link}", link=written))

    def _inward(self, page: str, link: str) -> Iterator[Finding]:
        """Yield a finding when no file is there; note the anchor for later."""
        path, anchor = _path_and_anchor(link)
        file = self._file(page, path)
        if file not in self.files:
            yield Finding(file=page, saying=message(NO_PAGE, link=link))
        elif anchor:
            self._to_anchors.append((page, link, file, anchor))

    def _file(self, page: str, path: str) -> str:
        if not path:
            return page
        if self.address and path.startswith(self.address):
            rest = path.removeprefix(self.address)
        elif path.startswith("/"):
            # A server sees the path of the address before every page.
            rest = path.removeprefix(urlsplit(self.address).path or "/")
        elif path.startswith(upwards := "../" * page.count("/")):
            # From every page of this depth the same way leads to the same file.
            rest = f"./{path.removeprefix(upwards)}"
        else:
            rest = posixpath.join(posixpath.dirname(page), path)
        return _served(rest, is_folder=path.endswith(("/", ".")) or not rest)


# Most tags of a page stand on other pages too, and most of them lead nowhere or to a page of ours.
@lru_cache(maxsize=_REMEMBERED)
def _plain_links(token: Token) -> Mapping[str, None] | None:
    """Give the links into the site of an element that begins so.

    `None` where the element must be looked at, because it may load, lead or do something else.
    """
    if token.tag in _REFUSED_TAGS or token.tag in {"script", "meta"}:
        return None
    if any(name in _DANGEROUS or name.startswith("on") for name in token.attributes):
        return None
    links = [_as_read(token.attributes[name]) for name in token.attributes.keys() & _LINKING]
    return None if any(map(_is_outward, links)) else dict.fromkeys(links)


@lru_cache(maxsize=_REMEMBERED)
def _as_read(written: str) -> str:
    """Give an address as browsers read it."""
    return written.strip(_AROUND).translate(_WITHIN)


@lru_cache(maxsize=_REMEMBERED)
def _path_and_anchor(link: str) -> tuple[str, str]:
    """Take a link apart and decode both."""
    path, _, anchor = link.partition("#")
    return unquote(path.partition("?")[0]), unquote(anchor)


@lru_cache(maxsize=_REMEMBERED)
def _served(path: str, *, is_folder: bool) -> str:
    """Give the file that a server sends for a path from the root of the site."""
    file = posixpath.normpath(path or ".")
    return posixpath.normpath(f"{file}/index.html") if is_folder else file


@lru_cache(maxsize=_REMEMBERED)
def _is_outward(link: str) -> bool:
    # Browsers read a backslash as a slash, so it may not stand in a link of ours.
    if link.startswith("//") or "\\" in link:
        return True
    head = re.split(r"[/?#]", link, maxsplit=1)[0]
    return ":" in head


def _may_lead_outside(element: Element, link: str) -> bool:
    if link.partition(":")[0].lower() not in _OUTWARD_SCHEMES or "\\" in link:
        return False
    relations = set(element.attributes.get("rel", "").lower().split())
    return element.tag == "a" or (
        element.tag == "link" and bool(relations) and relations <= _OUTWARD_RELATIONS
    )


def _tag(page: str, element: Element) -> Iterator[Finding]:
    if element.tag != "script":
        yield Finding(file=page, saying=message("页面上不该有 <{tag}>", tag=element.tag))
    elif is_linked(element):
        return  # what it says, and whether it may stand there, is looked at with the page
    elif element.children or not element.attributes.get("src"):
        yield Finding(file=page, saying=message("页面里写有脚本"))


def _attributes(page: str, element: Element) -> Iterator[Finding]:
    for name in element.attributes:
        if name.startswith("on") or name in {"style", "srcdoc"}:
            yield Finding(file=page, saying=message("<{tag}> 上不该有 {name}", tag=element.tag, name=name))
    equivalent = element.attributes.get("http-equiv", "content-security-policy").lower()
    if equivalent not in {"content-security-policy", "refresh"}:
        yield Finding(
            file=page, saying=message("<{tag}> 上不该有 {name}", tag="meta", name=f"http-equiv={equivalent}")
        )


def _forwarded_to(element: Element) -> str | None:
    """Give the address to which a page that was renamed leads its readers."""
    if element.attributes.get("http-equiv", "").lower() != "refresh":
        return None
    return element.attributes.get("content", "").partition("=")[2].strip()
