"""Words by which the cells of a form are recognised: titles, labels of fields and persons, units of money.

Text is compared without blanks, because narrow cells wrap it. Patterns, because forms differ from province to
province and from year to year. Names and numbers of persons are never written or printed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from jixiao.importers.form_cells import CellUsage, CellUse, GridCell, GridRow
from jixiao.personal_data.person_names import (
    CONTACT_PATTERN,
    MORE_LABELS_PATTERN,
    NAME_PATTERN,
    ROLE_PATTERN,
    ROLE_SUFFIX_PATTERN,
)
from jixiao.personal_data.text_patterns import find_personal_data

GAP_PATTERN = r"\s{0,20}"
_UNIT = re.compile(rf"(?:(?:[十百千万亿美欧港日]{GAP_PATTERN}){{0,3}}元|亿|万)").pattern
CHECKBOX_PATTERN = r"[□☐○●☑☒✓✔√■]"
_UNIT_SEPARATOR = re.compile(rf"(?:{CHECKBOX_PATTERN}|[/／|、,，;；或和及与\s]){{1,6}}").pattern
"""Separator of units on a form that leaves the choice open."""
UNITS_PATTERN = rf"({_UNIT}(?:{_UNIT_SEPARATOR}{_UNIT}){{0,3}})"
UNIT_IN_BRACKETS = re.compile(
    rf"[（(](?:金额)?(?:单位)?[:：]?(?:人民币)?[:：]?(?:{CHECKBOX_PATTERN})?{UNITS_PATTERN}[）)]"
)
"""Unit in brackets after the label of a sum or of a block of money."""
MONEY_WORDS = re.compile("资金|经费|金额|拨款|投资|收入|结转|总额|小计")
"""Words that mark a label as one about money."""
_PERSON_BRACKET = r"(?:[（(].{0,12}[）)])?"
_ROLE_LABEL = re.compile(
    rf"(?:其中[:：])?{ROLE_PATTERN}{ROLE_SUFFIX_PATTERN}{MORE_LABELS_PATTERN}{_PERSON_BRACKET}"
).pattern
_CONTACT_LABEL = re.compile(rf"(?:其中[:：])?{CONTACT_PATTERN}{MORE_LABELS_PATTERN}{_PERSON_BRACKET}").pattern
_PERSON_LABEL = re.compile(rf"(?:{_ROLE_LABEL}|{_CONTACT_LABEL})[:：]?")
_PERSON_NUMBER = r"[+(（]?(?=[A-Za-z_.+()（）-]{0,40}[0-9@])[0-9A-Za-z_.@+()（）–—-]{6,}"
_ROLE_BEFORE, _CONTACT_BEFORE = (
    rf"{label}(?:\s{{0,4}}[:：]|\s|(?<=[）)]))\s{{0,40}}" for label in (_ROLE_LABEL, _CONTACT_LABEL)
)
_LABEL_WITH_VALUE = rf"(?:{_ROLE_BEFORE}|{_CONTACT_BEFORE})(?:{NAME_PATTERN}|{_PERSON_NUMBER})"
_ROLE_WITH_COLON = rf"{_ROLE_LABEL}\s{{0,4}}[:：]"
_LABEL_BEFORE_LABEL = (
    rf"(?:{_ROLE_LABEL}|{_CONTACT_LABEL})\s{{0,4}}[:：]\s{{0,40}}(?:{ROLE_PATTERN}|{CONTACT_PATTERN})"
)
_PERSON_AT_START = re.compile(rf"(?:{_LABEL_WITH_VALUE}|{_ROLE_WITH_COLON}|{_LABEL_BEFORE_LABEL})")
_CERTAIN_PERSON_AT_START = re.compile(_LABEL_WITH_VALUE)
_PERSON_INSIDE = re.compile(rf"(?:^|[^\w])(?:{_LABEL_WITH_VALUE}|{_ROLE_WITH_COLON})")
_CERTAIN_PERSON_INSIDE = re.compile(rf"(?:(?:^|[^\w]){_LABEL_WITH_VALUE}|[ \u3000]{{2}}{_ROLE_WITH_COLON})")
_SENTENCE_END = re.compile("[。；;]")
_PERSON_LINE_LIMIT = 200
"""Characters of a line in which a person may be named after other labels; longer ones are prose."""
_OMITTED_TEXT_LIMIT = 60
"""Characters of a cell with only a label, a name and numbers, and no other text to lose."""


def is_person_label(cell: GridCell) -> bool:
    """Return whether *cell* holds only the label of a person's name or number."""
    return len(cell.text) <= _PERSON_LINE_LIMIT and _PERSON_LABEL.fullmatch(cell.compact_text) is not None


def is_about_person(cell: GridCell) -> bool:
    """Return whether *cell* holds the label of a person's name or number, perhaps with its value.

    A label of numbers followed by other text does not count: `邮箱：升级一次` is about a mailbox.
    """
    return is_person_label(cell) or _is_match(_PERSON_INSIDE, cell)


def is_person_at_start(cell: GridCell) -> bool:
    """Return whether *cell* is a person's label, followed at most by a name or a number."""
    if is_person_label(cell):
        return True
    is_line = len(cell.compact_text) <= _OMITTED_TEXT_LIMIT and not _SENTENCE_END.search(cell.stripped_text)
    pattern = _PERSON_AT_START if is_line else _CERTAIN_PERSON_AT_START
    return len(cell.text) <= _PERSON_LINE_LIMIT and pattern.match(cell.stripped_text) is not None


def has_person_name(cell: GridCell) -> bool:
    """Return whether *cell* certainly names a person, or lists several labels with one of a person."""
    return _is_match(_CERTAIN_PERSON_INSIDE, cell)


def omit_person(cell: GridCell, usage: CellUsage) -> None:
    """Omit *cell* if it is only about a person; withhold it if it may hold other text."""
    is_alone = (
        is_person_label(cell)
        or _PERSON_AT_START.match(cell.stripped_text)
        or not _is_match(_PERSON_INSIDE, cell)
    )
    if is_alone and len(cell.compact_text) <= _OMITTED_TEXT_LIMIT:
        usage.record_use(CellUse.OMITTED, cell)
    else:
        usage.withhold(cell)


def has_person_value(cell: GridCell) -> bool:
    """Return whether the label in *cell* is followed by the name or number itself."""
    _, colon, behind = cell.stripped_text.replace("：", ":").partition(":")
    return bool(colon and behind.strip())


def has_personal_number(cell: GridCell) -> bool:
    """Return whether *cell* holds text like a telephone or identity number."""
    return bool(find_personal_data(cell.text))


def _is_match(pattern: re.Pattern[str], cell: GridCell) -> bool:
    return len(cell.text) <= _PERSON_LINE_LIMIT and pattern.search(cell.stripped_text) is not None


TITLE = re.compile(
    r"(?!.{0,60}(?:目录|详见|见附件|如下表))(?:附件?[0-9一二三四五六七八九十]{0,2}[:：.、]?)?"
    r".{0,60}(?:绩效|自评|自我评价)[^。；;]{0,24}(?<!指标)(?:表|申报书|批复书)[0-9]{0,2}(?:[（(].{1,20}[）)]?)?"
)
YEAR = re.compile(r"[（(]?((?:19|20)[0-9]{2})年度?[）)]?")
GOAL_YEARS = re.compile(r"[（(]?[0-9]{4}年?[-–—~～至]+[0-9]{4}年?[）)]?")
_YEAR_IN_TITLE = re.compile(r"((?:19|20)[0-9]{2})年")
_YEAR_AT_END = re.compile(r"[（(]((?:19|20)[0-9]{2})年度?[）)]?$")
_TITLE_SUFFIX = re.compile(r"(?<=[表书])[0-9]{0,2}(?:[（(].{1,20}[）)]?)?$")
_MONEY_LABEL_LIMIT: Final = 40
_MONEY_LABEL = re.compile(f"{MONEY_WORDS.pattern}|预算(?!单位|部门|分类|级次|执行率)")
_TRANSFER_LABEL = re.compile(r"(?:专项)?转移支付(?:[（(].{1,8}[）)])?(?:项目|资金)?名称|(?:补助)?资金名称")
_DEPARTMENT_LABEL = re.compile(r"(?:预算)?(?:部门|单位)(?:[（(](?:部门|单位)[）)])?名称")

NAME, NATURE, CATEGORY, DEPARTMENT, UNIT = "name", "nature", "category", "department", "unit"
START, END = "period.start", "period.end"
PROJECT_TOTAL, ANNUAL_TOTAL = "project.total", "annual.total"
PROJECT_FISCAL, PROJECT_OTHER = "project.fiscal", "project.other"
ANNUAL_APPROPRIATION, ANNUAL_CARRYOVER = "annual.appropriation", "annual.carryover"
ANNUAL_OTHER = "annual.other"
OTHER_FUNDS, FISCAL_FUNDS = "other", "fiscal"
"""其他资金 and 财政资金 may be on a form twice; the place decides to which of two fields a label belongs."""
SUMS = frozenset(
    {PROJECT_TOTAL, PROJECT_FISCAL, PROJECT_OTHER, ANNUAL_TOTAL, ANNUAL_APPROPRIATION, ANNUAL_CARRYOVER}
    | {ANNUAL_OTHER, OTHER_FUNDS, FISCAL_FUNDS}
)
"""Keys of fields whose values are sums of money."""
OVERALL, ANNUAL, ACHIEVED = "overall", "annual", "achieved"
GROUP, PERSON, YEAR_LABEL = "group", "person", "year"
ABSENT = "absent"
"""Key of a known label without a field in the file."""

_UNIT_SUFFIX = re.compile(rf"{UNIT_IN_BRACKETS.pattern}$")
_SEAL_SUFFIX = re.compile(r"[（(](?:盖章|公章|签章)[）)]$")
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
_BLANK_PLACEHOLDER = re.compile(r"(?:指标[0-9一二三四五六七八九十]*[:：.、]?|[.…·⋯]+|[*×xX]+|[—-]+|/)")
_TABLE_SIDE = re.compile(r"(?:项目)?绩?效?指?标?")
_GOAL_SIDE = re.compile(r"项?目?绩?效?目?标?")
"""Labels beside the table and the goals, whose characters may be spread over several cells."""


def is_title(row: GridRow) -> bool:
    """Return whether *row* holds only the title of a form."""
    filled = row.filled_cells
    return len(filled) == 1 and _is_title_text(filled[0])


def strip_title_brackets(cell: GridCell) -> str:
    """Return the title in *cell* without the brackets that follow it."""
    return _TITLE_SUFFIX.sub("", cell.compact_text)


def is_about_money(cell: GridCell) -> bool:
    """Return whether *cell* holds a label about money, known or not."""
    return len(cell.compact_text) <= _MONEY_LABEL_LIMIT and _MONEY_LABEL.search(cell.compact_text) is not None


def is_transfer_label(cell: GridCell) -> bool:
    """Return whether *cell* holds the label of a transfer, in place of a project name."""
    return _TRANSFER_LABEL.fullmatch(cell.compact_text.rstrip(":：")) is not None


def is_department_label(cell: GridCell) -> bool:
    """Return whether *cell* holds the label for a department on the department's own form."""
    return _DEPARTMENT_LABEL.fullmatch(cell.compact_text.rstrip(":：")) is not None


def find_label(cell: GridCell) -> str | None:
    """Return the key of the field whose label is in *cell*, or `None`."""
    text = _SEAL_SUFFIX.sub("", _UNIT_SUFFIX.sub("", cell.compact_text)).rstrip(":：")
    return next((key for key, pattern in _FIELDS if pattern.fullmatch(text)), None)


_LABEL_LIMIT: Final = 80
"""Characters without blanks; longer than any label with a unit and a seal."""


class LabelledValue(NamedTuple):
    """Label and value in one cell: `项目名称：甲`."""

    key: str
    """Key of the field."""
    label: GridCell
    value: GridCell


def split_label_and_value(cell: GridCell) -> LabelledValue | None:
    """Split *cell* at the first colon that follows a label and precedes a value."""
    for colon in _COLON.finditer(cell.stripped_text):
        label = replace(cell, text=cell.stripped_text[: colon.start()])
        if len(label.compact_text) > _LABEL_LIMIT:
            return None
        value = replace(cell, text=cell.stripped_text[colon.end() :].strip())
        key = find_label(label)
        if value.text and key not in {None, GROUP, YEAR_LABEL, ABSENT}:
            return LabelledValue(key or "", label, value)
    return None


def find_field(cell: GridCell) -> str | None:
    """Return the key of the field whose label is in *cell*, with or without its value."""
    labelled = split_label_and_value(cell)
    return labelled.key if labelled else find_label(cell)


def is_below_table(cell: GridCell) -> bool:
    """Return whether a row that begins with *cell* is below the indicator table."""
    field = find_field(cell)
    is_field = field is not None and (field != GROUP or is_about_money(cell))
    return (
        is_field
        or is_total(cell)
        or is_about_person(cell)
        or _FOOTER.fullmatch(cell.compact_text) is not None
    )


def is_total(cell: GridCell) -> bool:
    """Return whether *cell* holds the label of a total of weights or scores."""
    return _TOTAL.fullmatch(cell.compact_text) is not None


def is_blank_placeholder(cell: GridCell) -> bool:
    """Return whether *cell* holds the name placeholder of a blank form, e.g. 指标2."""
    return _BLANK_PLACEHOLDER.fullmatch(cell.compact_text) is not None


def find_year(cell: GridCell) -> str | None:
    """Return the year that *cell* states for the form: alone, or in brackets after its title."""
    match = YEAR.fullmatch(cell.compact_text)
    if match is None and _is_title_text(cell):
        match = _YEAR_AT_END.search(cell.compact_text)
    return match[1] if match else None


def find_year_in_title(cell: GridCell) -> str | None:
    """Return the year inside a title, where it may be part of the project's name."""
    match = _YEAR_IN_TITLE.search(cell.compact_text) if _is_title_text(cell) else None
    return match[1] if match else None


def _is_title_text(cell: GridCell) -> bool:
    return TITLE.fullmatch(cell.compact_text) is not None


def is_goal_side_label(cell: GridCell) -> bool:
    """Return whether *cell* holds the label beside the goals, or some of its characters."""
    return bool(cell.compact_text) and _GOAL_SIDE.fullmatch(cell.compact_text) is not None


def is_table_side_label(cell: GridCell) -> bool:
    """Return whether *cell* holds the label beside the table, or some of its characters."""
    return bool(cell.compact_text) and _TABLE_SIDE.fullmatch(cell.compact_text) is not None
