"""Rights of what is published: everybody may read it, no stranger write it, what was closed is opened."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, jixiao
from tests.support.build_runs import (
    assert_next_build_publishes,
    assert_refused,
    assert_untouched,
    build,
    build_small_project,
    copy_with_a_change,
)
from tests.support.sample_projects import copy_small_project

IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published site; tests work on copies."""
    return build_small_project(tmp_path_factory.mktemp("published") / "project")


@pytest.fixture
def small(published: Path, tmp_path: Path) -> Path:
    """The same project with a change that waits to be published."""
    return copy_with_a_change(published, tmp_path / "project")


@pytest.fixture(scope="module")
def without_privileges() -> tuple[str, ...]:
    """A command in front of a build that binds it to permissions, although the tests run as root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    return (setpriv, "--inh-caps=-all", "--bounding-set=-all")


@IN_EACH_LANGUAGE
def test_a_build_folder_that_is_not_writable_is_named(
    language: str, small: Path, published: Path, without_privileges: tuple[str, ...]
) -> None:
    folder = small / "build"
    folder.chmod(0o555)

    result = build(small, language=language, wrapper=without_privileges)

    path = folder / ".staging"
    saying = {
        "zh": f"无法读写 {path}：没有权限",
        "en": f"Cannot read or write {path}: permission denied",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)
    folder.chmod(0o755)
    assert_next_build_publishes(small)


def test_content_that_may_only_be_read_is_enough(small: Path, without_privileges: tuple[str, ...]) -> None:
    for path in [small / "content", *(small / "content").rglob("*"), small / "site_config.yml"]:
        path.chmod(0o555 if path.is_dir() else 0o444)

    result = build(small, wrapper=without_privileges)

    assert (result.returncode, result.stderr) == (0, "")
    assert "121" in (small / "build/site/2021/health/clinic/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("umask", "file", "folder"),
    [(0o077, 0o644, 0o755), (0o022, 0o644, 0o755), (0o002, 0o664, 0o775), (0, 0o664, 0o775)],
)
def test_everybody_may_read_the_site_and_no_stranger_write_it_whatever_the_umask(
    umask: int, file: int, folder: int, tmp_path: Path
) -> None:
    project = copy_small_project(tmp_path / "project")

    result = build(project, code=f"import os\nos.umask({umask})")

    assert result.returncode == 0
    for published in (project / "build/site", project / "build/pages"):
        found = [published, *published.rglob("*")]
        assert {path.stat().st_mode & 0o7777 for path in found if path.is_file()} == {file}
        assert {path.stat().st_mode & 0o7777 for path in found if path.is_dir()} == {folder}
    assert (project / "build").stat().st_mode & 0o755 == 0o755
    assert (project / "build/nginx-headers.conf").stat().st_mode & 0o777 == file


CLOSED = {
    "2021/health/clinic/index.html": 0o000,
    "index.html": 0o600,
    "en/2021": 0o000,
    "assets": 0o700,
    # Readers do not mind, but a build from nothing would not leave them so.
    "sitemap.xml": 0o666,
    "en/index.html": 0o444,
    "en/about/index.html": 0o4755,
    "about": 0o777,
    # A group may hand itself on.
    "en/about": 0o2775,
}


def test_rights_that_keep_readers_away_are_noticed_and_set_by_the_next_build(
    small: Path, without_privileges: tuple[str, ...]
) -> None:
    for path, mode in CLOSED.items():
        (small / "build/site" / path).chmod(mode)
    (small / "build/.next-site").chmod(0o700)

    found = jixiao("verify", "--project", str(small)).stdout.splitlines()
    told = [line for line in found if " mode is " in line]
    assert told == [
        "2021/health/clinic/index.html: The web server may not read it: its mode is 000",
        "about: Anybody may write it: its mode is 777",
        "assets: The web server may not read it: its mode is 700",
        "en/2021: The web server may not read it: its mode is 000",
        "en/about/index.html: It has a setuid, setgid or sticky bit: its mode is 4755",
        "index.html: The web server may not read it: its mode is 600",
        "sitemap.xml: Anybody may write it: its mode is 666",
    ]

    assert build(small, wrapper=without_privileges).returncode == 0
    for folder in ("site", ".next-site"):
        below = [small / "build" / folder, *(small / "build" / folder).rglob("*")]
        assert {path.stat().st_mode & 0o7777 for path in below if path.is_file()} == {0o644}
        # A folder that hands its group on still does.
        assert {path.stat().st_mode & 0o5777 for path in below if path.is_dir()} == {0o755}
    assert jixiao("verify", "--project", str(small)).returncode == 0


def test_a_site_that_may_not_be_read_or_holds_a_pipe_is_verified_without_a_traceback(
    small: Path, without_privileges: tuple[str, ...]
) -> None:
    site = small / "build/site"
    (site / "index.html").chmod(0o000)
    os.mkfifo(site / "pipe.html")

    ran = subprocess.run(
        [*without_privileges, sys.executable, "-m", "jixiao", "verify", "--project", str(small)],
        cwd=ROOT,
        env={**os.environ, "JIXIAO_LANGUAGE": "en"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.splitlines() == [
        "index.html: No permission to read the file",
        "index.html: The web server may not read it: its mode is 000",
        "pipe.html: The file is not in the manifest",
        "pipe.html: This is neither a file nor a folder",
    ]


def test_a_build_folder_that_the_owner_has_closed_stays_closed(small: Path) -> None:
    (small / "build").chmod(0o700)

    assert_next_build_publishes(small)

    assert (small / "build").stat().st_mode & 0o777 == 0o700
