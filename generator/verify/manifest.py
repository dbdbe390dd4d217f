"""The manifest of a site: every file with its length and checksum, so that any change is seen.

Written last, as `data/manifest.json`, which alone is not in it. The counter grows by one with every
publication that changes a file; a site with a lower counter than one seen before is an old one put back.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.verify.finding import Finding
from generator.words import message

MANIFEST = "data/manifest.json"
"""Where it lies in a site."""

_FORMAT = 1
_Entry = tuple[int, str]
"""Length in bytes and SHA-256; a symbolic link has neither and is never equal to a file."""


def write_manifest(
    folder: Path, entries: Mapping[str, tuple[int, str]], previous: Path | None, commit: str | None
) -> Path:
    """Write the manifest of a site into *folder*; give its path.

    Args:
        folder: Where the manifest goes, under its path in a site.
        entries: Path → length in bytes and SHA-256 of every file of the site, the manifest aside.
        previous: The folder of the site that was published before. Its counter is continued.
        commit: The git commit of the project, where there is one.
    """
    before = _parsed(previous / MANIFEST) if previous else None
    is_same = before is not None and _listed(before) == entries
    head = {"format": _FORMAT, "counter": _counter(before) + (not is_same), "commit": commit}
    file = folder / MANIFEST
    file.parent.mkdir(parents=True, exist_ok=True)
    # A line for each file, as people compare them; written so because json knows only one or many lines.
    with file.open("w", encoding="utf-8", newline="\n") as manifest:
        manifest.write(f'{json.dumps(head)[:-1]}, "files": [')
        between = "\n"
        for path in sorted(entries):
            length, digest = entries[path]
            entry = {"path": path, "length": length, "sha256": digest}
            manifest.write(f"{between}{json.dumps(entry, ensure_ascii=False)}")
            between = ",\n"
        manifest.write("\n]}\n")
    return file


def entries_of(site: Path) -> dict[str, _Entry]:
    """Read every file of *site*, the manifest aside: path → length and SHA-256."""
    return {path: _entry(site / path) for path in files_of(site) if path != MANIFEST}


def differences(site: Path) -> Iterator[Finding]:
    """Yield every file of *site* that is changed, missing or not in its manifest."""
    manifest = _read(site / MANIFEST)
    if manifest is None:
        yield Finding(file=MANIFEST, saying=message("没有清单，或清单读不出来"))
        return
    listed = manifest
    present = entries_of(site)
    for path in sorted(listed.keys() | present.keys()):
        if path not in present:
            yield Finding(file=path, saying=message("缺少这个文件，清单里有"))
        elif path not in listed:
            yield Finding(file=path, saying=message("多出这个文件，清单里没有"))
        elif listed[path] != present[path]:
            yield Finding(file=path, saying=message("文件与清单记载的不同，发布后被改动过"))


def _read(file: Path) -> dict[str, _Entry] | None:
    """Read what a manifest lists; `None` when it is not there or is not a manifest."""
    manifest = _parsed(file)
    return None if manifest is None else _listed(manifest)


def _listed(manifest: dict[str, Any]) -> dict[str, _Entry] | None:
    try:
        files = [(entry["path"], entry["length"], entry["sha256"]) for entry in manifest["files"]]
    except (KeyError, TypeError):
        return None
    return {str(path): (length, digest) for path, length, digest in files}


def _parsed(file: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == _FORMAT else None


def _counter(manifest: dict[str, Any] | None) -> int:
    counter = manifest.get("counter") if manifest else None
    return counter if isinstance(counter, int) else 0


def _entry(path: Path) -> _Entry:
    if path.is_symlink():
        return (-1, "")
    content = path.read_bytes()
    return (len(content), hashlib.sha256(content).hexdigest())


def files_of(site: Path) -> Iterator[str]:
    """Give the path of every file of *site*, symbolic links included."""
    for folder, folders, names in os.walk(site):
        within = Path(folder).relative_to(site)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in (*names, *links):
            yield (within / name).as_posix()
