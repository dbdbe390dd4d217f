"""Read-only access to a git repository that runs nothing the repository configures.

Objects are listed and read as stored: no checkout, filter, text conversion, hook, pager, signature check
or fetch. Names typed by a user never become options.
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
from typing import IO, cast

from jixiao.i18n import Message, message
from jixiao.ignored_files import is_ignored_path
from jixiao.problems import UserError

_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false"),
)
_DIFF_TREE = ("diff-tree", "--stdin", "-r", "-z", "--root", "--name-only", "--no-renames", "--no-ext-diff")
REGULAR_MODES = ("100644", "100755", "100664")
LINK_MODE = "120000"
SUBMODULE = "160000"


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """Stored content of a file, with its path."""

    path: str
    """Relative to the site; bytes that are not UTF-8 are surrogates."""
    mode: str
    id: str
    size: int
    """In bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """Commit of a range, with the files it changes."""

    id: str
    body: str
    """Complete commit message."""
    files: frozenset[str]
    """Changed files, relative to the site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedCommit:
    """Commit of the log, with its parents."""

    id: str
    parents: tuple[str, ...]
    time: str
    """Commit time, `2021-02-03T04:05:06+08:00`; empty if git cannot read it."""
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GitFileChange:
    """File changed by a commit."""

    path: str
    """Relative to the site."""
    mode: str
    blob_id: str
    """Id of the new content; empty if the file was deleted."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Git repository that contains a site."""

    site_root: Path
    prefix: str
    """Path from the root of the repository to the site, ending in `/`, or empty."""
    is_shallow: bool
    """Whether the history is cut off (a shallow clone)."""

    def resolve_commit(self, name: str) -> str | None:
        """Return the id of the commit that *name* refers to, or `None` if there is none."""
        if not name or name.startswith("-") or not name.isprintable():
            return None
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        ran = _run_git(self.site_root, arguments)
        found = ran.stdout.decode("ascii", "replace").strip()
        return found if ran.returncode == 0 and found.isalnum() else None

    def read_head(self) -> tuple[str, str] | None:
        """Return id and time of the current commit, or `None` before the first commit."""
        ran = _run_git(self.site_root, ("show", "--no-patch", "--format=%H %cI", "HEAD"))
        commit, _, time = ran.stdout.decode("ascii", "replace").strip().partition(" ")
        return (commit, time) if ran.returncode == 0 else None

    def has_changes(self, paths: Sequence[str]) -> bool:
        """Check whether a file at or below *paths* differs from the current commit."""
        asked = ("status", "--porcelain", "-z", "--untracked-files=all", "--", *paths)
        told = _run_git(self.site_root, asked).stdout.split(b"\0")
        # Before the path stand two letters and a blank.
        return any(line.strip() and not is_ignored_path(os.fsdecode(line[3:])) for line in told)

    def read_setting(self, name: str) -> str:
        """Return a git setting, or an empty string if it is not set."""
        return os.fsdecode(_run_git(self.site_root, ("config", "--get", name)).stdout).strip()

    def list_differing_files(self, one: str, other: str) -> tuple[str, ...]:
        """List the files in which two commits differ, relative to the root of the repository."""
        arguments = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", one, other)
        return tuple(
            os.fsdecode(path) for path in _read_git_output(self.site_root, arguments).split(b"\0") if path
        )

    def create_shared_repository(self, folder: Path, head: str) -> Path:
        """Create a repository in *folder* that shares these objects, and return the site's folder in it.

        Its present commit is *head* and nothing is checked out. Nothing of the original is changed, and none
        of its settings and hooks is taken along.
        """
        arguments = ("init", "--quiet", "--template=", os.fspath(folder.absolute()))
        _read_git_output(self.site_root, arguments)
        objects = os.fsdecode(
            _read_git_output(self.site_root, ("rev-parse", "--path-format=absolute", "--git-path", "objects"))
        )
        (folder / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (folder / ".git/objects/info/alternates").write_text(objects, encoding="utf-8", newline="\n")
        shallow = os.fsdecode(
            _read_git_output(self.site_root, ("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
        )
        if self.is_shallow:
            shutil.copy(shallow.rstrip("\n"), folder / ".git/shallow")
        _read_git_output(folder, ("update-ref", "--no-deref", "HEAD", head))
        place = folder / self.prefix
        place.mkdir(parents=True, exist_ok=True)
        return place

    def find_merge_base(self, one: str, other: str) -> str | None:
        """Return the common ancestor of two commits, or `None` if they have none."""
        ran = _run_git(self.site_root, ("merge-base", one, other))
        found = ran.stdout.decode("ascii", "replace").split()
        return found[0] if ran.returncode == 0 and found else None

    def list_files(self, commit: str, paths: Sequence[str]) -> Mapping[str, Blob]:
        """List the files of *commit* at or below *paths*, by path."""
        asked = [f"{self.prefix}{path}" for path in paths]
        listed = _read_git_output(
            self.site_root, ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *asked)
        )
        blobs = (self._parse_tree_entry(line) for line in listed.split(b"\0") if line)
        return {blob.path: blob for blob in blobs}

    def _parse_tree_entry(self, line: bytes) -> Blob:
        facts, _, path = line.partition(b"\t")
        mode, _, identity, size = facts.decode("ascii").split()
        return Blob(
            path=os.fsdecode(path).removeprefix(self.prefix),
            mode=mode,
            id=identity,
            size=int(size) if size.isdecimal() else 0,
        )

    def read_blobs(self, blobs: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
        """Yield *blobs* with their bytes, one by one."""
        wanted = tuple(blobs)
        if not wanted:
            return
        # All are asked for at once, so that git unpacks some while others are read here.
        with TemporaryFile() as asked:
            asked.writelines(f"{blob.id}\n".encode("ascii") for blob in wanted)
            asked.seek(0)
            yield from self._read_batch(wanted, asked)

    def _read_batch(self, wanted: Iterable[Blob], request: IO[bytes]) -> Iterator[tuple[Blob, bytes]]:
        with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
            _build_git_command(self.site_root, ("cat-file", "--batch", "--buffer")),
            stdin=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_build_git_environment(),
        ) as process:
            stdout = cast("IO[bytes]", process.stdout)
            for blob in wanted:
                head = stdout.readline().split()
                if len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004 - id, kind, size
                    raise UserError(_missing_objects_message(), blob.path)
                content = stdout.read(int(head[2]))
                stdout.read(1)
                yield blob, content

    def read_log(self) -> Iterator[LoggedCommit]:
        """List all commits reachable from the current one, which comes first."""
        told = _read_git_output(
            self.site_root, ("log", "-z", "--encoding=UTF-8", "--format=%H%n%P%n%cI%n%B", "HEAD")
        )
        for one in told.decode("utf-8", "replace").split("\0"):
            if one:
                identity, parents, time, body = one.split("\n", 3)
                # Of a date that it cannot read, git prints the name of the field.
                time = "" if time.startswith("%") else time
                yield LoggedCommit(id=identity, parents=tuple(parents.split()), time=time, body=body)

    def list_file_changes(
        self, commits: Iterable[Sequence[str]], paths: Sequence[str]
    ) -> Mapping[str, tuple[GitFileChange, ...]]:
        """List the files that commits change at or below *paths*, by commit.

        Args:
            commits: Each with the commit it is compared with, or alone if it is the first.
            paths: Relative to the site.
        """
        asked = "".join(f"{' '.join(commit)}\n" for commit in commits).encode("ascii")
        arguments = ("diff-tree", "--stdin", "-r", "-z", "--root", "--raw", "--no-abbrev", "--no-renames")
        listed = _read_git_output(self.site_root, (*arguments, "--no-ext-diff", "--", *paths), asked)
        found: dict[str, list[GitFileChange]] = {}
        current: list[GitFileChange] = []
        parts = iter(listed.split(b"\0"))
        for part in parts:
            if part.startswith(b":"):
                _, mode, _, blob, status = part.decode("ascii").split()
                path = os.fsdecode(next(parts)).removeprefix(self.prefix)
                current.append(GitFileChange(path=path, mode=mode, blob_id="" if status == "D" else blob))
            elif part:
                current = found.setdefault(part.decode("ascii").split()[0], [])
        return {identity: tuple(files) for identity, files in found.items()}

    def list_commits(self, base: str, head: str, paths: Sequence[str]) -> tuple[Commit, ...]:
        """List the commits that *head* has and *base* lacks, latest first, without merges."""
        chosen = ("--no-merges", "--end-of-options", f"{base}..{head}")
        told = _read_git_output(self.site_root, ("log", "-z", "--encoding=UTF-8", "--format=%H%n%B", *chosen))
        bodies = dict(_split_log_entry(told_one) for told_one in told.split(b"\0") if told_one)
        if not bodies:
            return ()
        listed = _read_git_output(
            self.site_root,
            # Unlike those of a tree, these paths begin at the folder of the project.
            (*_DIFF_TREE, "--", *paths),
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


def open_repository(root: Path) -> Repository:
    """Open the repository that contains the site at *root*.

    Raises:
        UserError: There is no git, no repository, or git refuses to read it.
    """
    facts = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    try:
        ran = _run_git(root, ("rev-parse", *facts))
    except FileNotFoundError as missing:
        raise UserError(
            message("没有找到 git：请先安装，例如 {command}", command="apt-get install git")
        ) from missing
    said = os.fsdecode(ran.stderr)
    if "dubious ownership" in said:
        # Git says it of the folder of the repository, which may be above that of the project.
        hints = map(str.strip, said.splitlines())
        trusting = f"git config --global --add safe.directory {quote(str(root))}"
        mends = next((hint for hint in hints if hint.startswith("git config")), trusting)
        raise UserError(
            message("这个仓库是别的用户的，git 不肯读；确认可信以后，请运行 {command}", command=mends), said
        )
    lines = os.fsdecode(ran.stdout).split("\n")
    if ran.returncode or lines[0] != "true":
        raise UserError(
            message("{path} 不在 git 仓库里：请到项目文件夹里运行，或用 git clone 取得项目", path=str(root)),
            said,
        )
    return Repository(site_root=root, prefix=lines[2], is_shallow=lines[1] == "true")


def _split_log_entry(entry: bytes) -> tuple[str, str]:
    identity, _, body = entry.decode("utf-8", "replace").partition("\n")
    return identity, body


def _missing_objects_message() -> Message:
    return message("git 里缺少要比较的文件，请运行 {command} 补全", command="git fetch --refetch")


def _read_git_output(folder: Path, arguments: Sequence[str], stdin: bytes = b"") -> bytes:
    ran = _run_git(folder, arguments, stdin)
    if ran.returncode:
        raise UserError(
            message("git 读不出历史，请运行 {command} 检查", command="git fsck"), os.fsdecode(ran.stderr)
        )
    return ran.stdout


def _run_git(
    folder: Path, arguments: Sequence[str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    # What is typed by people has been looked at before, and stands behind --end-of-options.
    return subprocess.run(  # noqa: S603 - a fixed program, no shell
        _build_git_command(folder, arguments),
        check=False,
        capture_output=True,
        input=stdin,
        env=_build_git_environment(),
    )


def _build_git_command(folder: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", os.fspath(folder), *_OPTIONS, *arguments]


def _build_git_environment() -> Mapping[str, str]:
    """Return the environment for git, keeping only the user's own git settings."""
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
