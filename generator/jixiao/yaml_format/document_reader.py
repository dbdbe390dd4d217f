"""Reading of a source file as a document: the values of the strict reader, every comment in its place.

A comment on a line of its own belongs to what follows it, unless it is indented deeper: then it stands at
the end of the group whose fields begin at its column or left of it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import yaml

from jixiao.load import yaml_tree
from jixiao.load.source_files import SourceText
from jixiao.yaml_format.document import (
    CommentLines,
    DocumentField,
    DocumentGroup,
    DocumentList,
    DocumentListEntry,
    DocumentNode,
    DocumentValue,
    YamlDocument,
)
from jixiao.yaml_format.document_writer import MODELINE_PREFIX

CommentOwner = tuple[int, bool]
"""Field or list entry (true for an entry), identified by the index of its first character."""
ROOT_OWNER: CommentOwner = (-1, False)


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlRange:
    """Group or list, with its position in the file."""

    owner: CommentOwner
    """Field or entry whose value it is."""
    column: int
    """Column of its fields or dashes, from 0."""
    parent: YamlRange | None
    is_flow: bool
    """Whether it is written in brackets or braces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlPosition:
    """Position of a field, an entry, a value or a closing bracket."""

    index: int
    column: int
    owner: CommentOwner
    parent: YamlRange
    """Group or list that contains the owner."""
    begins: bool
    """Whether the owner begins here; otherwise its value or its closing bracket is here."""
    closes: bool = False
    """Whether this is the closing bracket of a value that is not empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceComment:
    """Comment or blank line, with its position in the file."""

    index: int
    text: str
    """Text from the `#` on; empty for a blank line."""
    column: int
    is_trailing: bool
    """Whether other text precedes it on its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedComments:
    """Comments of a file by the field or entry they belong to."""

    above: dict[CommentOwner, list[str]] = field(default_factory=dict)
    trailing: dict[CommentOwner, str] = field(default_factory=dict)
    below: dict[CommentOwner, list[str]] = field(default_factory=dict)
    """At the end of the group or list that is the value of the owner."""


def list_comments(tokens: Sequence[yaml.Token], source: SourceText) -> Iterator[SourceComment]:
    """List comments and blank lines, the only text between the tokens of a file."""
    text = source.text
    for before, after in pairwise(tokens):
        # The token of a block of text includes the empty lines below it.
        token_text = text[before.start_mark.index : before.end_mark.index]
        begin = before.start_mark.index + len(token_text.rstrip())
        first, *lines = text[begin : after.start_mark.index].split("\n")
        if first.strip():
            yield SourceComment(
                index=begin + first.index("#"), text=first.strip(), column=0, is_trailing=True
            )
        index = begin + len(first) + 1
        for number, line in enumerate(lines, 1):
            comment = line.strip()
            # The last line belongs to the next token.
            if comment or number < len(lines):
                column = line.find("#") if comment else 0
                yield SourceComment(index=index + column, text=comment, column=column, is_trailing=False)
            index += len(line) + 1


def _attach_comments(
    comments: Iterable[SourceComment], positions: Sequence[YamlPosition]
) -> AttachedComments:
    """Attach each comment to a field or an entry; both are in the order of the file."""
    attached = AttachedComments()
    indexes = [position.index for position in positions]
    for number, neighbours in groupby(comments, key=lambda comment: bisect(indexes, comment.index)):
        before = positions[number - 1] if number else None
        after = positions[number] if number < len(positions) else None
        _CommentAttacher(before, after, attached).attach(neighbours)
    return attached


class _CommentAttacher:
    """Attacher of the comments between two neighbouring positions."""

    def __init__(
        self, before: YamlPosition | None, after: YamlPosition | None, attached: AttachedComments
    ) -> None:
        self._before = before
        self._after = after
        self._attached = attached
        self._ended_ranges = list(self._list_ended_ranges())

    def attach(self, comments: Iterable[SourceComment]) -> None:
        before, after = self._before, self._after
        # Blank lines in brackets and below the name of a group have no meaning.
        ignores_blanks = after is not None and (
            not after.begins
            or after.parent.is_flow
            or (before is not None and after.parent.owner == before.owner)
        )
        # Nor have those at the top of a file.
        is_after_blank, is_at_top = False, before is None
        for comment in comments:
            if comment.is_trailing and before and before.owner not in self._attached.trailing:
                self._attached.trailing[before.owner] = comment.text
            elif comment.text:
                lines = self._find_comment_list(comment)
                lines.extend(["", comment.text] if is_after_blank else [comment.text])
                is_after_blank = is_at_top = False
            else:
                is_after_blank = not is_at_top and not ignores_blanks
        if is_after_blank and after is not None:
            self._attached.above.setdefault(after.owner, []).append("")

    def _list_ended_ranges(self) -> Iterator[YamlRange]:
        """Yield the groups and lists that end between the two positions, innermost first."""
        current = self._before.parent if self._before else None
        if self._after and self._before and self._after.parent.owner == self._before.owner:
            return
        while current is not None and current is not (self._after.parent if self._after else None):
            yield current
            current = current.parent

    def _find_comment_list(self, comment: SourceComment) -> list[str]:
        """Return the list that *comment* is added to; later comments never return to a closed group."""
        after = self._after
        if after is not None and after.closes:
            return self._attached.below.setdefault(after.owner, [])
        if after is not None and not after.begins:
            return self._attached.above.setdefault(after.owner, [])
        if after is not None and comment.column <= after.column:
            self._ended_ranges.clear()
        while self._ended_ranges and (
            self._ended_ranges[0].is_flow or self._ended_ranges[0].column > comment.column
        ):
            self._ended_ranges.pop(0)
        if self._ended_ranges or after is None:
            owner = self._ended_ranges[0].owner if self._ended_ranges else ROOT_OWNER
            return self._attached.below.setdefault(owner, [])
        return self._attached.above.setdefault(after.owner, [])


def read_document(source: SourceText, root: yaml_tree.MappingNode) -> YamlDocument:
    """Build a document from a parsed file, with the comments of its *source*.

    Args:
        source: The text of the file.
        root: The tree that the strict reader built from it; not empty.
    """
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    collector = _PositionCollector(
        token.start_mark for token in tokens if isinstance(token, yaml.BlockEntryToken)
    )
    composed = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    if composed is not None:
        collector.collect(composed, ROOT_OWNER, None)
    positions = sorted(collector.positions, key=lambda position: position.index)
    attached = _attach_comments(list_comments(tokens, source), positions)
    # Comments about the file end at a blank line, or else at the modeline.
    comments = attached.above.get(collector.owners[0], [])
    ends = [number for number, line in enumerate(comments, 1) if not line]
    ends = ends or [number for number, line in enumerate(comments, 1) if MODELINE_PREFIX in line]
    head = tuple(comments[: max(ends, default=0)])
    del comments[: len(head)]
    return YamlDocument(root=_DocumentBuilder(collector, attached).build_group(root, ROOT_OWNER), head=head)


class _PositionCollector:
    """Collector of the positions of all fields, entries and values of a file, in order."""

    def __init__(self, dashes: Iterator[yaml.Mark]) -> None:
        self.positions: list[YamlPosition] = []
        self.owners: list[CommentOwner] = []
        """Fields and entries in the order of the file."""
        self._dashes = dashes

    def collect(self, node: yaml.Node, owner: CommentOwner, parent: YamlRange | None) -> None:
        """Record the positions within the value of *owner*, which stands in group or list *parent*."""
        match node:
            case yaml.ScalarNode(start_mark=mark) if parent is not None and node.end_mark.index > mark.index:
                self.positions.append(
                    YamlPosition(
                        index=mark.index, column=mark.column, owner=owner, parent=parent, begins=False
                    )
                )
            case yaml.MappingNode():
                inside = _build_range(node, owner, parent)
                for key, value in node.value:
                    self._collect_child((key.start_mark.index, False), key.start_mark.column, value, inside)
                self._collect_end(node, owner, parent)
            case yaml.SequenceNode():
                inside = _build_range(node, owner, parent)
                for value in node.value:
                    # The dash of a nested list comes before those of its entries, as in the file.
                    mark = value.start_mark if node.flow_style else next(self._dashes)
                    self._collect_child((mark.index, True), mark.column, value, inside)
                self._collect_end(node, owner, parent)

    def _collect_child(self, owner: CommentOwner, column: int, value: yaml.Node, parent: YamlRange) -> None:
        self.owners.append(owner)
        self.positions.append(
            YamlPosition(index=owner[0], column=column, owner=owner, parent=parent, begins=True)
        )
        self.collect(value, owner, parent)

    def _collect_end(self, node: yaml.CollectionNode, owner: CommentOwner, parent: YamlRange | None) -> None:
        if parent is not None and node.flow_style:
            mark = node.end_mark
            self.positions.append(
                YamlPosition(
                    index=mark.index - 1,
                    column=mark.column,
                    owner=owner,
                    parent=parent,
                    begins=False,
                    closes=bool(node.value),
                )
            )


def _build_range(node: yaml.CollectionNode, owner: CommentOwner, parent: YamlRange | None) -> YamlRange:
    return YamlRange(owner=owner, column=node.start_mark.column, parent=parent, is_flow=bool(node.flow_style))


class _DocumentBuilder:
    """Builder of the document from the tree, in the order of the collected positions."""

    def __init__(self, collector: _PositionCollector, attached: AttachedComments) -> None:
        self._owners = iter(collector.owners)
        self._attached = attached

    def build_group(self, node: yaml_tree.MappingNode, owner: CommentOwner) -> DocumentGroup:
        fields = [
            DocumentField(name=key.text, value=value, above=above, trailing=trailing)
            for (key, _), (value, above, trailing) in zip(
                node.pairs, self._build_children(value for _, value in node.pairs), strict=True
            )
        ]
        return DocumentGroup(fields=tuple(fields), below=tuple(self._attached.below.get(owner, ())))

    def _build_children(
        self, nodes: Iterable[yaml_tree.Node]
    ) -> Iterator[tuple[DocumentNode, CommentLines, str]]:
        """Yield the value of each field or entry, with its comments above and on the same line."""
        for node in nodes:
            owner = next(self._owners)
            value = self._build_value(node, owner)
            yield value, tuple(self._attached.above.get(owner, ())), self._attached.trailing.get(owner, "")

    def _build_value(self, node: yaml_tree.Node, owner: CommentOwner) -> DocumentNode:
        match node:
            case yaml_tree.ScalarNode():
                return DocumentValue(text=node.text)
            case yaml_tree.MappingNode():
                return self.build_group(node, owner)
            case yaml_tree.ListNode():
                entries = [
                    DocumentListEntry(value=value, above=above, trailing=trailing)
                    for value, above, trailing in self._build_children(node.entries)
                ]
                return DocumentList(entries=tuple(entries), below=tuple(self._attached.below.get(owner, ())))
