"""Page templates of the theme, their bytecode cache, and the place of an error in one of them.

A template can never print a bare `str`: typed text goes through `Text`. People who edit templates do not
read Python, so an error in a template is reported with its place, like an error in the content, and not as
a traceback. Compiled templates lie in `__pycache__`, like compiled modules: nothing of a site or of `build/`
is ever run.
"""

import errno
import hashlib
import importlib.util
import os
import pickle
import sys
import traceback
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    Undefined,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from jixiao.i18n import THEME, message
from jixiao.ignored_files import is_ignored_name
from jixiao.problems import UserError
from jixiao.text import Text
from jixiao.theme import PACKAGE

_TEMPLATE_ENDINGS = (".jinja", ".html")
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


def find_template_error(error: Exception, template: Path | None = None) -> UserError | None:
    """Return the error that names the template and line, or `None` if no template was being filled.

    Args:
        error: Exception raised while templates were read or filled.
        template: The requested file, in case its bytes cannot be read.
    """
    reason = f"{type(error).__name__}: {error}"
    if is_disk_error(error):
        return None
    if isinstance(error, TemplateNotFound):
        return UserError(message("模板 {file} 读不出来", file=str(error.name)), reason)
    # The template engine writes the lines of templates into the traceback, as if they were Python.
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(_TEMPLATE_ENDINGS)
    ]
    if frames:
        place = {"file": _describe_template_path(Path(frames[-1].filename)), "line": str(frames[-1].lineno)}
        return UserError(message("模板 {file} 第 {line} 行有错", **place), reason)
    if isinstance(error, UnicodeDecodeError) and template:
        return UserError(message("模板 {file} 读不出来", file=_describe_template_path(template)), reason)
    return None


def is_disk_error(error: Exception) -> bool:
    """Return whether an error comes from the disk and not from a template."""
    # The library makes a missing template an OSError.
    return isinstance(error, OSError) and not isinstance(error, TemplateNotFound)


def require_theme_folder(part: str) -> None:
    """Check that a folder of the theme exists; without it, each of its templates would seem to be wrong.

    Raises:
        FileNotFoundError: The folder is missing.
    """
    folder = THEME / part
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _describe_template_path(file: Path) -> str:
    return file.relative_to(THEME.parent).as_posix() if file.is_relative_to(THEME) else file.as_posix()


class BareValue(TypeError):  # noqa: N818 - its name is part of a message
    """A template tried to print a value that is not escaped."""

    def __init__(self, kind: str) -> None:
        """Build the message with the type of the value."""
        super().__init__(f"a template may not print a {kind}: use Text, a localizer, or the filter `e`")


def _require_escaped(value: object) -> object:
    """Return *value* if it is escaped or needs no escaping; raise an error otherwise."""
    match value:
        # What is undefined is let through to be printed, which fails and says what is missing.
        case Markup() | Text() | int() | Undefined():
            return value
        case _:
            kind = type(value).__name__
            raise BareValue(kind)


@cache
def build_template_environment() -> Environment:
    """Create the template environment, once a process: compiling templates is slower than filling them."""
    return Environment(
        loader=FileSystemLoader(THEME / "pages"),
        bytecode_cache=open_template_cache(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_require_escaped,
        # `{#` begins an anchor in our Markdown (`## 来源 {#source}`), so comments are written `{## … ##}`.
        comment_start_string="{##",
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill_template(template: str, values: dict[str, object]) -> str:
    """Fill the template `theme/pages/<template>.md.jinja`.

    Raises:
        UserError: The template cannot be filled; the error has its place and reason.
    """
    name = f"{template}.md.jinja"
    try:
        return build_template_environment().get_template(name).render(values)
    except Exception as error:
        require_theme_folder("pages")
        found = find_template_error(error, THEME / "pages" / name)
        if found is None:
            raise
        raise found from error
