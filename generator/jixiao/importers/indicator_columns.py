"""The columns of an indicator table, read from its row of headings.

What a column holds is never guessed: where no heading says which one holds the target, none is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from jixiao.i18n import Message, message
from jixiao.importers.grid import Cell, Row

_FEWEST_LEVELS = 2
_FEWEST = 3
"""Headings by which a table is known that names only one of its levels."""
_MANY = 2
"""Unknown columns that stand where the target is missing: one for each place that receives the money."""


class Role(StrEnum):
    """What a column holds."""

    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    TARGET = "target"
    """The target of the year, or one whose heading names no time."""
    LATER_TARGET = "later-target"
    """The target of several years."""
    PREVIOUS = "previous"
    SIGN = "sign"
    UNIT = "unit"
    WEIGHT = "weight"
    SCORE = "score"
    FORECAST = "forecast"
    """What a monitoring form asks: what was reached by a month, what is expected."""
    ACTUAL = "actual"
    REASON = "reason"
    PROJECT = "project"
    """The projects of a list."""
    OTHER = "other"


_LATER = re.compile(r"实施周期|实施期|中长期|中期|长期|周期|三年|总体|全周期|项目期").pattern
_YEARLY = re.compile(r"全年|本年度?|当年度?|年度|年初|20[0-9]{2}年度?").pattern
_VALUE = re.compile(r"(?:绩效|项目|指标|目标|预期|计划|设定|申报|实现|标准|完成|三级)").pattern
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.LEVEL1, re.compile(r"一级(?:指标)?(?:名称)?|一级目标|指标(?:类别|类型)")),
    (Role.LEVEL2, re.compile(r"二级(?:指标)?(?:名称)?|二级目标")),
    (
        Role.NAME,
        re.compile(r"[三四]级(?:指标)?(?:名称|内容)?|三级目标|(?:绩效|具体)?指标(?:名称|内容|名)|具体指标"),
    ),
    (Role.PREVIOUS, re.compile(r".{0,20}(?:前年|上一?年|去年|近[两三]年|历史|基期|基准).{0,20}")),
    (
        Role.FORECAST,
        re.compile(
            r".{0,6}(?:[0-9一二三四五六七八九十]{1,2}月?[-—~～至到][0-9一二三四五六七八九十]{1,2}月|上?半年|季度)"
            r".{0,4}(?:执行|完成|实际|支出).{0,6}|.{0,6}预计.{0,4}(?:完成|执行|实现).{0,6}"
            r"|.{0,6}(?:完成|实现).{0,4}可能性.{0,6}"
        ),
    ),
    (
        Role.ACTUAL,
        re.compile(
            r"(?:年度|全年|指标|目标|自评)?.{0,4}实际(?:完成|达到|实现)?(?:指标)?(?:值|情况|水平)|实际完成"
            r"|(?:年度|全年|目标|指标|自评)?.{0,3}完成(?:情况|值|结果)|业绩值|执行结果"
        ),
    ),
    (Role.SCORE, re.compile(r".{0,8}得分.{0,4}|自评分(?:值|数)?|评分")),
    (
        Role.REASON,
        re.compile(r".{0,8}(?:偏差|未完成|差异|未达标|未达成|扣分).{0,8}(?:原因|分析|说明|措施).{0,12}"),
    ),
    (
        Role.LATER_TARGET,
        re.compile(
            rf"(?:项目)?(?:{_LATER}|整个实施期)(?:项目)?{_VALUE}{{0,3}}(?:值|标准)"
            rf"|{_VALUE}{{1,2}}值?(?:{_LATER})|20[0-9]{{2}}年?(?:至|-|—)+20[0-9]{{2}}年?.{{0,6}}值"
        ),
    ),
    (
        Role.TARGET,
        re.compile(
            rf"(?:{_YEARLY})?/?(?:项目)?{_VALUE}{{0,4}}(?:值|标准值|水平)(?:\+单位|及单位|或计划水平)?"
            rf"|{_VALUE}{{1,2}}值?(?:年度|当年|本年)"
        ),
    ),
    (
        Role.SIGN,
        re.compile(
            r"(?:绩效)?指标(?:性质|方向性?|值符号|符号|属性)|性质|方向性?|(?:比较|计算|运算|判断)?符号|关系符|比较符"
        ),
    ),
    (Role.UNIT, re.compile(r"(?:度量|计量|指标|指标值|指标计量|目标值)?单位|量纲")),
    (
        Role.WEIGHT,
        re.compile(
            r"(?:指标|标准|参考|设定|计划|[一二三]级指标)?(?:分值|权重|分数)(?:权重|分值)?分?(?:[0-9]+分?)?"
            r"|满分|标准分|权重%"
        ),
    ),
    (Role.PROJECT, re.compile(r"(?:单位名称[、,/(（]?)?(?:二级|支出)?项目(?:名称)?[)）]?")),
    (
        Role.OTHER,
        re.compile(
            r"指标(?:解释|说明|释义|定义|内涵)|(?:绩效|评分|评价|评扣分|考核)?标准|备注|序号|编号"
            r"|(?:是否)?核心指标|是否核心|完成率|数据来源|.{0,8}(?:设定|确定)依据.{0,8}"
            r"|.{0,4}评分(?:标准|方法|办法|细则|规则)|计算(?:方法|公式)|佐证材料"
        ),
    ),
)
_BRACKET = re.compile(r"[（(]([^（()）]{0,30})[)）]$")
_LATER_WORDS = re.compile(_LATER)
_LATER_SIDE = re.compile(rf"(?:{_LATER}).{{0,8}}(?:指标|目标).{{0,20}}")
_LEVEL_OF_NAMES = re.compile("[三四]级")
_HORIZON = re.compile(rf"(?:{_LATER}|{_YEARLY})")
_LEVELS = frozenset({Role.LEVEL1, Role.LEVEL2, Role.NAME})
_OF_VALUES = frozenset(
    {Role.TARGET, Role.LATER_TARGET, Role.ACTUAL, Role.UNIT, Role.SIGN, Role.WEIGHT, Role.SCORE}
)


class Headed(NamedTuple):
    """A column with its heading."""

    role: Role | None
    """`None` where the heading is not known."""
    cell: Cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The columns of the table, counted from 1."""

    level1: int
    level2: int
    name: int
    target: int
    width: int
    """Cells of the row of headings."""
    headings: Mapping[int, Cell] = field(default_factory=dict)
    """All columns that have one."""
    others: frozenset[int] = frozenset()
    """Columns left of the target that belong to no field."""
    signs: tuple[int, ...] = ()
    """Columns in which the sign of the target may stand."""
    unit: int | None = None
    """Column of the unit of the target."""
    problem: Message | None = None
    """Why no target can be read from the table."""

    @property
    def has_more(self) -> bool:
        """Whether the table has columns that simple forms lack, so that a shifted row cannot be put right."""
        return bool(self.others or self.signs or self.unit)

    def heading(self, column: int) -> str:
        """Return the words above a column."""
        return self.headings[column].squeezed

    def named(self, column: int) -> Message:
        """Name a column as its heading does."""
        names = {
            self.level1: message("一级指标格"),
            self.level2: message("二级指标格"),
            self.name: message("三级指标格"),
            self.target: message("目标值格"),
        }
        return names.get(column, message("最左侧的格") if column < self.level1 else message("最右侧的格"))


def role_of(cell: Cell) -> Role | None:
    """Return the role of the column that *cell* heads; `None` where the heading is not known."""
    squeezed = cell.squeezed
    if _HORIZON.fullmatch(squeezed):
        # Below the heading of the targets a time is enough.
        return Role.LATER_TARGET if _LATER_WORDS.search(squeezed) else Role.TARGET
    whole = _role(squeezed)
    bracket = _BRACKET.search(squeezed)
    if whole is not None or bracket is None:
        return whole
    role = _role(squeezed[: bracket.start()])
    return Role.LATER_TARGET if role is Role.TARGET and _LATER_WORDS.search(bracket[1]) else role


def _role(words: str) -> Role | None:
    return next((role for role, pattern in _ROLES if pattern.fullmatch(words)), None)


def headed_columns(row: Row) -> tuple[Headed, ...]:
    """Return the columns of a row of headings, without the label beside the table."""
    every = tuple(Headed(role_of(cell), cell) for cell in row.filled)
    if any(_LEVEL_OF_NAMES.match(one.cell.squeezed) for one in every):
        # Beside 三级指标 what is called 指标内容 explains it.
        every = tuple(
            Headed(Role.OTHER, one.cell)
            if one.role is Role.NAME and not _LEVEL_OF_NAMES.match(one.cell.squeezed)
            else one
            for one in every
        )
    return every[1:] if every and every[0].role is None and every[0].cell.column == 1 else every


def is_heading(row: Row) -> bool:
    """Return whether *row* holds the headings of the columns."""
    roles = {role_of(cell) for cell in row.filled} - {None}
    levels = len(roles & _LEVELS)
    return levels >= _FEWEST_LEVELS or (levels == 1 and len(roles & (_LEVELS | _OF_VALUES)) >= _FEWEST)


def refusal_of_later_heading(row: Row, first: Row) -> Message | None:
    """Return why the rows below another row of headings of the same table cannot be read by the first."""
    side = row.filled[0]
    if side.column == 1 and _LATER_SIDE.match(side.squeezed):
        return message("这一段是中长期指标，文件里没有这一栏")
    if [one.role for one in headed_columns(row)] != [one.role for one in headed_columns(first)]:
        return message("这里的表头和前面的不同，分不清各格属于哪一栏")
    return None


def is_subheading(row: Row) -> bool:
    """Return whether *row*, below a row of headings, parts one of its columns into several."""
    return len(row.filled) > 1 and all(role_of(cell) in _OF_VALUES for cell in row.filled)


def headings_of(rows: Sequence[Row]) -> Row:
    """Return the headings that *rows* begin with as one row: what parts a column stands in its place.

    Args:
        rows: From a row of headings on.
    """
    first = rows[0]
    if len(rows) == 1 or not is_subheading(rows[1]):
        return first
    headings = {cell.column: cell for cell in first.filled} | {cell.column: cell for cell in rows[1].filled}
    longer = max(first.cells, rows[1].cells, key=len)
    return replace(first, cells=tuple(headings.get(cell.column, cell) for cell in longer))


def has_recipients(row: Row) -> bool:
    """Return whether a table has no target, but a column for each of several places."""
    headed = headed_columns(row)
    names = [one.cell.column for one in headed if one.role is Role.NAME]
    unknown = [one for one in headed if one.role is None and names and one.cell.column > names[0]]
    is_without_target = not any(one.role in {Role.TARGET, Role.LATER_TARGET} for one in headed)
    return is_without_target and len(unknown) >= _MANY


def read_columns(row: Row) -> Columns:
    """Read the columns from their headings."""
    headed = headed_columns(row)
    at = {role: [one.cell.column for one in headed if one.role is role] for role in Role}
    target, problem = _target(headed, at)
    end = target or len(row.cells) + 1
    name = _last_before(at[Role.NAME], end) or end - 1
    if problem is None and name not in at[Role.NAME] and any(one.cell.column == name for one in headed):
        problem = message("认不出哪一栏是指标名称：表头里没有“三级指标”“指标名称”")
    level2 = _last_before(at[Role.LEVEL2], name) or name - 1
    level1 = _last_before(at[Role.LEVEL1], level2) or level2 - 1
    known = {level1, level2, name, end}
    signs = tuple(column for column in at[Role.SIGN] if name < column <= end + _MANY)
    unit = next((column for column in at[Role.UNIT] if name < column <= end + _MANY), None)
    return Columns(
        level1=level1,
        level2=level2,
        name=name,
        target=end,
        width=len(row.cells),
        headings={one.cell.column: one.cell for one in headed},
        others=frozenset(
            one.cell.column
            for one in headed
            if one.cell.column < end and one.cell.column not in {*known, *signs, unit}
        ),
        signs=signs,
        unit=unit,
        problem=problem,
    )


def _last_before(columns: list[int], end: int) -> int | None:
    return max((column for column in columns if column < end), default=None)


def _target(headed: tuple[Headed, ...], at: Mapping[Role, list[int]]) -> tuple[int | None, Message | None]:
    targets = at[Role.TARGET]
    if len(targets) == 1:
        return targets[0], None
    if len(targets) > 1:
        return None, message("有几栏都像目标值，分不清哪一栏是年度目标值")
    if at[Role.LATER_TARGET]:
        return None, message("表上只有实施期的目标值，没有年度目标值")
    last = max((one.cell.column for one in headed if one.role in _LEVELS), default=0)
    behind = [one.cell.words for one in headed if one.cell.column > last]
    if behind or not at[Role.NAME]:
        return None, message("认不出哪一栏是目标值：表头里没有“指标值”“目标值”")
    # Its heading alone was lost.
    return last + 1, None
