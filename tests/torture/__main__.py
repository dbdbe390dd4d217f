"""Kill builds, fill the disk, build twice at once; the site must be whole every time: `make torture`.

Two states of a sample project, A and B, are built once in peace. A build is the same bytes every time, so
"whole" is exact: after each blow every file of the site equals A or every file equals B. A reader looks at
the site all the while and must never find a page missing.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from tests.support import CLINIC, small_project

KILLS = 200
DISK_SIZES_KB = range(80, 3200, 120)
PAIRS = 20
Snapshot = dict[str, str]
"""File → SHA-256."""


@dataclass
class Bench:
    """The project under torture, and what it may look like."""

    project: Path
    whole: list[Snapshot] = field(default_factory=list)
    broken: int = 0

    @property
    def site(self) -> Path:
        return self.project / "build" / "site"

    def set_state(self, number: int) -> None:
        """Write state A (0) or B (1) of the declaration."""
        file = self.project / CLINIC
        text = file.read_text("utf-8")
        old, new = (">=121次", ">=120次") if number == 0 else (">=120次", ">=121次")
        file.write_text(text.replace(old, new), encoding="utf-8")

    def judge(self, blow: str) -> None:
        """Hold the site against A and B."""
        if snapshot(self.site) not in self.whole:
            self.broken += 1
            Console().print(f"BROKEN after {blow}")


def snapshot(folder: Path) -> Snapshot:
    """Hash every file under *folder*, but the manifest, whose counter rises with every build."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def start(project: Path) -> subprocess.Popen[bytes]:
    """Begin a build in a process group of its own, so that its helpers die with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "generator", "build", "--project", str(project)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def build(project: Path) -> int:
    """Build to the end; give the exit code."""
    return start(project).wait()


@contextmanager
def reader(site: Path) -> Iterator[list[str]]:
    """Read two pages over and over, as visitors do; gather what is missing."""
    errors: list[str] = []
    done = threading.Event()
    pages = [site / "index.html", site / "2021/health/clinic/index.html"]

    def read() -> None:
        while not done.is_set():
            for page in pages:
                try:
                    if b"</html>" not in page.read_bytes():
                        errors.append(f"half a page: {page.name}")
                except OSError as error:
                    errors.append(str(error))
            time.sleep(0.001)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield errors
    finally:
        done.set()
        thread.join()


def kill_builds(bench: Bench, kills: int, chance: random.Random) -> int:
    """Kill *kills* builds at random moments; give how many were still running."""
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
    return struck


def fill_disk(bench: Bench) -> int:
    """Build on a small file system at many sizes; give how many builds ran out of space."""
    starved = 0
    for size in DISK_SIZES_KB:
        with tempfile.TemporaryDirectory() as mount:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={10_000 + size}k", "tmpfs", mount], check=True
            )
            try:
                small = Bench(small_project(Path(mount) / "project"), bench.whole)
                small.set_state(0)
                if build(small.project) != 0:
                    continue
                filler = Path(mount) / "filler"
                filler.write_bytes(b"")
                free = os.statvfs(mount).f_bavail * os.statvfs(mount).f_frsize
                filler.write_bytes(b"\0" * max(0, free - size * 1024))
                small.set_state(1)
                starved += build(small.project) != 0
                small.judge(f"a disk with {size} kB left")
                bench.broken += small.broken
            finally:
                subprocess.run(["umount", mount], check=True)
    return starved


def build_in_pairs(bench: Bench, pairs: int) -> int:
    """Run two builds at once; give how many pairs had exactly one refusal or none."""
    orderly = 0
    for number in range(pairs):
        bench.set_state(number % 2)
        processes = [start(bench.project) for _ in range(2)]
        codes = sorted(process.wait() for process in processes)
        orderly += codes in ([0, 0], [0, 2])
        bench.judge(f"pair {number}")
    return orderly


def main() -> None:
    """Run everything and print the figures."""
    chance = random.Random(20_211_231)  # noqa: S311 - repeatable, not secret
    kills = int(sys.argv[1]) if sys.argv[1:] else KILLS
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(small_project(Path(folder) / "project"))
        for state in (0, 1):
            bench.set_state(state)
            if build(bench.project) != 0:
                sys.exit("the sample site does not build in peace")
            bench.whole.append(snapshot(bench.site))
        with reader(bench.site) as errors:
            struck = kill_builds(bench, kills, chance)
            orderly = build_in_pairs(bench, PAIRS)
        starved = fill_disk(bench) if os.geteuid() == 0 else 0
    console = Console()
    console.print(f"killed in the middle: {struck} of {kills}; pairs in order: {orderly} of {PAIRS}")
    console.print(f"out of space: {starved} of {len(DISK_SIZES_KB)} sizes; reader errors: {len(errors)}")
    console.print(f"sites not whole: {bench.broken}")
    sys.exit(1 if bench.broken or errors or orderly < PAIRS else 0)


if __name__ == "__main__":
    main()
