"""Checks of the machine for `jixiao doctor`, one function a subject.

Nothing is changed and no network is used. Requirements of a build are separate from optional tools.
"""

from __future__ import annotations

import importlib.metadata
import locale
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jixiao.build.publish import can_exchange
from jixiao.commands.init import has_requirement
from jixiao.config import SiteConfig, read_config
from jixiao.history.git import open_repository
from jixiao.i18n import Message, message
from jixiao.load.source_files import read_bytes
from jixiao.packs import FONT_PACKAGE, has_fonts
from jixiao.problems import Problem, UserError
from jixiao.site.pagefind_service import run_pagefind

_PROGRAM = "jixiao"
_LOCK_FILE = "requirements.lock"
_MINIMUM_PYTHON = (3, 11)
_MINIMUM_DISK_SPACE = 200 * 1024 * 1024
"""Bytes. A site of 1,000 declarations with its cache takes 60 MB."""
_LOCK_LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
_TEST_PAGE = '<html lang="zh"><body data-pagefind-body><h1>x</h1></body></html>'
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class MachineState(StrEnum):
    """Result of one check of the machine."""

    GOOD = "good"
    ADVICE = "advice"
    """A build works without it; something else may not."""
    MISSING = "missing"
    """Without it no build works, or a part that the settings ask for is not built."""


@dataclass(frozen=True, kw_only=True)
class MachineFinding:
    """Result of one check, with the command that fixes it."""

    state: MachineState
    message: Message
    fix: str = ""
    """Command that fixes it; empty if there is nothing to fix."""


def check_machine(root: Path) -> Iterator[MachineFinding]:
    """Run all checks in order."""
    yield _check_python()
    yield from _check_packages(root)
    yield _check_search()
    yield from _check_folder(root)
    yield from _check_publishing(root)
    yield _check_encoding()
    yield from _check_git(root)
    yield _check_browser()
    yield _check_fonts(root)


def _report_good(message: Message) -> MachineFinding:
    return MachineFinding(state=MachineState.GOOD, message=message)


def _check_python() -> MachineFinding:
    version, oldest = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, _MINIMUM_PYTHON))
    if sys.version_info >= _MINIMUM_PYTHON:
        return _report_good(message("Python {version}", version=version))
    text = message("Python {version} 太旧，至少要 {oldest}", version=version, oldest=oldest)
    return MachineFinding(state=MachineState.MISSING, message=text, fix=f"apt-get install python{oldest}")


def _check_packages(root: Path) -> Iterator[MachineFinding]:
    locked, needed = _read_locked_versions(root), _find_required_packages()
    fix = f"{sys.executable} -m pip install {_find_install_arguments(root, has_lock=bool(locked))}"
    versions = {name: find_installed_version(name) for name in {*locked, *needed}}
    missing = tuple(sorted(name for name in needed if versions[name] is None))
    if missing:
        text = message("缺少程序包：{names}", names=missing)
        yield MachineFinding(state=MachineState.MISSING, message=text, fix=fix)
    other = tuple(
        f"{name} {versions[name]} ({version})"
        for name, version in sorted(locked.items())
        if name in needed and versions[name] not in {None, version}
    )
    if other:
        text = message("程序包的版本与 {lock} 不同（括号里是应有的）：{names}", lock=_LOCK_FILE, names=other)
        yield MachineFinding(state=MachineState.ADVICE, message=text, fix=fix)
    if not missing and not other:
        yield _report_good(message("程序包齐全：{count} 个", count=str(len(needed))))
    absent = sum(name not in needed and versions[name] is None for name in locked)
    if absent:
        text = message("测试和检查用的程序包缺 {count} 个，生成网站用不着", count=str(absent))
        yield MachineFinding(state=MachineState.ADVICE, message=text, fix=fix)


def _find_install_arguments(root: Path, *, has_lock: bool) -> str:
    """Return the pip arguments for a checkout, or for a site whose program is a wheel or at an address."""
    if has_lock:
        return f"--require-hashes -r {_LOCK_FILE}"
    # On the package index, the name alone may belong to somebody else.
    with suppress(OSError, UnicodeDecodeError):
        if has_requirement((root / "requirements.txt").read_text("utf-8")):
            return "--upgrade -r requirements.txt"
    return "--upgrade jixiao-….whl"


def find_installed_version(name: str) -> str | None:
    """Return the version of an installed package, or `None` if it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _read_locked_versions(root: Path) -> Mapping[str, str]:
    """Read the pinned versions by package name; empty if there is no lock file."""
    content = read_bytes(root / _LOCK_FILE, _LOCK_FILE)
    lines = "" if isinstance(content, Problem) else content.decode("utf-8", "replace")
    locked: dict[str, str] = {}
    for name, version, marker in _LOCK_LINE.findall(lines):
        # An invalid line is left to pip, which refuses it.
        with suppress(ValueError):
            if _is_applicable(Requirement(f"{name}; {marker}" if marker else name), ""):
                locked[canonicalize_name(name)] = version
    return locked


def _find_required_packages() -> frozenset[str]:
    """Collect the direct and indirect requirements of the program."""
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str]] = [(_PROGRAM, "")]
    while waiting:
        name, extra = waiting.pop()
        requirements: list[str] = []
        with suppress(importlib.metadata.PackageNotFoundError):
            requirements = importlib.metadata.requires(name) or []
        for requirement in map(Requirement, requirements):
            if _is_applicable(requirement, extra):
                package = canonicalize_name(requirement.name)
                new = {(package, wanted) for wanted in ("", *requirement.extras)} - found
                found |= new
                waiting += new
    return frozenset(name for name, _ in found)


def _is_applicable(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _check_search() -> MachineFinding:
    try:
        with run_pagefind() as service:
            service.build_index_files([("index.html", _TEST_PAGE)])
    except (UserError, TimeoutError, ImportError):
        text = message("Pagefind 不能运行，建不成搜索索引")
        fix = f"{sys.executable} -m pip install --force-reinstall 'pagefind[extended]'"
        return MachineFinding(state=MachineState.MISSING, message=text, fix=fix)
    return _report_good(message("Pagefind 可以运行"))


def _check_folder(root: Path) -> Iterator[MachineFinding]:
    """Check that the site's folder is writable and its disk has space."""
    try:
        with tempfile.NamedTemporaryFile(dir=root, prefix=".jixiao-doctor-"):
            pass
    except OSError:
        text = message("不能在 {path} 里写文件", path=os.fspath(root))
        yield MachineFinding(state=MachineState.MISSING, message=text, fix=f"chmod u+rwx {root}")
    else:
        yield _report_good(message("可以写入 {path}", path=os.fspath(root)))
    free = shutil.disk_usage(root).free
    megabytes = f"{free // 1024**2:,}"
    if free < _MINIMUM_DISK_SPACE:
        text = message("磁盘只剩 {megabytes} MB", megabytes=megabytes)
        yield MachineFinding(state=MachineState.MISSING, message=text, fix=f"du -sh {root}/build")
    else:
        yield _report_good(message("磁盘还有 {megabytes} MB", megabytes=megabytes))


def _check_publishing(root: Path) -> Iterator[MachineFinding]:
    """Check whether a new site can replace the old one atomically."""
    with suppress(OSError):  # an unwritable folder is reported by `_check_folder`
        # The site is in build/, which may be on a disk of its own.
        build = root / "build"
        if can_exchange(build if build.is_dir() else root):
            yield _report_good(message("新网站一步换上，读者不会看到空缺"))
            return
        text = message("这个文件系统不能一步交换文件夹：build/site/ 每次换上新网站，有一瞬间没有网站")
        yield MachineFinding(
            state=MachineState.ADVICE, message=text, fix="jixiao ci publish --to /srv/jixiao"
        )


def _check_encoding() -> MachineFinding:
    names = {sys.getfilesystemencoding(), locale.getencoding()}
    if {name.lower().replace("-", "") for name in names} == {"utf8"}:
        return _report_good(message("文字编码是 UTF-8"))
    text = message("系统的文字编码是 {names}，不是 UTF-8，中文可能显示不出来", names=tuple(sorted(names)))
    return MachineFinding(state=MachineState.ADVICE, message=text, fix="export LC_ALL=C.UTF-8 PYTHONUTF8=1")


def _check_git(root: Path) -> Iterator[MachineFinding]:
    try:
        repository = open_repository(root)
    except UserError as refused:
        yield MachineFinding(state=MachineState.ADVICE, message=refused.message)
        return
    yield _report_good(message("git 可以读取这个仓库"))
    if repository.read_setting("core.autocrlf") == "true" and not (root / ".gitattributes").is_file():
        text = message("git 会改动换行，表的原件可能与登记的校验值不符")
        yield MachineFinding(state=MachineState.ADVICE, message=text, fix="git config core.autocrlf input")


def _check_browser() -> MachineFinding:
    if any(map(shutil.which, _BROWSERS)):
        return _report_good(message("有 Chromium，可以运行浏览器测试"))
    text = message("没有 Chromium：浏览器测试不会运行，生成网站用不着")
    return MachineFinding(state=MachineState.ADVICE, message=text, fix="apt-get install chromium")


def _check_fonts(root: Path) -> MachineFinding:
    """Check for the fonts of packs if the settings turn packs on, else for any Chinese font."""
    config = read_config(root)
    if isinstance(config, SiteConfig) and config.packs:
        if has_fonts():
            return _report_good(message("有中文字体，可以做资料包"))
        text = message(
            "没有找到做资料包的中文字体（Noto CJK）：设置里写了 packs: true，jixiao ci publish 不会发布"
        )
        return MachineFinding(state=MachineState.MISSING, message=text, fix=f"apt-get install {FONT_PACKAGE}")
    program = shutil.which("fc-list")
    if program and subprocess.run([program, ":lang=zh"], check=False, capture_output=True).stdout.strip():  # noqa: S603 - no argument from outside
        return _report_good(message("有中文字体"))
    text = message("没有找到中文字体：资料包（PDF）不会做，浏览器测试的截图会缺字；网站本身用不着")
    return MachineFinding(
        state=MachineState.ADVICE, message=text, fix="apt-get install fontconfig fonts-noto-cjk"
    )


def is_ready(findings: tuple[MachineFinding, ...]) -> bool:
    """Return whether nothing is missing that a build needs."""
    return all(finding.state is not MachineState.MISSING for finding in findings)
