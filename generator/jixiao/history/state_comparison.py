"""Comparison of two states of a declaration, as sentences; only changes that pages show count.

Sums keep every digit; in all other texts personal data is masked. Most commits change one figure or one
text, and building the YAML tree takes most of the time of reading a state. So a changed line `field:
value` is patched into the known tree, and only the part of the model that holds the field is validated
again. For any other difference, the whole file is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ValidationError

from jixiao.analysis.diff import SumChange, WaiverChange, diff_declarations
from jixiao.history.diff_messages import describe_change
from jixiao.i18n import Message, message
from jixiao.load.content_files import load_declaration
from jixiao.load.source_files import SourceText
from jixiao.load.tree_to_model import AnyModel, read_model
from jixiao.load.yaml_tree import ListNode, MappingNode, Node, ScalarNode, read_tree_from_events, strip_places
from jixiao.model.declaration import Declaration
from jixiao.personal_data.text_patterns import mask_personal_data

_PLAIN_FIELD: Final = re.compile(
    r' *(?P<key>[a-z_0-9]+): (?P<value>(?:"[^"\\#\t]*"|[^\s"\'&!*|>@`%{}\[\],#?:\t-][^"#\t:]*))'
)
"""Field whose value begins and ends on its line and can only be text."""


def patch_tree(tree: Node, before: bytes, after: bytes) -> Node | None:
    """Return the tree of *after*, or `None` unless it differs from *before* by the value of one field.

    Args:
        tree: The tree read from *before*.
        before: The earlier content of the file.
        after: The later content of the file.
    """
    old_lines, new_lines = before.split(b"\n"), after.split(b"\n")
    if len(old_lines) != len(new_lines) or b"\r" in after:
        return None
    changed = [
        number for number, pair in enumerate(zip(old_lines, new_lines, strict=True), 1) if pair[0] != pair[1]
    ]
    if len(changed) != 1:
        return None
    (number,) = changed
    old, new = _parse_field(old_lines[number - 1]), _parse_field(new_lines[number - 1])
    if old is None or new is None or old[0] != new[0]:
        return None
    return _replace_scalar(tree, number, old, new[1])


def patch_model(known: AnyModel, before: Node, after: Node) -> AnyModel | None:
    """Return the model of *after*, sharing unchanged parts with *known*, or `None` if it is not valid.

    Args:
        known: The model read from *before*.
        before: A tree.
        after: The tree patched by `patch_tree`, which shares all nodes but those on the path to one field.
    """
    try:
        return type(known).model_validate(_build_model_input(known, before, after))
    except ValidationError:
        return None


def _build_model_input(known: object, before: Node, after: Node) -> object:
    """Return the input for validation, with the known model in place of each unchanged node."""
    if after is before and isinstance(known, BaseModel):
        return known
    match before, after:
        case MappingNode(), MappingNode():
            return {
                key.text: _build_model_input(_find_member(known, key.text), old, new)
                for (_, old), (key, new) in zip(before.pairs, after.pairs, strict=True)
            }
        case ListNode(), ListNode() if isinstance(known, tuple) and len(known) == len(after.entries):
            return [
                _build_model_input(part, old, new)
                for part, old, new in zip(known, before.entries, after.entries, strict=True)
            ]
        case _:
            return strip_places(after)


def _find_member(known: object, name: str | None) -> object:
    """Return the member *name* of a model or table, or `None` if there is none."""
    if isinstance(known, dict):
        return known.get(name)
    return getattr(known, name, None) if isinstance(known, BaseModel) and name else None


def _parse_field(line: bytes) -> tuple[str, str | None] | None:
    """Parse a line into field name and value, or return `None` if it may hold anything else."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    if not text.isprintable() or not _PLAIN_FIELD.fullmatch(text):
        return None
    tree = read_tree_from_events(SourceText(file="", text=f"{text.strip()}\n"))
    match tree:
        case MappingNode(pairs=((ScalarNode(text=str(key)), ScalarNode(text=value)),)):
            return key, value
        case _:
            return None


def _replace_scalar(node: Node, number: int, old: tuple[str, str | None], new: str | None) -> Node | None:
    """Return *node* with a new value for the field on line *number*, or `None` if it is not there."""
    match node:
        case MappingNode():
            for index, (key, value) in enumerate(node.pairs):
                if isinstance(value, ScalarNode):
                    is_changed = key.place.line == number and (key.text, value.text) == old
                    replaced: Node | None = ScalarNode(new, value.place) if is_changed else None
                else:
                    replaced = _replace_scalar(value, number, old, new)
                if replaced is not None:
                    pairs = (*node.pairs[:index], (key, replaced), *node.pairs[index + 1 :])
                    return MappingNode(pairs, node.place)
        case ListNode():
            for index, child in enumerate(node.entries):
                replaced = _replace_scalar(child, number, old, new)
                if replaced is not None:
                    children = (*node.entries[:index], replaced, *node.entries[index + 1 :])
                    return ListNode(children, node.place)
        case _:
            pass
    return None


@dataclass(frozen=True, kw_only=True)
class StateComparison:
    """Differences between two states of a declaration."""

    messages: tuple[Message, ...]
    is_readable: bool
    """Whether the later state is a valid declaration."""


def compare_file_states(
    identity: str, before: bytes, after: bytes, names: Mapping[str, str]
) -> StateComparison:
    """Compare two states of the file of a declaration.

    Args:
        identity: The id of the declaration.
        before: The earlier content of the file.
        after: The later content of the file.
        names: Names of organisations, by id.
    """
    old = _read_state(identity, before)
    new = _read_state(identity, after, previous=old)
    if new.declaration is None:
        return StateComparison(messages=(message("这一次提交的文件读不出来，没有比较。"),), is_readable=False)
    if old.declaration is None:
        return StateComparison(messages=(message("以前的文件读不出来，没有比较。"),), is_readable=True)
    changes = diff_declarations(old.declaration, new.declaration)
    messages: list[Message] = []
    for change in changes:
        if isinstance(change, SumChange):
            messages += describe_change(change, names)
        elif not isinstance(change, WaiverChange):
            messages += map(_mask_message, describe_change(change, names))
    return StateComparison(messages=tuple(messages), is_readable=True)


@dataclass(frozen=True, kw_only=True)
class _ParsedState:
    """State of a declaration, with the tree and the model unless it is unreadable."""

    content: bytes
    tree: Node | None = None
    declaration: Declaration | None = None


_last_state: dict[str, _ParsedState] = {}
"""State that was read last, by id; it is usually the earlier one of the next pair."""


def _read_state(identity: str, content: bytes, previous: _ParsedState | None = None) -> _ParsedState:
    """Read a state, from the *previous* one where only one field differs."""
    known = _last_state.get(identity)
    if known is not None and known.content == content:
        return known
    state = _read_changed_field(previous, content) if previous else None
    if state is None:
        tree = load_declaration(content, f"content/declarations/{identity}.yml")
        declaration = () if isinstance(tree, tuple) else read_model(Declaration, tree)
        state = _ParsedState(content=content)
        if not isinstance(tree, tuple) and not isinstance(declaration, tuple):
            state = _ParsedState(content=content, tree=tree, declaration=declaration)
    _last_state.clear()
    _last_state[identity] = state
    return state


def _read_changed_field(previous: _ParsedState, content: bytes) -> _ParsedState | None:
    """Read a state that differs from *previous* by the value of one field, or return `None`."""
    if previous.tree is None or previous.declaration is None:
        return None
    tree = patch_tree(previous.tree, previous.content, content)
    declaration = patch_model(previous.declaration, previous.tree, tree) if tree else None
    return _ParsedState(content=content, tree=tree, declaration=declaration) if declaration else None


def _mask_message(original: Message) -> Message:
    """Mask personal data, so that data removed from a declaration does not return with its history."""
    return Message(original.template, {name: _mask_value(value) for name, value in original.values.items()})


def _mask_value(value: Message | str | tuple[str, ...]) -> Message | str | tuple[str, ...]:
    match value:
        case Message():
            return _mask_message(value)
        case tuple():
            return tuple(map(mask_personal_data, value))
        case _:
            return mask_personal_data(value)
