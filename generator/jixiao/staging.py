"""What is begun in a folder is finished or removed: a failure leaves neither files nor folders."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def made_for(folder: Path) -> Iterator[None]:
    """Make *folder* and those above it; where anything fails, remove those that were not there before."""
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
def staged(folder: Path) -> Iterator[Path]:
    """Make a folder inside *folder*; its contents are moved into *folder* when all of them are written.

    Args:
        folder: Made if it is missing; it has nothing of the names that are written.
    """
    with (
        made_for(folder),
        # Where a failed writer keeps its file open, that must not hide the failure.
        tempfile.TemporaryDirectory(dir=folder, prefix=".jixiao-", ignore_cleanup_errors=True) as workshop,
    ):
        yield Path(workshop)
        for entry in sorted(Path(workshop).iterdir()):
            entry.rename(folder / entry.name)
