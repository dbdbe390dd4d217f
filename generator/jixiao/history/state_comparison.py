"""The tree, and the model, of a file that differs by one line from a file of which both are known.

Most commits change one figure or one text of a declaration, and building a tree takes most of the time of
reading a state. So a line `field: value` that has another value gives the tree of the earlier state with that
value in its place, and of the model only what holds the field is read again. Whatever is not as plain as that
is left to the reader of whole files.
"""

from __future__ import annotations

import re
from typing import Final

from pydantic import BaseModel, ValidationError

from jixiao.load.source_files import SourceText
from jixiao.load.tree_to_model import AnyModel
from jixiao.load.yaml_tree import Mapping, Node, Scalar, Sequence, plain, read_quickly

_FIELD: Final = re.compile(
    r' *(?P<key>[a-z_0-9]+): (?P<value>(?:"[^"\\#\t]*"|[^\s"\'&!*|>@`%{}\[\],#?:\t-][^"#\t:]*))'
)
"""A field with a value that begins and ends on its line and cannot be anything but text."""


def with_one_line_changed(tree: Node, before: bytes, after: bytes) -> Node | None:
    """Give the tree of *after*; nothing where it differs from *before* by more than the value of one field.

    Args:
        tree: What the reader of files has read in *before*.
        before: The file as it was.
        after: The file as it has become.
    """
    old_lines, new_lines = before.split(b"\n"), after.split(b"\n")
    if len(old_lines) != len(new_lines) or b"\r" in after:
        return None
    unlike = [
        number for number, pair in enumerate(zip(old_lines, new_lines, strict=True), 1) if pair[0] != pair[1]
    ]
    if len(unlike) != 1:
        return None
    (number,) = unlike
    old, new = _scalar(old_lines[number - 1]), _scalar(new_lines[number - 1])
    if old is None or new is None or old[0] != new[0]:
        return None
    return _replaced(tree, number, old, new[1])


def with_one_field_read(known: AnyModel, before: Node, after: Node) -> AnyModel | None:
    """Give the model of *after*, with the parts of *known* that are the same; nothing if it is none.

    Args:
        known: What was read from *before*.
        before: A tree.
        after: What `with_one_line_changed` has made of it: all but the way to one field is the same object.
    """
    try:
        return type(known).model_validate(_input(known, before, after))
    except ValidationError:
        return None


def _input(known: object, before: Node, after: Node) -> object:
    """Give what a model is read from: models that were read from the same node stand for themselves."""
    if after is before and isinstance(known, BaseModel):
        return known
    match before, after:
        case Mapping(), Mapping():
            return {
                key.text: _input(_part(known, key.text), was, now)
                for (_, was), (key, now) in zip(before.pairs, after.pairs, strict=True)
            }
        case Sequence(), Sequence() if isinstance(known, tuple) and len(known) == len(after.entries):
            return [
                _input(part, was, now)
                for part, was, now in zip(known, before.entries, after.entries, strict=True)
            ]
        case _:
            return plain(after)


def _part(known: object, name: str | None) -> object:
    """Give what a model or a table has under *name*; nothing where it is called otherwise."""
    if isinstance(known, dict):
        return known.get(name)
    return getattr(known, name, None) if isinstance(known, BaseModel) and name else None


def _scalar(line: bytes) -> tuple[str, str | None] | None:
    """Read a line as a field with its value; nothing where it may be more than that."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    if not text.isprintable() or not _FIELD.fullmatch(text):
        return None
    tree = read_quickly(SourceText(file="", text=f"{text.strip()}\n"))
    match tree:
        case Mapping(pairs=((Scalar(text=str(key)), Scalar(text=value)),)):
            return key, value
        case _:
            return None


def _replaced(node: Node, number: int, old: tuple[str, str | None], new: str | None) -> Node | None:
    """Give *node* with another value for the field on a line; nothing where there is none."""
    match node:
        case Mapping():
            for place, (key, value) in enumerate(node.pairs):
                if isinstance(value, Scalar):
                    is_it = key.place.line == number and (key.text, value.text) == old
                    found: Node | None = Scalar(new, value.place) if is_it else None
                else:
                    found = _replaced(value, number, old, new)
                if found is not None:
                    pairs = (*node.pairs[:place], (key, found), *node.pairs[place + 1 :])
                    return Mapping(pairs, node.place)
        case Sequence():
            for place, entry in enumerate(node.entries):
                found = _replaced(entry, number, old, new)
                if found is not None:
                    return Sequence((*node.entries[:place], found, *node.entries[place + 1 :]), node.place)
        case _:
            pass
    return None
