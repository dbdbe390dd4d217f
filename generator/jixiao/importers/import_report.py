"""Report of an import: each proposal with its place in the form, and a count of cells."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.importers.declaration_drafts import FormReading
from jixiao.importers.form_cells import CellCount, CellUsage, CellUse, GridCell
from jixiao.importers.form_facts import FieldRemark
from jixiao.importers.indicator_proposals import IndicatorProposal, translate_notes
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import escape_for_terminal

_LIST_LIMIT = 200
"""Number of unplaced cells that are listed one by one."""


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
