"""Time `jixiao check` and `jixiao build` on synthetic declarations: `make bench SIZES="100 1000"`.

Prints the median of three runs of each command as a whole process, and the memory of the largest one.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.corpus import make_project

RUNS = 3
DEFAULT_SIZES = (100, 1000)


def main() -> None:
    """Measure each size that is named on the command line."""
    table = Table("declarations", "command", "median, s", "fastest, s", "slowest, s", "largest process, MB")
    for size in map(int, sys.argv[1:]) if sys.argv[1:] else DEFAULT_SIZES:
        with tempfile.TemporaryDirectory() as folder:
            project = make_project(Path(folder) / "project", size)
            for command in ("check", "build"):
                walls = sorted(_wall(command, project) for _ in range(RUNS))
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
                figures = (statistics.median(walls), walls[0], walls[-1])
                table.add_row(str(size), command, *(f"{figure:.2f}" for figure in figures), str(peak))
    Console().print(table)


def _wall(command: str, project: Path) -> float:
    begun = time.monotonic()
    arguments = [sys.executable, "-m", "generator", command, "--project", str(project)]
    subprocess.run(arguments, check=True, capture_output=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
