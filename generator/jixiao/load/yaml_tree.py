"""YAML text as a tree in which every scalar is the text that was typed, with its place.

A deliberately small part of YAML: mappings, lists and scalars, with unique keys. Numbers, dates and yes/no
stay text, because `yaml.safe_load` changes figures silently (`0123` → 83, `22:22` → 1342,
`54449000.10` → 54449000.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import cast

import yaml

from jixiao.i18n import Message, message
from jixiao.load.source_files import SourceText, has_only_allowed_characters, is_forbidden, refuse_character
from jixiao.load.yaml_errors import diagnose_plain_text, diagnose_yaml_error
from jixiao.load.yaml_tokens import (
    DEPTH_LIMIT,
    TOKEN_LIMIT,
    CommentedFigure,
    find_comment,
    find_comment_below_block,
    find_refused_tokens,
    find_tabs,
    has_joined_lines,
    refuse_comment,
    refuse_folded_text,
)
from jixiao.problems import MAX_PROBLEMS_PER_FILE, Place, Problem

_NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
_LEADING_COMMENTS = re.compile(r"(?:#[^\n]*\n)*")
_FIGURE = re.compile(r"[0-9.,:/+-]+")
_DIGIT_GROUP = re.compile(r"[0-9]{3}")
"""Start of a digit group that a comma has split from its number."""


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value with its place."""

    text: str | None
    """Text as typed, without quotes. `None` for nothing or `null`; `CommentedFigure` before a comment."""
    place: Place


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list with its place."""

    entries: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Fields with their values, in file order; field names are unique."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    place: Place


Node = ScalarNode | ListNode | MappingNode
PlainTree = str | list["PlainTree"] | dict[str, "PlainTree"] | None
"""Tree without places, the input of the model."""
TreePath = tuple[str | int, ...]
"""Field names and list positions from the root of a tree to a value."""


def read_tree(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | tuple[Problem, ...]:
    """Parse YAML of at most *limit* tokens; return the tree, or every problem that can be found at once."""
    return read_tree_from_events(source, limit) or read_tree_from_tokens(source, limit)


def read_tree_from_events(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | None:
    """Build the tree of a file that certainly has no problem, or return `None`.

    Almost every file is read this way: in one pass, in a quarter of the time. The tree is the one that
    `read_tree_from_tokens` builds, which also handles every file that is refused here.
    """
    text = source.text
    # Only comments above everything else cut off no word. Tabs have a search of their own. Events do not show
    # a question mark that begins a field's name.
    comments = _LEADING_COMMENTS.match(text)
    if "\t" in text or "?" in text or text.rfind("#") >= (comments.end() if comments else 0):
        return None
    try:
        return _EventTreeBuilder(source, limit).build()
    except (_UnusualYamlError, StopIteration, yaml.YAMLError):
        return None


def read_tree_from_tokens(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | tuple[Problem, ...]:
    """Check the tokens, then build; return the tree, or every problem that can be found at once."""
    try:
        refused = tuple(find_tabs(source)) or tuple(find_refused_tokens(source, limit))
        if refused:
            return refused
        root = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        return (diagnose_yaml_error(error, source),)
    if root is None:
        return (
            Problem(
                rule="empty-file",
                place=Place(source.file),
                message=message("文件是空的，或只有注释"),
                hint=message("请填写内容，或删除这个文件"),
            ),
        )
    if isinstance(root, yaml.ScalarNode):
        plain_text = diagnose_plain_text(source)
        return (
            (plain_text,)
            if plain_text
            else ScalarNode(_read_scalar_text(root, root.value), Place(source.file))
        )
    builder = _NodeTreeBuilder(source)
    tree = builder.build(cast("yaml.CollectionNode", root))
    return tuple(builder.problems) if builder.problems else tree


def _read_scalar_text(node: yaml.ScalarNode, text: str) -> str | None:
    """Return the text of a scalar, or `None` for an unquoted null word."""
    return None if not node.style and text in _NULL_WORDS else text


def strip_places(node: Node) -> PlainTree:
    """Return the tree without places."""
    match node:
        case ScalarNode():
            return node.text
        case ListNode():
            return [strip_places(entry) for entry in node.entries]
        case MappingNode():
            return {key.text or "": strip_places(value) for key, value in node.pairs}


def find_place(root: Node, path: TreePath, *, of_key: bool = False) -> Place:
    """Return the place of the value at *path*, or of its nearest existing ancestor.

    Args:
        root: The tree of one file.
        path: Field names and list positions from the root.
        of_key: Return the place of the field's name instead of its value.
    """
    node, place = root, root.place
    for step in path:
        match node:
            case MappingNode():
                found = [(key, value) for key, value in node.pairs if key.text == step]
                if not found:
                    return place
                key, node = found[0]
                # A group begins in the line below, but an editor looks for its name.
                place = key.place if of_key or node.place.line != key.place.line else node.place
            case ListNode() if isinstance(step, int) and step < len(node.entries):
                node = node.entries[step]
                place = node.place
            case _:
                return place
    return place


class _UnusualYamlError(Exception):
    """The file may have a problem, so the fast path stops."""


class _EventTreeBuilder:
    """Builder of a tree from parser events that stops if the file may have a problem."""

    def __init__(self, source: SourceText, limit: int) -> None:
        self._file = source.file
        self._text = source.text
        self._lines = source.text.count("\n") + 1
        events = iter(yaml.CSafeLoader(source.text).get_event, None)
        # A value has one event and at most two tokens: itself and the sign before it.
        self._next_event = islice(events, limit // 2).__next__

    def build(self) -> Node:
        """Build the tree of the only document.

        Raises:
            StopIteration: There are more events than the limit.
        """
        self._next_event()
        begin = self._next_event()
        # A file without a document ends here; a directive stands before its document.
        if not isinstance(begin, yaml.DocumentStartEvent) or begin.version or begin.tags:
            raise _UnusualYamlError
        root = self._build_node(self._next_event(), 1)
        end = self._next_event()
        # Three dots at the end have tokens but no events.
        is_ended = isinstance(end, yaml.DocumentEndEvent) and not end.explicit
        if (
            isinstance(root, ScalarNode)
            or not is_ended
            or type(self._next_event()) is not yaml.StreamEndEvent
        ):
            raise _UnusualYamlError
        return root

    def _build_node(self, event: yaml.Event, depth: int) -> Node:
        if type(event) is yaml.ScalarEvent:
            return self._build_scalar(event)
        # A tree is at least as deep as its tokens: some lists and fields in brackets have no token.
        if depth > DEPTH_LIMIT or not isinstance(event, yaml.CollectionStartEvent) or _has_property(event):
            raise _UnusualYamlError
        place = self._find_place(event)
        if type(event) is yaml.MappingStartEvent:
            return MappingNode(tuple(self._build_pairs(depth, is_flow=bool(event.flow_style))), place)
        return ListNode(tuple(self._build_entries(depth, is_flow=bool(event.flow_style))), place)

    def _build_pairs(self, depth: int, *, is_flow: bool) -> list[tuple[ScalarNode, Node]]:
        pairs: list[tuple[ScalarNode, Node]] = []
        names: set[str | None] = set()
        while type(event := self._next_event()) is yaml.ScalarEvent:
            key = self._build_scalar(event)
            # A repeated field, or digits that a comma in braces may have split from a figure.
            if key.text in names or (is_flow and (key.text or "").isdigit()):
                raise _UnusualYamlError
            names.add(key.text)
            pairs.append((key, self._build_node(self._next_event(), depth + 1)))
        if type(event) is not yaml.MappingEndEvent:
            raise _UnusualYamlError
        return pairs

    def _build_entries(self, depth: int, *, is_flow: bool) -> list[Node]:
        entries: list[Node] = []
        while type(event := self._next_event()) is not yaml.SequenceEndEvent:
            if is_flow and self._may_be_split_figure(event):
                raise _UnusualYamlError
            entries.append(self._build_node(event, depth + 1))
        index = event.start_mark.index if event.start_mark else 0
        while index and self._text[index - 1] in " \n":
            index -= 1
        if is_flow and self._text[index - 1] == ",":
            # A trailing comma may stand for an empty cell.
            raise _UnusualYamlError
        return entries

    def _may_be_split_figure(self, event: yaml.Event) -> bool:
        """Return whether a comma in brackets without a blank may have split a number."""
        return (
            isinstance(event, yaml.ScalarEvent)
            and event.start_mark is not None
            and self._text[event.start_mark.index - 1] == ","
            and _DIGIT_GROUP.match(event.value) is not None
        )

    def _build_scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        start, end, style = event.start_mark, event.end_mark, event.style
        typed: str = event.value
        if style == "|":
            typed = typed.rstrip("\n")
            if not typed:
                raise _UnusualYamlError
        # Consecutive lines would be joined.
        elif style == ">" or start is None or end is None or start.line != end.line:
            raise _UnusualYamlError
        if _has_property(event) or (style and not has_only_allowed_characters(typed)):
            raise _UnusualYamlError
        return ScalarNode(None if not style and typed in _NULL_WORDS else typed, self._find_place(event))

    def _find_place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        # An empty value may be after the last line, where there is no place.
        if mark is None or mark.line >= self._lines:
            raise _UnusualYamlError
        return Place(self._file, mark.line + 1, mark.column + 1)


def _has_property(event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
    """Return whether a value has an anchor or a tag."""
    return event.anchor is not None or event.tag is not None


class _NodeTreeBuilder:
    """Builder of a tree from parser nodes that collects the problems."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self.problems: list[Problem] = []

    def build(self, node: yaml.ScalarNode | yaml.CollectionNode) -> Node:
        place = self._find_place(node)
        if isinstance(node, yaml.ScalarNode):
            return self._build_scalar(node, place)
        if isinstance(node, yaml.MappingNode):
            # Pairs, not a dict: YAML lets a key repeat, and a dict would drop the first silently.
            pairs = tuple((self._build_key(key), self.build(value)) for key, value in node.value)
            self._refuse_repeated(pairs)
            if node.flow_style:
                self._refuse_split_figure(pairs)
            return MappingNode(pairs, place)
        if node.flow_style:
            self._refuse_split_entry(node.value)
        return ListNode(tuple(self.build(entry) for entry in node.value), place)

    def _find_place(self, node: yaml.Node) -> Place:
        return self._source.find_place(node.start_mark.line, node.start_mark.column)

    def _build_key(self, node: yaml.Node) -> ScalarNode:
        if isinstance(node, yaml.ScalarNode):
            return self._build_scalar(node, self._find_place(node))
        self._add_problem(
            "wrong-shape",
            self._find_place(node),
            message("字段名应是文字"),
            message("请检查括号和冒号的位置"),
        )
        return ScalarNode(None, self._find_place(node))

    def _build_scalar(self, node: yaml.ScalarNode, place: Place) -> ScalarNode:
        typed: str = node.value
        if not node.style:
            typed = self._check_comment(node, typed)
        else:
            # "\x1b" passes the scan of the file, because there it is four harmless characters.
            hidden = next((character for character in typed if is_forbidden(character)), None)
            if hidden is not None:
                self.problems.append(refuse_character(hidden).to_problem(place))
        if node.style == ">" or (node.style != "|" and has_joined_lines(self._source, node)):
            # YAML puts a blank between the lines, which no form has between two Chinese characters.
            self.problems.append(refuse_folded_text(self._source, node).to_problem(place))
        if node.style in {"|", ">"}:
            lost = find_comment_below_block(self._source, node)
            if lost is not None:
                self.problems.append(lost)
            typed = typed.rstrip("\n")
        return ScalarNode(_read_scalar_text(node, typed), place)

    def _check_comment(self, node: yaml.ScalarNode, typed: str) -> str:
        """Report a comment after plain text: `完成 #1 工程` would be published as `完成`.

        After a number it depends on the field, so the scalar becomes a `CommentedFigure`.
        """
        column = find_comment(self._source, node.end_mark) if typed else None
        if column is None:
            return typed
        if _FIGURE.fullmatch(typed):
            return CommentedFigure(typed)
        self.problems.append(refuse_comment().to_problem(self._source.find_place(node.end_mark.line, column)))
        return typed

    def _refuse_split_entry(self, entries: list[yaml.Node]) -> None:
        """Report `[15,986,000]`: in brackets a comma separates two values."""
        for one, other in pairwise(entries):
            is_plain = not getattr(one, "style", "'") and not getattr(other, "style", "'")
            is_close = one.end_mark.index + 1 == other.start_mark.index
            if is_plain and is_close and one.value[-1:].isdigit() and _DIGIT_GROUP.match(other.value):
                self._add_problem(
                    "comma-in-braces",
                    self._find_place(one),
                    message("方括号里的逗号把数字切开了"),
                    message("请给整个数字加上英文双引号；如果真是两个值，请在逗号后面加一个空格"),
                )
                return

    def _refuse_split_figure(self, pairs: tuple[tuple[ScalarNode, Node], ...]) -> None:
        """Report `{total: 54,449,000}`: in braces a comma separates two fields."""
        for key, value in pairs:
            if isinstance(value, ScalarNode) and value.text is None and (key.text or "").isdigit():
                self._add_problem(
                    "comma-in-braces",
                    key.place,
                    message("花括号里的逗号把数字切开了"),
                    message("请不用花括号，每个字段写一行；或去掉金额里的逗号"),
                )
                return

    def _refuse_repeated(self, pairs: tuple[tuple[ScalarNode, Node], ...]) -> None:
        first: dict[str | None, Place] = {}
        for key, _ in pairs:
            # A line may be repeated a hundred thousand times.
            if key.text in first and len(self.problems) < MAX_PROBLEMS_PER_FILE:
                self._add_problem(
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

    def _add_problem(self, rule: str, place: Place, message: Message, hint: Message) -> None:
        if len(self.problems) < MAX_PROBLEMS_PER_FILE:
            self.problems.append(Problem(rule=rule, place=place, message=message, hint=hint))
