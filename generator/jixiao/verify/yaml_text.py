"""YAML as text: every scalar as typed, a key that repeats is refused, nothing is converted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

# The C loader reads ten times as fast; both give the same nodes. Files that could exhaust its stack were
# refused by the check that runs before a verification.
_PLAIN_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = (
    yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
)
_BLANKS = frozenset({"", "null", "Null", "NULL", "~"})


class Unreadable(ValueError):  # noqa: N818 - named for what it says; `verify` turns it into a finding
    """A source file cannot be read; carries its path in the project."""


class Tree:
    """A place in a file; what is not there reads as blank."""

    __slots__ = ("_content",)

    def __init__(self, content: str | dict[str, Tree] | list[Tree] | None) -> None:
        """Hold a scalar as typed, what stands under keys, or the members of a list; `None` is a blank."""
        self._content = content

    def at(self, *keys: str) -> Tree:
        """Go down by keys."""
        here = self
        for key in keys:
            content = here._content
            here = content.get(key, _NOTHING) if isinstance(content, dict) else _NOTHING
        return here

    def entries(self) -> Iterable[tuple[str, Tree]]:
        """Give keys and values in their order."""
        return self._content.items() if isinstance(self._content, dict) else ()

    def parts(self) -> Sequence[Tree]:
        """Give the members of a list."""
        return self._content if isinstance(self._content, list) else ()

    def text(self) -> str | None:
        """Give a scalar as typed; `None` for a blank."""
        return self._content if isinstance(self._content, str) else None

    def words(self) -> str:
        """Give a scalar, empty where nothing is there."""
        return self._content if isinstance(self._content, str) else ""


_NOTHING = Tree(None)


class _RepeatedKeyError(ValueError):
    """A key stands twice in a mapping."""


def read_yaml(file: Path, project: Path) -> Tree:
    """Read a file of *project*.

    Raises:
        Unreadable: It is not there, not YAML, or a key repeats.
    """
    name = file.relative_to(project).as_posix()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(name) from error
    return tree_of(content, name)


def tree_of(content: bytes, name: str) -> Tree:
    """Read the *content* of the file called *name*.

    Raises:
        Unreadable: It is not YAML, or a key repeats.
    """
    try:
        return _tree(yaml.compose(content.decode().replace("\r\n", "\n"), Loader=_Loader))
    except (ValueError, yaml.YAMLError) as error:
        raise Unreadable(name) from error


class _Loader(_PLAIN_LOADER):  # type: ignore[valid-type, misc]  # which of two is decided above
    """Tells scalars, mappings and lists apart, and leaves out what their tags could be."""

    def resolve(self, *_: object) -> str:
        """Give no tag: everything stays text."""
        return ""

    def descend_resolver(self, *_: object) -> None:
        """Keep no account of the place, which only tags need."""

    def ascend_resolver(self) -> None:
        """Keep no account of the place."""


def _tree(node: yaml.Node | None) -> Tree:
    if isinstance(node, yaml.ScalarNode):
        typed = str(node.value)
        if node.style == "|":
            # YAML ends the last line of a block; whoever typed it ended no line.
            typed = typed.rstrip("\n")
        # An empty style is a plain scalar: only without quotes does `null` mean that nothing is there.
        return _NOTHING if not node.style and typed in _BLANKS else Tree(typed)
    if isinstance(node, yaml.MappingNode):
        content = {str(key.value): _tree(value) for key, value in node.value}
        if len(content) < len(node.value):
            raise _RepeatedKeyError
        return Tree(content)
    if isinstance(node, yaml.SequenceNode):
        return Tree([_tree(part) for part in node.value])
    return _NOTHING
