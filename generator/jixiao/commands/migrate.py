"""Bring the files of a site up to the format that this program reads: what `jixiao migrate` does.

The settings say which format the content has (`format:` in `site_config.yml`; without it, the first). When
a release changes the format, it brings a step; a site that is some formats behind goes through all steps in
turn. A step changes text at places that the one strict reader has found, so comments and layout stay. All
files are changed in memory first: where one cannot be read, none is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jixiao.config import FILE, FORMAT, SiteConfig, read_config
from jixiao.i18n import Message, interface_words, message
from jixiao.ignored_files import is_among_leftovers
from jixiao.load.source_files import SourceText, read_text
from jixiao.load.yaml_tree import Mapping, Node, place_of, read_tree
from jixiao.load.yaml_tree import Path as Way
from jixiao.model.schema import SCHEMAS, declaration_schema
from jixiao.problems import Problem, in_file_order
from jixiao.write_files import place_files

_SCHEMA: Final = message("编辑器用的说明换成这一版的")
_SETTING: Final = re.compile(r"^format:.*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What leads from one format to the next."""

    to: int
    """The format that files have afterwards."""
    saying: Message
    """What changes, for whoever reads the list of changed files."""
    files: str
    """Which files, as a pattern below the project."""
    change: Callable[[str, Mapping], str]
    """Gives the new text of a file from its text and its tree; the same text where nothing is to be done."""


STEPS: Final[Sequence[Step]] = ()
"""Every step that there has been, in order. The first format is the present one, so there is none yet."""


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """What came of it."""

    before: int
    after: int
    changed: tuple[tuple[str, Message], ...] = ()
    """Each file that changes, with what changes in it."""
    problems: tuple[Problem, ...] = ()
    """Why nothing was changed."""


def migrate(project: Path, *, writes: bool, steps: Sequence[Step] = STEPS) -> Migrated:
    """Go through the steps that *project* is behind.

    Args:
        project: Its folder.
        writes: Whether files are changed; otherwise it is only told which would be.
        steps: All there are, in order.

    Raises:
        OSError: The disk refuses.
    """
    config = read_config(project)
    if not isinstance(config, SiteConfig):
        return Migrated(before=0, after=0, problems=config)
    texts: dict[Path, str] = {}
    changed: list[tuple[str, Message]] = []
    problems: list[Problem] = []
    needed = [step for step in steps if step.to > config.format]
    for step, path in ((one, path) for one in needed for path in sorted(project.glob(one.files))):
        file = path.relative_to(project).as_posix()
        if is_among_leftovers(file):
            continue
        found = _stepped(path, file, texts.get(path), step)
        if isinstance(found, tuple):
            problems += found
        elif found is not None:
            texts[path] = found
            changed.append((file, step.saying))
    if problems:
        return Migrated(before=config.format, after=config.format, problems=in_file_order(problems))
    for path, text in _outdated_schemas(project):
        texts[path] = text
        changed.append((path.relative_to(project).as_posix(), _SCHEMA))
    after = needed[-1].to if needed else config.format
    if needed:
        settings = project / FILE
        texts[settings] = with_format(texts.get(settings) or settings.read_text("utf-8"), after)
    for path, text in texts.items() if writes else ():
        place_files({path.name: text}, path.parent, replaces=True)
    return Migrated(before=config.format, after=after, changed=tuple(changed))


def _outdated_schemas(project: Path) -> Iterator[tuple[Path, str]]:
    """Yield each schema that the site has for editors and that is not of this release, with its text."""
    for language, name in SCHEMAS.items():
        path = project / "content/schema" / name
        text = declaration_schema(interface_words(language)) if path.is_file() else ""
        if text and path.read_text("utf-8", errors="replace") != text:
            yield path, text


def _stepped(path: Path, file: str, text: str | None, step: Step) -> str | tuple[Problem, ...] | None:
    """Give the text of a file after a step, nothing where it stays, or why it cannot be read."""
    source = read_text(path, file) if text is None else SourceText(file=file, text=text)
    if isinstance(source, Problem):
        return (source,)
    tree = read_tree(source)
    if isinstance(tree, tuple):
        return tree
    new = step.change(source.text, tree) if isinstance(tree, Mapping) else source.text
    return None if new == source.text else new


def with_name(text: str, tree: Node, way: Way, name: str) -> str:
    """Give *text* with another name for the field at *way*; what stands around it stays.

    Args:
        text: The text of a file.
        tree: Its tree.
        way: From the root to the value of the field.
        name: The new name, which needs no quotes.
    """
    place = place_of(tree, way, of_key=True)
    lines = text.split("\n")
    line = lines[place.line - 1]
    old = str(way[-1])
    begin = place.column - 1
    if not line.startswith(old, begin):
        raise NotImplementedError
    lines[place.line - 1] = f"{line[:begin]}{name}{line[begin + len(old) :]}"
    return "\n".join(lines)


def with_format(text: str, number: int) -> str:
    """Give the settings with the number of the format: in its line, or at the end."""
    line = f"format: {number}"
    if _SETTING.search(text):
        return _SETTING.sub(line, text, count=1)
    return f"{text.rstrip()}\n\n{line}\n"


__all__ = ["FORMAT", "STEPS", "Migrated", "Step", "migrate", "with_format", "with_name"]
