"""The commit that a project stands on, for the manifest and the page of data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.history.git import NoGit, open_repository

_PUBLISHED = ("content", "theme", "site_config.yml", "mkdocs.yml")
"""What of a project makes its site."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A commit."""

    commit: str
    time: str
    """Of the commit, `2026-01-31T12:00:00+08:00`."""
    is_changed: bool
    """Something of the project has changed since, and nobody has committed it."""


def revision_of(project: Path) -> Revision | None:
    """Name the commit that *project* stands on; nothing outside a git checkout or without git."""
    try:
        repository = open_repository(project)
    except NoGit:
        return None
    present = repository.present()
    if present is None:
        return None
    commit, time = present
    return Revision(commit=commit, time=time, is_changed=repository.is_changed(_PUBLISHED))
