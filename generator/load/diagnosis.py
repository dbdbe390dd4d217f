"""What a YAML parser's error means to somebody who does not know YAML.

The parser says "did not find expected comment or line break"; the editor has to hear that a target was not
quoted. The line with the error, or the line before it, usually shows the slip.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from generator.load.files import SourceText, forbidden_character
from generator.problems import Place, Problem
from generator.words import Message, message

_FIELD = re.compile(r"^\s*(?:-\s+)?(?P<key>[^\s:#\"'][^:#\"']*?)\s*:\s+(?P<value>\S.*)$")
_ENTRY = re.compile(r"^\s*-\s+(?P<value>\S.*)$")
_NO_SPACE = re.compile(r"^\s*(?:-\s+)?(?P<key>[A-Za-z_]+):(?P<value>[^\s:/].*)$")
_FULL_WIDTH_COLON = re.compile(r"^\s*(?:-\s+)?[^\s\"'：]+：")
_SPECIAL_FIRST = tuple(">|%@`*&!{}[],?-")


@dataclass(frozen=True)
class _Slip:
    """A known slip: how a line shows it, and what to say."""

    rule: str
    find: Callable[[str], int]
    """Give the column (from 0) where *line* shows the slip, or -1."""
    saying: Message
    hint: Message


def _column_of(pattern: re.Pattern[str], group: str | int) -> Callable[[str], int]:
    def find(line: str) -> int:
        match = pattern.search(line)
        return match.start(group) if match else -1

    return find


def _unquoted_value(line: str) -> int:
    match = _FIELD.match(line) or _ENTRY.match(line)
    if match is None or not match["value"].startswith(_SPECIAL_FIRST):
        return -1
    return match.start("value")


def _colon_in_value(line: str) -> int:
    match = _FIELD.match(line)
    if match is None or not re.search(r":(\s|$)", match["value"]):
        return -1
    return match.start("value")


def _open_bracket(line: str) -> int:
    for opening, closing in ("[]", "{}"):
        if line.count(opening) != line.count(closing):
            return max(line.find(opening), line.find(closing))
    return -1


def _open_quote(line: str) -> int:
    for mark in ('"', "'"):
        if line.count(mark) % 2:
            return line.index(mark)
    return -1


_SLIPS = (
    _Slip(
        "wrong-dash",
        _column_of(re.compile(r"^\s*([–—－−])\s"), 1),
        message("列表前面用的不是英文减号"),
        message("请改成英文减号“-”，后面加一个空格"),
    ),
    _Slip(
        "tab-for-indent",
        lambda line: (
            len(line) - len(line.lstrip(" \t")) - 1 if "\t" in line[: len(line) - len(line.lstrip())] else -1
        ),
        message("缩进用了制表符（Tab）"),
        message("请改用空格，每层两个"),
    ),
    _Slip(
        "full-width-colon",
        lambda line: line.index("：") if _FULL_WIDTH_COLON.match(line) and ": " not in line else -1,
        message("字段名后面用了中文冒号“：”"),
        message("请改成英文冒号，后面加一个空格"),
    ),
    _Slip(
        "no-space-after-colon",
        _column_of(_NO_SPACE, "value"),
        message("冒号后面缺一个空格"),
        message("请在英文冒号后面加一个空格"),
    ),
    _Slip(
        "unclosed-bracket",
        _open_bracket,
        message("括号没有配对"),
        message("请检查这一行的方括号或花括号；如果是普通文字，请整个加上英文双引号"),
    ),
    _Slip(
        "unquoted-value",
        _unquoted_value,
        message("这个值以 YAML 的特殊符号开头，没有加引号"),
        message('请给整个值加上英文双引号，例如 target: ">=90%"'),
    ),
    _Slip(
        "unquoted-value",
        _colon_in_value,
        message("值里面有英文冒号，没有加引号"),
        message("请给整个值加上英文双引号"),
    ),
    _Slip(
        "unclosed-quote",
        _open_quote,
        message("引号没有配对"),
        message("请检查这一行的引号：开头和结尾都用英文引号"),
    ),
)


def diagnose(error: yaml.YAMLError, source: SourceText) -> Problem:
    """Turn a parser error into a problem: a known slip if the lines show one, else the place alone."""
    if isinstance(error, yaml.reader.ReaderError):
        before = source.text[: error.position]
        place = Place(source.file, before.count("\n") + 1, error.position - before.rfind("\n"))
        return forbidden_character(chr(error.character)).at(place)
    marks = [
        mark
        for mark in (getattr(error, "context_mark", None), getattr(error, "problem_mark", None))
        if mark is not None
    ]
    lines = source.text.split("\n")
    for mark in _nearest_first(marks, lines):
        for slip in _SLIPS:
            column = slip.find(lines[mark])
            if column >= 0:
                place = Place(source.file, mark + 1, column + 1)
                return Problem(rule=slip.rule, place=place, message=slip.saying, hint=slip.hint)
    last = marks[-1] if marks else None
    opened = _unclosed_before(last.line if last else 0, lines)
    if opened is not None:
        line, column = opened
        saying, hint = message("引号没有配对"), message("请检查这一行的引号：开头和结尾都用英文引号")
        place = Place(source.file, line + 1, column + 1)
        return Problem(rule="unclosed-quote", place=place, message=saying, hint=hint)
    place = source.place(last.line, last.column) if last else Place(source.file)
    return Problem(
        rule="not-yaml",
        place=place,
        message=message("从这里起读不懂：缩进、冒号、引号或括号有误"),
        hint=message("请检查这一行和上一行：同一层的字段要左对齐，括号和引号要成对"),
    )


def _unclosed_before(last: int, lines: list[str]) -> tuple[int, int] | None:
    """Find a quotation mark that was opened in an earlier line and closed by the next one that came along."""
    for number, line in enumerate(lines[:last]):
        match = _FIELD.match(line) or _ENTRY.match(line)
        if match and match["value"][0] in "\"'" and match["value"].count(match["value"][0]) % 2:
            return number, match.start("value")
    return None


def _nearest_first(marks: list[yaml.Mark], lines: list[str]) -> list[int]:
    """List the lines that may show the slip: where the error is, where its context began, the line before."""
    wanted = [line for mark in reversed(marks) for line in (mark.line, mark.line - 1)]
    known = [line for line in wanted if 0 <= line < len(lines)]
    return list(dict.fromkeys(known))
