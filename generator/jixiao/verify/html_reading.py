"""What stands on a page: the article of a built page, taken apart into the facts that it shows."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from jixiao.verify.declaration import Cells
from jixiao.verify.figure import numbers_in
from jixiao.verify.html_tree import Document, Element, empty_element

_TAKEN_APART = frozenset(
    {
        "dl.headline",
        "aside.remark",
        "section.goal",
        "ul.ways",
        "nav.parts",
        "nav.years-around",
        "p.part-range",
        "details.terms",
        "ol.history",
        "tbody",
    }
)
"""Compared piece by piece; of all other text of an article the numbers are compared, in their order."""
_COLUMNS = 5
"""Of the table of indicators; the last is the margin, which many rows do not have."""


class ShownRow(NamedTuple):
    """One row of the table of indicators."""

    id: str
    level1: str
    level2: str
    name: str
    target: str
    marks: tuple[str, ...]
    note: tuple[str, ...]
    """Paragraphs."""
    cells: Cells


@dataclass(frozen=True, kw_only=True)
class ShownRemark:
    """A remark outside the table."""

    marks: tuple[str, ...]
    note: tuple[str, ...]
    cells: Cells


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of a list, or a way to another page: what it links to, its name, and its cells."""

    address: str
    """Of the page that it links to, from the root of the site."""
    name: str
    cells: tuple[tuple[str, str], ...]
    """Label → text."""


class Article:
    """The article of a page, in which each kind of element is found at once."""

    def __init__(self, page: str, document: Document) -> None:
        """Take the article of *document*, which is the file *page* of the site."""
        self.page = page
        self.element = document.first("article") or empty_element("article")
        self._of_kind: defaultdict[str, list[Element]] = defaultdict(list)
        of_kind = self._of_kind
        for element in self.element.below():
            kind, tag = element.kind, element.tag
            of_kind[kind].append(element)
            if kind != tag:
                of_kind[tag].append(element)

    def every(self, kind: str) -> Sequence[Element]:
        """Give the elements of one kind, e.g. `table.money`, or of one tag."""
        return self._of_kind.get(kind, ())

    def heading(self) -> str:
        """Give the main heading."""
        return "\n".join(element.text() for element in self.every("h1"))

    def headline(self) -> tuple[tuple[str, str], ...]:
        """Give the labels of the headline with their figures."""
        groups = [group for block in self.every("dl.headline") for group in block.elements()]
        return tuple((_text_of(group, "dt"), _text_of(group, "dd")) for group in groups)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Give the labels of the tables of facts with what stands beside them."""
        return tuple(_pairs(self.every("table.facts")))

    def sums(self) -> tuple[tuple[str, str], ...]:
        """Give the labels of the tables of money with what stands beside them."""
        return tuple(_pairs(self.every("table.money")))

    def goals(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Give the headings of the goals with their paragraphs."""
        return tuple(
            (
                _text_of(section, "h3"),
                tuple(
                    paragraph.text()
                    for block in section.elements()
                    if block.tag != "aside"
                    for paragraph in ([block] if block.tag == "p" else block.every("p"))
                ),
            )
            for section in self.every("section.goal")
        )

    def rows(self) -> tuple[ShownRow, ...]:
        """Give the rows of the table of indicators; a class that spans rows holds for each of them."""
        groups = [group for table in self.every("table.indicators") for group in table.every("tbody")]
        return tuple(row for group in groups for row in _rows(group))

    def remarks(self) -> tuple[ShownRemark, ...]:
        """Give the remarks in their order."""
        return tuple(
            ShownRemark(
                marks=tuple(mark.text() for mark in remark.every("strong.mark")),
                note=tuple(part.text() for part in remark.elements() if part.kind == "p"),
                cells=_cells(remark),
            )
            for remark in self.every("aside.remark")
        )

    def entries(self) -> Iterator[Entry]:
        """Give the rows of all lists, by the labels of their cells."""
        for line in (line for table in self.every("table.list") for line in table.every("tr")):
            links = list(line.every("a"))
            if links:
                cells = [cell for cell in line.elements() if cell.tag == "td"]
                labelled = tuple((cell.attributes.get("data-label", ""), cell.text()) for cell in cells)
                yield Entry(
                    address=address_of(links[0].attributes.get("href", ""), self.page),
                    name=links[0].text(),
                    cells=labelled,
                )

    def columns(self) -> Iterator[tuple[tuple[str, ...], frozenset[tuple[str, ...]]]]:
        """Give for each list the titles of its columns and the labels that its rows have for them."""
        for table in self.every("table.list"):
            titles = tuple(
                title.text() for head in table.every("thead") for title in head.every("th", "th.number")
            )
            lines = [line for body in table.every("tbody") for line in body.every("tr")]
            labels = [
                tuple(cell.attributes.get("data-label", "") for cell in line.elements() if cell.tag == "td")
                for line in lines
            ]
            yield titles[1:], frozenset(labels)

    def ways(self) -> Iterator[Entry]:
        """Give the ways to other pages, each with the text of its count."""
        for line in (line for block in self.every("ul.ways") for line in block.below() if line.tag == "li"):
            own = {child.tag: child for child in line.elements()}
            if "a" in own:
                count = own["span"].text() if "span" in own else ""
                yield Entry(
                    address=address_of(own["a"].attributes.get("href", ""), self.page),
                    name=own["a"].text(),
                    cells=(("", count),),
                )

    def range_of_part(self) -> str:
        """Give what stands above a part of a long list: which declarations it lists, and of how many."""
        return " ".join(text.text() for text in self.every("p.part-range"))

    def pager(self) -> tuple[tuple[str, str], ...]:
        """Give the numbers of the pager, each with the address it leads to, or none."""
        lines = [line for block in self.every("nav.parts") for line in block.every("li")]
        steps = [step for line in lines for step in line.elements() if numbers_in(step.text())]
        return tuple(
            (step.text(), address_of(step.attributes["href"], self.page) if step.tag == "a" else "")
            for step in steps
        )

    def records(self) -> Mapping[str, tuple[str, ...]]:
        """Give what the page tells the search: the values of each attribute of its records."""
        records: dict[str, tuple[str, ...]] = {}
        for record in self.every("div.search-record"):
            for name, value in record.attributes.items():
                records[name] = (*records.get(name, ()), value)
        return records

    def loose_numbers(self) -> tuple[str, ...]:
        """Give the numbers of all text that is not taken apart, in the order of the page."""
        texts: list[str] = []
        _gather_loose(self.element, texts)
        # A line break parts the numbers of two texts as an element does.
        return numbers_in("\n".join(texts))


def address_of(link: str, page: str) -> str:
    """Give the address, from the root of the site, to which a relative link of *page* leads."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(link.partition("#")[0])))
    return "" if path == "." else f"{path}/"


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut a text into paragraphs as a form is read: each line that is not blank."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _text_of(element: Element, tag: str) -> str:
    return "\n".join(child.text() for child in element.elements() if child.tag == tag)


def _pairs(tables: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for line in (line for table in tables for body in table.every("tbody") for line in body.elements()):
        cells = [cell.text() for cell in line.elements()]
        yield from zip(cells[::2], cells[1::2], strict=False)


def _rows(group: Element) -> Iterator[ShownRow]:
    spans: dict[int, tuple[int, Element]] = {}
    for line in group.elements():
        cells = [*_spread(line.elements(), spans)]
        if len(cells) < _COLUMNS:
            cells += [empty_element("td")] * (_COLUMNS - len(cells))
        level1, level2, name, target, margin = cells[:_COLUMNS]
        has_margin = bool(margin.children)
        yield ShownRow(
            id=line.attributes.get("id", ""),
            level1=level1.text(),
            level2=level2.text(),
            name=name.text(),
            target=target.text(),
            marks=tuple(mark.text() for mark in margin.every("strong.mark")) if has_margin else (),
            note=tuple(part.text() for part in margin.elements() if part.kind == "p") if has_margin else (),
            cells=_cells(margin) if has_margin else (),
        )


def _spread(own: list[Element], spans: dict[int, tuple[int, Element]]) -> Iterator[Element]:
    """Give the cells of a row, with those that reach into it from above; *spans* keeps account of these."""
    column = 0
    waiting = iter(own)
    while True:
        if column in spans:
            left, cell = spans.pop(column)
        else:
            following = next(waiting, None)
            if following is None:
                return
            cell = following
            span = cell.attributes.get("rowspan", "1")
            left = int(span) if span.isdecimal() else 1
        if left > 1:
            spans[column] = (left - 1, cell)
        yield cell
        column += 1


def _cells(place: Element) -> Cells:
    """Give the cells of the source text that stand beside a reading."""
    details = [block for block in place.elements() if block.tag == "details"]
    lines = [" ".join(numbers_in(line.text())) for block in details for line in block.every("p.cells-line")]
    rows = [
        tuple("" if cell.kind == "li.empty" else _exact(cell) for cell in row.elements())
        for block in details
        for row in block.every("ul.cells")
    ]
    return tuple(zip(lines, rows, strict=False))


def _exact(cell: Element) -> str:
    return "".join(child for child in cell.children if isinstance(child, str))


def _gather_loose(element: Element, texts: list[str]) -> None:
    for child in element.children:
        if isinstance(child, str):
            texts.append(child)
        elif child.children and child.kind not in _TAKEN_APART:
            _gather_loose(child, texts)
