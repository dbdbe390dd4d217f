"""Compare whole builds of ours and of other generators on the same pages, in time, memory and size."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.results import section_of, tables_of, write_json, write_report
from tests.benchmarks.rounds import CASES, Row, measure, steps_of
from tests.benchmarks.tools import OURS, PEERS, TITLES, machine, versions_of
from tests.conftest import ROOT

SIZES = (1_000, 10_000)
RUNS = 3
FEW_RUNS_FROM = 10_000
"""From this size on a run takes minutes, and one is made unless more are asked for."""
LARGEST_FOR_PEERS = 10_000
_EXAMPLES = f"""
cases:
{chr(10).join(f"  {case:<11} {meaning}" for case, meaning in CASES.items())}

tools:
{chr(10).join(f"  {name:<11} {TITLES[name]}" for name in (OURS, *PEERS))}

examples:
  make bench                                      all tools, 1,000 and 10,000 declarations: about half an hour
  make bench SIZES=200 ARGS="--runs 1"            a first look, in a minute or two
  make bench SIZES=1000 ARGS="--tools jixiao,hugo"
  make bench SIZES=100000                         ours alone; peers read at most {LARGEST_FOR_PEERS:,}

build/bench.json holds the medians of this run. BENCHMARKS.md is written when all tools were measured; sizes
that were not stay in it as they are. Figures are worth something on an idle machine only.
Projects and sites are made in a temporary folder and removed; TMPDIR=/another/disk chooses where.
"""


def main() -> int:
    """Measure what the command line names; give the exit code."""
    wanted = _command_line()
    console = Console(soft_wrap=True, highlight=False)
    versions, missing = versions_of(wanted.tools)
    for name, how in missing.items():
        console.print(f"{TITLES[name]} is left out: {how}", markup=False)
    said = f"{datetime.now(UTC).date()}, {machine()}"
    console.print(said)
    console.print(", ".join(versions.values()))
    rows: list[Row] = []
    sections: dict[int, str] = {}
    try:
        for size in wanted.sizes:
            names = [name for name in versions if size <= LARGEST_FOR_PEERS or name == OURS]
            runs = wanted.runs or (RUNS if size < FEW_RUNS_FROM else 1)
            rows += _measured(size, names, runs)
            when = f"{said}; {runs} {'run' if runs == 1 else 'runs'}."
            sections[size] = section_of(rows, size, when, versions)
            console.print(*tables_of(rows, size), sep="\n")
            write_json(rows, wanted.json)
            if set(versions) == {OURS, *PEERS}:
                write_report(sections, wanted.report)
    except BenchmarkFailure as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    if set(versions) != {OURS, *PEERS}:
        console.print(f"{wanted.report.name} stays as it is: it is written when all tools are measured")
    return 0


def _measured(size: int, names: Sequence[str], runs: int) -> list[Row]:
    columns = (SpinnerColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=steps_of(names, runs), completed=-1)
        return measure(size, names, runs, lambda saying: progress.update(task, advance=1, description=saying))


def _command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sizes",
        nargs="*",
        type=int,
        default=SIZES,
        metavar="SIZE",
        help="declarations; default: 1000 10000",
    )
    parser.add_argument(
        "--tools",
        type=_tools,
        default=(OURS, *PEERS),
        metavar="NAMES",
        help=f"tools with commas between them; default: {','.join((OURS, *PEERS))}",
    )
    parser.add_argument(
        "--runs",
        type=int,
        metavar="N",
        help=f"runs of each tool and case; default: {RUNS}, from {FEW_RUNS_FROM:,} declarations on 1",
    )
    parser.add_argument(
        "--json", type=Path, default=ROOT / "build/bench.json", metavar="FILE", help="where the medians go"
    )
    parser.add_argument(
        "--report", type=Path, default=ROOT / "BENCHMARKS.md", metavar="FILE", help="where the report goes"
    )
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.tools) - {OURS, *PEERS})
    if unknown:
        parser.error(f"no such tool: {', '.join(unknown)}; there are {', '.join((OURS, *PEERS))}")
    if min((*wanted.sizes, 1 if wanted.runs is None else wanted.runs)) < 1:
        parser.error("sizes and runs are numbers from 1")
    # Ours comes first whatever the order: the peers read its pages.
    wanted.tools = tuple(name for name in (OURS, *PEERS) if name in wanted.tools)
    return wanted


def _tools(typed: str) -> tuple[str, ...]:
    return tuple(typed.split(","))


if __name__ == "__main__":
    sys.exit(main())
