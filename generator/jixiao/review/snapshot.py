"""Files of a stored commit, written to a folder where the strict content reader can read them.

Nothing is checked out: the bytes are those that git stores. A link, a submodule or a path that leads out
of the folder is never followed; it is reported.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.config import CONFIG_FILE
from jixiao.history.git import LINK_MODE, REGULAR_MODES, Blob, Repository
from jixiao.i18n import Message, message
from jixiao.load.content_files import ADDRESSES_FILE, FORM_SIZE_LIMIT, REGISTER_SIZE_LIMIT
from jixiao.load.source_files import FILE_SIZE_LIMIT, list_folder, read_bytes
from jixiao.problems import Problem

ENGINE_SETTINGS_FILE = "mkdocs.yml"
SITE_PATHS = ("content", CONFIG_FILE, ENGINE_SETTINGS_FILE)
"""Folders and files that make up a site, relative to its root."""
FORMS_FOLDER = "content/forms/"
_NAME_LIMIT = 255
"""Longest file name, in bytes, on every common file system."""
_SHA1_LENGTH = 40
"""Hexadecimal digits of a SHA-1 id; ids of the other algorithm are longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UncomparedFile:
    """File that cannot be compared, with the reason."""

    file: str
    reason: Message


def hash_working_files(root: Path, stored_blobs: Iterable[Blob]) -> Mapping[str, str]:
    """Compute the id under which git would store each file of the site, without running git.

    Args:
        root: The folder of the site.
        stored_blobs: Stored files, whose ids show which hash algorithm the repository uses.
    """
    folder, *settings = SITE_PATHS
    files = [name for name in settings if (root / name).is_file()]
    files += [f"{folder}/{item.name}" for item in list_folder(root / folder)[0] if not item.is_folder]
    algorithm = "sha256" if any(len(blob.id) > _SHA1_LENGTH for blob in stored_blobs) else "sha1"
    hashes: dict[str, str] = {}
    for file in files:
        content = read_bytes(root / file, file, FORM_SIZE_LIMIT)
        if isinstance(content, Problem):
            hashes[file] = ""
            continue
        blob = f"blob {len(content)}\0".encode("ascii") + content
        hashes[file] = hashlib.new(algorithm, blob, usedforsecurity=False).hexdigest()
    return hashes


def write_blobs(repository: Repository, blobs: Iterable[Blob], folder: Path) -> tuple[UncomparedFile, ...]:
    """Write *blobs* below *folder*, and return those that cannot be written there.

    Raises:
        UserError: An object is missing.
        OSError: The disk refuses.
    """
    refused: list[UncomparedFile] = []
    writable: list[Blob] = []
    for blob in blobs:
        reason = _explain_refusal(blob)
        if reason is None:
            writable.append(blob)
            continue
        refused.append(UncomparedFile(file=blob.path, reason=reason))
        if blob.mode == LINK_MODE and _is_safe_path(blob.path):
            # So that the reader meets a link as well; it leads nowhere.
            target = folder / blob.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to("link")
    for blob, content in repository.read_blobs(writable):
        target = folder / blob.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    return tuple(refused)


def _explain_refusal(blob: Blob) -> Message | None:
    """Return the reason why a file is not written, or `None` if it can be."""
    if blob.mode == LINK_MODE:
        return message("这是一个链接，不是文件")
    if blob.mode not in REGULAR_MODES:
        return message("这是另一个仓库（子模块），里面的内容没有比较")
    if not _is_safe_path(blob.path):
        return message("文件名不是 UTF-8，或指到别处，没有比较")
    limit = REGISTER_SIZE_LIMIT if blob.path == ADDRESSES_FILE else FILE_SIZE_LIMIT
    if blob.size > (FORM_SIZE_LIMIT if blob.path.startswith(FORMS_FOLDER) else limit):
        return message("文件有 {size} 字节，太大，没有比较", size=str(blob.size))
    return None


def _is_safe_path(path: str) -> bool:
    """Check whether a path stays inside its folder on every operating system."""
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and all(part not in {"", ".", ".."} and len(os.fsencode(part)) <= _NAME_LIMIT for part in parts)
    )
