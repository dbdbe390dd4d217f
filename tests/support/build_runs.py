"""Builds of the small project, and assertions about the published site and failed builds."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT, jixiao
from tests.support.forked_command import forked_command
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

SITE_UNCHANGED_MESSAGES = {
    "zh": "没有发布；原来的网站没有变。",
    "en": "Nothing was published; the website is as it was.",
}
"""The last line of every failure."""
BUILD_TIMEOUT = 900
"""Seconds that a build may take; it takes some. This only tells a hang from a busy machine."""
BUILD_FOLDER_ENTRIES = [".cache", ".lock", ".next-site", "nginx-headers.conf", "pages", "site"]
"""What lies in build/ when no build is running."""


def read_all_files(folder: Path) -> dict[str, bytes]:
    """Read every file under *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def list_differing_files(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """List the files that differ; pytest takes minutes to show how two sites differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def build_small_project(folder: Path) -> Path:
    """Copy the small project and publish its site."""
    project = copy_small_project(folder)
    assert jixiao("build", "--project", str(project)).returncode == 0
    return project


def copy_with_a_change(published: Path, project: Path) -> Path:
    """Copy a project with its site, and change a target, so that a new site differs from the old one."""
    shutil.copytree(published, project)
    file = project / CLINIC_PATH
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
        return forked_command().run(
            arguments, environment=environment, cwd=ROOT, before=code, timeout=BUILD_TIMEOUT
        )
    program = f"{code}\nfrom jixiao.__main__ import main\nmain()"
    return subprocess.run(
        [*wrapper, sys.executable, "-c", program, "build", "--project", str(project)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=checkout,
        timeout=BUILD_TIMEOUT,
    )


def assert_untouched(project: Path, published: Path) -> None:
    """Compare the site with the one published before, and check that nothing is left over."""
    for part in ("site", "pages"):
        now, before = (read_all_files(folder / "build" / part) for folder in (project, published))
        assert list_differing_files(now, before) == []
    assert sorted(path.name for path in (project / "build").iterdir()) == BUILD_FOLDER_ENTRIES


def assert_refused(result: subprocess.CompletedProcess[str], messages: list[str], language: str) -> None:
    """Compare all output of a build with *messages* and the line that the site is unchanged."""
    assert result.stderr.splitlines() == [*messages, SITE_UNCHANGED_MESSAGES[language]]
    assert (result.returncode, result.stdout) == (2, "")


def assert_next_build_publishes(project: Path) -> None:
    """Build without a fault: the change is published, and nothing else is in build/."""
    result = build(project)
    assert (result.returncode, result.stderr) == (0, "")
    assert ">=121" in (project / "content/declarations/2021/health/clinic.yml").read_text("utf-8")
    assert "121" in (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert sorted(path.name for path in (project / "build").iterdir()) == BUILD_FOLDER_ENTRIES
