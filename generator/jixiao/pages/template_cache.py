"""Bytecode cache of the templates, and the digest of the program that keys this and other caches.

Compiled templates lie in `__pycache__`, like compiled modules: nothing of a site or of `build/` is ever run.
"""

import hashlib
import importlib.util
import os
import pickle
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from jixiao.i18n import THEME
from jixiao.ignored_files import is_ignored_name
from jixiao.theme import PACKAGE

_LIBRARIES = (
    "Jinja2",
    "Markdown",
    "MarkupSafe",
    "PyYAML",
    "XlsxWriter",
    "Pygments",
    "mkdocs",
    "mkdocs-material",
    "pagefind",
    "pyarrow",
    "pydantic",
    "python-stdnum",
    "segno",
    "typst",
)
"""Libraries whose version can change the built site."""


@cache
def compute_program_digest() -> str:
    """Return a digest of the program, its theme, and the libraries that affect the built site.

    Cached, because it is constant while the process lives.
    """
    digest = hashlib.sha256()
    files = [*PACKAGE.rglob("*.py"), *(path for path in THEME.rglob("*") if path.is_file())]
    files = [file for file in files if not is_ignored_name(file.name)]
    for file in sorted(files):
        digest.update(f"{file.name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update("\0".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return digest.hexdigest()


def count_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _ProgramBytecodeCache(FileSystemBytecodeCache):
    """Bytecode cache of templates beside the program; a read-only program is no error."""

    def __init__(self, folder: Path) -> None:
        """Store compiled templates in *folder*."""
        super().__init__(str(folder), "template-%s.jinja")
        self._program = compute_program_digest()

    def get_source_checksum(self, source: str) -> str:
        """Include the program in the checksum, because filters of constants run at compile time."""
        return hashlib.sha256(f"{self._program}\0{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a compiled template, or reset the bucket if the file is damaged."""
        try:
            super().load_bytecode(bucket)
        except (EOFError, OSError, TypeError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template; write errors are ignored."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def open_template_cache() -> BytecodeCache | None:
    """Return the cache of compiled templates, or `None` if Python stores no bytecode either."""
    folder = Path(importlib.util.cache_from_source(__file__)).parent
    if sys.dont_write_bytecode or not folder.is_dir():
        return None
    return _ProgramBytecodeCache(folder)
