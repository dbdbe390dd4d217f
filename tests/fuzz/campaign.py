"""A campaign: one target fuzzed in a process of its own, and what came of it."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.seeds import write_dictionary, write_seeds

ROOT = Path(__file__).parent.parent.parent
ONE_INPUT = 20
"""Seconds that one input may take; then it counts as a hang."""
_EXECUTED = re.compile(r"^(?:stat::number_of_executed_units:\s*|#)(\d+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """When a campaign ends; 0 is no limit."""

    runs: int = 0
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a campaign ended."""

    target: str
    executions: int
    seconds: float
    crash: Path | None
    """The input that broke a property, ran for too long or took too much memory."""
    ended_well: bool
    log: Path
    """Everything that the process wrote, the traceback included."""

    @property
    def is_clean(self) -> bool:
        """Whether the whole campaign ran and broke nothing."""
        return self.ended_well and self.crash is None


def run(target: str, longest: int, limit: Limit, seed: int, folder: Path) -> Outcome:
    """Fuzz *target*; seeds, log and a crashing input stay in *folder*.

    Args:
        target: Its name.
        longest: Bytes of the longest input.
        limit: When to end.
        seed: Of the fuzzer's chance; 0 takes another one each time.
        folder: Is made.
    """
    corpus, found, log = folder / "corpus", folder / "crashes", folder / "log.txt"
    write_seeds(target, corpus)
    write_dictionary(folder / "tokens.dict")
    found.mkdir()
    options = [
        f"-runs={limit.runs or -1}",
        f"-max_total_time={limit.seconds}",
        f"-max_len={longest}",
        f"-seed={seed}",
        f"-timeout={ONE_INPUT}",
        f"-dict={folder / 'tokens.dict'}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
    ]
    begun = time.monotonic()
    with log.open("wb") as stream:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.worker", target, *options, str(corpus)],
            cwd=ROOT,
            # libFuzzer ends the process without cleaning up; what the target leaves goes with the folder.
            env={**os.environ, "TMPDIR": str(folder)},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    counts = _EXECUTED.findall(log.read_text("utf-8", "replace"))
    return Outcome(
        target=target,
        executions=max(map(int, counts), default=0),
        seconds=time.monotonic() - begun,
        # Slow inputs are kept too and end nothing.
        crash=next((file for file in sorted(found.iterdir()) if not file.name.startswith("slow")), None),
        ended_well=ended.returncode == 0,
        log=log,
    )
