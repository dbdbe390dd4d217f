"""The months that a text names: one by one, in a list, as a range, within a quarter or a half of the year."""

import re
from collections.abc import Iterator
from typing import Final

_NUMBER: Final = "(?:1[0-2]|0?[1-9])"
_HANZI = tuple(
    zip(
        ("十二", "十一", "十", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
        ("12", "11", "10", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        strict=True,
    )
)
"""The longer words first: 十二月 ends like 二月."""
_TO = "[-~～—–至到]+"
_RANGE = re.compile(rf"(?<![0-9])({_NUMBER})月?份?{_TO}({_NUMBER})月")
_ONE = re.compile(rf"(?<![0-9])({_NUMBER})(?=月|(?:[、，,和及]{_NUMBER})+月)")
_DATE = re.compile(rf"[12][0-9]{{3}}[-./]({_NUMBER})(?![0-9])")
_QUARTER = re.compile("([一二三四1-4])季度")
_SEVERAL = (
    (re.compile("[每按各逐](?:个?月|季)|月度"), range(1, 13)),
    (re.compile("上半年"), range(1, 7)),
    (re.compile("下半年"), range(7, 13)),
    (re.compile("年底|年末"), range(12, 13)),
)
"""Words for several months, with the months."""


def months_named(text: str) -> frozenset[int]:
    """Give the months that *text* names, whatever the year."""
    for word, number in _HANZI:
        text = text.replace(f"{word}月", f"{number}月")
    return frozenset(_named(text))


def _named(text: str) -> Iterator[int]:
    yield from (int(month) for pattern in (_ONE, _DATE) for month in pattern.findall(text))
    for first, last in _RANGE.findall(text):
        yield from range(int(first), int(last) + 1)
    for quarter in _QUARTER.findall(text):
        number = "一二三四".find(quarter) + 1 or int(quarter)
        yield from range(3 * number - 2, 3 * number + 1)
    for words, months in _SEVERAL:
        if words.search(text):
            yield from months
