"""The months that a text names: one by one, in a list, as a range, within a quarter or a half of the year."""

import re
from collections.abc import Iterator
from unicodedata import numeric

_HANZI = re.compile("(?:十[一二]|[一二三四五六七八九十])(?=月)")
_OF_DATE = re.compile(r"[12][0-9]{3}[-./](1[0-2]|0?[1-9])(?![0-9])")
_MONTH = r"(?:1[0-2]|0?[1-9])(?![0-9])"
_LISTED = re.compile(rf"(?<![0-9])({_MONTH}(?:[、，,和及]{_MONTH})*+)(月?)")
"""One month or a list of them, or other numbers where 月 does not stand behind the last."""
_NUMBER = re.compile("[0-9]+")
_RANGE = re.compile("(?<![0-9])(1[0-2]|0?[1-9])月?份?[-~～—–至到]++(1[0-2]|0?[1-9])月")
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
    # 十二 is ten and two.
    return frozenset(_named(_HANZI.sub(lambda found: str(int(sum(map(numeric, found[0])))), text)))


def _named(text: str) -> Iterator[int]:
    yield from map(int, _OF_DATE.findall(text))
    for listed, sign in _LISTED.findall(text):
        yield from map(int, _NUMBER.findall(listed) if sign else ())
    for first, last in _RANGE.findall(text):
        yield from range(int(first), int(last) + 1)
    for quarter in _QUARTER.findall(text):
        last = 3 * int(numeric(quarter))
        yield from range(last - 2, last + 1)
    for words, months in _SEVERAL:
        if words.search(text):
            yield from months
