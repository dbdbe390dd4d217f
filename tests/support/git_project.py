"""Project in a git repository of its own, for tests of history and reviews."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import jixiao
from tests.support.sample_projects import copy_small_project

_IDENTITY = {
    **{
        f"GIT_{role}_{fact}": "a@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for fact in ("NAME", "EMAIL")
    },
    **{f"GIT_{role}_DATE": "2021-02-03T04:05:06Z" for role in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True)
class GitProject:
    """Git repository whose folder is a project."""

    project: Path

    def git(self, *arguments: str, when: str = "") -> str:
        """Run git in the repository; *when* is its current time."""
        now = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), when) if when else {}
        ran = subprocess.run(
            ["git", *arguments],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.project,
            env={**os.environ, **_IDENTITY, **now},
        )
        return ran.stdout.strip()

    def commit(self, *lines: str, when: str = "") -> str:
        """Commit all that is there with a message of these *lines*; return the id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "\n".join(lines), when=when)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str, message: str, when: str) -> None:
        """Merge a branch with a commit of its own."""
        self.git("merge", "--quiet", "--no-ff", "--message", message, branch, when=when)

    def replace(self, file: str, *pairs: tuple[str, str]) -> None:
        """Change words of a file of the project."""
        path = self.project / file
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Write a file of the project."""
        path = self.project / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def start_git_project(folder: Path) -> GitProject:
    """Commit the sample project on the branch `main`, and start another branch."""
    begun = GitProject(copy_small_project(folder))
    begun.git("init", "--quiet", "--initial-branch", "main")
    begun.commit("start")
    begun.git("switch", "--quiet", "--create", "change")
    return begun


def run_review(project: Path, *arguments: str, language: str = "en") -> tuple[int, str, str]:
    """Review a project; return the exit code, standard output and standard error."""
    result = jixiao("review", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stderr
    return result.returncode, result.stdout, result.stderr
