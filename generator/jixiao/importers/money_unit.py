"""The unit of money: every place of a form that states one, and whether they agree.

A unit stands behind its own label (`金额单位：万元`, also among other labels), in brackets behind the
label of any sum, block or column (`资金情况(万元)`), alone in a cell, or behind a sum itself. It is never
assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.i18n import Message, message
from jixiao.importers.grid import Cell
from jixiao.model.declaration import MoneyUnit

_GAP = r"\s{0,20}"
_ONE = re.compile(rf"(?:(?:[十百千万亿美欧港日]{_GAP}){{0,3}}元|亿|万)").pattern
_BOXES = r"[□☐○●☑☒✓✔√■]"
_OR = re.compile(rf"(?:{_BOXES}|[/／|、,，;；或和及与\s]){{1,6}}").pattern
"""What parts the units of a form that leaves the choice open."""
_UNITS = rf"({_ONE}(?:{_OR}{_ONE}){{0,3}})"
_BEHIND_LABEL = re.compile(
    rf"(?:单{_GAP}位|币{_GAP}种){_GAP}(?:均?为|是)?{_GAP}[:：]?{_GAP}[（(]?{_GAP}(?:人{_GAP}民{_GAP}币)?"
    rf"{_GAP}[:：]?{_GAP}[（(]?{_GAP}(?:{_BOXES}{_GAP})?{_UNITS}(?!\w)"
)
_IN_SENTENCE = re.compile(rf"以{_GAP}(?:人民币)?{_GAP}{_UNITS}{_GAP}[为作](?:金额|计量|货币)?单位")
_SINGLE = re.compile("[十百千万亿美欧港日]{0,3}元|亿|万")
_TRADITIONAL = str.maketrans(dict(re.findall("(.)(.)", "單单萬万億亿幣币種种額额貨货計计為为圓元")))
_LINE = re.compile(rf"[（(]?(?:本表)?(?:金额|货币|计量)?{_BEHIND_LABEL.pattern}[）)]{{0,2}}[。.]?")
UNIT_IN_BRACKETS = re.compile(rf"[（(](?:金额)?(?:单位)?[:：]?(?:人民币)?[:：]?(?:{_BOXES})?{_UNITS}[）)]")
"""Behind the label of a sum or of a block of money."""
WORDS_OF_MONEY = re.compile("资金|经费|金额|拨款|投资|收入|结转|总额|小计")
"""What tells that a label is about money, wherever it stands."""
_ALONE = re.compile(rf"(?:人民币)?[（(]?(?:人民币)?(?:{_BOXES})?{_UNITS}[）)]?")
_LABEL_ALONE = re.compile(r"(?:金额|货币|计量)?单位[:：]?|币种[:：]?")
_SUM = re.compile(r"(.*?[0-9])\s*([十百千万亿美欧港日]{0,3}元|亿|万)", re.DOTALL)
_LONGEST_LABEL = 40
"""Characters of a label with its unit; what is longer is a text that happens to name one."""
_LONGEST_LINE = 200
"""Characters of a line with several labels."""
_ABOUT_MONEY = re.compile(f"{WORDS_OF_MONEY.pattern}|预算|投入|支出|单位")
_KNOWN = frozenset(MoneyUnit)
_PERHAPS_SUM = re.compile(
    r"[0-9][0-9,]{0,20}(?:\.[0-9]{1,6})?$|[^0-9]{0,8}[0-9][0-9,.]{0,20}(?:[百千万亿]{0,2}元|万|亿)"
)
_SIGNS = re.compile("[元万亿]")


def stated_units(cell: Cell) -> frozenset[str]:
    """Return the units of money that *cell*, which is no value of a field, states."""
    squeezed = cell.squeezed.translate(_TRADITIONAL)
    if len(squeezed) > _LONGEST_LINE or not _SIGNS.search(squeezed):
        return frozenset()
    words = cell.words.translate(_TRADITIONAL)
    found = [match[1] for pattern in (_BEHIND_LABEL, _IN_SENTENCE) for match in pattern.finditer(words)]
    if len(squeezed) <= _LONGEST_LABEL and _ABOUT_MONEY.search(squeezed):
        found.extend(match[1] for match in UNIT_IN_BRACKETS.finditer(squeezed))
    alone = _ALONE.fullmatch(squeezed)
    if alone:
        found.append(alone[1])
    return frozenset(_whole(unit) for units in found for unit in _SINGLE.findall("".join(units.split())))


def states_unit_alone(cell: Cell) -> bool:
    """Return whether nothing but the unit of money, or the label of it, stands in *cell*."""
    squeezed = cell.squeezed.translate(_TRADITIONAL)
    return any(pattern.fullmatch(squeezed) for pattern in (_LINE, _ALONE, _LABEL_ALONE))


def unit_of_sum(words: str) -> str | None:
    """Return the unit that stands behind the digits of a sum."""
    found = _SUM.fullmatch(words)
    return _whole(found[2]) if found else None


def may_be_sum(cell: Cell) -> bool:
    """Return whether *cell* holds or begins with a sum of money, as `854万(其中…)` and `总额10万元` do."""
    return _PERHAPS_SUM.match(cell.squeezed) is not None


def without_unit(words: str, unit: str | None) -> str:
    """Return a sum without its unit if that is *unit*; another is left there, because it changes the sum."""
    found = _SUM.fullmatch(words)
    return found[1] if found and _whole(found[2]) == unit else words


def agreed_unit(stated: Iterable[str]) -> MoneyUnit | None:
    """Return the one unit that all places state; `None` if there is none, several, or no word for it."""
    every = frozenset(stated)
    return MoneyUnit(next(iter(every))) if len(every) == 1 and every <= _KNOWN else None


def question_of_unit(stated: Iterable[str], below: Iterable[str]) -> Message:
    """Return why the unit of the sums is left open, and what to do.

    Args:
        stated: Units that the form states.
        below: Units that it states below its table.
    """
    every, last = sorted(frozenset(stated)), sorted(frozenset(below))
    if not every and last:
        return message(
            "没有写金额单位：只有表下写了{units}，表头和资金栏没有写明。"
            "请看原表：这些金额确实用它的，加 unit",
            units="、".join(last),
        )
    if not every:
        return message(
            "没有写金额单位：表头和资金栏都没有写明。请看原表："
            "写明了的，加 unit；没有写明、由我们推定的，加 unit_read_as"
        )
    if len(every) > 1:
        return message(
            "没有写金额单位：表上写了不止一种（{units}）。请看原表，逐项核对金额，再加 unit",
            units="、".join(every),
        )
    return message(
        "没有写金额单位：表上写的是{unit}，文件里只能写元或万元。请看原表，把金额换算以后再加 unit",
        unit=every[0],
    )


def _whole(unit: str) -> str:
    return unit if unit.endswith(MoneyUnit.YUAN) else f"{unit}{MoneyUnit.YUAN}"
