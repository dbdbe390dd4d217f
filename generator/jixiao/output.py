"""Standard output and error take every character: what a terminal cannot show is replaced."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


def replace_what_cannot_be_shown() -> None:
    """Let both write `?` where their encoding, such as GBK or ASCII, has no sign."""
    for stream in (sys.stdout, sys.stderr):
        set_encoding(stream)


class OutputRefused(Exception):  # noqa: N818 - named for what it says
    """The standard output takes nothing, for example because it goes to a disk that is full."""

    def __init__(self, reason: str) -> None:
        """Keep the words of the system."""
        super().__init__(reason)
        self.reason = reason


class _Output(TextIOWrapper):
    """A standard output whose failures nobody takes for those of a file that a command writes."""

    def write(self, text: str, /) -> int:
        with _failure_named():
            return super().write(text)

    def flush(self) -> None:
        with _failure_named():
            super().flush()


@contextmanager
def _failure_named() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever reads has seen enough; the command-line library ends quietly.
        raise
    except OSError as error:
        raise OutputRefused(error.strerror or str(error)) from error


def name_failures_of_output() -> None:
    """Let the standard output raise `OutputRefused` where it takes nothing."""
    stream = sys.stdout
    if isinstance(stream, TextIOWrapper):
        encoding, errors, by_lines = stream.encoding, stream.errors, stream.line_buffering
        sys.stdout = _Output(stream.detach(), encoding, errors, line_buffering=by_lines)


def drop_what_is_refused() -> None:
    """Send into nothing what waits for the standard output, which Python would try again as it ends."""
    with suppress(OSError), Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())


def can_show(text: str) -> bool:
    """Tell whether the standard output has signs for *text*."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def set_encoding(stream: TextIO | None, encoding: str | None = None) -> None:
    """Write into *stream* with `?` for what has no sign, in *encoding* if one is given.

    A process without a console has no streams, and a test may have put another kind in their place.
    """
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="replace")
