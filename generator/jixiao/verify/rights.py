"""Rights of a site that no build leaves: strangers may change a file, or it runs as somebody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jixiao.i18n import message
from jixiao.verify.finding import Finding

_SPECIAL = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX


def unsafe_rights(site: Path) -> Iterator[Finding]:
    """Yield the files and folders of *site* that strangers may write, and files with special bits.

    A folder may hand its group on to what is made in it, which is what its setgid bit says.
    """
    if os.name == "nt" or _keeps_no_rights(site.resolve().parent):
        return
    for parent, folders, names in os.walk(site):
        for name in (*folders, *names):
            path = Path(parent, name)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                continue
            shown, rights = path.relative_to(site).as_posix(), f"{stat.S_IMODE(mode):03o}"
            if mode & stat.S_IWOTH:
                yield Finding(file=shown, saying=message("任何人都能改写，权限是 {rights}", rights=rights))
            elif mode & _SPECIAL and not stat.S_ISDIR(mode):
                saying = message("有 setuid、setgid 或粘滞位，权限是 {rights}", rights=rights)
                yield Finding(file=shown, saying=saying)


def _keeps_no_rights(folder: Path) -> bool:
    """Tell whether everybody may put another site in the place of the one in *folder*.

    So it is on file systems of Windows, where all files have the same rights, whatever is done about it.
    """
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX
