"""A file is cut into its single forms: each from its title, or else from 项目名称, to its last line."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.i18n import message
from jixiao.importers.form_labels import NAME, field_of, is_title, names_department, names_transfer
from jixiao.importers.grid import Grid, Row
from jixiao.importers.indicator_columns import is_heading
from jixiao.importers.single_forms import kind_by_title
from jixiao.problems import Place, Problem

FORMS_LIMIT = 500
"""Forms in one file."""
_ROWS_LIMIT = 400
"""Rows of one form. The longest seen has 42; what is made of more could be too long for a declaration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One form of a file."""

    number: int
    """Within its file, counted from 1."""
    rows: tuple[Row, ...]
    """From its first line to its last that is not empty; empty rows stand between."""

    @property
    def lines(self) -> tuple[int, int]:
        """The numbers of its first and its last row."""
        return self.rows[0].number, self.rows[-1].number


def cut(grid: Grid) -> tuple[Form, ...] | Problem:
    """Cut *grid* into forms; say so when there is none, or more than anybody files.

    What stands above the first form belongs to none.
    """
    starts = _starts(grid.rows)
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
    ends = [*starts[1:], len(grid.rows)]
    forms = tuple(
        Form(number=number, rows=_without_empty_end(grid.rows[start:end]))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )
    return next((_too_long(form, grid.file) for form in forms if len(form.rows) > _ROWS_LIMIT), forms)


def _too_long(form: Form, file: str) -> Problem:
    return Problem(
        rule="form-too-long",
        place=Place(file, form.lines[0]),
        message=message(
            "这份申报表有 {count} 行，超过 {limit} 行", count=str(len(form.rows)), limit=str(_ROWS_LIMIT)
        ),
        hint=message("请核对几份申报表之间的标题是不是丢了，或是不是混进了别的内容"),
    )


def _starts(rows: tuple[Row, ...]) -> list[int]:
    """Return the positions at which forms begin: a title with a name below it, or 项目名称 alone.

    A title with a table and no name is repeated on a further page, unless it says that the form is of
    another kind.
    """
    starts: list[int] = []
    title: int | None = None
    is_whole = False
    for position, row in enumerate(rows):
        if is_title(row):
            title = position
            continue
        has_name = any(field_of(cell) == NAME for cell in row.filled)
        is_table = is_heading(row)
        if has_name or (title is not None and _names_other(row, rows[title], is_table=is_table)):
            # The name of a project stands below other labels of its form.
            if title is not None or not starts or is_whole:
                starts.append(position if title is None else title)
                is_whole = False
            is_whole = is_whole or has_name
        is_whole = is_whole or is_table
        if has_name or is_table or (starts and starts[-1] == title):
            title = None
    return starts


def _names_other(row: Row, title: Row, *, is_table: bool) -> bool:
    """Return whether *row* names what a form of another kind is about, or is the table of such a form."""
    is_other = kind_by_title(title.filled[0]) is not None
    return (is_table and is_other) or any(
        names_transfer(cell) or (names_department(cell) and is_other) for cell in row.filled
    )


def begins_form(row: Row) -> bool:
    """Tell whether *row* is a title, or holds 项目名称."""
    return is_title(row) or any(field_of(cell) == NAME for cell in row.filled)


def _without_empty_end(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    last = max(position for position, row in enumerate(rows) if row.filled)
    return rows[: last + 1]
