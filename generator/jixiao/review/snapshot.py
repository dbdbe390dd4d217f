"""Files of a stored commit, written to a folder where the strict content reader can read them.

Nothing is checked out: the bytes are those that git stores. A link, a submodule or a path that leads out
of the folder is never followed; it is reported.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.history.git import LINK_MODE, REGULAR_MODES, Blob, Repository
from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT, REGISTER_SIZE_LIMIT
from jixiao.load.source_files import FILE_SIZE_LIMIT, list_folder, read_bytes
from jixiao.problems import Problem

SITE_PATHS = ("content", "site_config.yml", "mkdocs.yml")
"""Folders and files that make up a site, relative to its root."""
DECLARATIONS_FOLDER = "content/declarations/"
FORMS_FOLDER = "content/forms/"
_NAME_LIMIT = 255
"""Longest file name, in bytes, on every common file system."""


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
    is_long = any(len(blob.id) > hashlib.sha1(usedforsecurity=False).digest_size * 2 for blob in stored_blobs)
    found: dict[str, str] = {}
    for file in _list_site_files(root):
        content = read_bytes(root / file, file, FORM_SIZE_LIMIT)
        found[file] = "" if isinstance(content, Problem) else _hash_blob(content, is_long=is_long)
    return found


def _list_site_files(root: Path) -> Iterator[str]:
    yield from (name for name in SITE_PATHS[1:] if (root / name).is_file())
    for one in list_folder(root / SITE_PATHS[0])[0]:
        if not one.is_folder:
            yield f"{SITE_PATHS[0]}/{one.name}"


def _hash_blob(content: bytes, *, is_long: bool) -> str:
    head = f"blob {len(content)}\0".encode("ascii")
    if is_long:
        return hashlib.sha256(head + content).hexdigest()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def write_blobs(repository: Repository, blobs: Iterable[Blob], folder: Path) -> tuple[UncomparedFile, ...]:
    """Write *blobs* below *folder*, and return those that cannot be written there.

    Raises:
        UserError: An object is missing.
        OSError: The disk refuses.
    """
    told: list[UncomparedFile] = []
    placed: list[Blob] = []
    for blob in blobs:
        saying = _explain_refusal(blob)
        if saying is None:
            placed.append(blob)
            continue
        told.append(UncomparedFile(file=blob.path, reason=saying))
        if blob.mode == LINK_MODE and _is_safe_path(blob.path):
            # So that the reader meets a link as well; it leads nowhere.
            target = folder / blob.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to("link")
    for blob, content in repository.read_blobs(placed):
        target = folder / blob.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    return tuple(told)


def _explain_refusal(blob: Blob) -> Message | None:
    """Return the reason why a file is not written, or `None` if it can be."""
    if blob.mode == LINK_MODE:
        return message("这是一个链接，不是文件")
    if blob.mode not in REGULAR_MODES:
        return message("这是另一个仓库（子模块），里面的内容没有比较")
    if not _is_safe_path(blob.path):
        return message("文件名不是 UTF-8，或指到别处，没有比较")
    if blob.size > _find_size_limit(blob.path):
        return message("文件有 {size} 字节，太大，没有比较", size=str(blob.size))
    return None


def _find_size_limit(path: str) -> int:
    if path.startswith(FORMS_FOLDER):
        return FORM_SIZE_LIMIT
    return REGISTER_SIZE_LIMIT if path == "content/addresses.yml" else FILE_SIZE_LIMIT


def _is_safe_path(path: str) -> bool:
    """Check whether a path stays inside its folder on every operating system."""
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and all(part not in {"", ".", ".."} and len(os.fsencode(part)) <= _NAME_LIMIT for part in parts)
    )
