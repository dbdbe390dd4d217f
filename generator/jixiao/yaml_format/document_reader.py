"""From a source file to a document: what the strict reader read, and every comment at its place."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from jixiao.load import yaml_tree
from jixiao.load.source_files import SourceText
from jixiao.writing.kinds import MODELINE
from jixiao.yaml_format.comments import ROOT, Beside, Owner, Range, Spot, place_remarks, remarks_between
from jixiao.yaml_format.document import Document, Entry, Field, Group, Listing, Node, Value


def document_of(source: SourceText, root: yaml_tree.Mapping) -> Document:
    """Add the comments of *source* to what was read of it.

    Args:
        source: The text of the file.
        root: What the strict reader read of it; not empty.
    """
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    survey = _Survey(token.start_mark for token in tokens if isinstance(token, yaml.BlockEntryToken))
    composed = yaml.compose(source.text, Loader=yaml.CSafeLoader)
    if composed is not None:
        survey.look_at(composed, ROOT, None)
    spots = sorted(survey.spots, key=lambda spot: spot.index)
    beside = place_remarks(tuple(remarks_between(tokens, source)), spots)
    head = _take_head(beside.above.get(survey.owners[0], []))
    return Document(root=_Builder(survey, beside).group(root, ROOT), head=tuple(head))


def _take_head(notes: list[str]) -> list[str]:
    """Take from the *notes* at the top those about the file: up to an empty line, else to the modeline."""
    parted = [number for number, note in enumerate(notes, 1) if not note]
    parted = parted or [number for number, note in enumerate(notes, 1) if MODELINE in note]
    end = max(parted, default=0)
    head = notes[:end]
    del notes[:end]
    return head


class _Survey:
    """Goes through the nodes of a file in their order and notes what stands where."""

    def __init__(self, dashes: Iterator[yaml.Mark]) -> None:
        self.spots: list[Spot] = []
        self.owners: list[Owner] = []
        """Fields and entries in the order of the file."""
        self._dashes = dashes

    def look_at(self, node: yaml.Node, owner: Owner, within: Range | None) -> None:
        """Note where the value of *owner* stands, who stands *within* a group or list."""
        match node:
            case yaml.ScalarNode():
                self._look_at_scalar(node, owner, within)
            case yaml.MappingNode():
                inside = _range_of(node, owner, within)
                for key, value in node.value:
                    self._look_at_part((key.start_mark.index, False), key.start_mark.column, value, inside)
                self._look_at_end(node, owner, within)
            case yaml.SequenceNode():
                inside = _range_of(node, owner, within)
                for value in node.value:
                    # The dash of a nested list comes before those of its entries, as in the file.
                    mark = value.start_mark if node.flow_style else next(self._dashes)
                    self._look_at_part((mark.index, True), mark.column, value, inside)
                self._look_at_end(node, owner, within)

    def _look_at_part(self, owner: Owner, column: int, value: yaml.Node, within: Range) -> None:
        self.owners.append(owner)
        self.spots.append(Spot(index=owner[0], column=column, owner=owner, within=within, begins=True))
        self.look_at(value, owner, within)

    def _look_at_scalar(self, node: yaml.ScalarNode, owner: Owner, within: Range | None) -> None:
        mark = node.start_mark
        if within is not None and node.end_mark.index > mark.index:
            self.spots.append(
                Spot(index=mark.index, column=mark.column, owner=owner, within=within, begins=False)
            )

    def _look_at_end(self, node: yaml.CollectionNode, owner: Owner, within: Range | None) -> None:
        if within is not None and node.flow_style:
            mark = node.end_mark
            self.spots.append(
                Spot(
                    index=mark.index - 1,
                    column=mark.column,
                    owner=owner,
                    within=within,
                    begins=False,
                    closes=bool(node.value),
                )
            )


def _range_of(node: yaml.CollectionNode, owner: Owner, within: Range | None) -> Range:
    return Range(owner=owner, column=node.start_mark.column, within=within, is_flow=bool(node.flow_style))


class _Builder:
    """Builds the document from the tree, in the order in which the file was surveyed."""

    def __init__(self, survey: _Survey, beside: Beside) -> None:
        self._owners = iter(survey.owners)
        self._beside = beside

    def group(self, node: yaml_tree.Mapping, owner: Owner) -> Group:
        return Group(
            fields=tuple(self._field(key.text, value) for key, value in node.pairs), below=self._below(owner)
        )

    def _field(self, name: str | None, value: yaml_tree.Node) -> Field:
        owner = next(self._owners)
        return Field(
            name=name, value=self._node(value, owner), above=self._above(owner), behind=self._behind(owner)
        )

    def _entry(self, value: yaml_tree.Node) -> Entry:
        owner = next(self._owners)
        return Entry(value=self._node(value, owner), above=self._above(owner), behind=self._behind(owner))

    def _node(self, node: yaml_tree.Node, owner: Owner) -> Node:
        match node:
            case yaml_tree.Scalar():
                return Value(text=node.text)
            case yaml_tree.Sequence():
                return Listing(entries=tuple(map(self._entry, node.entries)), below=self._below(owner))
            case yaml_tree.Mapping():
                return self.group(node, owner)

    def _above(self, owner: Owner) -> tuple[str, ...]:
        return tuple(self._beside.above.get(owner, ()))

    def _behind(self, owner: Owner) -> str:
        return self._beside.behind.get(owner, "")

    def _below(self, owner: Owner) -> tuple[str, ...]:
        return tuple(self._beside.below.get(owner, ()))
