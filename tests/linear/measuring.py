"""Processor time of one reader over one text, ended where it takes too long."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlow(Exception):  # noqa: N818 - named for what it says
    """A reader was ended."""


def seconds_of(read: Callable[[str], object], text: str, limit: float) -> float:
    """Return the seconds of processor time that *read* takes for *text*.

    Raises:
        TooSlow: It was ended after *limit* seconds.
    """
    with _ended_after(limit):
        began = time.process_time()
        read(text)
        return time.process_time() - began


@contextmanager
def _ended_after(limit: float) -> Iterator[None]:
    """End what runs after *limit* seconds of processor time; a regular expression, too, looks for signals."""
    former = signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow
