"""Deployment of a built site as a release on a plain web server, with an atomic switch.

A target is a folder, local or behind ssh, that only this module writes:

    releases/<time>-<commit>/    whole sites; an unchanged file is one file on the disk for all of them
    current                      a link to one of them: the folder that the web server shows

Readers see the old site or the new one and never a mixture, because one rename replaces the link. Files
travel by rsync; the server needs rsync and a shell. (`ln -sfn` removes the link before it makes the new one.)
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

from jixiao.build.staging import Progress
from jixiao.i18n import message
from jixiao.load.source_files import is_disk_root
from jixiao.problems import UserError
from jixiao.verify import MANIFEST, compare_manifest

RELEASES_KEPT: Final = 5
"""Number of releases that stay on the server, including the current one."""
_TARGET_PATTERN = re.compile(
    r"(?:(?P<host>(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*):)?(?P<folder>/.*)"
)
_RELEASE_PATTERN = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-z]+")
_SSH_UNREACHABLE: Final = 255
"""Exit code of ssh if it cannot reach the host."""
_SSH_COMMAND = (
    *("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30"),
    *("-o", "ServerAliveInterval=30", "-o", "ServerAliveCountMax=4"),
)
"""ssh command that never prompts and gives up on an unresponsive server."""
_LIST_SCRIPT = "ls -1 releases; echo; readlink current || true"
_SWITCH_SCRIPT = "ln -s releases/{release} .current.new && mv -T .current.new current"
_FINISH_SCRIPT = "rm -f .current.new && mv -T releases/.{release}.new releases/{release} && " + _SWITCH_SCRIPT
_ROLL_BACK_SCRIPT = "rm -f .current.new && " + _SWITCH_SCRIPT


@dataclass(frozen=True, kw_only=True)
class DeployTarget:
    """Location of the releases."""

    host: str | None
    """`user@host` or `host` for ssh, or `None` for this machine."""
    folder: str
    """Absolute path of the folder."""

    @property
    def rsync_path(self) -> str:
        """Target as rsync writes it."""
        return f"{self.host}:{self.folder}" if self.host else self.folder


def read_target(typed: str) -> DeployTarget:
    """Read `[user@]host:/folder` or `/folder`; the root of a disk is refused.

    Raises:
        UserError: *typed* is not a valid target.
    """
    match = _TARGET_PATTERN.fullmatch(typed) if typed.isprintable() else None
    parts = [part for part in match["folder"].split("/") if part not in {"", "."}] if match else []
    if not match or not parts or ".." in parts or (not match["host"] and is_disk_root(Path(match["folder"]))):
        raise UserError(
            message(
                "“{typed}”不是部署的去处：请写 /文件夹，或 用户@主机:/文件夹；"
                "文件夹从根目录写起，不能是根目录，不含“..”",
                typed=typed,
            )
        )
    return DeployTarget(host=match["host"], folder="/" + "/".join(parts))


def refuse_target_within(target: DeployTarget, root: Path) -> None:
    """Refuse a target inside the site's own folder, because releases would mix with content.

    Raises:
        UserError: The target is inside *root*.
    """
    if target.host is None and Path(target.folder).resolve().is_relative_to(root.resolve()):
        raise UserError(
            message(
                "“{folder}”在网站项目的文件夹里：请写别处的文件夹，版本不能混进内容", folder=target.folder
            )
        )


def deploy(site: Path, target: DeployTarget, progress: Progress, kept: int = RELEASES_KEPT) -> str:
    """Upload *site* as a new release and switch to it; return the name of the release.

    Args:
        site: The folder of a built site, which must match its manifest.
        target: The location of the releases.
        progress: Called at the start of each step.
        kept: The number of releases to keep, including the new one.

    Raises:
        UserError: The site does not match its manifest, or rsync or ssh failed.
    """
    progress(message("核对网站"))
    if findings := tuple(compare_manifest(site)):
        places = tuple((finding.file, finding.message) for finding in findings)
        raise UserError(message("网站与清单不符，没有部署"), places=places)
    commit = str(json.loads((site / MANIFEST).read_bytes()).get("commit") or "uncommitted")
    release = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{re.sub('[^0-9a-z]', '', commit)[:10]}"
    # An interrupted deployment leaves an unfinished folder, which is no release.
    _run_in_target(target, "mkdir -p releases && rm -rf -- releases/.*.new", creates_folder=True)
    earlier, current = _list_releases(target)
    if release in earlier:
        raise UserError(message("已经有这一版了：{release}", release=release))
    progress(message("传送文件"))
    link_dest = [f"--link-dest=../{current}"] if current else []
    # Compared by content, so that an unchanged file keeps its time and stays valid in readers' caches.
    _run_program(
        (
            *("rsync", f"--rsh={shlex.join(_SSH_COMMAND)}", "--recursive", "--checksum", "--protect-args"),
            *(
                "--chmod=D755,F644",
                *link_dest,
                "--",
                f"{site}/",
                f"{target.rsync_path}/releases/.{release}.new/",
            ),
        )
    )
    progress(message("切换"))
    _run_in_target(target, _FINISH_SCRIPT.format(release=release))
    retained = {*sorted({*earlier, release})[-kept:], current}
    if stale := [name for name in earlier if name not in retained]:
        # The new release is complete; the next deployment deletes what cannot be deleted now.
        with suppress(UserError):
            _run_in_target(target, f"cd releases && rm -rf -- {' '.join(stale)}")
    return release


def roll_back(target: DeployTarget, release: str | None = None) -> str:
    """Switch to an earlier release; return its name.

    Args:
        target: The location of the releases.
        release: The release to switch to, or `None` for the one before the current release.

    Raises:
        UserError: There is no such release, or ssh failed.
    """
    known, current = _list_releases(target)
    if release is None:
        earlier = [name for name in known if current and name < current]
        if not earlier:
            raise UserError(message("没有更早的版本可以退回"))
        release = earlier[-1]
    elif release not in known:
        raise UserError(
            message("没有这一版：{release}；有的是：{known}", release=release, known=tuple(known))
        )
    _run_in_target(target, _ROLL_BACK_SCRIPT.format(release=release))
    return release


def _list_releases(target: DeployTarget) -> tuple[list[str], str | None]:
    """Return the finished releases, oldest first, and the current one."""
    listed, _, current = _run_in_target(target, _LIST_SCRIPT).partition("\n\n")
    if listed.startswith("\n"):
        listed, current = "", listed
    known = sorted(filter(_RELEASE_PATTERN.fullmatch, listed.splitlines()))
    name = current.strip().removeprefix("releases/")
    return known, name if name in known else None


def _run_in_target(target: DeployTarget, script: str, *, creates_folder: bool = False) -> str:
    """Run a shell *script* in the folder of the target; return its output."""
    folder = shlex.quote(target.folder)
    create = f"mkdir -p -- {folder} && " if creates_folder else ""
    command = f"{create}cd -- {folder} && {script}"
    if target.host is None:
        return _run_program(("sh", "-c", command))
    return _run_program((*_SSH_COMMAND, "--", target.host, f"sh -c {shlex.quote(command)}"))


def _run_program(command: Sequence[str]) -> str:
    try:
        # The program is fixed, the names are quoted, and the target was read by `read_target`.
        process = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as missing:
        package = {"ssh": "openssh-client"}.get(command[0], command[0])
        raise UserError(
            message(
                "没有找到 {program}：请先安装，例如 {command}",
                program=command[0],
                command=f"apt-get install {package}",
            )
        ) from missing
    details = process.stderr.decode("utf-8", "replace")
    if process.returncode == _SSH_UNREACHABLE and command[0] == "ssh":
        raise UserError(message("连不上服务器，没有部署；请检查主机名、密钥和 known_hosts"), details)
    if process.returncode:
        raise UserError(
            message("{program} 失败，没有切换；公众看到的网站没有变", program=command[0]), details
        )
    return process.stdout.decode("utf-8", "replace")
