"""Text that was opened in the wrong encoding and saved again: letters for Chinese, or the wrong Chinese.

It is sound UTF-8, so nothing but what it says gives it away. A single accented letter, a name in another
language, a row of dots are left alone: what is told is text whose bytes are other text that makes sense.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_WINDOWS = {byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0xA0)}
_BYTES = {chr(code): code for code in range(0x80, 0x100)} | {
    sign: byte for byte, sign in _WINDOWS.items() if sign != "\ufffd"
}
"""The byte that a program took each sign from, in Latin-1 or as Windows knows it."""
_LETTERS_FROM = 0xC0
_BEHIND = re.escape("".join(sign for sign, byte in _BYTES.items() if byte < _LETTERS_FROM))
_USUAL = frozenset("“”‘’…—–·×«»°±")
"""Signs that stand beside an accented letter in sound text as well."""
_LEAST_RUN, _LEAST_LETTERS, _LEAST_COMMON = 4, 0.25, 0.8
"""Signs of a run; the share of letters among them; the share of common characters in what they mean."""
_PAIR, _TRIPLE = 2, 3
_COMMON = frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xD8)))
"""First bytes of stops and signs, and of the characters that are common, in GB 2312."""
_LATIN = re.compile(f"[{re.escape(''.join(_BYTES))}]{{{_LEAST_RUN},}}")
"""GBK that was read as Latin-1: `¸ßÐ£`."""
_UTF_8 = re.compile(
    f"(?:[ä-é][{_BEHIND}]{{2}})+|(?:â€|ã€|ï¼)[{_BEHIND}]|(?:[ÂÃ][\xa1-\xb6\xb8-\xba\xbc-\xbf])+"
)
"""UTF-8 that was read as Latin-1: `é«˜æ ¡`, `â€œ`, `Ã©`."""
_SHORT = re.compile("[\u0080-\u07ff]{2,}")
"""GBK whose bytes are UTF-8 by chance, in which every character takes two bytes as well: `ʵѵѧԱ`."""
_SIGN = re.compile("[\u0080-\u00bf×÷]")
"""Signs of Latin-1, beside which every script stands in sound text."""
_SCRIPTS = (0x400, 0x530, 0x590, 0x600, 0x780, 0x7C0)
"""Where another script begins: Latin, phonetic and Greek letters, which stand together in formulas; Cyrillic,
Armenian, Hebrew, Arabic and Syriac, Thaana, N'Ko."""
_RARE = re.compile(
    "[\u013f\u0180\u0182-\u0185\u0187\u0188\u018b-\u018e\u0195-\u0197\u019a-\u019f\u01a2-\u01ae\u01b1\u01b5\u01b6"
    "\u01b8-\u01bf\u01f0-\u01f3\u01f6\u01f7\u0220-\u0225\u0234-\u024f\u02a9-\u02af\u02b1\u02b3-\u02b6\u02e1-\u02ff"
    "\u0350-\u037d\u03d8-\u03ef\u03f3\u03f6-\u03ff\u0460-\u0489\u0591-\u05af]"
)
"""Letters and marks that no office writes: archaic, Coptic, of specialists in phonetics."""
_LOST = re.compile("锟斤拷?|烫烫烫|屯屯屯")
"""What is left where signs could not be read at all, and memory that nobody has written."""
_LETTER = re.compile("[À-ÖØ-öø-ÿ]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ANY = re.compile(r"[\x80-\xff]|锟斤|烫烫|屯屯|[\u0152-\u0192\u02c6\u02dc\u20ac\u2122]")


class Garbled(NamedTuple):
    """A part of a text that was read in the wrong encoding."""

    start: int
    shown: str
    meant: str
    """What it probably was; empty where that is lost."""


def garbled_in(text: str) -> Garbled | None:
    """Find the first part of *text* that was read in the wrong encoding."""
    if text.isascii():
        return None
    found: list[Garbled] = []
    found += filter(None, map(_from_short, _SHORT.finditer(text)))
    if _ANY.search(text):
        found += filter(None, map(_from_latin, _LATIN.finditer(text)))
        found += filter(None, map(_from_utf_8, _UTF_8.finditer(text)))
        found += (Garbled(one.start(), one[0], "") for one in _LOST.finditer(text))
    found += filter(None, map(_from_gbk, _wrong_chinese().finditer(text)))
    return min(found, default=None)


def _from_latin(run: re.Match[str]) -> Garbled | None:
    """Read a run of letters and signs as GBK, beginning with its first byte or its second."""
    if len(_LETTER.findall(run[0])) < max(_PAIR, _LEAST_LETTERS * len(run[0])) or len(set(run[0])) == 1:
        return None
    for skipped in (0, 1):
        content = bytes(_BYTES[sign] for sign in run[0][skipped:])
        meant = content[: len(content) // _PAIR * _PAIR].decode("gb2312", errors="replace")
        common = sum(byte in _COMMON for byte in content[: len(meant) * _PAIR : _PAIR])
        is_chinese = len(_HAN.findall(meant)) >= _PAIR
        if is_chinese and "\ufffd" not in meant and common >= _LEAST_COMMON * len(meant):
            return Garbled(run.start(), run[0], meant)
    return None


def _from_utf_8(run: re.Match[str]) -> Garbled | None:
    content = bytes(_BYTES[sign] for sign in run[0])
    try:
        meant = content.decode()
    except UnicodeDecodeError:
        return None
    # `café……` is text: an accented letter with stops behind it.
    is_text = run[0][0] in "äåæçèé" and len(meant) == 1 and _USUAL.issuperset(run[0][1:])
    return None if is_text else Garbled(run.start(), run[0], meant)


def _from_short(run: re.Match[str]) -> Garbled | None:
    """Read letters of several scripts in one word, or letters that nobody writes, as GBK."""
    scripts = {bisect_right(_SCRIPTS, ord(sign)) for sign in _SIGN.sub("", run[0])}
    if len(scripts) < _PAIR and not _RARE.search(run[0]):
        return None
    content = run[0].encode()
    meant = content.decode("gbk", errors="replace")
    common = sum(map(_is_common, meant))
    least = len(meant) if len(scripts) < _PAIR else _LEAST_COMMON * len(meant)
    return Garbled(run.start(), run[0], meant) if common >= least else None


def _from_gbk(run: re.Match[str]) -> Garbled | None:
    """Read characters as UTF-8 that was read as GBK; three common characters alone prove nothing."""
    if len(run[0]) == _TRIPLE and all(map(_is_common, run[0])):
        return None
    meant = run[0].encode("gbk").decode("utf-8", errors="replace")
    return Garbled(run.start(), run[0], meant) if all(map(_is_common, meant)) else None


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _HAN.match(sign) is not None


@cache
def _wrong_chinese() -> re.Pattern[str]:
    """Match threes of characters of GBK whose bytes are two Chinese characters in UTF-8: `楂樻牎`."""
    leads, behind = range(0xE4, 0xEA), range(0x80, 0xC0)
    classes = (_signs(leads, behind), _signs(behind, leads), _signs(behind, behind))
    three = "".join(f"[{''.join(signs)}]" for signs in classes)
    return re.compile(f"(?:{three})+")


def _signs(first: Iterable[int], second: Iterable[int]) -> list[str]:
    decoded = (bytes((one, other)).decode("gbk", errors="ignore") for one in first for other in second)
    return [re.escape(sign) for sign in decoded if len(sign) == 1]
