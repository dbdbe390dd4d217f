"""Sound declarations in any layout that YAML allows, with comments at every place where one may stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

from tests.support.text_strategies import LINES, PARAGRAPHS, WORDS, SpelledText, Spelling, quote, sums

PlainValue = str | list["PlainValue"] | dict[str, "PlainValue"] | None
CLASSES = {"产出指标": ("数量指标", "时效指标"), "满意度指标": ("服务对象满意度指标",)}
FIGURES = frozenset({"year", "start", "end", "total", "fiscal", "appropriation", "carryover", "lines"})
TARGETS = st.one_of(st.none(), st.sampled_from((">=90%", "=0", "≤30天", "985米")), WORDS.map("目标".__add__))


@dataclass(frozen=True)
class OddFile:
    """A file, and the comments in it."""

    text: str
    comments: tuple[str, ...]


@st.composite
def odd_files(draw: st.DrawFn) -> OddFile:
    """Draw a sound declaration and write it in some layout."""
    writer = _OddYamlWriter(draw(st.randoms(use_true_random=False)), draw(st.lists(LINES, max_size=5)))
    writer.mapping(draw(_declarations()), 0)
    writer.remark()
    text = "\n".join(writer.lines) + draw(st.sampled_from(("\n", "", "\n\n")))
    ends = draw(st.sampled_from(("\n", "\r\n")))
    return OddFile(draw(st.sampled_from(("", "\ufeff"))) + text.replace("\n", ends), tuple(writer.comments))


@st.composite
def _declarations(draw: st.DrawFn) -> dict[str, PlainValue]:
    overall, annual = draw(st.none() | PARAGRAPHS), draw(st.none() | PARAGRAPHS)
    goals: dict[str, PlainValue] = {"overall": overall, "annual": annual}
    declaration: dict[str, PlainValue] = {
        "edition": "2015",
        "year": "2021",
        "name": draw(WORDS),
        "nature": "一次性项目",
        "department": "health",
        "unit": "clinic-office",
        "period": {"start": "2021-01-01", "end": "2021-12-31"},
        "funding": draw(_funding()),
        "goals": {name: goal for name, goal in goals.items() if goal},
        "indicators": draw(_indicators()),
        "source": {"form": "forms/example.txt", "lines": ["1", "20"]},
    }
    if draw(st.booleans()):
        remark: dict[str, PlainValue] = {
            "field": "name",
            "as_filed": draw(_filed_cells()),
            "defects": ["markup-residue"],
            "note": "照录。",
        }
        declaration["remarks"] = [remark]
    if draw(st.booleans()):
        declaration["waivers"] = [{"rule": "same", "field": "name", "reason": draw(PARAGRAPHS)}]
    return declaration


@st.composite
def _funding(draw: st.DrawFn) -> dict[str, PlainValue]:
    blocks: dict[str, PlainValue] = {"unit": "元"}
    for name, fields in (("project", ("total", "fiscal")), ("annual", ("total", "carryover"))):
        blocks[name] = {field: draw(sums()) for field in fields if draw(st.booleans())}
    return blocks


@st.composite
def _filed_cells(draw: st.DrawFn) -> dict[str, PlainValue]:
    cells: list[PlainValue] = [
        list(row) for row in draw(st.lists(st.lists(LINES, max_size=3), min_size=1, max_size=2))
    ]
    return {"lines": ["3"], "cells": cells}


@st.composite
def _indicators(draw: st.DrawFn) -> dict[str, PlainValue]:
    levels: dict[str, PlainValue] = {}
    for level1 in draw(st.permutations(tuple(CLASSES)))[: draw(st.integers(1, 2))]:
        below: dict[str, PlainValue] = {}
        for number, level2 in enumerate(draw(st.permutations(CLASSES[level1]))):
            below[level2] = [
                draw(_indicator(f"i-{len(levels)}-{number}-{one}")) for one in range(draw(st.integers(1, 2)))
            ]
        levels[level1] = below
    return levels


@st.composite
def _indicator(draw: st.DrawFn, identity: str) -> dict[str, PlainValue]:
    indicator: dict[str, PlainValue] = {"id": identity, "name": draw(WORDS), "target": draw(TARGETS)}
    if draw(st.booleans()):
        indicator |= {"as_filed": draw(_filed_cells()), "defects": ["shifted", "number-missing"]}
        indicator |= {"certainty": {"class": "restored"}, "note": draw(PARAGRAPHS)}
    return indicator


@dataclass
class _OddYamlWriter:
    """Writer of YAML lines, each in a randomly chosen layout."""

    random: Random
    words: list[str]
    """What comments say."""
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    dashes: str = ""
    """What stands before the next line."""
    is_below_block: bool = False

    def mapping(self, fields: dict[str, PlainValue], column: int) -> None:
        names = list(fields)
        if all(map(str.isascii, names)):
            # The classes of indicators have an order of their own.
            self.random.shuffle(names)
        for name in names:
            self.remark()
            self._field(name, fields[name], column)

    def remark(self) -> None:
        """Insert empty lines and comments, or nothing; below a block of text no comment is allowed."""
        if self.dashes:
            return
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            if self.random.random() < 0.5:
                self.lines.append(" " * self.random.choice((0, 0, 3)))
            elif not self.is_below_block:
                self.lines.append(" " * self.random.randrange(12) + self._comment())

    def _comment(self) -> str:
        said = self.random.choice(self.words) if self.words else ""
        comment = f"# 注{len(self.comments)}。{said}".rstrip()
        self.comments.append(comment)
        return comment

    def _end_comment(self) -> str:
        return f"{' ' * self.random.choice((1, 3))}{self._comment()}" if self.random.random() < 0.2 else ""

    def _line(self, column: int, text: str) -> None:
        if self.dashes:
            self.lines.append(f"{self.dashes}{text}")
        else:
            self.lines.append(f"{' ' * column}{text}")
        self.dashes = ""
        self.is_below_block = False

    def _field(self, name: str, value: PlainValue, column: int) -> None:
        start = f"{self.random.choice((name, quote(name)))}:"
        match value:
            case None:
                self._line(column, f"{start}{self.random.choice(('', ' null', ' ~'))}")
            case str():
                spelt = self._choose_spelling(name, value, is_block_allowed=True)
                is_block = spelt.spelling in {Spelling.LITERAL, Spelling.STRIPPED}
                self._line(column, f"{start} {spelt.yaml(column)}{'' if is_block else self._end_comment()}")
                self.is_below_block = is_block
            case dict() if not value or self.random.random() < 0.2:
                self._line(column, f"{start} {self._flow(name, value)}{self._end_comment()}")
            case list() if not value or self.random.random() < 0.4:
                self._line(column, f"{start} {self._flow(name, value)}{self._end_comment()}")
            case dict():
                self._line(column, f"{start}{self._end_comment()}")
                self.mapping(value, column + self.random.randint(1, 4))
            case list():
                self._line(column, f"{start}{self._end_comment()}")
                self._list(name, value, column + self.random.choice((0, 2, 2, 3)))

    def _list(self, name: str, entries: list[PlainValue], column: int) -> None:
        for entry in entries:
            self.remark()
            gap = self.random.randint(1, 3)
            before = f"{self.dashes or ' ' * column}-"
            within = column + 1 + gap
            is_nested = bool(entry) and not isinstance(entry, str)
            if is_nested and self.random.random() < 0.2:
                self.lines.append(f"{before}{self._end_comment()}")
                self.dashes = ""
            else:
                self.dashes = f"{before}{' ' * gap}"
            match entry:
                case dict() if entry:
                    self.mapping(entry, within)
                case list() if entry and self.random.random() < 0.5:
                    self._list(name, entry, within)
                case _:
                    self._line(within, f"{self._flow(name, entry)}{self._end_comment()}")

    def _flow(self, name: str, value: PlainValue) -> str:
        """Write *value* on one line, in brackets or braces where it needs them."""
        match value:
            case None:
                return "null"
            case str():
                return self._choose_spelling(name, value).yaml(0)
            case list():
                return f"[{', '.join(self._flow(name, entry) for entry in value)}]"
            case dict():
                pairs = (f"{key}: {self._flow(key, one)}" for key, one in value.items())
                return f"{{{', '.join(pairs)}}}"

    def _choose_spelling(self, name: str, text: str, *, is_block_allowed: bool = False) -> SpelledText:
        ways = [Spelling.DOUBLE]
        if "\n" not in text:
            ways.append(Spelling.SINGLE)
        if name in FIGURES and "," not in text:
            ways = [Spelling.PLAIN, *ways]
        if is_block_allowed and text.strip() and not text.endswith("\n"):
            ways += [Spelling.LITERAL, Spelling.STRIPPED]
        return SpelledText(text, self.random.choice(ways))


def find_comments(text: str, comments: tuple[str, ...]) -> Iterator[str]:
    """Yield those of *comments* that stand in *text*, alone on a line or at its end."""
    lines = text.split("\n")
    for comment in comments:
        if any(line.strip() == comment or line.endswith(f" {comment}") for line in lines):
            yield comment
