"""Kill builds: at random moments, and at every step that a build reports."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from rich.console import Console

from tests.torture.bench import Bench, build, start

PER_STEP = 20
_CLEARING_SECONDS = 0.01
"""How much longer a step may last when there is something to clear away."""
_ATTEMPTS = 12
"""A build that ended before the blow is tried again with half the delay; the last is almost none."""


def kill_at_random(bench: Bench, kills: int, chance: random.Random) -> str:
    """Kill builds at random moments; say how many were still running."""
    begun = time.monotonic()
    build(bench.project)
    whole_build = time.monotonic() - begun
    struck = 0
    for number in range(kills):
        bench.set_state(number % 2)
        process = start(bench.project)
        time.sleep(chance.uniform(0.05, whole_build * 1.05))
        if process.poll() is None:
            struck += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        bench.judge(f"kill {number}")
    bench.judge_peace((kills - 1) % 2, "random kills")
    return f"{struck} of {kills} in the middle of a build"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step as a build in peace reported it."""

    number: int
    """Counted from 0."""
    name: str
    seconds: float
    """How long it took when it was fastest, so that a blow does not come after its end."""


def kill_at_every_step(bench: Bench, per_step: int, chance: random.Random) -> str:
    """Kill builds at each step: in the moment it begins, and at random moments while it lasts.

    Every second one finds what another that was killed while publishing has left, and clears it away.
    """
    steps = steps_of(bench)
    for step in steps:
        for number in range(per_step):
            if number % 2:
                bench.set_state(1)
                strike(bench, steps[-2], 0.0)
            lasts = step.seconds + _CLEARING_SECONDS * (number % 2)
            _strike_for_sure(bench, step, chance.uniform(0, lasts) if number >= per_step // 4 else 0.0)
        Console(soft_wrap=True).print(f"  {step.name} ({step.seconds * 1000:.1f} ms): {per_step}")
    return f"{len(steps) * per_step} kills at {len(steps)} steps"


def _strike_for_sure(bench: Bench, step: Step, delay: float) -> None:
    """Kill a build at *step*, sooner if it ends before the blow; hold the site against what it may be."""
    for attempt in range(_ATTEMPTS):
        # Each build publishes the state that the site is not in, so that a new one is seen to be new.
        bench.set_state((attempt + 1) % 2)
        blow = f"a kill {delay:.4f} s into step {step.number}, {step.name}"
        is_struck = strike(bench, step, delay)
        bench.judge(blow)
        if is_struck:
            break
        delay /= 2
    else:
        bench.report(f"step {step.number}, {step.name}, could not be struck")
    # In peace the other state again, with which the next blow begins.
    bench.set_state(0)
    bench.judge_peace(0, blow)


def steps_of(bench: Bench) -> list[Step]:
    """Build in peace a few times, and measure the steps."""
    runs = []
    for state in (0, 1, 0, 1, 0):
        bench.set_state(state)
        told = subprocess.run(
            [sys.executable, "-m", "tests.torture.struck", str(bench.project)],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        runs.append(json.loads(told.stdout))
    return [
        Step(number=number, name=same[0][0], seconds=min(seconds for _name, seconds in same))
        for number, same in enumerate(zip(*runs, strict=True))
    ]


def strike(bench: Bench, step: Step, delay: float) -> bool:
    """Run a build that kills itself and its helpers at *step*; tell whether it did so in time."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.torture.struck", str(bench.project), str(step.number), str(delay)],
        check=False,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return process.returncode == -signal.SIGKILL
