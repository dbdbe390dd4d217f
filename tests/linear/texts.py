"""Runs of signs over which a search that begins again at every place takes the square of their length."""

from collections.abc import Iterator
from itertools import product
from string import ascii_letters, digits, punctuation

LENGTH = 1024 * 1024 - 4096
"""Bytes of the longest text file of a project, but for what stands around the text in it."""
_BRACKETS = ("()", "[]", "{}", "<>", '""', "''", "``", "（）", "【】", "《》", "“”", "［］")
_ENTITIES = ("&amp;", "&lt;", "&gt;", "&quot;", "&#38;", "&#x26;", "&nbsp;", "&a", "&#")
_CHINESE = ("，", "、", "：", "；", "。", "绩", "绩，", "一", "１", "％", "≥")
_BLANKS = (" ", "\t", "\u3000", "\n", "\n\n")
_MIXED = (
    "1,",
    "1,234",
    "1.",
    "1-",
    "1 ",
    ",1",
    "a1",
    "-1",
    "a@",
    "a.",
    "a@a.",
    "a:",
    "a: ",
    "a: a\n",
    "- ",
    "- a\n",
    "? ",
    "[a,",
    "{a: ",
    "[a](",
    "](",
    "![",
    "\\a",
    "\\\\",
    '\\"',
    "<a",
    "<a>",
    "</a>",
    "<!--",
    "`a",
    "**a",
    "_a",
    "*a ",
    "# ",
    "a #",
    "#[",
    "##[",
    "| ",
    "|-",
    ": |-\n",
    "a=",
    "1月",
    "1、",
    "2021年",
    "项目目标",
    "为期",
    "通过",
    "逐步",
    "符合",
    "msgid",
    'msgid "a"\nmsgstr "b"\n\n',
    "<<<<<<<\n",
    "=======\n",
    "---\n",
    "https://a",
    "//",
    "tel:",
    "](tel:",
)


def units(*, is_whole: bool) -> Iterator[str]:
    """Give what is repeated; not the *whole* set leaves out most single signs and the pairs of them."""
    signs = punctuation if is_whole else "&{[(<\"'`*_#|\\:-,.~!?%@"
    letters = "aA1" if not is_whole else ascii_letters + digits
    yield from dict.fromkeys((*signs, *letters, *_BRACKETS, *_ENTITIES, *_CHINESE, *_BLANKS, *_MIXED))
    if is_whole:
        yield from (one + other for one, other in product(punctuation, repeat=2) if one != other)


def run(unit: str, length: int) -> str:
    """Repeat *unit* to a text of at most *length* bytes."""
    return unit * (length // len(unit.encode()))


FEW = (
    *"&{[(<\"'`*_\\-1#:! ",
    *(
        "{}",
        "[]",
        "《",
        "，",
        "绩，",
        "&amp;",
        "1-",
        "1,",
        "-1",
        "](",
        "[a](",
        "[](tel:",
        "\n",
        "a: a\n",
        "a: ",
    ),
    *("项目总体目标", "为期", "1月、"),
)
"""Those over which readers have stumbled, and their like."""
