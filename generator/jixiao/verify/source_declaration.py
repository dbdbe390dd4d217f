"""Declaration as typed in its YAML file, with the counts that pages show.

YAML is read as text: every scalar as typed, a key that repeats is refused, nothing is converted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from sys import intern
from typing import NamedTuple, Protocol

import yaml

from jixiao.verify.source_numbers import find_quantity

SourceCells = tuple[tuple[str, tuple[str, ...]], ...]
"""Lines of the form, each with its number and its cells."""

SUMS = (
    ("project", "total", "项目资金总额"),
    ("project", "fiscal", "其中：财政资金"),
    ("project", "other", "其他资金"),
    ("annual", "total", "年度资金申请总额"),
    ("annual", "appropriation", "其中：当年财政拨款"),
    ("annual", "carryover", "上年结转资金"),
    ("annual", "other", "其他资金"),
)
"""The cells of money with their labels, as they follow one another in the form."""
ANNUAL_TOTAL = 3
"""The place of the 年度资金申请总额 among the sums."""
BLANK = "未填报"
"""Word for a blank, on pages and in data files."""

_MARKS = {
    "number-missing": "原文缺数字",
    "target-missing": "目标值缺失",
    "class-uncertain": "归类待核",
    "level2-in-level1": "错栏",
    "shifted": "错栏",
    "shifted-left": "错栏",
    "shifted-right": "错栏",
    "split-by-page-break": "换页断开",
    "name-and-target-in-one-cell": "名称与目标值同格",
    "two-goals-in-one-cell": "两种目标同格",
    "line-break-in-name": "名称中有换行",
    "markup-residue": "残留网页标签",
    "sums-contradict": "金额不一致",
    "dates-contradict": "日期不一致",
}
_UNCONFIRMED = {"class": "归类待核", "text": "文字待核"}
MARKS = tuple(dict.fromkeys((*_MARKS.values(), *_UNCONFIRMED.values())))
"""Every mark once."""
NO_SUM, NO_UNIT, NO_TARGET = "未填报年度资金申请总额", "未写明金额单位", "未填报目标值"
DEFECTS = (NO_SUM, NO_UNIT, NO_TARGET, *MARKS)
"""Names of missing fields and defects in data files, facets and pages."""
FIRST_MARK = 3
"""Where marks begin among the defects."""
_CERTAIN = "printed"
"""Certainty of a row that states none."""
_LISTED_FACTS = ("year", "name", "nature", "department", "unit")


class CountedTargets(Protocol):
    """Counts of targets of one declaration or of several."""

    @property
    def indicators(self) -> int:
        """Number of targets."""

    @property
    def numeric(self) -> int:
        """Number of targets that are numbers."""

    @property
    def blank(self) -> int:
        """Number of targets that were left blank."""


class SourceIndicator(NamedTuple):
    """An indicator; a tuple, because there are many and a frozen class takes longer to make."""

    id: str
    level1: str
    level2: str
    name: str
    target: str | None
    """`None` is 未填报."""
    number: str | None
    """The number of a target that is a number."""
    marks: tuple[str, ...] = ()
    """Chinese words."""
    note: str = ""
    cells: SourceCells = ()
    certainty: tuple[str, str] = (_CERTAIN, _CERTAIN)
    """Of the class, of the text."""


class SourceRemark(NamedTuple):
    """Damage outside the indicators."""

    field: str
    marks: tuple[str, ...]
    note: str
    cells: SourceCells


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedDeclaration:
    """A declaration as lists show it."""

    address: str
    """Year, department and project, ending in `/`."""
    facts: Mapping[str, str]
    """Field → text: year, name, nature, department, unit."""
    annual: str | None
    """The 年度资金申请总额 as typed; `None` is 未填报."""
    stated_unit: str | None
    unit: str | None
    """The unit that the form states, or that we read."""
    indicators: int
    numeric: int
    """Indicators whose target is a number."""
    blank: int
    """Indicators whose target was left blank."""
    marks: int
    """Places that are marked."""
    defects: tuple[int, ...]
    """How many places are missing or damaged, in the order of `DEFECTS`."""
    form: str
    continues: str | None
    """The id of the declaration that it says it continues."""


@cache
def _shared_counts(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Return equal counts that are kept once."""
    return counts


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDeclaration:
    """One declaration."""

    address: str
    """Year, department and project, ending in `/`."""
    version: str
    """The first digits of the checksum of its file."""
    edition: str
    facts: Mapping[str, str]
    """Field → text: year, name, nature, department, unit, start, end."""
    sums: tuple[str | None, ...]
    """As typed, in the order of `SUMS`; `None` is 未填报."""
    stated_unit: str | None
    unit: str | None
    """The unit that the form states, or that we read."""
    goals: tuple[str | None, str | None]
    """Of the whole project, of the year."""
    rows: tuple[SourceIndicator, ...]
    remarks: tuple[SourceRemark, ...]
    """In the order of the file."""
    form: str
    continues: str | None
    """The id of the declaration that it says it continues."""
    lines: tuple[str, ...]

    @property
    def annual(self) -> str | None:
        """The 年度资金申请总额 as typed."""
        return self.sums[ANNUAL_TOTAL]

    def listed(self) -> ListedDeclaration:
        """Return the values that lists show."""
        marked = Counter(mark for row in self.rows for mark in row.marks)
        marked.update(mark for remark in self.remarks for mark in remark.marks)
        blank = sum(row.target is None for row in self.rows)
        missing = (int(self.annual is None), int(self.stated_unit is None), blank)
        return ListedDeclaration(
            address=self.address,
            facts={field: self.facts[field] for field in _LISTED_FACTS},
            annual=self.annual,
            stated_unit=self.stated_unit,
            unit=self.unit,
            indicators=len(self.rows),
            numeric=sum(row.number is not None for row in self.rows),
            blank=blank,
            marks=sum(bool(row.marks) for row in self.rows) + len(self.remarks),
            defects=_shared_counts((*missing, *(marked[mark] for mark in MARKS))),
            form=self.form,
            continues=self.continues,
        )


def read_declaration(content: bytes, identity: str) -> SourceDeclaration:
    """Read the *content* of a declaration's file.

    Args:
        content: The bytes of the file.
        identity: Its path under `content/declarations/` without the ending.

    Raises:
        UnreadableSourceError: It cannot be read as a declaration.
    """
    file = f"content/declarations/{identity}.yml"
    try:
        return _read_tree(parse_yaml(content, file), f"{identity}/", sha256(content).hexdigest()[:12])
    except (KeyError, ValueError) as error:
        raise UnreadableSourceError(file) from error


def _read_tree(tree: YamlText, address: str, version: str) -> SourceDeclaration:
    funding, goals = tree.at("funding"), tree.at("goals")
    return SourceDeclaration(
        address=address,
        version=version,
        edition=tree.at("edition").words(),
        facts={
            **{field: tree.at(field).words() for field in _LISTED_FACTS},
            **{field: tree.at("period", field).words() for field in ("start", "end")},
        },
        sums=tuple(funding.at(block, field).text() for block, field, _ in SUMS),
        stated_unit=funding.at("unit").text(),
        unit=funding.at("unit").text() or funding.at("unit_read_as").text(),
        goals=(goals.at("overall").text(), goals.at("annual").text()),
        rows=tuple(
            _read_row(dict(indicator.entries()), level1, level2)
            for level1, classes in tree.at("indicators").entries()
            for level2, indicators in classes.entries()
            for indicator in indicators.parts()
        ),
        remarks=tuple(
            SourceRemark(
                part.at("field").words(),
                tuple(dict.fromkeys(_read_marks(part.at("defects")))),
                part.at("note").words(),
                _read_cells(part.at("as_filed")),
            )
            for part in tree.at("remarks").parts()
        ),
        form=tree.at("source", "form").words(),
        continues=tree.at("continues").text(),
        lines=tuple(line.words() for line in tree.at("source", "lines").parts()),
    )


def _read_row(fields: Mapping[str, YamlText], level1: str, level2: str) -> SourceIndicator:
    blank = YamlText(None)
    target = fields["target"].text()
    stated = fields.get("certainty", blank)
    certainty = {part: intern(stated.at(part).text() or _CERTAIN) for part in _UNCONFIRMED}
    unconfirmed = [mark for part, mark in _UNCONFIRMED.items() if certainty[part] == "unconfirmed"]
    return SourceIndicator(
        id=fields["id"].words(),
        level1=level1,
        level2=level2,
        name=fields["name"].words(),
        target=target,
        number=None if target is None else find_quantity(target),
        marks=tuple(dict.fromkeys([*_read_marks(fields.get("defects", blank)), *unconfirmed])),
        note=fields.get("note", blank).words(),
        cells=_read_cells(fields.get("as_filed", blank)),
        certainty=(certainty["class"], certainty["text"]),
    )


def _read_marks(defects: YamlText) -> list[str]:
    return [_MARKS.get(defect.words(), defect.words()) for defect in defects.parts()]


def _read_cells(place: YamlText) -> SourceCells:
    lines = [line.words() for line in place.at("lines").parts()]
    rows = [tuple(cell.words() for cell in row.parts()) for row in place.at("cells").parts()]
    return tuple(zip(lines, rows, strict=False))


# The C loader reads ten times as fast; both give the same nodes. Files that could exhaust its stack were
# refused by the check that runs before a verification.
_PLAIN_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = (
    yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
)
_BLANKS = frozenset({"", "null", "Null", "NULL", "~"})


class UnreadableSourceError(ValueError):
    """A source file cannot be read; carries its path in the project."""


class YamlText:
    """Node of a YAML file; a missing one reads as blank."""

    __slots__ = ("_content",)

    def __init__(self, content: str | dict[str, YamlText] | list[YamlText] | None) -> None:
        """Store a scalar as typed, the values of keys, or the members of a list; `None` is a blank."""
        self._content = content

    def at(self, *keys: str) -> YamlText:
        """Go down by keys."""
        here = self
        for key in keys:
            content = here._content
            here = content.get(key, _NOTHING) if isinstance(content, dict) else _NOTHING
        return here

    def entries(self) -> Iterable[tuple[str, YamlText]]:
        """Return keys and values in their order."""
        return self._content.items() if isinstance(self._content, dict) else ()

    def parts(self) -> Sequence[YamlText]:
        """Return the members of a list."""
        return self._content if isinstance(self._content, list) else ()

    def text(self) -> str | None:
        """Return a scalar as typed; `None` for a blank."""
        return self._content if isinstance(self._content, str) else None

    def words(self) -> str:
        """Return a scalar, empty where nothing is there."""
        return self._content if isinstance(self._content, str) else ""


_NOTHING = YamlText(None)


def read_yaml(file: Path, root: Path) -> YamlText:
    """Read a file of the site at *root*.

    Raises:
        UnreadableSourceError: It is not there, not YAML, or a key repeats.
    """
    name = file.relative_to(root).as_posix()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(name) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, name: str) -> YamlText:
    """Read the *content* of the file called *name*.

    Raises:
        UnreadableSourceError: It is not YAML, or a key repeats.
    """
    try:
        return _parse_node(yaml.compose(content.decode().replace("\r\n", "\n"), Loader=_Loader))
    except (ValueError, yaml.YAMLError) as error:
        raise UnreadableSourceError(name) from error


class _Loader(_PLAIN_LOADER):  # type: ignore[valid-type, misc]  # which of two is decided above
    """YAML loader that knows scalars, mappings and lists only, and ignores implicit tags."""

    def resolve(self, *_: object) -> str:
        """Return no tag: everything stays text."""
        return ""

    def descend_resolver(self, *_: object) -> None:
        """Keep no account of the place, which only tags need."""

    def ascend_resolver(self) -> None:
        """Keep no account of the place."""


def _parse_node(node: yaml.Node | None) -> YamlText:
    if isinstance(node, yaml.ScalarNode):
        typed = str(node.value)
        if node.style == "|":
            # YAML ends the last line of a block; it was not typed.
            typed = typed.rstrip("\n")
        # An empty style is a plain scalar: only without quotes does `null` mean that nothing is there.
        return _NOTHING if not node.style and typed in _BLANKS else YamlText(typed)
    if isinstance(node, yaml.MappingNode):
        content = {str(key.value): _parse_node(value) for key, value in node.value}
        if len(content) < len(node.value):
            raise ValueError(node.start_mark)
        return YamlText(content)
    if isinstance(node, yaml.SequenceNode):
        return YamlText([_parse_node(part) for part in node.value])
    return _NOTHING
