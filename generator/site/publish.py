"""Publish: a folder becomes the site by one rename; a reader sees the old site or the new one, whole."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.site.failure import BuildFailure
from generator.words import message

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NOT_OFFERED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""How a system says that it, or its file system, cannot do this."""


@contextmanager
def only_one_build(build: Path) -> Iterator[None]:
    """Hold the lock of the build folder.

    Raises:
        BuildFailure: Another build holds it.
    """
    if not build.exists():
        build.mkdir(parents=True)
        _open(build, 0o755)
    with (build / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailure(message("另一次构建正在进行，请等它结束")) from None
        yield


def require_own_folder(place: Path, shown: str) -> None:
    """Refuse to publish at *place* unless it is a folder or nothing at all.

    Raises:
        BuildFailure: Something else is there. It is named as *shown*.
    """
    if place.is_symlink():
        # Exchanged for a folder, the link would be gone, and what it leads to would never change again.
        raise BuildFailure(message("{path} 是一个链接，网站只能发布到真正的文件夹；请把链接移走", path=shown))
    if place.exists() and not place.is_dir():
        raise BuildFailure(message("{path} 是一个文件，那里应当是文件夹；请把它移走", path=shown))


def remove(path: Path) -> None:
    """Remove *path*, whatever it is, or nothing if there is nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def open_to_readers() -> Iterator[None]:
    """Let everybody read what is written in the block, whatever the umask: the web server is another user.

    A group that may write still may, strangers never.
    """
    before = os.umask(0)
    os.umask((before & 0o022) | 0o002)
    try:
        yield
    finally:
        os.umask(before)


def _open(path: Path, mode: int) -> None:
    """Give *path* at least *mode*. A group that may write still may, strangers never."""
    path.chmod((path.stat().st_mode | mode) & 0o7775)


def write_through(folder: Path) -> None:
    """Wait until all that was written to the file system of *folder* is on the disk.

    Without this a power cut soon after publishing leaves a site of empty files: names reach the disk before
    contents. One call for all files, because waiting for each costs a disk without flash minutes.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs is None:
            os.sync()
        elif syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def swap_in(new: Path, place: Path) -> None:
    """Put the folder *new* at *place*; what was there lies at *new* afterwards."""
    if not place.exists():
        new.rename(place)
    elif not _exchange(new, place):
        # Without an atomic exchange the place is empty for the moment between these two renames.
        old = set_aside(place)
        place.rename(old)
        new.rename(place)
        old.rename(new)
    # The folder is at its place for every reader; whether a power cut would undo that is for the disk to say.
    with suppress(OSError):
        _sync_names(place.parent)


def _sync_names(folder: Path) -> None:
    """Wait until the names in *folder* are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(place: Path) -> Path:
    """Say where the folder at *place* lies in the moment in which a new one takes its place."""
    return place.with_name(f".old-{place.name}")


def bring_back(place: Path) -> None:
    """Put back what a run that died in that moment had set aside."""
    old = set_aside(place)
    if old.exists() and not place.exists():
        old.rename(place)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can (Linux, `renameat2`)."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_OFFERED:
        return False
    raise OSError(number, os.strerror(number), str(one))
