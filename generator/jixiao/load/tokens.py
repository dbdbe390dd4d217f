"""What is refused before anything is built: the tokens of a file, gone through one by one.

Anchors, aliases, tags, directives, question marks before names, a second document, deep nesting, and what
YAML would drop without a word.
Nothing hostile is ever expanded, because nothing is built of a file in which one of these is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import yaml

from jixiao.i18n import Message, message
from jixiao.load.source_files import SourceText
from jixiao.load.yaml_errors import open_bracket
from jixiao.load.yaml_tokens import Watch
from jixiao.problems import Place, Problem

DEPTH_LIMIT = 8
TOKEN_LIMIT = 20_000
REGISTER_LIMIT = 2_500_000
"""Tokens of the register of addresses: a million addresses have two million."""

_BRACKETS_OF_CELLS = 1
"""How many brackets are open around the cells of a row as filed."""
_TAB_AFTER_COLON = re.compile(r"[^\"'#:]+: *\t")
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_EXPLICIT_KEY: Final = "?"
_REFUSED: dict[type[yaml.Token] | str, tuple[str, Message, Message]] = {
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


_DROPPING = "#|>,"
"""Signs behind which YAML may drop something without a word, see `Watch`."""


def _is_explicit_key(token: yaml.Token) -> bool:
    """Tell whether a question mark says that a field's name follows; before others nothing is written."""
    is_key = isinstance(token, yaml.KeyToken)
    return is_key and bool(token.end_mark.index > token.start_mark.index)


def tabs(source: SourceText) -> Iterator[Problem]:
    """Find tabs after a field's name: they look like blanks, and no two editors show them alike."""
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


def refused_tokens(source: SourceText, limit: int = TOKEN_LIMIT) -> Iterator[Problem]:
    """Go through the tokens before anything is built, so that nothing hostile is ever expanded."""
    depth = 0
    brackets: list[Place] = []
    begun = False
    # A large register holds hundreds of thousands of tokens, and mostly none of these signs.
    asks = "?" in source.text
    watch = Watch(source) if any(sign in source.text for sign in _DROPPING) else None
    for count, token in enumerate(yaml.scan(source.text, Loader=yaml.CSafeLoader)):
        kind = _EXPLICIT_KEY if asks and _is_explicit_key(token) else type(token)
        if kind in _REFUSED:
            rule, saying, hint = _REFUSED[kind]
            yield Problem(rule=rule, place=_place(source, token), message=saying, hint=hint)
            return
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if isinstance(token, (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)):
            brackets.append(_place(source, token))
        elif isinstance(token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)) and brackets:
            brackets.pop()
        if depth > DEPTH_LIMIT or count > limit:
            if len(brackets) <= _BRACKETS_OF_CELLS:
                _raise_where_indented_wrongly(source, limit)
            place = _place(source, token)
            yield _unclosed(brackets, place, source) or _too_much(place)
            return
        if begun and isinstance(token, yaml.DocumentStartToken):
            yield _second_document(_place(source, token))
            return
        dropped = watch.look(token) if watch else None
        if dropped is not None:
            yield dropped
            return
        begun = begun or isinstance(token, (*_OPENING, yaml.ScalarToken))


def _place(source: SourceText, token: yaml.Token) -> Place:
    """Return where *token* begins."""
    return source.place(token.start_mark.line, token.start_mark.column)


def _raise_where_indented_wrongly(source: SourceText, limit: int) -> None:
    """Let the parser tell of a line that is indented wrongly, which makes a file look deep.

    Raises:
        yaml.YAMLError: There is one.
    """
    for _ in islice(yaml.parse(source.text, Loader=yaml.CSafeLoader), limit):
        pass


def _unclosed(brackets: list[Place], place: Place, source: SourceText) -> Problem | None:
    """Say that a bracket was never closed, where that alone makes a file deep."""
    opened = next((bracket for bracket in brackets if bracket.line != place.line), None)
    column = open_bracket(source.lines[opened.line - 1]) if opened else -1
    is_balanced = all(source.text.count(a) == source.text.count(b) for a, b in ("[]", "{}"))
    if opened is None or column < 0 or is_balanced:
        return None
    return Problem(
        rule="unclosed-bracket",
        place=Place(source.file, opened.line, column + 1),
        message=message("括号没有配对"),
        hint=message("请检查这一行的方括号或花括号；如果是普通文字，请整个加上英文双引号"),
    )


def _too_much(place: Place) -> Problem:
    return Problem(
        rule="too-deep-or-long",
        place=place,
        message=message(
            "层次超过 {depth} 层，或内容超过 {tokens} 个词", depth=str(DEPTH_LIMIT), tokens=str(TOKEN_LIMIT)
        ),
        hint=message("请对照现有的申报表文件检查缩进和括号"),
    )


def _second_document(place: Place) -> Problem:
    return Problem(
        rule="second-document",
        place=place,
        message=message("“---”表示另起一份文件，这里只能有一份"),
        hint=message("请删除“---”这一行；另一个项目请另建文件"),
    )
