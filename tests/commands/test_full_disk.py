"""Commands that write where no room is: the message names that disk, and nothing is left behind."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import CLINIC_PATH, copy_small_project


def _contents(disk: Path) -> dict[str, bytes | None]:
    """Read a whole disk but for build/, where the program keeps records of its own."""
    paths = (path for path in disk.rglob("*") if path.relative_to(disk).parts[:2] != ("project", "build"))
    return {str(path): path.read_bytes() if path.is_file() else None for path in paths}


def _fill(disk: Path) -> None:
    state = os.statvfs(disk)
    (disk / "filler").write_bytes(b"\0" * (state.f_bavail * state.f_frsize))


def test_commands_name_the_full_disk_and_leave_nothing(disk: Path, tmp_path: Path) -> None:
    project = copy_small_project(disk / "project")
    with (project / CLINIC_PATH).open("a", encoding="utf-8") as file:
        file.write("\n\n")
    form = tmp_path / "form.txt"
    shutil.copy(ROOT / "content/forms/declarations-2021.txt", form)
    _fill(disk)
    before = _contents(disk)
    wheres = {
        ("export", str(disk / "new/data")): disk / "new/data",
        ("init", str(disk / "new/site"), "--yes"): disk / "new/site",
        ("fmt",): project,
        ("new", *_answers()): project,
        ("import", str(form), "--to", str(disk / "imported")): disk / "imported",
        ("redact", str(form), "--to", str(disk / "copies/form.txt")): disk / "copies",
    }
    for (command, *arguments), where in wheres.items():
        of_project = () if command == "init" else ("--project", str(project))

        said = jixiao(command, *arguments, *of_project)

        first = said.stderr.splitlines()[0]
        free = re.search(r" ([0-9.]+ MB)", first)
        assert free, (command, said)
        saying = f"Writing failed: the disk is full: {disk} has {free[1]} left; it should hold {where}"
        assert (said.returncode, first) == (2, saying), command
        assert _contents(disk) == before, command
    (disk / "filler").unlink()
    assert jixiao("init", str(disk / "new/site"), "--yes").returncode == 0
    assert jixiao("export", str(disk / "new/data"), "--project", str(project)).returncode == 0


def test_output_that_is_not_taken_is_told_in_one_line(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    for arguments in (["--version"], ["--help"], ["help"], ["check"], ["fmt"]):
        of_project = [] if arguments[0].startswith(("--", "help")) else ["--project", str(project)]
        with Path("/dev/full").open("wb") as full:
            said = subprocess.run(
                [sys.executable, "-m", "jixiao", *arguments, *of_project],
                check=False,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "JIXIAO_LANGUAGE": "en"},
                cwd=ROOT,
            )

        saying = "The output (standard output) cannot be written: No space left on device\n"
        assert (said.returncode, said.stderr) == (1, saying), arguments


def _answers() -> tuple[str, ...]:
    return (
        *("--year", "2021", "--department", "health", "--edition", "2015", "--unit", ""),
        *("--nature", "", "--name", "", "--id", "ward"),
    )
