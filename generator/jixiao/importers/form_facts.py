"""Facts of one declaration, read from the fields of its form, with remarks on damage and contradictions.

A value that the checks would refuse is left out, and its cell is recorded as unplaced with the reason:
nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jixiao.analysis.contradictions import (
    CONTRADICTIONS,
    find_sums_finer_than_fen,
    find_unequal_totals,
    has_contradicting_dates,
    has_contradicting_sums,
    is_annual_above_project,
)
from jixiao.i18n import Message, message
from jixiao.importers import form_labels
from jixiao.importers.form_cells import (
    CellUsage,
    GridCell,
    explain_bad_money,
    has_two_goals,
    join_lines,
    split_at_blank,
    strip_line_break,
    strip_markup,
)
from jixiao.importers.form_fields import FormFields
from jixiao.importers.form_labels import has_personal_number, omit_person
from jixiao.importers.money_unit import choose_unit, explain_open_unit, find_sum_unit, strip_unit
from jixiao.model.declaration import AnnualFunds, Defect, Funding, Period, ProjectFunds
from jixiao.model.taxonomy import Taxonomy
from jixiao.model.values import read_day, read_line, read_money, read_prose
from jixiao.problems import ReadError

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_YEAR = re.compile(r"[0-9]{4}")
_NONZERO_DIGIT = re.compile("[1-9１-９]")
_DIGIT = re.compile("[0-9０-９]")
_PROJECT_SUFFIX = re.compile(r"项目$")
FUNDING_BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("project", tuple(ProjectFunds.model_fields)),
    ("annual", tuple(AnnualFunds.model_fields)),
)
"""Sums of a declaration by block, in form order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRemark:
    """Damaged place of the form outside the table, with defects and notes."""

    field: str
    cells: tuple[GridCell, ...]
    defects: tuple[Defect, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFacts:
    """Values of the fields of one form. `None`, or absent from a mapping, is not filed or not readable."""

    year: str | None
    name: str | None
    nature: str | None
    department: GridCell | None
    unit: GridCell | None
    start: str | None
    """Start date, e.g. `2021-01-31`."""
    end: str | None
    money: Mapping[tuple[str, str], str]
    """Sums as typed, by block and field."""
    money_unit: str | None
    """Unit stated by the form; `None` where it states none, or more than one."""
    has_unplaced_sums: bool
    """Whether the form has unplaced sums, so that the whole block is left open."""
    open_unit_question: Message | None
    """Reason why the unit of the sums is left open, if it is."""
    goals: Mapping[str, str]
    remarks: tuple[FieldRemark, ...]


def read_facts(head: FormFields, taxonomy: Taxonomy, usage: CellUsage) -> FormFacts:
    """Read the facts of a declaration from the fields of one form.

    Args:
        head: Fields with their cells.
        taxonomy: Closed lists of the edition, for the natures of projects.
        usage: Records cells that cannot be read.
    """
    money, unit, question = _read_money_fields(head, usage)
    is_open = _is_funding_open(head, money)
    if is_open:
        _unplace_sums(head, money, usage)
        money, question = {}, None
    goals = {
        key: text
        for key in (form_labels.OVERALL, form_labels.ANNUAL)
        if (text := _read_goal(head, key, usage))
    }
    name = head.find_first_cell(form_labels.NAME)
    start = _read_cell(head.find_first_cell(form_labels.START), read_day, _normalize_day, usage)
    end = _read_cell(head.find_first_cell(form_labels.END), read_day, _normalize_day, usage)
    _unplace_other_years(head, {day[:4] for day in (start, end) if day}, usage)
    return FormFacts(
        year=head.year,
        name=_read_cell(
            name, read_line, lambda words: strip_line_break(join_lines(strip_markup(words))), usage
        ),
        nature=_find_nature(head, taxonomy, usage),
        department=_find_organisation(head.find_first_cell(form_labels.DEPARTMENT), usage),
        unit=_find_organisation(head.find_first_cell(form_labels.UNIT), usage),
        start=start,
        end=end,
        money=money,
        money_unit=unit,
        has_unplaced_sums=is_open,
        open_unit_question=question,
        goals=goals,
        remarks=(*_remark_on_name(name), *_remark_on_goals(head, goals)),
    )


def _read_cell(
    cell: GridCell | None,
    reader: Callable[[object], object],
    mend: Callable[[str], str],
    usage: CellUsage,
) -> str | None:
    """Return the mended text of *cell* if *reader* accepts it; otherwise record the reason."""
    if cell is None:
        return None
    words = mend(cell.stripped_text)
    try:
        reader(words)
    except ReadError as misread:
        usage.mark_unplaced(cell, misread.message)
        return None
    return words


def _is_funding_open(head: FormFields, money: Mapping[tuple[str, str], str]) -> bool:
    """Return whether an unplaced sum may belong to a field, or no annual sum was placed."""
    twice = (
        cell
        for key in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS)
        for cell in head.values.get(key, ())
    )
    if head.unplaced_sums or head.merged_sums or any(_DIGIT.search(cell.stripped_text) for cell in twice):
        return True
    return (
        not any(block == "annual" for block, _ in money)
        and (bool(head.stray_sums) or not money)
        and _has_sums(head)
    )


def _unplace_sums(head: FormFields, money: Mapping[tuple[str, str], str], usage: CellUsage) -> None:
    """Unplace the sums that were read, because the block must be filled in as a whole."""
    for block, field in money:
        cell = head.find_first_cell(f"{block}.{field}")
        if cell is not None:
            usage.mark_unplaced(cell, message("资金栏里另有放不下的金额，整栏没有写，请对照原表填写"))
    for cell in head.merged_sums:
        usage.mark_unplaced(cell, message("一个金额占了几个栏目的格子，分不清是哪一栏的"))


def _has_sums(head: FormFields) -> bool:
    """Return whether the block of money holds anything like a sum."""
    filed = (cell for key in form_labels.SUMS if (cell := head.find_first_cell(key)) is not None)
    return bool(head.stray_sums) or any(_DIGIT.search(cell.stripped_text) for cell in filed)


def _lacks_unit(cell: GridCell) -> bool:
    """Return whether a nonzero sum has no unit of its own."""
    return find_sum_unit(cell.stripped_text) is None and _NONZERO_DIGIT.search(cell.stripped_text) is not None


def _find_organisation(cell: GridCell | None, usage: CellUsage) -> GridCell | None:
    """Return the cell of an organisation, unless it also holds a person's number."""
    if cell is not None and has_personal_number(cell):
        omit_person(cell, usage)
        return None
    return cell


def _normalize_day(words: str) -> str:
    """Convert a date to the format of the files: `2021年3月1日` to `2021-03-01`."""
    found = _DAY.fullmatch("".join(words.split()))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else words


def _find_nature(head: FormFields, taxonomy: Taxonomy, usage: CellUsage) -> str | None:
    """Find the nature of the project, under 项目性质 or, in forms without that, under 项目类别."""
    found = None
    for key in (form_labels.NATURE, form_labels.CATEGORY):
        cell = head.find_first_cell(key)
        if cell is None:
            continue
        stem = _PROJECT_SUFFIX.sub("", cell.compact_text)
        near = next((word for word in taxonomy.natures if _PROJECT_SUFFIX.sub("", word) == stem), None)
        if found is not None:
            usage.mark_unplaced(cell, message("文件里没有这一栏：项目性质另有一格"))
        elif near is None:
            usage.mark_unplaced(cell, message("“{typed}”不是已知的项目性质", typed=cell.stripped_text))
        found = found or near
    return found


def _unplace_other_years(head: FormFields, years: set[str], usage: CellUsage) -> None:
    """Unplace the years of the project goal unless the period states the same."""
    for cell in head.goal_year_cells:
        if set(_YEAR.findall(cell.compact_text)) != years:
            usage.mark_unplaced(cell, message("文件里没有这一栏：项目总目标的年限，与计划起止日期不同"))


def _read_money_fields(
    head: FormFields, usage: CellUsage
) -> tuple[Mapping[tuple[str, str], str], str | None, Message | None]:
    """Return the sums as typed, the unit stated by the form, and the open question about it."""
    cells = {
        (block, field): cell
        for block, fields in FUNDING_BLOCKS
        for field in fields
        if (cell := head.find_first_cell(f"{block}.{field}")) is not None
    }
    at_sums = {unit for cell in cells.values() if (unit := find_sum_unit(cell.stripped_text))}
    above = head.money_units | at_sums
    stated = above | head.money_units_below_table if above else above
    is_partly = not head.money_units and any(map(_lacks_unit, cells.values()))
    # What a sum says of itself holds for no other sum.
    unit = None if at_sums and is_partly else choose_unit(stated)
    money = {}
    for key, cell in cells.items():
        foreign = find_sum_unit(cell.stripped_text) not in {None, unit}
        written = (
            # As filed, with its unit: the checks will not take it for a sum in another.
            cell.stripped_text
            if foreign
            else _read_cell(cell, read_money, lambda words: strip_unit(words, unit), usage)
        )
        if written is not None:
            money[key] = written
    for side in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS):
        for cell in head.values.get(side, ()):
            usage.mark_unplaced(cell, message("分不清是整个项目的还是当年的"))
    is_asked = bool(money) and unit is None
    return money, unit, explain_open_unit(stated, head.money_units_below_table) if is_asked else None


def _read_goal(head: FormFields, key: str, usage: CellUsage) -> str | None:
    """Return the text of a goal, one line per cell."""
    cells = head.values.get(key, ())
    text = "\n".join(filter(None, (strip_markup(cell.stripped_text) for cell in cells)))
    if not text:
        return None
    try:
        read_prose(text)
    except ReadError as misread:
        for cell in cells:
            usage.mark_unplaced(cell, misread.message)
        return None
    return text


def _remark_on_name(cell: GridCell | None) -> Iterator[FieldRemark]:
    if cell is None:
        return
    defects, notes = [], []
    around = split_at_blank(strip_markup(cell.stripped_text))
    if around:
        defects.append(Defect.LINE_BREAK_IN_NAME)
        notes.append(
            message(
                "原文在“{before}”与“{after}”之间有空格，看来是换行留下的，这里略去。",
                before=around[0],
                after=around[1],
            )
        )
    if strip_markup(cell.stripped_text) != cell.stripped_text:
        defects.append(Defect.MARKUP_RESIDUE)
        notes.append(message("原文留有网页标记，这里略去标记，文字未改。"))
    if defects:
        yield FieldRemark(field="name", cells=(cell,), defects=tuple(defects), notes=tuple(notes))


def _remark_on_goals(head: FormFields, goals: Mapping[str, str]) -> Iterator[FieldRemark]:
    for key, text in goals.items():
        cells = head.values[key]
        defects, notes = [], []
        if form_labels.OVERALL not in goals and has_two_goals(text):
            defects.append(Defect.TWO_GOALS_IN_ONE_CELL)
            notes.append(
                message(
                    "原文的项目总目标格为空，项目总目标和年度目标同在年度总目标格；"
                    "这里照录全文，不作拆分，项目总目标仍作未填报。"
                )
            )
        if any(strip_markup(cell.stripped_text) != cell.stripped_text for cell in cells):
            defects.append(Defect.MARKUP_RESIDUE)
            notes.append(message("原文留有网页标记，这里略去标记，文字未改。"))
        if defects:
            yield FieldRemark(field=f"goals.{key}", cells=cells, defects=tuple(defects), notes=tuple(notes))


_TOTAL_TITLES = {"project": "项目资金总额", "annual": "年度资金申请总额"}
_KEPT_AS_FILED = message("各数照录，未作改动。")


def find_contradictions(facts: FormFacts, head: FormFields) -> Iterator[FieldRemark]:
    """Propose remarks on the money and the dates where the values contradict each other.

    Args:
        facts: Values read from the form.
        head: Cells from which they were read.
    """
    funding = _build_funding(facts)
    # Sums whose unit is open may agree, each in its own.
    if facts.money_unit is not None and has_contradicting_sums(funding):
        keys = [f"{block}.{field}" for block, fields in FUNDING_BLOCKS for field in fields]
        read = {f"{block}.{field}" for block, field in facts.money}
        cells = _find_cells(head, *(key for key in keys if key in read))
        if any(find_sums_finer_than_fen(funding)):
            cells.extend(head.unit_cells[:1])
        yield _build_remark(Defect.SUMS_CONTRADICT, cells, tuple(_describe_sums(funding)))
    if facts.start and facts.end and facts.year:
        period = Period.model_validate({"start": facts.start, "end": facts.end})
        if has_contradicting_dates(period, int(facts.year)):
            note = _describe_dates(period, facts.year)
            yield _build_remark(
                Defect.DATES_CONTRADICT, _find_cells(head, form_labels.START, form_labels.END), (note,)
            )


def _build_funding(facts: FormFacts) -> Funding:
    """Build the model's funding from the sums as typed."""
    blocks: dict[str, dict[str, str]] = {block: {} for block, _ in FUNDING_BLOCKS}
    for (block, field), written in facts.money.items():
        # A sum in a unit that a file has no word for stays as filed, and says nothing about the others.
        if explain_bad_money(written) is None:
            blocks[block][field] = written
    return Funding.model_validate({**blocks, **({"unit": facts.money_unit} if facts.money_unit else {})})


def _find_cells(head: FormFields, *keys: str) -> list[GridCell]:
    return [cell for key in keys if (cell := head.find_first_cell(key)) is not None]


def _build_remark(defect: Defect, cells: list[GridCell], notes: tuple[Message, ...]) -> FieldRemark:
    once = {cell.key: cell for cell in cells}
    return FieldRemark(
        field=CONTRADICTIONS[defect],
        cells=tuple(once[key] for key in sorted(once)),
        defects=(defect,),
        notes=(*notes, _KEPT_AS_FILED),
    )


def _describe_sums(funding: Funding) -> Iterator[Message]:
    for unequal in find_unequal_totals(funding):
        yield message(
            "原文的{title}是 {total}，其余各项相加是 {added}，两者不一致。",
            title=message(_TOTAL_TITLES[unequal.block]),
            total=unequal.total.filed,
            added=f"{unequal.parts_total:,}",
        )
    project, annual = funding.project.total, funding.annual.total
    if project and annual and is_annual_above_project(funding):
        yield message(
            "原文的年度资金申请总额 {annual} 大于项目资金总额 {project}。",
            annual=annual.filed,
            project=project.filed,
        )
    places = [places for _, _, places in find_sums_finer_than_fen(funding)]
    if places:
        yield message(
            "原文写明以{unit}为单位，金额却有 {places} 位小数。",
            unit=str(funding.unit_in_use),
            places=str(max(places)),
        )


def _describe_dates(period: Period, year: str) -> Message:
    start, end = str(period.start), str(period.end)
    if period.end < period.start:
        return message("原文的完成日期 {end} 早于开始日期 {start}。", end=end, start=start)
    return message("原文的计划日期 {start} 至 {end} 不含{year}年度。", start=start, end=end, year=year)
