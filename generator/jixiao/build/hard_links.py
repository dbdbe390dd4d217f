"""Hard-linked copy: a second folder of the same files, from which the next site is made.

Nothing about the state of a copy is kept anywhere. It is compared with its original each time, so a copy that
a dead run left incomplete, or that somebody has changed, is as good as none at all.
"""

from __future__ import annotations

import errno
import os
import posixpath
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from jixiao.load.source_files import FileStat, file_stat, read_stat

_NO_FILE = (-1, 0, 0)
_OF_THE_LINK_ITSELF = {"follow_symlinks": False} if os.link in os.supports_follow_symlinks else {}
_NO_LINKS = {errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


def restore_modes(folder: Path) -> dict[str, FileStat]:
    """Set everything below *folder* to the mode of new files; return the stats of files by path.

    A link, or anything else that is no file, has a stat that no file has; so has a file that stays closed.
    """
    found: dict[str, FileStat] = {}
    if not folder.is_dir():
        return found
    modes = _Modes.read_umask()
    place = os.fspath(folder)
    modes.restore(place, os.stat(place), modes.folder)
    waiting = [(place, "")]
    while waiting:
        place, prefix = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                status = read_stat(entry)
                if stat.S_ISDIR(status.st_mode):
                    modes.restore(entry.path, status, modes.folder)
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
                elif stat.S_ISREG(status.st_mode):
                    is_open = modes.restore(entry.path, status, modes.file)
                    found[f"{prefix}{entry.name}"] = file_stat(status) if is_open else _NO_FILE
                else:
                    found[f"{prefix}{entry.name}"] = _NO_FILE
    return found


class _Modes(NamedTuple):
    """The modes of new files and folders under the umask of this process."""

    file: int
    folder: int

    @classmethod
    def read_umask(cls) -> Self:
        """Read the umask."""
        umask = os.umask(0)
        os.umask(umask)
        return cls(0o666 & ~umask, 0o777 & ~umask)

    def restore(self, path: str, status: os.stat_result, wanted: int) -> bool:
        """Set the mode of *path* unless it is as *wanted*; return whether we may read it."""
        # The bit by which what is made in a folder gets its group is inherited, and stays.
        kept = stat.S_IMODE(status.st_mode) & stat.S_ISGID if wanted == self.folder else 0
        if os.name == "nt" or stat.S_IMODE(status.st_mode) == wanted | kept:
            return True
        try:
            os.chmod(path, wanted | kept)
        except PermissionError:  # it is somebody else's
            return os.access(path, os.R_OK)
        return True


def link_files(original: Path, files: Mapping[str, FileStat], copy: Path) -> None:
    """Link exactly *files* of *original* into *copy*.

    Args:
        original: A folder; nothing in it is changed.
        files: Path → stat of those of its files that are wanted.
        copy: A folder in any state, or nothing.
    """
    copy.mkdir(exist_ok=True)
    present = restore_modes(copy)
    remove_files(copy, present.keys() - files.keys())
    parents = set[str]()
    for path, wanted in files.items():
        if present.get(path) == wanted:
            continue
        target = os.path.join(copy, path)
        parent = os.path.dirname(target)
        if parent not in parents:
            os.makedirs(parent, exist_ok=True)
            parents.add(parent)
        if path in present:
            os.unlink(target)
        _link(os.path.join(original, path), target)


def remove_files(folder: Path, paths: Iterable[str]) -> None:
    """Remove files of *folder*, and the folders below it in which nothing is left then."""
    for path in paths:
        (folder / path).unlink(missing_ok=True)
        above = posixpath.dirname(path)
        with suppress(OSError):  # something is left, or a file before has taken the folder along
            while above:
                (folder / above).rmdir()
                above = posixpath.dirname(above)


def move_all(source: Path, target: Path) -> None:
    """Move every file below *source* to the same place below *target*, replacing files there."""
    for parent, _, names in os.walk(source):
        folder = os.path.join(target, os.path.relpath(parent, source))
        os.makedirs(folder, exist_ok=True)
        for name in names:
            os.replace(os.path.join(parent, name), os.path.join(folder, name))


def find_lost(folder: Path, files: Iterable[tuple[str, FileStat]]) -> Iterator[str]:
    """Yield the paths at which *folder* has no file of this size and age."""
    for path, (size, changed, _) in files:
        try:
            status = os.stat(os.path.join(folder, path))
        except OSError:
            yield path
        else:
            # A copy has another number where there are no hard links.
            if (status.st_size, status.st_mtime_ns) != (size, changed):
                yield path


def _link(original: str, target: str) -> None:
    try:
        os.link(original, target, **_OF_THE_LINK_ITSELF)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(original, target, follow_symlinks=False)
