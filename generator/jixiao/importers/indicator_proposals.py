"""Proposals of indicators: the value read and, for damaged rows, cells as filed, defects and notes.

Notes describe the form and its reading in neutral words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
from jixiao.importers.indicator_rows import IndicatorRow, MovedCell
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
    promise = row.indicator_row
    if promise.is_cut_by_page:
        yield message(
            "原文在换页处断开：前一页到“{upper}”为止，其余在后一页；这里把两段接成一行。",
            upper=promise.parts[0].free_cells[-1].stripped_text,
        )
    yield from _describe_moved_cells(promise, columns)
    if promise.shared_cell is not None:
        yield message(
            "指标名称和目标值同在一格，中间隔一个空格；名称读作“{name}”，目标值读作“{target}”。",
            name=promise.name,
            target=promise.target or "",
        )
    yield from _describe_completion(row)
    if promise.is_possibly_two:
        yield message("另一种读法是两项指标，前一项没有目标值；文字待核。")
    if promise.is_cut_by_page and promise.parts[-1].has_class:
        yield message("归类按后一页。")
    if row.doubt is not None:
        yield from _describe_doubt(row)
    elif row.is_inherited and (promise.moved_cells or promise.is_cut_by_page):
        yield message("归类沿用上一行。")


def _describe_completion(row: ClassifiedRow) -> Iterator[Message]:
    if row.doubt is not None or not (row.is_level2_in_level1 or row.is_completed):
        return
    if (
        row.indicator_row.class_part.level2
        and row.indicator_row.class_part.level2.compact_text == row.indicator_class.level2
    ):
        yield message(
            "“{level2}”属于{level1}，缺的一级指标据此补上。",
            level2=row.indicator_class.level2,
            level1=row.indicator_class.level1,
        )
    else:
        yield message(
            "{level1}只有“{level2}”一类，缺的二级指标据此补上。",
            level2=row.indicator_class.level2,
            level1=row.indicator_class.level1,
        )


def _describe_moved_cells(indicator_row: IndicatorRow, columns: IndicatorColumns) -> Iterator[Message]:
    if any(not one.page_offset for one in indicator_row.moved_cells):
        yield message("原文这一页缺少最左侧的列，各格左移；这里把各格移回原位。")
    moved = tuple(one for one in indicator_row.moved_cells if one.page_offset)
    if moved:
        yield message(
            "原文有错栏：{cells}；这里把各格移回原位。",
            cells=_join_sentences([_describe_moved_cell(one, columns) for one in moved]),
        )


def _describe_moved_cell(moved: MovedCell, columns: IndicatorColumns) -> Message:
    return message(
        "“{words}”在{column}", words=moved.cell.stripped_text, column=columns.describe_column(moved.column)
    )


def _join_sentences(sentences: list[Message]) -> Message:
    """Join sentences with the comma of the language."""
    first = sentences[0]
    for other in sentences[1:]:
        first = message("{first}，{other}", first=first, other=other)
    return first


def _describe_class(indicator_class: IndicatorClass) -> Message:
    return message("{level1}下的{level2}", level1=indicator_class.level1, level2=indicator_class.level2)


def _describe_doubt(row: ClassifiedRow) -> Iterator[Message]:
    labels = row.indicator_row.class_part
    if row.is_doubt_inherited:
        yield message("归类沿用上一行，疑问也与上一行相同。")
    elif row.doubt is ClassDoubt.CONFLICT:
        one, other = _find_conflicting_cells(row)
        yield message(
            "原文的“{one}”和“{other}”两个类别不能同时成立。", one=one.stripped_text, other=other.stripped_text
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


def _find_conflicting_cells(row: ClassifiedRow) -> tuple[GridCell, GridCell]:
    labels = row.indicator_row.class_part
    pair = tuple(cell for cell in (labels.level1, labels.level2, labels.second_level2) if cell)
    return pair[0], pair[-1]


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
        refusal = explain_bad_line(proposal.name)
        if refusal is not None:
            for cell in (*row.indicator_row.cells, *row.indicator_row.signs_and_units):
                usage.mark_unplaced(cell, refusal)
            continue
        word = propose_id_word(row.indicator_class.level2)
        numbers[word] += 1
        proposals.append(replace(proposal, id=f"{word}-{numbers[word]}"))
    return tuple(proposals)


def _propose_indicator(row: ClassifiedRow, columns: IndicatorColumns) -> IndicatorProposal:
    promise = row.indicator_row
    name = join_lines(strip_markup(promise.name))
    filed = None if promise.target is None else join_lines(strip_markup(promise.target))
    target = normalize_target(filed) if filed else None
    cell = promise.parts[0].free_cells[0]
    notes = (*describe_repairs(row, columns), *_describe_text_defects(row, filed, target))
    defects = tuple(defect for defect, holds in _DEFECT_TESTS if holds(row)) + _find_text_defects(row, filed)
    return IndicatorProposal(
        indicator_class=row.indicator_class,
        name=name,
        target=target,
        rows=tuple(part.table_row.grid_row for part in promise.parts),
        cell=cell,
        defects=tuple(sorted(dict.fromkeys(defects), key=_DEFECT_ORDER.index)),
        class_certainty=_rate_class(row),
        text_certainty=_rate_text(row, filed, target),
        notes=notes,
    )


def _has_markup(indicator_row: IndicatorRow) -> bool:
    return any(strip_markup(words) != words for words in (indicator_row.name, indicator_row.target or ""))


def _find_offsets(row: ClassifiedRow) -> set[int]:
    return {one.offset for one in row.indicator_row.moved_cells}


def _is_shifted_irregularly(row: ClassifiedRow) -> bool:
    return bool(_find_offsets(row)) and _find_offsets(row) != {-1} and _find_offsets(row) != {1}


_DEFECT_TESTS: tuple[tuple[Defect, Callable[[ClassifiedRow], bool]], ...] = (
    (Defect.SPLIT_BY_PAGE_BREAK, lambda row: row.indicator_row.is_cut_by_page),
    (Defect.SHIFTED_LEFT, lambda row: _find_offsets(row) == {-1}),
    (Defect.SHIFTED_RIGHT, lambda row: _find_offsets(row) == {1}),
    (Defect.SHIFTED, _is_shifted_irregularly),
    (Defect.LEVEL2_IN_LEVEL1, lambda row: row.is_level2_in_level1),
    (Defect.NAME_AND_TARGET_IN_ONE_CELL, lambda row: row.indicator_row.shared_cell is not None),
    (Defect.TARGET_MISSING, lambda row: row.indicator_row.target is None),
    (Defect.CLASS_UNCERTAIN, lambda row: row.doubt is not None and row.doubt.is_of_this_form),
)
_DEFECT_ORDER = (
    Defect.NUMBER_MISSING,
    Defect.SPLIT_BY_PAGE_BREAK,
    Defect.SHIFTED,
    Defect.SHIFTED_LEFT,
    Defect.SHIFTED_RIGHT,
    Defect.LEVEL2_IN_LEVEL1,
    Defect.NAME_AND_TARGET_IN_ONE_CELL,
    Defect.TARGET_MISSING,
    Defect.MARKUP_RESIDUE,
    Defect.CLASS_UNCERTAIN,
)


def _find_text_defects(row: ClassifiedRow, filed: str | None) -> tuple[Defect, ...]:
    promise = row.indicator_row
    found = []
    if any(map(split_at_lost_number, (promise.name, filed or ""))):
        found.append(Defect.NUMBER_MISSING)
    if _has_markup(promise):
        found.append(Defect.MARKUP_RESIDUE)
    return tuple(found)


def _rate_class(row: ClassifiedRow) -> Certainty:
    if row.doubt is not None:
        return Certainty.UNCONFIRMED
    return Certainty.RESTORED if row.is_damaged else Certainty.PRINTED


def _rate_text(row: ClassifiedRow, filed: str | None, target: str | None) -> Certainty:
    promise = row.indicator_row
    is_moved = _is_text_moved(row)
    if promise.is_possibly_two or (filed and target is None) or (promise.target is None and is_moved):
        return Certainty.UNCONFIRMED
    if is_moved or promise.is_cut_by_page or promise.shared_cell is not None or filed != target:
        return Certainty.RESTORED
    return Certainty.PRINTED


def _is_text_moved(row: ClassifiedRow) -> bool:
    """Return whether name or target is in another column than its own, on a complete page."""
    return any(one.page_offset and not one.is_class for one in row.indicator_row.moved_cells)


def _describe_text_defects(row: ClassifiedRow, filed: str | None, target: str | None) -> Iterator[Message]:
    promise = row.indicator_row
    for words in (promise.name, filed or ""):
        lost = split_at_lost_number(words)
        if lost:
            yield message("原文“{before}”与“{after}”之间缺少数字，无法复原。", before=lost[0], after=lost[1])
    if _has_markup(promise):
        yield message("原文留有网页标记，这里略去标记，文字未改。")
    if promise.target is None and _is_text_moved(row):
        yield message("原文没有目标值，这里不补；另一种读法是这一行与下一行同为一项指标，目标值待核。")
    elif promise.target is None:
        yield message("原文没有目标值，这里不补。")
    elif filed and target is None:
        reason = explain_bad_target(filed)
        if reason is not None:
            yield message("原文的目标值“{filed}”读不出来，这里不写：{reason}。", filed=filed, reason=reason)
    elif filed and target != filed:
        yield message(
            "原文的目标值写作“{filed}”，这里把符号改成半角：{target}", filed=filed, target=target or ""
        )
