"""Names of persons, found by the label beside them: `项目负责人 | 王小明`, `联系人：王小明`.

A name alone is no different from any other word; a label says that it is one. Who wrote a file is known by
the property that names him.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from jixiao.person_labels import BEHIND_ROLE, MORE, ROLE, is_surely_name
from jixiao.personal_data.form_rows import Cell, Row

_HAN = r"[\u3400-\u9fff]"
_BRACKETS = r"(?:[（(][^（）()]{0,12}[）)])?"
_BEHIND = re.compile(rf"{BEHIND_ROLE}{_BRACKETS}{MORE}(?:方式|号码)?{_BRACKETS}").pattern
_LABEL = re.compile(rf"{_HAN}{{0,10}}?{ROLE}{_BEHIND}")
_NAME = rf"(?:{_HAN}{{1,8}}(?:[·•‧]{_HAN}{{1,8}}){{1,3}}|{_HAN}(?:[ \u3000]{{0,4}}{_HAN}){{1,3}})(?!{_HAN})"
_IN_TEXT = re.compile(
    rf"{ROLE}{_BEHIND}"
    rf"(?:\s{{0,4}}[:：]\s{{0,8}}({_NAME})|({_NAME})(?=\s{{0,4}}[:：]?\s{{0,4}}[+(（]?[0-9０-９]{{3}}))"
)
_WORD = re.compile(rf"{_HAN}+(?:[·•‧]{_HAN}+){{0,3}}")
_LONG_NAME = re.compile(rf"[\s:：（(]{{0,8}}({_HAN}{{5,8}})\s{{0,8}}(?:[+(（]?[0-9０-９]|$)")
"""Of a people whose names have many signs, written without dots; nothing but a number stands behind it."""
_FIRST = re.compile(r"[\s:：（(]{0,8}")
_REST_OF_NAME = re.compile(rf"[ \u3000]{{1,4}}(?:{_HAN}[ \u3000]{{1,4}}{_HAN}|{_HAN}{{1,2}})(?!{_HAN})")
_LONGEST_NAME = 4
_PART = re.compile(r"[^、，,;；/\n]+")
_CONTACT = re.compile(
    r"(?:联系|办公|手机|电子|所在)?(?:电话|手机|方式|邮箱|邮件|号码|职务|职称|部门|单位)(?:号码)?[:：]?"
)
_NO_NAME = re.compile(
    r"某|电话|日期|时间|单位|部门|姓名|签[字章名]|盖章|职务|金额|方式|项目|指标|目标|资金|内容|暂无|待定|不详|详见|负责|工作|同上|如下|如上|用户|管理"
    r"|(?:局|科|处|室|股|办|院|委|校|所|站|厅|部|会|队|中心|公司|人|人员|领导)$"
    r"|^副?(?:局长|科长|处长|院长|校长|所长|站长|主任|书记|镇长|乡长|县长|区长|市长|股长|部长|队长|科员|会计|出纳)$"
)


class Name(NamedTuple):
    """The name of a person in a cell."""

    cell: Cell
    start: int
    end: int


def names_in(rows: Sequence[Row]) -> Iterator[Name]:
    """Find the names of persons in *rows*, those of a table after each other."""
    for number, row in enumerate(rows):
        cells = [cell for cell in row.cells if cell.text.strip()]
        for position, cell in enumerate(cells):
            if cell.is_author:
                yield from _author(cell)
            elif not _is_label(cell.text):
                yield from _in_text(cell)
            elif position + 1 < len(cells) and not _heads_a_column(cells[position + 1].text):
                yield from _value(cells[position + 1])
            else:
                yield from _column(rows, number, next(at for at, one in enumerate(row.cells) if one is cell))


def _is_label(text: str) -> bool:
    squeezed = re.sub(r"\s", "", text[:80]).rstrip(":：")
    return len(text) <= len(squeezed) + 40 and _LABEL.fullmatch(squeezed) is not None


def _heads_a_column(text: str) -> bool:
    """Tell whether the labels stand side by side, so that the values stand below them."""
    return _is_label(text) or _CONTACT.fullmatch(re.sub(r"\s", "", text[:80])) is not None


def _column(rows: Sequence[Row], number: int, at: int) -> Iterator[Name]:
    """Find the names below a label: in the next row, and in those below it that surely hold some."""
    width = len(rows[number].cells)
    for below in islice(rows, number + 1, None):
        names = list(_value(below.cells[at])) if len(below.cells) == width > 1 else []
        is_next = below is rows[number + 1]
        if not names or not (is_next or all(is_surely_name(_squeezed(name)) for name in names)):
            return
        yield from names


def _squeezed(name: Name) -> str:
    return "".join(name.cell.text[name.start : name.end].split())


def _value(cell: Cell) -> Iterator[Name]:
    """Find the names in a cell that stands beside a label, in front of whatever else stands there."""
    text = cell.text
    if _is_label(text):
        return
    for part in _PART.finditer(text[:200]):
        for start, end in _names_of_part(part[0]):
            yield Name(cell, part.start() + start, part.start() + end)


def _names_of_part(text: str) -> Iterator[tuple[int, int]]:
    """Find the names that stand at the beginning of *text*, parted by blanks."""
    long = _LONG_NAME.match(text)
    if long and _is_name(long[1]):
        yield long.span(1)
        return
    first = _FIRST.match(text)
    at = first.end() if first else 0
    is_first_sure: bool | None = None
    while word := _whole_name(text, at):
        start, end = word
        is_sure = is_surely_name("".join(text[start:end].split()))
        if not _is_name(text[start:end]) or (is_first_sure and not is_sure):
            return
        is_first_sure = is_sure if is_first_sure is None else is_first_sure
        yield word
        at = end + len(text[end:]) - len(text[end:].lstrip())


def _whole_name(text: str, at: int) -> tuple[int, int] | None:
    """Find the name that begins at *at*; signs that stand alone belong together: `李 雷`."""
    word = _WORD.match(text, at)
    if word is None:
        return None
    end = word.end()
    if len(word[0]) == 1:
        more = _REST_OF_NAME.match(text, end)
        if more is None:
            return None
        end = more.end()
    is_short = len("".join(text[at:end].split())) <= _LONGEST_NAME
    return (at, end) if is_short or not word[0].isalpha() else None


def _in_text(cell: Cell) -> Iterator[Name]:
    for found in _IN_TEXT.finditer(cell.text):
        group = 1 if found[1] else 2
        if _is_name(found[group]):
            yield Name(cell, found.start(group), found.end(group))


def _author(cell: Cell) -> Iterator[Name]:
    text = cell.text
    name = text.strip()
    if re.fullmatch(_NAME, name) and is_surely_name("".join(name.split())):
        start = text.index(name)
        yield Name(cell, start, start + len(name))


def _is_name(words: str) -> bool:
    squeezed = "".join(words.split())
    return is_surely_name(squeezed) or _NO_NAME.search(squeezed) is None
