"""Sums of money on a form: their unit, field and period.

A unit follows its own label (`金额单位：万元`, also among other labels), in brackets behind the
label of any sum, block or column (`资金情况(万元)`), alone in a cell, or behind a sum itself. It is never
assumed.

Labels and column headings around a sum decide its field and period: project or year, requested year or
another one. A sum that stays ambiguous gets no field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from jixiao.i18n import Message, message
from jixiao.importers import form_labels
from jixiao.importers.form_cells import CellKey, GridCell, GridRow
from jixiao.importers.form_labels import (
    CHECKBOX_PATTERN,
    GAP_PATTERN,
    MONEY_WORDS,
    UNIT_IN_BRACKETS,
    UNITS_PATTERN,
)
from jixiao.model.declaration import MoneyUnit

_UNIT_BEHIND_LABEL = re.compile(
    rf"(?:单{GAP_PATTERN}位|币{GAP_PATTERN}种){GAP_PATTERN}(?:均?为|是)?{GAP_PATTERN}[:：]?{GAP_PATTERN}[（(]?{GAP_PATTERN}(?:人{GAP_PATTERN}民{GAP_PATTERN}币)?"
    rf"{GAP_PATTERN}[:：]?{GAP_PATTERN}[（(]?{GAP_PATTERN}(?:{CHECKBOX_PATTERN}{GAP_PATTERN})?{UNITS_PATTERN}(?!\w)"
)
_UNIT_IN_SENTENCE = re.compile(
    rf"以{GAP_PATTERN}(?:人民币)?{GAP_PATTERN}{UNITS_PATTERN}{GAP_PATTERN}[为作](?:金额|计量|货币)?单位"
)
_SINGLE_UNIT = re.compile("[十百千万亿美欧港日]{0,3}元|亿|万")
_TRADITIONAL = str.maketrans(dict(re.findall("(.)(.)", "單单萬万億亿幣币種种額额貨货計计為为圓元")))
_UNIT_LINE = re.compile(rf"[（(]?(?:本表)?(?:金额|货币|计量)?{_UNIT_BEHIND_LABEL.pattern}[）)]{{0,2}}[。.]?")
_UNIT_ALONE = re.compile(rf"(?:人民币)?[（(]?(?:人民币)?(?:{CHECKBOX_PATTERN})?{UNITS_PATTERN}[）)]?")
_UNIT_LABEL_ALONE = re.compile(r"(?:金额|货币|计量)?单位[:：]?|币种[:：]?")
_SUM = re.compile(r"(.*?[0-9])\s*([十百千万亿美欧港日]{0,3}元|亿|万)", re.DOTALL)
_LABEL_LIMIT = 40
"""Characters of a label with its unit; longer text merely mentions one."""
_LINE_LIMIT = 200
"""Characters of a line with several labels."""
_ABOUT_MONEY = re.compile(f"{MONEY_WORDS.pattern}|预算|投入|支出|单位")
_KNOWN_UNITS = frozenset(MoneyUnit)
_POSSIBLE_SUM = re.compile(
    r"[0-9][0-9,]{0,20}(?:\.[0-9]{1,6})?$|[^0-9]{0,8}[0-9][0-9,.]{0,20}(?:[百千万亿]{0,2}元|万|亿)"
)
_UNIT_SIGNS = re.compile("[元万亿]")


def find_stated_units(cell: GridCell) -> frozenset[str]:
    """Return the units of money stated by *cell*, which is not the value of a field."""
    compact = cell.compact_text.translate(_TRADITIONAL)
    if len(compact) > _LINE_LIMIT or not _UNIT_SIGNS.search(compact):
        return frozenset()
    text = cell.stripped_text.translate(_TRADITIONAL)
    matches = [*_UNIT_BEHIND_LABEL.finditer(text), *_UNIT_IN_SENTENCE.finditer(text)]
    if len(compact) <= _LABEL_LIMIT and _ABOUT_MONEY.search(compact):
        matches.extend(UNIT_IN_BRACKETS.finditer(compact))
    alone = _UNIT_ALONE.fullmatch(compact)
    if alone:
        matches.append(alone)
    return frozenset(
        _complete_unit(unit) for match in matches for unit in _SINGLE_UNIT.findall("".join(match[1].split()))
    )


def is_unit_alone(cell: GridCell) -> bool:
    """Return whether *cell* holds only the unit of money, or its label."""
    compact = cell.compact_text.translate(_TRADITIONAL)
    return any(pattern.fullmatch(compact) for pattern in (_UNIT_LINE, _UNIT_ALONE, _UNIT_LABEL_ALONE))


def find_sum_unit(text: str) -> str | None:
    """Return the unit that follows the digits of a sum."""
    match = _SUM.fullmatch(text)
    return _complete_unit(match[2]) if match else None


def is_possible_sum(cell: GridCell) -> bool:
    """Return whether *cell* holds or begins with a sum of money, like `854万(其中…)` and `总额10万元`."""
    return _POSSIBLE_SUM.match(cell.compact_text) is not None


def strip_unit(text: str, unit: str | None) -> str:
    """Return a sum without its unit if that is *unit*; another unit stays, because it changes the sum."""
    match = _SUM.fullmatch(text)
    return match[1] if match and _complete_unit(match[2]) == unit else text


def choose_unit(stated: Iterable[str]) -> MoneyUnit | None:
    """Return the one unit stated everywhere; `None` if there is none, several, or an unsupported one."""
    units = frozenset(stated)
    return MoneyUnit(next(iter(units))) if len(units) == 1 and units <= _KNOWN_UNITS else None


def explain_open_unit(stated: Iterable[str], units_below: Iterable[str]) -> Message:
    """Explain why the unit of the sums is left open, and how to resolve it.

    Args:
        stated: Units stated on the form.
        units_below: Units stated below its table.
    """
    units, below = sorted(frozenset(stated)), sorted(frozenset(units_below))
    if not units and below:
        return message(
            "没有写金额单位：只有表下写了{units}，表头和资金栏没有写明。"
            "请看原表：这些金额确实用它的，加 unit",
            units="、".join(below),
        )
    if not units:
        return message(
            "没有写金额单位：表头和资金栏都没有写明。请看原表："
            "写明了的，加 unit；没有写明、由我们推定的，加 unit_read_as"
        )
    if len(units) > 1:
        return message(
            "没有写金额单位：表上写了不止一种（{units}）。请看原表，逐项核对金额，再加 unit",
            units="、".join(units),
        )
    return message(
        "没有写金额单位：表上写的是{unit}，文件里只能写元或万元。请看原表，把金额换算以后再加 unit",
        unit=units[0],
    )


def _complete_unit(unit: str) -> str:
    return unit if unit.endswith(MoneyUnit.YUAN) else f"{unit}{MoneyUnit.YUAN}"


_OTHER_PERIOD = re.compile(
    "上年|上一年|去年|前年|以前年度|往年|历年|累计|中期|长期|实施期|下一?年|次年|执行数|决算|[一二三]上"
)
_CARRIED_OVER = re.compile("结转|结余")
_SUM_COLUMN_HEADING = re.compile(
    r"[一二三]上.{0,4}|.{0,8}(?:执行|决算|预算|申请|安排|批复|完成|支出)(?:数|金额|情况)?(?:[（(].{0,8}[）)])?"
)
_YEAR_PATTERN = re.compile(r"((?:19|20)[0-9]{2})年")
_TOTAL_WORD = re.compile("总额|总计|小计|合计")
_REQUEST_WORD = re.compile("申请|本年|当年|年度预算")
_OTHER_STAGE_WORD = re.compile("批复|执行|调整|审核|核定|完成|决算|支出数")


def is_other_period(cell: GridCell, year: str | None) -> bool:
    """Return whether *cell* names sums of another period than *year*: `上年执行数`, `中期资金总额`."""
    label = cell.compact_text
    if len(label) > _LABEL_LIMIT or _CARRIED_OVER.search(label):
        return False
    if not (form_labels.is_about_money(cell) or _SUM_COLUMN_HEADING.fullmatch(label)):
        return False
    years = set(_YEAR_PATTERN.findall(label))
    return _OTHER_PERIOD.search(label) is not None or bool(years and year and years != {year})


def is_total_label(cell: GridCell) -> bool:
    """Return whether *cell* names a total, not a block of several sums."""
    return _TOTAL_WORD.search(cell.compact_text) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenSums:
    """Assignment of several sums behind one label to the request of the year or another period."""

    fields: dict[int, str] = field(default_factory=dict)
    """Field of the sum in each column."""
    others: set[int] = field(default_factory=set)
    """Columns of sums of another period."""
    unclear: set[int] = field(default_factory=set)
    """Columns of sums whose meaning is unknown."""


class SumColumns:
    """Headings of sum columns met so far."""

    def __init__(self) -> None:
        """Start without headings."""
        self._headings: dict[int, GridCell] = {}
        """Latest cell in each column of rows without sums."""
        self._period_rows: set[int] = set()
        """Rows of headings among which one names another period."""

    def choose(self, row: GridRow, keys: dict[int, str], year: str | None) -> ChosenSums:
        """Assign the sums of *row* that are in headed columns, or several in a run.

        Args:
            row: Row with the sums.
            keys: Keys of its labels by column.
            year: Year of the form.
        """
        chosen = ChosenSums()
        for column, key in keys.items():
            if key in form_labels.SUMS:
                right = (cell for cell in row.filled_cells if cell.column > column)
                run = takewhile(lambda cell: cell.column not in keys, right)
                self._assign_run(key, [cell for cell in run if is_possible_sum(cell)], chosen, year)
        if not any(map(is_possible_sum, row.filled_cells)):
            self._headings |= {cell.column: cell for cell in row.filled_cells}
            if any(is_other_period(cell, year) for cell in row.filled_cells):
                self._period_rows.add(row.number)
        return chosen

    def is_below_money_label(self, cell: GridCell, row_above: int) -> bool:
        """Return whether a label about money is above *cell* in the row *row_above*."""
        heading = self._headings.get(cell.column)
        return heading is not None and heading.row == row_above and form_labels.is_about_money(heading)

    def _assign_run(self, key: str, sums: list[GridCell], chosen: ChosenSums, year: str | None) -> None:
        """Assign the sums behind the label *key* by their headings: one to the field, the others to none."""
        headings = {cell.column: self._headings.get(cell.column) for cell in sums}
        others = {column for column, cell in headings.items() if cell and is_other_period(cell, year)}
        rest = [cell for cell in sums if cell.column not in others]
        requests = [
            cell
            for cell in rest
            if (heading := headings[cell.column])
            and _REQUEST_WORD.search(heading.compact_text)
            and not _OTHER_STAGE_WORD.search(heading.compact_text)
        ]
        is_among_periods = any(cell and cell.row in self._period_rows for cell in headings.values())
        chosen.others.update(others)
        if len(rest) == 1 and not is_among_periods:
            chosen.fields[rest[0].column] = key
        elif len(requests) == 1:
            chosen.fields[requests[0].column] = key
            chosen.others.update(cell.column for cell in rest if cell is not requests[0])
        else:
            chosen.unclear.update(cell.column for cell in rest)


_PROJECT_SIDE, _YEAR_SIDE, _OTHER_SIDE = 0, 1, 2
"""Funds of the whole project, of the year, or of another period."""
_PROJECT_FIELDS = frozenset(
    {form_labels.PROJECT_TOTAL, form_labels.PROJECT_FISCAL, form_labels.PROJECT_OTHER}
)
_YEAR_FIELDS = frozenset(
    {
        form_labels.ANNUAL_TOTAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ANNUAL_CARRYOVER,
        form_labels.ANNUAL_OTHER,
    }
)
_TOTAL_SIDES = {form_labels.PROJECT_TOTAL: _PROJECT_SIDE, form_labels.ANNUAL_TOTAL: _YEAR_SIDE}
_SHARED_FIELDS = {
    form_labels.OTHER_FUNDS: (form_labels.PROJECT_OTHER, form_labels.ANNUAL_OTHER, form_labels.ABSENT),
    form_labels.FISCAL_FUNDS: (
        form_labels.PROJECT_FISCAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ABSENT,
    ),
}
_LABELS_BEFORE_LABELS = frozenset({form_labels.GROUP, form_labels.ABSENT}) | form_labels.SUMS
"""Labels that may have another label at their right, where others have their value."""


class SumFieldResolver:
    """Resolver of labels that fit both project and annual funds, by the totals met so far."""

    def __init__(self) -> None:
        """Start without totals."""
        self._sides_above: dict[int, int] = {}
        """Side of the latest total in each column."""
        self._totals: dict[int, CellKey] = {}
        """Row and column of the latest total of each side."""
        self._other_period_column: int | None = None
        """Leftmost column whose sums belong to another period."""

    def resolve(self, keys: dict[int, str], row: GridRow, year: str | None) -> None:
        """Replace each ambiguous label of *keys* by its field.

        Args:
            keys: Keys of the labels of the row by column; changed in place. Names of sums of another period
                become labels, and sums of another period get no field.
            row: Row with the labels.
            year: Year of the form.
        """
        if any(
            self._other_period_column is not None and cell.column <= self._other_period_column
            for cell in row.filled_cells
        ):
            self._other_period_column = None
        for cell in _find_other_period_labels(row, keys, year):
            self._sides_above[cell.column] = _OTHER_SIDE
            self._totals[_OTHER_SIDE] = cell.key
            if not any(map(str.isdigit, cell.compact_text)):
                keys[cell.column] = form_labels.ABSENT
            right = next((other.column for other in row.filled_cells if other.column > cell.column), None)
            if keys.get(right or 0) in form_labels.SUMS and not is_total_label(cell):
                self._other_period_column = cell.column
        printed = dict(keys)
        for column in sorted(keys):
            if keys[column] in form_labels.SUMS:
                keys[column] = self._resolve_label(printed, column, row.number)

    def _resolve_label(self, printed: dict[int, str], column: int, row: int) -> str:
        """Return the field of the sum whose label is in *column* of *row*."""
        key = printed[column]
        if self._other_period_column is not None and column > self._other_period_column:
            self._sides_above[column] = _OTHER_SIDE
            return form_labels.ABSENT
        if key in _TOTAL_SIDES:
            self._sides_above[column] = _TOTAL_SIDES[key]
            self._totals[_TOTAL_SIDES[key]] = (row, column)
            return key
        above = self._sides_above.get(column)
        if key in _SHARED_FIELDS:
            side = self._find_side(printed, column)
            return key if side is None else _SHARED_FIELDS[key][side]
        is_elsewhere = above == _OTHER_SIDE or (
            above == _PROJECT_SIDE and key == form_labels.ANNUAL_CARRYOVER
        )
        return form_labels.ABSENT if is_elsewhere else key

    def _find_side(self, printed: dict[int, str], column: int) -> int | None:
        """Return the side of the total above in the column, else in the same row or half of the form.

        `None` where they disagree, or where nothing decides.
        """
        above = self._sides_above.get(column)
        beside: int | None = None
        for left, key in sorted(printed.items()):
            if left < column and key in _PROJECT_FIELDS:
                beside = _PROJECT_SIDE
            elif left < column and key in _YEAR_FIELDS - {form_labels.ANNUAL_CARRYOVER}:
                beside = _YEAR_SIDE
        if above is not None and beside is not None:
            return above if above == beside else None
        return next((side for side in (above, beside, self._find_half(column)) if side is not None), None)

    def _find_half(self, column: int) -> int | None:
        """Return the side of the total in whose half of the form *column* is."""
        totals = sorted((at[1], at[0], side) for side, at in self._totals.items())
        if not totals or _OTHER_SIDE in self._totals:
            return None
        (left, _, first), (right, _, last) = totals[0], totals[-1]
        if left == right:
            # One above the other, or one alone. The year is right of the project.
            is_near = column >= right if last else column <= right
            return last if is_near else None
        return last if column >= right else first if column <= left else None


def _find_other_period_labels(row: GridRow, keys: dict[int, str], year: str | None) -> list[GridCell]:
    """Return the labels of *row* that name sums of another period and are not values of a field."""
    labels = []
    key_before: str | None = None
    for cell in row.filled_cells:
        key = keys.get(cell.column)
        is_value = key_before is not None and key_before not in _LABELS_BEFORE_LABELS
        if not is_value and key in {None, form_labels.ABSENT} and is_other_period(cell, year):
            labels.append(cell)
        key_before = key
    return labels
