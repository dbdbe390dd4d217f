"""A deployed copy of a site, held against the manifest of the site: each file by its length and SHA-256.

A copy is a folder, or an address from which every file is fetched. What differs, is missing, is more than the
manifest lists, or is older is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from generator.verify.finding import Finding
from generator.verify.manifest import MANIFEST, Manifest, entries_of, read_manifest
from generator.words import message

_AT_ONCE: Final = 8
_TIMEOUT: Final = 30
"""Seconds that a server may be silent."""
_CHUNK: Final = 1 << 20
_UNSERVED: Final = frozenset({"_headers"})
"""Files that static hosts read and do not hand out."""

Entry = tuple[int, str] | None
"""Length and SHA-256; `None` where there is no such file."""


class NoManifest(ValueError):  # noqa: N818 - named for what it says
    """There is no manifest to hold a copy against."""


def is_address(copy: str) -> bool:
    """Tell an address from a folder."""
    return urlsplit(copy).scheme in {"http", "https"}


def compare_deployed(site: Path, copy: str) -> Iterator[Finding]:
    """Find where a copy is not the site.

    Args:
        site: The folder of the site; its manifest is what counts.
        copy: A folder, or an address that begins with `http://` or `https://`.

    Raises:
        NoManifest: The site has none.
        OSError: The server cannot be reached, or the folder cannot be read.
    """
    file = site / MANIFEST
    ours = read_manifest(file.read_bytes()) if file.is_file() else None
    if ours is None:
        raise NoManifest
    theirs = read_manifest(_manifest_of(copy) or b"")
    if theirs is None:
        yield Finding(file=MANIFEST, saying=message("没有清单，或清单读不出来"))
    elif theirs.counter != ours.counter:
        saying = (
            message("部署的是旧的一版：第 {theirs} 版，这里是第 {ours} 版", **_versions(ours, theirs))
            if theirs.counter < ours.counter
            else message("部署的比这里新：第 {theirs} 版，这里是第 {ours} 版", **_versions(ours, theirs))
        )
        yield Finding(file=MANIFEST, saying=saying)
    yield from _differences(ours, theirs, copy)


def _versions(ours: Manifest, theirs: Manifest) -> dict[str, str]:
    return {"theirs": str(theirs.counter), "ours": str(ours.counter)}


def _differences(ours: Manifest, theirs: Manifest | None, copy: str) -> Iterator[Finding]:
    if is_address(copy):
        listed = sorted(ours.files.keys() - _UNSERVED)
        with ThreadPoolExecutor(_AT_ONCE) as crew:
            present = dict(zip(listed, crew.map(lambda path: _fetched(copy, path), listed), strict=True))
        more = (theirs.files.keys() if theirs else set()) - ours.files.keys()
        extra = {path for path in more if _fetched(copy, path) is not None}
    else:
        listed = sorted(ours.files)
        found = entries_of(Path(copy))
        present = {path: found.get(path) for path in listed}
        extra = found.keys() - ours.files.keys()
    for path, entry in present.items():
        if entry is None:
            yield Finding(file=path, saying=message("缺少这个文件，清单里有"))
        elif entry != ours.files[path]:
            yield Finding(file=path, saying=message("文件与清单记载的不同，发布后被改动过"))
    for path in sorted(extra):
        yield Finding(file=path, saying=message("多出这个文件，清单里没有"))


def _manifest_of(copy: str) -> bytes | None:
    if not is_address(copy):
        file = Path(copy) / MANIFEST
        return file.read_bytes() if file.is_file() else None
    try:
        with urlopen(_request(copy, MANIFEST), timeout=_TIMEOUT) as answer:  # noqa: S310 - http alone, see is_address
            content: bytes = answer.read()
    except HTTPError:
        return None
    return content


def _fetched(copy: str, path: str) -> Entry:
    digest, length = hashlib.sha256(), 0
    try:
        with urlopen(_request(copy, path), timeout=_TIMEOUT) as answer:  # noqa: S310 - http alone, see is_address
            while chunk := answer.read(_CHUNK):
                digest.update(chunk)
                length += len(chunk)
    except HTTPError:
        return None
    return (length, digest.hexdigest())


def _request(copy: str, path: str) -> Request:
    # As it is stored: what a proxy keeps, or compresses on the way, is not what was deployed.
    headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache"}
    return Request(f"{copy.rstrip('/')}/{quote(path)}", headers=headers)  # noqa: S310 - http alone, see is_address
