"""Which program this is: what one has made, another may not take over."""

import hashlib
from functools import cache
from importlib.metadata import version

from jixiao.i18n import THEME
from jixiao.ignored_files import is_leftover
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
    "segno",
    "typst",
)
"""Of which another version may make another site of the same input."""


@cache
def program_digest() -> str:
    """Give a digest of the program, its theme and the libraries that make pages and papers.

    It does not change while a process lives.
    """
    digest = hashlib.sha256()
    files = [*PACKAGE.rglob("*.py"), *(path for path in THEME.rglob("*") if path.is_file())]
    files = [file for file in files if not is_leftover(file.name)]
    for file in sorted(files):
        digest.update(f"{file.name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update("\0".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return digest.hexdigest()
