"""Put a built site on a plain web server as a release of its own, and switch to it at once.

A target is a folder, here or behind ssh, that this module alone writes:

    releases/<time>-<commit>/    whole sites; what has not changed is one file on the disk for all of them
    current                      a link to one of them: the folder that the web server shows

Readers see the old site or the new one and never a mixture, because one rename replaces the link. Files
travel by rsync; the server needs rsync and a shell, and nothing of ours. (`ln -sfn` alone is not enough: it
removes the link before it makes the new one.)
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jixiao.i18n import Message, message
from jixiao.load.listing import is_root
from jixiao.site.release import Progress
from jixiao.verify import Finding
from jixiao.verify.manifest import MANIFEST, differences

KEPT: Final = 5
"""Releases that stay on the server, the present one among them."""
_TARGET = re.compile(
    r"(?:(?P<host>(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*):)?(?P<folder>/.*)"
)
_RELEASE = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-z]+")
_UNREACHED: Final = 255
"""With what ssh ends when it does not reach the host."""
_SSH = (
    *("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30"),
    *("-o", "ServerAliveInterval=30", "-o", "ServerAliveCountMax=4"),
)
"""Asks nobody, and gives up on a server that is silent."""
_LIST = "ls -1 releases; echo; readlink current || true"
_SWITCH = "ln -s releases/{release} .current.new && mv -T .current.new current"
_FINISH = "rm -f .current.new && mv -T releases/.{release}.new releases/{release} && " + _SWITCH
_UNDO = "rm -f .current.new && " + _SWITCH


class CannotDeploy(Exception):  # noqa: N818 - named for what it says
    """Why nothing was switched; the site that readers see is untouched."""

    def __init__(self, saying: Message, details: str = "", findings: tuple[Finding, ...] = ()) -> None:
        """Keep what to tell the user, what the failing program said, and where the site is not sound."""
        super().__init__(saying)
        self.saying = saying
        self.details = details
        self.findings = findings


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where releases lie."""

    host: str | None
    """`user@host` or `host` behind ssh; `None` is this machine."""
    folder: str
    """From the root of its disk."""

    @property
    def place(self) -> str:
        """Name the folder as rsync does."""
        return f"{self.host}:{self.folder}" if self.host else self.folder


def read_target(typed: str) -> Target:
    """Read `[user@]host:/folder` or `/folder`; the root of a disk is no folder for releases.

    Raises:
        CannotDeploy: It is neither.
    """
    found = _TARGET.fullmatch(typed) if typed.isprintable() else None
    steps = [step for step in found["folder"].split("/") if step not in {"", "."}] if found else []
    if not found or not steps or ".." in steps or (not found["host"] and is_root(Path(found["folder"]))):
        raise CannotDeploy(
            message(
                "“{typed}”不是部署的去处：请写 /文件夹，或 用户@主机:/文件夹；"
                "文件夹从根目录写起，不能是根目录，不含“..”",
                typed=typed,
            )
        )
    return Target(host=found["host"], folder="/" + "/".join(steps))


def refuse_within(target: Target, project: Path) -> None:
    """Refuse a folder of the project itself, whose content releases would become.

    Raises:
        CannotDeploy: It is one.
    """
    if target.host is None and Path(target.folder).resolve().is_relative_to(project.resolve()):
        raise CannotDeploy(
            message(
                "“{folder}”在网站项目的文件夹里：请写别处的文件夹，版本不能混进内容", folder=target.folder
            )
        )


def deploy(site: Path, target: Target, progress: Progress, kept: int = KEPT) -> str:
    """Send *site* as a new release and switch to it; give the name of the release.

    Args:
        site: The folder of a built site, which must agree with its manifest.
        target: Where to.
        progress: Is told what begins.
        kept: How many releases stay, the new one among them.

    Raises:
        CannotDeploy: The site is not sound, or rsync or ssh failed.
    """
    progress(message("核对网站"))
    if findings := tuple(differences(site)):
        raise CannotDeploy(message("网站与清单不符，没有部署"), findings=findings)
    release = _name_of(site)
    # What a run that died has left is no release.
    _ask(target, "mkdir -p releases && rm -rf -- releases/.*.new", begins=True)
    before, current = _releases(target)
    if release in before:
        raise CannotDeploy(message("已经有这一版了：{release}", release=release))
    progress(message("传送文件"))
    alike = [f"--link-dest=../{current}"] if current else []
    # Compared by content and not by time: what is the same keeps its time, and readers what they have stored.
    _run(
        (
            *("rsync", f"--rsh={shlex.join(_SSH)}", "--recursive", "--checksum", "--protect-args"),
            *("--chmod=D755,F644", *alike, "--", f"{site}/", f"{target.place}/releases/.{release}.new/"),
        )
    )
    progress(message("切换"))
    _ask(target, _FINISH.format(release=release))
    stays = {*sorted({*before, release})[-kept:], current}
    if stale := [one for one in before if one not in stays]:
        # The new release is there: what cannot be cleared away now is for the next one to clear away.
        with suppress(CannotDeploy):
            _ask(target, f"cd releases && rm -rf -- {' '.join(stale)}")
    return release


def roll_back(target: Target, release: str | None = None) -> str:
    """Switch to an earlier release; give its name.

    Args:
        target: Where releases lie.
        release: Which one; `None` is the last one before the present.

    Raises:
        CannotDeploy: There is no such release, or ssh failed.
    """
    known, current = _releases(target)
    if release is None:
        earlier = [one for one in known if current and one < current]
        if not earlier:
            raise CannotDeploy(message("没有更早的版本可以退回"))
        release = earlier[-1]
    elif release not in known:
        raise CannotDeploy(
            message("没有这一版：{release}；有的是：{known}", release=release, known=tuple(known))
        )
    _ask(target, _UNDO.format(release=release))
    return release


def _name_of(site: Path) -> str:
    """Name a release by the present time, and by the commit that the site was built from."""
    commit = str(json.loads((site / MANIFEST).read_bytes()).get("commit") or "uncommitted")
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{re.sub('[^0-9a-z]', '', commit)[:10]}"


def _releases(target: Target) -> tuple[list[str], str | None]:
    """List the finished releases, earliest first, and the present one."""
    listed, _, current = _ask(target, _LIST).partition("\n\n")
    if listed.startswith("\n"):
        listed, current = "", listed
    known = sorted(filter(_RELEASE.fullmatch, listed.splitlines()))
    present = current.strip().removeprefix("releases/")
    return known, present if present in known else None


def _ask(target: Target, script: str, *, begins: bool = False) -> str:
    """Run *script* in the folder of the target; give what it says."""
    folder = shlex.quote(target.folder)
    first = f"mkdir -p -- {folder} && " if begins else ""
    whole = f"{first}cd -- {folder} && {script}"
    if target.host is None:
        return _run(("sh", "-c", whole))
    return _run((*_SSH, "--", target.host, f"sh -c {shlex.quote(whole)}"))


def _run(command: Sequence[str]) -> str:
    try:
        # The program is fixed, the names are quoted, and the target was read by `read_target`.
        ran = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as missing:
        package = {"ssh": "openssh-client"}.get(command[0], command[0])
        raise CannotDeploy(
            message(
                "没有找到 {program}：请先安装，例如 {command}",
                program=command[0],
                command=f"apt-get install {package}",
            )
        ) from missing
    said = ran.stderr.decode("utf-8", "replace")
    if ran.returncode == _UNREACHED and command[0] == "ssh":
        raise CannotDeploy(message("连不上服务器，没有部署；请检查主机名、密钥和 known_hosts"), said)
    if ran.returncode:
        raise CannotDeploy(
            message("{program} 失败，没有切换；公众看到的网站没有变", program=command[0]), said
        )
    return ran.stdout.decode("utf-8", "replace")
