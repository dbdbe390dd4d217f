"""YAML as text: every scalar as typed, a key that repeats is refused, nothing is converted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

# The C loader reads ten times as fast; both give the same nodes. Files that could exhaust its stack were
# refused by the check that runs before a verification.
_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = (
    yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
)
_BLANKS = frozenset({"", "null", "Null", "NULL", "~"})


class Unreadable(ValueError):  # noqa: N818 - named for what it says; `verify` turns it into a finding
    """A source file cannot be read; carries its path in the project."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A place in a file; what is not there reads as blank."""

    node: yaml.Node | None

    def at(self, *keys: str) -> Tree:
        """Go down by keys."""
        here = self
        for key in keys:
            here = next((value for name, value in here.entries() if name == key), Tree(None))
        return here

    def entries(self) -> Iterator[tuple[str, Tree]]:
        """Give keys and values in their order."""
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                yield str(key.value), Tree(value)

    def parts(self) -> Iterator[Tree]:
        """Give the members of a list."""
        if isinstance(self.node, yaml.SequenceNode):
            for part in self.node.value:
                yield Tree(part)

    def text(self) -> str | None:
        """Give a scalar as typed; `None` for a blank."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        typed = str(self.node.value)
        # An empty style is a plain scalar: only without quotes does `null` mean that nothing is there.
        return None if not self.node.style and typed in _BLANKS else typed

    def words(self) -> str:
        """Give a scalar, empty where nothing is there."""
        return self.text() or ""


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
        node = yaml.compose(content.decode().replace("\r\n", "\n"), Loader=_LOADER)
    except (ValueError, yaml.YAMLError) as error:
        raise Unreadable(name) from error
    if _repeats_a_key(node):
        raise Unreadable(name)
    return Tree(node)


def _repeats_a_key(node: yaml.Node | None) -> bool:
    if isinstance(node, yaml.MappingNode):
        keys = [str(key.value) for key, _ in node.value]
        return len(set(keys)) < len(keys) or any(_repeats_a_key(value) for _, value in node.value)
    return isinstance(node, yaml.SequenceNode) and any(map(_repeats_a_key, node.value))
