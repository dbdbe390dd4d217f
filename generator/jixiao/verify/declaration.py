"""A declaration as its YAML file has it: all text as typed, with what pages count about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from sys import intern
from typing import Any, NamedTuple

from jixiao.verify.figure import quantity
from jixiao.verify.yaml_text import Tree

Cells = tuple[tuple[str, tuple[str, ...]], ...]
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
"""The cells of money, as they follow one another in the form."""

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
MARKS = (*dict.fromkeys(_MARKS.values()), "文字待核")
"""Every mark once."""
GAPS = ("未填报年度资金申请总额", "未写明金额单位", "未填报目标值", *MARKS)
"""What may be missing or damaged."""
FIRST_MARK = 3
"""Where marks begin among the gaps."""
_CERTAIN = "printed"
"""How sure what says nothing of it is."""
_LISTED = ("year", "name", "nature", "department", "unit")
"""Facts that lists show."""


class Row(NamedTuple):
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
    cells: Cells = ()
    certainty: tuple[str, str] = (_CERTAIN, _CERTAIN)
    """Of the class, of the text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Damage outside the indicators."""

    field: str
    marks: tuple[str, ...]
    note: str
    cells: Cells


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
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
    gaps: tuple[int, ...]
    """How many places are missing or damaged, in the order of `GAPS`."""
    form: str
    continues: str | None
    """The id of the declaration that it says it continues."""

    def record(self) -> list[Any]:
        """Give it as values of JSON, to be read by `read_listed`."""
        return [getattr(self, name) for name in _FIELDS]


def read_listed(record: list[Any]) -> Listed:
    """Read what `Listed.record` gave. Words that many declarations share are kept once."""
    values = dict(zip(_FIELDS, record, strict=True))
    facts = {field: fact if field == "name" else intern(fact) for field, fact in values["facts"].items()}
    gaps = _shared(tuple(values["gaps"]))
    return Listed(**{**values, "facts": facts, "gaps": gaps, "form": intern(values["form"])})


@cache
def _shared(gaps: tuple[int, ...]) -> tuple[int, ...]:
    """Give equal counts that are kept once."""
    return gaps


_FIELDS = tuple(field.name for field in fields(Listed))


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
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
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]
    """In the order of the file."""
    form: str
    continues: str | None
    """The id of the declaration that it says it continues."""
    lines: tuple[str, ...]
    numeric: int
    """Indicators whose target is a number."""
    marks: int
    """Places that are marked."""

    @property
    def annual(self) -> str | None:
        """The 年度资金申请总额 as typed."""
        return self.sums[3]

    def listed(self) -> Listed:
        """Give what lists show of it."""
        return Listed(
            address=self.address,
            facts={field: self.facts[field] for field in _LISTED},
            annual=self.annual,
            stated_unit=self.stated_unit,
            unit=self.unit,
            indicators=len(self.rows),
            numeric=self.numeric,
            blank=sum(row.target is None for row in self.rows),
            marks=self.marks,
            gaps=_shared(tuple(self._gaps())),
            form=self.form,
            continues=self.continues,
        )

    def _gaps(self) -> Iterator[int]:
        yield int(self.annual is None)
        yield int(self.stated_unit is None)
        yield sum(row.target is None for row in self.rows)
        marked = Counter(mark for row in self.rows for mark in row.marks)
        marked.update(mark for remark in self.remarks for mark in remark.marks)
        yield from (marked[mark] for mark in MARKS)


def declaration_of(tree: Tree, address: str, version: str) -> Declaration:
    """Read the tree of a declaration's file."""
    rows = tuple(_rows(tree))
    remarks = _remarks(tree)
    funding = tree.at("funding")
    goals = tree.at("goals")
    return Declaration(
        address=address,
        version=version,
        edition=tree.at("edition").words(),
        facts={
            **{field: tree.at(field).words() for field in _LISTED},
            "start": tree.at("period", "start").words(),
            "end": tree.at("period", "end").words(),
        },
        sums=tuple(funding.at(block, field).text() for block, field, _ in SUMS),
        stated_unit=funding.at("unit").text(),
        unit=funding.at("unit").text() or funding.at("unit_read_as").text(),
        goals=(goals.at("overall").text(), goals.at("annual").text()),
        rows=rows,
        remarks=remarks,
        form=tree.at("source", "form").words(),
        continues=tree.at("continues").text(),
        lines=tuple(line.words() for line in tree.at("source", "lines").parts()),
        numeric=sum(row.number is not None for row in rows),
        marks=sum(bool(row.marks) for row in rows) + len(remarks),
    )


def _rows(tree: Tree) -> list[Row]:
    return [
        _row(dict(indicator.entries()), level1, level2)
        for level1, classes in tree.at("indicators").entries()
        for level2, indicators in classes.entries()
        for indicator in indicators.parts()
    ]


def _row(fields: Mapping[str, Tree], level1: str, level2: str) -> Row:
    blank = Tree(None)
    marks = _marks(fields.get("defects", blank))
    target = fields["target"].text()
    stated = fields.get("certainty", blank)
    of_class, of_text = (intern(stated.at(part).text() or _CERTAIN) for part in ("class", "text"))
    if of_class == "unconfirmed":
        marks.append("归类待核")
    if of_text == "unconfirmed":
        marks.append("文字待核")
    return Row(
        id=fields["id"].words(),
        level1=level1,
        level2=level2,
        name=fields["name"].words(),
        target=target,
        number=None if target is None else quantity(target),
        marks=tuple(dict.fromkeys(marks)),
        note=fields.get("note", blank).words(),
        cells=_cells(fields.get("as_filed", blank)),
        certainty=(of_class, of_text),
    )


def _remarks(tree: Tree) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            field=part.at("field").words(),
            marks=tuple(dict.fromkeys(_marks(part.at("defects")))),
            note=part.at("note").words(),
            cells=_cells(part.at("as_filed")),
        )
        for part in tree.at("remarks").parts()
    )


def _marks(defects: Tree) -> list[str]:
    return [_MARKS.get(defect.words(), defect.words()) for defect in defects.parts()]


def _cells(place: Tree) -> Cells:
    lines = [line.words() for line in place.at("lines").parts()]
    rows = [tuple(cell.words() for cell in row.parts()) for row in place.at("cells").parts()]
    return tuple(zip(lines, rows, strict=False))
