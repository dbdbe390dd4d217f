"""A whole site of invented declarations with every option on: data and packs, in two languages.

    python -m tests.benchmarks.everything 1500

What `make bench` compares with peers has neither, because they have neither. A build that refuses what
`check` accepts ends with its last words and the exit code 1.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.benchmarks.corpus import make_project
from tests.benchmarks.cost import Cost, cost_of, megabytes
from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.tools import machine, ours

OPTIONS = {"downloads": "true", "packs": "true"}
SIZE = 1_500
CONSOLE = Console(soft_wrap=True, highlight=False)


def make_everything(folder: Path, size: int, languages: tuple[str, ...] = ("zh", "en")) -> Path:
    """Write a project of *size* invented declarations whose settings ask for everything."""
    project = make_project(folder, size, languages=languages)
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{option}: {value}\n" for option, value in OPTIONS.items())
    return project


def measure_everything(folder: Path, size: int) -> tuple[Cost, float]:
    """Check and build a project from nothing; return what the build cost, and the size of its site in MB.

    Raises:
        BenchmarkFailure: The check or the build refused it.
    """
    project = make_everything(folder / "project", size)
    tool = ours(project)
    python, *_ = tool.steps[0]
    cost_of(((python, "-m", "jixiao", "check"),), project, tool.environment)
    return cost_of(tool.steps, project, tool.environment), megabytes(tool.site)


def main(arguments: Sequence[str]) -> int:
    """Measure projects of the sizes that the command line names; return the exit code."""
    CONSOLE.print(machine())
    for size in map(int, arguments or (str(SIZE),)):
        with tempfile.TemporaryDirectory(prefix="jixiao-everything-") as folder:
            try:
                cost, site = measure_everything(Path(folder), size)
            except BenchmarkFailure as failure:
                CONSOLE.print(str(failure), style="red", markup=False)
                return 1
        CONSOLE.print(
            f"{size:,} declarations with data and packs: {cost.wall_s:.1f} s, CPU {cost.cpu_s:.1f} s, "
            f"memory {cost.peak_mb:.0f} MB, site {site:.0f} MB"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
