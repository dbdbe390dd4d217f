"""Hypothesis strategies for texts that editors may type, and for their spellings in YAML.

The alphabets lean to characters with a meaning somewhere on the way: in YAML, Markdown, HTML, a template, a
terminal, the log of a CI.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from hypothesis import strategies as st

from jixiao.load.wrong_content import find_garbled_text

ASCII_MARKS = "|\\*_<>&#:-='\"{}[]%`@!~$()+.,;?/^"
CHINESE_CHARACTERS = "中文项目汉字，。；：、？！“”‘’（）【】《》—…·　％＝＞＜０１：＃｜～￥"
OTHER_CHARACTERS = "ab019 \u00a0\u20e3\U0001f44d\U0001f3fd\U00020000éß½①ﬁ한ا"
FRAGMENTS = (
    " #1 ",
    "# ",
    ": ",
    " - ",
    "| ",
    ">=90%",
    "<=1,000",
    "15,986,000",
    "0123",
    "22:22",
    "2021-01-31",
    "null",
    "true",
    "&lt;",
    "&#60;",
    "&amp;",
    "{{ 7*7 }}",
    "{% x %}",
    "{#a}",
    "${x}",
    "--8<--",
    "---",
    "**a**",
    "[x](javascript:y)",
    "](//a)",
    "![",
    "```",
    "    ",
    "1. ",
    "::error::",
    "##[error]",
    "%0A",
    "\\n",
    "\\x1b[31m",
    "wzxhzdk:0",
    "-->",
    "]]>",
    "< b",
    "\\'\\\"",
)
REFUSED_CHARACTERS = (
    "\u200b\u200d\u200e\u202e\u2066\u2069\ufeff\u00ad\u2028\u2029\u3164"
    "\x00\x07\x08\x0b\x0c\x1b\x7f\x85\x9b\ue000\ufffd\ufffe\U000e0041"
)
"""Zero-width, bidirectional, control, private and unassigned characters: none is allowed in a source."""
_TEXT_PIECES = st.one_of(
    st.sampled_from(ASCII_MARKS),
    st.sampled_from(CHINESE_CHARACTERS),
    st.sampled_from(OTHER_CHARACTERS),
    st.sampled_from(FRAGMENTS),
)

LINES = (
    st.lists(_TEXT_PIECES, min_size=1, max_size=14)
    .map("".join)
    .filter(lambda text: not find_garbled_text(text))
)
"""Text on one line, not always one that may be published."""
PROSE = (
    st.lists(st.one_of(_TEXT_PIECES, st.just("\n")), min_size=1, max_size=20)
    .map("".join)
    .filter(lambda text: not find_garbled_text(text))
)
"""Text on several lines."""
WORDS = LINES.map(str.strip).filter(lambda text: bool(text) and not is_refused(text))
"""One line that every field for words takes."""
PARAGRAPHS = PROSE.filter(lambda text: bool(text.strip()) and not is_refused(text))
"""Several lines that every field for prose takes."""
ANYTHING = st.text(
    st.one_of(
        st.sampled_from(REFUSED_CHARACTERS), st.sampled_from(ASCII_MARKS), st.sampled_from("\t\r\n中 a\ud800")
    ),
    max_size=20,
).flatmap(lambda hidden: LINES.map(lambda line: f"{hidden}{line}{hidden}"))
"""Text that nobody should be able to put anywhere, and that a report must be able to quote."""
_DIGITS = st.integers(0, 10**15 - 1)
_PLACES = st.text("0123456789", max_size=6)


def is_refused(text: str) -> bool:
    """Return whether *text* is markup, or by chance garbled Chinese."""
    return is_markup(text) or find_garbled_text(text) is not None


def is_markup(text: str) -> bool:
    """Return whether a browser may take part of *text* for a tag, without a regular expression."""
    return any(
        mark == "<" and ((after.isascii() and after.isalpha()) or after in "/!?")
        for mark, after in pairwise(text)
    )


@st.composite
def sums(draw: st.DrawFn) -> str:
    """Draw a sum as a form may show it: with commas or without, with trailing zeros or without."""
    whole, places = draw(_DIGITS), draw(_PLACES)
    digits = f"{whole:,}" if draw(st.booleans()) else str(whole)
    return f"{digits}.{places}" if places else digits


class Spelling(StrEnum):
    """How a value is written in YAML."""

    DOUBLE = "double"
    SINGLE = "single"
    LITERAL = "|"
    STRIPPED = "|-"
    PLAIN = "plain"


@dataclass(frozen=True)
class SpelledText:
    """Text and its spelling in YAML."""

    text: str
    spelling: Spelling

    def yaml(self, indent: int) -> str:
        """Write the value behind its key, whose column is *indent*."""
        match self.spelling:
            case Spelling.DOUBLE:
                return quote(self.text)
            case Spelling.SINGLE:
                return "'" + self.text.replace("'", "''") + "'"
            case Spelling.PLAIN:
                return self.text
            case Spelling.LITERAL | Spelling.STRIPPED:
                margin = " " * (indent + 2)
                lines = "\n".join(f"{margin}{line}" for line in self.text.split("\n"))
                # The number says where the text begins, so that its own blanks in front stay its own.
                return f"|2{self.spelling.value[1:]}\n{lines}"


def quote(text: str) -> str:
    """Write *text* between double quotes, for YAML and for PO files."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7F")


@st.composite
def spelled_texts(draw: st.DrawFn, texts: st.SearchStrategy[str], *, block: bool = True) -> SpelledText:
    """Choose a text and a spelling that can carry it whole."""
    text = draw(texts)
    possible = [Spelling.DOUBLE]
    if "\n" not in text:
        possible.append(Spelling.SINGLE)
    if block and not text.endswith("\n"):
        possible += [Spelling.LITERAL, Spelling.STRIPPED]
    return SpelledText(text, draw(st.sampled_from(possible)))
