"""Why there is no room to write: which disk it is, how much of it is free, and what of it is used up."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from jixiao.i18n import Message, message

_MEGABYTE = 1_000_000


class _Room(NamedTuple):
    """What is left on the disk of a folder."""

    files: int
    """How many more files it can have; 1 stands for any number, where that is not limited."""
    bytes: int
    folder: Path


def no_room(error: OSError, folder: Path) -> Message | None:
    """Say where there is no room left; `None` when *error* says something else.

    Args:
        error: What the system said. It seldom names the file: when a copy fails, the one that was read.
        folder: Where most is written. The folder of temporary files may be the full one as well, and so may
            that of a file which the system names.
    """
    if error.errno == errno.EDQUOT:
        return message("写入失败：磁盘配额用完了（{path}）", path=str(folder))
    if error.errno != errno.ENOSPC:
        return None
    places = (folder, *_named(error), Path(tempfile.gettempdir()))
    left = min(_rooms(places), key=lambda room: (room.files, room.bytes))
    about = {
        "mount": str(_mount(left.folder)),
        "free": f"{left.bytes / _MEGABYTE:.1f} MB",
        "path": str(left.folder),
    }
    if left.files <= 0 < left.bytes:
        return message(
            "写入失败：{mount} 上的文件太多，不能再建（inode 用完了），空间还有 {free}；要写的是 {path}",
            **about,
        )
    return message("写入失败：磁盘满了：{mount} 只剩 {free}；要写的是 {path}", **about)


def _named(error: OSError) -> Iterable[Path]:
    """Find the files that the system names; instead of a name it may give the number of an open file."""
    for name in (error.filename, error.filename2):
        if isinstance(name, str | bytes):
            yield Path(os.fsdecode(name))


def _rooms(folders: Iterable[Path]) -> Iterable[_Room]:
    for folder in folders:
        place = folder.absolute()
        while not place.exists():
            place = place.parent
        if os.name == "nt":
            yield _Room(1, shutil.disk_usage(place).free, folder.absolute())
            continue
        state = os.statvfs(place)
        files = min(1, state.f_favail) if state.f_files else 1
        yield _Room(files, state.f_bavail * state.f_frsize, folder.absolute())


def _mount(folder: Path) -> Path:
    """Find where the disk of *folder* begins."""
    return next(place for place in (folder, *folder.parents) if os.path.ismount(place))
