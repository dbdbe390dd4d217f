"""Atomic writing of source files: each file whole or not at all, none overwritten unless asked."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def created_folder(folder: Path) -> Iterator[None]:
    """Create *folder* and those above it; where anything fails, remove those that were not there before."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in missing:
            # What somebody else has put there meanwhile stays.
            with suppress(OSError):
                one.rmdir()
        raise


@contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """Create a folder inside *folder*; its contents are moved into *folder* when all of them are written.

    Args:
        folder: Created if it is missing; it has none of the names that are written.
    """
    with (
        created_folder(folder),
        # Where a failed writer keeps its file open, that must not hide the failure.
        tempfile.TemporaryDirectory(dir=folder, prefix=".jixiao-", ignore_cleanup_errors=True) as staging,
    ):
        yield Path(staging)
        for entry in sorted(Path(staging).iterdir()):
            entry.rename(folder / entry.name)


_NO_HARD_LINK_ERRORS = {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EINVAL}
"""Error numbers of file systems without hard links."""


def write_files(texts_by_name: Mapping[str, str], folder: Path, *, replaces: bool) -> tuple[str, ...]:
    """Write *texts_by_name* into *folder* and return the names of existing files that were kept.

    All are on disk under temporary names before the first is renamed, so that a full disk leaves none.

    Args:
        texts_by_name: Text by file name.
        folder: Target folder; created if missing.
        replaces: Whether existing files are replaced.

    Raises:
        OSError: The disk or the system refuses.
    """
    for name in texts_by_name:
        if replaces and (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    temporary = {name: folder / f".{name}.{os.getpid()}.new" for name in texts_by_name}
    with created_folder(folder):
        try:
            for name, text in texts_by_name.items():
                with temporary[name].open("x", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
                    stream.flush()
                    os.fsync(stream.fileno())
            return tuple(
                name
                for name, path in temporary.items()
                if not _rename(path, folder / name, replaces=replaces)
            )
        finally:
            for path in temporary.values():
                path.unlink(missing_ok=True)


def _rename(temporary: Path, target: Path, *, replaces: bool) -> bool:
    """Rename *temporary* to *target*, and return whether it was renamed."""
    if replaces:
        # The permissions of the file stay as they are.
        with suppress(FileNotFoundError):
            shutil.copymode(target, temporary)
        temporary.replace(target)
        return True
    try:
        # A hard link, because a rename would replace a file created in the meantime.
        target.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINK_ERRORS:
            raise
        if os.path.lexists(target):
            return False
        temporary.rename(target)
    return True
