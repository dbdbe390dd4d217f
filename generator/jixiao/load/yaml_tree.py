"""From YAML text to a tree in which every scalar is the text that was typed, with its place.

A deliberately small part of YAML: mappings, lists and scalars. Anchors, aliases, tags, directives, a second
document, a key that stands twice and deep nesting are refused; numbers, dates and yes/no stay text, because
`yaml.safe_load` changes figures silently (`0123` → 83, `22:22` → 1342, `54449000.10` → 54449000.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise

import yaml

from jixiao.i18n import Message, message
from jixiao.load.source_files import SourceText, forbidden_character, is_forbidden, is_surely_allowed
from jixiao.load.tokens import DEPTH_LIMIT, TOKEN_LIMIT, refused_tokens, tabs
from jixiao.load.yaml_errors import diagnose, diagnose_plain_text
from jixiao.load.yaml_tokens import (
    Commented,
    comment_behind,
    comment_cuts_text,
    folded_text,
    joins_lines,
    line_cut_from_block,
)
from jixiao.problems import MOST_OF_FILE, Place, Problem

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_COMMENTS = re.compile(r"(?:#[^\n]*\n)*")
_FIGURE = re.compile(r"[0-9.,:/+-]+")
_GROUP = re.compile(r"[0-9]{3}")
"""How a part of a figure begins that a comma has cut off, well grouped or not."""


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
    return read_quickly(source, limit) or read_thoroughly(source, limit)


def read_quickly(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | None:
    """Give the tree of a file of which nothing is to be said, or nothing where there might be something.

    Almost every file is read so: in one pass, in a quarter of the time. What it gives is what
    `read_thoroughly` gives; whatever it does not know it leaves to that one.
    """
    text = source.text
    # Only a comment above everything else has no word before it that it could cut off. Tabs have a search
    # of their own. Of a question mark that begins a field's name the events say nothing.
    if "\t" in text or "?" in text or text.rfind("#") >= _below_comments(text):
        return None
    try:
        return _QuickBuilder(source, limit).build()
    except (_GiveUp, StopIteration, yaml.YAMLError):
        return None


def _below_comments(text: str) -> int:
    """Give the index of the first line that is no comment."""
    comments = _COMMENTS.match(text)
    return comments.end() if comments else 0


def read_thoroughly(source: SourceText, limit: int = TOKEN_LIMIT) -> Node | tuple[Problem, ...]:
    """Go through the tokens, then build; give the tree, or every problem that can be seen at once."""
    try:
        refused = tuple(tabs(source)) or tuple(refused_tokens(source, limit))
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


def _empty(source: SourceText) -> Problem:
    return Problem(
        rule="empty-file",
        place=Place(source.file),
        message=message("文件是空的，或只有注释"),
        hint=message("请填写内容，或删除这个文件"),
    )


class _GiveUp(Exception):  # noqa: N818 - no error: it never leaves `read_quickly`, which leaves the file to others
    """There might be something to say."""


class _QuickBuilder:
    """Builds a tree from the parser's events, and gives up where the thorough way might have a problem."""

    def __init__(self, source: SourceText, limit: int) -> None:
        self._file = source.file
        self._text = source.text
        self._lines = source.text.count("\n") + 1
        events = iter(yaml.CSafeLoader(source.text).get_event, None)
        # A value has an event, and at most two tokens: itself, and the sign before it.
        self._next = islice(events, limit // 2).__next__

    def build(self) -> Node:
        """Give the tree of the only document.

        Raises:
            StopIteration: It has more events than are looked at.
        """
        self._next()
        begin = self._next()
        # The end of a file without a document, and a directive, which stands before its document.
        if not isinstance(begin, yaml.DocumentStartEvent) or begin.version or begin.tags:
            raise _GiveUp
        root = self._node(self._next(), 1)
        end = self._next()
        # Three dots, of which there may be many, have tokens and no events.
        is_ended = isinstance(end, yaml.DocumentEndEvent) and not end.explicit
        if isinstance(root, Scalar) or not is_ended or type(self._next()) is not yaml.StreamEndEvent:
            raise _GiveUp
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if type(event) is yaml.ScalarEvent:
            return self._scalar(event)
        # A tree is at least as deep as its tokens: some lists and fields in brackets have none of their own.
        if depth > DEPTH_LIMIT or not isinstance(event, yaml.CollectionStartEvent) or _has_property(event):
            raise _GiveUp
        place = self._place(event)
        if type(event) is yaml.MappingStartEvent:
            return Mapping(tuple(self._pairs(depth, is_flow=bool(event.flow_style))), place)
        return Sequence(tuple(self._entries(depth, is_flow=bool(event.flow_style))), place)

    def _pairs(self, depth: int, *, is_flow: bool) -> list[tuple[Scalar, Node]]:
        pairs: list[tuple[Scalar, Node]] = []
        names: set[str | None] = set()
        while type(event := self._next()) is yaml.ScalarEvent:
            key = self._scalar(event)
            # A field that stands twice, and what a comma in braces may have cut off a figure.
            if key.text in names or (is_flow and (key.text or "").isdigit()):
                raise _GiveUp
            names.add(key.text)
            pairs.append((key, self._node(self._next(), depth + 1)))
        if type(event) is not yaml.MappingEndEvent:
            raise _GiveUp
        return pairs

    def _entries(self, depth: int, *, is_flow: bool) -> list[Node]:
        entries: list[Node] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            if is_flow and self._is_perhaps_cut_off(event):
                raise _GiveUp
            entries.append(self._node(event, depth + 1))
        if is_flow and self._follows_comma(event):
            raise _GiveUp
        return entries

    def _follows_comma(self, end: yaml.Event) -> bool:
        """Tell whether a comma stands before the bracket that ends a list."""
        index = end.start_mark.index if end.start_mark else 0
        while index and self._text[index - 1] in " \n":
            index -= 1
        return self._text[index - 1] == ","

    def _is_perhaps_cut_off(self, event: yaml.Event) -> bool:
        """Tell whether a comma in brackets, with no blank behind it, may have parted a figure."""
        return (
            isinstance(event, yaml.ScalarEvent)
            and event.start_mark is not None
            and self._text[event.start_mark.index - 1] == ","
            and _GROUP.match(event.value) is not None
        )

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end, style = event.start_mark, event.end_mark, event.style
        typed: str = event.value
        if style == "|":
            typed = typed.rstrip("\n")
            if not typed:
                raise _GiveUp
        # Lines in a row would be joined.
        elif style == ">" or start is None or end is None or start.line != end.line:
            raise _GiveUp
        if _has_property(event) or (style and not is_surely_allowed(typed)):
            raise _GiveUp
        return Scalar(None if not style and typed in _NULLS else typed, self._place(event))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        # What is empty may stand behind the last line, where there is no place.
        if mark is None or mark.line >= self._lines:
            raise _GiveUp
        return Place(self._file, mark.line + 1, mark.column + 1)


def _has_property(event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
    """Tell whether an anchor or a tag stands before a value."""
    return event.anchor is not None or event.tag is not None


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
            self.problems.append(folded_text(self._source, node).at(place))
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
            # Whoever repeats a line a hundred thousand times is told enough.
            if key.text in first and len(self.problems) < MOST_OF_FILE:
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
        if len(self.problems) < MOST_OF_FILE:
            self.problems.append(Problem(rule=rule, place=place, message=saying, hint=hint))
