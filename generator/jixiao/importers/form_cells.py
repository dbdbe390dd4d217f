"""The words of a cell, freed from what a copy left in them: tags, blanks where a narrow cell wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from jixiao.i18n import Message
from jixiao.model.target import MISTYPED_SIGNS, read_target
from jixiao.model.values import read_line, read_money
from jixiao.problems import Misread

_BREAK_TAG = re.compile(r"<(?:br|/p)[^<>]{0,80}>(?!$)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ENTITY = re.compile(r"&nbsp;", re.IGNORECASE)
_LINE_BREAK = re.compile(r"[ \t]{0,80}\n\s{0,80}")
_OPEN_END = re.compile(r"[A-Za-z0-9]")
_BLANK_IN_WORDS = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])")
_NUMBER_LOST = re.compile(
    r"(?:为期|不少于|不低于|不超过|不高于|至少)(?=(?:个月|个工作日|天|周|年(?![度底内初中末])|小时|人次|场次|%|万?元))"
)
_GOAL_OF_PROJECT = re.compile(r"(?:项目总|总体|长期)(?:绩效)?目标")
_GOAL_OF_YEAR = re.compile(r"年度(?:总体?)?(?:绩效)?目标")


def without_markup(words: str) -> str:
    """Take the tags of a web page out of *words*; a break in the middle becomes a line break."""
    if "<" not in words and "&" not in words:
        return words
    text = _TAG.sub("", _BREAK_TAG.sub("\n", words.strip()))
    return _ENTITY.sub(" ", text).strip()


def in_one_line(words: str) -> str:
    """Join the lines of a narrow cell; between two letters or digits there was a blank."""

    def joint(found: re.Match[str]) -> str:
        before, behind = words[found.start() - 1 : found.start()], words[found.end() : found.end() + 1]
        return _blank_between(before, behind)

    return _LINE_BREAK.sub(joint, words)


def glued(one: str, other: str) -> str:
    """Join what a break of the page or of a row cut apart."""
    return f"{one}{_blank_between(one[-1:], other[:1])}{other}"


def _blank_between(before: str, behind: str) -> str:
    """Return the blank that a break swallowed: one stood between two letters or digits."""
    return " " if _OPEN_END.match(before) and _OPEN_END.match(behind) else ""


def without_line_break(words: str) -> str:
    """Take out blanks between two Chinese characters, which a narrow cell leaves where it wraps a name."""
    return _BLANK_IN_WORDS.sub("", words)


def blank_in_words(words: str) -> tuple[str, str] | None:
    """Give what stands before and behind the first blank between two Chinese characters."""
    found = _BLANK_IN_WORDS.search(words)
    return (words[: found.start()], words[found.end() :]) if found else None


def lost_number(words: str) -> tuple[str, str] | None:
    """Find where a number is missing: a word that asks for one stands before a unit. Give both sides."""
    found = _NUMBER_LOST.search(words)
    return (words[: found.end()], words[found.end() :]) if found else None


def holds_two_goals(words: str) -> bool:
    """Tell whether the goal of the whole project and that of the year stand in one text."""
    first = _GOAL_OF_PROJECT.search(words)
    return first is not None and _GOAL_OF_YEAR.search(words, first.end()) is not None


def readable_target(words: str) -> str | None:
    """Give a target as the checks take it: as filed, or with signs in ASCII; nothing if it cannot be read."""
    for written in (words, _with_ascii_signs(words)):
        if not refusal_of_target(written):
            return written
    return None


def _with_ascii_signs(words: str) -> str:
    narrow = unicodedata.normalize("NFKC", words.replace("≥", "\0").replace("≤", "\1")).strip('“”"')
    narrow = narrow.replace("\0", "≥").replace("\1", "≤")
    for wrong, proper in MISTYPED_SIGNS.items():
        if narrow.startswith(wrong):
            return proper + narrow.removeprefix(wrong).lstrip()
    return narrow


def refusal_of_target(words: str) -> Message | None:
    """Say why the checks would refuse *words* as a target; nothing if they take them."""
    return _refusal(read_target, words)


def refusal_of_money(words: str) -> Message | None:
    """Say why the checks would refuse *words* as a sum; nothing if they take them."""
    return _refusal(read_money, words)


def refusal_of_line(words: str) -> Message | None:
    """Say why the checks would refuse *words* as a name; nothing if they take them."""
    return _refusal(read_line, words)


def _refusal(read: Callable[[str], object], words: str) -> Message | None:
    try:
        read(words)
    except Misread as misread:
        return misread.saying
    return None
