"""The kind of a form: a declaration of a project's targets, or one for which the site has no place yet.

Told by the end of its title (a project may be named 自评), then by its labels and columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from jixiao.i18n import Message, message
from jixiao.importers.form_labels import (
    NAME,
    ends_table,
    field_of,
    is_side,
    is_title,
    names_department,
    names_transfer,
    title_without_brackets,
)
from jixiao.importers.grid import Cell, Row
from jixiao.importers.indicator_columns import (
    Role,
    has_recipients,
    headed_columns,
    headings_of,
    is_heading,
    role_of,
)
from jixiao.problems import Place, Problem


class FormKind(StrEnum):
    """A kind of form that is no declaration."""

    RESULTS = "results"
    MONITORING = "monitoring"
    DEPARTMENT = "department"
    TRANSFER = "transfer"
    LIST = "list"
    RECIPIENTS = "recipients"


class Evidence(NamedTuple):
    """What a form shows itself to be, and the cell that shows it."""

    kind: FormKind
    cell: Cell


_RESULTS_TITLE = re.compile(
    r"(?:自评|自我评价|评价|评分|完成情况)(?:得分|结果|情况|打分|报告|汇总|评分|指标|体系|自评)*(?:表|报告)$"
)
_MONITORING_TITLE = re.compile(r"(?:监控|跟踪|监测)(?:情况|信息|结果|汇总|审核|分析|报告|统计)*表$")
_DEPARTMENT_BEFORE = re.compile(r"整体(?:[（(].{1,6}[）)])?(?:支出|预算)*$")
_SURELY_DEPARTMENT = re.compile(r"(?:部门|单位)[）)]?整体|整体支出")
_TRANSFER_BEFORE = re.compile(r"转移支付(?:[（(].{1,8}[）)]|资金|补助|区域|项目)*$")
_REGION_BEFORE = re.compile(r"区域(?:[（(].{1,8}[）)])?$")
_TRANSFERRED = re.compile(r"转移支付.{0,8}区域")
_WORD_OF_TITLES = re.compile(r"(.*)绩效(.*)")
_EXECUTED = re.compile(r".{0,6}执行数.{0,8}")


def evidence_of_other_kind(rows: Sequence[Row]) -> Evidence | None:
    """Return why the form of *rows* is no declaration of a project; `None` if it is one.

    Args:
        rows: All rows of the form, from its title on if it has one.
    """
    has_name = any(field_of(cell) == NAME for row in rows for cell in row.filled)
    title = rows[0].filled[0] if is_title(rows[0]) else None
    if title is not None:
        kind = _kind_by_title(title, has_name=has_name)
        if kind is not None:
            return Evidence(kind, title)
    heads = [headings_of(rows[at:]) for at, row in enumerate(rows) if is_heading(row)]
    return _by_columns(heads, rows) or (None if has_name else _by_labels(rows, has_table=bool(heads)))


def kind_by_title(title: Cell) -> FormKind | None:
    """Return the kind that a title alone says, of a form that has no name of a project."""
    return _kind_by_title(title, has_name=False)


def _kind_by_title(title: Cell, *, has_name: bool) -> FormKind | None:
    words = title_without_brackets(title)
    parts = _WORD_OF_TITLES.fullmatch(words)
    before, behind = (parts[1], parts[2]) if parts else ("", words)
    if _RESULTS_TITLE.search(behind):
        return FormKind.RESULTS
    if _MONITORING_TITLE.search(behind):
        return FormKind.MONITORING
    if _DEPARTMENT_BEFORE.search(before) and (_SURELY_DEPARTMENT.search(before) or not has_name):
        return FormKind.DEPARTMENT
    if _TRANSFER_BEFORE.search(before) or (
        _REGION_BEFORE.search(before) and (_TRANSFERRED.search(before) or not has_name)
    ):
        return FormKind.TRANSFER
    return None


def _by_columns(heads: Sequence[Row], rows: Sequence[Row]) -> Evidence | None:
    for head in heads:
        headed = {one.role: one.cell for one in reversed(headed_columns(head)) if one.role}
        if Role.FORECAST in headed:
            return Evidence(FormKind.MONITORING, headed[Role.FORECAST])
        if Role.PROJECT in headed and not _is_side(headed[Role.PROJECT], rows):
            return Evidence(FormKind.LIST, headed[Role.PROJECT])
        actual = headed.get(Role.ACTUAL)
        if actual and (headed.keys() & {Role.SCORE, Role.REASON} or _is_filled(actual, rows)):
            return Evidence(FormKind.RESULTS, actual)
        if has_recipients(head):
            return Evidence(FormKind.RECIPIENTS, head.filled[-1])
    return next(filter(None, map(_of_money, rows)), None)


def _is_side(heading: Cell, rows: Sequence[Row]) -> bool:
    """Return whether *heading* is the first sign of the label beside the table: 项目 over 绩效 and 指标."""
    return heading.column == 1 and all(map(is_side, (heading, *_below(heading, rows))))


def _is_filled(heading: Cell, rows: Sequence[Row]) -> bool:
    """Return whether something stands below a heading, in the rows of its table."""
    return any(True for _ in _below(heading, rows))


def _below(heading: Cell, rows: Sequence[Row]) -> Iterator[Cell]:
    """List what stands below a heading, to the end of its table."""
    following = (row for row in rows if row.number > heading.row and row.filled)
    for row in takewhile(lambda row: row.filled[0].column > 1 or not ends_table(row.filled[0]), following):
        yield from (cell for cell in row.filled if cell.column == heading.column)


def _of_money(row: Row) -> Evidence | None:
    """Find a block of money that reports what was spent and scored: 全年执行数, 得分."""
    executed = next((cell for cell in row.filled if _EXECUTED.fullmatch(cell.squeezed)), None)
    if executed is None:
        return None
    roles = {role_of(cell) for cell in row.filled}
    if Role.SCORE in roles:
        return Evidence(FormKind.RESULTS, executed)
    return Evidence(FormKind.MONITORING, executed) if Role.FORECAST in roles else None


def _by_labels(rows: Sequence[Row], *, has_table: bool) -> Evidence | None:
    for row in rows:
        for cell in row.filled:
            if names_transfer(cell):
                return Evidence(FormKind.TRANSFER, cell)
            if has_table and names_department(cell):
                return Evidence(FormKind.DEPARTMENT, cell)
    return None


def refusal_of_form(evidence: Evidence, rows: Sequence[Row], file: str, *, counts_lines: bool) -> Problem:
    """Return the problem that names the kind of a form, what shows it, and what to do.

    Args:
        evidence: Its kind, with the cell that shows it.
        rows: All rows of the form.
        file: As messages name it.
        counts_lines: Whether the numbers of rows are those that a reader of the file sees beside them.
    """
    return Problem(
        rule="other-kind-of-form",
        place=Place(file, rows[0].number) if counts_lines else Place(file),
        message=message(
            "{first} 至 {last}：{kind}，没有读入：{place}写着“{words}”",
            first=rows[0].place,
            last=rows[-1].place,
            kind=_kind(evidence.kind),
            place=evidence.cell.place,
            words=evidence.cell.squeezed[:60],
        ),
        hint=message(
            "现在只能公布项目支出绩效目标表（申报表、批复表）：请换成这个项目的绩效目标表；一份里有别的表的，其余各份照常读入"
        ),
    )


def _kind(kind: FormKind) -> Message:
    match kind:
        case FormKind.RESULTS:
            return message("这是绩效自评（评价）表，填的是完成情况，不是目标")
        case FormKind.MONITORING:
            return message("这是绩效运行监控表，不是目标申报表")
        case FormKind.DEPARTMENT:
            return message("这是部门（单位）整体支出的表，不是一个项目的")
        case FormKind.TRANSFER:
            return message("这是转移支付（区域）的表，不是一个项目的")
        case FormKind.LIST:
            return message("这是一张表列多个项目的清单，不是一个项目一份")
        case FormKind.RECIPIENTS:
            return message("这张表没有目标值一栏，各地各占一栏，不是一个项目的目标")
