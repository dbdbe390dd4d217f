"""Files of declarations are put in their place: each whole or not at all, none over another unless asked."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from jixiao.staging import made_for

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EINVAL}
"""How a file system says that it has no hard links."""


def place_files(texts: Mapping[str, str], folder: Path, *, replaces: bool) -> tuple[str, ...]:
    """Write *texts* into *folder*; give the names of files that were there already and were left alone.

    All are on the disk under other names before the first gets its own, so that a full disk leaves nothing.

    Args:
        texts: Name of a file → what it is to hold.
        folder: Made if it is missing.
        replaces: Whether files that are there are replaced.

    Raises:
        OSError: The disk or the system refuses.
    """
    for name in texts:
        if replaces and (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    waiting = {name: folder / f".{name}.{os.getpid()}.new" for name in texts}
    with made_for(folder):
        try:
            for name, text in texts.items():
                _write(waiting[name], text)
            return tuple(
                name for name, new in waiting.items() if not _put(new, folder / name, replaces=replaces)
            )
        finally:
            for new in waiting.values():
                new.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _put(new: Path, place: Path, *, replaces: bool) -> bool:
    """Give the file *new* its name; tell whether it got it."""
    if replaces:
        # Who may read a file does not change with what stands in it.
        with suppress(FileNotFoundError):
            shutil.copymode(place, new)
        new.replace(place)
        return True
    try:
        # A link, because a rename would replace what has come to be there in the meantime.
        place.hardlink_to(new)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(place):
            return False
        new.rename(place)
    return True
