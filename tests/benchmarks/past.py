"""What a history costs: one project, built from nothing without git and with many commits, and once more.

    python -m tests.benchmarks.past 10000 20000

Each commit changes one target of one declaration. Printed are the wall time of each build and the share of a
cold build that the history takes.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from tests.benchmarks.corpus import make_project
from tests.conftest import ROOT

CONSOLE = Console(soft_wrap=True, highlight=False)
_TARGET = re.compile(rb'(?<=\n        target: ")[^"\n]*(?="\n)')
_WHO = b"Synthetic <a@example.org>"


def main() -> None:
    """Measure with as many declarations and commits as the command line says."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    commits = int(sys.argv[2]) if len(sys.argv) > 2 else 2 * size
    with tempfile.TemporaryDirectory(prefix="jixiao-past-") as folder:
        project = make_project(Path(folder) / "project", size, languages=("zh",))
        commit_all(project, commits)
        shutil.move(project / ".git", Path(folder) / "kept")
        without = _build(project, "without git, from nothing")
        shutil.rmtree(project / "build")
        shutil.move(Path(folder) / "kept", project / ".git")
        with_history = _build(project, f"with {commits:,} commits, from nothing")
        _build(project, "once more, nothing changed")
    share = (with_history - without) / without
    CONSOLE.print(f"{size:,} declarations: the history adds {share:.0%} to a cold build")


def _build(project: Path, what: str) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "jixiao", "build", "--project", str(project)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    CONSOLE.print(f"{what}: {seconds:.1f} s")
    return seconds


def commit_all(project: Path, commits: int) -> None:
    """Commit a project, then changed targets, one a commit; leave the last state on the disk."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(project)], check=True)
    importing = subprocess.Popen(["git", "-C", str(project), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert importing.stdin is not None
    for part in _stream(project, commits):
        importing.stdin.write(part)
    importing.stdin.close()
    assert importing.wait() == 0
    subprocess.run(["git", "-C", str(project), "reset", "-q", "--hard"], check=True)


def _stream(project: Path, commits: int) -> Iterator[bytes]:
    files = sorted(file for file in project.rglob("*") if file.is_file() and ".git" not in file.parts)
    declarations = [file for file in files if "declarations" in file.parts]
    now = 1_600_000_000
    yield _commit(now, b"first")
    for file in files:
        yield _file(file.relative_to(project), file.read_bytes())
    for number in range(commits):
        file = declarations[number % len(declarations)]
        target = f"第{number // len(declarations) + 1}次改动".encode()
        yield _commit(now + number + 1, b"change\n\nChange-Kind: adjustment")
        yield _file(file.relative_to(project), _TARGET.sub(target, file.read_bytes(), count=1))


def _commit(when: int, message: bytes) -> bytes:
    head = f"commit refs/heads/main\ncommitter {_WHO.decode()} {when} +0800\ndata {len(message)}\n"
    return head.encode() + message + b"\n"


def _file(path: Path, content: bytes) -> bytes:
    return f"M 100644 inline {path.as_posix()}\ndata {len(content)}\n".encode() + content + b"\n"


if __name__ == "__main__":
    main()
