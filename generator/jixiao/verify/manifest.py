"""The manifest of a site: every file with its length and checksum, so that any change is seen.

Written last, as `data/manifest.json`, which alone is not in it. The counter grows by one with every
publication that changes a file; a site with a lower counter than one seen before is an old one put back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple

from jixiao.i18n import Message, message
from jixiao.verify.findings import VerificationFinding

MANIFEST = "data/manifest.json"
"""Where it lies in a site."""

_FORMAT = 1
_HIGHEST = 2**53
"""Upper limit of counters; larger numbers cannot be real."""
_Entry = tuple[int, str]
"""Length in bytes and SHA-256, both missing for an unreadable file, which equals no other."""
_NO_FILE: _Entry = (-1, "")
_UNREADABLE: _Entry = (-2, "")
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_OTHERS_ENTER = stat.S_IXGRP | stat.S_IXOTH
_SPECIAL = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX


class SiteManifest(NamedTuple):
    """The counter of a manifest and the files that it lists."""

    counter: int
    files: dict[str, _Entry]
    """Path → length and SHA-256."""


def write_manifest(
    folder: Path, entries: Iterable[tuple[str, int, str]], previous: Path | None, about: Mapping[str, Any]
) -> Path:
    """Write the manifest of a site into *folder*; give its path.

    Args:
        folder: Where the manifest goes, under its path in a site.
        entries: Path, length in bytes and SHA-256 of every file of the site, the manifest aside; sorted.
        previous: The folder of the site that was published before. Its counter is continued.
        about: What the head says beside format and counter: commit, time, counts.
    """
    file = folder / MANIFEST
    file.parent.mkdir(parents=True, exist_ok=True)
    # The head comes first and tells whether a file has changed, which is known last; of a hundred thousand
    # declarations no two lists of files are held in memory.
    with TemporaryFile(dir=file.parent) as listed, file.open("wb") as manifest:
        for line in _write_lines(entries):
            listed.write(line)
        listed.seek(0)
        counter, is_same = _compare_previous(previous / MANIFEST, listed) if previous else (0, False)
        head = {"format": _FORMAT, "counter": counter + (not is_same), **about}
        manifest.write(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "files": [\n'.encode())
        listed.seek(0)
        shutil.copyfileobj(listed, manifest)
    return file


def _write_lines(entries: Iterable[tuple[str, int, str]]) -> Iterator[bytes]:
    """Write a line for each file, as people compare them, and the end of the manifest."""
    quoted = json.JSONEncoder(ensure_ascii=False).encode
    between = ""
    for path, length, sha256 in entries:
        yield f'{between}{{"path": {quoted(path)}, "length": {length}, "sha256": {quoted(sha256)}}}'.encode()
        between = ",\n"
    yield b"\n]}\n"


def _compare_previous(previous: Path, listed: BinaryIO) -> tuple[int, bool]:
    """Return the counter of the manifest *previous*, and whether it lists the same files as *listed*."""
    try:
        with previous.open("rb") as before:
            head = _parse_json(before.readline() + b"]}")
            is_same = all(old == new for old, new in zip_longest(before, listed))
    except OSError:
        return 0, False
    return (0, False) if head is None else (_read_counter(head), is_same)


def read_manifest(content: bytes) -> SiteManifest | None:
    """Read a manifest; `None` where *content* is none."""
    manifest = _parse_json(content)
    if manifest is None or not isinstance(manifest.get("files"), list):
        return None
    files: dict[str, _Entry] = {}
    for entry in manifest["files"]:
        match entry:
            case {"path": str(path), "length": int(length), "sha256": str(digest)} if path not in files:
                files[path] = (length, digest)
            case _:
                return None
    return SiteManifest(_read_counter(manifest), files)


def file_entries(site: Path) -> dict[str, _Entry]:
    """Read every file of *site*, the manifest aside: path → length and SHA-256."""
    return {path: _file_entry(site / path) for path in site_files(site) if path != MANIFEST}


def compare_manifest(site: Path) -> Iterator[VerificationFinding]:
    """Yield every file of *site* that is changed, missing or not in its manifest."""
    listed = _read_files(site / MANIFEST)
    if listed is None:
        yield VerificationFinding(file=MANIFEST, message=message("没有清单，或清单读不出来"))
        return
    present = file_entries(site)
    for path in sorted(listed.keys() | present.keys()):
        if path not in listed:
            yield VerificationFinding(file=path, message=message("多出这个文件，清单里没有"))
        elif present.get(path) != listed[path]:
            yield VerificationFinding(file=path, message=describe_change(present.get(path)))


def describe_change(found: _Entry | None) -> Message:
    """Describe how a *found* file differs from its entry in the manifest."""
    if found is None:
        return message("缺少这个文件，清单里有")
    if found == _UNREADABLE:
        return message("没有权限读这个文件")
    return message("文件与清单记载的不同，发布后被改动过")


def unreadable_permissions(site: Path) -> Iterator[VerificationFinding]:
    """Yield the files and folders of *site* that only their owner may read, or that are neither.

    The web server is another user. What its group may read is enough.
    """
    for shown, mode in _modes(site):
        needed = (_OTHERS_READ, _OTHERS_ENTER) if stat.S_ISDIR(mode) else (_OTHERS_READ,)
        if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            yield VerificationFinding(file=shown, message=message("既不是文件，也不是文件夹"))
        elif os.name != "nt" and not all(mode & bits for bits in needed):
            rights = f"{stat.S_IMODE(mode):03o}"
            saying = message("网站服务器读不了，权限是 {rights}", rights=rights)
            yield VerificationFinding(file=shown, message=saying)


def unsafe_permissions(site: Path) -> Iterator[VerificationFinding]:
    """Yield the files and folders of *site* that strangers may write, and files with special bits.

    No build leaves such. A folder may hand its group on to what is made in it, which is what its setgid bit
    says.
    """
    around = site.resolve().parent.stat().st_mode
    # On file systems of Windows everybody may write everything, whatever is done about it.
    if os.name == "nt" or (around & stat.S_IWOTH and not around & stat.S_ISVTX):
        return
    for shown, mode in _modes(site):
        rights = f"{stat.S_IMODE(mode):03o}"
        if stat.S_ISLNK(mode):
            continue
        if mode & stat.S_IWOTH:
            saying = message("任何人都能改写，权限是 {rights}", rights=rights)
            yield VerificationFinding(file=shown, message=saying)
        elif mode & _SPECIAL and not stat.S_ISDIR(mode):
            saying = message("有 setuid、setgid 或粘滞位，权限是 {rights}", rights=rights)
            yield VerificationFinding(file=shown, message=saying)


def _modes(site: Path) -> Iterator[tuple[str, int]]:
    """Yield every file and folder of *site* with its mode."""
    for parent, folders, names in os.walk(site):
        for name in (*folders, *names):
            path = Path(parent, name)
            yield path.relative_to(site).as_posix(), path.lstat().st_mode


def _read_files(file: Path) -> dict[str, _Entry] | None:
    """Read the entries of a manifest, or return `None` if it is missing or invalid."""
    try:
        manifest = read_manifest(file.read_bytes())
    except OSError:
        return None
    return None if manifest is None else manifest.files


def _parse_json(content: bytes) -> dict[str, Any] | None:
    """Read JSON as strictly as it was written: it may come from a server that is not trusted."""
    try:
        manifest = json.loads(
            content, object_pairs_hook=_refuse_repeated_keys, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == _FORMAT else None


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError(pairs)
    return unique


def _refuse_constant(constant: str) -> None:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(constant)


def _read_counter(manifest: dict[str, Any]) -> int:
    counter = manifest.get("counter")
    return counter if isinstance(counter, int) and 0 <= counter <= _HIGHEST else 0


def _file_entry(path: Path) -> _Entry:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        return _NO_FILE
    try:
        with path.open("rb") as file:
            return (status.st_size, hashlib.file_digest(file, "sha256").hexdigest())
    except PermissionError:
        return _UNREADABLE


def site_files(site: Path) -> Iterator[str]:
    """Yield the path of every file of *site*, symbolic links included."""
    for folder, folders, names in os.walk(site):
        within = Path(folder).relative_to(site)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in (*names, *links):
            yield (within / name).as_posix()
