"""Reads content and published pages back, for comparison.

Shares no line with the generator, so that both cannot make the same mistake: YAML as the nodes that PyYAML
composes, with every scalar as typed; PO files with a reader of our own; HTML with lxml.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from lxml import html
from lxml.html import HtmlElement

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
DEPARTMENT_YEAR = "2021/shanghai-hrss"
DECLARATIONS = ("skilled-talent-bases", "vocational-training-capacity", "worldskills-46-preparation")
PREFIXES = {"zh": "", "en": "en/"}
"""Each language with the folder in which its pages lie."""

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = (
    yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
)
Cells = tuple[tuple[int, tuple[str, ...]], ...]
"""Lines of the form with their cells as filed."""


@dataclass(frozen=True)
class Tree:
    """A place in a YAML file; what is not there reads as blank."""

    node: yaml.Node | None

    def at(self, *keys: str) -> "Tree":
        """Go down by keys."""
        here = self
        for key in keys:
            here = dict(here.entries()).get(key, Tree(None))
        return here

    def entries(self) -> Iterator[tuple[str, "Tree"]]:
        """Give keys and values in their order."""
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                yield str(key.value), Tree(value)

    def parts(self) -> Iterator["Tree"]:
        """Give the members of a list in their order."""
        if isinstance(self.node, yaml.SequenceNode):
            for part in self.node.value:
                yield Tree(part)

    def text(self) -> str | None:
        """Give a scalar as typed; `None` for a blank."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        typed_plainly = not self.node.style
        return (
            None if typed_plainly and self.node.value in {"", "null", "~"} else str(self.node.value).strip()
        )

    def words(self) -> str:
        """Give a scalar that must be there."""
        said = self.text()
        assert said is not None, self.node
        return said


def read_yaml(path: Path) -> Tree:
    """Read a YAML file."""
    return Tree(yaml.compose(path.read_text("utf-8"), Loader=_LOADER))


def read_declaration(name: str) -> Tree:
    """Read the YAML of a declaration."""
    return read_yaml(CONTENT / "declarations" / DEPARTMENT_YEAR / f"{name}.yml")


def indicators_of(declaration: Tree) -> Iterator[tuple[str, str, Tree]]:
    """Give each indicator of the YAML with its level-1 and level-2 class."""
    for level1, classes in declaration.at("indicators").entries():
        for level2, indicators in classes.entries():
            for indicator in indicators.parts():
                yield level1, level2, indicator


def cells_of(place: Tree) -> Cells:
    """Read the `as_filed` of the YAML."""
    lines = [int(line.words()) for line in place.at("lines").parts()]
    rows = [tuple(cell.text() or "" for cell in row.parts()) for row in place.at("cells").parts()]
    return tuple(zip(lines, rows, strict=True))


def read_po(path: Path) -> Iterator[tuple[str, str]]:
    """Give each Chinese text with its translation; drafts (fuzzy) are left out."""
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        fields: dict[str, list[str]] = {}
        current: list[str] = []
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            word, _, quoted = line.partition(" ") if line.startswith("msg") else ("", "", line)
            if word:
                current = fields.setdefault(word, [])
            current.append(json.loads(quoted.strip()))
        source, translation = "".join(fields.get("msgid", [])), "".join(fields.get("msgstr", []))
        if source and translation and not re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
            yield source, translation


def translations(language: str) -> Mapping[str, str]:
    """Give what is translated into *language*: the words of the interface, then those of the content."""
    if language == "zh":
        return {}
    folders = (ROOT / "theme" / "words" / language, CONTENT / "translations" / language)
    files = [path for folder in folders for path in sorted(folder.glob("*.po"))]
    assert files
    return {source: said for path in files for source, said in read_po(path)}


def read_page(path: Path) -> HtmlElement:
    """Read a page of the site."""
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def page_of(site: Path, language: str, name: str) -> HtmlElement:
    """Read the page of a declaration."""
    return read_page(site / PREFIXES[language] / DEPARTMENT_YEAR / name / "index.html")


def all_pages(site: Path) -> list[str]:
    """List the HTML files of the site by their paths in it."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def find(place: HtmlElement, way: str) -> list[HtmlElement]:
    """Find elements by XPath, in the order of the page."""
    found = place.xpath(way)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, HtmlElement)]


def only(place: HtmlElement, way: str) -> HtmlElement:
    """Find the one element that the XPath names."""
    found = find(place, way)
    assert len(found) == 1, f"{way}: {len(found)}"
    return found[0]


def text_of(element: HtmlElement) -> str:
    """Give the text of an element as a reader sees it."""
    return "".join(str(part) for part in element.itertext()).strip()


def texts(place: HtmlElement, way: str) -> tuple[str, ...]:
    """Give the text of each element that the XPath names."""
    return tuple(text_of(element) for element in find(place, way))


def numbers_in(text: str) -> tuple[str, ...]:
    """Give the numbers in a sentence, with their commas."""
    return tuple(re.findall(r"[0-9][0-9,]*", text))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table of indicators."""

    id: str
    level1: str
    level2: str
    name: str
    target: str
    marks: tuple[str, ...] = ()
    note: str = ""
    cells: Cells = ()


def rows_on(page: HtmlElement) -> tuple[Row, ...]:
    """Read the table of indicators; a class that spans rows holds for each of them."""
    rows: list[Row] = []
    for group in find(only(page, "//table[contains(@class, 'indicators')]"), "tbody"):
        spans: dict[int, tuple[int, HtmlElement]] = {}
        for line in find(group, "tr"):
            level1, level2, name, target, *margin = _spread(find(line, "th | td"), spans)
            assert (name.get("class"), target.get("class")) == ("name", "target")
            rows.append(
                Row(
                    id=(line.get("id") or "").removeprefix("i-"),
                    level1=text_of(level1),
                    level2=text_of(level2),
                    name=text_of(name),
                    target=text_of(target),
                    marks=texts(margin[0], "strong") if margin else (),
                    note="\n".join(texts(margin[0], "p")) if margin else "",
                    cells=cells_on(margin[0]) if margin else (),
                )
            )
        assert not spans, "a class spans more rows than its group has"
    return tuple(rows)


def _spread(own: list[HtmlElement], spans: dict[int, tuple[int, HtmlElement]]) -> list[HtmlElement]:
    """Give the cells of a row, with those that reach into it from above; *spans* keeps account of these."""
    cells: list[HtmlElement] = []
    waiting = list(own)
    while waiting or len(cells) in spans:
        column = len(cells)
        if column in spans:
            rows_left, cell = spans.pop(column)
        else:
            cell = waiting.pop(0)
            rows_left = int(cell.get("rowspan") or 1)
        if rows_left > 1:
            spans[column] = (rows_left - 1, cell)
        cells.append(cell)
    return cells


def cells_on(place: HtmlElement) -> Cells:
    """Read the cells of the source text that stand beside a reading."""
    lines = [int(numbers_in(line)[0]) for line in texts(place, "details/p")]
    rows = [
        tuple("" if cell.get("class") == "empty" else text_of(cell) for cell in find(row, "li"))
        for row in find(place, "details/ul")
    ]
    return tuple(zip(lines, rows, strict=True))


def facts_on(page: HtmlElement) -> dict[str, str]:
    """Read the tables of facts: each label with what stands beside it."""
    facts: dict[str, str] = {}
    for line in find(page, "//table[@class='facts']//tr"):
        facts.update(zip(texts(line, "th"), texts(line, "td"), strict=True))
    return facts


def sums_on(page: HtmlElement) -> list[tuple[str, str]]:
    """Read the tables of money: each label with what stands beside it, in their order."""
    lines = find(page, "//table[@class='money']//tr")
    return [(text_of(only(line, "th")), text_of(only(line, "td"))) for line in lines]


def goals_on(page: HtmlElement) -> dict[str, str]:
    """Read the goals: each heading with its text."""
    return {
        text_of(only(section, "h3")): "\n".join(texts(section, "p | div[@class='prose']/p"))
        for section in find(page, "//section[@class='goal']")
    }


def remarks_on(page: HtmlElement) -> list[tuple[tuple[str, ...], str, Cells]]:
    """Read the remarks outside the table: marks, note and cells of the source text."""
    return [
        (texts(remark, "p/strong"), "\n".join(texts(remark, "p[not(strong)]")), cells_on(remark))
        for remark in find(page, "//aside[@class='remark']")
    ]


def unstyled(site: Path) -> list[tuple[str, str]]:
    """Name each page that holds what a style sheet is for and does not load it: page and style sheet."""
    sheets = {file.name: file.read_text("utf-8") for file in (site / "assets").glob("*.css")}
    classes = {
        name: set(re.findall(r"\.([a-z][a-z-]*)(?![a-z.(-])", sheet)) for name, sheet in sheets.items()
    }
    of_every_page = classes["site.css"] | classes["print.css"]
    missing = []
    for path in all_pages(site):
        page = read_page(site / path)
        loaded = {
            str(link.get("href")).rpartition("/")[2] for link in find(page, "//link[@rel='stylesheet']")
        }
        held = {one for element in find(page, "//*[@class]") for one in str(element.get("class")).split()}
        # Scripts make tables of this kind on the page that compares, and sheets below a list.
        held |= {"compare-form"} if find(page, "//*[@data-compare-page]") else set()
        held |= {"page-set"} if find(page, "//*[@data-page-set]") else set()
        for name in classes.keys() - loaded:
            needs = held & (classes[name] - of_every_page) or (
                name == "lists.css" and find(page, "//table[contains(@class, 'list')]")
            )
            missing += [(path, name)] if needs else []
    return missing
