"""Publish: a folder becomes the site by one rename; a reader sees the old site or the new one, whole."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.site.failure import BuildFailure
from generator.words import message

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def only_one_build(build: Path) -> Iterator[None]:
    """Hold the lock of the build folder.

    Raises:
        BuildFailure: Another build holds it.
    """
    build.mkdir(parents=True, exist_ok=True)
    with (build / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailure(message("另一次构建正在进行，请等它结束")) from None
        yield


def fresh_folder(path: Path) -> Path:
    """Make *path* an empty folder, removing what a run that died left there."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def swap_in(new: Path, place: Path) -> None:
    """Put the folder *new* at *place*; what was there is removed afterwards."""
    if not place.exists():
        new.rename(place)
        return
    if not _exchange(new, place):
        # Without an atomic exchange the place is empty for the moment between these two renames.
        old = place.with_name(f".old-{place.name}")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        new.rename(place)
        new = old
    shutil.rmtree(new)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can (Linux, `renameat2`)."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number), str(one))
