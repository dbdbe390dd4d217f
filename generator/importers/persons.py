"""Cells about a person: the labels of names, telephones and identity numbers, and what such cells hold.

Nothing of them is written or printed.
"""

from __future__ import annotations

import re

from generator.importers.grid import Cell
from generator.personal_data import personal_data

_ROLE = re.compile(
    r"(?:(?:项目|(?:实施|主管|填报|申报|预算|承担|编制|用款)?(?:单位|部门|科室|股室|处室|机构)|财务|主要|分管|主管|技术|具体|业务|政府)*"
    r"(?:负责|经办|联系|责任)人(?:员)?"
    r"|(?:填报|填表|填写|制表|编制|编报|审核|复核|审批|经办|联系|评价|主评|申报|录入|校对|报送)人(?:员)?"
    r"|(?:分管|主管|单位|部门|科室)领导|法人代表|法定代表人|姓名)"
).pattern
_CONTACT = re.compile(
    r"(?:(?:联系|办公|手机|固定|移动|咨询|本人)?(?:电话|手机)(?:号码?)?|联系方式|(?:电子)?邮箱(?:地址)?|电子邮件|传真"
    r"|(?:居民)?身份证(?:件)?(?:号码?)?|证件号码?|微信号?)"
).pattern
_BEHIND_ROLE = re.compile(r"(?:姓名|签字|签章|签名|盖章)?").pattern
_LABEL = re.compile(
    rf"(?:{_ROLE}{_BEHIND_ROLE}|{_CONTACT})"
    rf"(?:[及和与或、/]?其?(?:{_ROLE}{_BEHIND_ROLE}|{_CONTACT}|职务|职称))*"
).pattern
_BRACKET = r"(?:[（(].{0,12}[）)])?"
_IS_LABEL = re.compile(rf"(?:其中[:：])?{_LABEL}{_BRACKET}(?:[:：].*)?", re.DOTALL)
_WITH_BLANK = re.compile(rf"{_LABEL}{_BRACKET}\s+.*", re.DOTALL)
_WITHIN = re.compile(rf"(?:^|[^\w]){_LABEL}\s{{0,4}}{_BRACKET}\s{{0,4}}[:：]")
_LONGEST_LINE = 200
"""Characters of a line in which a person may be named behind other labels; what is longer is a text."""


def is_about_a_person(cell: Cell) -> bool:
    """Return whether *cell* holds the label of a person's name or number, perhaps with the name itself."""
    if len(cell.text) > _LONGEST_LINE:
        return False
    return bool(
        _IS_LABEL.fullmatch(cell.squeezed) or _WITH_BLANK.fullmatch(cell.words) or _WITHIN.search(cell.words)
    )


def has_value_of_person(cell: Cell) -> bool:
    """Return whether the name or number itself stands behind the label in *cell*."""
    _, colon, behind = cell.words.replace("：", ":").partition(":")
    return bool(colon and behind.strip())


def holds_a_number_of_a_person(cell: Cell) -> bool:
    """Return whether something in *cell* looks like a telephone, an identity number or the like."""
    return bool(personal_data(cell.text))
