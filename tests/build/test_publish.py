"""Publishing on a real disk: one folder takes the place of another, one build at a time."""

import ctypes
import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.build.publish import (
    backup_path,
    can_exchange,
    lock_build,
    remove,
    require_own_folder,
    restore_backup,
    swap_atomically,
    sync_disk,
    umask_for_readers,
)
from jixiao.i18n import TranslationCatalogue
from jixiao.problems import UserError
from jixiao.site.security_policy import (
    HEADERS,
    HEADERS_FILE,
    NGINX_FILE,
    POLICY,
    render_headers_file,
    write_nginx_snippet,
)


def _folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "index.html").write_text(content, encoding="utf-8")
    (path / content).mkdir()
    return path


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_first_site_is_put_at_its_place(tmp_path: Path) -> None:
    new = _folder(tmp_path / ".new", "b")

    swap_atomically(new, tmp_path / "site")

    assert _names(tmp_path) == ["site"]
    assert _names(tmp_path / "site") == ["b", "index.html"]


def test_a_new_site_takes_the_place_of_the_old_one_which_lies_where_the_new_one_lay(tmp_path: Path) -> None:
    site, new = _folder(tmp_path / "site", "a"), _folder(tmp_path / ".new", "b")

    swap_atomically(new, site)

    assert _names(tmp_path) == [".new", "site"]
    assert _names(new) == ["a", "index.html"]
    assert _names(site) == ["b", "index.html"]
    assert (site / "index.html").read_text("utf-8") == "b"


def test_places_are_understood_from_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _folder(tmp_path / "site", "a")
    _folder(tmp_path / ".new", "b")
    monkeypatch.chdir(tmp_path)

    swap_atomically(Path(".new"), Path("site"))

    assert _names(tmp_path) == [".new", "site"]
    assert _names(tmp_path / "site") == ["b", "index.html"]


def test_a_reader_finds_a_whole_site_at_every_moment_of_many_exchanges(tmp_path: Path) -> None:
    site = _folder(tmp_path / "site", "a")
    missed: list[str] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                (site / "index.html").stat()
            except FileNotFoundError:
                missed.append("gone")

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(50):
        swap_atomically(_folder(tmp_path / f".new-{number}", "b"), site)
    ended.set()
    reader.join()

    assert missed == []


class _System:
    """A system as the C library of another one would be: without an exchange, or refusing it."""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    def renameat2(self) -> Callable[..., int]:
        if not self._number:
            raise AttributeError

        def refuse(*_arguments: object) -> int:
            ctypes.set_errno(self._number)
            return -1

        return refuse


@pytest.mark.parametrize("number", [0, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP])
def test_where_folders_cannot_be_exchanged_two_renames_do_it(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: _System(number))
    site, new = _folder(tmp_path / "site", "a"), _folder(tmp_path / ".new", "b")

    assert not can_exchange(tmp_path)
    assert not swap_atomically(new, site)

    assert _names(tmp_path) == [".new", "site"]
    assert _names(site) == ["b", "index.html"]
    assert _names(new) == ["a", "index.html"]


def test_macos_exchanges_folders_in_one_step_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renameat2 = ctypes.CDLL(None).renameat2

    class _MacOs:
        @staticmethod
        def renamex_np(one: bytes, other: bytes, flags: int) -> int:
            number: int = renameat2(-100, one, -100, other, flags)
            return number

    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: _MacOs)
    site, new = _folder(tmp_path / "site", "a"), _folder(tmp_path / ".new", "b")

    assert can_exchange(tmp_path)
    assert swap_atomically(new, site)

    assert _names(tmp_path) == [".new", "site"]
    assert _names(site) == ["b", "index.html"]


def test_a_run_that_died_between_two_renames_is_undone_by_the_next(tmp_path: Path) -> None:
    site = tmp_path / "site"
    _folder(backup_path(site), "a")

    restore_backup(site)

    assert _names(tmp_path) == ["site"]
    assert _names(site) == ["a", "index.html"]


def test_what_was_backup_path_does_not_replace_a_site_that_is_there(tmp_path: Path) -> None:
    site = _folder(tmp_path / "site", "b")
    _folder(backup_path(site), "a")

    restore_backup(site)

    assert _names(site) == ["b", "index.html"]


def test_a_disk_that_refuses_the_exchange_leaves_both_folders_and_says_why(tmp_path: Path) -> None:
    site = _folder(tmp_path / "site", "a")
    ctypes.set_errno(0)

    with pytest.raises(FileNotFoundError) as caught:
        swap_atomically(tmp_path / "nowhere", site)

    assert caught.value.errno == errno.ENOENT
    assert caught.value.strerror == os.strerror(errno.ENOENT)
    assert caught.value.filename == str(tmp_path / "nowhere")
    assert _names(site) == ["a", "index.html"]
    assert _names(tmp_path) == ["site"]


def test_whatever_lies_there_is_removed_and_a_link_without_what_it_leads_to(tmp_path: Path) -> None:
    kept = _folder(tmp_path / "kept", "a")
    (tmp_path / "link").symlink_to(kept)
    (tmp_path / "file").write_text("a", encoding="utf-8")
    _folder(tmp_path / "folder", "a")

    for name in ("link", "file", "folder", "nothing"):
        remove(tmp_path / name)

    assert _names(tmp_path) == ["kept"]
    assert _names(kept) == ["a", "index.html"]


def test_a_second_build_is_refused_while_the_first_one_runs_and_not_afterwards(tmp_path: Path) -> None:
    build = tmp_path / "project" / "build"

    with lock_build(build):
        with pytest.raises(UserError) as caught, lock_build(build):
            pass
        assert _names(build) == [".lock"]
    with lock_build(build):
        pass

    assert (
        caught.value.message.translate(TranslationCatalogue(language="zh"))
        == "另一次构建正在进行，请等它结束"
    )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("name", "saying"),
    [
        ("folder", ""),
        ("nothing", ""),
        ("link", "build/site 是一个链接，网站只能发布到真正的文件夹；请把链接移走"),
        ("file", "build/site 是一个文件，那里应当是文件夹；请把它移走"),
    ],
)
def test_a_site_is_published_to_a_folder_or_to_nothing_at_all(name: str, saying: str, tmp_path: Path) -> None:
    _folder(tmp_path / "folder", "a")
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "file").write_text("a", encoding="utf-8")
    said = ""
    try:
        require_own_folder(tmp_path / name, "build/site")
    except UserError as failure:
        said = failure.message.translate(TranslationCatalogue(language="zh"))

    assert said == saying


@pytest.mark.parametrize(
    ("mask", "folder", "file"),
    [(0o077, 0o755, 0o644), (0o022, 0o755, 0o644), (0o002, 0o775, 0o664), (0o000, 0o775, 0o664)],
)
def test_everybody_may_read_what_is_written_and_strangers_never_write(
    mask: int, folder: int, file: int, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        with umask_for_readers():
            _folder(tmp_path / "site", "a")
        with pytest.raises(ZeroDivisionError), umask_for_readers():
            1 / 0  # noqa: B018 - whatever ends the block
        with lock_build(tmp_path / "build"):
            pass
    finally:
        after = os.umask(before)

    assert after == mask
    assert (tmp_path / "site").stat().st_mode & 0o7777 == folder
    assert (tmp_path / "site/index.html").stat().st_mode & 0o7777 == file
    assert (tmp_path / "build").stat().st_mode & 0o755 == 0o755
    assert (tmp_path / "build").stat().st_mode & 0o002 == 0


class _Disk:
    """Fake C library that waits for a disk, and the result of the disk."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.waited_for: list[os.stat_result] = []

    def syncfs(self, descriptor: int) -> int:
        self.waited_for.append(os.fstat(descriptor))
        ctypes.set_errno(self._number)
        return -1 if self._number else 0


def test_all_that_was_written_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, asked = _Disk(0), list[tuple[object, object]]()

    def library(name: object, *, use_errno: object = None) -> _Disk:
        asked.append((name, use_errno))
        return disk

    monkeypatch.setattr(ctypes, "CDLL", library)
    sync_disk(tmp_path)

    assert asked == [(None, True)]
    assert [status.st_ino for status in disk.waited_for] == [tmp_path.stat().st_ino]


def test_a_disk_that_fails_is_told_with_its_reason_and_nothing_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: _Disk(errno.EIO))
    before = len(_names(Path("/proc/self/fd")))

    with pytest.raises(OSError, match="Input/output error") as caught:
        sync_disk(tmp_path)

    assert (caught.value.errno, caught.value.filename) == (errno.EIO, str(tmp_path))
    assert len(_names(Path("/proc/self/fd"))) == before


def test_where_one_disk_cannot_be_waited_for_all_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[str] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: object())
    monkeypatch.setattr(os, "sync", lambda: waits.append("all"))

    sync_disk(tmp_path)

    assert waits == ["all"]


@pytest.mark.parametrize("number", [0, errno.EIO])
def test_the_name_of_the_site_is_waited_for_and_stays_published_when_the_disk_refuses(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited_for: list[int] = []

    def fsync(descriptor: int) -> None:
        waited_for.append(os.fstat(descriptor).st_ino)
        if number:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    before = len(_names(Path("/proc/self/fd")))
    swap_atomically(_folder(tmp_path / ".new", "b"), tmp_path / "site")

    assert waited_for == [tmp_path.stat().st_ino]
    assert len(_names(Path("/proc/self/fd"))) == before
    assert _names(tmp_path) == ["site"]


def test_static_hosts_and_nginx_are_told_the_same_headers_line_by_line(tmp_path: Path) -> None:
    write_nginx_snippet(tmp_path / "nginx.conf")

    static = render_headers_file().split("\n")
    nginx = (tmp_path / "nginx.conf").read_text("utf-8").split("\n")
    assert (HEADERS_FILE, NGINX_FILE) == ("_headers", "nginx-headers.conf")
    assert static == ["/*", *(f"  {name}: {value}" for name, value in HEADERS.items()), ""]
    assert nginx == [*(f'add_header {name} "{value}" always;' for name, value in HEADERS.items()), ""]


def test_the_headers_are_these_and_the_policy_refuses_frames_too() -> None:
    assert POLICY.split("; ") == [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ]
    expected = {
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    assert expected == HEADERS
