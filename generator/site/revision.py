"""The commit that a project stands on, for the manifest and the page of data."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

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
    said = _git(project, "show", "--no-patch", "--format=%H %cI", "HEAD")
    if not said:
        return None
    commit, _, time = said.strip().rpartition("\n")[2].partition(" ")
    changed = _git(project, "status", "--porcelain", "--", *_PUBLISHED)
    return Revision(commit=commit, time=time, is_changed=bool(changed))


def _git(project: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    settings = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
    asked = subprocess.run(  # noqa: S603 - git itself, with arguments of ours
        [git, "--no-optional-locks", *settings, "-C", str(project), *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    return asked.stdout if asked.returncode == 0 else None
