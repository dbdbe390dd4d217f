"""What a YAML parser's error means to somebody who does not know YAML.

The parser says "did not find expected comment or line break"; the editor has to hear that a target was not
quoted. The line with the error, or the line before it, usually shows the slip.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

from jixiao.i18n import Message, message
from jixiao.load.brackets import lines_below_brackets
from jixiao.load.indentation import misaligned, text_not_indented
from jixiao.load.source_files import SourceText, forbidden_character
from jixiao.problems import Place, Problem

# What is repeated never meets what follows it, so that a line of any length is gone through once.
_FIELD = re.compile(r"^\s*+(?:-\s++)?[^\s:#\"'][^:#\"']*+:\s++(?P<value>\S.*)$")
_ENTRY = re.compile(r"^\s*-\s+(?P<value>\S.*)$")
_NO_SPACE = re.compile(r"^\s*(?:-\s+)?(?P<key>[A-Za-z_]+):(?P<value>[^\s:/].*)$")
_FULL_WIDTH_COLON = re.compile(r"^\s*(?:-\s+)?[^\s\"'：]+：")
_NO_COLON = re.compile(r"^\s*+(?:-\s++)?[a-z_]{2,}+(?P<place>\s*+[=;；,，]|[ \u00a0\u3000]++)\s*+[^\s=:：]")
_BLOCK_TEXT = re.compile(r"[|>][-+]?\s*")
_ODD_BLANK = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_ODD_INDENT = re.compile(rf"^ *(?P<blank>[{_ODD_BLANK}])[\s]*[\w-]+[:：]")
_ODD_AFTER_COLON = re.compile(rf"^\s*(?:-\s+)?[\w-]+:(?P<blank>[{_ODD_BLANK}])")
_WRONG_BULLET = re.compile(r"^\s*(?P<bullet>[–—－−•·●▪◦○■*]|[0-9]{1,2}[.、)）])\s*[A-Za-z_]+\s*[:：]")
_DASH_WITHOUT_SPACE = re.compile(r"^\s*(?P<dash>-)[A-Za-z_]+:\s")
_LONE_DASH = re.compile(r"^\s*(?:-\s+)?[^\s:#\"']+:\s+(?P<dash>-)\s*$")
_SIGN_IN_BRACKETS = re.compile(r"[\[\]{}，、]|\"[^\"]*+\"|'[^']*+'|[\"']")
_AFTER_QUOTE = re.compile(r"^\s*(?:-\s+)?[^\s:#\"']+:\s+(?:\"(?:[^\"\\]|\\.)*\"|'[^']*')\s*(?P<rest>[^\s#'])")
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
    if (
        match is None
        or not match["value"].startswith(_SPECIAL_FIRST)
        or _BLOCK_TEXT.fullmatch(match["value"])
    ):
        return -1
    return match.start("value")


def _colon_in_value(line: str) -> int:
    match = _FIELD.match(line)
    if match is None or not re.search(r":(\s|$)", match["value"]):
        return -1
    return match.start("value")


def _chinese_comma(line: str) -> int:
    """Find a Chinese comma in brackets, outside of quotes."""
    depth = 0
    for sign in _SIGN_IN_BRACKETS.finditer(line):
        if sign[0] in {"，", "、"} and depth:
            return sign.start()
        if sign[0] in {'"', "'"}:
            # A quotation mark without its partner: nobody knows what stands in brackets behind it.
            return -1
        depth = max(0, depth + (sign[0] in {"[", "{"}) - (sign[0] in {"]", "}"}))
    return -1


def open_bracket(line: str) -> int:
    """Give the column (from 0) of a bracket without its partner in *line*, or -1."""
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
        "odd-blank",
        _column_of(_ODD_INDENT, "blank"),
        message("缩进用了全角空格或不间断空格"),
        message("请删去，改用普通的半角空格，每层两个"),
    ),
    _Slip(
        "odd-blank",
        _column_of(_ODD_AFTER_COLON, "blank"),
        message("冒号后面用了全角空格或不间断空格"),
        message("请删去，改用一个普通的半角空格"),
    ),
    _Slip(
        "wrong-dash",
        _column_of(_WRONG_BULLET, "bullet"),
        message("列表前面用的不是英文减号"),
        message("请改成英文减号“-”，后面加一个空格"),
    ),
    _Slip(
        "no-space-after-dash",
        _column_of(_DASH_WITHOUT_SPACE, "dash"),
        message("减号后面缺一个空格"),
        message("请在减号后面加一个空格"),
    ),
    _Slip(
        "lone-dash",
        _column_of(_LONE_DASH, "dash"),
        message("这里只有一个减号"),
        message("表上空着的选填栏，请删除这一行；没有目标值的，写 target: null"),
    ),
    _Slip(
        "chinese-comma",
        _chinese_comma,
        message("括号里用了中文逗号或顿号"),
        message("请改成英文逗号，后面加一个空格"),
    ),
    _Slip(
        "text-after-quote",
        _column_of(_AFTER_QUOTE, "rest"),
        message("引号已经结束，后面还有文字"),
        message("请把整个值放进一对英文双引号；文字里的引号用中文引号“”"),
    ),
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
        open_bracket,
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
        "no-colon",
        _column_of(_NO_COLON, "place"),
        message("字段名后面缺英文冒号"),
        message("请写成“字段名: 值”，用英文冒号，后面加一个空格"),
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
    lines = source.lines
    last = marks[-1] if marks else None
    below = lines_below_brackets(lines, last.line, source.file) if last else None
    in_quotes = below or _wrong_escape(error, source.file) or _open_quotation(error, source, last)
    if in_quotes is not None:
        return in_quotes
    for mark in _nearest_first(marks, lines):
        for slip in _SLIPS:
            column = slip.find(lines[mark])
            if column >= 0:
                # Whoever types one Chinese colon types them all: begin with the first.
                first = diagnose_plain_text(source) if slip.rule == "full-width-colon" else None
                place = Place(source.file, mark + 1, column + 1)
                return first or Problem(rule=slip.rule, place=place, message=slip.saying, hint=slip.hint)
    shifted = _shifted(last.line if last else 0, lines, source.file)
    earlier = _unclosed_before(last.line if last else 0, lines)
    if shifted is not None or earlier is not None:
        return shifted or _unclosed_quote(source.place(*(earlier or (0, 0))))
    place = source.place(last.line, last.column) if last else Place(source.file)
    return Problem(
        rule="not-yaml",
        place=place,
        message=message("从这里起读不懂：缩进、冒号、引号或括号有误"),
        hint=message("请检查这一行和上一行：同一层的字段要左对齐，括号和引号要成对"),
    )


def diagnose_plain_text(source: SourceText) -> Problem | None:
    """Explain a file that is one long text to YAML, because no colon in it is one that YAML knows."""
    for number, line in enumerate(source.lines, 1):
        for slip in _SLIPS:
            column = slip.find(line) if slip.rule in {"full-width-colon", "no-space-after-colon"} else -1
            if column >= 0:
                place = Place(source.file, number, column + 1)
                return Problem(rule=slip.rule, place=place, message=slip.saying, hint=slip.hint)
    return None


def _wrong_escape(error: yaml.YAMLError, file: str) -> Problem | None:
    """Explain a backslash in double quotes: a path of Windows, or a code of no character."""
    mark = getattr(error, "problem_mark", None)
    if mark is None or not re.search(r"escape|hexdec", str(getattr(error, "problem", ""))):
        return None
    return Problem(
        rule="wrong-escape",
        place=Place(file, mark.line + 1, mark.column + 1),
        message=message("双引号里的反斜杠“\\”另有含义，这里读不懂"),
        hint=message("请改用英文单引号，或不写反斜杠"),
    )


def _shifted(last: int, lines: Sequence[str], file: str) -> Problem | None:
    """Find a line whose indentation is wrong."""
    within = text_not_indented(lines, min(last, len(lines) - 1))
    if within is not None:
        return Problem(
            rule="wrong-indent",
            place=Place(file, within[0] + 1, within[1] + 1),
            message=message("这一行比同一段文字的第一行缩进少"),
            hint=message("一段文字的各行要左对齐，比字段名多缩进两格"),
        )
    found = misaligned(lines, last)
    if found is None:
        return None
    return Problem(
        rule="wrong-indent",
        place=Place(file, found[0] + 1, found[1] + 1),
        message=message("缩进不对：这一行没有与上面的字段对齐"),
        hint=message("同一层的字段要左对齐，每层缩进两个空格；上一行已有值的，这一行不能再缩进"),
    )


def _unclosed_quote(place: Place) -> Problem:
    return Problem(
        rule="unclosed-quote",
        place=place,
        message=message("引号没有配对"),
        hint=message("请检查这一行的引号：开头和结尾都用英文引号"),
    )


def _open_quotation(error: yaml.YAMLError, source: SourceText, last: yaml.Mark | None) -> Problem | None:
    opened = _never_closed(error) or (_closed_by_next_quote(source, last.line) if last else None)
    return _unclosed_quote(source.place(opened.line, opened.column)) if opened else None


def _never_closed(error: yaml.YAMLError) -> yaml.Mark | None:
    """Give where the quotation mark was opened behind which the file has no second one."""
    is_in_quotes = "quoted scalar" in str(getattr(error, "context", ""))
    mark: yaml.Mark | None = getattr(error, "context_mark", None)
    return mark if is_in_quotes else None


def _closed_by_next_quote(source: SourceText, line: int) -> yaml.Mark | None:
    """Find where the quotation mark was opened that a mark of another value has closed in *line*."""
    try:
        for token in yaml.scan(source.text, Loader=yaml.CSafeLoader):
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in {'"', "'"}
            if is_quoted and token.start_mark.line < token.end_mark.line == line:
                mark: yaml.Mark = token.start_mark
                return mark
    except yaml.YAMLError:
        pass
    return None


def _unclosed_before(last: int, lines: Sequence[str]) -> tuple[int, int] | None:
    """Find a quotation mark that was opened in an earlier line and closed by the next one that came along."""
    for number, line in enumerate(lines[:last]):
        match = _FIELD.match(line) or _ENTRY.match(line)
        if match and match["value"][0] in "\"'" and match["value"].count(match["value"][0]) % 2:
            return number, match.start("value")
    return None


def _nearest_first(marks: list[yaml.Mark], lines: Sequence[str]) -> list[int]:
    """List the lines that may show the slip: where the error is, where its context began, the line before."""
    wanted = [line for mark in reversed(marks) for line in (mark.line, mark.line - 1)]
    known = [line for line in wanted if 0 <= line < len(lines)]
    return list(dict.fromkeys(known))
