"""Feed each reader and writer 1 MiB of every sign, bracket and entity: `python -m tests.linear [reader ...]`.

`make linear` runs it with all of them, in about an hour.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.linear.measured_readers import readers
from tests.linear.measuring import TooSlow, seconds_of
from tests.linear.texts import LENGTH, run, units

SECONDS = 2.0
"""Of processor time, for one reader and one text."""


def main() -> None:
    """Measure, and print what takes longest of each reader; end with 1 where something takes too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.linear", description=__doc__)
    parser.add_argument("reader", nargs="*", help="how the name of a reader begins; otherwise all")
    parser.add_argument("--length", type=int, default=LENGTH, help="bytes of each text")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of processor time that are allowed")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, markup=False, highlight=False)
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, read in readers(Path(folder)).items():
            if arguments.reader and not name.startswith(tuple(arguments.reader)):
                continue
            longest, unit_of_longest = 0.0, ""
            for unit in units(is_whole=True):
                try:
                    seconds = seconds_of(read, run(unit, arguments.length), 2 * arguments.seconds)
                except TooSlow:
                    seconds = 2 * arguments.seconds
                if seconds > arguments.seconds:
                    slow += 1
                    console.print(f"too slow: {name}: {unit!r} {seconds:.1f} s")
                longest, unit_of_longest = max((longest, unit_of_longest), (seconds, unit))
            console.print(f"{name}: at most {longest:.2f} s, of {unit_of_longest!r}")
    if slow:
        sys.exit(f"{slow} too slow")


if __name__ == "__main__":
    main()
