"""The words by which a form is recognised: titles, names of fields, headings of columns, labels of persons.

Words of a cell are compared without blanks, because narrow cells wrap them. Patterns, because forms differ
from province to province and from year to year.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from jixiao.importers.grid import Cell, Row
from jixiao.importers.money_unit import UNIT_IN_BRACKETS, WORDS_OF_MONEY
from jixiao.importers.persons import is_about_a_person

TITLE = re.compile(
    r"(?!.{0,60}(?:目录|详见|见附件|如下表))(?:附件?[0-9一二三四五六七八九十]{0,2}[:：.、]?)?"
    r".{0,60}(?:绩效|自评|自我评价)[^。；;]{0,24}(?<!指标)(?:表|申报书|批复书)[0-9]{0,2}(?:[（(].{1,20}[）)]?)?"
)
YEAR = re.compile(r"[（(]?((?:19|20)[0-9]{2})年度?[）)]?")
YEARS_OF_GOAL = re.compile(r"[（(]?[0-9]{4}年?[-–—~～至]+[0-9]{4}年?[）)]?")
_YEAR_IN_TITLE = re.compile(r"((?:19|20)[0-9]{2})年")
_YEAR_BEHIND = re.compile(r"[（(]((?:19|20)[0-9]{2})年度?[）)]?$")
_BEHIND_TITLE = re.compile(r"(?<=[表书])[0-9]{0,2}(?:[（(].{1,20}[）)]?)?$")
_LONGEST_OF_MONEY: Final = 40
_MONEY = re.compile(f"{WORDS_OF_MONEY.pattern}|预算(?!单位|部门|分类|级次|执行率)")
_TRANSFER = re.compile(r"(?:专项)?转移支付(?:[（(].{1,8}[）)])?(?:项目|资金)?名称|(?:补助)?资金名称")
_DEPARTMENT_ALONE = re.compile(r"(?:预算)?(?:部门|单位)(?:[（(](?:部门|单位)[）)])?名称")

NAME, NATURE, CATEGORY, DEPARTMENT, UNIT = "name", "nature", "category", "department", "unit"
START, END = "period.start", "period.end"
PROJECT_TOTAL, ANNUAL_TOTAL = "project.total", "annual.total"
PROJECT_FISCAL, PROJECT_OTHER = "project.fiscal", "project.other"
ANNUAL_APPROPRIATION, ANNUAL_CARRYOVER = "annual.appropriation", "annual.carryover"
ANNUAL_OTHER = "annual.other"
OTHER_FUNDS, FISCAL_FUNDS = "other", "fiscal"
"""其他资金 and 财政资金 may stand twice on a form; which of the two it is, its place tells."""
SUMS = frozenset(
    {PROJECT_TOTAL, PROJECT_FISCAL, PROJECT_OTHER, ANNUAL_TOTAL, ANNUAL_APPROPRIATION, ANNUAL_CARRYOVER}
    | {ANNUAL_OTHER, OTHER_FUNDS, FISCAL_FUNDS}
)
"""The fields whose values are sums of money."""
OVERALL, ANNUAL, ACHIEVED = "overall", "annual", "achieved"
GROUP, PERSON, YEAR_LABEL = "group", "person", "year"
ABSENT = "absent"
"""A label that is known, and for which a file has no field."""

_UNIT_BEHIND = re.compile(rf"{UNIT_IN_BRACKETS.pattern}$")
_SEAL_BEHIND = re.compile(r"[（(](?:盖章|公章|签章)[）)]$")
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NAME, re.compile(r"项目名称")),
    (NATURE, re.compile(r"项目性质")),
    (CATEGORY, re.compile(r"项目类别")),
    (DEPARTMENT, re.compile(r"(?:预算)?主管部门|主管单位")),
    (UNIT, re.compile(r"(?:项目)?(?:具体)?实施单位")),
    (START, re.compile(r"(?:计划|项目)?开始(?:日期|时间)")),
    (END, re.compile(r"(?:计划|项目)?(?:完成|结束)(?:日期|时间)")),
    (PROJECT_TOTAL, re.compile(r"项目(?:资金)?总(?:金)?额")),
    (FISCAL_FUNDS, re.compile(r"(?:其中[:：]?)?财政(?:资金|拨款)")),
    (ANNUAL_TOTAL, re.compile(r"(?:年度|当年|本年度?)资金(?:申请)?总额")),
    (ANNUAL_APPROPRIATION, re.compile(r"(?:其中[:：]?)?(?:当年|本年度?|年度)财政(?:拨款|资金)")),
    (ANNUAL_CARRYOVER, re.compile(r"(?:其中[:：]?)?上年结转(?:资金)?")),
    (ANNUAL_OTHER, re.compile(r"(?:其中[:：]?)?(?:当年|本年度?|年度)其他资金")),
    (OTHER_FUNDS, re.compile(r"(?:其中[:：]?)?其他资金")),
    (
        OVERALL,
        re.compile(
            r"(?:项目)?(?:总(?:体)?|中期|长期|中长期|实施(?:周)?期)(?:总(?:体)?)?(?:绩效)?目标(?:[（(].{0,20}[）)])?"
        ),
    ),
    (
        ACHIEVED,
        re.compile(r"(?:年度|项目|总体|全年|实际|目标|绩效){0,4}(?:完成|实现|达成)(?:情况|结果|程度)"),
    ),
    (ANNUAL, re.compile(r"年度(?:总(?:体)?)?(?:绩效)?目标(?:[（(].{0,20}[）)])?")),
    (
        GROUP,
        re.compile(r"项目资金|资金情况|投入目标|(?:项目)?绩效目标|(?:项目)?绩效指标|项目基本(?:情况|信息)"),
    ),
    (YEAR_LABEL, re.compile(r"(?:预算|申报)年度")),
    (
        ABSENT,
        re.compile(
            r"项目(?:属性|分类|类型|编码|代码|编号|等级|概况|总体概况|内容|简介|地址|地点|审批|申报的?(?:可行性|必要性)"
            r"|立项的?依据|实施(?:计划|内容|进度计划|方案)|起止(?:时间|年限|日期)|周期|期限?|实施(?:周期|期限?)|总预算|总投资)"
            r"|(?:主管)?(?:部门|单位)(?:编码|代码)|主管部门及(?:代码|编码)|立项(?:依据|必要性|情况)|政策依据|可行性|必要性"
            r"|(?:归口|业务)(?:科室|股室|处室)|起止(?:时间|年限)|(?:建设|实施)(?:周期|期限?)|执行期限|资金(?:性质|用途|来源|总额|投向)"
            r"|财政资金(?:预算分类|科目代码)|支出功能分类(?:科目)?|预算级次|预算单位|填报单位|单位名称|业务主管部门|归口管理部门"
            r"|(?:年度)?预算执行率|分值|权重|得分|是否(?:政府采购|新增)|管理制度|存续期|当年年度预算"
        ),
    ),
)
_COLON = re.compile("[:：]")
_FOOTER = re.compile(
    r"(?:填报|填表|制表|申报|审核)(?:日期|时间|单位|部门|意见)(?:[（(].{0,10}[）)])?(?:[:：].*)?"
    r"|(?:备注|注|说明|填表说明)[:：].*|(?:备注|其他(?:需要)?说明(?:的)?(?:事项|问题)?|有关说明)"
    r"|(?:自评|评价|绩效)?(?:结论|总结)(?:[:：].*)?|.{0,4}存在(?:的)?(?:主要)?问题.{0,12}|改进(?:措施|建议).{0,12}|下一步.{0,12}"
    r"|.{0,20}(?:审核|审批|初审|评审|审查|批复|主管部门|财政部门|领导)意见.{0,20}",
    re.DOTALL,
)
_TOTAL = re.compile(r"(?:合|总|小)计(?:得分|分)?|总(?:得)?分.{0,6}|(?:自评|综合)得分")
_TEMPLATE = re.compile(r"(?:指标[0-9一二三四五六七八九十]*[:：.、]?|[.…·⋯]+|[*×xX]+|[—-]+|/)")
_SIDE = re.compile(r"(?:项目)?绩?效?指?标?")
_SIDE_OF_GOALS = re.compile(r"项?目?绩?效?目?标?")
"""The labels beside the table and the goals, whose signs may stand in several cells."""


def is_title(row: Row) -> bool:
    """Tell whether the title of a form stands in *row*, alone."""
    filled = row.filled
    return len(filled) == 1 and _is_title(filled[0])


def title_without_brackets(cell: Cell) -> str:
    """Return the title that stands in *cell* without what is in brackets behind it."""
    return _BEHIND_TITLE.sub("", cell.squeezed)


def is_about_money(cell: Cell) -> bool:
    """Return whether *cell* holds a label about money, known or not."""
    return len(cell.squeezed) <= _LONGEST_OF_MONEY and _MONEY.search(cell.squeezed) is not None


def names_transfer(cell: Cell) -> bool:
    """Return whether *cell* holds the label of a transfer, which stands where a project has its name."""
    return _TRANSFER.fullmatch(cell.squeezed.rstrip(":：")) is not None


def names_department(cell: Cell) -> bool:
    """Return whether *cell* holds the label by which a department's own form names it."""
    return _DEPARTMENT_ALONE.fullmatch(cell.squeezed.rstrip(":：")) is not None


def label_of(cell: Cell) -> str | None:
    """Name the field whose label stands in *cell*; nothing if none does."""
    words = _SEAL_BEHIND.sub("", _UNIT_BEHIND.sub("", cell.squeezed)).rstrip(":：")
    return next((key for key, pattern in _FIELDS if pattern.fullmatch(words)), None)


_LONGEST_LABEL: Final = 80
"""Signs without blanks, more than any label above can have with a unit and a seal behind it."""


class Labelled(NamedTuple):
    """A label and its value, which stand in one cell: `项目名称：甲`."""

    key: str
    """The field."""
    label: Cell
    value: Cell


def label_with_value(cell: Cell) -> Labelled | None:
    """Take *cell* apart at the first colon that ends a label and has a value behind it."""
    for colon in _COLON.finditer(cell.words):
        label = replace(cell, text=cell.words[: colon.start()])
        if len(label.squeezed) > _LONGEST_LABEL:
            return None
        value = replace(cell, text=cell.words[colon.end() :].strip())
        key = label_of(label)
        if value.text and key not in {None, GROUP, YEAR_LABEL, ABSENT}:
            return Labelled(key or "", label, value)
    return None


def field_of(cell: Cell) -> str | None:
    """Name the field whose label stands in *cell*, alone or with its value."""
    labelled = label_with_value(cell)
    return labelled.key if labelled else label_of(cell)


def ends_table(cell: Cell) -> bool:
    """Tell whether a row that begins with *cell* stands below the indicator table."""
    field = field_of(cell)
    is_field = field is not None and (field != GROUP or is_about_money(cell))
    return (
        is_field or is_total(cell) or is_about_a_person(cell) or _FOOTER.fullmatch(cell.squeezed) is not None
    )


def is_total(cell: Cell) -> bool:
    """Return whether *cell* holds the label of a total of weights or scores."""
    return _TOTAL.fullmatch(cell.squeezed) is not None


def is_template(cell: Cell) -> bool:
    """Return whether *cell* holds what a blank form has in place of a name: 指标2, ……."""
    return _TEMPLATE.fullmatch(cell.squeezed) is not None


def year_in(cell: Cell) -> str | None:
    """Return the year that *cell* states for the form: alone, or in brackets behind its title."""
    alone = YEAR.fullmatch(cell.squeezed) or (_YEAR_BEHIND.search(cell.squeezed) if _is_title(cell) else None)
    return alone[1] if alone else None


def year_in_title(cell: Cell) -> str | None:
    """Return the year that stands within a title, where it may be part of the project's name."""
    found = _YEAR_IN_TITLE.search(cell.squeezed) if _is_title(cell) else None
    return found[1] if found else None


def _is_title(cell: Cell) -> bool:
    return TITLE.fullmatch(cell.squeezed) is not None


def is_side_of_goals(cell: Cell) -> bool:
    """Tell whether *cell* holds the label beside the goals, or some of its signs."""
    return bool(cell.squeezed) and _SIDE_OF_GOALS.fullmatch(cell.squeezed) is not None


def is_side(cell: Cell) -> bool:
    """Tell whether *cell* holds the label beside the table, or some of its signs."""
    return bool(cell.squeezed) and _SIDE.fullmatch(cell.squeezed) is not None
