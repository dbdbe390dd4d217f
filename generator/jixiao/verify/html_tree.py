"""The text of a page as a tree of elements, read by a grammar stricter than that of browsers.

Every tag must be written as we write it: attributes in double quotes, each once, elements closed where they
were opened. What is written so is read alike by every browser; what is not is refused, so nothing can hide in
the difference between a lenient browser and this reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

# One group around the whole, so that `split` gives text, token, text, token, …, text.
_TOKEN = re.compile(
    r"(<(?:/?+[a-zA-Z][a-zA-Z0-9-]*+(?:\s++[^\s\"'<>/=]++(?:=\"[^\"]*+\")?+)*+\s*+/?+>"
    r"|!--(?:(?!--).)*+-->|![dD][oO][cC][tT][yY][pP][eE] html>))",
    re.DOTALL,
)
_NAME = re.compile(r"[a-zA-Z0-9-]++")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:=\"([^\"]*+)\")?+")
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_TOKENS = 4096
"""Tokens that are remembered. A page has 500, of which most stand on every page of its kind."""


class Malformed(ValueError):  # noqa: N818 - named for what it says; it never leaves the reader that catches it
    """A page is not written as we write pages; carries the text at that place."""


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """What stands between `<` and `>`: the same object wherever the same is written."""

    tag: str
    """In small letters; empty for a comment or the document type."""
    attributes: Mapping[str, str]
    """Decoded; an attribute without a value is empty."""
    kind: str
    """The tag and the first class, e.g. `table.money`."""
    is_end: bool
    is_open: bool
    """What follows is inside the element."""
    is_cut_short: bool
    """Written with a slash before `>`, as may be done inside drawings alone."""


class Element:
    """An element of a page."""

    __slots__ = ("attributes", "children", "kind", "tag", "token")

    def __init__(self, token: Token) -> None:
        """Begin an element that has no children yet."""
        self.token = token
        # Asked for many times, hence kept at hand.
        self.tag = token.tag
        self.kind = token.kind
        self.attributes = token.attributes
        self.children: list[Element | str] = []
        """Elements and decoded text, in their order."""

    def elements(self) -> list[Element]:
        """Give the child elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def below(self) -> list[Element]:
        """Give every element below this one, in the order of the page."""
        found: list[Element] = []
        _gather(self, found)
        return found

    def every(self, *kinds: str) -> Iterator[Element]:
        """Give the elements below this one that are of one of *kinds*, outermost only."""
        for child in self.children:
            if isinstance(child, Element):
                if child.kind in kinds:
                    yield child
                elif child.children:
                    yield from child.every(*kinds)

    def text(self) -> str:
        """Give all text below, without blanks around it."""
        if len(self.children) == 1 and isinstance(self.children[0], str):
            return self.children[0].strip()
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


def empty_element(tag: str) -> Element:
    """Give an element that stands on no page, in place of one that is missing."""
    return Element(_token(f"<{tag}>"))


def read_html(text: str) -> Document:
    """Read a page.

    Raises:
        Malformed: Something is not written as we write it.
    """
    pieces = _TOKEN.split(text)
    here = Element(_OUTSIDE)
    path = [here]
    elements: list[Element] = []
    _add_text(here, pieces[0])
    for written, run in zip(pieces[1::2], pieces[2::2], strict=True):
        token = _token(written)
        if token.is_end or here.tag == "script":
            # In a script browsers read its end, and no other tag and no comment.
            if not token.is_end or here.tag != token.tag or token.attributes:
                raise Malformed(written)
            path.pop()
            here = path[-1]
        elif token.tag:
            element = Element(token)
            here.children.append(element)
            elements.append(element)
            if token.is_open:
                here = element
                path.append(here)
            elif token.is_cut_short and "svg" not in (token.tag, *(above.tag for above in path)):
                raise Malformed(written)
        if "<" in run or "&" in run:
            _add_text(here, run)
        elif run:
            here.children.append(run)
    if len(path) > 1:
        raise Malformed(f"<{here.tag}>")
    return Document(root=here, elements=tuple(elements))


def _add_text(element: Element, run: str) -> None:
    if "<" in run:
        raise Malformed(run[run.index("<") :][:40])
    if element.tag == "script" and "&" in run:
        # Browsers decode nothing there, and we would.
        raise Malformed(run[run.index("&") :][:40])
    if run:
        element.children.append(html.unescape(run) if "&" in run else run)


# What pages of one kind have in common, their tags, is read once and not on each of them.
@lru_cache(maxsize=_TOKENS)
def _token(written: str) -> Token:
    """Read what `_TOKEN` found."""
    name = _NAME.match(written, 2 if written.startswith("</") else 1)
    if not name:
        return _OUTSIDE
    tag = name[0].lower()
    pairs = [(name.lower(), value) for name, value in _ATTRIBUTE.findall(written, name.end())]
    attributes = {name: html.unescape(value) if "&" in value else value for name, value in pairs}
    # Of a repeated attribute browsers take the first and we would take the last.
    if len(attributes) < len(pairs):
        raise Malformed(written)
    classes = attributes.get("class", "").split()
    is_closed = written.endswith("/>")
    return Token(
        tag=tag,
        attributes=attributes,
        kind=f"{tag}.{classes[0]}" if classes else tag,
        is_end=written.startswith("</"),
        is_open=not is_closed and tag not in _VOID,
        is_cut_short=is_closed and tag not in _VOID,
    )


def _gather(element: Element, found: list[Element]) -> None:
    for child in element.children:
        if isinstance(child, Element):
            found.append(child)
            # Most elements hold one text and no more.
            if len(child.children) > 1 or (child.children and isinstance(child.children[0], Element)):
                _gather(child, found)


_OUTSIDE = Token(tag="", attributes={}, kind="", is_end=False, is_open=False, is_cut_short=False)
"""Begins nothing and ends nothing."""
