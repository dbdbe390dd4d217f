"""Names of files that operating systems and programs leave beside the content, and that are ignored.

An office program keeps `~$form.xlsx` while a form is open; Finder, Explorer, editors and synchronisation
programs leave files everywhere. These are not read, listed, watched, packed or published, and not reported.
Similar names, such as `clinic.yml.bak` or `clinic.yaml`, may be somebody's work and stay a problem.
"""

import re
from pathlib import PurePath
from typing import Final

_FILE_NAMES: Final = frozenset(
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
_FOLDER_NAMES: Final = frozenset(
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
_FILE_NAME_PATTERN: Final = re.compile(
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


def is_ignored_name(name: str, *, is_folder: bool = False) -> bool:
    """Return whether a file or folder with this *name* was left by an operating system or program."""
    # A shortcut for almost every name: there may be a hundred thousand.
    if name.endswith(".yml") and name[0].isalnum():
        return False
    lower = name.lower()
    return lower in _FOLDER_NAMES or (
        # Folders hold other files, so only those that no editor could have made are ignored.
        lower.startswith(".trash-")
        if is_folder
        else lower in _FILE_NAMES or _FILE_NAME_PATTERN.fullmatch(lower) is not None
    )


def is_ignored_path(path: str | PurePath) -> bool:
    """Return whether a relative *path* has an ignored name or lies in an ignored folder."""
    *folders, name = PurePath(path).parts or ("",)
    return is_ignored_name(name) or any(is_ignored_name(folder, is_folder=True) for folder in folders)
