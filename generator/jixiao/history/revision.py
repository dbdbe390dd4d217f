"""Revision: the git commit that a site is built from, for the manifest and the data page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.history.git import open_repository
from jixiao.problems import UserError

_SITE_SOURCES = ("content", "theme", "site_config.yml", "mkdocs.yml")
"""Paths that a site is built from."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """Git commit that a site is built from."""

    commit: str
    time: str
    """Time of the commit, `2026-01-31T12:00:00+08:00`."""
    has_uncommitted_changes: bool
    """Whether files of the site differ from the commit."""


def read_revision(root: Path) -> Revision | None:
    """Return the checked-out commit of *root*, or `None` outside a git checkout or without git."""
    try:
        repository = open_repository(root)
    except UserError:
        return None
    present = repository.read_head()
    if present is None:
        return None
    commit, time = present
    return Revision(commit=commit, time=time, has_uncommitted_changes=repository.has_changes(_SITE_SOURCES))
