"""The same content gives the same bytes, wherever and however it is built."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.sample_projects import SMALL_SITE, copy_small_project

ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "a Chinese user east of Greenwich": {
        "TZ": "Asia/Shanghai",
        "LANG": "zh_CN.UTF-8",
        "JIXIAO_LANGUAGE": "zh",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "86400",
    },
    "a German user west of Greenwich": {
        "TZ": "America/Los_Angeles",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "de_DE.UTF-8",
        "PYTHONHASHSEED": "4711",
        "PYTHONOPTIMIZE": "1",
    },
    "a service without home, locale and terminal": {
        "HOME": None,
        "LANG": "C",
        "LC_ALL": "C",
        "COLUMNS": None,
        "TERM": "dumb",
    },
}
"""Each differs from the reference in several ways, and every folder has a blank and 汉字 in its name."""


IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}
CLOCK = ("faketime", "-f", "+400d")
"""Runs a command 400 days later, in another year. Waiting takes as long as ever."""


def _build(
    project: Path,
    changes: dict[str, str | None],
    *,
    umask: int = 0o022,
    wrapper: tuple[str, ...] = (),
    checkout: Path = ROOT,
) -> dict[str, bytes]:
    """Build *project* in an environment of its own; return the site as file → bytes."""
    changes = {"PYTHONPATH": str(checkout / "generator"), **changes}
    environment = {name: value for name, value in os.environ.items() if name not in changes}
    environment |= {name: value for name, value in changes.items() if value is not None}
    subprocess.run(
        [*wrapper, sys.executable, "-m", "jixiao", "build", "--project", str(project)],
        check=True,
        capture_output=True,
        cwd=checkout,
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
    return _build(copy_small_project(tmp_path_factory.mktemp("reference") / "project"), {})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_site_is_the_same_bytes_in_every_environment(
    name: str, reference: dict[str, bytes], tmp_path: Path
) -> None:
    project = copy_small_project(tmp_path / "另一个 folder")

    built = _build(project, ENVIRONMENTS[name])

    assert sorted(built) == sorted(reference)
    assert [file for file in built if built[file] != reference[file]] == []


def test_neither_the_umask_nor_the_age_of_files_matters(reference: dict[str, bytes], tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    for path in (project / "content").rglob("*"):
        os.utime(path, (0, 0))

    assert _build(project, {}, umask=0o077) == reference


@pytest.mark.skipif(
    shutil.which(CLOCK[0]) is None and not IN_CI, reason="no faketime: see install_browser.sh"
)
def test_the_date_does_not_matter(reference: dict[str, bytes], tmp_path: Path) -> None:
    # Pagefind is linked statically and keeps the real clock; that its seconds do not matter is seen in
    # all these tests, which build one after another.
    monotonic = {"DONT_FAKE_MONOTONIC": "1"}
    say_date = [*CLOCK, sys.executable, "-c", "import time; print(time.time())"]
    told = subprocess.run(say_date, check=True, capture_output=True, env={**os.environ, **monotonic})
    assert float(told.stdout) > time.time() + 399 * 86_400

    assert _build(copy_small_project(tmp_path / "project"), {**monotonic}, wrapper=CLOCK) == reference


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder on a file system that lists files by the time at which they were made."""
    place = Path("/dev/shm")  # noqa: S108 - the folder in it has a name of its own
    if not os.access(place, os.W_OK):
        pytest.skip("there is no /dev/shm; disks list files in an order that nobody can choose")
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


def test_the_order_of_files_on_the_disk_does_not_matter(reference: dict[str, bytes], memory: Path) -> None:
    listings = []
    for name in ("forwards", "backwards"):
        folder = memory / name
        (folder / "checkout").mkdir(parents=True)
        shutil.copy(ROOT / "mkdocs.yml", folder / "checkout")
        for part in ("generator", "theme"):
            _copy_in_order(ROOT / part, folder / "checkout" / part, backwards=name == "backwards")
        _copy_in_order(SMALL_SITE, folder / "project", backwards=name == "backwards")
        listings.append([names for _parent, _folders, names in os.walk(folder) if len(names) > 1])

        assert _build(folder / "project", {}, checkout=folder / "checkout") == reference
    assert sorted(map(sorted, listings[0])) == sorted(map(sorted, listings[1]))
    assert [names for names in listings[0] if names in listings[1]] == []


def _copy_in_order(source: Path, target: Path, *, backwards: bool) -> None:
    """Copy a folder, file by file in the order of their names or against it."""
    target.mkdir()
    for path in sorted(source.iterdir(), reverse=backwards):
        if path.is_file():
            shutil.copyfile(path, target / path.name)
        elif path not in {SMALL_SITE / "build", SMALL_SITE / "expected"} and path.name != "__pycache__":
            _copy_in_order(path, target / path.name, backwards=backwards)
