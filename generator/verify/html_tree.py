"""The text of a page as a tree of elements, read by a grammar stricter than that of browsers.

Every tag must be written as we write it: attributes in double quotes, each once, elements closed where they
were opened. What is written so is read alike by every browser; what is not is refused, so nothing can hide in
the difference between a lenient browser and this reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"<(?:(?P<end>/)?(?P<tag>[a-zA-Z][a-zA-Z0-9-]*+)"
    r"(?P<attributes>(?:\s++[^\s\"'<>/=]++(?:=\"[^\"]*+\")?+)*+)\s*+(?P<closed>/)?+>"
    r"|!--(?:(?!--).)*+-->|![dD][oO][cC][tT][yY][pP][eE] html>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:=\"([^\"]*+)\")?+")
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Malformed(ValueError):  # noqa: N818 - named for what it says; it never leaves the reader that catches it
    """A page is not written as we write pages; carries the text at that place."""


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    """Decoded; an attribute without a value is empty."""
    children: list[Element | str] = field(default_factory=list)
    """Elements and decoded text, in their order."""
    kind: str = field(init=False)
    """The tag and the first class, e.g. `table.money`."""

    def __post_init__(self) -> None:
        """Name the kind once; it is asked for many times."""
        classes = self.attributes.get("class", "").split()
        self.kind = f"{self.tag}.{classes[0]}" if classes else self.tag

    def elements(self) -> Iterator[Element]:
        """Give the child elements."""
        for child in self.children:
            if isinstance(child, Element):
                yield child

    def every(self, *kinds: str) -> Iterator[Element]:
        """Give the elements below this one that are of one of *kinds*, outermost only."""
        for child in self.children:
            if isinstance(child, Element):
                if child.kind in kinds:
                    yield child
                else:
                    yield from child.every(*kinds)

    def text(self) -> str:
        """Give all text below, without blanks around it."""
        return "".join(self.texts()).strip()

    def texts(self) -> Iterator[str]:
        """Give each run of text below."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page."""

    root: Element
    """Holds the top-level elements."""
    elements: tuple[Element, ...]
    """Every element, in the order of the page."""

    def first(self, tag: str) -> Element | None:
        """Give the first element called *tag*."""
        return next((element for element in self.elements if element.tag == tag), None)


def read_html(text: str) -> Document:
    """Read a page.

    Raises:
        Malformed: Something is not written as we write it.
    """
    root = Element("", {})
    path = [root]
    elements: list[Element] = []
    position = 0
    for token in _TOKEN.finditer(text):
        _add_text(path[-1], text, position, token.start())
        position = token.end()
        tag = (token["tag"] or "").lower()
        if not tag:
            continue
        if token["end"]:
            if path[-1].tag != tag or token["attributes"]:
                raise Malformed(token[0])
            path.pop()
            continue
        element = Element(tag, _attributes(token))
        path[-1].children.append(element)
        elements.append(element)
        if token["closed"] and tag not in _VOID and "svg" not in (tag, *(above.tag for above in path)):
            raise Malformed(token[0])
        if not token["closed"] and tag not in _VOID:
            path.append(element)
    _add_text(path[-1], text, position, len(text))
    if len(path) > 1:
        raise Malformed(f"<{path[-1].tag}>")
    return Document(root=root, elements=tuple(elements))


def _add_text(element: Element, text: str, start: int, end: int) -> None:
    if start == end:
        return
    chunk = text[start:end]
    if "<" in chunk:
        raise Malformed(chunk[chunk.index("<") :][:40])
    element.children.append(html.unescape(chunk) if "&" in chunk else chunk)


def _attributes(token: re.Match[str]) -> dict[str, str]:
    written = token["attributes"]
    if not written:
        return {}
    pairs = [(name.lower(), value) for name, value in _ATTRIBUTE.findall(written)]
    attributes = {name: html.unescape(value) if "&" in value else value for name, value in pairs}
    # Of a repeated attribute browsers take the first and we would take the last.
    if len(attributes) < len(pairs):
        raise Malformed(token[0])
    return attributes
