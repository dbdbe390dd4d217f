"""Makes of this machine one that lacks what Windows lacks; Python imports it first from a folder on the path.

It takes modules, functions and flags away, and lets the system refuse what Windows refuses: to rename over
something, to rename or delete what is open, to open a folder. The standard library is imported before,
because that of Windows is another one.
"""

import asyncio  # noqa: F401 - imported before anything is taken away, as all that knows the system
import ctypes
import multiprocessing.util  # noqa: F401
import os
import select
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil  # noqa: F401 - has another part for each system

_MODULES = ("fcntl", "grp", "pwd", "resource", "termios")
_OF_OS = (
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "fchmod", "fork", "geteuid", "getuid"),
    *("killpg", "mkfifo", "sched_getaffinity", "set_blocking", "setsid", "statvfs", "sync"),
)
_OF_SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL")
_OPEN_FILES = Path("/proc/self/fd")


def _in_turn(refuse: Callable[..., None], function: Callable[..., Any]) -> Callable[..., Any]:
    """Let *refuse* look at what *function* is called with, before it is."""

    def called(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever a function of the system takes
        refuse(*arguments, **named)
        return function(*arguments, **named)

    return called


def _no_folder(path: Any, *_rest: Any, **_named: Any) -> None:  # noqa: ANN401
    """Refuse to open a folder; the standard library of this machine may, to delete what is in it."""
    asking = sys._getframe(2).f_globals.get("__name__", "")  # noqa: SLF001 - who asks
    if asking.startswith("jixiao") and Path(path).is_dir():
        raise PermissionError(13, "Permission denied", os.fspath(path))


def _nothing_open(*paths: Any, **named: Any) -> None:  # noqa: ANN401
    """Refuse files that this process has open, and folders with such files."""
    if named:
        return
    places = [os.fspath(Path(path).absolute()) for path in paths]
    for number in list(_OPEN_FILES.iterdir()):
        try:
            held = os.readlink(number)  # noqa: PTH115 - what is deleted has a name that is no path
        except OSError:
            continue
        for place in places:
            if held == place or held.startswith(f"{place}/"):
                raise PermissionError(13, "it is used by another process", place)


def _no_target(source: Any, target: Any) -> None:  # noqa: ANN401
    """Refuse to rename over something."""
    if os.path.lexists(target):
        raise FileExistsError(17, "File exists", os.fspath(source), None, os.fspath(target))
    _nothing_open(source)


class _NamedLibrary(ctypes.CDLL):
    """A library of C, which has to be named."""

    def __init__(self, name: str | None, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        if name is None:
            raise TypeError
        super().__init__(name, *arguments, **named)


_begin = subprocess.Popen.__init__


def _begin_alike(process: Any, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
    """Let a process that is told its path be on the same system."""
    environment = named.get("env") or {}
    if "PYTHONPATH" in environment:
        path = os.pathsep.join((os.fspath(Path(__file__).parent), environment["PYTHONPATH"]))
        named["env"] = {**environment, "PYTHONPATH": path}
    _begin(process, *arguments, **named)


for _name in _MODULES:
    sys.modules[_name] = None  # type: ignore[assignment]
for _owner, _names in ((os, _OF_OS), (signal, _OF_SIGNALS), (select, ("poll", "epoll"))):
    for _name in _names:
        delattr(_owner, _name)
_others: tuple[tuple[Any, str, Any], ...] = (
    (subprocess.Popen, "__init__", _begin_alike),
    (subprocess.Popen, "kill", lambda process: process.send_signal(9)),
    (shutil, "_use_fd_functions", False),
    (os, "open", _in_turn(_no_folder, os.open)),
    (os, "rename", _in_turn(_no_target, os.rename)),
    (os, "replace", _in_turn(_nothing_open, os.replace)),
    (os, "remove", _in_turn(_nothing_open, os.remove)),
    (os, "unlink", _in_turn(_nothing_open, os.unlink)),
    (ctypes, "CDLL", _NamedLibrary),
)
for _place, _name, _other in _others:
    setattr(_place, _name, _other)
os.supports_follow_symlinks.discard(os.link)
os.supports_effective_ids.clear()
# A file that is opened in the encoding of the system is another one there.
warnings.filterwarnings("error", category=EncodingWarning, module=r"jixiao\b")
# The lock of a system with neither kind of locks; Windows has one.
warnings.filterwarnings("ignore", message="only soft file lock is available")
