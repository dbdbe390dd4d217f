"""The facts of one declaration as they are read from the fields of its form, each as the checks take it.

A value that the checks would refuse is left out, and its cell is not placed, with the reason: nothing is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jixiao.i18n import Message, message
from jixiao.importers import form_labels
from jixiao.importers.form_cells import (
    blank_in_words,
    holds_two_goals,
    in_one_line,
    without_line_break,
    without_markup,
)
from jixiao.importers.form_fields import Head
from jixiao.importers.grid import Cell
from jixiao.importers.money_unit import agreed_unit, question_of_unit, unit_of_sum, without_unit
from jixiao.importers.persons import holds_a_number_of_a_person, leave_out
from jixiao.importers.tally import Tally
from jixiao.model.declaration import AnnualFunds, Defect, ProjectFunds
from jixiao.model.taxonomy import Taxonomy
from jixiao.model.values import read_day, read_line, read_money, read_prose
from jixiao.problems import Misread

_WRITTEN_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_YEAR = re.compile(r"[0-9]{4}")
_MORE_THAN_ZERO = re.compile("[1-9１-９]")
_DIGIT = re.compile("[0-9０-９]")
_PROJECT = re.compile(r"项目$")
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("project", tuple(ProjectFunds.model_fields)),
    ("annual", tuple(AnnualFunds.model_fields)),
)
"""The sums of a declaration, in the order of the form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarked:
    """A place of the form, outside the table, that is damaged."""

    field: str
    cells: tuple[Cell, ...]
    defects: tuple[Defect, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the fields of one form say. `None`, or nothing in a mapping, is not filed or not readable."""

    year: str | None
    name: str | None
    nature: str | None
    department: Cell | None
    unit: Cell | None
    start: str | None
    """As `2021-01-31`."""
    end: str | None
    money: Mapping[tuple[str, str], str]
    """Block and field → the sum as typed."""
    money_unit: str | None
    """As the form states it; `None` where it states none, or more than one."""
    has_other_sums: bool
    """Whether the form states sums that could not be placed, so that the whole block is left open."""
    question: Message | None
    """Why the unit of the sums is left open, if it is."""
    goals: Mapping[str, str]
    remarks: tuple[Remarked, ...]


def facts_of(head: Head, taxonomy: Taxonomy, tally: Tally) -> Facts:
    """Read the fields of one form.

    Args:
        head: The fields with their cells.
        taxonomy: The closed lists of the edition, for the natures of projects.
        tally: Where cells that cannot be read are noted.
    """
    money, unit, question = _money(head, tally)
    is_open = _is_open(head, money)
    if is_open:
        _refuse_sums(head, money, tally)
        money, question = {}, None
    goals = {
        key: text for key in (form_labels.OVERALL, form_labels.ANNUAL) if (text := _goal(head, key, tally))
    }
    name = head.first(form_labels.NAME)
    start = _read(head.first(form_labels.START), read_day, _day, tally)
    end = _read(head.first(form_labels.END), read_day, _day, tally)
    _refuse_other_years(head, {day[:4] for day in (start, end) if day}, tally)
    return Facts(
        year=head.year,
        name=_read(
            name, read_line, lambda words: without_line_break(in_one_line(without_markup(words))), tally
        ),
        nature=_nature(head, taxonomy, tally),
        department=_organisation(head.first(form_labels.DEPARTMENT), tally),
        unit=_organisation(head.first(form_labels.UNIT), tally),
        start=start,
        end=end,
        money=money,
        money_unit=unit,
        has_other_sums=is_open,
        question=question,
        goals=goals,
        remarks=(*_remarks_on_name(name), *_remarks_on_goals(head, goals)),
    )


def _read(
    cell: Cell | None,
    reader: Callable[[object], object],
    mend: Callable[[str], str],
    tally: Tally,
) -> str | None:
    """Give the words of *cell*, mended, if *reader* takes them; else note why not."""
    if cell is None:
        return None
    words = mend(cell.words)
    try:
        reader(words)
    except Misread as misread:
        tally.refuse(cell, misread.saying)
        return None
    return words


def _is_open(head: Head, money: Mapping[tuple[str, str], str]) -> bool:
    """Return whether a sum has no place that may be of a field, or none of the year has one."""
    twice = (
        cell
        for key in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS)
        for cell in head.values.get(key, ())
    )
    if head.unplaced_sums or head.merged_sums or any(_DIGIT.search(cell.words) for cell in twice):
        return True
    return (
        not any(block == "annual" for block, _ in money)
        and (bool(head.loose_sums) or not money)
        and _has_sums(head)
    )


def _refuse_sums(head: Head, money: Mapping[tuple[str, str], str], tally: Tally) -> None:
    """Give the sums that were read no place either: the block is filled in as a whole."""
    for block, field in money:
        cell = head.first(f"{block}.{field}")
        if cell is not None:
            tally.refuse(cell, message("资金栏里另有放不下的金额，整栏没有写，请对照原表填写"))
    for cell in head.merged_sums:
        tally.refuse(cell, message("一个金额占了几个栏目的格子，分不清是哪一栏的"))


def _has_sums(head: Head) -> bool:
    """Return whether anything in the block of money looks like a sum."""
    filed = (cell for key in form_labels.SUMS if (cell := head.first(key)) is not None)
    return bool(head.loose_sums) or any(_DIGIT.search(cell.words) for cell in filed)


def _lacks_unit(cell: Cell) -> bool:
    """Return whether a sum, which is more than nothing, has no unit of its own."""
    return unit_of_sum(cell.words) is None and _MORE_THAN_ZERO.search(cell.words) is not None


def _organisation(cell: Cell | None, tally: Tally) -> Cell | None:
    """Return the cell of an organisation, unless it holds a person's number as well."""
    if cell is not None and holds_a_number_of_a_person(cell):
        leave_out(cell, tally)
        return None
    return cell


def _day(words: str) -> str:
    """Write a day as the files do: `2021年3月1日` is `2021-03-01`."""
    found = _WRITTEN_DAY.fullmatch("".join(words.split()))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else words


def _nature(head: Head, taxonomy: Taxonomy, tally: Tally) -> str | None:
    """Find the nature, which stands under 项目性质 or, in forms without that, under 项目类别."""
    found = None
    for key in (form_labels.NATURE, form_labels.CATEGORY):
        cell = head.first(key)
        if cell is None:
            continue
        stem = _PROJECT.sub("", cell.squeezed)
        near = next((word for word in taxonomy.natures if _PROJECT.sub("", word) == stem), None)
        if found is not None:
            tally.refuse(cell, message("文件里没有这一栏：项目性质另有一格"))
        elif near is None:
            tally.refuse(cell, message("“{typed}”不是已知的项目性质", typed=cell.words))
        found = found or near
    return found


def _refuse_other_years(head: Head, years: set[str], tally: Tally) -> None:
    """Give the years of the goal of the project no place unless the period says the same."""
    for cell in head.years_of_goal:
        if set(_YEAR.findall(cell.squeezed)) != years:
            tally.refuse(cell, message("文件里没有这一栏：项目总目标的年限，与计划起止日期不同"))


def _money(head: Head, tally: Tally) -> tuple[Mapping[tuple[str, str], str], str | None, Message | None]:
    """Return the sums as typed, the unit that the form states, and what is to be asked about it."""
    cells = {
        (block, field): cell
        for block, fields in BLOCKS
        for field in fields
        if (cell := head.first(f"{block}.{field}")) is not None
    }
    at_sums = {unit for cell in cells.values() if (unit := unit_of_sum(cell.words))}
    above = head.money_units | at_sums
    stated = above | head.money_units_below if above else above
    is_partly = not head.money_units and any(map(_lacks_unit, cells.values()))
    # What a sum says of itself holds for no other sum.
    unit = None if at_sums and is_partly else agreed_unit(stated)
    money = {}
    for key, cell in cells.items():
        foreign = unit_of_sum(cell.words) not in {None, unit}
        written = (
            # As filed, with its unit: the checks will not take it for a sum in another.
            cell.words if foreign else _read(cell, read_money, lambda words: without_unit(words, unit), tally)
        )
        if written is not None:
            money[key] = written
    for side in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS):
        for cell in head.values.get(side, ()):
            tally.refuse(cell, message("分不清是整个项目的还是当年的"))
    is_asked = bool(money) and unit is None
    return money, unit, question_of_unit(stated, head.money_units_below) if is_asked else None


def _goal(head: Head, key: str, tally: Tally) -> str | None:
    """Give a goal; its lines one below the other."""
    cells = head.values.get(key, ())
    text = "\n".join(filter(None, (without_markup(cell.words) for cell in cells)))
    if not text:
        return None
    try:
        read_prose(text)
    except Misread as misread:
        for cell in cells:
            tally.refuse(cell, misread.saying)
        return None
    return text


def _remarks_on_name(cell: Cell | None) -> Iterator[Remarked]:
    if cell is None:
        return
    defects, notes = [], []
    around = blank_in_words(without_markup(cell.words))
    if around:
        defects.append(Defect.LINE_BREAK_IN_NAME)
        notes.append(
            message(
                "原文在“{before}”与“{after}”之间有空格，看来是换行留下的，这里略去。",
                before=around[0],
                after=around[1],
            )
        )
    if without_markup(cell.words) != cell.words:
        defects.append(Defect.MARKUP_RESIDUE)
        notes.append(message("原文留有网页标记，这里略去标记，文字未改。"))
    if defects:
        yield Remarked(field="name", cells=(cell,), defects=tuple(defects), notes=tuple(notes))


def _remarks_on_goals(head: Head, goals: Mapping[str, str]) -> Iterator[Remarked]:
    for key, text in goals.items():
        cells = head.values[key]
        defects, notes = [], []
        if form_labels.OVERALL not in goals and holds_two_goals(text):
            defects.append(Defect.TWO_GOALS_IN_ONE_CELL)
            notes.append(
                message(
                    "原文的项目总目标格为空，项目总目标和年度目标同在年度总目标格；"
                    "这里照录全文，不作拆分，项目总目标仍作未填报。"
                )
            )
        if any(without_markup(cell.words) != cell.words for cell in cells):
            defects.append(Defect.MARKUP_RESIDUE)
            notes.append(message("原文留有网页标记，这里略去标记，文字未改。"))
        if defects:
            yield Remarked(field=f"goals.{key}", cells=cells, defects=tuple(defects), notes=tuple(notes))
