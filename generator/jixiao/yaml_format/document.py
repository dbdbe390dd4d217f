"""A document: what a file says and the comments beside it, as values, whoever wrote it and however."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.load.yaml_tree import Plain

Notes = tuple[str, ...]
"""Comments, each a line that begins with `#`, and empty lines, which are empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A single value."""

    text: str | None
    """What was typed; `None` where nothing was. A `Commented` figure stays one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Fields."""

    fields: tuple[Field, ...]
    below: Notes = ()
    """What stands behind the last field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list."""

    entries: tuple[Entry, ...]
    below: Notes = ()
    """What stands behind the last entry."""


Node = Value | Group | Listing


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One value of a list."""

    value: Node
    above: Notes = ()
    behind: str = ""
    """The comment on the same line, with its `#`; empty where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A value with its name."""

    name: str | None
    value: Node
    above: Notes = ()
    behind: str = ""
    """The comment on the same line, with its `#`; empty where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One file."""

    root: Group
    head: Notes = ()
    """What stands at the top and belongs to the file, not to its first field."""


def node_of(plain: Plain) -> Node:
    """Make nodes of values that have no comments."""
    match plain:
        case dict():
            return group_of(plain)
        case list():
            return Listing(entries=tuple(Entry(value=node_of(entry)) for entry in plain))
        case _:
            return Value(text=plain)


def group_of(fields: dict[str, Plain], below: Sequence[str] = ()) -> Group:
    """Make a group of fields that have no comments but those *below* the last."""
    return Group(
        fields=tuple(Field(name=name, value=node_of(value)) for name, value in fields.items()),
        below=tuple(below),
    )
