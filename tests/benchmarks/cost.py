"""What a build costs: it is run step by step, each step as a whole process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.failure import BenchmarkFailure

_MEASURED = Path(__file__).with_name("measured.py")
_LAST_LINES = 20


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one build took."""

    wall_s: float
    cpu_s: float
    """User and system time of all processes."""
    peak_mb: float
    """Of the largest single process."""


def cost_of(steps: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run *steps* one after the other in *folder*.

    Raises:
        BenchmarkFailure: A step failed; its last words are in the failure.
    """
    costs = [_step(step, folder, environment) for step in steps]
    return Cost(
        wall_s=sum(cost.wall_s for cost in costs),
        cpu_s=sum(cost.cpu_s for cost in costs),
        peak_mb=max(cost.peak_mb for cost in costs),
    )


def _step(step: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    report = folder / "cost.json"
    result = subprocess.run(
        [sys.executable, "-I", "-S", str(_MEASURED), str(report), *step],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env={**os.environ, **environment},
    )
    if result.returncode:
        raise BenchmarkFailure(
            saying=f"could not be started: {' '.join(step)}", details=_end_of(result.stdout)
        )
    cost = json.loads(report.read_text("utf-8"))
    report.unlink()
    if cost.pop("exit_code"):
        raise BenchmarkFailure(saying=f"failed: {' '.join(step)}", details=_end_of(result.stdout))
    return Cost(**cost)


def _end_of(output: str) -> str:
    return "\n".join(output.splitlines()[-_LAST_LINES:])


def megabytes(folder: Path) -> float:
    """Give the size of all files under *folder* in MB, as they are, not as the disk rounds them."""
    return sum(file.stat().st_size for file in _files(folder)) / 1024**2


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
