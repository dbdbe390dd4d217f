"""The first walk of an editor in CONTRIBUTING.md is true: every command, with all that it prints."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_project

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WALKS = {"zh": "## 编辑：第一次走一遍", "en": "## For editors: a first walk"}
CUT = "…\n"
"""Stands for lines that are left out."""
ENDLESS = "jixiao serve"
PORT = re.compile(r"(?<=http://127\.0\.0\.1:)[0-9]+")
PAGES = re.compile(r"(?<=网站已建成，)[0-9]+(?= 页)|(?<=\(pages: )[0-9]+(?=\))")
COMMIT = re.compile(r"`[0-9a-f]{10}`|\b[0-9a-f]{7}\b")


def _steps(language: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a walk, each with its output."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    _, _, section = text.partition(f"{WALKS[language]}\n")
    assert section
    section = section.partition("\n## ")[0]
    for block in BLOCK.findall(section):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = step.partition("\n")
            yield command, printed


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the project under git, with the commands of an editor on the path."""
    project = copy_project(tmp_path / "project")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "jixiao").write_text(
        "#!/bin/sh\n"
        f'PYTHONPATH={shlex.quote(str(ROOT / "generator"))} exec {sys.executable} -m jixiao "$@"\n',
        "utf-8",
    )
    (commands / "jixiao").chmod(0o755)
    (project / "tests/examples").mkdir(parents=True)
    (project / "tests/examples/walk").symlink_to(ROOT / "tests/examples/walk")
    (project / ".gitignore").write_text("build/\ntests/\n", "utf-8")
    for command in ("init -q -b main", "add -A", "commit -q -m begin"):
        subprocess.run(["git", *command.split()], check=True, cwd=project, env=_environment(project, "zh"))
    return project


def _environment(project: Path, language: str) -> dict[str, str]:
    return {
        "PATH": f"{project.parent}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(project.parent),
        "LANG": "C.UTF-8",
        "JIXIAO_LANGUAGE": language,
        **{
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "editor"), ("EMAIL", "editor@example.org"))
        },
    }


@pytest.mark.parametrize("language", WALKS)
def test_every_command_of_the_walk_prints_what_is_written(language: str, desk: Path) -> None:
    steps = list(_steps(language))
    assert len(steps) > 8
    for command, expected in steps:
        printed = _serve(desk, language) if command == ENDLESS else _run(command, desk, language)
        pattern = ".*".join(map(re.escape, _without_chance(expected).split(CUT)))
        message = f"Under “{WALKS[language].strip('# ')}” in CONTRIBUTING.md, `{command}` prints:\n{printed}"
        assert re.fullmatch(pattern, _without_chance(printed), re.DOTALL), message


def _without_chance(printed: str) -> str:
    """Replace ids of commits, and the number of pages, which each new kind of page changes."""
    return PAGES.sub("PAGES", COMMIT.sub("COMMIT", printed))


def _run(command: str, desk: Path, language: str) -> str:
    environment = _environment(desk, language)
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=desk,
        env=environment,
    )
    return done.stdout


def _serve(desk: Path, language: str) -> str:
    """Begin to serve, read the line with the address, and end the server."""
    with subprocess.Popen(
        ["jixiao", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=desk,
        env=_environment(desk, language),
        executable=str(desk.parent / "bin/jixiao"),
    ) as server:
        assert server.stdout
        printed = ""
        for line in server.stdout:
            printed += line
            if PORT.search(line):
                break
        server.terminate()
    return PORT.sub("8000", printed)
