"""Run one command and write what it cost: a process of its own, so that nothing else is counted.

    python -I -S measured.py REPORT COMMAND [ARGUMENT ...]

REPORT becomes a JSON file with wall and processor seconds, the memory of the largest process in MB, and the
exit code. Processes that the command starts are counted, also those that it leaves behind. Only the standard
library is used: a child is counted with the memory of its parent until it has begun, so this process must be
small.
"""

import ctypes
import json
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

_BECOME_PARENT_OF_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of Linux."""
_KILOBYTES_IN_A_MEGABYTE = 1024


def main() -> None:
    """Run the command of the command line."""
    report, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0)
    # A Python that was started by a script brings the time of that script's commands along.
    before = _processor_seconds()
    begun = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, _ = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    with suppress(ChildProcessError):
        while True:
            os.wait()
    cost = {
        "wall_s": wall,
        "cpu_s": _processor_seconds() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _KILOBYTES_IN_A_MEGABYTE,
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    Path(report).write_text(json.dumps(cost), encoding="utf-8")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
