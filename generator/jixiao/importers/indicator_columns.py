"""Columns of an indicator table, read from its row of headings.

The meaning of a column is never guessed: where no heading names the target column, no target is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import GridCell, GridRow

_MIN_LEVELS = 2
_MIN_HEADINGS = 3
"""Least number of known headings in a table that names only one of its levels."""
_MIN_RECIPIENTS = 2
"""Least number of unknown columns in place of a target that stand for recipients of the money."""


class ColumnRole(StrEnum):
    """Content of a column."""

    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    TARGET = "target"
    """Target of the year, or one whose heading names no period."""
    LATER_TARGET = "later-target"
    """Target of several years."""
    PREVIOUS = "previous"
    SIGN = "sign"
    UNIT = "unit"
    WEIGHT = "weight"
    SCORE = "score"
    FORECAST = "forecast"
    """Progress by a month or expected result, as a monitoring form asks."""
    ACTUAL = "actual"
    REASON = "reason"
    PROJECT = "project"
    """Project names of a list."""
    OTHER = "other"


_LATER_PERIOD = re.compile(r"实施周期|实施期|中长期|中期|长期|周期|三年|总体|全周期|项目期").pattern
_THIS_YEAR = re.compile(r"全年|本年度?|当年度?|年度|年初|20[0-9]{2}年度?").pattern
_TARGET_WORD = re.compile(r"(?:绩效|项目|指标|目标|预期|计划|设定|申报|实现|标准|完成|三级)").pattern
_ROLES: tuple[tuple[ColumnRole, re.Pattern[str]], ...] = (
    (ColumnRole.LEVEL1, re.compile(r"一级(?:指标)?(?:名称)?|一级目标|指标(?:类别|类型)")),
    (ColumnRole.LEVEL2, re.compile(r"二级(?:指标)?(?:名称)?|二级目标")),
    (
        ColumnRole.NAME,
        re.compile(r"[三四]级(?:指标)?(?:名称|内容)?|三级目标|(?:绩效|具体)?指标(?:名称|内容|名)|具体指标"),
    ),
    (ColumnRole.PREVIOUS, re.compile(r".{0,20}(?:前年|上一?年|去年|近[两三]年|历史|基期|基准).{0,20}")),
    (
        ColumnRole.FORECAST,
        re.compile(
            r".{0,6}(?:[0-9一二三四五六七八九十]{1,2}月?[-—~～至到][0-9一二三四五六七八九十]{1,2}月|上?半年|季度)"
            r".{0,4}(?:执行|完成|实际|支出).{0,6}|.{0,6}预计.{0,4}(?:完成|执行|实现).{0,6}"
            r"|.{0,6}(?:完成|实现).{0,4}可能性.{0,6}"
        ),
    ),
    (
        ColumnRole.ACTUAL,
        re.compile(
            r"(?:年度|全年|指标|目标|自评)?.{0,4}实际(?:完成|达到|实现)?(?:指标)?(?:值|情况|水平)|实际完成"
            r"|(?:年度|全年|目标|指标|自评)?.{0,3}完成(?:情况|值|结果)|业绩值|执行结果"
        ),
    ),
    (ColumnRole.SCORE, re.compile(r".{0,8}得分.{0,4}|自评分(?:值|数)?|评分")),
    (
        ColumnRole.REASON,
        re.compile(r".{0,8}(?:偏差|未完成|差异|未达标|未达成|扣分).{0,8}(?:原因|分析|说明|措施).{0,12}"),
    ),
    (
        ColumnRole.LATER_TARGET,
        re.compile(
            rf"(?:项目)?(?:{_LATER_PERIOD}|整个实施期)(?:项目)?{_TARGET_WORD}{{0,3}}(?:值|标准)"
            rf"|{_TARGET_WORD}{{1,2}}值?(?:{_LATER_PERIOD})|20[0-9]{{2}}年?(?:至|-|—)+20[0-9]{{2}}年?.{{0,6}}值"
        ),
    ),
    (
        ColumnRole.TARGET,
        re.compile(
            rf"(?:{_THIS_YEAR})?/?(?:项目)?{_TARGET_WORD}{{0,4}}(?:值|标准值|水平)(?:\+单位|及单位|或计划水平)?"
            rf"|{_TARGET_WORD}{{1,2}}值?(?:年度|当年|本年)"
        ),
    ),
    (
        ColumnRole.SIGN,
        re.compile(
            r"(?:绩效)?指标(?:性质|方向性?|值符号|符号|属性)|性质|方向性?|(?:比较|计算|运算|判断)?符号|关系符|比较符"
        ),
    ),
    (ColumnRole.UNIT, re.compile(r"(?:度量|计量|指标|指标值|指标计量|目标值)?单位|量纲")),
    (
        ColumnRole.WEIGHT,
        re.compile(
            r"(?:指标|标准|参考|设定|计划|[一二三]级指标)?(?:分值|权重|分数)(?:权重|分值)?分?(?:[0-9]+分?)?"
            r"|满分|标准分|权重%"
        ),
    ),
    (ColumnRole.PROJECT, re.compile(r"(?:单位名称[、,/(（]?)?(?:二级|支出)?项目(?:名称)?[)）]?")),
    (
        ColumnRole.OTHER,
        re.compile(
            r"指标(?:解释|说明|释义|定义|内涵)|(?:绩效|评分|评价|评扣分|考核)?标准|备注|序号|编号"
            r"|(?:是否)?核心指标|是否核心|完成率|数据来源|.{0,8}(?:设定|确定)依据.{0,8}"
            r"|.{0,4}评分(?:标准|方法|办法|细则|规则)|计算(?:方法|公式)|佐证材料"
        ),
    ),
)
_BRACKET = re.compile(r"[（(]([^（()）]{0,30})[)）]$")
_LATER_PERIOD_WORDS = re.compile(_LATER_PERIOD)
_LATER_SIDE_LABEL = re.compile(rf"(?:{_LATER_PERIOD}).{{0,8}}(?:指标|目标).{{0,20}}")
_NAME_LEVEL = re.compile("[三四]级")
_PERIOD_ALONE = re.compile(rf"(?:{_LATER_PERIOD}|{_THIS_YEAR})")
_LEVEL_ROLES = frozenset({ColumnRole.LEVEL1, ColumnRole.LEVEL2, ColumnRole.NAME})
_VALUE_ROLES = frozenset(
    {
        ColumnRole.TARGET,
        ColumnRole.LATER_TARGET,
        ColumnRole.ACTUAL,
        ColumnRole.UNIT,
        ColumnRole.SIGN,
        ColumnRole.WEIGHT,
        ColumnRole.SCORE,
    }
)


class HeadedColumn(NamedTuple):
    """Column with its heading."""

    role: ColumnRole | None
    """Role of the column; `None` if the heading is unknown."""
    cell: GridCell


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorColumns:
    """Columns of the table, counted from 1."""

    level1: int
    level2: int
    name: int
    target: int
    width: int
    """Number of cells in the row of headings."""
    headings: Mapping[int, GridCell] = field(default_factory=dict)
    """Headings by column."""
    other_columns: frozenset[int] = frozenset()
    """Columns left of the target that belong to no field."""
    sign_columns: tuple[int, ...] = ()
    """Columns that may hold the sign of the target."""
    unit_column: int | None = None
    """Column of the unit of the target."""
    problem: Message | None = None
    """Reason why no target can be read from the table."""

    @property
    def has_extra_columns(self) -> bool:
        """Whether the table has columns that simple forms lack, so that a shifted row cannot be repaired."""
        return bool(self.other_columns or self.sign_columns or self.unit_column)

    def find_heading(self, column: int) -> str:
        """Return the heading text of a column."""
        return self.headings[column].compact_text

    def describe_column(self, column: int) -> Message:
        """Return the name of a column as its heading has it."""
        names = {
            self.level1: message("一级指标格"),
            self.level2: message("二级指标格"),
            self.name: message("三级指标格"),
            self.target: message("目标值格"),
        }
        return names.get(column, message("最左侧的格") if column < self.level1 else message("最右侧的格"))


def find_role(cell: GridCell) -> ColumnRole | None:
    """Return the role of the column headed by *cell*, or `None` if the heading is unknown."""
    heading = cell.compact_text
    if _PERIOD_ALONE.fullmatch(heading):
        # Below the heading of the targets a period is enough.
        return ColumnRole.LATER_TARGET if _LATER_PERIOD_WORDS.search(heading) else ColumnRole.TARGET
    role = _match_role(heading)
    bracket = _BRACKET.search(heading)
    if role is not None or bracket is None:
        return role
    role = _match_role(heading[: bracket.start()])
    is_later = role is ColumnRole.TARGET and _LATER_PERIOD_WORDS.search(bracket[1])
    return ColumnRole.LATER_TARGET if is_later else role


def _match_role(heading: str) -> ColumnRole | None:
    return next((role for role, pattern in _ROLES if pattern.fullmatch(heading)), None)


def find_headed_columns(row: GridRow) -> tuple[HeadedColumn, ...]:
    """Return the columns of a row of headings, without the label beside the table."""
    has_level = any(_NAME_LEVEL.match(cell.compact_text) for cell in row.filled_cells)
    columns = []
    for cell in row.filled_cells:
        role = find_role(cell)
        if has_level and role is ColumnRole.NAME and not _NAME_LEVEL.match(cell.compact_text):
            # Beside 三级指标 a column 指标内容 explains it.
            role = ColumnRole.OTHER
        columns.append(HeadedColumn(role, cell))
    is_side_label = columns and columns[0].role is None and columns[0].cell.column == 1
    return tuple(columns[1:] if is_side_label else columns)


def is_heading_row(row: GridRow) -> bool:
    """Return whether *row* holds the headings of the columns."""
    roles = {find_role(cell) for cell in row.filled_cells} - {None}
    levels = len(roles & _LEVEL_ROLES)
    return levels >= _MIN_LEVELS or (
        levels == 1 and len(roles & (_LEVEL_ROLES | _VALUE_ROLES)) >= _MIN_HEADINGS
    )


def explain_bad_later_heading(row: GridRow, first: GridRow) -> Message | None:
    """Return why rows below a repeated heading row cannot be read by the *first* one, if so."""
    side = row.filled_cells[0]
    if side.column == 1 and _LATER_SIDE_LABEL.match(side.compact_text):
        return message("这一段是中长期指标，文件里没有这一栏")
    if [column.role for column in find_headed_columns(row)] != [
        column.role for column in find_headed_columns(first)
    ]:
        return message("这里的表头和前面的不同，分不清各格属于哪一栏")
    return None


def is_subheading_row(row: GridRow) -> bool:
    """Return whether *row*, below a row of headings, divides one of its columns."""
    return len(row.filled_cells) > 1 and all(find_role(cell) in _VALUE_ROLES for cell in row.filled_cells)


def merge_headings(rows: Sequence[GridRow]) -> GridRow:
    """Merge the headings at the start of *rows* into one row; subheadings replace divided columns.

    Args:
        rows: Rows from a row of headings on.
    """
    first = rows[0]
    if len(rows) == 1 or not is_subheading_row(rows[1]):
        return first
    headings = {cell.column: cell for cell in first.filled_cells} | {
        cell.column: cell for cell in rows[1].filled_cells
    }
    longer = max(first.cells, rows[1].cells, key=len)
    return replace(first, cells=tuple(headings.get(cell.column, cell) for cell in longer))


def has_recipient_columns(row: GridRow) -> bool:
    """Return whether a table has no target but one column for each of several places."""
    headed = find_headed_columns(row)
    names = [column.cell.column for column in headed if column.role is ColumnRole.NAME]
    unknown = [column for column in headed if column.role is None and names and column.cell.column > names[0]]
    is_without_target = not any(
        column.role in {ColumnRole.TARGET, ColumnRole.LATER_TARGET} for column in headed
    )
    return is_without_target and len(unknown) >= _MIN_RECIPIENTS


def read_columns(row: GridRow) -> IndicatorColumns:
    """Assign columns to fields by a row of headings."""
    headed = find_headed_columns(row)
    at = {role: [column.cell.column for column in headed if column.role is role] for role in ColumnRole}
    target, problem = _find_target_column(headed, at)
    end = target or len(row.cells) + 1
    name = _find_last_column_before(at[ColumnRole.NAME], end) or end - 1
    if (
        problem is None
        and name not in at[ColumnRole.NAME]
        and any(column.cell.column == name for column in headed)
    ):
        problem = message("认不出哪一栏是指标名称：表头里没有“三级指标”“指标名称”")
    level2 = _find_last_column_before(at[ColumnRole.LEVEL2], name) or name - 1
    level1 = _find_last_column_before(at[ColumnRole.LEVEL1], level2) or level2 - 1
    known = {level1, level2, name, end}
    signs = tuple(column for column in at[ColumnRole.SIGN] if name < column <= end + _MIN_RECIPIENTS)
    unit = next((column for column in at[ColumnRole.UNIT] if name < column <= end + _MIN_RECIPIENTS), None)
    return IndicatorColumns(
        level1=level1,
        level2=level2,
        name=name,
        target=end,
        width=len(row.cells),
        headings={column.cell.column: column.cell for column in headed},
        other_columns=frozenset(
            column.cell.column
            for column in headed
            if column.cell.column < end and column.cell.column not in {*known, *signs, unit}
        ),
        sign_columns=signs,
        unit_column=unit,
        problem=problem,
    )


def _find_last_column_before(columns: list[int], end: int) -> int | None:
    return max((column for column in columns if column < end), default=None)


def _find_target_column(
    headed: tuple[HeadedColumn, ...], at: Mapping[ColumnRole, list[int]]
) -> tuple[int | None, Message | None]:
    targets = at[ColumnRole.TARGET]
    if len(targets) == 1:
        return targets[0], None
    if len(targets) > 1:
        return None, message("有几栏都像目标值，分不清哪一栏是年度目标值")
    if at[ColumnRole.LATER_TARGET]:
        return None, message("表上只有实施期的目标值，没有年度目标值")
    last = max((column.cell.column for column in headed if column.role in _LEVEL_ROLES), default=0)
    behind = [column.cell.stripped_text for column in headed if column.cell.column > last]
    if behind or not at[ColumnRole.NAME]:
        return None, message("认不出哪一栏是目标值：表头里没有“指标值”“目标值”")
    # Its heading alone was lost.
    return last + 1, None
