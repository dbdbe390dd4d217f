"""Reading of a source file as a document: the values of the strict reader, every comment in its place."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from jixiao.load import yaml_tree
from jixiao.load.source_files import SourceText
from jixiao.yaml_format.comments import (
    ROOT_OWNER,
    AttachedComments,
    CommentOwner,
    YamlPosition,
    YamlRange,
    attach_comments,
    list_comments,
)
from jixiao.yaml_format.document import (
    DocumentField,
    DocumentGroup,
    DocumentList,
    DocumentListEntry,
    DocumentNode,
    DocumentValue,
    YamlDocument,
)
from jixiao.yaml_format.document_writer import MODELINE_PREFIX


def read_document(source: SourceText, root: yaml_tree.MappingNode) -> YamlDocument:
    """Build a document from a parsed file, with the comments of its *source*.

    Args:
        source: The text of the file.
        root: The tree that the strict reader built from it; not empty.
    """
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    survey = _PositionCollector(
        token.start_mark for token in tokens if isinstance(token, yaml.BlockEntryToken)
    )
    composed = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    if composed is not None:
        survey.collect(composed, ROOT_OWNER, None)
    spots = sorted(survey.positions, key=lambda spot: spot.index)
    beside = attach_comments(tuple(list_comments(tokens, source)), spots)
    head = _detach_head(beside.above.get(survey.owners[0], []))
    return YamlDocument(root=_DocumentBuilder(survey, beside).build_group(root, ROOT_OWNER), head=tuple(head))


def _detach_head(comments: list[str]) -> list[str]:
    """Remove and return the comments about the file, which end at a blank line or else the modeline."""
    parted = [number for number, note in enumerate(comments, 1) if not note]
    parted = parted or [number for number, note in enumerate(comments, 1) if MODELINE_PREFIX in note]
    end = max(parted, default=0)
    head = comments[:end]
    del comments[:end]
    return head


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
            case yaml.ScalarNode():
                self._collect_scalar(node, owner, parent)
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

    def _collect_scalar(self, node: yaml.ScalarNode, owner: CommentOwner, parent: YamlRange | None) -> None:
        mark = node.start_mark
        if parent is not None and node.end_mark.index > mark.index:
            self.positions.append(
                YamlPosition(index=mark.index, column=mark.column, owner=owner, parent=parent, begins=False)
            )

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
        return DocumentGroup(
            fields=tuple(self._build_field(key.text, value) for key, value in node.pairs),
            below=self._find_comments_below(owner),
        )

    def _build_field(self, name: str | None, value: yaml_tree.Node) -> DocumentField:
        owner = next(self._owners)
        return DocumentField(
            name=name,
            value=self._build_node(value, owner),
            above=self._find_comments_above(owner),
            trailing=self._find_trailing_comment(owner),
        )

    def _build_list_entry(self, value: yaml_tree.Node) -> DocumentListEntry:
        owner = next(self._owners)
        return DocumentListEntry(
            value=self._build_node(value, owner),
            above=self._find_comments_above(owner),
            trailing=self._find_trailing_comment(owner),
        )

    def _build_node(self, node: yaml_tree.Node, owner: CommentOwner) -> DocumentNode:
        match node:
            case yaml_tree.ScalarNode():
                return DocumentValue(text=node.text)
            case yaml_tree.ListNode():
                return DocumentList(
                    entries=tuple(map(self._build_list_entry, node.entries)),
                    below=self._find_comments_below(owner),
                )
            case yaml_tree.MappingNode():
                return self.build_group(node, owner)

    def _find_comments_above(self, owner: CommentOwner) -> tuple[str, ...]:
        return tuple(self._attached.above.get(owner, ()))

    def _find_trailing_comment(self, owner: CommentOwner) -> str:
        return self._attached.trailing.get(owner, "")

    def _find_comments_below(self, owner: CommentOwner) -> tuple[str, ...]:
        return tuple(self._attached.below.get(owner, ()))
