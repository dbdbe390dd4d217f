"""Message for a full disk: which disk it is, how much is free, and whether space or inodes are used up."""

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


class _FreeSpace(NamedTuple):
    """Free space on the disk of a folder."""

    files: int
    """Number of files that can still be created; 1 stands for any number."""
    bytes: int
    folder: Path


def describe_full_disk(error: OSError, folder: Path) -> Message | None:
    """Return the message for a full disk or quota, or `None` if *error* is another error.

    Args:
        error: The error of the system, which seldom has the right file name: when a copy fails, it names the
            file that was read.
        folder: Folder that most files are written to. The disk of temporary files, or of a file that the
            error names, may be the full one instead.
    """
    if error.errno == errno.EDQUOT:
        return message("写入失败：磁盘配额用完了（{path}）", path=str(folder))
    if error.errno != errno.ENOSPC:
        return None
    places = (folder, *_list_named_paths(error), Path(tempfile.gettempdir()))
    left = min(_measure_free_space(places), key=lambda room: (room.files, room.bytes))
    about = {
        "mount": str(_find_mount_point(left.folder)),
        "free": f"{left.bytes / _MEGABYTE:.1f} MB",
        "path": str(left.folder),
    }
    if left.files <= 0 < left.bytes:
        return message(
            "写入失败：{mount} 上的文件太多，不能再建（inode 用完了），空间还有 {free}；要写的是 {path}",
            **about,
        )
    return message("写入失败：磁盘满了：{mount} 只剩 {free}；要写的是 {path}", **about)


def _list_named_paths(error: OSError) -> Iterable[Path]:
    """List the paths in an error, which may have the number of an open file instead of a path."""
    for name in (error.filename, error.filename2):
        if isinstance(name, str | bytes):
            yield Path(os.fsdecode(name))


def _measure_free_space(folders: Iterable[Path]) -> Iterable[_FreeSpace]:
    for folder in folders:
        place = folder.absolute()
        while not place.exists():
            place = place.parent
        if os.name == "nt":
            yield _FreeSpace(1, shutil.disk_usage(place).free, folder.absolute())
            continue
        state = os.statvfs(place)
        files = min(1, state.f_favail) if state.f_files else 1
        yield _FreeSpace(files, state.f_bavail * state.f_frsize, folder.absolute())


def _find_mount_point(folder: Path) -> Path:
    """Find the mount point of *folder*."""
    return next(place for place in (folder, *folder.parents) if os.path.ismount(place))
