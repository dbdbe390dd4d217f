"""Hurt builds in every way we know; the site must be whole every time: `make torture`.

Two states of a sample project, A and B, are built once in peace. A build is the same bytes every time, so
"whole" is exact: after each blow every file of the site equals A or every file equals B, and its manifest
agrees. Then a build in peace must succeed and leave nothing of the blow. A reader looks at the site all the
while and must never find a page missing.

    python -m tests.torture            everything, 200 random kills
    python -m tests.torture 1000       more of them
    python -m tests.torture --only steps --only power
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.torture.bench import Bench, prepared, reader
from tests.torture.disk import POWER_CUTS, cut_power, fill_disk
from tests.torture.kills import PER_STEP, kill_at_every_step, kill_at_random
from tests.torture.pairs import build_in_pairs

KILLS = 200
PAIRS = 20
NEED_ROOT = {"disk", "power"}


def parts(kills: int, chance: random.Random) -> dict[str, Callable[[Bench], str]]:
    """Give the parts in their order, each under its name; each says what it did."""
    return {
        "random": lambda bench: kill_at_random(bench, kills, chance),
        "steps": lambda bench: kill_at_every_step(bench, PER_STEP, chance),
        "pairs": lambda bench: build_in_pairs(bench, PAIRS),
        "disk": fill_disk,
        "power": lambda bench: cut_power(bench, POWER_CUTS, chance),
    }


def main() -> None:
    """Run the parts and print their figures."""
    names = list(parts(0, random.Random()))  # noqa: S311 - only the names are used
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("kills", nargs="?", type=int, default=KILLS, help="random kills")
    parser.add_argument("--only", action="append", choices=names, help="run this part; may be repeated")
    parser.add_argument("--seed", type=int, default=20_211_231)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311 - repeatable, not secret
    console = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        bench = prepared(Path(folder))
        with reader(bench.site) as errors:
            for name, part in parts(wanted.kills, chance).items():
                if wanted.only and name not in wanted.only:
                    continue
                if name in NEED_ROOT and os.geteuid() != 0:
                    console.print(f"{name}: not run, only root mounts file systems")
                    continue
                console.print(f"{name}: {part(bench)}")
    console.print(
        f"errors of the reader: {len(errors)}; sites not whole, or something left: {len(bench.broken)}"
    )
    sys.exit(1 if bench.broken or errors else 0)


if __name__ == "__main__":
    main()
