"""The trial of all mutants: first those of functions in one session, then those of imports one by one."""

import json
import os
import pickle
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.mutation.fresh import tried
from tests.mutation.mutants import Mutant
from tests.mutation.session import Outcome, Session


def survivors(root: Path, mutants: Sequence[Mutant], console: Console) -> list[Mutant]:
    """Give the mutants that no test notices, in their order."""
    alive: set[int] = set()
    with Progress(console=console, transient=True) as progress, tempfile.TemporaryDirectory() as folder:
        task = progress.add_task("mutants", total=len(mutants))
        outcome = Path(folder) / "outcome"
        process, answers = _session(root, mutants, outcome)
        with os.fdopen(answers) as stream:
            for line in stream:
                number, killed = json.loads(line)
                alive |= set() if killed else {number}
                progress.advance(task)
        _, status = os.waitpid(process, 0)
        if status:
            log = outcome.with_suffix(".log").read_text("utf-8", "replace")
            console.print(log, markup=False)
            sys.exit("the tests do not pass without any change")
        found: Outcome = pickle.loads(outcome.read_bytes())  # noqa: S301 - written above
        left = {number: mutants[number] for number in found.left}
        for number, killed in tried(root, left, found.tests):
            alive |= set() if killed else {number}
            progress.advance(task)
    return [mutants[number] for number in sorted(alive)]


def _session(root: Path, mutants: Sequence[Mutant], outcome: Path) -> tuple[int, int]:
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
        session = Session(root, mutants, tell)
        code = session.run()
        outcome.write_bytes(pickle.dumps(session.outcome))
        os._exit(code)
    except BaseException:  # noqa: BLE001 - whatever it is must not run on in two processes
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(70)
