"""A deployed copy of a site, held against the manifest of the site: each file by its length and SHA-256.

A copy is a folder, or an address from which every file is fetched. What differs, is missing, is more than the
manifest lists, or is older is named. The server is not trusted: no answer costs more than our own manifest
makes plausible, and none is followed elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from jixiao.i18n import Message, message
from jixiao.verify.bounded_download import (
    BadAnswerError,
    DownloadServer,
    NotServedError,
    UnreachableError,
    parse_server,
)
from jixiao.verify.findings import VerificationFinding
from jixiao.verify.manifest import MANIFEST, SiteManifest, describe_change, file_entries, read_manifest

TIMEOUT: Final = 30.0
"""Seconds that an answer may take, beside the time for its length."""
_AT_ONCE: Final = 8
_TOTAL_TIMEOUTS: Final = 20
_SECONDS_FOR_A_FILE: Final = 0.25
_SLOWEST: Final = 128 * 1024
"""Bytes in a second that all connections together must bring."""
_MORE: Final = 1 << 16
_UNSERVED: Final = frozenset({"_headers"})
"""Files that static hosts read and do not hand out."""

Entry = tuple[int, str] | Message | None
"""Length and SHA-256; why it could not be read; `None` where there is no such file."""


class NoManifestError(ValueError):
    """There is no manifest to hold a copy against."""


class NoAddressError(ValueError):
    """Error for an invalid address."""


def is_address(copy: str) -> bool:
    """Return whether the text is an address and not a folder."""
    return copy.lower().startswith(("http://", "https://"))


def compare_deployed_copy(site: Path, copy: str, timeout: float = TIMEOUT) -> Iterator[VerificationFinding]:
    """Yield where a copy is not the site.

    Args:
        site: The folder of the site; its manifest is what counts.
        copy: A folder, or an address that begins with `http://` or `https://`.
        timeout: Seconds for an answer of a server, beside the time for its length.

    Raises:
        NoManifestError: The site has none.
        NoAddressError: The address cannot be one.
        UnreachableError: The server cannot be reached.
        OSError: The folder cannot be read.
    """
    file = site / MANIFEST
    content = file.read_bytes() if file.is_file() else b""
    ours = read_manifest(content)
    if ours is None:
        raise NoManifestError
    if not is_address(copy):
        theirs = Path(copy) / MANIFEST
        yield from _compare_versions(ours, theirs.read_bytes() if theirs.is_file() else b"")
        found = file_entries(Path(copy))
        yield from _differences(ours, {path: found.get(path) for path in sorted(ours.files)})
        yield from _describe_surplus(found.keys() - ours.files.keys())
        return
    length = sum(length for length, _ in ours.files.values())
    seconds = _TOTAL_TIMEOUTS * timeout + _SECONDS_FOR_A_FILE * len(ours.files) + length / _SLOWEST
    server = parse_server(copy, timeout, seconds)
    if server is None:
        raise NoAddressError
    # A later one may list more files.
    listed = _manifest_at(server, 2 * len(content) + _MORE)
    if isinstance(listed, Message):
        yield VerificationFinding(file=MANIFEST, message=listed)
        listed = b""
    else:
        yield from _compare_versions(ours, listed)
    yield from _compare_server(ours, read_manifest(listed), server)


def _compare_versions(ours: SiteManifest, content: bytes) -> Iterator[VerificationFinding]:
    theirs = read_manifest(content)
    if theirs is None:
        yield VerificationFinding(file=MANIFEST, message=message("没有清单，或清单读不出来"))
    elif theirs.counter != ours.counter:
        versions = {"theirs": str(theirs.counter), "ours": str(ours.counter)}
        difference = (
            message("部署的是旧的一版：第 {theirs} 版，这里是第 {ours} 版", **versions)
            if theirs.counter < ours.counter
            else message("部署的比这里新：第 {theirs} 版，这里是第 {ours} 版", **versions)
        )
        yield VerificationFinding(file=MANIFEST, message=difference)


def _compare_server(
    ours: SiteManifest, theirs: SiteManifest | None, server: DownloadServer
) -> Iterator[VerificationFinding]:
    listed = sorted(ours.files.keys() - _UNSERVED)
    more = sorted((theirs.files.keys() if theirs else set()) - ours.files.keys())
    with ThreadPoolExecutor(_AT_ONCE) as executor:
        present = executor.map(lambda path: _fetched(server, path, ours.files[path][0]), listed)
        yield from _differences(ours, dict(zip(listed, present, strict=True)))
        there = executor.map(lambda path: isinstance(_fetched(server, path, 0), tuple), more)
        yield from _describe_surplus({path for path, is_there in zip(more, there, strict=True) if is_there})


def _differences(ours: SiteManifest, present: Mapping[str, Entry]) -> Iterator[VerificationFinding]:
    for path, entry in present.items():
        if isinstance(entry, Message):
            yield VerificationFinding(file=path, message=entry)
        elif entry != ours.files[path]:
            yield VerificationFinding(file=path, message=describe_change(entry))


def _describe_surplus(paths: set[str]) -> Iterator[VerificationFinding]:
    for path in sorted(paths):
        yield VerificationFinding(file=path, message=message("多出这个文件，清单里没有"))


def _manifest_at(server: DownloadServer, limit: int) -> bytes | Message:
    """Fetch the manifest; an empty one where there is none."""
    content = bytearray()
    try:
        server.read(MANIFEST, limit, content.extend)
    except NotServedError:
        return b""
    except BadAnswerError as bad:
        return bad.message
    return bytes(content) if len(content) <= limit else message("清单比这里的长得多，没有读完")


def _fetched(server: DownloadServer, path: str, length: int) -> Entry:
    """Fetch a file that should have *length* bytes; of a longer one no more than shows that it is longer."""
    digest, taken = hashlib.sha256(), 0

    def take(chunk: bytes) -> None:
        nonlocal taken
        digest.update(chunk)
        taken += len(chunk)

    try:
        server.read(path, length, take)
    except NotServedError:
        return None
    except BadAnswerError as bad:
        return bad.message
    except UnreachableError as error:
        return message("读不到：{reason}", reason=str(error))
    return (taken, digest.hexdigest())
