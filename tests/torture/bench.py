"""The project under torture: its states A and B, what "whole" means, and a reader who looks all the while."""

import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from jixiao.verify import compare_manifest
from tests.support.build_runs import BUILD_FOLDER_ENTRIES
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

Snapshot = dict[str, str]
"""File → SHA-256."""
_TARGETS = (">=120次", ">=121次")


@dataclass
class Bench:
    """The project under torture, and what it may look like."""

    project: Path
    whole: tuple[Snapshot, ...] = ()
    """States A and B, each as a build in peace makes it."""
    broken: list[str] = field(default_factory=list)
    """What was found that must never be."""

    @property
    def site(self) -> Path:
        return self.project / "build" / "site"

    def set_state(self, number: int) -> None:
        """Write state A (0) or B (1) of the declaration."""
        file = self.project / CLINIC_PATH
        text = file.read_text("utf-8")
        old, new = _TARGETS[1 - number], _TARGETS[number]
        file.write_text(text.replace(old, new), encoding="utf-8")

    def judge(self, blow: str) -> None:
        """Hold the site against A and B, and against its own manifest."""
        if snapshot(self.site) not in self.whole:
            self.report(f"neither A nor B after {blow}")
        elif list(compare_manifest(self.site)):
            self.report(f"another manifest after {blow}")

    def judge_peace(self, number: int, blow: str) -> None:
        """Build state *number* in peace; nothing of the blow may be left."""
        if build(self.project) != 0:
            self.report(f"no build after {blow}")
        if snapshot(self.site) != self.whole[number]:
            self.report(f"not the new site after {blow} and a build in peace")
        left = {path.name for path in (self.project / "build").iterdir()} - set(BUILD_FOLDER_ENTRIES)
        if left:
            self.report(f"left after {blow} and a build in peace: {sorted(left)}")

    def report(self, finding: str) -> None:
        """Keep and print what must never be."""
        self.broken.append(finding)
        Console().print(f"BROKEN: {finding}")


def prepared(folder: Path) -> Bench:
    """Make a project, and build both of its states in peace."""
    bench = Bench(copy_small_project(folder / "project"))
    for state in (0, 1):
        bench.set_state(state)
        if build(bench.project) != 0:
            sys.exit("the sample site does not build in peace")
        bench.whole = (*bench.whole, snapshot(bench.site))
    return bench


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
        [sys.executable, "-m", "jixiao", "build", "--project", str(project)],
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
