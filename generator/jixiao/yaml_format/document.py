"""YAML document as values: fields, lists and the comments beside them, independent of how it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.load.yaml_tree import PlainTree

CommentLines = tuple[str, ...]
"""Comment lines, each beginning with `#`, and empty lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentValue:
    """Single value."""

    text: str | None
    """Text as typed; `None` if there was none. A `Commented` figure remains one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentGroup:
    """Fields in their order."""

    fields: tuple[DocumentField, ...]
    below: CommentLines = ()
    """Comments after the last field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentList:
    """List of values."""

    entries: tuple[DocumentListEntry, ...]
    below: CommentLines = ()
    """Comments after the last entry."""


DocumentNode = DocumentValue | DocumentGroup | DocumentList


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentListEntry:
    """Value in a list, with its comments."""

    value: DocumentNode
    above: CommentLines = ()
    trailing: str = ""
    """Comment on the same line, with its `#`; empty if there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentField:
    """Named value, with its comments."""

    name: str | None
    value: DocumentNode
    above: CommentLines = ()
    trailing: str = ""
    """Comment on the same line, with its `#`; empty if there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlDocument:
    """Content of one file."""

    root: DocumentGroup
    head: CommentLines = ()
    """Comments at the top that belong to the file, not to its first field."""


def build_node(plain: PlainTree) -> DocumentNode:
    """Build nodes from values without comments."""
    match plain:
        case dict():
            return build_group(plain)
        case list():
            return DocumentList(entries=tuple(DocumentListEntry(value=build_node(entry)) for entry in plain))
        case _:
            return DocumentValue(text=plain)


def build_group(fields: dict[str, PlainTree], below: Sequence[str] = ()) -> DocumentGroup:
    """Build a group from fields without comments, except those *below* the last."""
    return DocumentGroup(
        fields=tuple(DocumentField(name=name, value=build_node(value)) for name, value in fields.items()),
        below=tuple(below),
    )
