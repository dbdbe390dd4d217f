"""Facts of one declaration, read from the fields of its form, with remarks on damage and contradictions.

A value that the checks would refuse is left out, and its cell is recorded as unplaced with the reason:
nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jixiao.analysis.defects import (
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
from jixiao.importers.form_money import choose_unit, explain_open_unit, find_sum_unit, strip_unit
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


def read_facts(form_fields: FormFields, taxonomy: Taxonomy, usage: CellUsage) -> FormFacts:
    """Read the facts of a declaration from the fields of one form.

    Args:
        form_fields: Fields with their cells.
        taxonomy: Closed lists of the edition, for the natures of projects.
        usage: Records cells that cannot be read.
    """
    money, unit, question = _read_money_fields(form_fields, usage)
    is_open = _is_funding_open(form_fields, money)
    if is_open:
        for block, field in money:
            cell = form_fields.find_first_cell(f"{block}.{field}")
            if cell is not None:
                usage.mark_unplaced(cell, message("资金栏里另有放不下的金额，整栏没有写，请对照原表填写"))
        for cell in form_fields.merged_sums:
            usage.mark_unplaced(cell, message("一个金额占了几个栏目的格子，分不清是哪一栏的"))
        money, question = {}, None
    goals = {
        key: text
        for key in (form_labels.OVERALL, form_labels.ANNUAL)
        if (text := _read_goal(form_fields, key, usage))
    }
    name = form_fields.find_first_cell(form_labels.NAME)
    start = _read_cell(form_fields.find_first_cell(form_labels.START), read_day, _normalize_day, usage)
    end = _read_cell(form_fields.find_first_cell(form_labels.END), read_day, _normalize_day, usage)
    for cell in form_fields.goal_year_cells:
        if set(_YEAR.findall(cell.compact_text)) != {day[:4] for day in (start, end) if day}:
            usage.mark_unplaced(cell, message("文件里没有这一栏：项目总目标的年限，与计划起止日期不同"))
    return FormFacts(
        year=form_fields.year,
        name=_read_cell(
            name, read_line, lambda text: strip_line_break(join_lines(strip_markup(text))), usage
        ),
        nature=_find_nature(form_fields, taxonomy, usage),
        department=_find_organisation(form_fields.find_first_cell(form_labels.DEPARTMENT), usage),
        unit=_find_organisation(form_fields.find_first_cell(form_labels.UNIT), usage),
        start=start,
        end=end,
        money=money,
        money_unit=unit,
        has_unplaced_sums=is_open,
        open_unit_question=question,
        goals=goals,
        remarks=(*_remark_on_name(name), *_remark_on_goals(form_fields, goals)),
    )


def _read_cell(
    cell: GridCell | None,
    reader: Callable[[object], object],
    normalize: Callable[[str], str],
    usage: CellUsage,
) -> str | None:
    """Return the normalized text of *cell* if *reader* accepts it; otherwise record the reason."""
    if cell is None:
        return None
    text = normalize(cell.stripped_text)
    try:
        reader(text)
    except ReadError as error:
        usage.mark_unplaced(cell, error.message)
        return None
    return text


def _is_funding_open(form_fields: FormFields, money: Mapping[tuple[str, str], str]) -> bool:
    """Return whether an unplaced sum may belong to a field, or no annual sum was placed."""
    ambiguous = (
        cell
        for key in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS)
        for cell in form_fields.values.get(key, ())
    )
    if form_fields.unplaced_sums or form_fields.merged_sums:
        return True
    if any(_DIGIT.search(cell.stripped_text) for cell in ambiguous):
        return True
    if any(block == "annual" for block, _ in money):
        return False
    cells = _find_cells(form_fields, *form_labels.SUMS)
    has_digits = any(_DIGIT.search(cell.stripped_text) for cell in cells)
    return bool(form_fields.stray_sums) or (not money and has_digits)


def _find_organisation(cell: GridCell | None, usage: CellUsage) -> GridCell | None:
    """Return the cell of an organisation, unless it also holds a person's number."""
    if cell is not None and has_personal_number(cell):
        omit_person(cell, usage)
        return None
    return cell


def _normalize_day(text: str) -> str:
    """Convert a date to the format of the files: `2021年3月1日` to `2021-03-01`."""
    match = _DAY.fullmatch("".join(text.split()))
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def _find_nature(form_fields: FormFields, taxonomy: Taxonomy, usage: CellUsage) -> str | None:
    """Find the nature of the project, under 项目性质 or, in forms without that, under 项目类别."""
    nature = None
    for key in (form_labels.NATURE, form_labels.CATEGORY):
        cell = form_fields.find_first_cell(key)
        if cell is None:
            continue
        stem = _PROJECT_SUFFIX.sub("", cell.compact_text)
        known = next((word for word in taxonomy.natures if _PROJECT_SUFFIX.sub("", word) == stem), None)
        if nature is not None:
            usage.mark_unplaced(cell, message("文件里没有这一栏：项目性质另有一格"))
        elif known is None:
            usage.mark_unplaced(cell, message("“{typed}”不是已知的项目性质", typed=cell.stripped_text))
        nature = nature or known
    return nature


def _read_money_fields(
    form_fields: FormFields, usage: CellUsage
) -> tuple[Mapping[tuple[str, str], str], str | None, Message | None]:
    """Return the sums as typed, the unit stated by the form, and the open question about it."""
    cells = {
        (block, field): cell
        for block, fields in FUNDING_BLOCKS
        for field in fields
        if (cell := form_fields.find_first_cell(f"{block}.{field}")) is not None
    }
    own_units = {unit for cell in cells.values() if (unit := find_sum_unit(cell.stripped_text))}
    above = form_fields.money_units | own_units
    stated = above | form_fields.money_units_below_table if above else above
    has_sum_without_unit = any(
        find_sum_unit(cell.stripped_text) is None and _NONZERO_DIGIT.search(cell.stripped_text)
        for cell in cells.values()
    )
    # The unit behind one sum does not hold for other sums.
    is_partly = own_units and not form_fields.money_units and has_sum_without_unit
    unit = None if is_partly else choose_unit(stated)
    money = {}
    for key, cell in cells.items():
        # A sum in another unit is kept as filed, so that the checks refuse it.
        text: str | None = cell.stripped_text
        if find_sum_unit(cell.stripped_text) in {None, unit}:
            text = _read_cell(cell, read_money, lambda text: strip_unit(text, unit), usage)
        if text is not None:
            money[key] = text
    for side in (form_labels.OTHER_FUNDS, form_labels.FISCAL_FUNDS):
        for cell in form_fields.values.get(side, ()):
            usage.mark_unplaced(cell, message("分不清是整个项目的还是当年的"))
    question = None
    if money and unit is None:
        question = explain_open_unit(stated, form_fields.money_units_below_table)
    return money, unit, question


def _read_goal(form_fields: FormFields, key: str, usage: CellUsage) -> str | None:
    """Return the text of a goal, one line per cell."""
    cells = form_fields.values.get(key, ())
    text = "\n".join(filter(None, (strip_markup(cell.stripped_text) for cell in cells)))
    if not text:
        return None
    try:
        read_prose(text)
    except ReadError as error:
        for cell in cells:
            usage.mark_unplaced(cell, error.message)
        return None
    return text


def _remark_on_name(cell: GridCell | None) -> Iterator[FieldRemark]:
    """Remark on a line break or markup in the name of the project."""
    if cell is None:
        return
    defects, notes = [], []
    parts = split_at_blank(strip_markup(cell.stripped_text))
    if parts:
        defects.append(Defect.LINE_BREAK_IN_NAME)
        notes.append(
            message(
                "原文在“{before}”与“{after}”之间有空格，看来是换行留下的，这里略去。",
                before=parts[0],
                after=parts[1],
            )
        )
    if strip_markup(cell.stripped_text) != cell.stripped_text:
        defects.append(Defect.MARKUP_RESIDUE)
        notes.append(message("原文留有网页标记，这里略去标记，文字未改。"))
    if defects:
        yield FieldRemark(field="name", cells=(cell,), defects=tuple(defects), notes=tuple(notes))


def _remark_on_goals(form_fields: FormFields, goals: Mapping[str, str]) -> Iterator[FieldRemark]:
    """Remark on two goals in one cell and on markup in the goals."""
    for key, text in goals.items():
        cells = form_fields.values[key]
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


def find_contradictions(facts: FormFacts, form_fields: FormFields) -> Iterator[FieldRemark]:
    """Propose remarks on the money and the dates where the values contradict each other.

    Args:
        facts: Values read from the form.
        form_fields: Cells from which they were read.
    """
    funding = _build_funding(facts)
    # Sums whose unit is open may agree, each in its own.
    if facts.money_unit is not None and has_contradicting_sums(funding):
        keys = [(block, field) for block, fields in FUNDING_BLOCKS for field in fields]
        cells = _find_cells(
            form_fields, *(f"{block}.{field}" for block, field in keys if (block, field) in facts.money)
        )
        if any(find_sums_finer_than_fen(funding)):
            cells.extend(form_fields.unit_cells[:1])
        yield _build_remark(Defect.SUMS_CONTRADICT, cells, tuple(_describe_sums(funding)))
    if facts.start and facts.end and facts.year:
        period = Period.model_validate({"start": facts.start, "end": facts.end})
        if has_contradicting_dates(period, int(facts.year)):
            start, end = str(period.start), str(period.end)
            note = (
                message("原文的完成日期 {end} 早于开始日期 {start}。", end=end, start=start)
                if period.end < period.start
                else message(
                    "原文的计划日期 {start} 至 {end} 不含{year}年度。", start=start, end=end, year=facts.year
                )
            )
            yield _build_remark(
                Defect.DATES_CONTRADICT, _find_cells(form_fields, form_labels.START, form_labels.END), (note,)
            )


def _build_funding(facts: FormFacts) -> Funding:
    """Build the model's funding from the sums as typed."""
    blocks: dict[str, dict[str, str]] = {block: {} for block, _ in FUNDING_BLOCKS}
    for (block, field), text in facts.money.items():
        # A sum that was kept as filed, in another unit, cannot be compared with the others.
        if explain_bad_money(text) is None:
            blocks[block][field] = text
    return Funding.model_validate({**blocks, **({"unit": facts.money_unit} if facts.money_unit else {})})


def _find_cells(form_fields: FormFields, *keys: str) -> list[GridCell]:
    return [cell for key in keys if (cell := form_fields.find_first_cell(key)) is not None]


def _build_remark(defect: Defect, cells: list[GridCell], notes: tuple[Message, ...]) -> FieldRemark:
    cells_by_key = {cell.key: cell for cell in cells}
    return FieldRemark(
        field=CONTRADICTIONS[defect],
        cells=tuple(cells_by_key[key] for key in sorted(cells_by_key)),
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
