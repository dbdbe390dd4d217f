"""Unit of money: all places of a form that state one, and whether they agree.

A unit stands behind its own label (`金额单位：万元`, also among other labels), in brackets behind the
label of any sum, block or column (`资金情况(万元)`), alone in a cell, or behind a sum itself. It is never
assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import GridCell
from jixiao.model.declaration import MoneyUnit

_GAP = r"\s{0,20}"
_UNIT = re.compile(rf"(?:(?:[十百千万亿美欧港日]{_GAP}){{0,3}}元|亿|万)").pattern
_CHECKBOXES = r"[□☐○●☑☒✓✔√■]"
_UNIT_SEPARATOR = re.compile(rf"(?:{_CHECKBOXES}|[/／|、,，;；或和及与\s]){{1,6}}").pattern
"""Separator of units on a form that leaves the choice open."""
_UNITS = rf"({_UNIT}(?:{_UNIT_SEPARATOR}{_UNIT}){{0,3}})"
_UNIT_BEHIND_LABEL = re.compile(
    rf"(?:单{_GAP}位|币{_GAP}种){_GAP}(?:均?为|是)?{_GAP}[:：]?{_GAP}[（(]?{_GAP}(?:人{_GAP}民{_GAP}币)?"
    rf"{_GAP}[:：]?{_GAP}[（(]?{_GAP}(?:{_CHECKBOXES}{_GAP})?{_UNITS}(?!\w)"
)
_UNIT_IN_SENTENCE = re.compile(rf"以{_GAP}(?:人民币)?{_GAP}{_UNITS}{_GAP}[为作](?:金额|计量|货币)?单位")
_SINGLE_UNIT = re.compile("[十百千万亿美欧港日]{0,3}元|亿|万")
_TRADITIONAL = str.maketrans(dict(re.findall("(.)(.)", "單单萬万億亿幣币種种額额貨货計计為为圓元")))
_UNIT_LINE = re.compile(rf"[（(]?(?:本表)?(?:金额|货币|计量)?{_UNIT_BEHIND_LABEL.pattern}[）)]{{0,2}}[。.]?")
UNIT_IN_BRACKETS = re.compile(
    rf"[（(](?:金额)?(?:单位)?[:：]?(?:人民币)?[:：]?(?:{_CHECKBOXES})?{_UNITS}[）)]"
)
"""Unit in brackets after the label of a sum or of a block of money."""
MONEY_WORDS = re.compile("资金|经费|金额|拨款|投资|收入|结转|总额|小计")
"""Words that mark a label as one about money."""
_UNIT_ALONE = re.compile(rf"(?:人民币)?[（(]?(?:人民币)?(?:{_CHECKBOXES})?{_UNITS}[）)]?")
_UNIT_LABEL_ALONE = re.compile(r"(?:金额|货币|计量)?单位[:：]?|币种[:：]?")
_SUM = re.compile(r"(.*?[0-9])\s*([十百千万亿美欧港日]{0,3}元|亿|万)", re.DOTALL)
_LABEL_LIMIT = 40
"""Characters of a label with its unit; longer text merely mentions one."""
_LINE_LIMIT = 200
"""Characters of a line with several labels."""
_ABOUT_MONEY = re.compile(f"{MONEY_WORDS.pattern}|预算|投入|支出|单位")
_KNOWN_UNITS = frozenset(MoneyUnit)
_POSSIBLE_SUM = re.compile(
    r"[0-9][0-9,]{0,20}(?:\.[0-9]{1,6})?$|[^0-9]{0,8}[0-9][0-9,.]{0,20}(?:[百千万亿]{0,2}元|万|亿)"
)
_UNIT_SIGNS = re.compile("[元万亿]")


def find_stated_units(cell: GridCell) -> frozenset[str]:
    """Return the units of money stated by *cell*, which is not the value of a field."""
    squeezed = cell.compact_text.translate(_TRADITIONAL)
    if len(squeezed) > _LINE_LIMIT or not _UNIT_SIGNS.search(squeezed):
        return frozenset()
    words = cell.stripped_text.translate(_TRADITIONAL)
    found = [
        match[1] for pattern in (_UNIT_BEHIND_LABEL, _UNIT_IN_SENTENCE) for match in pattern.finditer(words)
    ]
    if len(squeezed) <= _LABEL_LIMIT and _ABOUT_MONEY.search(squeezed):
        found.extend(match[1] for match in UNIT_IN_BRACKETS.finditer(squeezed))
    alone = _UNIT_ALONE.fullmatch(squeezed)
    if alone:
        found.append(alone[1])
    return frozenset(
        _complete_unit(unit) for units in found for unit in _SINGLE_UNIT.findall("".join(units.split()))
    )


def is_unit_alone(cell: GridCell) -> bool:
    """Return whether *cell* holds only the unit of money, or its label."""
    squeezed = cell.compact_text.translate(_TRADITIONAL)
    return any(pattern.fullmatch(squeezed) for pattern in (_UNIT_LINE, _UNIT_ALONE, _UNIT_LABEL_ALONE))


def find_sum_unit(words: str) -> str | None:
    """Return the unit that follows the digits of a sum."""
    found = _SUM.fullmatch(words)
    return _complete_unit(found[2]) if found else None


def is_possible_sum(cell: GridCell) -> bool:
    """Return whether *cell* holds or begins with a sum of money, like `854万(其中…)` and `总额10万元`."""
    return _POSSIBLE_SUM.match(cell.compact_text) is not None


def strip_unit(words: str, unit: str | None) -> str:
    """Return a sum without its unit if that is *unit*; another unit stays, because it changes the sum."""
    found = _SUM.fullmatch(words)
    return found[1] if found and _complete_unit(found[2]) == unit else words


def choose_unit(stated: Iterable[str]) -> MoneyUnit | None:
    """Return the one unit stated everywhere; `None` if there is none, several, or an unsupported one."""
    every = frozenset(stated)
    return MoneyUnit(next(iter(every))) if len(every) == 1 and every <= _KNOWN_UNITS else None


def explain_open_unit(stated: Iterable[str], units_below: Iterable[str]) -> Message:
    """Explain why the unit of the sums is left open, and how to resolve it.

    Args:
        stated: Units stated on the form.
        units_below: Units stated below its table.
    """
    every, last = sorted(frozenset(stated)), sorted(frozenset(units_below))
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


def _complete_unit(unit: str) -> str:
    return unit if unit.endswith(MoneyUnit.YUAN) else f"{unit}{MoneyUnit.YUAN}"
