"""Names of persons, found by the label beside them: `项目负责人 | 王小明`, `联系人：王小明`.

A name alone is no different from any other word; a label says that it is one. Who wrote a file is known by
the property that names him.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.originals.passages import Cell, Row

_HAN = r"[\u3400-\u9fff]"
_NUMBER = re.compile(
    r"(?:(?:及|和|与|、|/|或)?(?:联系|办公|手机)?(?:电话|手机|方式|号码|职务|身份证(?:号码?)?)){0,3}"
).pattern
_CORE = re.compile(
    r"(?:负责|联系|填报|填表|填写|审核|审批|经办|责任|制表|复核|主评|编制|评价|申报)人(?:员)?"
    r"|分管领导|单位领导|主管领导|项目主管|法人代表|法定代表人"
).pattern
_BRACKETS = r"(?:[（(][^（）()]{0,12}[）)])?"
_LABEL = re.compile(rf"{_HAN}{{0,10}}?(?:{_CORE})(?:姓名|签字|签名|签章)?{_BRACKETS}{_NUMBER}{_BRACKETS}")
_NAME = rf"(?:{_HAN}{{1,8}}(?:[·•‧]{_HAN}{{1,8}}){{1,3}}|{_HAN}(?:[ \u3000]{{0,4}}{_HAN}){{1,3}})(?!{_HAN})"
_IN_TEXT = re.compile(
    rf"(?:{_CORE})(?:姓名|签字|签名|签章)?{_BRACKETS}{_NUMBER}{_BRACKETS}"
    rf"(?:\s{{0,4}}[:：]\s{{0,8}}({_NAME})|({_NAME})(?=\s{{0,4}}[:：]?\s{{0,4}}[+(（]?[0-9０-９]{{3}}))"
)
_FIRST = re.compile(rf"[\s:：（(]{{0,8}}({_NAME})")
_PART = re.compile(r"[^、，,;；/\n]+")
_CONTACT = re.compile(
    r"(?:联系|办公|手机|电子|所在)?(?:电话|手机|方式|邮箱|邮件|号码|职务|职称|部门|单位)(?:号码)?[:：]?"
)
_NO_NAME = re.compile(
    r"某|电话|日期|时间|单位|部门|姓名|签[字章名]|盖章|职务|金额|方式|项目|指标|目标|资金|内容|暂无|待定|不详|详见|同上|如下|如上|用户|管理"
    r"|(?:局|科|处|室|股|办|院|委|校|所|站|厅|部|会|队|中心|公司|人|人员|领导)$"
    r"|^副?(?:局长|科长|处长|院长|校长|所长|站长|主任|书记|镇长|乡长|县长|区长|市长|股长|部长|队长|科员|会计|出纳)$"
)
_SURNAME = re.compile(
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施"
    "洪翟安颜倪牛温季俞章鲁葛伍申尤毕聂焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈"
    "鲍位覃霍翁隋甘景单包柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎]"
)


class Name(NamedTuple):
    """The name of a person in a cell."""

    cell: Cell
    start: int
    end: int


def names_in(rows: Sequence[Row]) -> Iterator[Name]:
    """Find the names of persons in *rows*, those of a table after each other."""
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        cells = [cell for cell in row.cells if cell.text.strip()]
        for position, cell in enumerate(cells):
            if cell.is_author:
                yield from _author(cell)
            elif not _is_label(cell.text):
                yield from _in_text(cell)
            elif position + 1 < len(cells) and not _heads_a_column(cells[position + 1].text):
                yield from _value(cells[position + 1])
            elif below is not None and len(below.cells) == len(row.cells) > 1:
                yield from _value(next(b for a, b in zip(row.cells, below.cells, strict=True) if a is cell))


def _is_label(text: str) -> bool:
    squeezed = re.sub(r"\s", "", text[:80]).rstrip(":：")
    return len(text) <= len(squeezed) + 40 and _LABEL.fullmatch(squeezed) is not None


def _heads_a_column(text: str) -> bool:
    """Tell whether the labels stand side by side, so that the values stand below them."""
    return _is_label(text) or _CONTACT.fullmatch(re.sub(r"\s", "", text[:80])) is not None


def _value(cell: Cell) -> Iterator[Name]:
    """Find the names in a cell that stands beside a label, in front of whatever else stands there."""
    text = cell.text
    if _is_label(text):
        return
    for part in _PART.finditer(text[:200]):
        found = _FIRST.match(part[0])
        if found and _is_name(found[1]):
            yield Name(cell, part.start() + found.start(1), part.start() + found.end(1))


def _in_text(cell: Cell) -> Iterator[Name]:
    for found in _IN_TEXT.finditer(cell.text):
        group = 1 if found[1] else 2
        if _is_name(found[group]):
            yield Name(cell, found.start(group), found.end(group))


def _author(cell: Cell) -> Iterator[Name]:
    text = cell.text
    name = text.strip()
    if re.fullmatch(_NAME, name) and _SURNAME.match(name) and _is_name(name):
        start = text.index(name)
        yield Name(cell, start, start + len(name))


def _is_name(words: str) -> bool:
    return _NO_NAME.search(re.sub(r"\s", "", words)) is None
