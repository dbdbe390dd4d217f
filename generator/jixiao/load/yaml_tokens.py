"""What YAML would drop or join without a word: text behind a `#`, a sign that begins a block, lines in a row.

`target: #1` would be published as not filed, `name: 2021 #1 工程` as 2021, the cell `>5` as empty. A comment
may stand on a line of its own, behind a number or a date, behind quotes, and behind the name of a group.
"""

from __future__ import annotations

import re
from itertools import pairwise

import yaml

from jixiao.i18n import message
from jixiao.load.source_files import SourceText
from jixiao.problems import Misread, Problem

_OPENS_FLOW = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.FlowEntryToken)
_CLOSES_FLOW = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_OPENS_BLOCK = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)


_BLANKS = re.compile(r"\s*")


class Commented(str):
    """A figure with a comment behind it: right for a sum or a day, cut off where words belong."""

    __slots__ = ()


class Watch:
    """Looks at the tokens of one file as they come."""

    def __init__(self, source: SourceText) -> None:
        """Watch over *source*."""
        self._source = source
        self._last: yaml.Token | None = None

    def look(self, token: yaml.Token) -> Problem | None:
        """Take the next token; give the problem when something before it would be dropped."""
        last, self._last = self._last, token
        if last is None:
            return None
        if isinstance(last, yaml.ScalarToken) and last.style in {"|", ">"}:
            return self._behind_sign(last)
        if isinstance(last, yaml.FlowEntryToken) and isinstance(token, yaml.FlowSequenceEndToken):
            return self._comma_at_end(last)
        column = comment_behind(self._source, last.end_mark)
        if column is None or not _is_cut(last, token, is_glued=column == last.end_mark.column):
            return None
        return self._cut(last.end_mark.line, column)

    def _behind_sign(self, token: yaml.ScalarToken) -> Problem | None:
        """Look at a block of text: something behind its sign, or nothing below it."""
        mark = token.start_mark
        column = self._source.lines[mark.line].find("#", mark.column)
        if column >= 0:
            return self._cut(mark.line, column)
        if token.value.strip("\n"):
            return None
        return Problem(
            rule="unquoted-value",
            place=self._source.place(mark.line, mark.column),
            message=message("这个值以 YAML 的特殊符号开头，没有加引号"),
            hint=message('请给整个值加上英文双引号，例如 target: ">=90%"'),
        )

    def _comma_at_end(self, comma: yaml.Token) -> Problem:
        """Say that a comma ends a list: whoever typed it for an empty cell would lose the cell."""
        return Problem(
            rule="comma-at-end",
            place=self._source.place(comma.start_mark.line, comma.start_mark.column),
            message=message("方括号里最后一个逗号后面没有值，空的一格会丢掉"),
            hint=message('如果有空的一格，请写 ""；否则请删去逗号'),
        )

    def _cut(self, line: int, column: int) -> Problem:
        return comment_cuts_text().at(self._source.place(line, column))


def comment_behind(source: SourceText, mark: yaml.Mark) -> int | None:
    """Give the column (from 0) of a comment that follows *mark* on its line."""
    if not source.may_hold_comments or mark.line >= len(source.lines):
        return None
    # Nothing is copied: a line may be as long as the file, and every word of it is asked.
    blanks = _BLANKS.match(source.lines[mark.line], mark.column)
    column = blanks.end() if blanks else mark.column
    return column if source.lines[mark.line].startswith("#", column) else None


def joins_lines(source: SourceText, node: yaml.ScalarNode) -> bool:
    """Tell whether YAML joins two lines of *node*; those with an empty line between them stay apart."""
    first, last = node.start_mark, node.end_mark
    if first.line == last.line:
        return False
    lines = list(source.lines[first.line : last.line + 1])
    if not lines:
        # What is empty at the end of a file begins behind its last line.
        return False
    lines[-1] = lines[-1][: last.column]
    lines[0] = lines[0][first.column :]
    return any(above.strip() and below.strip() for above, below in pairwise(lines))


def folded_text(source: SourceText, node: yaml.ScalarNode) -> Misread:
    """Return what became of the lines of *node*: a text of several lines, or a list below a value."""
    following = "" if node.style else source.lines[node.start_mark.line + 1]
    if following.lstrip(" ").startswith("- "):
        return Misread(
            "folded-text",
            message("冒号后面已经有值，下面的列表会接在它后面，成为一段文字"),
            message("要在下面写列表，请删去冒号后面的值"),
        )
    return Misread(
        "folded-text",
        message("这段文字写成了几行，会被接成一行，中间多出空格"),
        message("要保留分行的，在冒号后面写“|”，文字从下一行写起；否则请写在一行里"),
    )


def line_cut_from_block(source: SourceText, node: yaml.ScalarNode) -> Problem | None:
    """Find a comment right under a block of text: less indented, a line with # is not part of it."""
    # Blanks that belong to the text itself stand behind those of the indentation (`|2`).
    own = next((_leading_blanks(line) for line in node.value.split("\n") if line.strip()), 0)
    indent: int | None = None
    is_over = False
    for number in range(node.start_mark.line + 1, len(source.lines)):
        line = source.lines[number]
        words = line.strip(" ")
        if number >= node.end_mark.line and words and not words.startswith("#"):
            return None
        column = _leading_blanks(line)
        if line.strip():
            indent = column - own if indent is None else indent
            is_over = is_over or column < indent
        if is_over and words.startswith("#"):
            return Problem(
                rule="comment-cuts-text",
                place=source.place(number, column),
                message=message("以 # 开头的这一行没有与上面的文字对齐，会被当作注释丢掉"),
                hint=message("属于上面的文字的，请与它左对齐；如果真是注释，请移到字段名上面"),
            )
    return None


def _leading_blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def comment_cuts_text() -> Misread:
    """Say that a comment would swallow text."""
    return Misread(
        "comment-cuts-text",
        message("# 后面的文字会被当作注释丢掉"),
        message("请把整个值加上英文双引号；如果真是注释，请另起一行"),
    )


def _is_cut(token: yaml.Token, following: yaml.Token, *, is_glued: bool) -> bool:
    """Tell whether a comment between two tokens stands where a value, or the rest of one, belongs."""
    match token:
        case yaml.ScalarToken():
            # A plain text is looked at when it is read: there it is known whether it is a figure.
            return is_glued and not token.plain
        case yaml.ValueToken():
            return not isinstance(following, (*_OPENS_BLOCK, yaml.BlockEntryToken))
        case yaml.BlockEntryToken():
            return not isinstance(following, _OPENS_BLOCK)
        case _:
            return isinstance(token, _OPENS_FLOW) or (is_glued and isinstance(token, _CLOSES_FLOW))
