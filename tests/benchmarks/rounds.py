"""Measure one size: all tools in turn on the same pages, round after round; a busy minute hits them all."""

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.benchmarks.change import change_one_figure
from tests.benchmarks.corpus import make_project
from tests.benchmarks.cost import Cost, cost_of, megabytes
from tests.benchmarks.frame import copy_pages, frame_of
from tests.benchmarks.likeness import require_likeness
from tests.benchmarks.tools import OURS, TITLES, Tool, ours, peer

CHECK = "check"
COLD = "cold"
CHANGE = "one change"
CASES = {
    CHECK: "nothing built before; the declarations are only checked",
    COLD: "nothing built before",
    CHANGE: "the sum of one declaration changed after a complete build",
}
Step = Callable[[str], None]
"""Told before each run what begins."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one tool took for one case, the median of its runs."""

    size: int
    """Declarations."""
    case: str
    tool: str
    wall_s: float
    cpu_s: float
    """User and system time of all processes."""
    peak_mb: float
    """Memory of the largest single process."""
    output_mb: float | None
    """Size of the site; nothing where none is made."""


def measure(size: int, names: Sequence[str], runs: int, step: Step) -> list[Row]:
    """Measure the tools called *names* on *size* declarations.

    Ours builds in any case, because its pages are what the peers read; it is counted when it is named.

    Raises:
        BenchmarkFailure: A tool failed, or its site cannot be compared with ours.
    """
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="jixiao-bench-") as folder:
        step(f"making {size:,} declarations")
        project = make_project(Path(folder) / "project", size, languages=("zh",))
        tools = [ours(project)]
        for run in range(runs):
            rows.append(_check(tools[0], size, step))
            rows.append(_build(tools[0], COLD, size, step))
            if run == 0:
                frame = frame_of(_pages(project), tools[0].site)
                tools += [peer(name, Path(folder) / name, frame) for name in names if name != OURS]
            for tool in tools:
                _give_pages(tool, project)
            rows += [_build(tool, COLD, size, step) for tool in tools[1:]]
            for tool in tools:
                require_likeness(tool, project)
        for _ in range(runs):
            figure = change_one_figure(project)
            for tool in tools:
                _give_pages(tool, project)
                rows.append(_build(tool, CHANGE, size, step))
                require_likeness(tool, project, figure)
        step("")
    return medians([row for row in rows if row.tool in names])


def steps_of(names: Sequence[str], runs: int) -> int:
    """Count how often `measure` tells what begins."""
    built = len({OURS, *names})
    return 2 + runs * (1 + 2 * built)


def _pages(project: Path) -> Path:
    return project / "build/pages/zh"


def _give_pages(tool: Tool, project: Path) -> None:
    if tool.content:
        copy_pages(_pages(project), tool.content, branches=tool.branches)


def _check(tool: Tool, size: int, step: Step) -> Row:
    command = (sys.executable, "-m", "jixiao", "check")
    return replace(_build(replace(tool, steps=(command,)), COLD, size, step), case=CHECK, output_mb=None)


def _build(tool: Tool, case: str, size: int, step: Step) -> Row:
    step(f"{size:,} declarations, {case}: {TITLES[tool.name]}")
    if case == COLD:
        for left in tool.left:
            shutil.rmtree(left, ignore_errors=True)
    # What earlier runs have written goes to the disk now: ours waits for the disk before it publishes, and
    # must wait for nobody else's pages.
    os.sync()
    cost = cost_of(tool.steps, tool.folder, tool.environment)
    return _row(size, case, tool, cost)


def _row(size: int, case: str, tool: Tool, cost: Cost) -> Row:
    return Row(size=size, case=case, tool=tool.name, output_mb=megabytes(tool.site), **asdict(cost))


def medians(rows: Sequence[Row]) -> list[Row]:
    """Join the rows of the same size, case and tool; by case, then in the order in which they came."""
    keys = dict.fromkeys((row.size, row.case, row.tool) for row in rows)
    ordered = sorted(keys, key=lambda key: (key[0], list(CASES).index(key[1])))
    return [_median([row for row in rows if (row.size, row.case, row.tool) == key]) for key in ordered]


def _median(rows: Sequence[Row]) -> Row:
    sizes = [row.output_mb for row in rows if row.output_mb is not None]
    return replace(
        rows[0],
        wall_s=round(statistics.median(row.wall_s for row in rows), 3),
        cpu_s=round(statistics.median(row.cpu_s for row in rows), 3),
        peak_mb=round(statistics.median(row.peak_mb for row in rows), 1),
        output_mb=round(statistics.median(sizes), 1) if sizes else None,
    )
