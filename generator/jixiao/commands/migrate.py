"""Migration of content files to the format that this program reads.

There is one format so far, so only the schemas for editors are brought up to this release.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.config import SiteConfig, read_config
from jixiao.i18n import load_interface_catalogue
from jixiao.model.declaration_schema import SCHEMA_FILES, build_declaration_schema
from jixiao.problems import Problem
from jixiao.write_files import write_files

_SCHEMA_FOLDER = "content/schema"
"""Folder of the schemas for editors."""


@dataclass(frozen=True, kw_only=True)
class MigrationResult:
    """Result of a migration."""

    changed: tuple[str, ...] = ()
    """Changed files with a description of each change."""
    problems: tuple[Problem, ...] = ()
    """Problems that prevented the migration."""


def migrate(root: Path, *, writes: bool) -> MigrationResult:
    """Apply the migrations that the content below *root* has not had yet.

    Args:
        root: The folder of the site.
        writes: Whether files are changed, or only listed.

    Raises:
        OSError: The disk refuses.
    """
    config = read_config(root)
    if not isinstance(config, SiteConfig):
        return MigrationResult(problems=config)
    outdated: dict[str, str] = {}
    for language, name in SCHEMA_FILES.items():
        path = root / _SCHEMA_FOLDER / name
        text = build_declaration_schema(load_interface_catalogue(language)) if path.is_file() else ""
        if text and path.read_text("utf-8", errors="replace") != text:
            outdated[name] = text
    if outdated and writes:
        write_files(outdated, root / _SCHEMA_FOLDER, replaces=True)
    return MigrationResult(changed=tuple(f"{_SCHEMA_FOLDER}/{name}" for name in outdated))
