"""A build that is struck dead at one of its steps, with all its helpers: `struck PROJECT [STEP DELAY]`.

Without a step it comes to its end and writes the name and the length of each step as JSON. The blow comes
from the process itself, because nobody else sees a step begin so exactly: without a delay before the first
instruction of the step, with a delay from a thread that waits beside the build. It must lead a process group
of its own.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from jixiao import pipeline
from jixiao.i18n import Message, load_interface_catalogue


def _die() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _die_after(seconds: float) -> None:
    # Awake all the while: a sleep would miss a step that takes a thousandth of a second.
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(0)
    _die()


def main() -> None:
    """Build, and die if told to."""
    project = Path(sys.argv[1])
    fatal, delay = (int(sys.argv[2]), float(sys.argv[3])) if sys.argv[2:] else (None, 0.0)
    begun: list[tuple[str, float]] = []

    def progress(step: Message) -> None:
        if len(begun) == fatal:
            if delay == 0:
                _die()
            threading.Thread(target=_die_after, args=(delay,), daemon=True).start()
        begun.append((step.translate(load_interface_catalogue("en")), time.perf_counter()))

    built = pipeline.build(project, progress)
    ends = [moment for _name, moment in begun[1:]] + [time.perf_counter()]
    steps = [(name, end - moment) for (name, moment), end in zip(begun, ends, strict=True)]
    sys.stdout.write(json.dumps(steps))
    sys.exit(0 if built.site else 1)


if __name__ == "__main__":
    main()
