"""A built page as a flat stream, read by a grammar stricter than that of browsers.

Every tag must be written as we write it: attributes in double quotes, each once, elements closed where they
were opened. What is written so is read alike by every browser; what is not is refused, so nothing can hide in
the difference between a lenient browser and this reader.

Of the article the stream keeps the texts, cut at everything that is not mere emphasis, the links and the
few attributes that say something to readers, in the order of the page. Names of classes matter only where a
drawing is meant (`profile-bar`, `swatch`), a record for the search (`search-record`), prose that was filed
(`prose`), or a part that is not compared (`UNCOMPARED_PARTS`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple

UNCOMPARED_PARTS: Final = {
    "ol.history": "what git says of a declaration, which no file of the project says",
    "table.copied": "which targets say the same is a reading of words; names and links are compared",
}
"""Kinds of elements whose numbers are not compared, each with the reason."""

# One group around the whole, so that `split` gives text, token, text, token, …, text.
_TOKEN = re.compile(
    r"(<(?:/?+[a-zA-Z][a-zA-Z0-9-]*+(?:\s++[^\s\"'<>/=]++(?:=\"[^\"]*+\")?+)*+\s*+/?+>"
    r"|!--(?:(?!--).)*+-->|![dD][oO][cC][tT][yY][pP][eE] html>))",
    re.DOTALL,
)
_NAME = re.compile(r"[a-zA-Z0-9-]++")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:=\"([^\"]*+)\")?+")
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_EMPHASIS = frozenset(
    {"abbr", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup"}
)
"""Elements inside a text; every other one begins a text of its own."""
_LABELS = frozenset(
    {"button", "caption", "dt", "h2", "h3", "h4", "h5", "h6", "label", "legend", "summary", "thead"}
)
"""Elements with a label, not a value."""
_VALUES = frozenset({"aside", "section", "td"})
"""Elements that hold only values."""
_PLAIN = frozenset({"script", "title"})
"""Elements outside the article whose texts are compared."""
_REMEMBERED = 4096
"""Tags that are remembered. A page has 500, most of them common to all pages of its kind."""


class MalformedHtmlError(ValueError):
    """A page is not written as we write pages; carries the text at that place."""


class StreamContext(NamedTuple):
    """The role of the elements around an item."""

    is_label: bool = False
    """In an element that names something."""
    is_value: bool = False
    """In an element that holds only values."""
    is_explanation: bool = False
    """In a part that readers unfold, where terms are explained."""
    is_listed: bool = False
    """In a list of ways to other pages."""
    is_uncompared: bool = False
    """In one of `UNCOMPARED_PARTS`."""


class StreamItem(NamedTuple):
    """A text of the article, or an attribute that says something."""

    kind: str
    """`text`, `link`, `id`, `rowspan`, `bar`, `segment` or `swatch`."""
    text: str
    context: StreamContext


@dataclass(frozen=True, slots=True, eq=False)
class HtmlTag:
    """Tag with its attributes; equal tags are one object."""

    name: str
    """In small letters; empty for a comment or the document type."""
    attributes: Mapping[str, str]
    """Decoded; an attribute without a value is empty."""
    classes: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    """Kind and text of the items that the tag itself adds to the stream."""
    is_end: bool
    is_open: bool
    """Whether the following items are inside the element."""
    is_cut_short: bool
    """Written with a slash before `>`, as may be done inside drawings alone."""
    is_emphasis: bool
    context: StreamContext | None
    """Context inside the element, if it differs from the context around it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlPage:
    """A page."""

    tags: Sequence[HtmlTag]
    """Every tag that begins an element, in the order of the page."""
    different: frozenset[HtmlTag]
    """The same, each once."""
    events: Sequence[tuple[HtmlTag, str]]
    """Every tag, with the decoded text behind it."""
    plain: Sequence[int]
    """The places of the scripts and of the title among the events."""

    def texts_in(self, name: str) -> Iterator[tuple[HtmlTag, str]]:
        """Yield the tag and the text of each script, or of the title."""
        events = (self.events[place] for place in self.plain)
        return ((tag, text.strip()) for tag, text in events if tag.name == name)

    def article(self) -> list[StreamItem]:
        """Read the items of the article, in the order of the page."""
        places = range(len(self.events))
        first = next((place for place in places if self.events[place][0].name == "article"), 0)
        last = next((place for place in reversed(places) if self.events[place][0].name == "article"), 0)
        return _read_items(self.events[first:last])

    def mismatched_labels(self) -> Iterator[tuple[list[str], list[str]]]:
        """Yield the titles of columns and the labels of a row where they differ.

        Titles are shown by wide screens, labels by phones.
        """
        if not any("data-label" in tag.attributes for tag in self.different):
            return
        titles: list[str] = []
        labels: list[str | None] = []
        for tag, text in self.events:
            if tag.name == "table":
                titles = []
            elif tag.name == "tr":
                if tag.is_end and any(labels):
                    pairs = zip_longest(labels, titles, fillvalue="")
                    shown = [title if label is None else label for label, title in pairs]
                    if shown != titles:
                        yield titles, shown
                labels = []
            elif tag.name == "th" and not tag.is_end:
                if tag.attributes.get("scope") == "col":
                    titles.append(text.strip())
                labels.append(None)
            elif tag.name == "td" and not tag.is_end:
                labels.append(tag.attributes.get("data-label", ""))


def read_html(text: str) -> HtmlPage:
    """Read a page.

    Raises:
        MalformedHtmlError: Something is not written as we write it.
    """
    pieces = _TOKEN.split(text)
    here = _OUTSIDE
    path = [here]
    tags: list[HtmlTag] = []
    plain: list[int] = []
    events = [(here, _decode(here, pieces[0]))]
    for written, run in zip(pieces[1::2], pieces[2::2], strict=True):
        tag = _read_tag(written)
        if tag.is_end or here.name == "script":
            # In a script browsers read its end, and no other tag and no comment.
            if not tag.is_end or here.name != tag.name or tag.attributes:
                raise MalformedHtmlError(written)
            path.pop()
            here = path[-1]
        elif tag.name:
            tags.append(tag)
            if tag.name in _PLAIN:
                plain.append(len(events))
            if tag.is_open:
                here = tag
                path.append(here)
            elif tag.is_cut_short and "svg" not in (tag.name, *(above.name for above in path)):
                raise MalformedHtmlError(written)
        events.append((tag, _decode(here, run) if "<" in run or "&" in run else run))
    if len(path) > 1:
        raise MalformedHtmlError(f"<{here.name}>")
    return HtmlPage(tags=tags, different=frozenset(tags), events=events, plain=plain)


def _decode(here: HtmlTag, run: str) -> str:
    if "<" in run:
        raise MalformedHtmlError(run[run.index("<") :][:40])
    if here.name == "script" and "&" in run:
        # Browsers decode nothing there, and we would.
        raise MalformedHtmlError(run[run.index("&") :][:40])
    return html.unescape(run)


# What pages of one kind have in common, their tags, is read once and not on each of them.
@lru_cache(maxsize=_REMEMBERED)
def _read_tag(written: str) -> HtmlTag:
    """Parse a match of `_TOKEN`."""
    found = _NAME.match(written, 2 if written.startswith("</") else 1)
    if not found:
        return _OUTSIDE
    name = found[0].lower()
    pairs = [(key.lower(), value) for key, value in _ATTRIBUTE.findall(written, found.end())]
    attributes = {key: html.unescape(value) if "&" in value else value for key, value in pairs}
    # Of a repeated attribute browsers take the first and we would take the last.
    if len(attributes) < len(pairs):
        raise MalformedHtmlError(written)
    is_closed = written.endswith("/>")
    classes = tuple(attributes.get("class", "").split())
    context = StreamContext(
        is_label=name in _LABELS,
        is_value=name in _VALUES or "prose" in classes,
        is_explanation=name == "details",
        is_listed=name == "li",
        is_uncompared=any(f"{name}.{one}" in UNCOMPARED_PARTS for one in classes),
    )
    return HtmlTag(
        name=name,
        attributes=attributes,
        classes=classes,
        items=tuple(_items_of_tag(name, attributes, classes)),
        is_end=written.startswith("</"),
        is_open=not is_closed and name not in _VOID,
        is_cut_short=is_closed and name not in _VOID,
        is_emphasis=name in _EMPHASIS,
        context=context if any(context) else None,
    )


def _items_of_tag(
    name: str, attributes: Mapping[str, str], classes: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if name == "a" and "href" in attributes:
        yield "link", attributes["href"]
    elif name == "tr" and attributes.get("id"):
        yield "id", attributes["id"]
    elif name in {"td", "th"} and attributes.get("rowspan", "1") != "1":
        yield "rowspan", attributes["rowspan"]
    elif name == "svg" and "profile-bar" in classes:
        yield "bar", attributes.get("viewbox", "")
    elif name == "rect":
        yield "segment", " ".join([*classes, attributes.get("x", ""), attributes.get("width", "")])
    elif "swatch" in classes:
        yield "swatch", " ".join(one for one in classes if one != "swatch")


def _read_text(texts: list[str], context: StreamContext) -> list[StreamItem]:
    """Join pieces of a text, and make room for the next one."""
    text = "".join(texts).strip()
    texts.clear()
    return [StreamItem("text", text, context)] if text else []


@cache
def _join(inner: StreamContext, outer: StreamContext) -> StreamContext:
    return StreamContext(*map(max, inner, outer))


def _read_items(events: Sequence[tuple[HtmlTag, str]]) -> list[StreamItem]:
    """Split the events of an article into its texts and the values in its tags."""
    items: list[StreamItem] = []
    path = [StreamContext()]
    texts: list[str] = []
    before_cell = 0
    for tag, run in events:
        if texts and not tag.is_emphasis:
            items += _read_text(texts, path[-1])
        if tag.name == "td":
            if tag.is_end and len(items) == before_cell:
                items.append(StreamItem("text", "", path[-1]))
            before_cell = len(items)
        if tag.is_end:
            path.pop()
        elif tag.name:
            if tag.items:
                items += [StreamItem(kind, text, path[-1]) for kind, text in tag.items]
            if tag.is_open:
                path.append(path[-1] if tag.context is None else _join(tag.context, path[-1]))
        if run:
            texts.append(run)
    return items


_OUTSIDE = HtmlTag(
    name="",
    attributes={},
    classes=(),
    items=(),
    is_end=False,
    is_open=False,
    is_cut_short=False,
    is_emphasis=True,
    context=None,
)
"""Begins nothing and ends nothing."""
