"""Readers of content and published pages that share no line with the generator.

So both cannot make the same mistake: YAML as the nodes that PyYAML composes, with every scalar as typed; PO
files with a reader of our own; HTML with lxml.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from lxml import html
from lxml.html import HtmlElement

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
DEPARTMENT_YEAR = "2021/shanghai-hrss"
DECLARATIONS = ("skilled-talent-bases", "vocational-training-capacity", "worldskills-46-preparation")
PREFIXES = {"zh": "", "en": "en/"}
"""Each language with the folder in which its pages lie."""

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = (
    yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
)
FiledCells = tuple[tuple[int, tuple[str, ...]], ...]
"""Lines of the form with their cells as filed."""


@dataclass(frozen=True)
class YamlNode:
    """Node of a YAML file; a missing one reads as blank."""

    node: yaml.Node | None

    def at(self, *keys: str) -> "YamlNode":
        """Go down by keys."""
        here = self
        for key in keys:
            here = dict(here.entries()).get(key, YamlNode(None))
        return here

    def entries(self) -> Iterator[tuple[str, "YamlNode"]]:
        """Yield keys and values in their order."""
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                yield str(key.value), YamlNode(value)

    def parts(self) -> Iterator["YamlNode"]:
        """Yield the members of a list in their order."""
        if isinstance(self.node, yaml.SequenceNode):
            for part in self.node.value:
                yield YamlNode(part)

    def text(self) -> str | None:
        """Return a scalar as typed; `None` for a blank."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        typed_plainly = not self.node.style
        return (
            None if typed_plainly and self.node.value in {"", "null", "~"} else str(self.node.value).strip()
        )

    def required_text(self) -> str:
        """Return a scalar that must be there."""
        said = self.text()
        assert said is not None, self.node
        return said


def read_yaml(path: Path) -> YamlNode:
    """Read a YAML file."""
    return YamlNode(yaml.compose(path.read_text("utf-8"), Loader=_LOADER))


def read_declaration(name: str) -> YamlNode:
    """Read the YAML of a declaration."""
    return read_yaml(CONTENT / "declarations" / DEPARTMENT_YEAR / f"{name}.yml")


def iter_indicators(declaration: YamlNode) -> Iterator[tuple[str, str, YamlNode]]:
    """Yield each indicator of the YAML with its level-1 and level-2 class."""
    for level1, classes in declaration.at("indicators").entries():
        for level2, indicators in classes.entries():
            for indicator in indicators.parts():
                yield level1, level2, indicator


def read_filed_cells(place: YamlNode) -> FiledCells:
    """Read the `as_filed` of the YAML."""
    lines = [int(line.required_text()) for line in place.at("lines").parts()]
    rows = [tuple(cell.text() or "" for cell in row.parts()) for row in place.at("cells").parts()]
    return tuple(zip(lines, rows, strict=True))


def read_po(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each Chinese text with its translation; drafts (fuzzy) are left out."""
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
    """Return the translations into *language*: those of the interface, then those of the content."""
    if language == "zh":
        return {}
    folders = (ROOT / "theme" / "words" / language, CONTENT / "translations" / language)
    files = [path for folder in folders for path in sorted(folder.glob("*.po"))]
    assert files
    return {source: said for path in files for source, said in read_po(path)}


def read_page(path: Path) -> HtmlElement:
    """Read a page of the site."""
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def read_declaration_page(site: Path, language: str, name: str) -> HtmlElement:
    """Read the page of a declaration."""
    return read_page(site / PREFIXES[language] / DEPARTMENT_YEAR / name / "index.html")


def list_pages(site: Path) -> list[str]:
    """List the HTML files of the site by their paths in it."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def find_elements(place: HtmlElement, way: str) -> list[HtmlElement]:
    """Find elements by XPath, in the order of the page."""
    found = place.xpath(way)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, HtmlElement)]


def find_only_element(place: HtmlElement, way: str) -> HtmlElement:
    """Find the one element that the XPath names."""
    found = find_elements(place, way)
    assert len(found) == 1, f"{way}: {len(found)}"
    return found[0]


def read_text(element: HtmlElement) -> str:
    """Return the text of an element as a reader sees it."""
    return "".join(str(part) for part in element.itertext()).strip()


def read_texts(place: HtmlElement, way: str) -> tuple[str, ...]:
    """Return the text of each element that the XPath names."""
    return tuple(read_text(element) for element in find_elements(place, way))


def find_numbers(text: str) -> tuple[str, ...]:
    """Return the numbers in a sentence, with their commas."""
    return tuple(re.findall(r"[0-9][0-9,]*", text))


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One row of the table of indicators."""

    id: str
    level1: str
    level2: str
    name: str
    target: str
    marks: tuple[str, ...] = ()
    note: str = ""
    cells: FiledCells = ()


def read_indicator_rows(page: HtmlElement) -> tuple[IndicatorRow, ...]:
    """Read the table of indicators; a class that spans rows holds for each of them."""
    rows: list[IndicatorRow] = []
    for group in find_elements(find_only_element(page, "//table[contains(@class, 'indicators')]"), "tbody"):
        spans: dict[int, tuple[int, HtmlElement]] = {}
        for line in find_elements(group, "tr"):
            level1, level2, name, target, *margin = _cells_with_spans(find_elements(line, "th | td"), spans)
            assert (name.get("class"), target.get("class")) == ("name", "target")
            rows.append(
                IndicatorRow(
                    id=(line.get("id") or "").removeprefix("i-"),
                    level1=read_text(level1),
                    level2=read_text(level2),
                    name=read_text(name),
                    target=read_text(target),
                    marks=read_texts(margin[0], "strong") if margin else (),
                    note="\n".join(read_texts(margin[0], "p")) if margin else "",
                    cells=read_cells(margin[0]) if margin else (),
                )
            )
        assert not spans, "a class spans more rows than its group has"
    return tuple(rows)


def _cells_with_spans(own: list[HtmlElement], spans: dict[int, tuple[int, HtmlElement]]) -> list[HtmlElement]:
    """Return the cells of a row, including those that span it from above; *spans* is updated."""
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


def read_cells(place: HtmlElement) -> FiledCells:
    """Read the cells of the source text that stand beside a reading."""
    lines = [int(find_numbers(line)[0]) for line in read_texts(place, "details/p")]
    rows = [
        tuple("" if cell.get("class") == "empty" else read_text(cell) for cell in find_elements(row, "li"))
        for row in find_elements(place, "details/ul")
    ]
    return tuple(zip(lines, rows, strict=True))


def read_facts(page: HtmlElement) -> dict[str, str]:
    """Read the tables of facts: the value beside each label."""
    facts: dict[str, str] = {}
    for line in find_elements(page, "//table[@class='facts']//tr"):
        facts.update(zip(read_texts(line, "th"), read_texts(line, "td"), strict=True))
    return facts


def read_sums(page: HtmlElement) -> list[tuple[str, str]]:
    """Read the tables of money: each label with its value, in their order."""
    lines = find_elements(page, "//table[@class='money']//tr")
    return [
        (read_text(find_only_element(line, "th")), read_text(find_only_element(line, "td"))) for line in lines
    ]


def read_goals(page: HtmlElement) -> dict[str, str]:
    """Read the goals: each heading with its text."""
    return {
        read_text(find_only_element(section, "h3")): "\n".join(
            read_texts(section, "p | div[@class='prose']/p")
        )
        for section in find_elements(page, "//section[@class='goal']")
    }


def read_remarks(page: HtmlElement) -> list[tuple[tuple[str, ...], str, FiledCells]]:
    """Read the remarks outside the table: marks, note and cells of the source text."""
    return [
        (read_texts(remark, "p/strong"), "\n".join(read_texts(remark, "p[not(strong)]")), read_cells(remark))
        for remark in find_elements(page, "//aside[@class='remark']")
    ]


def find_unstyled_pages(site: Path) -> list[tuple[str, str]]:
    """List pages that need a style sheet and do not load it, as (page, style sheet)."""
    sheets = {file.name: file.read_text("utf-8") for file in (site / "assets").glob("*.css")}
    classes = {
        name: set(re.findall(r"\.([a-z][a-z-]*)(?![a-z.(-])", sheet)) for name, sheet in sheets.items()
    }
    of_every_page = classes["site.css"] | classes["print.css"]
    missing = []
    for path in list_pages(site):
        page = read_page(site / path)
        loaded = {
            str(link.get("href")).rpartition("/")[2]
            for link in find_elements(page, "//link[@rel='stylesheet']")
        }
        held = {
            one for element in find_elements(page, "//*[@class]") for one in str(element.get("class")).split()
        }
        # Scripts make tables of this kind on the page that compares, and sheets below a list.
        held |= {"compare-form"} if find_elements(page, "//*[@data-compare-page]") else set()
        held |= {"page-set"} if find_elements(page, "//*[@data-page-set]") else set()
        for name in classes.keys() - loaded:
            needs = held & (classes[name] - of_every_page) or (
                name == "lists.css" and find_elements(page, "//table[contains(@class, 'list')]")
            )
            missing += [(path, name)] if needs else []
    return missing
