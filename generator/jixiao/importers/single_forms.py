"""Single forms: a grid is split at titles and project names, and the kind of each form is recognised.

The kind follows from the end of the title (a project may be named 自评), then from labels and columns. Kinds
other than a declaration of targets are refused with a problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from jixiao.i18n import message
from jixiao.importers.form_cells import Grid, GridCell, GridRow
from jixiao.importers.form_labels import (
    NAME,
    find_field,
    is_below_table,
    is_department_label,
    is_table_side_label,
    is_title,
    is_transfer_label,
    strip_title_brackets,
)
from jixiao.importers.indicator_columns import (
    ColumnRole,
    find_headed_columns,
    find_role,
    has_recipient_columns,
    is_heading_row,
    merge_headings,
)
from jixiao.problems import Place, Problem


class FormKind(StrEnum):
    """Kind of a form that is not a declaration."""

    RESULTS = "results"
    MONITORING = "monitoring"
    DEPARTMENT = "department"
    TRANSFER = "transfer"
    LIST = "list"
    RECIPIENTS = "recipients"


class FormKindEvidence(NamedTuple):
    """Kind of a form with the cell that proves it."""

    kind: FormKind
    cell: GridCell


_RESULTS_TITLE = re.compile(
    r"(?:自评|自我评价|评价|评分|完成情况)(?:得分|结果|情况|打分|报告|汇总|评分|指标|体系|自评)*(?:表|报告)$"
)
_MONITORING_TITLE = re.compile(r"(?:监控|跟踪|监测)(?:情况|信息|结果|汇总|审核|分析|报告|统计)*表$")
_DEPARTMENT_PREFIX = re.compile(r"整体(?:[（(].{1,6}[）)])?(?:支出|预算)*$")
_CERTAIN_DEPARTMENT = re.compile(r"(?:部门|单位)[）)]?整体|整体支出")
_TRANSFER_PREFIX = re.compile(r"转移支付(?:[（(].{1,8}[）)]|资金|补助|区域|项目)*$")
_REGION_PREFIX = re.compile(r"区域(?:[（(].{1,8}[）)])?$")
_TRANSFER_TO_REGION = re.compile(r"转移支付.{0,8}区域")
_PERFORMANCE_TITLE = re.compile(r"(.*)绩效(.*)")
_EXECUTED_SUM = re.compile(r".{0,6}执行数.{0,8}")


def find_other_kind(rows: Sequence[GridRow]) -> FormKindEvidence | None:
    """Return evidence that the form of *rows* is not a project declaration; `None` if it is one.

    Args:
        rows: All rows of the form, from its title on if it has one.
    """
    has_name = any(map(_has_name, rows))
    title = rows[0].filled_cells[0] if is_title(rows[0]) else None
    if title is not None:
        kind = _find_kind_by_title(title, has_name=has_name)
        if kind is not None:
            return FormKindEvidence(kind, title)
    headings = [merge_headings(rows[at:]) for at, row in enumerate(rows) if is_heading_row(row)]
    evidence = _find_kind_by_columns(headings, rows)
    if evidence is not None or has_name:
        return evidence
    for cell in (cell for row in rows for cell in row.filled_cells):
        if is_transfer_label(cell):
            return FormKindEvidence(FormKind.TRANSFER, cell)
        if headings and is_department_label(cell):
            return FormKindEvidence(FormKind.DEPARTMENT, cell)
    return None


def _find_kind_by_title(title: GridCell, *, has_name: bool) -> FormKind | None:
    """Return the kind implied by a title; some words are certain only in a form without a project name."""
    text = strip_title_brackets(title)
    parts = _PERFORMANCE_TITLE.fullmatch(text)
    before, behind = (parts[1], parts[2]) if parts else ("", text)
    if _RESULTS_TITLE.search(behind):
        return FormKind.RESULTS
    if _MONITORING_TITLE.search(behind):
        return FormKind.MONITORING
    if _DEPARTMENT_PREFIX.search(before) and (_CERTAIN_DEPARTMENT.search(before) or not has_name):
        return FormKind.DEPARTMENT
    if _TRANSFER_PREFIX.search(before) or (
        _REGION_PREFIX.search(before) and (_TRANSFER_TO_REGION.search(before) or not has_name)
    ):
        return FormKind.TRANSFER
    return None


def _find_kind_by_columns(headings: Sequence[GridRow], rows: Sequence[GridRow]) -> FormKindEvidence | None:
    """Find columns that a declaration does not have, or a block of money that reports spending and scores."""
    for row in headings:
        cells = {column.role: column.cell for column in reversed(find_headed_columns(row)) if column.role}
        if ColumnRole.FORECAST in cells:
            return FormKindEvidence(FormKind.MONITORING, cells[ColumnRole.FORECAST])
        project = cells.get(ColumnRole.PROJECT)
        if project:
            # 项目 in the first column may begin the label beside the table, above 绩效 and 指标.
            side = (project, *_find_cells_below(project, rows))
            if project.column > 1 or not all(map(is_table_side_label, side)):
                return FormKindEvidence(FormKind.LIST, project)
        actual = cells.get(ColumnRole.ACTUAL)
        has_score = not cells.keys().isdisjoint({ColumnRole.SCORE, ColumnRole.REASON})
        if actual and (has_score or _find_cells_below(actual, rows)):
            return FormKindEvidence(FormKind.RESULTS, actual)
        if has_recipient_columns(row):
            return FormKindEvidence(FormKind.RECIPIENTS, row.filled_cells[-1])
    return next(filter(None, map(_find_kind_by_money, rows)), None)


def _find_cells_below(heading: GridCell, rows: Sequence[GridRow]) -> list[GridCell]:
    """Return the filled cells below a heading, to the end of its table."""
    cells: list[GridCell] = []
    for row in rows:
        if row.number > heading.row and row.filled_cells:
            if row.filled_cells[0].column == 1 and is_below_table(row.filled_cells[0]):
                break
            cells.extend(cell for cell in row.filled_cells if cell.column == heading.column)
    return cells


def _find_kind_by_money(row: GridRow) -> FormKindEvidence | None:
    """Find a block of money that reports spending and scores: 全年执行数, 得分."""
    executed = next((cell for cell in row.filled_cells if _EXECUTED_SUM.fullmatch(cell.compact_text)), None)
    if executed is None:
        return None
    roles = {find_role(cell) for cell in row.filled_cells}
    if ColumnRole.SCORE in roles:
        return FormKindEvidence(FormKind.RESULTS, executed)
    return FormKindEvidence(FormKind.MONITORING, executed) if ColumnRole.FORECAST in roles else None


def build_other_kind_problem(
    evidence: FormKindEvidence, rows: Sequence[GridRow], file: str, *, counts_lines: bool
) -> Problem:
    """Build the problem that names the kind of a form, its evidence, and the remedy.

    Args:
        evidence: Kind of the form, with the cell that proves it.
        rows: All rows of the form.
        file: Path of the file as shown in messages.
        counts_lines: Whether row numbers equal the line numbers that a user of the file sees.
    """
    return Problem(
        rule="other-kind-of-form",
        place=Place(file, rows[0].number) if counts_lines else Place(file),
        message=message(
            "{first} 至 {last}：{kind}，没有读入：{place}写着“{words}”",
            first=rows[0].place,
            last=rows[-1].place,
            kind=_KIND_DESCRIPTIONS[evidence.kind],
            place=evidence.cell.place,
            words=evidence.cell.compact_text[:60],
        ),
        hint=message(
            "现在只能公布项目支出绩效目标表（申报表、批复表）：请换成这个项目的绩效目标表；一份里有别的表的，其余各份照常读入"
        ),
    )


_KIND_DESCRIPTIONS = {
    FormKind.RESULTS: message("这是绩效自评（评价）表，填的是完成情况，不是目标"),
    FormKind.MONITORING: message("这是绩效运行监控表，不是目标申报表"),
    FormKind.DEPARTMENT: message("这是部门（单位）整体支出的表，不是一个项目的"),
    FormKind.TRANSFER: message("这是转移支付（区域）的表，不是一个项目的"),
    FormKind.LIST: message("这是一张表列多个项目的清单，不是一个项目一份"),
    FormKind.RECIPIENTS: message("这张表没有目标值一栏，各地各占一栏，不是一个项目的目标"),
}


FORMS_LIMIT = 500
"""Number of forms in one file."""
_ROWS_LIMIT = 400
"""Rows of one form. The longest seen has 42; more could be too long for a declaration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One form of a file."""

    number: int
    """Number within its file, counted from 1."""
    rows: tuple[GridRow, ...]
    """Rows from its first to its last filled one, empty rows between them included."""

    @property
    def line_range(self) -> tuple[int, int]:
        """Numbers of its first and last row."""
        return self.rows[0].number, self.rows[-1].number


def split_forms(grid: Grid) -> tuple[Form, ...] | Problem:
    """Split *grid* into forms, or return a problem if there is none, or more than anybody files.

    Rows above the first form belong to none.
    """
    starts = _find_starts(grid.rows)
    if not starts:
        return Problem(
            rule="no-form",
            place=Place(grid.file),
            message=message("没有找到申报表：没有一格是“项目名称”"),
            hint=message("文字版申报表一行一行，各格之间用制表符（Tab）隔开；请从原表重新导出"),
        )
    if len(starts) > FORMS_LIMIT:
        return Problem(
            rule="too-many-forms",
            place=Place(grid.file, grid.rows[starts[FORMS_LIMIT]].number),
            message=message(
                "这个文件里有 {count} 份申报表，超过 {limit} 份",
                count=str(len(starts)),
                limit=str(FORMS_LIMIT),
            ),
            hint=message("请分成几个文件"),
        )
    forms = []
    for number, (start, end) in enumerate(pairwise([*starts, len(grid.rows)]), 1):
        last = max(position for position in range(start, end) if grid.rows[position].filled_cells)
        rows = grid.rows[start : last + 1]
        if len(rows) > _ROWS_LIMIT:
            return Problem(
                rule="form-too-long",
                place=Place(grid.file, rows[0].number),
                message=message(
                    "这份申报表有 {count} 行，超过 {limit} 行", count=str(len(rows)), limit=str(_ROWS_LIMIT)
                ),
                hint=message("请核对几份申报表之间的标题是不是丢了，或是不是混进了别的内容"),
            )
        forms.append(Form(number=number, rows=rows))
    return tuple(forms)


def _find_starts(rows: tuple[GridRow, ...]) -> list[int]:
    """Return the positions at which forms begin: a title with a name below it, or 项目名称 alone.

    A title with a table and no name is repeated on a further page, unless it names another kind of form.
    """
    starts: list[int] = []
    title: int | None = None
    is_whole = False
    for position, row in enumerate(rows):
        if is_title(row):
            title = position
            continue
        has_name = _has_name(row)
        is_table = is_heading_row(row)
        if has_name or (title is not None and _is_other_form_row(row, rows[title], is_table=is_table)):
            # The name may be below other labels of the form that its title begins.
            if title is not None or not starts or is_whole:
                starts.append(position if title is None else title)
                is_whole = False
            is_whole = is_whole or has_name
        is_whole = is_whole or is_table
        if has_name or is_table or (starts and starts[-1] == title):
            title = None
    return starts


def _is_other_form_row(row: GridRow, title: GridRow, *, is_table: bool) -> bool:
    """Return whether *row* names the subject of another kind of form, or is its table."""
    is_other = _find_kind_by_title(title.filled_cells[0], has_name=False) is not None
    return (is_table and is_other) or any(
        is_transfer_label(cell) or (is_department_label(cell) and is_other) for cell in row.filled_cells
    )


def is_form_start(row: GridRow) -> bool:
    """Return whether *row* is a title or holds 项目名称."""
    return is_title(row) or _has_name(row)


def _has_name(row: GridRow) -> bool:
    return any(find_field(cell) == NAME for cell in row.filled_cells)
