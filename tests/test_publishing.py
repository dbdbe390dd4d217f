"""When publishing fails the site stays as it was, nothing is left behind, and the message says why."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.site.publish import remove
from tests.building import (
    assert_builds,
    assert_refused,
    assert_untouched,
    build,
    contents,
    copy_with_a_change,
    differing,
    publish_small,
)
from tests.conftest import ROOT, jixiao
from tests.support import small_project

IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published site; tests work on copies."""
    return publish_small(tmp_path_factory.mktemp("published") / "project")


@pytest.fixture
def small(published: Path, tmp_path: Path) -> Path:
    """The same project with a change that waits to be published."""
    return copy_with_a_change(published, tmp_path / "project")


@pytest.mark.parametrize(("language", "limit"), [("zh", 1_000), ("en", 5_000), ("zh", 100_000)])
def test_a_file_that_cannot_be_written_whole_stops_the_build(
    language: str, limit: int, small: Path, published: Path
) -> None:
    code = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"

    result = build(small, language=language, code=code)

    saying = {
        "zh": "写入失败：文件超过了允许的大小",
        "en": "Writing failed: the file is larger than allowed",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small file system in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a file system; the limit on the size of files is tested by all")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@IN_EACH_LANGUAGE
def test_a_full_disk_is_called_a_full_disk(language: str, published: Path, disk: Path) -> None:
    small = copy_with_a_change(published, disk / "project")
    # Of a copy it takes room of its own, which a build would give back.
    remove(small / "build/.next-site")
    (small / "build/.next-site").mkdir()
    state = os.statvfs(disk)
    (disk / "filler").write_bytes(b"\0" * (state.f_bavail * state.f_frsize - 100_000))

    result = build(small, language=language)

    saying = {"zh": "写入失败：磁盘满了", "en": "Writing failed: the disk is full"}
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@pytest.mark.parametrize("failure", ["OSError(28, 'full')", "LedgerError('full')"])
def test_a_ledger_that_cannot_be_brought_up_undoes_no_publication(failure: str, small: Path) -> None:
    code = f"""
from generator.site.ledger import LedgerError
from generator.site.release import PAGES, Release
left_in = Release._left_in
def fail_after_publishing(release, folder):
    if folder == PAGES:
        raise {failure}
    return left_in(release, folder)
Release._left_in = fail_after_publishing
"""

    result = build(small, code=code)

    assert (result.returncode, result.stderr) == (0, "")
    assert "121" in (small / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert_builds(small)


@IN_EACH_LANGUAGE
def test_a_ledger_that_is_never_readable_is_told(language: str, small: Path, published: Path) -> None:
    code = """
from generator.site.ledger import Ledger, LedgerError
def fail(*_):
    raise LedgerError("database disk image is malformed")
Ledger.names = fail
"""

    result = build(small, language=language, code=code)

    saying = {
        "zh": "构建的记录写下后又读不出来；请检查磁盘",
        "en": "What the build had just recorded could not be read back; please check the disk",
    }
    assert_refused(result, [saying[language], "    | database disk image is malformed"], language)
    assert (small / "build/site/index.html").read_bytes() == (
        published / "build/site/index.html"
    ).read_bytes()


# Permissions


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

    path = folder / ".workshop"
    saying = {
        "zh": f"无法读写 {path}：没有权限",
        "en": f"Cannot read or write {path}: permission denied",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)
    folder.chmod(0o755)
    assert_builds(small)


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
    project = small_project(tmp_path / "project")

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
}


def test_rights_that_keep_readers_away_are_noticed_and_set_by_the_next_build(
    small: Path, without_privileges: tuple[str, ...]
) -> None:
    for path, mode in CLOSED.items():
        (small / "build/site" / path).chmod(mode)
    (small / "build/.next-site").chmod(0o700)

    found = jixiao("verify", "--project", str(small)).stdout.splitlines()
    told = [line for line in found if "web server" in line]
    assert told == [
        "2021/health/clinic/index.html: The web server may not read it: its mode is 000",
        "assets: The web server may not read it: its mode is 700",
        "en/2021: The web server may not read it: its mode is 000",
        "index.html: The web server may not read it: its mode is 600",
    ]

    assert build(small, wrapper=without_privileges).returncode == 0
    for folder in ("site", ".next-site"):
        below = [small / "build" / folder, *(small / "build" / folder).rglob("*")]
        assert {path.stat().st_mode & 0o7777 for path in below if path.is_file()} == {0o644}
        assert {path.stat().st_mode & 0o7777 for path in below if path.is_dir()} == {0o755}
    assert jixiao("verify", "--project", str(small)).returncode == 0


def test_a_site_that_may_not_be_read_or_holds_a_pipe_is_verified_without_a_traceback(
    small: Path, without_privileges: tuple[str, ...]
) -> None:
    site = small / "build/site"
    (site / "index.html").chmod(0o000)
    os.mkfifo(site / "pipe.html")

    ran = subprocess.run(
        [*without_privileges, sys.executable, "-m", "generator", "verify", "--project", str(small)],
        cwd=ROOT,
        env={**os.environ, "JIXIAO_LANGUAGE": "en"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.splitlines() == [
        "index.html: We may not read the file",
        "index.html: The web server may not read it: its mode is 000",
        "pipe.html: The file is not in the manifest",
        "pipe.html: This is neither a file nor a folder",
    ]


def test_a_build_folder_that_the_owner_has_closed_stays_closed(small: Path) -> None:
    (small / "build").chmod(0o700)

    assert_builds(small)

    assert (small / "build").stat().st_mode & 0o777 == 0o700


# Something in the way


FILE = {
    "zh": "{path} 是一个文件，那里应当是文件夹；请把它移走",
    "en": "{path} is a file where a folder should be; please move it away",
}
LINK = {
    "zh": "{path} 是一个链接，网站只能发布到真正的文件夹；请把链接移走",
    "en": "{path} is a link, but the website is published to a real folder only; please move the link away",
}


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("path", ["build/site", "build/pages", "build"])
def test_a_file_in_the_place_of_a_folder_is_named_and_stays(path: str, language: str, small: Path) -> None:
    shutil.rmtree(small / path)
    (small / path).write_text("mine", "utf-8")

    result = build(small, language=language)

    assert_refused(result, [FILE[language].format(path=path)], language)
    assert (small / path).read_text("utf-8") == "mine"


@IN_EACH_LANGUAGE
@pytest.mark.parametrize("path", ["build/site", "build/pages"])
@pytest.mark.parametrize("dangles", [False, True])
def test_a_link_in_the_place_of_a_folder_is_named_and_stays(
    path: str, language: str, small: Path, *, dangles: bool
) -> None:
    elsewhere = small / "elsewhere"
    (small / path).rename(elsewhere)
    before = contents(elsewhere)
    (small / path).symlink_to("nowhere" if dangles else elsewhere)

    result = build(small, language=language)

    assert_refused(result, [LINK[language].format(path=path)], language)
    assert (small / path).is_symlink()
    assert differing(contents(elsewhere), before) == []


def test_the_whole_build_folder_may_lie_elsewhere_behind_a_link(small: Path, tmp_path: Path) -> None:
    (small / "build").rename(tmp_path / "large-disk")
    (small / "build").symlink_to(tmp_path / "large-disk")

    assert_builds(small)

    assert (small / "build").is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_leftovers_of_any_kind_are_cleared_and_nothing_behind_a_link(
    kind: str, small: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("mine", "utf-8")
    for name in (".ledger", ".next-site", ".workshop", ".old-site", ".old-pages"):
        leftover = small / "build" / name
        remove(leftover)
        match kind:
            case "file":
                leftover.write_text("half", "utf-8")
            case "folder":
                shutil.copytree(kept, leftover)
            case _:
                leftover.symlink_to(kept)

    assert_builds(small)

    assert (kept / "file").read_text("utf-8") == "mine"


# Two builds, and interruptions


@IN_EACH_LANGUAGE
def test_a_second_build_at_the_same_time_is_refused(language: str, small: Path, published: Path) -> None:
    with (small / "build/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = build(small, language=language)

    saying = {
        "zh": "另一次构建正在进行，请等它结束",
        "en": "Another build is running; please wait until it has finished",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)
    assert_builds(small)


def test_ctrl_c_in_the_moment_that_a_build_begins_leaves_nothing(small: Path, published: Path) -> None:
    at_once = """
from pathlib import Path
make = Path.mkdir
def make_and_stop(self, *arguments, **options):
    make(self, *arguments, **options)
    if self.name == ".workshop":
        raise KeyboardInterrupt
Path.mkdir = make_and_stop
"""
    assert build(small, code=at_once).returncode == 130
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
def test_ctrl_c_ends_a_build_without_a_trace(language: str, small: Path, published: Path) -> None:
    environment = {**os.environ, "JIXIAO_LANGUAGE": language, "NO_COLOR": "1"}
    # Where the tests run in the background, a shell has told them to ignore what Ctrl+C sends.
    as_at_a_desk = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{as_at_a_desk}\nfrom generator.__main__ import main\nmain()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "build", "--project", str(small)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        text=True,
        encoding="utf-8",
    ) as process:
        while not (small / "build/.workshop").exists() and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        said = "".join(process.communicate())

    assert process.returncode == 130
    assert "Traceback" not in said
    assert_untouched(small, published)
    assert_builds(small)
