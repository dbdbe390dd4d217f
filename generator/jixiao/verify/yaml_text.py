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


class UnreadableSourceError(ValueError):
    """A source file cannot be read; carries its path in the project."""


class YamlText:
    """Node of a YAML file; a missing one reads as blank."""

    __slots__ = ("_content",)

    def __init__(self, content: str | dict[str, YamlText] | list[YamlText] | None) -> None:
        """Store a scalar as typed, the values of keys, or the members of a list; `None` is a blank."""
        self._content = content

    def at(self, *keys: str) -> YamlText:
        """Go down by keys."""
        here = self
        for key in keys:
            content = here._content
            here = content.get(key, _NOTHING) if isinstance(content, dict) else _NOTHING
        return here

    def entries(self) -> Iterable[tuple[str, YamlText]]:
        """Return keys and values in their order."""
        return self._content.items() if isinstance(self._content, dict) else ()

    def parts(self) -> Sequence[YamlText]:
        """Return the members of a list."""
        return self._content if isinstance(self._content, list) else ()

    def text(self) -> str | None:
        """Return a scalar as typed; `None` for a blank."""
        return self._content if isinstance(self._content, str) else None

    def words(self) -> str:
        """Return a scalar, empty where nothing is there."""
        return self._content if isinstance(self._content, str) else ""


_NOTHING = YamlText(None)


def read_yaml(file: Path, root: Path) -> YamlText:
    """Read a file of the site at *root*.

    Raises:
        UnreadableSourceError: It is not there, not YAML, or a key repeats.
    """
    name = file.relative_to(root).as_posix()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(name) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, name: str) -> YamlText:
    """Read the *content* of the file called *name*.

    Raises:
        UnreadableSourceError: It is not YAML, or a key repeats.
    """
    try:
        return _parse_node(yaml.compose(content.decode().replace("\r\n", "\n"), Loader=_Loader))
    except (ValueError, yaml.YAMLError) as error:
        raise UnreadableSourceError(name) from error


class _Loader(_PLAIN_LOADER):  # type: ignore[valid-type, misc]  # which of two is decided above
    """YAML loader that knows scalars, mappings and lists only, and ignores implicit tags."""

    def resolve(self, *_: object) -> str:
        """Return no tag: everything stays text."""
        return ""

    def descend_resolver(self, *_: object) -> None:
        """Keep no account of the place, which only tags need."""

    def ascend_resolver(self) -> None:
        """Keep no account of the place."""


def _parse_node(node: yaml.Node | None) -> YamlText:
    if isinstance(node, yaml.ScalarNode):
        typed = str(node.value)
        if node.style == "|":
            # YAML ends the last line of a block; it was not typed.
            typed = typed.rstrip("\n")
        # An empty style is a plain scalar: only without quotes does `null` mean that nothing is there.
        return _NOTHING if not node.style and typed in _BLANKS else YamlText(typed)
    if isinstance(node, yaml.MappingNode):
        content = {str(key.value): _parse_node(value) for key, value in node.value}
        if len(content) < len(node.value):
            raise ValueError(node.start_mark)
        return YamlText(content)
    if isinstance(node, yaml.SequenceNode):
        return YamlText([_parse_node(part) for part in node.value])
    return _NOTHING
