"""What lies under a folder, in a fixed order, with what tells whether a file has changed since."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.ignored_files import is_leftover

Signature = str
"""Size, time of the last change of the contents and of the file (in ns), number of the file on its disk.

With blanks between them: a text takes half the memory of four numbers.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A file, folder or link."""

    path: str
    """Where it is."""
    name: str
    """Relative to the folder that was listed, with `/`."""
    is_link: bool
    is_folder: bool
    """A folder itself, not a link to one."""
    signature: Signature


def list_below(folder: Path) -> tuple[list[Found], list[Path]]:
    """List what lies below *folder*, sorted by name; give also the folders that cannot be looked into.

    What systems and programs leave behind is not listed.
    """
    if folder.is_dir() and not _is_open(os.fspath(folder)):
        return [], [folder]
    closed: list[Path] = []
    found = list(_below(os.fspath(folder), "", closed)) if folder.is_dir() else []
    found.sort(key=lambda one: one.name)
    return found, closed


def signature_of(status: os.stat_result) -> Signature:
    """Give what is different after every change of a file, also after one that keeps its size and time."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def status_of(entry: os.DirEntry[str]) -> os.stat_result:
    """Return what the system knows of a file or link itself."""
    status = entry.stat(follow_symlinks=False)
    # A listing of Windows leaves out the number, which it gives whoever asks for the file.
    return status if status.st_ino else os.lstat(entry.path)


def changed_at(signature: Signature) -> int:
    """Give the time of the last change of the file, in ns."""
    return int(signature.split(" ")[2])


def _below(folder: str, prefix: str, closed: list[Path]) -> Iterator[Found]:
    with os.scandir(folder) as entries:
        for entry in entries:
            is_link, is_folder = entry.is_symlink(), entry.is_dir(follow_symlinks=False)
            if is_leftover(entry.name, is_folder=is_folder):
                continue
            if is_folder and not _is_open(entry.path):
                closed.append(Path(entry.path))
                continue
            name = f"{prefix}{entry.name}"
            try:
                signature = signature_of(status_of(entry))
            except FileNotFoundError:
                # Deleted since it was listed: somebody is at work here.
                continue
            yield Found(entry.path, name, is_link, is_folder, signature)
            if is_folder:
                yield from _below(entry.path, f"{name}/", closed)


def _is_open(folder: str) -> bool:
    """Tell whether the files in *folder* can be listed and read."""
    return os.access(folder, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def is_root(folder: Path) -> bool:
    """Tell whether *folder* is the root of the disk, perhaps by way of `..` or of a link."""
    there = folder.resolve()
    return there == Path(there.anchor)
