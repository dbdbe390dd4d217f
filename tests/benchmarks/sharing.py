"""What a cluster costs: the same cold build by two Dask workers and by two processes here, in turn.

    python -m tests.benchmarks.sharing 10000

Scheduler and workers are programs of their own on the loopback interface, as in the tests. What is printed is
the wall seconds of each build and the ratio of the medians.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.benchmarks.corpus import make_project
from tests.support.dask_cluster import dask_cluster

CONSOLE = Console(soft_wrap=True, highlight=False)
RUNS = 1
_TITLES = {"local": "two processes", "dask": "two Dask workers"}


def main() -> None:
    """Measure a project of as many declarations as the command line says."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    seconds: dict[str, list[float]] = {name: [] for name in _TITLES}
    with tempfile.TemporaryDirectory(prefix="jixiao-sharing-") as folder:
        project = make_project(Path(folder) / "project", size, languages=("zh",))
        for _ in range(runs):
            seconds["local"].append(_built(project))
            with dask_cluster(Path(folder) / "cluster") as (address, _):
                seconds["dask"].append(_built(project, "--scheduler", address))
    for name, of_runs in seconds.items():
        CONSOLE.print(f"{_TITLES[name]}: {', '.join(f'{one:.1f}' for one in of_runs)} s")
    local, dask = (statistics.median(seconds[name]) for name in ("local", "dask"))
    CONSOLE.print(f"ratio: {dask / local:.2f}")


def _built(project: Path, *options: str) -> float:
    """Build from nothing; give the wall seconds."""
    shutil.rmtree(project / "build", ignore_errors=True)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "jixiao", "build", "--project", str(project), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
