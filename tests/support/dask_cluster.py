"""Dask cluster on loopback, for tests and measurements: a scheduler and two workers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_TIMEOUT = 300.0

Program = subprocess.Popen[bytes]


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[Program]]]:
    """Run a cluster with its files in *folder*; yield its address and its workers."""
    folder.mkdir(exist_ok=True)
    about = folder / "scheduler.json"
    with ExitStack() as stack:
        host = ("--host", "127.0.0.1", "--scheduler-file", str(about))
        stack.enter_context(_run_program("dask_scheduler", *host, "--port", "0"))
        wait_for_file(about)
        address = json.loads(about.read_text("utf-8"))["address"]
        yield address, [stack.enter_context(dask_worker(address, folder)) for _ in range(workers)]


@contextmanager
def dask_worker(address: str, folder: Path) -> Iterator[Program]:
    """Run one more worker for the scheduler at *address* while the block runs."""
    worker = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    with _run_program("dask_worker", address, *worker) as process:
        yield process


@contextmanager
def _run_program(module: str, *arguments: str) -> Iterator[Program]:
    """Run a program of the cluster while the block runs; it is ended by its own process id."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_file(file: Path) -> None:
    """Wait until a file exists."""
    end = time.monotonic() + START_TIMEOUT
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert file.exists()
