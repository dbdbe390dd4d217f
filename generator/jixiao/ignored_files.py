"""Names of what systems and programs leave beside the files that people write: this is part of no content.

An office program keeps `~$form.xlsx` while a form is open and nobody else can delete it; Finder, Explorer,
editors and programs that synchronise folders leave files of theirs everywhere. Such files are not read,
listed, counted, watched, packed or published, and no problem is told of them. What only looks similar, such
as `clinic.yml.bak` or `clinic.yaml`, may be somebody's work and stays a problem with a hint.
"""

import re
from pathlib import PurePath
from typing import Final

_NAMES: Final = frozenset(
    {
        # macOS, Windows and desktops of Linux.
        ".ds_store",
        ".localized",
        "icon\r",
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".directory",
        # Git, and what keeps an empty folder in it.
        ".gitkeep",
        ".keep",
        ".gitignore",
        ".gitattributes",
        # Vim asks with a file of this name whether it may write.
        "4913",
        # Programs that synchronise folders.
        ".dropbox",
        ".dropbox.attr",
        ".stignore",
        ".owncloudsync.log",
        ".nextcloudsync.log",
    }
)
_FOLDERS: Final = frozenset(
    {
        ".git",
        ".svn",
        ".hg",
        ".idea",
        ".vscode",
        ".spotlight-v100",
        ".temporaryitems",
        ".trashes",
        ".fseventsd",
        ".appledouble",
        "__macosx",
        "$recycle.bin",
        "system volume information",
        "@eadir",
        ".stfolder",
        ".stversions",
        ".dropbox.cache",
        ".tmp.drivedownload",
        ".tmp.driveupload",
    }
)
_SHAPES: Final = re.compile(
    r"""
    ~\$.+                             # an open document of Word, Excel, PowerPoint or WPS
    | \.~.+                           # one of LibreOffice (.~lock.x#) or WPS
    | ~.*\.tmp                        # Word while it writes
    | [0-9a-f]{8}\.tmp                # Excel while it writes
    | (?:ppt|xls|doc|wrd)[0-9a-z]{1,8}\.tmp
    | \._.+                           # what macOS keeps of a file on a disk of another system
    | .+~                             # the copy that many editors keep
    | \#.+\# | \.\#.+                 # Emacs: not saved yet; being edited
    | \..+\.sw[a-z] | .+\.sw[op]      # Vim, nano
    | \..+\.kate-swp                  # Kate
    | .+___jb_(?:tmp|old|bak)___      # JetBrains
    | \.goutputstream-.+              # GNOME while it writes
    | \.nfs[0-9a-f]+ | \.fuse_hidden[0-9a-f]+ | \.smbdelete.+     # deleted while it was open
    | \.trash-[0-9]+                  # deleted on a disk that is taken along
    | \.syncthing\..+ | ~syncthing~.+ # Syncthing while it fetches
    | \.sync_[0-9a-f]+\.db.* | \.owncloud.+\.db.*   # ownCloud, Nextcloud
    | \..+\.[0-9]+\.new               # our own `import` and `fmt`, where they died
    """,
    re.VERBOSE | re.DOTALL,
)


def is_leftover(name: str, *, is_folder: bool = False) -> bool:
    """Tell whether a file or folder of this *name* was left by a system or program."""
    # Almost every name is one of these, and there may be a hundred thousand.
    if name.endswith(".yml") and name[0].isalnum():
        return False
    lower = name.lower()
    return lower in _FOLDERS or (
        # A folder is passed over only if nobody could have meant it, for it holds other files.
        _is_trash(lower) if is_folder else lower in _NAMES or _SHAPES.fullmatch(lower) is not None
    )


def is_among_leftovers(path: str | PurePath) -> bool:
    """Tell whether the file at *path*, which is relative, is left over or in a folder that is."""
    *folders, name = PurePath(path).parts or ("",)
    return is_leftover(name) or any(is_leftover(folder, is_folder=True) for folder in folders)


def _is_trash(name: str) -> bool:
    return name.startswith(".trash-")
