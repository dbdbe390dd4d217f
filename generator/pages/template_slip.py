"""A slip in a template of the theme: which file, which line, and what the template engine says.

Those who edit templates never open Python, so what goes wrong there is told with its place, like a slip in
the content, and not as a traceback.
"""

import errno
import os
import traceback
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateNotFound

from generator.words import THEME

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
