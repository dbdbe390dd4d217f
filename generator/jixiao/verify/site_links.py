"""Links lead somewhere, nothing comes from outside or runs inline, and the policy of a page forbids it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from jixiao.i18n import Message, message
from jixiao.verify.findings import VerificationFinding
from jixiao.verify.html_stream import HtmlPage, HtmlTag
from jixiao.verify.json_ld import is_json_ld

NO_ANCHOR = "链接的锚点不存在：{link}"

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


@dataclass(kw_only=True)
class FileLinks:
    """The links of one page, style sheet or site map."""

    file: str
    """Relative to the site."""
    address: str
    """The public address of the site, which ends in `/`, or empty."""
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Link into the site as written → the file and the anchor to which it leads."""

    def add_page(self, page: HtmlPage) -> Iterator[VerificationFinding]:
        """Add the links of a page; yield broken ones and forbidden elements."""
        links: dict[str, None] = {}
        plain = {tag: _plain_links(tag) for tag in page.different}
        for tag in page.tags:
            found = plain[tag]
            if found:
                links.update(found)
            elif found is None:
                yield from self._check_tag(tag, links)
        for tag, text in page.texts_in("script"):
            if not is_json_ld(tag) and (text or not tag.attributes.get("src")):
                yield self._finding(message("页面里写有脚本"))
        ids = {tag.attributes.get("id", "") for tag in page.different}
        for link in links:
            self._add(link)
            file, anchor = self.targets[link]
            if file == self.file and anchor and anchor not in ids:
                yield self._finding(message(NO_ANCHOR, link=link))

    def add_style_sheet(self, text: str) -> Iterator[VerificationFinding]:
        """Add the addresses that a style sheet loads."""
        for link in dict.fromkeys(_LOADED_BY_CSS.findall(text)):
            if _is_outward(link) and urlsplit(link).scheme != "data":
                yield self._finding(message("从外面载入：{link}", link=link))
            elif not _is_outward(link):
                self._add(link)

    def add_site_map(self, text: str) -> Iterator[VerificationFinding]:
        """Add the addresses of a site map."""
        for part in text.split("<loc>")[1:]:
            link = part.partition("</loc>")[0]
            if self.address and link.startswith(self.address):
                self._add(link)
            else:
                yield self._finding(message("站点地图指向别处：{link}", link=link))

    def files_and_places(self) -> tuple[str, ...]:
        """List the files that are linked to, and `file#anchor` of places on other pages, sorted."""
        places = (
            f"{file}#{anchor}" for file, anchor in self.targets.values() if anchor and file != self.file
        )
        return tuple(sorted({*(file for file, _ in self.targets.values()), *places}))

    def broken(self, dead: AbstractSet[str]) -> Iterator[VerificationFinding]:
        """Yield the links to *dead* files and places, which are written as by `files_and_places`."""
        for link, (file, anchor) in self.targets.items():
            if file in dead:
                yield self._finding(message("链接指向不存在的页面：{link}", link=link))
            elif f"{file}#{anchor}" in dead:
                yield self._finding(message(NO_ANCHOR, link=link))

    def _finding(self, saying: Message) -> VerificationFinding:
        return VerificationFinding(file=self.file, message=saying)

    def _check_tag(self, tag: HtmlTag, links: dict[str, None]) -> Iterator[VerificationFinding]:
        """Add the links of a tag to *links*; yield its errors."""
        if tag.name in _REFUSED_TAGS:
            yield self._finding(message("页面上不该有 <{tag}>", tag=tag.name))
        refused = [name for name in tag.attributes if name.startswith("on") or name in {"style", "srcdoc"}]
        equivalent = tag.attributes.get("http-equiv", "refresh").lower()
        if equivalent not in {"content-security-policy", "refresh"}:
            refused.append(f"http-equiv={equivalent}")
        for name in refused:
            yield self._finding(message("<{tag}> 上不该有 {name}", tag=tag.name, name=name))
        written = [tag.attributes[name] for name in tag.attributes.keys() & _LINKING]
        if tag.name == "meta" and tag.attributes.get("http-equiv", "").lower() == "refresh":
            # The address to which a page that was renamed leads its readers.
            written.append(tag.attributes.get("content", "").partition("=")[2].strip())
        for one in written:
            link = _clean_address(one)
            if not _is_outward(link) or (self.address and link.startswith(self.address)):
                links[link] = None
            elif not _may_lead_outside(tag, link):
                yield self._finding(message("从外面载入，或链接不安全：{link}", link=one))

    def _add(self, link: str) -> None:
        path, anchor = _split_link(link)
        self.targets[link] = (self._find_file(path), anchor)

    def _find_file(self, path: str) -> str:
        if not path:
            return self.file
        if self.address and path.startswith(self.address):
            rest = path.removeprefix(self.address)
        elif path.startswith("/"):
            # A server sees the path of the address before every page.
            rest = path.removeprefix(urlsplit(self.address).path or "/")
        elif path.startswith(upwards := "../" * self.file.count("/")):
            # From every page of this depth the same way leads to the same file.
            rest = f"./{path.removeprefix(upwards)}"
        else:
            rest = posixpath.join(posixpath.dirname(self.file), path)
        return _find_served_file(rest, is_folder=path.endswith(("/", ".")) or not rest)


# Most tags of a page stand on other pages too, and most of them lead nowhere or to a page of ours.
@lru_cache(maxsize=_REMEMBERED)
def _plain_links(tag: HtmlTag) -> Mapping[str, None] | None:
    """Return the links into the site of an element that begins so.

    `None` where the tag must be looked at, because it may load, lead or do something else.
    """
    if tag.name in _REFUSED_TAGS or tag.name == "meta":
        return None
    if any(name in _DANGEROUS or name.startswith("on") for name in tag.attributes):
        return None
    links = [_clean_address(tag.attributes[name]) for name in tag.attributes.keys() & _LINKING]
    return None if any(map(_is_outward, links)) else dict.fromkeys(links)


@lru_cache(maxsize=_REMEMBERED)
def _clean_address(written: str) -> str:
    """Return an address as browsers read it."""
    return written.strip(_AROUND).translate(_WITHIN)


@lru_cache(maxsize=_REMEMBERED)
def _split_link(link: str) -> tuple[str, str]:
    """Take a link apart and decode both."""
    path, _, anchor = link.partition("#")
    return unquote(path.partition("?")[0]), unquote(anchor)


@lru_cache(maxsize=_REMEMBERED)
def _find_served_file(path: str, *, is_folder: bool) -> str:
    """Return the file that a server sends for a path from the root of the site."""
    file = posixpath.normpath(path or ".")
    return posixpath.normpath(f"{file}/index.html") if is_folder else file


@lru_cache(maxsize=_REMEMBERED)
def _is_outward(link: str) -> bool:
    # Browsers read a backslash as a slash, so it may not stand in a link of ours.
    if link.startswith("//") or "\\" in link:
        return True
    head = re.split(r"[/?#]", link, maxsplit=1)[0]
    return ":" in head


def _may_lead_outside(tag: HtmlTag, link: str) -> bool:
    if link.partition(":")[0].lower() not in _OUTWARD_SCHEMES or "\\" in link:
        return False
    relations = set(tag.attributes.get("rel", "").lower().split())
    return tag.name == "a" or (tag.name == "link" and bool(relations) and relations <= _OUTWARD_RELATIONS)


_ALLOWED: Final = {
    "default-src": {"'none'"},
    "script-src": {"'self'", "'wasm-unsafe-eval'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
}
"""Each directive that a page must have, with all that it may allow."""

_HARMLESS: Final = {"html", "head", "meta", "title"}
"""Elements before the policy, which does not govern them."""


def compare_policy(file: str, page: HtmlPage) -> Iterator[VerificationFinding]:
    """Yield a finding if the policy is missing, allows too much, or follows an element it governs."""
    before = set[str]()
    for tag in page.tags:
        if tag.name == "body":
            break
        if tag.attributes.get("http-equiv", "").lower() == "content-security-policy":
            if not _is_strict(tag.attributes.get("content", "")) or before - _HARMLESS:
                yield VerificationFinding(file=file, message=message("网页的安全策略被放宽了"))
            return
        before.add(tag.name)
    yield VerificationFinding(file=file, message=message("网页没有安全策略"))


def _is_strict(policy: str) -> bool:
    directives: dict[str, set[str]] = {}
    for directive in filter(None, map(str.split, policy.split(";"))):
        # Browsers take the first of a name.
        directives.setdefault(directive[0].lower(), set(directive[1:]))
    is_complete = all(
        name in directives and directives[name] <= allowed for name, allowed in _ALLOWED.items()
    )
    return is_complete and all(name in _ALLOWED for name in directives)
