"""Runs of the command in forked processes, which need not import the program.

To import the program takes longer than most of what tests ask of it. `python -m tests.support.forked_command`
imports all of it but the command line, whose words depend on the language of the user, and waits. For each
line that it reads, it forks a process that becomes what `python -m jixiao` would be: with its own arguments,
environment, folder, output and exit code. It needs a system that can fork.
"""

import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO

import jixiao

ROOT = Path(__file__).parents[2]
LANGUAGE_DEPENDENT_MODULES = ("jixiao.__main__", "jixiao.cli")


class ForkedCommand:
    """Process that has imported the program and forks one process a run."""

    def __init__(self) -> None:
        """Start it; it ends when its input is closed."""
        command = [sys.executable, "-m", "tests.support.forked_command"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def run(
        self,
        arguments: tuple[str, ...],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        before: str = "",
        timeout: int = 600,
    ) -> subprocess.CompletedProcess[str]:
        """Run the command and capture its output.

        Args:
            arguments: What follows the name of the command.
            environment: All variables of the process.
            cwd: The folder in which it runs.
            before: Python that runs in the process before the command begins.
            timeout: Seconds; what hangs is then ended by a signal, which is its exit code.
        """
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "out"), Path(folder, "err")
            order = {
                "arguments": arguments,
                "environment": dict(environment),
                "cwd": str(cwd),
                "before": before,
                "patience": timeout,
                "umask": _umask(),
                "said": [str(file) for file in said],
            }
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            out, err = (_text(file) for file in said)
        return subprocess.CompletedProcess(["jixiao", *arguments], code, out, err)


@cache
def forked_command() -> ForkedCommand:
    """Return the process that all tests of this process share."""
    return ForkedCommand()


def _text(file: Path) -> str:
    """Read output as subprocess does in its text mode."""
    with file.open(encoding="utf-8") as stream:
        return stream.read()


def _umask() -> int:
    now = os.umask(0o022)
    os.umask(now)
    return now


def _import_all_modules(package: ModuleType) -> None:
    for _, name, _ in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if name not in LANGUAGE_DEPENDENT_MODULES:
            module = importlib.import_module(name)
            if hasattr(module, "__path__"):
                _import_all_modules(module)


def _run_as_command(order: Mapping[str, object]) -> None:
    """Turn this process into the requested one, until its end."""
    environment, arguments, said = order["environment"], order["arguments"], order["said"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    assert isinstance(said, list)
    os.environ.clear()
    os.environ.update(environment)
    os.umask(int(str(order["umask"])))
    os.chdir(str(order["cwd"]))
    sys.path[0] = os.getcwd()  # noqa: PTH109 - as Python itself writes it
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number, file in enumerate(said, start=1):
        with Path(str(file)).open("wb") as stream:
            os.dup2(stream.fileno(), number)
    sys.argv = ["jixiao", *map(str, arguments)]
    signal.alarm(int(str(order["patience"])))
    exec(str(order["before"]), {})  # noqa: S102 - the tests' own
    runpy.run_module("jixiao", run_name="__main__", alter_sys=True)


def _serve_requests(orders: IO[str], codes: IO[str]) -> None:
    """Fork a process for each line of *orders*; write its exit code."""
    # Line by line as they come: to iterate over a stream is to read ahead.
    while line := orders.readline():
        child = os.fork()
        if child == 0:
            _run_as_command(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=codes, flush=True)


if __name__ == "__main__":
    _import_all_modules(jixiao)
    _serve_requests(sys.stdin, sys.stdout)
