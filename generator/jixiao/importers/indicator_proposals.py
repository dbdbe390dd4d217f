"""Proposals of indicators: the value read and, for damaged rows, cells as filed, defects and notes.

Notes describe the form and its reading in neutral words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.i18n import SOURCE_LANGUAGE, Message, TranslationCatalogue, message
from jixiao.importers.form_cells import (
    CellUsage,
    GridCell,
    GridRow,
    explain_bad_line,
    explain_bad_target,
    join_lines,
    normalize_target,
    split_at_lost_number,
    strip_markup,
)
from jixiao.importers.indicator_classes import ClassDoubt, ClassifiedRow, IndicatorClass
from jixiao.importers.indicator_columns import IndicatorColumns
from jixiao.importers.indicator_rows import IndicatorRow
from jixiao.model.declaration import Certainty, Defect
from jixiao.yaml_format.blank_declaration import propose_id_word


def translate_notes(notes: tuple[Message, ...], catalogue: TranslationCatalogue) -> str:
    """Translate notes and join them into one text."""
    return ("" if catalogue.language == SOURCE_LANGUAGE else " ").join(
        note.translate(catalogue) for note in notes
    )


def describe_repairs(row: ClassifiedRow, columns: IndicatorColumns) -> Iterator[Message]:
    """Describe all repairs of a damaged row except those of its target.

    Args:
        row: Indicator row with its class.
        columns: Columns of the table, whose names the sentences use.
    """
    indicator_row = row.indicator_row
    if indicator_row.is_cut_by_page:
        yield message(
            "原文在换页处断开：前一页到“{upper}”为止，其余在后一页；这里把两段接成一行。",
            upper=indicator_row.parts[0].free_cells[-1].stripped_text,
        )
    yield from _describe_moved_cells(indicator_row, columns)
    if indicator_row.shared_cell is not None:
        yield message(
            "指标名称和目标值同在一格，中间隔一个空格；名称读作“{name}”，目标值读作“{target}”。",
            name=indicator_row.name,
            target=indicator_row.target or "",
        )
    level1, level2 = row.indicator_class
    if row.doubt is None and (row.is_level2_in_level1 or row.is_completed):
        printed = indicator_row.class_part.level2
        if printed and printed.compact_text == level2:
            yield message("“{level2}”属于{level1}，缺的一级指标据此补上。", level2=level2, level1=level1)
        else:
            yield message("{level1}只有“{level2}”一类，缺的二级指标据此补上。", level2=level2, level1=level1)
    if indicator_row.is_possibly_two:
        yield message("另一种读法是两项指标，前一项没有目标值；文字待核。")
    if indicator_row.is_cut_by_page and indicator_row.parts[-1].has_class:
        yield message("归类按后一页。")
    if row.doubt is not None:
        yield from _describe_doubt(row)
    elif row.is_inherited and (indicator_row.moved_cells or indicator_row.is_cut_by_page):
        yield message("归类沿用上一行。")


def _describe_moved_cells(indicator_row: IndicatorRow, columns: IndicatorColumns) -> Iterator[Message]:
    if any(not moved.page_offset for moved in indicator_row.moved_cells):
        yield message("原文这一页缺少最左侧的列，各格左移；这里把各格移回原位。")
    places: Message | None = None
    for moved in indicator_row.moved_cells:
        if moved.page_offset:
            column = columns.describe_column(moved.column)
            place = message("“{words}”在{column}", words=moved.cell.stripped_text, column=column)
            # Each language has its own comma.
            places = message("{first}，{other}", first=places, other=place) if places else place
    if places:
        yield message("原文有错栏：{cells}；这里把各格移回原位。", cells=places)


def _describe_class(indicator_class: IndicatorClass) -> Message:
    return message("{level1}下的{level2}", level1=indicator_class.level1, level2=indicator_class.level2)


def _describe_doubt(row: ClassifiedRow) -> Iterator[Message]:
    labels = row.indicator_row.class_part
    if row.is_doubt_inherited:
        yield message("归类沿用上一行，疑问也与上一行相同。")
    elif row.doubt is ClassDoubt.CONFLICT:
        classes = [cell for cell in (labels.level1, labels.level2, labels.second_level2) if cell]
        yield message(
            "原文的“{one}”和“{other}”两个类别不能同时成立。",
            one=classes[0].stripped_text,
            other=classes[-1].stripped_text,
        )
    elif row.doubt is ClassDoubt.BORDER:
        yield message("原文这一行少了一格，没有类别名称，夹在两个类别之间。")
    elif row.doubt is ClassDoubt.UNKNOWN:
        yield message("原文的类别“{typed}”不在名目里。", typed=labels.unknown_classes[-1].compact_text)
    if row.other_form_class is not None:
        yield message(
            "另一份申报表（{name}）将同样的指标列在{of}。",
            name=row.other_form_class[0],
            of=_describe_class(row.other_form_class[1]),
        )
    if row.alternative is None:
        yield message("这里暂列{of}，归类待核。", of=_describe_class(row.indicator_class))
    else:
        yield message(
            "这里暂列{of}；另一种读法是{other}，归类待核。",
            of=_describe_class(row.indicator_class),
            other=_describe_class(row.alternative),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorProposal:
    """Indicator as it will be written to the file."""

    id: str = ""
    """Id, unique in its declaration, e.g. `quantity-1`."""
    indicator_class: IndicatorClass
    name: str
    target: str | None
    rows: tuple[GridRow, ...]
    """Rows of the form it was read from: one, or two halves."""
    cell: GridCell
    """Cell that the report points to."""
    defects: tuple[Defect, ...] = ()
    class_certainty: Certainty = Certainty.PRINTED
    text_certainty: Certainty = Certainty.PRINTED
    notes: tuple[Message, ...] = ()

    @property
    def is_repair(self) -> bool:
        """Whether it differs from the printed text."""
        return bool(self.defects or self.notes) or {self.class_certainty, self.text_certainty} != {
            Certainty.PRINTED
        }


def propose_indicators(
    rows: Sequence[ClassifiedRow], columns: IndicatorColumns, usage: CellUsage
) -> tuple[IndicatorProposal, ...]:
    """Propose an indicator for each of *rows*, with ids numbered by class in form order.

    Args:
        rows: Classified rows of one form.
        columns: Columns of its table.
        usage: Records names that a declaration cannot have as unplaced.
    """
    numbers: Counter[str] = Counter()
    proposals = []
    for row in rows:
        proposal = _propose_indicator(row, columns)
        problem = explain_bad_line(proposal.name)
        if problem is not None:
            for cell in (*row.indicator_row.cells, *row.indicator_row.signs_and_units):
                usage.mark_unplaced(cell, problem)
            continue
        word = propose_id_word(row.indicator_class.level2)
        numbers[word] += 1
        proposals.append(replace(proposal, id=f"{word}-{numbers[word]}"))
    return tuple(proposals)


def _propose_indicator(row: ClassifiedRow, columns: IndicatorColumns) -> IndicatorProposal:
    """Propose an indicator without its id; the name may be one that a declaration cannot have."""
    indicator_row = row.indicator_row
    filed = None if indicator_row.target is None else join_lines(strip_markup(indicator_row.target))
    target = normalize_target(filed) if filed else None
    class_certainty = Certainty.RESTORED if row.is_damaged else Certainty.PRINTED
    return IndicatorProposal(
        indicator_class=row.indicator_class,
        name=join_lines(strip_markup(indicator_row.name)),
        target=target,
        rows=tuple(part.table_row.grid_row for part in indicator_row.parts),
        cell=indicator_row.parts[0].free_cells[0],
        defects=_find_defects(row, filed),
        class_certainty=Certainty.UNCONFIRMED if row.doubt else class_certainty,
        text_certainty=_rate_text(row, filed, target),
        notes=(*describe_repairs(row, columns), *_describe_text_defects(row, filed, target)),
    )


def _has_markup(indicator_row: IndicatorRow) -> bool:
    return any(strip_markup(text) != text for text in (indicator_row.name, indicator_row.target or ""))


def _find_defects(row: ClassifiedRow, filed: str | None) -> tuple[Defect, ...]:
    """Return the defects of a row with the target *filed*, in the order in which files list them."""
    indicator_row = row.indicator_row
    offsets = {moved.offset for moved in indicator_row.moved_cells}
    holds = {
        Defect.NUMBER_MISSING: any(map(split_at_lost_number, (indicator_row.name, filed or ""))),
        Defect.SPLIT_BY_PAGE_BREAK: indicator_row.is_cut_by_page,
        Defect.SHIFTED: bool(offsets) and offsets not in ({-1}, {1}),
        Defect.SHIFTED_LEFT: offsets == {-1},
        Defect.SHIFTED_RIGHT: offsets == {1},
        Defect.LEVEL2_IN_LEVEL1: row.is_level2_in_level1,
        Defect.NAME_AND_TARGET_IN_ONE_CELL: indicator_row.shared_cell is not None,
        Defect.TARGET_MISSING: indicator_row.target is None,
        Defect.MARKUP_RESIDUE: _has_markup(indicator_row),
        Defect.CLASS_UNCERTAIN: row.doubt is not None and row.doubt.is_of_this_form,
    }
    return tuple(defect for defect, is_present in holds.items() if is_present)


def _rate_text(row: ClassifiedRow, filed: str | None, target: str | None) -> Certainty:
    indicator_row = row.indicator_row
    is_moved = _is_text_moved(row)
    if (
        indicator_row.is_possibly_two
        or (filed and target is None)
        or (indicator_row.target is None and is_moved)
    ):
        return Certainty.UNCONFIRMED
    if is_moved or indicator_row.is_cut_by_page or indicator_row.shared_cell is not None or filed != target:
        return Certainty.RESTORED
    return Certainty.PRINTED


def _is_text_moved(row: ClassifiedRow) -> bool:
    """Return whether name or target is in another column than its own, on a complete page."""
    return any(moved.page_offset and not moved.is_class for moved in row.indicator_row.moved_cells)


def _describe_text_defects(row: ClassifiedRow, filed: str | None, target: str | None) -> Iterator[Message]:
    indicator_row = row.indicator_row
    for text in (indicator_row.name, filed or ""):
        lost = split_at_lost_number(text)
        if lost:
            yield message("原文“{before}”与“{after}”之间缺少数字，无法复原。", before=lost[0], after=lost[1])
    if _has_markup(indicator_row):
        yield message("原文留有网页标记，这里略去标记，文字未改。")
    if indicator_row.target is None and _is_text_moved(row):
        yield message("原文没有目标值，这里不补；另一种读法是这一行与下一行同为一项指标，目标值待核。")
    elif indicator_row.target is None:
        yield message("原文没有目标值，这里不补。")
    elif filed and target is None:
        reason = explain_bad_target(filed)
        if reason is not None:
            yield message("原文的目标值“{filed}”读不出来，这里不写：{reason}。", filed=filed, reason=reason)
    elif filed and target != filed:
        yield message(
            "原文的目标值写作“{filed}”，这里把符号改成半角：{target}", filed=filed, target=target or ""
        )
