"""A mirror: a second folder of the same files, by hard links, from which the next site is made.

Nothing about the state of a mirror is kept anywhere. It is compared with its original each time, so a mirror
that a dead run left half-done, or that somebody has changed, is as good as none at all.
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

from jixiao.load.source_files import read_stat

Stamp = tuple[int, int, int]
"""Size, time of the last change in ns and number of a file on its disk; different after every change."""
_NO_FILE = (-1, 0, 0)
_LARGEST = 2**63 - 1
_OF_THE_LINK_ITSELF = {"follow_symlinks": False} if os.link in os.supports_follow_symlinks else {}
_NO_LINKS = {errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


def restore_modes(folder: Path) -> dict[str, Stamp]:
    """Give everything below *folder* the mode that a build from nothing would; return the stamps of files.

    A link, or whatever else is no file, has a stamp of no file, and so has a file that stays closed to us.
    """
    found: dict[str, Stamp] = {}
    if not folder.is_dir():
        return found
    modes = _Modes.of_process()
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
                    found[f"{prefix}{entry.name}"] = stamp_of(status) if is_open else _NO_FILE
                else:
                    found[f"{prefix}{entry.name}"] = _NO_FILE
    return found


class _Modes(NamedTuple):
    """The modes of new files and folders under the umask of this process."""

    file: int
    folder: int

    @classmethod
    def of_process(cls) -> Self:
        """Find them out."""
        umask = os.umask(0)
        os.umask(umask)
        return cls(0o666 & ~umask, 0o777 & ~umask)

    def restore(self, path: str, status: os.stat_result, wanted: int) -> bool:
        """Set the mode of *path* unless it is as *wanted*; tell whether we may read it."""
        # The bit by which what is made in a folder gets its group is inherited, and stays.
        kept = stat.S_IMODE(status.st_mode) & stat.S_ISGID if wanted == self.folder else 0
        if os.name == "nt" or stat.S_IMODE(status.st_mode) == wanted | kept:
            return True
        try:
            os.chmod(path, wanted | kept)
        except PermissionError:  # it is somebody else's
            return os.access(path, os.R_OK)
        return True


def stamp_of(status: os.stat_result) -> Stamp:
    """Give the stamp of a file; its number is cut to what a database can hold."""
    return (status.st_size, status.st_mtime_ns, status.st_ino & _LARGEST)


def mirror(original: Path, files: Mapping[str, Stamp], copy: Path) -> None:
    """Make *copy* hold exactly *files* of *original*.

    Args:
        original: A folder; nothing in it is changed.
        files: Path → stamp of those of its files that are wanted.
        copy: The mirror, in any state, or nothing.
    """
    copy.mkdir(exist_ok=True)
    present = restore_modes(copy)
    remove_files(copy, present.keys() - files.keys())
    made = set[str]()
    for path, stamp in files.items():
        if present.get(path) == stamp:
            continue
        target = os.path.join(copy, path)
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
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
    """Move every file below *source* to the same place below *target*, over what is there."""
    for parent, _, names in os.walk(source):
        folder = os.path.join(target, os.path.relpath(parent, source))
        os.makedirs(folder, exist_ok=True)
        for name in names:
            os.replace(os.path.join(parent, name), os.path.join(folder, name))


def lost_files(folder: Path, sizes: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Yield the paths at which *folder* has no file of this length in bytes."""
    for path, size in sizes:
        try:
            is_there = os.stat(os.path.join(folder, path)).st_size == size
        except OSError:
            is_there = False
        if not is_there:
            yield path


def _link(original: str, target: str) -> None:
    try:
        os.link(original, target, **_OF_THE_LINK_ITSELF)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(original, target, follow_symlinks=False)
