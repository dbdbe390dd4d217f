"""The same content gives the same bytes, wherever and however it is built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support import small_project

ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "a path with a blank and 汉字": {},
    "east of Greenwich": {"TZ": "Asia/Shanghai"},
    "west of Greenwich": {"TZ": "America/Los_Angeles"},
    "a Chinese user": {"LANG": "zh_CN.UTF-8", "JIXIAO_LANGUAGE": "zh"},
    "a German user": {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"},
    "no locale": {"LANG": "C", "LC_ALL": "C"},
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "no home": {"HOME": None},
    "no terminal width": {"COLUMNS": None, "TERM": "dumb"},
    "an epoch": {"SOURCE_DATE_EPOCH": "86400"},
    "optimised bytecode": {"PYTHONOPTIMIZE": "1"},
}


def _build(project: Path, changes: dict[str, str | None], umask: int = 0o022) -> dict[str, bytes]:
    """Build *project* in an environment of its own; give the site as file → bytes."""
    environment = {name: value for name, value in os.environ.items() if name not in changes}
    environment |= {name: value for name, value in changes.items() if value is not None}
    subprocess.run(
        [sys.executable, "-m", "generator", "build", "--project", str(project)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        umask=umask,
    )
    site = project / "build" / "site"
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample site as built in the environment of the test."""
    return _build(small_project(tmp_path_factory.mktemp("reference") / "project"), {})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_site_is_the_same_bytes_in_every_environment(
    name: str, reference: dict[str, bytes], tmp_path: Path
) -> None:
    project = small_project(tmp_path / "另一个 folder")

    built = _build(project, ENVIRONMENTS[name])

    assert sorted(built) == sorted(reference)
    assert [file for file in built if built[file] != reference[file]] == []


def test_neither_the_umask_nor_the_order_of_files_on_the_disk_matters(
    reference: dict[str, bytes], tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    files = sorted((path for path in (project / "content").rglob("*") if path.is_file()), reverse=True)
    for path in files:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        os.utime(path, (0, 0))

    assert _build(project, {}, umask=0o077) == reference
