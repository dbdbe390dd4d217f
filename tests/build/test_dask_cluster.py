"""A Dask cluster shares the work out: a real scheduler and two worker processes on loopback."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao, run_module
from tests.support.build_runs import list_differing_files, read_all_files
from tests.support.dask_cluster import START_TIMEOUT, Program, dask_cluster, dask_worker, wait_for_file


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[Program]]]:
    """The address of a scheduler, and its workers."""
    with dask_cluster(tmp_path / "cluster") as running:
        yield running


def test_a_cluster_of_which_a_worker_is_killed_builds_the_same_site(
    cluster: tuple[str, list[Program]], tmp_path: Path
) -> None:
    address, workers = cluster
    project = make_project(tmp_path / "project", 100)
    command = [sys.executable, "-m", "jixiao", "build", "--project", str(project), "--scheduler", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
        wait_for_file(project / "build/.staging/site/2021")
        workers[0].kill()
        _, said = building.communicate(timeout=START_TIMEOUT * 3)
    assert (building.returncode, said) == (0, b"")
    shared_out = read_all_files(project / "build/site")

    (project / "build").rename(tmp_path / "shared-out")
    assert jixiao("build", "--project", str(project)).returncode == 0

    assert list_differing_files(shared_out, read_all_files(project / "build/site")) == []


def test_the_only_worker_may_be_lost_when_another_has_come(tmp_path: Path) -> None:
    """What all batches need was on the lost worker alone."""
    project = make_project(tmp_path / "project", 100)
    with dask_cluster(tmp_path / "cluster", workers=1) as (address, workers):
        command = [
            sys.executable,
            "-m",
            "jixiao",
            "build",
            "--project",
            str(project),
            "--scheduler",
            address,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
            wait_for_file(project / "build/.staging/site/2021")
            with dask_worker(address, tmp_path / "cluster"):
                workers[0].kill()
                _, said = building.communicate(timeout=START_TIMEOUT * 3)

    assert (building.returncode, said) == (0, b"")


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(tmp_path / "project", 2)
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    scheduler = ("--scheduler", "tcp://127.0.0.1:9")

    result = run_module("jixiao", "build", "--project", str(project), *scheduler, language="zh")

    assert result.returncode == 2
    first, *_, last = result.stderr.splitlines()
    assert first == "没有连上 Dask 集群 tcp://127.0.0.1:9；还要安装 jixiao[cluster]"
    assert last == "没有发布；原来的网站没有变。"
    assert "Traceback" not in result.stderr
