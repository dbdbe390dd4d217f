"""Read a git repository without running anything that it configures.

Objects are listed and read as they are stored: no checkout, no filter, no text conversion, no hook, no pager,
no look at signatures, nothing fetched. Names that somebody typed never become options.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from tempfile import TemporaryFile
from typing import IO

from jixiao.i18n import Message, message
from jixiao.ignored_files import is_among_leftovers

_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false"),
)
_TOUCHED = ("diff-tree", "--stdin", "-r", "-z", "--root", "--name-only", "--no-renames", "--no-ext-diff")
REGULAR = ("100644", "100755", "100664")
LINK = "120000"
SUBMODULE = "160000"


class NoGit(Exception):  # noqa: N818 - named for what it says; caught once, by the command line
    """The repository cannot be read; says why and what to do."""

    def __init__(self, saying: Message, details: str = "") -> None:
        """Keep what to tell the user, and what git said."""
        super().__init__(saying.template)
        self.saying = saying
        self.details = details


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """A file as it is stored."""

    path: str
    """Relative to the project; bytes that are no UTF-8 stand as surrogates."""
    mode: str
    id: str
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """One commit of a range."""

    id: str
    body: str
    """Its whole message."""
    files: frozenset[str]
    """What it touches, relative to the project."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedCommit:
    """One commit of a history."""

    id: str
    parents: tuple[str, ...]
    time: str
    """Of the commit, `2021-02-03T04:05:06+08:00`; empty where git cannot tell."""
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """A file that a commit has changed."""

    path: str
    """Relative to the project."""
    mode: str
    blob: str
    """The id of its content since; empty where the file is gone."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """The repository that a project lies in."""

    project: Path
    prefix: str
    """The way from the root of the repository to the project, ending in `/`, or empty."""
    is_shallow: bool
    """Whether its history is cut off."""

    def commit(self, name: str) -> str | None:
        """Give the id of the commit that *name* means; `None` when it means none."""
        if not name or name.startswith("-") or not name.isprintable():
            return None
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        ran = _run(self.project, arguments)
        found = ran.stdout.decode("ascii", "replace").strip()
        return found if ran.returncode == 0 and found.isalnum() else None

    def present(self) -> tuple[str, str] | None:
        """Give id and time of the present commit; `None` where there is none yet."""
        ran = _run(self.project, ("show", "--no-patch", "--format=%H %cI", "HEAD"))
        commit, _, time = ran.stdout.decode("ascii", "replace").strip().partition(" ")
        return (commit, time) if ran.returncode == 0 else None

    def is_changed(self, paths: Sequence[str]) -> bool:
        """Tell whether something at or below *paths* is not as it was committed."""
        asked = ("status", "--porcelain", "-z", "--untracked-files=all", "--", *paths)
        told = _run(self.project, asked).stdout.split(b"\0")
        # Before the path stand two letters and a blank.
        return any(line.strip() and not is_among_leftovers(os.fsdecode(line[3:])) for line in told)

    def setting(self, name: str) -> str:
        """Give a setting of git, or nothing."""
        return os.fsdecode(_run(self.project, ("config", "--get", name)).stdout).strip()

    def differing(self, one: str, other: str) -> tuple[str, ...]:
        """List the files of the whole repository in which two commits differ, relative to its root."""
        arguments = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", one, other)
        return tuple(os.fsdecode(path) for path in _output(self.project, arguments).split(b"\0") if path)

    def borrowed(self, folder: Path, head: str) -> Path:
        """Make a repository in *folder* that reads the objects of this one; give the project's place in it.

        Its present commit is *head* and nothing is checked out. Nothing of the original is changed, and none
        of its settings and hooks is taken along.
        """
        arguments = ("init", "--quiet", "--template=", os.fspath(folder.absolute()))
        _output(self.project, arguments)
        objects = os.fsdecode(
            _output(self.project, ("rev-parse", "--path-format=absolute", "--git-path", "objects"))
        )
        (folder / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (folder / ".git/objects/info/alternates").write_text(objects, encoding="utf-8", newline="\n")
        shallow = os.fsdecode(
            _output(self.project, ("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
        )
        if self.is_shallow:
            shutil.copy(shallow.rstrip("\n"), folder / ".git/shallow")
        _output(folder, ("update-ref", "--no-deref", "HEAD", head))
        place = folder / self.prefix
        place.mkdir(parents=True, exist_ok=True)
        return place

    def merge_base(self, one: str, other: str) -> str | None:
        """Give the commit at which two commits part; `None` when they have none in common."""
        ran = _run(self.project, ("merge-base", one, other))
        found = ran.stdout.decode("ascii", "replace").split()
        return found[0] if ran.returncode == 0 and found else None

    def files(self, commit: str, paths: Sequence[str]) -> Mapping[str, Blob]:
        """List what *commit* holds at or below *paths* of the project."""
        asked = [f"{self.prefix}{path}" for path in paths]
        listed = _output(self.project, ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *asked))
        blobs = (self._blob(line) for line in listed.split(b"\0") if line)
        return {blob.path: blob for blob in blobs}

    def _blob(self, line: bytes) -> Blob:
        facts, _, path = line.partition(b"\t")
        mode, _, identity, size = facts.decode("ascii").split()
        return Blob(
            path=os.fsdecode(path).removeprefix(self.prefix),
            mode=mode,
            id=identity,
            size=int(size) if size.isdecimal() else 0,
        )

    def contents(self, blobs: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
        """Give the bytes of *blobs*, one after another."""
        wanted = tuple(blobs)
        if not wanted:
            return
        # All are asked for at once, so that git unpacks some while others are read here.
        with TemporaryFile() as asked:
            asked.writelines(f"{blob.id}\n".encode("ascii") for blob in wanted)
            asked.seek(0)
            yield from self._answered(wanted, asked)

    def _answered(self, wanted: Iterable[Blob], asked: IO[bytes]) -> Iterator[tuple[Blob, bytes]]:
        with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
            _command(self.project, ("cat-file", "--batch", "--buffer")),
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as process:
            if process.stdout is None:
                raise NotImplementedError
            for blob in wanted:
                head = process.stdout.readline().split()
                if len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004 - id, kind, size
                    raise NoGit(_incomplete(), blob.path)
                content = process.stdout.read(int(head[2]))
                process.stdout.read(1)
                yield blob, content

    def log(self) -> Iterator[LoggedCommit]:
        """List all commits of the present history, the present one first."""
        told = _output(self.project, ("log", "-z", "--encoding=UTF-8", "--format=%H%n%P%n%cI%n%B", "HEAD"))
        for one in told.decode("utf-8", "replace").split("\0"):
            if one:
                identity, parents, time, body = one.split("\n", 3)
                # Of a date that it cannot read, git prints the name of the field.
                time = "" if time.startswith("%") else time
                yield LoggedCommit(id=identity, parents=tuple(parents.split()), time=time, body=body)

    def touched(
        self, commits: Iterable[Sequence[str]], paths: Sequence[str]
    ) -> Mapping[str, tuple[Touched, ...]]:
        """List what commits have changed at or below *paths* of the project.

        Args:
            commits: Each with the one that it is compared with, or alone when it is the first.
            paths: Relative to the project.
        """
        asked = "".join(f"{' '.join(commit)}\n" for commit in commits).encode("ascii")
        arguments = ("diff-tree", "--stdin", "-r", "-z", "--root", "--raw", "--no-abbrev", "--no-renames")
        listed = _output(self.project, (*arguments, "--no-ext-diff", "--", *paths), asked)
        found: dict[str, list[Touched]] = {}
        current: list[Touched] = []
        parts = iter(listed.split(b"\0"))
        for part in parts:
            if part.startswith(b":"):
                _, mode, _, blob, status = part.decode("ascii").split()
                path = os.fsdecode(next(parts)).removeprefix(self.prefix)
                current.append(Touched(path=path, mode=mode, blob="" if status == "D" else blob))
            elif part:
                current = found.setdefault(part.decode("ascii").split()[0], [])
        return {identity: tuple(files) for identity, files in found.items()}

    def commits(self, base: str, head: str, paths: Sequence[str]) -> tuple[Commit, ...]:
        """List the commits that *head* has and *base* has not, latest first, without merges."""
        chosen = ("--no-merges", "--end-of-options", f"{base}..{head}")
        told = _output(self.project, ("log", "-z", "--encoding=UTF-8", "--format=%H%n%B", *chosen))
        bodies = dict(_body(told_one) for told_one in told.split(b"\0") if told_one)
        if not bodies:
            return ()
        listed = _output(
            self.project,
            # Unlike those of a tree, these paths begin at the folder of the project.
            (*_TOUCHED, "--", *paths),
            "\n".join(bodies).encode("ascii") + b"\n",
        )
        files: dict[str, set[str]] = {}
        current: set[str] = set()
        for name in map(os.fsdecode, listed.split(b"\0")):
            if name in bodies:
                current = files.setdefault(name, set())
            elif name:
                current.add(name.removeprefix(self.prefix))
        return tuple(
            Commit(id=identity, body=body, files=frozenset(files.get(identity, ())))
            for identity, body in bodies.items()
        )


def open_repository(project: Path) -> Repository:
    """Open the repository that *project* lies in.

    Raises:
        NoGit: There is no git, no repository, or git refuses to read it.
    """
    facts = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    try:
        ran = _run(project, ("rev-parse", *facts))
    except FileNotFoundError as missing:
        raise NoGit(
            message("没有找到 git：请先安装，例如 {command}", command="apt-get install git")
        ) from missing
    said = os.fsdecode(ran.stderr)
    if "dubious ownership" in said:
        # Git says it of the folder of the repository, which may be above that of the project.
        hints = map(str.strip, said.splitlines())
        trusting = f"git config --global --add safe.directory {quote(str(project))}"
        mends = next((hint for hint in hints if hint.startswith("git config")), trusting)
        raise NoGit(
            message("这个仓库是别的用户的，git 不肯读；确认可信以后，请运行 {command}", command=mends), said
        )
    lines = os.fsdecode(ran.stdout).split("\n")
    if ran.returncode or lines[0] != "true":
        raise NoGit(
            message(
                "{path} 不在 git 仓库里：请到项目文件夹里运行，或用 git clone 取得项目", path=str(project)
            ),
            said,
        )
    return Repository(project=project, prefix=lines[2], is_shallow=lines[1] == "true")


def _body(told: bytes) -> tuple[str, str]:
    identity, _, body = told.decode("utf-8", "replace").partition("\n")
    return identity, body


def _incomplete() -> Message:
    return message("git 里缺少要比较的文件，请运行 {command} 补全", command="git fetch --refetch")


def _output(project: Path, arguments: Sequence[str], told: bytes = b"") -> bytes:
    ran = _run(project, arguments, told)
    if ran.returncode:
        raise NoGit(
            message("git 读不出历史，请运行 {command} 检查", command="git fsck"), os.fsdecode(ran.stderr)
        )
    return ran.stdout


def _run(project: Path, arguments: Sequence[str], told: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # What is typed by people has been looked at before, and stands behind --end-of-options.
    return subprocess.run(  # noqa: S603 - a fixed program, no shell
        _command(project, arguments), check=False, capture_output=True, input=told, env=_environment()
    )


def _command(project: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", os.fspath(project), *_OPTIONS, *arguments]


def _environment() -> Mapping[str, str]:
    """Keep of git's variables only settings of the user: a hook sets others, about another folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
        # Settings of the repository cannot widen this: nothing is fetched, so no helper runs.
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
