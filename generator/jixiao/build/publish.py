"""Publishing: a folder becomes the site by one rename; a reader sees the old site or the new one, whole."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jixiao.i18n import message
from jixiao.problems import UserError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_NOT_OFFERED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""How a system says that it, or its file system, cannot do this."""
_TRIES, _PAUSE_SECONDS = (20, 0.1) if os.name == "nt" else (0, 0.0)
"""Windows renames no folder while a file in it is open."""


@contextmanager
def lock_build(build: Path) -> Iterator[None]:
    """Hold the lock of the build folder.

    Raises:
        UserError: Another build holds it.
    """
    if not build.exists():
        build.mkdir(parents=True)
        _add_mode(build, 0o755)
    # Whoever only checks holds no lock.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    lock = FileLock(build / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(message("另一次构建正在进行，请等它结束")) from None
    try:
        yield
    finally:
        lock.release()


def require_own_folder(place: Path, shown: str) -> None:
    """Refuse to publish at *place* unless it is a folder or nothing at all.

    Raises:
        UserError: Something else is there. It is named as *shown*.
    """
    if place.is_symlink():
        # Exchanged for a folder, the link would be gone, and what it leads to would never change again.
        raise UserError(message("{path} 是一个链接，网站只能发布到真正的文件夹；请把链接移走", path=shown))
    if place.exists() and not place.is_dir():
        raise UserError(message("{path} 是一个文件，那里应当是文件夹；请把它移走", path=shown))


def remove(path: Path) -> None:
    """Remove *path*, whatever it is, or nothing if there is nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def umask_for_readers() -> Iterator[None]:
    """Write files that everybody may read while the block runs: the web server is another user.

    A group that may write still may, strangers never.
    """
    before = os.umask(0)
    os.umask((before & 0o022) | 0o002)
    try:
        yield
    finally:
        os.umask(before)


def _add_mode(path: Path, mode: int) -> None:
    """Add the bits of *mode* to the permissions of *path*, and remove the right of others to write."""
    path.chmod((path.stat().st_mode | mode) & 0o7775)


def sync_disk(folder: Path) -> None:
    """Wait until all that was written to the file system of *folder* is on the disk.

    Without this a power cut soon after publishing leaves a site of empty files: names reach the disk before
    contents. One call for all files, because waiting for each costs a disk without flash minutes.
    """
    if not hasattr(os, "sync"):
        # Windows writes names and contents in their order.
        return
    syncfs = _find_system_function("syncfs")
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs is None:
            os.sync()
        elif syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def swap_atomically(new: Path, place: Path) -> bool:
    """Swap the folder *new* with the one at *place*, if there is one.

    Returns:
        Whether there was something at *place* at every moment, if there was before.
    """
    is_whole = True
    if not place.exists():
        new.rename(place)
    elif not _exchange(new, place):
        is_whole = False
        # Without an atomic exchange the place is empty for the moment between these two renames.
        old = backup_path(place)
        _rename_patiently(place, old)
        _rename_patiently(new, place)
        _rename_patiently(old, new)
    # The folder is at its place for every reader; whether a power cut would undo that is for the disk to say.
    with suppress(OSError):
        _sync_names(place.parent)
    return is_whole


def can_exchange(folder: Path) -> bool:
    """Test whether the file system of *folder* exchanges two folders in one step.

    Raises:
        OSError: Nothing can be written there.
    """
    with TemporaryDirectory(dir=folder, prefix=".jixiao-exchange-") as tried:
        one, other = Path(tried, "one"), Path(tried, "other")
        one.mkdir()
        other.mkdir()
        return _exchange(one, other)


def _rename_patiently(folder: Path, name: Path) -> None:
    """Rename *folder*; where somebody reads a file in it just now, as a browser does, wait until it is read.

    Raises:
        PermissionError: It is read all the time, or the system forbids it.
    """
    for _ in range(_TRIES):
        with suppress(PermissionError):
            folder.rename(name)
            return
        time.sleep(_PAUSE_SECONDS)
    folder.rename(name)


def _find_system_function(name: str) -> Any:  # noqa: ANN401 - a function of C
    """Find a function of the system's library; `None` where there is none."""
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except (OSError, TypeError):
        return None


def _sync_names(folder: Path) -> None:
    """Wait until the names in *folder* are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def backup_path(place: Path) -> Path:
    """Return where the folder at *place* lies in the moment in which a new one takes its place."""
    return place.with_name(f".old-{place.name}")


def restore_backup(place: Path) -> None:
    """Put back the folder of a run that died in that moment."""
    old = backup_path(place)
    if old.exists() and not place.exists():
        old.rename(place)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can: Linux by `renameat2`, macOS by `renamex_np`."""
    names = os.fsencode(one), os.fsencode(other)
    if rename := _find_system_function("renameat2"):
        ended = rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif rename := _find_system_function("renamex_np"):
        ended = rename(*names, _RENAME_SWAP)
    else:
        return False
    if ended == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_OFFERED:
        return False
    raise OSError(number, os.strerror(number), str(one))
