"""Diagnosis of YAML syntax errors for editors who do not know YAML.

The parser says "did not find expected comment or line break"; the editor has to read that a target was not
quoted. The line with the error, or the line before it, usually shows the mistake.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

from jixiao.i18n import Message, message
from jixiao.load.source_files import SourceText, refuse_character
from jixiao.problems import Place, Problem

_BLOCK_TEXT_START = re.compile(r":\s+[|>][-+1-9]*\s*(?:#.*)?$")
_LEADING_DASHES = re.compile(r"\s*(?:- +)*")
_GROUP_START = re.compile(r"(?:^|:|-)\s*(?:#.*)?$")


def measure_indent(line: str) -> int:
    """Return the number of blanks at the start of *line*."""
    return len(line) - len(line.lstrip(" "))


def find_misaligned_line(lines: Sequence[str], last: int) -> tuple[int, int] | None:
    """Find the first line up to *last* that is not aligned with those above; both from 0."""
    columns: list[int] = []
    opened = True
    text_within = -1
    for number, line in enumerate(lines[: last + 1]):
        column = measure_indent(line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if text_within >= 0 and column > text_within:
            continue
        text_within = -1
        deepest = columns[-1] if columns else -1
        columns = [known for known in columns if known <= column]
        is_child = opened and column > deepest
        if columns[-1:] != [column] and not is_child:
            return number, column
        fields = _LEADING_DASHES.match(line)
        inner = fields.end() if fields else column
        dashes = (place for place in range(column, inner) if line[place] == "-")
        columns = list(dict.fromkeys([*columns, *dashes, inner]))
        opened = bool(_GROUP_START.search(line))
        if _BLOCK_TEXT_START.search(line):
            text_within = column
    return None


def find_unindented_text(lines: Sequence[str], last: int) -> tuple[int, int] | None:
    """Find the line up to *last* that is indented less than its text block; both from 0."""
    for number in range(last, -1, -1):
        if not _BLOCK_TEXT_START.search(lines[number]):
            continue
        within = [line for line in lines[number + 1 : last + 1] if line.strip()]
        owner = measure_indent(lines[number])
        if not within:
            return None
        first = measure_indent(within[0])
        for offset, line in enumerate(lines[number + 1 : last + 1], number + 1):
            column = measure_indent(line)
            if line.strip() and column < first:
                looks_like_field = re.match(r"\s*(?:- +)?[\w-]+:(?: |$)", line)
                return None if looks_like_field and column <= owner else (offset, column)
        return None
    return None


_ENDS_IN_BRACKETS = re.compile(
    r"(?P<before> *(?:- +)*(?:[^\s:#\"'\[{-][^:#\"'\[{]*: +)?)(?P<typed>\[[^\[\]]*\]|\{[^{}]*\})\s*(?:#.*)?"
)
_MAX_BRACKET_LINE = 4096
"""Characters of a line that are examined; nobody writes brackets as long."""


def find_lines_below_brackets(lines: Sequence[str], last: int, file: str) -> Problem | None:
    """Report that line *last* (from 0) continues a value that closed brackets have ended."""
    above = next(
        (number for number in range(last - 1, -1, -1) if re.match(r"\s*[^\s#]", lines[number])), None
    )
    if above is None or last >= len(lines):
        return None
    match = _ENDS_IN_BRACKETS.fullmatch(lines[above][:_MAX_BRACKET_LINE])
    if match is None:
        return None
    before, below = match["before"], lines[last]
    column, owner = measure_indent(below), measure_indent(before)
    is_entry_of_owner = below.lstrip(" ").startswith("- ") and not before.lstrip(" ").startswith("- ")
    # Without a field before them the brackets are the whole file.
    if before.strip() and column <= owner and not (column == owner and is_entry_of_owner):
        return None
    typed = match["typed"]
    brackets = f"{typed[0]}{typed[-1]}"
    if typed[1:-1].strip():
        description = message("“{brackets}”里的内容到这一行为止，下面却还有几行", brackets=brackets)
        hint = message("请把括号里的各项也改成一行一项，写在下面，再删去括号")
    else:
        nothing = message("空的列表") if brackets == "[]" else message("没有内容")
        description = message("“{brackets}”表示{nothing}，下面却还有几行", brackets=brackets, nothing=nothing)
        hint = message("要在下面加各项，请先删去“{brackets}”，冒号后面什么也不写", brackets=brackets)
    place = Place(file, above + 1, match.start("typed") + 1)
    return Problem(rule="lines-below-brackets", place=place, message=description, hint=hint)


# Repetitions are possessive, so that a line of any length takes linear time.
_FIELD_LINE = re.compile(r"^\s*+(?:-\s++)?[^\s:#\"'][^:#\"']*+:\s++(?P<value>\S.*)$")
_ENTRY_LINE = re.compile(r"^\s*-\s+(?P<value>\S.*)$")
_NO_SPACE = re.compile(r"^\s*(?:-\s+)?(?P<key>[A-Za-z_]+):(?P<value>[^\s:/].*)$")
_FULL_WIDTH_COLON = re.compile(r"^\s*(?:-\s+)?[^\s\"'：]+：")
_NO_COLON = re.compile(r"^\s*+(?:-\s++)?[a-z_]{2,}+(?P<place>\s*+[=;；,，]|[ \u00a0\u3000]++)\s*+[^\s=:：]")
_BLOCK_TEXT_SIGN = re.compile(r"[|>][-+]?\s*")
_WIDE_BLANKS = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_ODD_INDENT = re.compile(rf"^ *(?P<blank>[{_WIDE_BLANKS}])[\s]*[\w-]+[:：]")
_ODD_AFTER_COLON = re.compile(rf"^\s*(?:-\s+)?[\w-]+:(?P<blank>[{_WIDE_BLANKS}])")
_WRONG_BULLET = re.compile(r"^\s*(?P<bullet>[–—－−•·●▪◦○■*]|[0-9]{1,2}[.、)）])\s*[A-Za-z_]+\s*[:：]")
_DASH_WITHOUT_SPACE = re.compile(r"^\s*(?P<dash>-)[A-Za-z_]+:\s")
_LONE_DASH = re.compile(r"^\s*(?:-\s+)?[^\s:#\"']+:\s+(?P<dash>-)\s*$")
_SIGN_IN_BRACKETS = re.compile(r"[\[\]{}，、]|\"[^\"]*+\"|'[^']*+'|[\"']")
_AFTER_QUOTE = re.compile(r"^\s*(?:-\s+)?[^\s:#\"']+:\s+(?:\"(?:[^\"\\]|\\.)*\"|'[^']*')\s*(?P<rest>[^\s#'])")
_SPECIAL_FIRST_SIGNS = tuple(">|%@`*&!{}[],?-")


@dataclass(frozen=True)
class SyntaxMistake:
    """A known syntax mistake, with the function that finds it and its message."""

    rule: str
    find: Callable[[str], int]
    """Function that returns the column (from 0) of the mistake in a line, or -1."""
    message: Message
    hint: Message

    def to_problem(self, place: Place) -> Problem:
        """Return the mistake as a problem at *place*."""
        return Problem(rule=self.rule, place=place, message=self.message, hint=self.hint)


def _find_pattern(pattern: re.Pattern[str], group: str | int) -> Callable[[str], int]:
    return lambda line: match.start(group) if (match := pattern.search(line)) else -1


def _find_unquoted_value(line: str) -> int:
    match = _FIELD_LINE.match(line) or _ENTRY_LINE.match(line)
    value = match["value"] if match else ""
    is_unquoted = value.startswith(_SPECIAL_FIRST_SIGNS) and not _BLOCK_TEXT_SIGN.fullmatch(value)
    return match.start("value") if match and is_unquoted else -1


def _find_colon_in_value(line: str) -> int:
    match = _FIELD_LINE.match(line)
    if match is None or not re.search(r":(\s|$)", match["value"]):
        return -1
    return match.start("value")


def _find_chinese_comma(line: str) -> int:
    """Return the column of a Chinese comma in brackets, outside of quotes, or -1."""
    depth = 0
    for sign in _SIGN_IN_BRACKETS.finditer(line):
        if sign[0] in {"，", "、"} and depth:
            return sign.start()
        if sign[0] in {'"', "'"}:
            # After a single quotation mark, brackets cannot be told from text.
            return -1
        depth = max(0, depth + (sign[0] in {"[", "{"}) - (sign[0] in {"]", "}"}))
    return -1


def find_open_bracket(line: str) -> int:
    """Return the column (from 0) of an unbalanced bracket in *line*, or -1."""
    for opening, closing in ("[]", "{}"):
        if line.count(opening) != line.count(closing):
            return max(line.find(opening), line.find(closing))
    return -1


def _find_open_quote(line: str) -> int:
    return next((line.index(mark) for mark in ('"', "'") if line.count(mark) % 2), -1)


UNCLOSED_BRACKET = SyntaxMistake(
    "unclosed-bracket",
    find_open_bracket,
    message("括号没有配对"),
    message("请检查这一行的方括号或花括号；如果是普通文字，请整个加上英文双引号"),
)
UNQUOTED_VALUE = SyntaxMistake(
    "unquoted-value",
    _find_unquoted_value,
    message("这个值以 YAML 的特殊符号开头，没有加引号"),
    message('请给整个值加上英文双引号，例如 target: ">=90%"'),
)
_UNCLOSED_QUOTE = SyntaxMistake(
    "unclosed-quote",
    _find_open_quote,
    message("引号没有配对"),
    message("请检查这一行的引号：开头和结尾都用英文引号"),
)
_SYNTAX_MISTAKES = (
    SyntaxMistake(
        "odd-blank",
        _find_pattern(_ODD_INDENT, "blank"),
        message("缩进用了全角空格或不间断空格"),
        message("请删去，改用普通的半角空格，每层两个"),
    ),
    SyntaxMistake(
        "odd-blank",
        _find_pattern(_ODD_AFTER_COLON, "blank"),
        message("冒号后面用了全角空格或不间断空格"),
        message("请删去，改用一个普通的半角空格"),
    ),
    SyntaxMistake(
        "wrong-dash",
        _find_pattern(_WRONG_BULLET, "bullet"),
        message("列表前面用的不是英文减号"),
        message("请改成英文减号“-”，后面加一个空格"),
    ),
    SyntaxMistake(
        "no-space-after-dash",
        _find_pattern(_DASH_WITHOUT_SPACE, "dash"),
        message("减号后面缺一个空格"),
        message("请在减号后面加一个空格"),
    ),
    SyntaxMistake(
        "lone-dash",
        _find_pattern(_LONE_DASH, "dash"),
        message("这里只有一个减号"),
        message("表上空着的选填栏，请删除这一行；没有目标值的，写 target: null"),
    ),
    SyntaxMistake(
        "chinese-comma",
        _find_chinese_comma,
        message("括号里用了中文逗号或顿号"),
        message("请改成英文逗号，后面加一个空格"),
    ),
    SyntaxMistake(
        "text-after-quote",
        _find_pattern(_AFTER_QUOTE, "rest"),
        message("引号已经结束，后面还有文字"),
        message("请把整个值放进一对英文双引号；文字里的引号用中文引号“”"),
    ),
    SyntaxMistake(
        "wrong-dash",
        _find_pattern(re.compile(r"^\s*([–—－−])\s"), 1),
        message("列表前面用的不是英文减号"),
        message("请改成英文减号“-”，后面加一个空格"),
    ),
    SyntaxMistake(
        "tab-for-indent",
        lambda line: (
            len(line) - len(line.lstrip(" \t")) - 1 if "\t" in line[: len(line) - len(line.lstrip())] else -1
        ),
        message("缩进用了制表符（Tab）"),
        message("请改用空格，每层两个"),
    ),
    SyntaxMistake(
        "full-width-colon",
        lambda line: line.index("：") if _FULL_WIDTH_COLON.match(line) and ": " not in line else -1,
        message("字段名后面用了中文冒号“：”"),
        message("请改成英文冒号，后面加一个空格"),
    ),
    SyntaxMistake(
        "no-space-after-colon",
        _find_pattern(_NO_SPACE, "value"),
        message("冒号后面缺一个空格"),
        message("请在英文冒号后面加一个空格"),
    ),
    UNCLOSED_BRACKET,
    UNQUOTED_VALUE,
    SyntaxMistake(
        "unquoted-value",
        _find_colon_in_value,
        message("值里面有英文冒号，没有加引号"),
        message("请给整个值加上英文双引号"),
    ),
    SyntaxMistake(
        "no-colon",
        _find_pattern(_NO_COLON, "place"),
        message("字段名后面缺英文冒号"),
        message("请写成“字段名: 值”，用英文冒号，后面加一个空格"),
    ),
    _UNCLOSED_QUOTE,
)


def diagnose_yaml_error(error: yaml.YAMLError, source: SourceText) -> Problem:
    """Convert a parser error into a problem; name the syntax mistake if the lines show one."""
    if isinstance(error, yaml.reader.ReaderError):
        before = source.text[: error.position]
        place = Place(source.file, before.count("\n") + 1, error.position - before.rfind("\n"))
        return refuse_character(chr(error.character)).to_problem(place)
    possible_marks = (getattr(error, name, None) for name in ("context_mark", "problem_mark"))
    marks = [mark for mark in possible_marks if mark is not None]
    lines = source.lines
    last = marks[-1] if marks else None
    below = find_lines_below_brackets(lines, last.line, source.file) if last else None
    in_quotes = below or _diagnose_escape(error, source.file) or _diagnose_quotation(error, source, last)
    if in_quotes is not None:
        return in_quotes
    # The line of the error and the one above it.
    nearest = dict.fromkeys(line for mark in reversed(marks) for line in (mark.line, mark.line - 1))
    for number in (line for line in nearest if 0 <= line < len(lines)):
        for mistake in _SYNTAX_MISTAKES:
            if (column := mistake.find(lines[number])) >= 0:
                # Chinese colons are rarely alone, so the first of the file is reported.
                first = diagnose_plain_text(source) if mistake.rule == "full-width-colon" else None
                return first or mistake.to_problem(Place(source.file, number + 1, column + 1))
    shifted = _diagnose_indentation(last.line if last else 0, lines, source.file)
    earlier = _find_earlier_open_quote(last.line if last else 0, lines)
    if shifted is not None or earlier is not None:
        return shifted or _UNCLOSED_QUOTE.to_problem(source.find_place(*(earlier or (0, 0))))
    place = source.find_place(last.line, last.column) if last else Place(source.file)
    return Problem(
        rule="not-yaml",
        place=place,
        message=message("从这里起读不懂：缩进、冒号、引号或括号有误"),
        hint=message("请检查这一行和上一行：同一层的字段要左对齐，括号和引号要成对"),
    )


def diagnose_plain_text(source: SourceText) -> Problem | None:
    """Report a file that YAML reads as one long text, because its colons are not valid."""
    for number, line in enumerate(source.lines, 1):
        for mistake in _SYNTAX_MISTAKES:
            if mistake.rule in {"full-width-colon", "no-space-after-colon"}:
                column = mistake.find(line)
                if column >= 0:
                    return mistake.to_problem(Place(source.file, number, column + 1))
    return None


def _diagnose_escape(error: yaml.YAMLError, file: str) -> Problem | None:
    """Report an invalid backslash in double quotes, e.g. in a Windows path."""
    mark = getattr(error, "problem_mark", None)
    if mark is None or not re.search(r"escape|hexdec", str(getattr(error, "problem", ""))):
        return None
    return Problem(
        rule="wrong-escape",
        place=Place(file, mark.line + 1, mark.column + 1),
        message=message("双引号里的反斜杠“\\”另有含义，这里读不懂"),
        hint=message("请改用英文单引号，或不写反斜杠"),
    )


def _diagnose_indentation(last: int, lines: Sequence[str], file: str) -> Problem | None:
    """Report a line with wrong indentation."""
    within = find_unindented_text(lines, min(last, len(lines) - 1))
    if within is not None:
        return Problem(
            rule="wrong-indent",
            place=Place(file, within[0] + 1, within[1] + 1),
            message=message("这一行比同一段文字的第一行缩进少"),
            hint=message("一段文字的各行要左对齐，比字段名多缩进两格"),
        )
    found = find_misaligned_line(lines, last)
    if found is None:
        return None
    return Problem(
        rule="wrong-indent",
        place=Place(file, found[0] + 1, found[1] + 1),
        message=message("缩进不对：这一行没有与上面的字段对齐"),
        hint=message("同一层的字段要左对齐，每层缩进两个空格；上一行已有值的，这一行不能再缩进"),
    )


def _diagnose_quotation(error: yaml.YAMLError, source: SourceText, last: yaml.Mark | None) -> Problem | None:
    """Report a quotation mark that is never closed, or closed by a mark of another value."""
    is_in_quotes = "quoted scalar" in str(getattr(error, "context", ""))
    opened: yaml.Mark | None = getattr(error, "context_mark", None) if is_in_quotes else None
    if opened is None and last is not None:
        opened = _find_wrongly_closed_mark(source, last.line)
    return _UNCLOSED_QUOTE.to_problem(source.find_place(opened.line, opened.column)) if opened else None


def _find_wrongly_closed_mark(source: SourceText, line: int) -> yaml.Mark | None:
    """Find the opening mark of a quotation that a mark of another value closed in *line*."""
    try:
        for token in yaml.scan(source.text, Loader=yaml.CSafeLoader):
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in {'"', "'"}
            if is_quoted and token.start_mark.line < token.end_mark.line == line:
                mark: yaml.Mark = token.start_mark
                return mark
    except yaml.YAMLError:
        pass
    return None


def _find_earlier_open_quote(last: int, lines: Sequence[str]) -> tuple[int, int] | None:
    """Find an earlier quotation mark that the opening mark of another value closed."""
    for number, line in enumerate(lines[:last]):
        match = _FIELD_LINE.match(line) or _ENTRY_LINE.match(line)
        if match and match["value"][0] in "\"'" and match["value"].count(match["value"][0]) % 2:
            return number, match.start("value")
    return None
