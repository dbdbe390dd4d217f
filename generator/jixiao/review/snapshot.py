"""Lay files of an earlier state out in a folder, where the one strict reader of content reads them.

Nothing is checked out: the bytes are those that are stored. A name that leads out of the folder, a link or
another repository is never followed; it is told.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.history.git import LINK, REGULAR, Blob, Repository
from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT, REGISTER_SIZE_LIMIT
from jixiao.load.listing import list_below
from jixiao.load.source_files import SIZE_LIMIT, read_bytes
from jixiao.problems import Problem

PATHS = ("content", "site_config.yml", "mkdocs.yml")
"""What a site is made of, relative to the project."""
DECLARATIONS = "content/declarations/"
FORMS = "content/forms/"
_NAME_LIMIT = 255
"""Bytes of a name, as on every common disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotRead:
    """A file that cannot be compared."""

    file: str
    saying: Message


def working_files(project: Path, like: Iterable[Blob]) -> Mapping[str, str]:
    """Give the id that git would store each file of the project under, without asking git for it.

    Args:
        project: Its folder.
        like: Files that are stored, which show the algorithm in use.
    """
    is_long = any(len(blob.id) > hashlib.sha1(usedforsecurity=False).digest_size * 2 for blob in like)
    found: dict[str, str] = {}
    for file in _listed(project):
        content = read_bytes(project / file, file, FORM_SIZE_LIMIT)
        found[file] = "" if isinstance(content, Problem) else _blob_id(content, is_long=is_long)
    return found


def _listed(project: Path) -> Iterator[str]:
    yield from (name for name in PATHS[1:] if (project / name).is_file())
    for one in list_below(project / PATHS[0])[0]:
        if not one.is_folder:
            yield f"{PATHS[0]}/{one.name}"


def _blob_id(content: bytes, *, is_long: bool) -> str:
    head = f"blob {len(content)}\0".encode("ascii")
    if is_long:
        return hashlib.sha256(head + content).hexdigest()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def lay_out(repository: Repository, blobs: Iterable[Blob], folder: Path) -> tuple[NotRead, ...]:
    """Write *blobs* below *folder*; give those that have no place there.

    Raises:
        NoGit: An object is missing.
        OSError: The disk refuses.
    """
    told: list[NotRead] = []
    placed: list[Blob] = []
    for blob in blobs:
        saying = _without_place(blob)
        if saying is None:
            placed.append(blob)
            continue
        told.append(NotRead(file=blob.path, saying=saying))
        if blob.mode == LINK and _is_plain(blob.path):
            # So that the reader meets a link as well; it leads nowhere.
            target = folder / blob.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to("link")
    for blob, content in repository.contents(placed):
        target = folder / blob.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    return tuple(told)


def _without_place(blob: Blob) -> Message | None:
    """Say why a file is not laid out."""
    if blob.mode == LINK:
        return message("这是一个链接，不是文件")
    if blob.mode not in REGULAR:
        return message("这是另一个仓库（子模块），里面的内容没有比较")
    if not _is_plain(blob.path):
        return message("文件名不是 UTF-8，或指到别处，没有比较")
    if blob.size > _limit(blob.path):
        return message("文件有 {size} 字节，太大，没有比较", size=str(blob.size))
    return None


def _limit(path: str) -> int:
    if path.startswith(FORMS):
        return FORM_SIZE_LIMIT
    return REGISTER_SIZE_LIMIT if path == "content/addresses.yml" else SIZE_LIMIT


def _is_plain(path: str) -> bool:
    """Tell whether a path stays below the folder that it is put in, on every system."""
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and all(part not in {"", ".", ".."} and len(os.fsencode(part)) <= _NAME_LIMIT for part in parts)
    )
