"""Whether this machine can do the work: what `jixiao doctor` looks at, one function a subject.

Nothing is changed and nothing is asked of a network. What a build needs is told apart from what only helps.
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

from jixiao.commands.install_source import is_installable
from jixiao.config import SiteConfig, read_config
from jixiao.history.git import NoGit, open_repository
from jixiao.i18n import Message, message
from jixiao.load.source_files import read_bytes
from jixiao.packs import FONT_PACKAGE, has_fonts
from jixiao.problems import Problem
from jixiao.site.build_failure import BuildFailure
from jixiao.site.pagefind_service import pagefind
from jixiao.site.publish import can_exchange
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PROGRAM = "jixiao"
_LOCK = "requirements.lock"
_OLDEST = (3, 11)
_ROOM = 200 * 1024 * 1024
"""Bytes. The site of 1,000 declarations and what is kept beside it take 60 MB."""
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
_PAGE = '<html lang="zh"><body data-pagefind-body><h1>x</h1></body></html>'
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class State(StrEnum):
    """How it stands with a subject."""

    GOOD = "good"
    ADVICE = "advice"
    """A build works without it; something else may not."""
    MISSING = "missing"
    """Without it no build works, or not all is made that the settings ask for."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One subject."""

    state: State
    saying: Message
    mends: str = ""
    """The command that mends it, empty where nothing is to be mended."""


def examine(project: Path) -> Iterator[Finding]:
    """Look at everything, one after another."""
    yield _python()
    yield from _packages(project)
    yield _search()
    yield from _folder(project)
    yield from _publishing(project)
    yield _encoding()
    yield from _git(project)
    yield _browser()
    yield _fonts_of_packs() if _asks_for_packs(project) else _fonts()


def _good(saying: Message) -> Finding:
    return Finding(state=State.GOOD, saying=saying)


def _python() -> Finding:
    version, oldest = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, _OLDEST))
    if sys.version_info >= _OLDEST:
        return _good(message("Python {version}", version=version))
    saying = message("Python {version} 太旧，至少要 {oldest}", version=version, oldest=oldest)
    return Finding(state=State.MISSING, saying=saying, mends=f"apt-get install python{oldest}")


def _what_to_install(project: Path) -> str:
    """Return what pip is to install for a site: its requirements, or the wheel that somebody has to name."""
    with suppress(OSError, UnicodeDecodeError):
        if is_installable((project / "requirements.txt").read_text("utf-8")):
            return "-r requirements.txt"
    return "jixiao-….whl"


def _packages(project: Path) -> Iterator[Finding]:
    locked, needed = _locked(project), _needed()
    install = f"{sys.executable} -m pip install --require-hashes -r {_LOCK}"
    if not locked:
        # The name alone may be anybody's at an index; a site says where its program comes from.
        install = f"{sys.executable} -m pip install --upgrade {_what_to_install(project)}"
    missing = tuple(sorted(name for name in needed if version_of(name) is None))
    if missing:
        saying = message("缺少程序包：{names}", names=missing)
        yield Finding(state=State.MISSING, saying=saying, mends=install)
    other = tuple(
        f"{name} {version_of(name)} ({wanted})"
        for name, wanted in sorted(locked.items())
        if name in needed and version_of(name) not in {None, wanted}
    )
    if other:
        saying = message("程序包的版本与 {lock} 不同（括号里是应有的）：{names}", lock=_LOCK, names=other)
        yield Finding(state=State.ADVICE, saying=saying, mends=install)
    if not missing and not other:
        yield _good(message("程序包齐全：{count} 个", count=str(len(needed))))
    absent = tuple(name for name in sorted(locked) if name not in needed and version_of(name) is None)
    if absent:
        saying = message("测试和检查用的程序包缺 {count} 个，生成网站用不着", count=str(len(absent)))
        yield Finding(state=State.ADVICE, saying=saying, mends=install)


def version_of(name: str) -> str | None:
    """Give the version of an installed package; `None` where there is none."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _locked(project: Path) -> Mapping[str, str]:
    """Read which versions were tried together, by name; none where there is no such file."""
    content = read_bytes(project / _LOCK, _LOCK)
    lines = "" if isinstance(content, Problem) else content.decode("utf-8", "replace")
    locked: dict[str, str] = {}
    for name, version, marker in _LOCKED.findall(lines):
        # Lines that are no requirement are no business of a doctor; pip refuses them.
        with suppress(ValueError):
            if _is_for_us(Requirement(f"{name}; {marker}" if marker else name), ""):
                locked[canonicalize_name(name)] = version
    return locked


def _needed() -> frozenset[str]:
    """Follow what the program requires, and what that requires in turn."""
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str]] = [(_PROGRAM, "")]
    while waiting:
        name, extra = waiting.pop()
        for requirement in _requirements(name):
            if not _is_for_us(requirement, extra):
                continue
            for wanted in {"", *requirement.extras}:
                one = canonicalize_name(requirement.name), wanted
                if one not in found:
                    found.add(one)
                    waiting.append(one)
    return frozenset(name for name, _ in found)


def _requirements(name: str) -> Iterator[Requirement]:
    try:
        required = importlib.metadata.requires(name)
    except importlib.metadata.PackageNotFoundError:
        return
    yield from map(Requirement, required or ())


def _is_for_us(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _search() -> Finding:
    try:
        with pagefind() as service:
            service.index([("index.html", _PAGE)])
    except (BuildFailure, TimeoutError, ImportError):
        saying = message("Pagefind 不能运行，建不成搜索索引")
        mends = f"{sys.executable} -m pip install --force-reinstall 'pagefind[extended]'"
        return Finding(state=State.MISSING, saying=saying, mends=mends)
    return _good(message("Pagefind 可以运行"))


def _folder(project: Path) -> Iterator[Finding]:
    """Look whether the site can be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=project, prefix=".jixiao-doctor-"):
            pass
    except OSError:
        saying = message("不能在 {path} 里写文件", path=os.fspath(project))
        yield Finding(state=State.MISSING, saying=saying, mends=f"chmod u+rwx {project}")
    else:
        yield _good(message("可以写入 {path}", path=os.fspath(project)))
    free = shutil.disk_usage(project).free
    megabytes = f"{free // 1024**2:,}"
    if free < _ROOM:
        saying = message("磁盘只剩 {megabytes} MB", megabytes=megabytes)
        yield Finding(state=State.MISSING, saying=saying, mends=f"du -sh {project}/build")
    else:
        yield _good(message("磁盘还有 {megabytes} MB", megabytes=megabytes))


def _publishing(project: Path) -> Iterator[Finding]:
    """Try how a new site will take the place of the old one."""
    with suppress(OSError):  # told already
        # The site lies in build/, which may be on a disk of its own.
        build = project / "build"
        if can_exchange(build if build.is_dir() else project):
            yield _good(message("新网站一步换上，读者不会看到空缺"))
            return
        saying = message("这个文件系统不能一步交换文件夹：build/site/ 每次换上新网站，有一瞬间没有网站")
        yield Finding(state=State.ADVICE, saying=saying, mends="jixiao ci publish --to /srv/jixiao")


def _encoding() -> Finding:
    names = {sys.getfilesystemencoding(), locale.getencoding()}
    if {name.lower().replace("-", "") for name in names} == {"utf8"}:
        return _good(message("文字编码是 UTF-8"))
    saying = message("系统的文字编码是 {names}，不是 UTF-8，中文可能显示不出来", names=tuple(sorted(names)))
    return Finding(state=State.ADVICE, saying=saying, mends="export LC_ALL=C.UTF-8 PYTHONUTF8=1")


def _git(project: Path) -> Iterator[Finding]:
    try:
        repository = open_repository(project)
    except NoGit as refused:
        yield Finding(state=State.ADVICE, saying=refused.saying)
        return
    yield _good(message("git 可以读取这个仓库"))
    if repository.setting("core.autocrlf") == "true" and not (project / ".gitattributes").is_file():
        saying = message("git 会改动换行，表的原件可能与登记的校验值不符")
        yield Finding(state=State.ADVICE, saying=saying, mends="git config core.autocrlf input")


def _browser() -> Finding:
    if any(map(shutil.which, _BROWSERS)):
        return _good(message("有 Chromium，可以运行浏览器测试"))
    saying = message("没有 Chromium：浏览器测试不会运行，生成网站用不着")
    return Finding(state=State.ADVICE, saying=saying, mends="apt-get install chromium")


def _fonts() -> Finding:
    program = shutil.which("fc-list")
    listed = b""
    if program is not None:
        ran = subprocess.run([program, ":lang=zh"], check=False, capture_output=True)  # noqa: S603 - no argument from outside
        listed = ran.stdout
    if listed.strip():
        return _good(message("有中文字体"))
    saying = message("没有找到中文字体：资料包（PDF）不会做，浏览器测试的截图会缺字；网站本身用不着")
    return Finding(state=State.ADVICE, saying=saying, mends="apt-get install fontconfig fonts-noto-cjk")


def _asks_for_packs(project: Path) -> bool:
    """Tell what the settings say; what is wrong with them is told by `jixiao check`."""
    config = read_config(project)
    return isinstance(config, SiteConfig) and config.packs


def _fonts_of_packs() -> Finding:
    if has_fonts():
        return _good(message("有中文字体，可以做资料包"))
    saying = message(
        "没有找到做资料包的中文字体（Noto CJK）：设置里写了 packs: true，jixiao ci publish 不会发布"
    )
    return Finding(state=State.MISSING, saying=saying, mends=f"apt-get install {FONT_PACKAGE}")


def is_ready(findings: tuple[Finding, ...]) -> bool:
    """Tell whether all that a build needs is there."""
    return all(finding.state is not State.MISSING for finding in findings)
