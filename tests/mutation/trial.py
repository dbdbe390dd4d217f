"""The trial of all mutants: first those of functions in one session, then those of imports one by one."""

import json
import os
import pickle
import sys
import tempfile
import traceback
from collections.abc import Collection, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import Progress

from tests.mutation.equivalent import Key
from tests.mutation.fresh import tried
from tests.mutation.mutants import Mutant
from tests.mutation.session import Outcome, Session

TOLD_EVERY = 50
"""Mutants between two lines of progress where no bar can be drawn."""


class Note(Protocol):
    """Takes what became of a mutant."""

    def __call__(self, number: int, *, killed: bool) -> None:
        """Note it."""


def survivors(
    root: Path,
    mutants: Sequence[Mutant],
    excused: Collection[Key],
    console: Console,
    tests: Sequence[Path],
) -> set[Key]:
    """Give the mutants that none of *tests* notices; show each that is not *excused* at once."""
    alive: set[Key] = set()
    with Progress(console=console, transient=True) as progress, tempfile.TemporaryDirectory() as folder:
        task = progress.add_task("mutants", total=len(mutants))
        tried_so_far = count(1)
        console.print(f"{len(mutants)} mutants; first every test runs once without a change, some minutes")

        def note(number: int, *, killed: bool) -> None:
            progress.advance(task)
            so_far = next(tried_so_far)
            if not console.is_terminal and so_far % TOLD_EVERY == 0:
                console.print(f"{so_far} of {len(mutants)} tried", highlight=False)
            if not killed:
                alive.add(mutants[number].key)
                if mutants[number].key not in excused:
                    console.print(_shown(mutants[number]), highlight=False, markup=False)

        found = _in_one_session(root, mutants, Path(folder) / "outcome", note, tests)
        left = {number: mutants[number] for number in found.left}
        for number, killed in tried(root, left, found.tests):
            note(number, killed=killed)
    return alive


def _shown(mutant: Mutant) -> str:
    place = f"{mutant.file}:{min(mutant.lines, default=1)} {mutant.where}".strip()
    return f"survived: {place}\n  - {mutant.was}\n  + {mutant.now}"


def _in_one_session(
    root: Path, mutants: Sequence[Mutant], outcome: Path, note: Note, tests: Sequence[Path]
) -> Outcome:
    """Try what can be changed after the import, in a process of its own."""
    process, answers = _session(root, mutants, outcome, tests)
    with os.fdopen(answers) as stream:
        for line in stream:
            number, killed = json.loads(line)
            note(number, killed=killed)
    _, status = os.waitpid(process, 0)
    if status:
        sys.stderr.write(outcome.with_suffix(".log").read_text("utf-8", "replace"))
        sys.exit("the tests do not pass without any change")
    found: Outcome = pickle.loads(outcome.read_bytes())  # noqa: S301 - written above
    return found


def _session(root: Path, mutants: Sequence[Mutant], outcome: Path, tests: Sequence[Path]) -> tuple[int, int]:
    """Fork the session; give its process and where it writes the fate of each mutant."""
    answers, told = os.pipe()
    process = os.fork()
    if process:
        os.close(told)
        return process, answers
    log = os.open(outcome.with_suffix(".log"), os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)

    def tell(number: int, killed: bool) -> None:  # noqa: FBT001
        os.write(told, f"{json.dumps([number, killed])}\n".encode())

    try:
        session = Session(root, mutants, tell, tests)
        code = session.run()
        outcome.write_bytes(pickle.dumps(session.outcome))
        os._exit(code)
    except BaseException:  # noqa: BLE001 - whatever it is must not run on in two processes
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(70)
