"""Standard output and error take every character: what a terminal cannot show is replaced."""

import sys
from io import TextIOWrapper
from typing import TextIO


def replace_what_cannot_be_shown() -> None:
    """Let both write `?` where their encoding, such as GBK or ASCII, has no sign."""
    for stream in (sys.stdout, sys.stderr):
        set_encoding(stream)


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
