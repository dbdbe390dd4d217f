"""The indicator table: how the rows of a declaration lie under merged cells, like the printed form."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from jixiao.analysis.defects import marks_of
from jixiao.model.declaration import Declaration, Indicator


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row of the table."""

    level1: str | None
    """The class, where the merged cell begins; `None` where the cell above reaches down."""
    level1_rows: int
    """How many rows the level-1 cell reaches over."""
    level2: str | None
    level2_rows: int
    indicator: Indicator
    marks: tuple[str, ...]
    """Chinese words."""


@dataclass(frozen=True, kw_only=True)
class TableGroup:
    """The rows of one level-1 class: one `<tbody>`."""

    level1: str
    rows: tuple[TableRow, ...]


def table_of(declaration: Declaration) -> tuple[TableGroup, ...]:
    """Lay the indicators out in groups."""
    return tuple(
        TableGroup(level1=level1, rows=tuple(_rows(level1, declaration)))
        for level1, _ in groupby(declaration.rows(), key=lambda row: row.level1)
    )


def _rows(level1: str, declaration: Declaration) -> Iterator[TableRow]:
    classes = declaration.indicators[level1]
    height = sum(map(len, classes.values()))
    is_first = True
    for level2, indicators in classes.items():
        for position, indicator in enumerate(indicators):
            yield TableRow(
                level1=level1 if is_first else None,
                level1_rows=height,
                level2=level2 if position == 0 else None,
                level2_rows=len(indicators),
                indicator=indicator,
                marks=marks_of(indicator),
            )
            is_first = False
