"""Makes of this machine one that lacks what Windows lacks; Python imports it first where its folder is on the path.

It takes modules, functions and flags away, and lets the system refuse what Windows refuses: to rename over something,
to rename or delete what is open, to open a folder. The standard library is imported before, because that of Windows
is another one.
"""

import asyncio  # noqa: F401
import ctypes
import multiprocessing.util  # noqa: F401
import os
import select
import shutil
import signal
import subprocess
import sys
import warnings

_MODULES = ("fcntl", "grp", "pwd", "resource", "termios")
_OF_OS = (
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "fchmod", "fork", "geteuid", "getuid"),
    *("killpg", "mkfifo", "sched_getaffinity", "set_blocking", "setsid", "statvfs", "sync"),
)
_OF_SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL")

for _name in _MODULES:
    sys.modules[_name] = None  # type: ignore[assignment]
for _name in _OF_OS:
    delattr(os, _name)
for _name in _OF_SIGNALS:
    delattr(signal, _name)
del select.poll, select.epoll
subprocess.Popen.kill = lambda process: process.send_signal(9)  # type: ignore[method-assign]
shutil._use_fd_functions = False  # type: ignore[attr-defined]
os.supports_follow_symlinks.discard(os.link)
os.supports_effective_ids.clear()

_open, _rename, _replace, _unlink, _load = os.open, os.rename, os.replace, os.unlink, ctypes.CDLL


def _refuse_what_is_open(path: object) -> None:
    """Refuse a file that this process has open, or a folder with such a file."""
    place = os.path.abspath(os.fspath(path))  # type: ignore[call-overload]
    for number in os.listdir("/proc/self/fd"):
        try:
            held = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if held == place or held.startswith(f"{place}/"):
            raise PermissionError(13, "it is used by another process", place)


def _open_no_folder(path, flags, mode=0o777, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN
    asks = sys._getframe(1).f_globals.get("__name__", "")
    if asks.startswith("generator") and os.path.isdir(path):
        raise PermissionError(13, "Permission denied", os.fspath(path))
    return _open(path, flags, mode, **rest)


def _rename_over_nothing(source, target, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN
    if os.path.lexists(target):
        raise FileExistsError(17, "File exists", os.fspath(source), None, os.fspath(target))
    _refuse_what_is_open(source)
    _rename(source, target, **rest)


def _replace_closed(source, target, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN
    _refuse_what_is_open(source)
    _refuse_what_is_open(target)
    _replace(source, target, **rest)


def _unlink_closed(path, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN
    if not rest:
        _refuse_what_is_open(path)
    _unlink(path, **rest)


class _NamedLibrary(_load):  # type: ignore[misc, valid-type]
    """A library of C, which has to be named."""

    def __init__(self, name, *arguments, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN
        if name is None:
            raise TypeError("LoadLibrary() argument 1 must be str, not None")
        super().__init__(name, *arguments, **rest)


os.open, os.rename, os.replace = _open_no_folder, _rename_over_nothing, _replace_closed
os.unlink = os.remove = _unlink_closed
ctypes.CDLL = _NamedLibrary  # type: ignore[misc]
# A file that is opened in the encoding of the system is another one there.
warnings.filterwarnings("error", category=EncodingWarning, module=r"generator\b")
