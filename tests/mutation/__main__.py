"""Change the program in one place at a time, and see whether a test notices: `make mutate`.

Words on the command line choose files by parts of their paths; without any, all are done. A mutant that no
test can ever kill belongs into `equivalent.toml`, with the reason.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutation.equivalent import Key, read_equivalent
from tests.mutation.groups import REACH, REACHES, files_of
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.trial import survivors

ROOT = Path(__file__).parent.parent.parent
CONSOLE = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 110)


def main() -> None:
    """Mutate, print survivors and the table, and exit with 1 where a group falls short."""
    words, tests = _command_line()
    groups = {
        group: [file for file in files if not words or any(word in file for word in words)]
        for group, files in files_of(ROOT).items()
    }
    mutants = [mutant for files in groups.values() for file in files for mutant in mutants_of(ROOT, file)]
    equivalent = {
        key: why
        for key, why in read_equivalent().items()
        if any(key[0] in files for files in groups.values())
    }
    if not mutants:
        sys.exit(f"no mutated file has a path with {' or '.join(words)}")
    with tempfile.TemporaryDirectory() as folder:
        # Where tests have their folders, so that thousands of runs leave nothing behind.
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        alive = survivors(ROOT, mutants, equivalent, CONSOLE, tests)
    falls_short = [*_wrong_reasons(mutants, alive, equivalent)]
    table = Table("group", "mutants", "killed", "survived", "equivalent", "of all", "of killable", "reach")
    for group, files in groups.items():
        ours = [mutant for mutant in mutants if mutant.file in files]
        if ours and not _row(table, group, ours, alive, set(equivalent)):
            falls_short.append(f"{group} falls short")
    if not _row(table, "all", mutants, alive, set(equivalent)):
        falls_short.append("all together fall short")
    CONSOLE.print(table)
    for reason in falls_short:
        CONSOLE.print(reason, markup=False)
    sys.exit(1 if falls_short else 0)


def _command_line() -> tuple[list[str], list[Path]]:
    """Give the words that choose files, and the tests to be used."""
    parser = argparse.ArgumentParser(
        description="Change one place of the program at a time: does a test notice?"
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="only files with it in their path")
    parser.add_argument(
        "--tests",
        action="append",
        metavar="WORD",
        help="use only the files of tests with it in their name: quicker, and the score can only be worse",
    )
    options = parser.parse_args()
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    chosen = [file for file in files if any(word in file.name for word in options.tests or ("",))]
    if not chosen:
        parser.error("no file of tests has such a path")
    return options.words, chosen


def _wrong_reasons(mutants: list[Mutant], alive: set[Key], equivalent: dict[Key, str]) -> Iterator[str]:
    """Say which entries of the list of reasons do not hold any more."""
    made = {mutant.key for mutant in mutants}
    for key in equivalent:
        if key not in made:
            yield f"equivalent.toml names what is no mutant any more: {key}"
        elif key not in alive:
            yield f"equivalent.toml names what a test does kill: {key}"


def _row(table: Table, group: str, mutants: list[Mutant], alive: set[Key], equivalent: set[Key]) -> bool:
    """Add a row, and tell whether the group reaches what it must."""
    survived = sum(mutant.key in alive and mutant.key not in equivalent for mutant in mutants)
    excused = sum(mutant.key in alive and mutant.key in equivalent for mutant in mutants)
    killed = len(mutants) - survived - excused
    killable = max(1, len(mutants) - excused)
    reach = REACHES.get(group, REACH)
    figures = (len(mutants), killed, survived, excused)
    shares = (killed / max(1, len(mutants)), killed / killable, reach)
    table.add_row(group, *map(str, figures), *(f"{100 * share:.2f} %" for share in shares))
    return killed / killable >= reach


if __name__ == "__main__":
    main()
