"""Migration of content files to the format that this program reads.

`format:` in `site_config.yml` is the format of the content; it defaults to the first. Migrations run in turn
and edit text at places that the strict reader has found, so comments and layout stay. All files are changed
in memory first; if one cannot be read, none is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jixiao.config import CONFIG_FILE, CONTENT_FORMAT, SiteConfig, read_config
from jixiao.i18n import Message, load_interface_catalogue, message
from jixiao.ignored_files import is_ignored_path
from jixiao.load.source_files import SourceText, read_text
from jixiao.load.yaml_tree import MappingNode, Node, find_place, read_tree
from jixiao.load.yaml_tree import TreePath as Way
from jixiao.model.declaration_schema import SCHEMA_FILES, build_declaration_schema
from jixiao.problems import Problem, sort_by_place
from jixiao.write_files import write_files

_SCHEMA_CHANGE: Final = message("编辑器用的说明换成这一版的")
_FORMAT_SETTING: Final = re.compile(r"^format:.*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class FormatMigration:
    """Change from one content format to the next."""

    format: int
    """Format after the migration."""
    description: Message
    """Description of the change for the list of changed files."""
    files: str
    """Glob pattern of the affected files, relative to the site's folder."""
    change: Callable[[str, MappingNode], str]
    """Function from the text and the tree of a file to its new text."""


MIGRATIONS: Final[Sequence[FormatMigration]] = ()
"""All migrations in order. The current format is the first, so there is none yet."""


@dataclass(frozen=True, kw_only=True)
class MigrationResult:
    """Result of a migration."""

    before: int
    after: int
    changed: tuple[tuple[str, Message], ...] = ()
    """Changed files with a description of each change."""
    problems: tuple[Problem, ...] = ()
    """Problems that prevented the migration."""


def migrate(
    root: Path, *, writes: bool, migrations: Sequence[FormatMigration] = MIGRATIONS
) -> MigrationResult:
    """Apply the migrations that the content below *root* has not had yet.

    Args:
        root: The folder of the site.
        writes: Whether files are changed, or only listed.
        migrations: All migrations, in order.

    Raises:
        OSError: The disk refuses.
    """
    config = read_config(root)
    if not isinstance(config, SiteConfig):
        return MigrationResult(before=0, after=0, problems=config)
    texts: dict[Path, str] = {}
    changed: list[tuple[str, Message]] = []
    problems: list[Problem] = []
    needed = [step for step in migrations if step.format > config.format]
    for step, path in ((one, path) for one in needed for path in sorted(root.glob(one.files))):
        file = path.relative_to(root).as_posix()
        if is_ignored_path(file):
            continue
        found = _apply_migration(path, file, texts.get(path), step)
        if isinstance(found, tuple):
            problems += found
        elif found is not None:
            texts[path] = found
            changed.append((file, step.description))
    if problems:
        return MigrationResult(before=config.format, after=config.format, problems=sort_by_place(problems))
    for path, text in _find_outdated_schemas(root):
        texts[path] = text
        changed.append((path.relative_to(root).as_posix(), _SCHEMA_CHANGE))
    after = needed[-1].format if needed else config.format
    if needed:
        settings = root / CONFIG_FILE
        texts[settings] = set_format(texts.get(settings) or settings.read_text("utf-8"), after)
    for path, text in texts.items() if writes else ():
        write_files({path.name: text}, path.parent, replaces=True)
    return MigrationResult(before=config.format, after=after, changed=tuple(changed))


def _find_outdated_schemas(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each editor schema of the site that differs from this release, with its new text."""
    for language, name in SCHEMA_FILES.items():
        path = root / "content/schema" / name
        text = build_declaration_schema(load_interface_catalogue(language)) if path.is_file() else ""
        if text and path.read_text("utf-8", errors="replace") != text:
            yield path, text


def _apply_migration(
    path: Path, file: str, text: str | None, migration: FormatMigration
) -> str | tuple[Problem, ...] | None:
    """Return the migrated text of a file, `None` if it is unchanged, or the problems of the file."""
    source = read_text(path, file) if text is None else SourceText(file=file, text=text)
    if isinstance(source, Problem):
        return (source,)
    tree = read_tree(source)
    if isinstance(tree, tuple):
        return tree
    new = migration.change(source.text, tree) if isinstance(tree, MappingNode) else source.text
    return None if new == source.text else new


def rename_field(text: str, tree: Node, field_path: Way, name: str) -> str:
    """Return *text* with the field at *field_path* renamed.

    Args:
        text: The text of a file.
        tree: The tree of that text.
        field_path: The path from the root to the value of the field.
        name: The new name, which needs no quotes.
    """
    place = find_place(tree, field_path, of_key=True)
    lines = text.split("\n")
    line = lines[place.line - 1]
    old = str(field_path[-1])
    begin = place.column - 1
    if not line.startswith(old, begin):
        raise NotImplementedError
    lines[place.line - 1] = f"{line[:begin]}{name}{line[begin + len(old) :]}"
    return "\n".join(lines)


def set_format(text: str, number: int) -> str:
    """Return the settings with the format number replaced, or appended if it is missing."""
    line = f"format: {number}"
    if _FORMAT_SETTING.search(text):
        return _FORMAT_SETTING.sub(line, text, count=1)
    return f"{text.rstrip()}\n\n{line}\n"


__all__ = [
    "CONTENT_FORMAT",
    "MIGRATIONS",
    "FormatMigration",
    "MigrationResult",
    "migrate",
    "rename_field",
    "set_format",
]
