"""A Dask cluster shares the work out: a real scheduler and two worker processes on loopback."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.benchmarks.corpus import make_project
from tests.building import contents
from tests.conftest import jixiao

PATIENCE_SECONDS = 60.0


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of the cluster while the block runs; it is ended by its own process id."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its workers."""
    about = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        host = ("--host", "127.0.0.1", "--scheduler-file", str(about))
        stack.enter_context(_running("dask_scheduler", *host, "--port", "0"))
        _wait_for(about)
        address = json.loads(about.read_text("utf-8"))["address"]
        worker = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
        workers = [stack.enter_context(_running("dask_worker", address, *worker)) for _ in range(2)]
        yield address, workers


def _wait_for(file: Path) -> None:
    """Wait until a file is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert file.exists()


def test_a_cluster_of_which_a_worker_is_killed_builds_the_same_site(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    project = make_project(tmp_path / "project", 300)
    command = [sys.executable, "-m", "generator", "build", "--project", str(project), "--scheduler", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
        _wait_for(project / "build/.workshop/site/2021")
        workers[0].kill()
        _, said = building.communicate(timeout=PATIENCE_SECONDS * 3)
    assert (building.returncode, said) == (0, b"")
    shared_out = contents(project / "build/site")

    (project / "build").rename(tmp_path / "shared-out")
    assert jixiao("build", "--project", str(project)).returncode == 0

    assert shared_out == contents(project / "build/site")


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", 2)

    result = jixiao("build", "--project", str(project), "--scheduler", "tcp://127.0.0.1:9", language="zh")

    assert result.returncode == 2
    first, *_, last = result.stderr.splitlines()
    assert first == "没有连上 Dask 集群 tcp://127.0.0.1:9；还要安装 jixiao[cluster]"
    assert last == "没有发布；原来的网站没有变。"
    assert "Traceback" not in result.stderr
