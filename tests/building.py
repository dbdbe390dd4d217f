"""Build in tests of publishing: a project with a published site, a change that waits, what must stay."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT, jixiao
from tests.forking import prepared
from tests.support import CLINIC, small_project

STAYS = {"zh": "没有发布；原来的网站没有变。", "en": "Nothing was published; the website is as it was."}
"""The last line of every failure."""
PATIENCE = 900
"""Seconds that a build may take; it takes some. This only tells a hang from a busy machine."""
LEFT = [".ledger", ".lock", ".next-site", "nginx-headers.conf", "pages", "site"]
"""What lies in build/ when no build is running."""


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file under *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Name the files that are not the same in both; pytest takes minutes to show how two sites differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def publish_small(folder: Path) -> Path:
    """Make the small project and publish its site."""
    project = small_project(folder)
    assert jixiao("build", "--project", str(project)).returncode == 0
    return project


def copy_with_a_change(published: Path, project: Path) -> Path:
    """Copy a project with its site, and change a target, so that a new site differs from the old one."""
    shutil.copytree(published, project)
    file = project / CLINIC
    file.write_text(file.read_text("utf-8").replace(">=120次", ">=121次"), encoding="utf-8")
    return project


def build(
    project: Path,
    *,
    language: str = "en",
    code: str = "",
    checkout: Path = ROOT,
    wrapper: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Build *project*.

    Args:
        project: What is built.
        language: The language of messages.
        code: Python that runs in the process of the build before it begins.
        checkout: Where the program and the theme lie.
        wrapper: A command that runs the build.
    """
    environment = {
        **os.environ,
        "JIXIAO_LANGUAGE": language,
        "NO_COLOR": "1",
        "PYTHONPATH": str(checkout / "generator"),
    }
    if checkout == ROOT and not wrapper:
        arguments = ("build", "--project", str(project))
        return prepared().run(arguments, environment=environment, cwd=ROOT, before=code, patience=PATIENCE)
    program = f"{code}\nfrom jixiao.__main__ import main\nmain()"
    return subprocess.run(
        [*wrapper, sys.executable, "-c", program, "build", "--project", str(project)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=checkout,
        timeout=PATIENCE,
    )


def assert_untouched(project: Path, published: Path) -> None:
    """Hold the site against the one that was published before, and look for leftovers."""
    for part in ("site", "pages"):
        now, before = (contents(folder / "build" / part) for folder in (project, published))
        assert differing(now, before) == []
    assert sorted(path.name for path in (project / "build").iterdir()) == LEFT


def assert_refused(result: subprocess.CompletedProcess[str], said: list[str], language: str) -> None:
    """Hold all that a build wrote against *said* and the line that the site stays."""
    assert result.stderr.splitlines() == [*said, STAYS[language]]
    assert (result.returncode, result.stdout) == (2, "")


def assert_builds(project: Path) -> None:
    """Build in peace: the change is published, and nothing else lies in build/."""
    result = build(project)
    assert (result.returncode, result.stderr) == (0, "")
    assert ">=121" in (project / "content/declarations/2021/health/clinic.yml").read_text("utf-8")
    assert "121" in (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert sorted(path.name for path in (project / "build").iterdir()) == LEFT
