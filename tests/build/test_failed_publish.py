"""When publishing fails the site stays as it was, nothing is left behind, and the message says why."""

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jixiao.build.publish import remove
from tests.conftest import ROOT
from tests.support.build_runs import (
    assert_next_build_publishes,
    assert_refused,
    assert_untouched,
    build,
    build_small_project,
    copy_with_a_change,
    list_differing_files,
    read_all_files,
)
from tests.support.forked_command import forked_command
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


@pytest.mark.parametrize(("language", "limit"), [("zh", 1_000), ("en", 5_000), ("zh", 50_000)])
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


@IN_EACH_LANGUAGE
def test_a_full_disk_is_called_a_full_disk(language: str, published: Path, disk: Path) -> None:
    small = copy_with_a_change(published, disk / "project")
    # Of a copy it takes room of its own, which a build would give back.
    remove(small / "build/.next-site")
    (small / "build/.next-site").mkdir()
    state = os.statvfs(disk)
    (disk / "filler").write_bytes(b"\0" * (state.f_bavail * state.f_frsize - 100_000))

    result = build(small, language=language)

    free = re.search(r" ([0-9.]+ MB)", result.stderr)
    assert free
    saying = {
        "zh": f"写入失败：磁盘满了：{disk} 只剩 {free[1]}；要写的是 {small}/build",
        "en": f"Writing failed: the disk is full: {disk} has {free[1]} left; it should hold {small}/build",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
def test_a_disk_that_takes_no_more_files_is_not_called_full(
    language: str, published: Path, disk: Path
) -> None:
    small = copy_with_a_change(published, disk / "project")
    for number in range(os.statvfs(disk).f_favail - 20):
        (disk / str(number)).touch()

    result = build(small, language=language)

    free = re.search(r" ([0-9.]+ MB)", result.stderr)
    assert free
    assert float(free[1].split()[0]) > 1
    saying = {
        "zh": f"写入失败：{disk} 上的文件太多，不能再建（inode 用完了），空间还有 {free[1]}；"
        f"要写的是 {small}/build",
        "en": f"Writing failed: {disk} has too many files and takes no more (its inodes are used up), though "
        f"{free[1]} are free; it should hold {small}/build",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@IN_EACH_LANGUAGE
def test_a_quota_that_is_used_up_is_told_as_such(language: str, small: Path, published: Path) -> None:
    code = f"""
from jixiao.build.staging import StagedSite
def publish(*_):
    raise OSError({errno.EDQUOT}, "Disk quota exceeded")
StagedSite.publish = publish
"""

    result = build(small, language=language, code=code)

    saying = {
        "zh": f"写入失败：磁盘配额用完了（{small}/build）",
        "en": f"Writing failed: the disk quota is used up ({small}/build)",
    }
    assert_refused(result, [saying[language]], language)
    assert_untouched(small, published)


@pytest.mark.parametrize("failure", ["OSError(28, 'full')", "CacheError('full')"])
def test_a_cache_that_cannot_be_stored_undoes_no_publication(failure: str, small: Path) -> None:
    code = f"""
from jixiao.build.cache import CacheError
from jixiao.build.staging import StagedSite
def fail_after_publishing(staged):
    raise {failure}
StagedSite._follow_site = fail_after_publishing
"""

    result = build(small, code=code)

    assert (result.returncode, result.stderr) == (0, "")
    assert "121" in (small / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert_next_build_publishes(small)


@IN_EACH_LANGUAGE
def test_a_cache_that_is_never_readable_is_reported(language: str, small: Path, published: Path) -> None:
    code = """
from jixiao.build.cache import BuildCache, CacheError
def fail(*_):
    raise CacheError("database disk image is malformed")
BuildCache.names = fail
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


GAP = {
    "zh": "这个文件系统不能一步交换文件夹：刚才切换的一瞬间没有网站。",
    "en": "This file system cannot exchange two folders in one step: there was no site for an instant",
}


@IN_EACH_LANGUAGE
def test_where_folders_cannot_be_exchanged_the_gap_is_told(language: str, small: Path) -> None:
    code = "import jixiao.build.publish\njixiao.build.publish._exchange = lambda *_: False"

    result = build(small, language=language, code=code)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith(GAP[language])
    assert_next_build_publishes(small)


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
    before = read_all_files(elsewhere)
    (small / path).symlink_to("nowhere" if dangles else elsewhere)

    result = build(small, language=language)

    assert_refused(result, [LINK[language].format(path=path)], language)
    assert (small / path).is_symlink()
    assert list_differing_files(read_all_files(elsewhere), before) == []


def test_the_whole_build_folder_may_lie_elsewhere_behind_a_link(small: Path, tmp_path: Path) -> None:
    (small / "build").rename(tmp_path / "large-disk")
    (small / "build").symlink_to(tmp_path / "large-disk")

    assert_next_build_publishes(small)

    assert (small / "build").is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_leftovers_of_any_kind_are_cleared_and_nothing_behind_a_link(
    kind: str, small: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("mine", "utf-8")
    for name in (".cache", ".next-site", ".staging", ".old-site", ".old-pages"):
        leftover = small / "build" / name
        remove(leftover)
        match kind:
            case "file":
                leftover.write_text("half", "utf-8")
            case "folder":
                shutil.copytree(kept, leftover)
            case _:
                leftover.symlink_to(kept)

    assert_next_build_publishes(small)

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
    assert_next_build_publishes(small)


def test_ctrl_c_in_the_moment_that_a_build_begins_leaves_nothing(small: Path, published: Path) -> None:
    at_once = """
from pathlib import Path
make = Path.mkdir
def make_and_stop(self, *arguments, **options):
    make(self, *arguments, **options)
    if self.name == ".staging":
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
    program = f"{as_at_a_desk}\nfrom jixiao.__main__ import main\nmain()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "build", "--project", str(small)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        text=True,
        encoding="utf-8",
    ) as process:
        while not (small / "build/.staging").exists() and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        said = "".join(process.communicate())

    assert process.returncode == 130
    assert "Traceback" not in said
    assert_untouched(small, published)
    assert_next_build_publishes(small)


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_project_that_is_removed_meanwhile_is_told_as_such(command: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    before = f"""
import shutil
from jixiao import pipeline
begun = pipeline.{command}
def removed(project, *others):
    shutil.rmtree(project)
    return begun(project, *others)
pipeline.{command} = removed
"""

    said = forked_command().run(
        (command, "--project", str(project)),
        environment={**os.environ, "JIXIAO_LANGUAGE": "zh"},
        cwd=ROOT,
        before=before,
    )

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.splitlines()[0] == f"没有这个文件夹：{project}"
    assert not project.exists()
