"""What two states of a declaration differ in, in sentences; only what pages show counts.

Sums stay digit for digit; in all other words personal data is masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jixiao.analysis.diff import MoneyChanged, WaiverChanged, changes_between
from jixiao.history.diff_messages import said
from jixiao.history.state_comparison import with_one_field_read, with_one_line_changed
from jixiao.i18n import Message, message
from jixiao.load.content_files import read_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import Node
from jixiao.model.declaration import Declaration
from jixiao.personal_data.text_patterns import masked


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What they differ in."""

    sayings: tuple[Message, ...]
    is_readable: bool
    """Whether the later state is a declaration at all."""


def compare_pair(identity: str, before: bytes, after: bytes, names: Mapping[str, str]) -> Compared:
    """Compare two states of a declaration.

    Args:
        identity: The declaration.
        before: The file as it was.
        after: The file as it has become.
        names: What organisations are called, by id.
    """
    old = _read(identity, before)
    new = _read(identity, after, like=old)
    if new.declaration is None:
        return Compared(sayings=(message("这一次提交的文件读不出来，没有比较。"),), is_readable=False)
    if old.declaration is None:
        return Compared(sayings=(message("以前的文件读不出来，没有比较。"),), is_readable=True)
    changes = changes_between(old.declaration, new.declaration)
    sayings = (
        saying if isinstance(change, MoneyChanged) else _masked(saying)
        for change in changes
        if not isinstance(change, WaiverChanged)
        for saying in said(change, names)
    )
    return Compared(sayings=tuple(sayings), is_readable=True)


@dataclass(frozen=True, kw_only=True)
class _State:
    """A state of a declaration, as far as it can be read."""

    content: bytes
    tree: Node | None = None
    declaration: Declaration | None = None


_last: dict[str, _State] = {}
"""The state that was read last: it is the earlier one of the next pair."""


def _read(identity: str, content: bytes, like: _State | None = None) -> _State:
    """Read a state; one that differs from another by a line takes the rest of the tree from it."""
    known = _last.get(identity)
    if known is not None and known.content == content:
        return known
    state = (_next_to(like, content) if like else None) or _from_file(identity, content)
    _last.clear()
    _last[identity] = state
    return state


def _next_to(like: _State, content: bytes) -> _State | None:
    """Read a state that differs from a known one by the value of one field; nothing if it does not."""
    if like.tree is None or like.declaration is None:
        return None
    tree = with_one_line_changed(like.tree, like.content, content)
    declaration = with_one_field_read(like.declaration, like.tree, tree) if tree else None
    return _State(content=content, tree=tree, declaration=declaration) if declaration else None


def _from_file(identity: str, content: bytes) -> _State:
    read = read_declaration(content, f"content/declarations/{identity}.yml")
    declaration = () if isinstance(read, tuple) else read_model(Declaration, read)
    if isinstance(read, tuple) or isinstance(declaration, tuple):
        return _State(content=content)
    return _State(content=content, tree=read, declaration=declaration)


def _masked(saying: Message) -> Message:
    """Make personal data unusable: what was taken out of a declaration may not come back with its history."""
    return Message(saying.template, {name: _value(value) for name, value in saying.values.items()})


def _value(value: Message | str | tuple[str, ...]) -> Message | str | tuple[str, ...]:
    match value:
        case Message():
            return _masked(value)
        case tuple():
            return tuple(map(masked, value))
        case _:
            return masked(value)
