"""Expected values of a page: its texts and figures, in page order.

What a value is called on the page is of no interest here, with one exception: the labels of sums. So pages
may be reworded and rearranged without a change here while their values keep their order.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from jixiao.i18n import Message
from jixiao.verify.html_stream import StreamItem
from jixiao.verify.list_groups import UNITS, ListTotals
from jixiao.verify.po_texts import SOURCE, PoTexts
from jixiao.verify.source_declaration import BLANK, CountedTargets
from jixiao.verify.source_numbers import group_digits, numbers_in, parse_sum
from jixiao.verify.sources import VerificationSources

Alternatives = tuple[str, ...]
"""Texts that may stand for a value; findings name the first."""
_PAGE_WITH_VALUES = re.compile(r"(?:[0-9]{4}/|organisations/|projects/.|quality/[0-9]{4}/)(?:.*/)?$")
_ALGORITHM = "SHA-256"


class PageValue(NamedTuple):
    """One value that a page must show at its place."""

    what: Message
    kind: str
    """`text`, `label`, `parts`, `total`, `words`, `unit`, or the kind of another item of the stream."""
    accepted: tuple[Alternatives, ...] = ()
    """The text; of `parts` each text that a sentence must hold."""
    numbers: tuple[str, ...] = ()
    """Of `parts`, the numbers of the sentence beside its texts."""
    subject: str = ""
    """Id for the placeholder of the message."""
    is_optional: bool = False
    """A page may leave it out."""
    is_tight: bool = False
    """Of `parts`: no other word may stand there."""
    counted: CountedTargets | None = None
    """Of a `bar`, the targets that it shows."""

    def expected(self) -> str:
        """Describe it in a finding."""
        if self.kind == "parts":
            return " ".join([*(one[0] for one in self.accepted), *self.numbers])
        return self.accepted[0][0] if self.accepted else ""


_BLANKS = re.compile(r"[ \n]+")


@dataclass(frozen=True, kw_only=True)
class ComparedPage:
    """A page in one language, with the sources that it must agree with."""

    file: str
    """Relative to the site."""
    address: str
    """Without the prefix of the language."""
    title: str
    """The text of `<title>`."""
    items: Sequence[StreamItem]
    """Items of the article, with the links that lead to pages with values."""
    texts: PoTexts
    sources: VerificationSources

    def names(self, source: str) -> Alternatives:
        """List the accepted forms of a filed text on one line; runs of blanks may have become one."""
        names = self.texts.alternatives(source)
        joined = (one for name in names for one in (_BLANKS.sub(" ", name), " ".join(name.split())))
        return tuple(dict.fromkeys((*names, *joined)))

    def organisation(self, identity: str) -> Alternatives:
        """List the accepted names of an organisation."""
        return self.texts.alternatives(self.sources.organisation_name(identity))

    def sum(self, number: str | None, unit: str | None) -> str:
        """Write a filed sum: its digits in groups with the unit, or 未填报 for a blank."""
        if number is None:
            return self.texts.translate(BLANK)
        return f"{group_digits(number)} {self.texts.translate(unit or '')}".strip()

    def prose(self, source: str | None) -> Iterator[str]:
        """Yield the paragraphs of a filed text: each line that is not blank; 未填报 for a blank."""
        if source is None:
            yield self.texts.translate(BLANK)
        else:
            lines = self.texts.translate_content(source).split("\n")
            yield from (line.strip() for line in lines if line.strip())

    def site_name(self) -> str:
        """Return the name of the site."""
        names = self.sources.settings.names
        return names.get(self.texts.language) or names.get(SOURCE, "")

    def links(self) -> Iterator[str]:
        """Yield the addresses with values to which the page leads, in its order."""
        return (item.text for item in self.items if item.kind == "link")


def text_value(
    what: Message, accepted: Alternatives, subject: str = "", *, optional: bool = False
) -> PageValue:
    """Return a text that must stand alone."""
    return PageValue(what, "text", (accepted,), subject=subject, is_optional=optional)


def number_value(what: Message, *numbers: int | str, subject: str = "") -> PageValue:
    """Return numbers that must be those of one text, whatever its words are."""
    return PageValue(what, "parts", (), tuple(map(str, numbers)), subject)


def link_value(what: Message, address: str, *, optional: bool = False) -> PageValue:
    """Return a link that must lead to an address with values."""
    return PageValue(what, "link", ((address,),), is_optional=optional)


def total_value(what: Message, page: ComparedPage, totals: ListTotals) -> PageValue:
    """Return a sum of sums, which is in 元; where nobody filed any, nothing adds up to 0."""
    if not totals.with_annual:
        return text_value(what, (page.texts.translate(BLANK),))
    total = f"{totals.annual:,} {page.texts.translate('元')}"
    return PageValue(what, "total", ((total,),))


def is_match(value: PageValue, item: StreamItem, texts: PoTexts) -> bool:
    """Return whether an item of a page shows the expected value."""
    kind, text = value.kind, item.text
    if item.kind != "text":
        return kind == item.kind and (kind == "bar" or text == value.accepted[0][0])
    if kind == "text":
        return text in value.accepted[0] and not item.context.is_label
    if kind == "parts":
        return not (value.accepted and item.context.is_label) and _has_parts(value, text, texts)
    matcher = _MATCHERS.get(kind)
    return matcher is not None and matcher(value, item, texts)


def resolve_links(items: Iterable[StreamItem], file: str, texts: PoTexts) -> list[StreamItem]:
    """Replace links by the addresses to which they lead, and leave out those that lead to no values."""
    resolved = []
    for item in items:
        if item.kind == "link":
            address = _address_with_values(item.text, file, texts.prefix)
            if address is not None:
                resolved.append(item._replace(text=address))
        else:
            resolved.append(item)
    return resolved


def resolve_address(path: str, file: str) -> str:
    """Return the address, from the root of the site, to which a relative path on a page leads."""
    upwards = "../" * file.count("/")
    rest = unquote(path.removeprefix(upwards)) if path.startswith(upwards) else ""
    if rest and "./" not in rest:
        return rest
    resolved = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
    return "" if resolved == "." else f"{resolved}/" if path.endswith(("/", ".")) else resolved


def _address_with_values(link: str, file: str, prefix: str) -> str | None:
    path, _, anchor = link.partition("#")
    path, _, query = path.partition("?")
    if not path or ":" in path.partition("/")[0]:
        return None
    address = resolve_address(path, file)
    if address.startswith("forms/"):
        return address
    if not address.startswith(prefix):
        return None
    address = address.removeprefix(prefix)
    if query:
        return " ".join([address, *(f"{name}={value}" for name, value in parse_qsl(query))])
    if not _PAGE_WITH_VALUES.match(address):
        return None
    return f"{address}#{anchor}" if anchor.startswith("i-") else address


def _has_parts(value: PageValue, text: str, texts: PoTexts) -> bool:
    if not value.accepted and len(value.numbers) == 1:
        return numbers_in(text) == value.numbers
    rest = text.replace(_ALGORITHM, "")
    # The longest first: a shorter one may stand in it.
    for alternatives in sorted(value.accepted, key=lambda one: -len(one[0])):
        part = next((part for part in alternatives if part in rest), None)
        if part is None:
            return False
        rest = rest.replace(part, "\n", 1)
    if value.is_tight:
        return not any(map(str.isalnum, rest))
    return texts.has_numbers(rest, value.numbers)


def _is_total(value: PageValue, item: StreamItem, _texts: PoTexts) -> bool:
    number, _, unit = item.text.partition(" ")
    wanted, _, wanted_unit = value.accepted[0][0].partition(" ")
    return parse_sum(number) == parse_sum(wanted) and group_digits(number) == number and unit == wanted_unit


def _is_unit(value: PageValue, item: StreamItem, texts: PoTexts) -> bool:
    """Return whether a text names this unit and no other: 元 is also part of 万元."""
    names = sorted(map(texts.translate, UNITS), key=len, reverse=True)
    found = re.findall("|".join(map(re.escape, names)), item.text)
    return found == [*value.accepted[0]] and not numbers_in(item.text)


def _is_label(value: PageValue, item: StreamItem, _texts: PoTexts) -> bool:
    return item.text == value.accepted[0][0]


def _is_words(_value: PageValue, item: StreamItem, _texts: PoTexts) -> bool:
    return bool(item.text) and not item.context.is_label and not numbers_in(item.text)


_MATCHERS = {"total": _is_total, "unit": _is_unit, "label": _is_label, "words": _is_words}


@dataclass(kw_only=True)
class TargetBar:
    """A bar of targets by how they can be checked, with its counts, as a page shows it."""

    begins: int
    ends: int = 0
    """The place behind it among the items of the page."""
    whole: str = ""
    segments: list[str] = field(default_factory=list)
    """Class, start and length of each piece of the drawing."""
    numbers: list[str] = field(default_factory=list)
    """Numbers in the sentence above the counts."""
    classes: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)

    def is_right(self, counted: CountedTargets) -> bool:
        """Return whether the counts add up to the filed targets, and the drawn bars to the counts.

        The classes are a reading of words that is not repeated here. Numbers, blanks and the whole are
        counted from the files, and the drawing is compared with its counts: no count can be changed alone.
        """
        named = dict(zip(self.classes, self.counts, strict=False))
        numbers = [int(count) if count.isdecimal() else 0 for count in self.counts]
        starts = [sum(numbers[:place]) for place in range(len(numbers))]
        drawing = [
            f"{name} {start} {number}"
            for name, start, number in zip(self.classes, starts, numbers, strict=False)
        ]
        return (
            sum(numbers) == counted.indicators
            and named.get("is-number", "0") == str(counted.numeric)
            and named.get("is-blank", "0") == str(counted.blank)
            and drawing == self.segments
            and self.whole == f"0 0 {counted.indicators} 1"
            and self.numbers in ([], [str(counted.indicators)])
        )


_COUNT = re.compile(r"(?P<label>.*?)\s*(?P<count>[0-9][0-9,]*)", re.DOTALL)
_WORDS = 2
"""Texts that a class and its count take at most."""


def read_bar(items: Sequence[StreamItem], place: int) -> TargetBar:
    """Read the bar that begins at *place*: a drawing, perhaps a title, then label and count of each class."""
    bar = TargetBar(begins=place, whole=items[place].text)
    words: list[str] = []
    for ends, item in enumerate(items[place + 1 :], place + 1):
        bar.ends = ends
        if item.kind == "segment":
            bar.segments.append(item.text)
        elif item.kind == "swatch" and len(bar.classes) < len(bar.segments):
            bar.classes.append(item.text)
            words = []
        elif item.kind == "text" and not bar.classes:
            bar.numbers += numbers_in(item.text)
        elif item.kind == "text" and len(bar.counts) < len(bar.classes):
            words.append(item.text)
            found = _COUNT.fullmatch(" ".join(words))
            if found:
                bar.labels.append(found["label"])
                bar.counts.append(found["count"].replace(",", ""))
        if len(bar.counts) == len(bar.segments) > 0:
            bar.ends = ends + 1
            break
        if len(words) > _WORDS or item.kind not in {"segment", "swatch", "text"}:
            break
    return bar


def find_bars(items: Sequence[StreamItem]) -> Iterator[TargetBar]:
    """Yield every bar of a page."""
    return (read_bar(items, place) for place, item in enumerate(items) if item.kind == "bar")
