"""Checks of YAML tokens before a tree is built: refused syntax, and text that YAML would drop or join.

Anchors, aliases, tags, directives, explicit keys, second documents and deep nesting are refused, so nothing
hostile is expanded. `target: #1` would be published as not filed, `name: 2021 #1 工程` as 2021; a comment may
stand on its own line, after a number or date, after quotes, and after the name of a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

import yaml

from jixiao.i18n import Message, message
from jixiao.load.source_files import SourceText
from jixiao.load.yaml_errors import UNCLOSED_BRACKET, UNQUOTED_VALUE, find_open_bracket, measure_indent
from jixiao.problems import Place, Problem, ReadError

_OPENS_FLOW = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.FlowEntryToken)
_CLOSES_FLOW = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_OPENS_BLOCK = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)


_BLANK_RUN = re.compile(r"\s*")


class CommentedFigure(str):
    """Number or date with a comment after it; correct for a sum or day, truncated in a text field."""

    __slots__ = ()


class DroppedTextScanner:
    """Scanner for text in YAML tokens that YAML would drop silently."""

    def __init__(self, source: SourceText) -> None:
        """Scan the tokens of *source*."""
        self._source = source
        self._last_token: yaml.Token | None = None

    def scan(self, token: yaml.Token) -> Problem | None:
        """Scan the next token; return a problem if text before it would be dropped."""
        last, self._last_token = self._last_token, token
        if last is None:
            return None
        if isinstance(last, yaml.ScalarToken) and last.style in {"|", ">"}:
            return self._check_block_text(last)
        if isinstance(last, yaml.FlowEntryToken) and isinstance(token, yaml.FlowSequenceEndToken):
            return Problem(
                rule="comma-at-end",
                place=_find_token_place(self._source, last),
                message=message("方括号里最后一个逗号后面没有值，空的一格会丢掉"),
                hint=message('如果有空的一格，请写 ""；否则请删去逗号'),
            )
        column = find_comment(self._source, last.end_mark)
        if column is None or not _is_cut_by_comment(last, token, is_glued=column == last.end_mark.column):
            return None
        return self._report_comment(last.end_mark.line, column)

    def _check_block_text(self, token: yaml.ScalarToken) -> Problem | None:
        """Check a block text for content after its sign, and for a missing text below it."""
        mark = token.start_mark
        column = self._source.lines[mark.line].find("#", mark.column)
        if column >= 0:
            return self._report_comment(mark.line, column)
        if token.value.strip("\n"):
            return None
        return UNQUOTED_VALUE.to_problem(_find_token_place(self._source, token))

    def _report_comment(self, line: int, column: int) -> Problem:
        return refuse_comment().to_problem(self._source.find_place(line, column))


def find_comment(source: SourceText, mark: yaml.Mark) -> int | None:
    """Return the column (from 0) of a comment that follows *mark* on its line."""
    if not source.may_hold_comments or mark.line >= len(source.lines):
        return None
    # Nothing is copied: a line may be as long as the file, and this runs for every token.
    blanks = _BLANK_RUN.match(source.lines[mark.line], mark.column)
    column = blanks.end() if blanks else mark.column
    return column if source.lines[mark.line].startswith("#", column) else None


def has_joined_lines(source: SourceText, node: yaml.ScalarNode) -> bool:
    """Return whether YAML joins two lines of *node*; an empty line keeps them apart."""
    first, last = node.start_mark, node.end_mark
    if first.line == last.line:
        return False
    lines = list(source.lines[first.line : last.line + 1])
    if not lines:
        # An empty value at the end of a file begins after its last line.
        return False
    lines[-1] = lines[-1][: last.column]
    lines[0] = lines[0][first.column :]
    return any(above.strip() and below.strip() for above, below in pairwise(lines))


def refuse_folded_text(source: SourceText, node: yaml.ScalarNode) -> ReadError:
    """Return the error for a text of several lines, or a list below a value, that YAML joins."""
    following = "" if node.style else source.lines[node.start_mark.line + 1]
    if following.lstrip(" ").startswith("- "):
        return ReadError(
            "folded-text",
            message("冒号后面已经有值，下面的列表会接在它后面，成为一段文字"),
            message("要在下面写列表，请删去冒号后面的值"),
        )
    return ReadError(
        "folded-text",
        message("这段文字写成了几行，会被接成一行，中间多出空格"),
        message("要保留分行的，在冒号后面写“|”，文字从下一行写起；否则请写在一行里"),
    )


def find_comment_below_block(source: SourceText, node: yaml.ScalarNode) -> Problem | None:
    """Report a comment right below a text block that is indented less than its text."""
    # Blanks of the text itself come after those of the indentation (`|2`).
    own = next((measure_indent(line) for line in node.value.split("\n") if line.strip()), 0)
    indent: int | None = None
    is_over = False
    for number in range(node.start_mark.line + 1, len(source.lines)):
        line = source.lines[number]
        words = line.strip(" ")
        if number >= node.end_mark.line and words and not words.startswith("#"):
            return None
        column = measure_indent(line)
        if line.strip():
            indent = column - own if indent is None else indent
            is_over = is_over or column < indent
        if is_over and words.startswith("#"):
            return Problem(
                rule="comment-cuts-text",
                place=source.find_place(number, column),
                message=message("以 # 开头的这一行没有与上面的文字对齐，会被当作注释丢掉"),
                hint=message("属于上面的文字的，请与它左对齐；如果真是注释，请移到字段名上面"),
            )
    return None


def refuse_comment() -> ReadError:
    """Return the error for a comment that would drop text."""
    return ReadError(
        "comment-cuts-text",
        message("# 后面的文字会被当作注释丢掉"),
        message("请把整个值加上英文双引号；如果真是注释，请另起一行"),
    )


def _is_cut_by_comment(token: yaml.Token, following: yaml.Token, *, is_glued: bool) -> bool:
    """Return whether a comment between two tokens stands where a value belongs."""
    match token:
        case yaml.ScalarToken():
            # A plain text is checked when it is read, because a figure may have a comment.
            return is_glued and not token.plain
        case yaml.ValueToken():
            return not isinstance(following, (*_OPENS_BLOCK, yaml.BlockEntryToken))
        case yaml.BlockEntryToken():
            return not isinstance(following, _OPENS_BLOCK)
        case _:
            return isinstance(token, _OPENS_FLOW) or (is_glued and isinstance(token, _CLOSES_FLOW))


DEPTH_LIMIT = 8
TOKEN_LIMIT = 20_000
REGISTER_TOKEN_LIMIT = 2_500_000
"""Tokens of the address register: a million addresses have two million."""

_CELL_BRACKET_DEPTH = 1
"""Number of open brackets around the cells of a table row."""
_TAB_AFTER_COLON = re.compile(r"[^\"'#:]+: *\t")
_OPENING_TOKENS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING_TOKENS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_EXPLICIT_KEY: Final = "?"
_REFUSED_TOKENS: dict[type[yaml.Token] | str, tuple[str, Message, Message]] = {
    yaml.AnchorToken: (
        "anchor-or-alias",
        message("以 & 开头的文字在 YAML 里另有含义（锚点），这里不用"),
        message("如果是普通文字，请整个加上英文双引号"),
    ),
    yaml.AliasToken: (
        "anchor-or-alias",
        message("以 * 开头的文字在 YAML 里另有含义（引用），这里不用"),
        message("如果是普通文字，请整个加上英文双引号"),
    ),
    yaml.TagToken: (
        "tag",
        message("以 ! 开头的文字在 YAML 里另有含义（标签），这里不用"),
        message("如果是普通文字，请整个加上英文双引号"),
    ),
    _EXPLICIT_KEY: (
        "question-mark",
        message("以 ? 开头的文字在 YAML 里另有含义（字段名），问号会丢掉"),
        message("如果是普通文字，请整个加上英文双引号；如果是字段名，请删去问号"),
    ),
    yaml.DirectiveToken: (
        "directive",
        message("以 % 开头的行在 YAML 里另有含义（指令），这里不用"),
        message("如果是普通文字，请整个加上英文双引号；否则请删除这一行"),
    ),
}


_DROPPING_SIGNS = "#|>,"
"""Characters after which YAML may drop text silently, see `DroppedTextScanner`."""


def find_tabs(source: SourceText) -> Iterator[Problem]:
    """Report tabs after a field name, which look like blanks."""
    if "\t" not in source.text:
        return
    for number, line in enumerate(source.lines, 1):
        found = _TAB_AFTER_COLON.match(line)
        if found:
            yield Problem(
                rule="tab-after-colon",
                place=Place(source.file, number, found.end()),
                message=message("冒号后面用了制表符（Tab）"),
                hint=message("请改成一个空格"),
            )


def find_refused_tokens(source: SourceText, limit: int = TOKEN_LIMIT) -> Iterator[Problem]:
    """Report refused tokens before anything is built, so that nothing hostile is expanded."""
    depth = 0
    brackets: list[Place] = []
    begun = False
    # A large register has hundreds of thousands of tokens, and mostly none of these signs.
    may_have_explicit_keys = "?" in source.text
    scanner = DroppedTextScanner(source) if any(sign in source.text for sign in _DROPPING_SIGNS) else None
    for count, token in enumerate(yaml.scan(source.text, Loader=yaml.CSafeLoader)):
        kind: type[yaml.Token] | str = type(token)
        if may_have_explicit_keys and isinstance(token, yaml.KeyToken):
            # Other field names have no sign of their own.
            kind = _EXPLICIT_KEY if token.end_mark.index > token.start_mark.index else kind
        if kind in _REFUSED_TOKENS:
            rule, description, hint = _REFUSED_TOKENS[kind]
            yield Problem(rule=rule, place=_find_token_place(source, token), message=description, hint=hint)
            return
        depth += isinstance(token, _OPENING_TOKENS) - isinstance(token, _CLOSING_TOKENS)
        if isinstance(token, (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)):
            brackets.append(_find_token_place(source, token))
        elif isinstance(token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)) and brackets:
            brackets.pop()
        if depth > DEPTH_LIMIT or count > limit:
            yield _diagnose_depth(source, _find_token_place(source, token), brackets, limit)
            return
        if begun and isinstance(token, yaml.DocumentStartToken):
            yield Problem(
                rule="second-document",
                place=_find_token_place(source, token),
                message=message("“---”表示另起一份文件，这里只能有一份"),
                hint=message("请删除“---”这一行；另一个项目请另建文件"),
            )
            return
        dropped = scanner.scan(token) if scanner else None
        if dropped is not None:
            yield dropped
            return
        begun = begun or isinstance(token, (*_OPENING_TOKENS, yaml.ScalarToken))


def _find_token_place(source: SourceText, token: yaml.Token) -> Place:
    """Return the place where *token* begins."""
    return source.find_place(token.start_mark.line, token.start_mark.column)


def _diagnose_depth(source: SourceText, place: Place, brackets: list[Place], limit: int) -> Problem:
    """Return the reason why the tree is too deep or too long at *place*: an open bracket, or its size.

    Raises:
        yaml.YAMLError: A line is indented wrongly, as the parser itself reports.
    """
    if len(brackets) <= _CELL_BRACKET_DEPTH:
        for _ in islice(yaml.parse(source.text, Loader=yaml.CSafeLoader), limit):
            pass
    opened = next((bracket for bracket in brackets if bracket.line != place.line), None)
    column = find_open_bracket(source.lines[opened.line - 1]) if opened else -1
    is_balanced = all(source.text.count(a) == source.text.count(b) for a, b in ("[]", "{}"))
    if opened is not None and column >= 0 and not is_balanced:
        return UNCLOSED_BRACKET.to_problem(Place(source.file, opened.line, column + 1))
    return Problem(
        rule="too-deep-or-long",
        place=place,
        message=message(
            "层次超过 {depth} 层，或内容超过 {tokens} 个词", depth=str(DEPTH_LIMIT), tokens=str(TOKEN_LIMIT)
        ),
        hint=message("请对照现有的申报表文件检查缩进和括号"),
    )
