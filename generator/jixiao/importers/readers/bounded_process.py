"""A reader in a process of its own, which may take so much of the processor and of memory, and no more.

Where the system limits a process (`resource`), it does. Everywhere a thread looks at the process again and
again and ends one that has taken too much.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Final

from jixiao.theme import PACKAGE

SECONDS_LIMIT: Final = 15
"""Of the processor. A page of a PDF takes about 0.2."""
MEMORY_LIMIT: Final = 256 * 1024 * 1024
"""Bytes. A form takes 40 MB, a department's budget of a hundred pages 60."""
_PATIENCE_SECONDS: Final = 60
"""By the clock, for a process that has fewer of the processor and may have to wait for it."""
_PAUSE_SECONDS: Final = 0.05


def limit_this_process() -> None:
    """Ask the system to end this process where it takes more; where it cannot, others watch."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_within_limits(module: str, content: bytes) -> bytes | None:
    """Give *content* to *module*, run as a program, and return what it writes.

    Returns:
        Its output; `None` where it came to an end before it was done.
    """
    # Neither the folder that the command runs in nor anything in it is to be imported.
    command = [sys.executable, "-P", "-m", module]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(  # noqa: S603 - Python itself, with arguments of ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        threading.Thread(target=_watch, args=(process,), daemon=True).start()
        try:
            said, _ = process.communicate(content, timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    return None if process.returncode else said


def _watch(process: subprocess.Popen[bytes]) -> None:
    """End *process* once it has taken too much."""
    # The reader itself imports this module and need not wait.
    import psutil  # noqa: PLC0415

    with suppress(psutil.Error):
        seen = psutil.Process(process.pid)
        while process.poll() is None:
            taken = seen.cpu_times()
            if seen.memory_info().rss > MEMORY_LIMIT or taken.user + taken.system > SECONDS_LIMIT:
                process.kill()
                return
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PAUSE_SECONDS)
