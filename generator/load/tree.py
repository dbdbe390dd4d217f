"""From YAML text to a tree in which every scalar is the text that was typed, with its place.

A deliberately small part of YAML: mappings, lists and scalars. Anchors, aliases, tags, directives, a second
document, a key that stands twice and deep nesting are refused; numbers, dates and yes/no stay text, because
`yaml.safe_load` changes figures silently (`0123` → 83, `22:22` → 1342, `54449000.10` → 54449000.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import yaml

from generator.load.cut_off import (
    Commented,
    Watch,
    comment_behind,
    comment_cuts_text,
    joins_lines,
    line_cut_from_block,
)
from generator.load.diagnosis import diagnose, diagnose_plain_text, open_bracket
from generator.load.files import SourceText, forbidden_character, is_forbidden
from generator.problems import Place, Problem
from generator.words import Message, message

DEPTH_LIMIT = 8
TOKEN_LIMIT = 20_000
REGISTER_LIMIT = 2_500_000
"""Tokens of the register of addresses: a million addresses have two million."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TAB_AFTER_COLON = re.compile(r"[^\"'#:]+: *\t")
_FIGURE = re.compile(r"[0-9.,:/+-]+")
_GROUP = re.compile(r"[0-9]{3}")
"""How a part of a figure begins that a comma has cut off, well grouped or not."""
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_REFUSED: dict[type[yaml.Token], tuple[str, Message, Message]] = {
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
    yaml.DirectiveToken: (
        "directive",
        message("以 % 开头的行在 YAML 里另有含义（指令），这里不用"),
        message("如果是普通文字，请整个加上英文双引号；否则请删除这一行"),
    ),
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    text: str | None
    """As typed, quotes removed. `None` where nothing (or `null`) was typed; `Commented` before a comment."""
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    entries: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields with their values, in file order. A field stands at most once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping
Plain = str | list["Plain"] | dict[str, "Plain"] | None
"""The tree without places: what the model is read from."""
Path = tuple[str | int, ...]
"""The way from the root of a tree to a value: field names and list positions."""


def read_tree(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | tuple[Problem, ...]:
    """Read YAML of at most *limit* tokens; give the tree, or every problem that can be seen at once."""
    try:
        refused = tuple(_tabs(source)) or tuple(_scan(source, limit))
        if refused:
            return refused
        root = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        return (diagnose(error, source),)
    if root is None:
        return (_empty(source),)
    if isinstance(root, yaml.ScalarNode):
        plain_text = diagnose_plain_text(source)
        return (plain_text,) if plain_text else Scalar(_typed(root, root.value), Place(source.file))
    builder = _Builder(source)
    tree = builder.build(root)
    return tuple(builder.problems) if builder.problems else tree


def _typed(node: yaml.ScalarNode, text: str) -> str | None:
    """Give the text of a scalar; without quotes, YAML has words for nothing."""
    return None if not node.style and text in _NULLS else text


def plain(node: Node) -> Plain:
    """Drop the places."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(entry) for entry in node.entries]
        case Mapping():
            return {key.text or "": plain(value) for key, value in node.pairs}


def place_of(root: Node, path: Path, *, of_key: bool = False) -> Place:
    """Find where the value at *path* stands; where it is missing, the nearest that is there.

    Args:
        root: The tree of one file.
        path: Field names and list positions from the root.
        of_key: Give the place of the field's name instead of its value.
    """
    node, place = root, root.place
    for step in path:
        match node:
            case Mapping():
                found = [(key, value) for key, value in node.pairs if key.text == step]
                if not found:
                    return place
                key, node = found[0]
                # A group begins in the line below; its name is what an editor looks for.
                place = key.place if of_key or node.place.line != key.place.line else node.place
            case Sequence() if isinstance(step, int) and step < len(node.entries):
                node = node.entries[step]
                place = node.place
            case _:
                return place
    return place


def _tabs(source: SourceText) -> Iterator[Problem]:
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


def _scan(source: SourceText, limit: int) -> Iterator[Problem]:
    """Go through the tokens before anything is built, so that nothing hostile is ever expanded."""
    depth = 0
    brackets: list[Place] = []
    begun = False
    watch = Watch(source)
    for count, token in enumerate(yaml.scan(source.text, Loader=yaml.CSafeLoader)):
        place = source.place(token.start_mark.line, token.start_mark.column)
        if type(token) in _REFUSED:
            rule, saying, hint = _REFUSED[type(token)]
            yield Problem(rule=rule, place=place, message=saying, hint=hint)
            return
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if isinstance(token, (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)):
            brackets.append(place)
        elif isinstance(token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)) and brackets:
            brackets.pop()
        if depth > DEPTH_LIMIT or count > limit:
            yield _unclosed(brackets, place, source) or _too_much(place)
            return
        if begun and isinstance(token, yaml.DocumentStartToken):
            yield _second_document(place)
            return
        dropped = watch.look(token)
        if dropped is not None:
            yield dropped
            return
        begun = begun or isinstance(token, (*_OPENING, yaml.ScalarToken))


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


def _empty(source: SourceText) -> Problem:
    return Problem(
        rule="empty-file",
        place=Place(source.file),
        message=message("文件是空的，或只有注释"),
        hint=message("请填写内容，或删除这个文件"),
    )


class _Builder:
    """Builds the tree of one file and gathers the problems on the way."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node) -> Node:
        place = self._place(node)
        match node:
            case yaml.MappingNode():
                # Pairs, not a dict: YAML lets a key repeat, and a dict would drop the first silently.
                pairs = tuple((self._key(key), self.build(value)) for key, value in node.value)
                self._refuse_repeated(pairs)
                if node.flow_style:
                    self._refuse_split_figure(pairs)
                return Mapping(pairs, place)
            case yaml.SequenceNode():
                if node.flow_style:
                    self._refuse_split_entry(node.value)
                return Sequence(tuple(self.build(entry) for entry in node.value), place)
            case yaml.ScalarNode():
                return self._scalar(node, place)
            case _:
                raise NotImplementedError(type(node))

    def _place(self, node: yaml.Node) -> Place:
        return self._source.place(node.start_mark.line, node.start_mark.column)

    def _key(self, node: yaml.Node) -> Scalar:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, self._place(node))
        self._report(
            "wrong-shape", self._place(node), message("字段名应是文字"), message("请检查括号和冒号的位置")
        )
        return Scalar(None, self._place(node))

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Scalar:
        typed: str = node.value
        if not node.style:
            typed = self._uncut(node, typed)
        else:
            # "\x1b" passes the scan of the file, because there it is four harmless characters.
            hidden = next((character for character in typed if is_forbidden(character)), None)
            if hidden is not None:
                self.problems.append(forbidden_character(hidden).at(place))
        if node.style == ">" or (node.style != "|" and joins_lines(self._source, node)):
            # YAML puts a blank between the lines, which no form has between two Chinese characters.
            self._report(
                "folded-text",
                place,
                message("这段文字写成了几行，会被接成一行，中间多出空格"),
                message("要保留分行的，在冒号后面写“|”，文字从下一行写起；否则请写在一行里"),
            )
        if node.style in {"|", ">"}:
            lost = line_cut_from_block(self._source, node)
            if lost is not None:
                self.problems.append(lost)
            typed = typed.rstrip("\n")
        return Scalar(_typed(node, typed), place)

    def _uncut(self, node: yaml.ScalarNode, typed: str) -> str:
        """Refuse a comment after plain text: `完成 #1 工程` would be published as `完成`.

        After a figure it depends on the field, so the figure remembers that there was one.
        """
        column = comment_behind(self._source, node.end_mark) if typed else None
        if column is None:
            return typed
        if _FIGURE.fullmatch(typed):
            return Commented(typed)
        self.problems.append(comment_cuts_text().at(self._source.place(node.end_mark.line, column)))
        return typed

    def _refuse_split_entry(self, entries: list[yaml.Node]) -> None:
        """Refuse `[15,986,000]`: in brackets a comma parts two values; a blank behind it shows intent."""
        for one, other in pairwise(entries):
            is_plain = not getattr(one, "style", "'") and not getattr(other, "style", "'")
            is_close = one.end_mark.index + 1 == other.start_mark.index
            if is_plain and is_close and one.value[-1:].isdigit() and _GROUP.match(other.value):
                self._report(
                    "comma-in-braces",
                    self._place(one),
                    message("方括号里的逗号把数字切开了"),
                    message("请给整个数字加上英文双引号；如果真是两个值，请在逗号后面加一个空格"),
                )
                return

    def _refuse_split_figure(self, pairs: tuple[tuple[Scalar, Node], ...]) -> None:
        """Refuse `{total: 54,449,000}`: in braces a comma parts two fields."""
        for key, value in pairs:
            if isinstance(value, Scalar) and value.text is None and (key.text or "").isdigit():
                self._report(
                    "comma-in-braces",
                    key.place,
                    message("花括号里的逗号把数字切开了"),
                    message("请不用花括号，每个字段写一行；或去掉金额里的逗号"),
                )
                return

    def _refuse_repeated(self, pairs: tuple[tuple[Scalar, Node], ...]) -> None:
        first: dict[str | None, Place] = {}
        for key, _ in pairs:
            if key.text in first:
                self._report(
                    "repeated-field",
                    key.place,
                    message(
                        "“{field}”重复了，第 {line} 行已经有一个",
                        field=key.text or "",
                        line=str(first[key.text].line),
                    ),
                    message("请只保留一个；如果是列表的另一项，请在它的第一行前面加“- ”"),
                )
            first.setdefault(key.text, key.place)

    def _report(self, rule: str, place: Place, saying: Message, hint: Message) -> None:
        self.problems.append(Problem(rule=rule, place=place, message=saying, hint=hint))
