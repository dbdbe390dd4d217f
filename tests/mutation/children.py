"""Processes in which one thing is tried each: they end with 0, with another number, or too late."""

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

AT_ONCE = 2
MEMORY = 4 * 1024**3
_PAUSE = 0.002
"""Seconds between two looks at the children."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Something to be tried in a process of its own."""

    number: int
    patience: float
    """Seconds; afterwards the process is killed."""
    succeeds: Callable[[], bool]


def failed(attempts: Iterable[Attempt]) -> Iterator[tuple[int, bool]]:
    """Try each, several at once; give its number and whether it failed, crashed or ran out of time."""
    waiting = iter(attempts)
    running: dict[int, tuple[int, float]] = {}
    while True:
        while len(running) < AT_ONCE and (attempt := next(waiting, None)):
            running[_fork(attempt.succeeds)] = (attempt.number, time.monotonic() + attempt.patience)
        if not running:
            return
        process, status = os.waitpid(-1, os.WNOHANG)
        if process:
            yield running.pop(process)[0], status != 0
            continue
        for late, (_, end) in running.items():
            if time.monotonic() > end:
                os.kill(late, signal.SIGKILL)
        time.sleep(_PAUSE)


def _fork(succeeds: Callable[[], bool]) -> int:
    process = os.fork()
    if process:
        return process
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(silence, standard)
        sys.settrace(None)
        os._exit(0 if succeeds() else 1)
    finally:
        os._exit(2)
