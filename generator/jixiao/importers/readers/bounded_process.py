"""Subprocess with limits of processor time and memory, and the result types it sends for a PDF.

The system enforces the limits where it can (`resource`); a watching thread enforces them everywhere. Imported
by both processes, so it imports none of their libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from enum import StrEnum
from typing import Final, TypedDict

from jixiao.theme import PACKAGE

SECONDS_LIMIT: Final = 15
"""Processor seconds. A page of a PDF takes about 0.2."""
MEMORY_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of memory. A form takes 40 MB, a department's budget of a hundred pages 60."""
_WALL_CLOCK_SECONDS: Final = 60
"""Wall-clock seconds, for a process that has to wait for the processor."""
_POLL_SECONDS: Final = 0.05


def limit_this_process() -> None:
    """Set system limits for this process where supported; elsewhere the parent enforces them."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_within_limits(module: str, content: bytes) -> bytes | None:
    """Run *module* as a program with *content* as input, and return its output.

    Returns:
        Its output, or `None` if it ended before it was done.
    """
    # With -P nothing is imported from the folder in which the command runs.
    command = [sys.executable, "-P", "-m", module]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(  # noqa: S603 - Python itself, with arguments of ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        threading.Thread(target=_kill_beyond_limits, args=(process,), daemon=True).start()
        try:
            output, _ = process.communicate(content, timeout=_WALL_CLOCK_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    return None if process.returncode else output


def _kill_beyond_limits(process: subprocess.Popen[bytes]) -> None:
    """Kill *process* once it exceeds the limits."""
    # The subprocess imports this module too, and need not wait for this library.
    import psutil  # noqa: PLC0415

    with suppress(psutil.Error):
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            times = watched.cpu_times()
            if watched.memory_info().rss > MEMORY_LIMIT or times.user + times.system > SECONDS_LIMIT:
                process.kill()
                return
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)


PDF_SIGNATURE_WITHIN: Final = 1024
"""Bytes that may precede the PDF signature, as its standard says."""
PDF_PAGES_LIMIT = 100
"""Pages of one file. A form has one or two."""
PDF_CHARACTERS_LIMIT = 50_000
"""Characters of one file. A form has about 2,000."""


class PdfRefusal(StrEnum):
    """Reason why a PDF is not read."""

    PASSWORD = "password"  # noqa: S105 - the reason, not the word
    PAGES = "pages"
    CHARACTERS = "characters"
    FONT = "font"
    """Fonts do not say which characters they print."""
    DAMAGED = "damaged"
    LIMITS = "limits"
    """Reading takes too much time or memory."""
    SCANNED = "scanned"
    """There is no text in the file."""


class PdfCell(TypedDict):
    """Cell on a page: its text and left edge."""

    text: str
    left: float


class PdfBlock(TypedDict):
    """Table, or a line outside all tables as a table of one row."""

    is_table: bool
    rows: list[list[PdfCell]]


class PdfPageContent(TypedDict):
    """Content of one page."""

    blocks: list[PdfBlock]
    has_text: bool
    has_pictures: bool


class PdfContent(TypedDict):
    """All pages of a PDF, or the reason why there are none."""

    refusal: PdfRefusal | None
    pages: list[PdfPageContent]
