"""A slip in a template of the theme: which file, which line, and what the template engine says.

Those who edit templates never open Python, so what goes wrong there is told with its place, like a slip in
the content, and not as a traceback.
"""

import errno
import os
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, Undefined
from markupsafe import Markup

from jixiao.i18n import THEME
from jixiao.pages.template_cache import compiled_templates
from jixiao.text import Text

_ENDINGS = (".jinja", ".html")


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Where a template is wrong, and why."""

    file: str
    """From the folder of the theme, e.g. `theme/pages/home.md.jinja`; others as they are called."""
    line: int | None
    """`None` when the whole file is missing or cannot be read."""
    reason: str
    """In the words of the template engine."""


class BadTemplate(Exception):  # noqa: N818 - named for what was found
    """A template cannot be filled."""

    def __init__(self, slip: Slip) -> None:
        """Keep the slip."""
        super().__init__(f"{slip.file}:{slip.line}: {slip.reason}")
        self.slip = slip


def slip_in_template(error: Exception, template: Path | None = None) -> Slip | None:
    """Find the place in a template at which *error* arose; `None` when no template was being filled.

    Args:
        error: What was raised while templates were read or filled.
        template: The file that was asked for, in case its bytes cannot be read.
    """
    reason = f"{type(error).__name__}: {error}"
    if is_disk_error(error):
        return None
    if isinstance(error, TemplateNotFound):
        return Slip(file=str(error.name), line=None, reason=reason)
    # The template engine writes the lines of templates into the traceback, as if they were Python.
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(_ENDINGS)
    ]
    if frames:
        return Slip(file=_shown(Path(frames[-1].filename)), line=frames[-1].lineno, reason=reason)
    if isinstance(error, UnicodeDecodeError) and template:
        return Slip(file=_shown(template), line=None, reason=reason)
    return None


def is_disk_error(error: Exception) -> bool:
    """Tell an error of the disk from one of the template that was being filled."""
    # The library makes a missing template an OSError.
    return isinstance(error, OSError) and not isinstance(error, TemplateNotFound)


def require_theme(part: str) -> None:
    """Look for a folder of the theme, without which each of its templates would seem to be wrong.

    Raises:
        FileNotFoundError: It is not there any more.
    """
    folder = THEME / part
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _shown(file: Path) -> str:
    return file.relative_to(THEME.parent).as_posix() if file.is_relative_to(THEME) else file.as_posix()


class BareValue(TypeError):  # noqa: N818 - named for what was found
    """A template tried to print something that nobody has escaped."""

    def __init__(self, kind: str) -> None:
        """Name the type that was printed."""
        super().__init__(f"a template may not print a {kind}: use Text, a voice, or the filter `e`")


def _printable(value: object) -> object:
    """Let through what is escaped or cannot need it; refuse the rest, loudly and at once."""
    match value:
        # What is undefined is let through to be printed, which fails and says what is missing.
        case Markup() | Text() | int() | Undefined():
            return value
        case _:
            kind = type(value).__name__
            raise BareValue(kind)


@cache
def environment() -> Environment:
    """Make the template environment, once a process: compiling a template costs more than filling it."""
    return Environment(
        loader=FileSystemLoader(THEME / "pages"),
        bytecode_cache=compiled_templates(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        # `{#` begins an anchor in our Markdown (`## 来源 {#source}`), so comments are written `{## … ##}`.
        comment_start_string="{##",
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, values: dict[str, object]) -> str:
    """Fill the template `theme/pages/<template>.md.jinja`.

    Raises:
        BadTemplate: It cannot be filled; the slip says where and why.
    """
    name = f"{template}.md.jinja"
    try:
        return environment().get_template(name).render(values)
    except Exception as error:
        require_theme("pages")
        slip = slip_in_template(error, THEME / "pages" / name)
        if slip is None:
            raise
        raise BadTemplate(slip) from error
