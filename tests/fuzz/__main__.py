"""Fuzz the entrances of the program: `python -m tests.fuzz [--seconds N | --runs N] [target ...]`.

A crashing input is kept, and `python -m tests.fuzz TARGET --input FILE` examines it again, without atheris.
"""

import argparse
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.campaign import Limit, Outcome, run
from tests.fuzz.targets import KNOWN, TARGETS

SECONDS = 60
"""For each target, where nothing else is said."""


def main() -> None:
    """Run each target that is named, or all, and print what came of it."""
    arguments = _arguments()
    names: list[str] = arguments.target or list(TARGETS)
    if arguments.input:
        for name in names:
            KNOWN[name].examiner()(arguments.input.read_bytes())
        Console().print(f"no fault: {', '.join(names)}")
        return
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: it has no binary for this machine")
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="jixiao-fuzz-"))
    seconds = arguments.seconds or (0 if arguments.runs else SECONDS)
    limit = Limit(runs=arguments.runs, seconds=seconds)
    outcomes = [run(name, KNOWN[name].longest, limit, arguments.seed, folder / name) for name in names]
    _show(outcomes)
    if not all(outcome.is_clean for outcome in outcomes):
        sys.exit(1)
    if not arguments.keep:
        shutil.rmtree(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz with atheris.")
    parser.add_argument(
        "target", nargs="*", choices=(*KNOWN, []), metavar="target", help=f"of {', '.join(TARGETS)}"
    )
    ends = parser.add_mutually_exclusive_group()
    ends.add_argument("--seconds", type=int, default=0, help=f"time for each target; otherwise {SECONDS}")
    ends.add_argument("--runs", type=int, default=0, help="executions of each target")
    parser.add_argument(
        "--seed", type=int, default=0, help="repeats a campaign; another one each time when 0"
    )
    parser.add_argument("--keep", type=Path, help="a new folder for seeds, logs and crashing inputs")
    parser.add_argument("--input", type=Path, help="examine this file once, with the fault as a traceback")
    return parser.parse_args()


def _show(outcomes: list[Outcome]) -> None:
    table = Table("target")
    for header in ("executions", "executions/s", "seconds", "crashes"):
        table.add_column(header, justify="right")
    for outcome in outcomes:
        speed = outcome.executions / outcome.seconds
        figures = (f"{outcome.executions:,}", f"{speed:,.0f}", f"{outcome.seconds:.1f}")
        table.add_row(outcome.target, *figures, str(int(not outcome.is_clean)))
    console = Console()
    console.print(table)
    for outcome in outcomes:
        if outcome.crash:
            again = f"python -m tests.fuzz {outcome.target} --input {outcome.crash}"
            console.print(f"{outcome.target}: input kept; again with: {again}", soft_wrap=True)
        elif not outcome.is_clean:
            console.print(f"{outcome.target}: the process failed; see {outcome.log}", soft_wrap=True)


if __name__ == "__main__":
    main()
