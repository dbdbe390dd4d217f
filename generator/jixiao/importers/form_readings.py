"""Readings of the forms of a grid: drafts of declarations, the use of each cell, and the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.importers.declaration_drafts import DeclarationDraft, OrganisationRegister
from jixiao.importers.form_cells import CellCount, CellUsage, CellUse, Grid, GridCell, GridRow
from jixiao.importers.form_facts import (
    FieldRemark,
    FormFacts,
    find_contradictions,
    read_facts,
)
from jixiao.importers.form_fields import read_form_fields
from jixiao.importers.form_labels import has_personal_number, is_about_person, omit_person
from jixiao.importers.indicator_classes import ClassifiedRow, classify_rows, compare_forms
from jixiao.importers.indicator_proposals import IndicatorProposal, propose_indicators, translate_notes
from jixiao.importers.indicator_rows import read_indicator_rows
from jixiao.importers.single_forms import Form, build_other_kind_problem, find_other_kind, split_forms
from jixiao.importers.split_rows import (
    ClassLists,
    IndicatorTable,
    choose_class_lists,
    read_table,
    split_at_table,
    split_row,
)
from jixiao.model.organisation import OrganisationKind
from jixiao.model.taxonomy import Taxonomy
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Problem, escape_for_terminal

_LIST_LIMIT = 200
"""Number of unplaced cells that are listed one by one."""


@dataclass(frozen=True, kw_only=True)
class FormReading:
    """One form as read from its file."""

    file: str
    """Path of its file as shown in messages."""
    counts_lines: bool
    """Whether row numbers equal the line numbers that a user of the file sees."""
    form: Form
    draft: DeclarationDraft
    usage: CellUsage

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """All filled cells of the form."""
        return tuple(cell for row in self.form.rows for cell in row.filled_cells)

    @property
    def count(self) -> CellCount:
        """Numbers of placed, unplaced and omitted cells of the form."""
        return self.usage.count(self.cells)


@dataclass(frozen=True, kw_only=True)
class FileReading:
    """All forms of one file."""

    grid: Grid
    first_row: int
    """Number of the row at which the first form begins."""
    forms: tuple[FormReading, ...]
    usage: CellUsage
    refusals: tuple[Problem, ...] = ()
    """Problems of forms of another kind."""

    @property
    def count(self) -> CellCount:
        """Numbers of placed, unplaced and omitted cells; forms of another kind are not counted."""
        return self.usage.count(
            (*self.cells_above_forms, *(cell for form in self.forms for cell in form.cells))
        )

    @property
    def cells_above_forms(self) -> tuple[GridCell, ...]:
        """Cells above the first form."""
        return tuple(cell for cell in self.grid.iterate_filled_cells() if cell.row < self.first_row)


@dataclass(frozen=True, kw_only=True)
class _FormParts:
    """Form split into facts, table and classified rows."""

    form: Form
    facts: FormFacts
    class_lists: ClassLists
    table: IndicatorTable | None
    rows: tuple[ClassifiedRow, ...]


def read_forms(
    grid: Grid, taxonomies: Mapping[str, Taxonomy], register: OrganisationRegister, form_path: str
) -> FileReading | Problem:
    """Read all forms of *grid* into drafts, or return a problem if it holds none.

    Args:
        grid: Grid of one file.
        taxonomies: Taxonomies by edition; at least one.
        register: Register of organisations; unknown ones are added to its proposals.
        form_path: Path of the form under `content/`, existing or planned.
    """
    forms = split_forms(grid)
    if isinstance(forms, Problem):
        return forms
    usage = CellUsage()
    first_row = forms[0].rows[0].number
    outside = tuple(row for row in grid.rows if row.number < first_row)
    parts: list[_FormParts] = []
    problems: list[Problem] = []
    for form in forms:
        evidence = find_other_kind(form.rows)
        if evidence is None:
            parts.append(_read_form_parts(form, taxonomies, usage, () if form.number > 1 else outside))
        else:
            problems.append(
                build_other_kind_problem(evidence, form.rows, grid.file, counts_lines=grid.counts_lines)
            )
    rows_by_form = compare_forms([(part.facts.name or "", part.rows) for part in parts])
    # All rows are proposed before the first organisation gets an id.
    proposals_by_form = [
        propose_indicators(rows, part.table.columns, usage) if part.table else ()
        for part, rows in zip(parts, rows_by_form, strict=True)
    ]
    readings = []
    for part, indicators in zip(parts, proposals_by_form, strict=True):
        lines = part.form.line_range if len(forms) > 1 else None
        readings.append(
            FormReading(
                file=grid.file,
                counts_lines=grid.counts_lines,
                form=part.form,
                draft=_build_draft(part, indicators, register, form_path, lines),
                usage=usage,
            )
        )
    _omit_persons((*outside, *(row for part in parts for row in part.form.rows)), usage)
    return FileReading(
        grid=grid,
        first_row=first_row,
        usage=usage,
        refusals=tuple(problems),
        forms=tuple(readings),
    )


def _build_draft(
    part: _FormParts,
    indicators: tuple[IndicatorProposal, ...],
    register: OrganisationRegister,
    form_path: str,
    lines: tuple[int, int] | None,
) -> DeclarationDraft:
    """Build the draft of one form, with registered or proposed ids of its organisations."""
    department = register.find_id(part.facts.department, OrganisationKind.DEPARTMENT)
    return DeclarationDraft(
        edition=part.class_lists.taxonomy.edition,
        facts=part.facts,
        department=department,
        unit=register.find_id(part.facts.unit, OrganisationKind.UNIT, department),
        indicators=indicators,
        form=form_path,
        lines=lines,
    )


def _omit_persons(rows: Iterable[GridRow], usage: CellUsage) -> None:
    """Omit unplaced cells about persons, so that the report does not list them."""
    is_below_labels = False
    for row in rows:
        is_behind_label = is_below_labels
        is_below_labels = bool(row.filled_cells) and all(map(is_about_person, row.filled_cells))
        for cell in row.filled_cells:
            if usage.is_used(cell) or usage.is_withheld(cell):
                continue
            is_behind_label = is_behind_label or is_about_person(cell)
            if is_behind_label or has_personal_number(cell):
                omit_person(cell, usage)


def _read_form_parts(
    form: Form, taxonomies: Mapping[str, Taxonomy], usage: CellUsage, outside: tuple[GridRow, ...]
) -> _FormParts:
    """Read the fields, the table and the facts of one form, by the edition whose closed lists fit best."""
    above, body, below = split_at_table(form.rows)
    fields = read_form_fields(above, below, usage, outside)
    table = read_table(body, usage) if body else None
    if table is None:
        class_lists = ClassLists(taxonomy=taxonomies[min(taxonomies)])
    else:
        class_lists = choose_class_lists(table.rows, table.columns, taxonomies, fields.year or "")
    facts = read_facts(fields, class_lists.taxonomy, usage)
    rows: tuple[ClassifiedRow, ...] = ()
    if table is not None:
        split_rows = tuple(split_row(row, table.columns, class_lists, usage) for row in table.rows)
        indicator_rows = read_indicator_rows(split_rows, table.columns, usage)
        rows = classify_rows(indicator_rows, table.columns, class_lists, usage)
    return _FormParts(
        form=form,
        facts=replace(facts, remarks=(*facts.remarks, *find_contradictions(facts, fields))),
        class_lists=class_lists,
        table=table,
        rows=rows,
    )


def report_form(reading: FormReading, catalogue: TranslationCatalogue) -> Iterator[str]:
    """Report the proposals for one form, its missing fields, and the use of its cells."""
    draft = reading.draft
    for remark in draft.facts.remarks:
        yield _report_proposal(remark.field, remark.cells[0], remark, catalogue)
    for indicator in draft.indicators:
        if indicator.is_repair:
            yield _report_proposal(indicator.id, indicator.cell, indicator, catalogue)
    for field in draft.list_missing_fields():
        yield _write_line(message("缺少 {field}：表上没有，或读不出来，请补上", field=field), catalogue)
    if draft.facts.open_unit_question is not None:
        yield _write_line(draft.facts.open_unit_question, catalogue)
    yield from report_cells(reading.cells, reading.usage, catalogue)
    yield _write_line(_describe_count(reading.count), catalogue)


def report_total(counts: tuple[CellCount, ...], catalogue: TranslationCatalogue) -> str:
    """Return one line that accounts for every cell.

    Args:
        counts: One count for each file.
        catalogue: Translation catalogue of the language of the report.
    """
    total = CellCount(
        cells=sum(count.cells for count in counts),
        omitted_count=sum(count.omitted_count for count in counts),
        unplaced_cells=tuple(cell for count in counts for cell in count.unplaced_cells),
    )
    return _describe_count(total).translate(catalogue)


def _report_proposal(
    name: str, cell: GridCell, proposal: FieldRemark | IndicatorProposal, catalogue: TranslationCatalogue
) -> str:
    """Report the defects and notes of a field or an indicator, with the place of *cell*."""
    defects = f" [{', '.join(proposal.defects)}]" if proposal.defects else ""
    subject = message("{place}：{name}", place=cell.place, name=name)
    return _write_line(subject, catalogue, f"{translate_notes(proposal.notes, catalogue)}{defects}")


def report_cells(
    cells: tuple[GridCell, ...], usage: CellUsage, catalogue: TranslationCatalogue
) -> Iterator[str]:
    """List the omitted cells about persons, without their text, and the unplaced cells.

    Args:
        cells: Filled cells of a form, or those above the first one.
        usage: Use of each cell.
        catalogue: Translation catalogue of the language of the report.
    """
    for cell in cells:
        if usage.uses.get(cell.key) is CellUse.OMITTED:
            yield _write_line(message("{place}：个人信息，略去", place=cell.place), catalogue)
    unplaced = usage.count(cells).unplaced_cells
    for cell in unplaced[:_LIST_LIMIT]:
        reason = usage.find_reason(cell)
        text = mask_personal_data(cell.stripped_text)
        yield _write_line(
            message("{place}没有放入：{reason}", place=cell.place, reason=reason)
            if usage.is_withheld(cell)
            else message("{place}没有放入：“{words}”：{reason}", place=cell.place, words=text, reason=reason),
            catalogue,
        )
    if len(unplaced) > _LIST_LIMIT:
        more = message("还有 {count} 格没有放入，不再列出", count=str(len(unplaced) - _LIST_LIMIT))
        yield _write_line(more, catalogue)


def _describe_count(count: CellCount) -> Message:
    return message(
        "{cells} 格有内容：{placed} 格已放入，{loose} 格没有放入，{left_out} 格是个人信息，已略去",
        cells=str(count.cells),
        placed=str(count.placed_count),
        loose=str(len(count.unplaced_cells)),
        left_out=str(count.omitted_count),
    )


def _write_line(sentence: Message, catalogue: TranslationCatalogue, detail: str = "") -> str:
    colon = catalogue.translate("：") if detail else ""
    return f"    {escape_for_terminal(mask_personal_data(f'{sentence.translate(catalogue)}{colon}{detail}'))}"
