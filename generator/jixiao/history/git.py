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

from jixiao.i18n import message
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
_DIFF_TREE = ("diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--no-ext-diff")
_SITE_SOURCES = ("content", "theme", "site_config.yml", "mkdocs.yml")
"""Paths that a site is built from."""
REGULAR_MODES = ("100644", "100755", "100664")
LINK_MODE = "120000"


class GitError(UserError):
    """A repository that cannot be read; the site can be built without its history."""


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
        process = _run_git(self.site_root, arguments)
        commit = process.stdout.decode("ascii", "replace").strip()
        return commit if process.returncode == 0 and commit.isalnum() else None

    def read_head(self) -> tuple[str, str] | None:
        """Return id and time of the current commit, or `None` before the first commit."""
        process = _run_git(self.site_root, ("show", "--no-patch", "--format=%H %cI", "HEAD"))
        commit, _, time = process.stdout.decode("ascii", "replace").strip().partition(" ")
        return (commit, time) if process.returncode == 0 else None

    def has_changes(self, paths: Sequence[str]) -> bool:
        """Check whether a file at or below *paths* differs from the current commit."""
        arguments = ("status", "--porcelain", "-z", "--untracked-files=all", "--", *paths)
        lines = _run_git(self.site_root, arguments).stdout.split(b"\0")
        # Two letters and a blank precede the path.
        return any(line.strip() and not is_ignored_path(os.fsdecode(line[3:])) for line in lines)

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

        Its current commit is *head* and nothing is checked out. The original is not changed, and its settings
        and hooks are not copied.
        """
        arguments = ("init", "--quiet", "--template=", os.fspath(folder.absolute()))
        _read_git_output(self.site_root, arguments)
        git_path = ("rev-parse", "--path-format=absolute", "--git-path")
        objects = os.fsdecode(_read_git_output(self.site_root, (*git_path, "objects")))
        (folder / ".git/objects/info").mkdir(parents=True, exist_ok=True)
        (folder / ".git/objects/info/alternates").write_text(objects, encoding="utf-8", newline="\n")
        if self.is_shallow:
            shallow = os.fsdecode(_read_git_output(self.site_root, (*git_path, "shallow")))
            shutil.copy(shallow.rstrip("\n"), folder / ".git/shallow")
        _read_git_output(folder, ("update-ref", "--no-deref", "HEAD", head))
        site_folder = folder / self.prefix
        site_folder.mkdir(parents=True, exist_ok=True)
        return site_folder

    def find_merge_base(self, one: str, other: str) -> str | None:
        """Return the common ancestor of two commits, or `None` if they have none."""
        process = _run_git(self.site_root, ("merge-base", one, other))
        commits = process.stdout.decode("ascii", "replace").split()
        return commits[0] if process.returncode == 0 and commits else None

    def list_files(self, commit: str, paths: Sequence[str]) -> Mapping[str, Blob]:
        """List the files of *commit* at or below *paths*, by path."""
        full_paths = (f"{self.prefix}{path}" for path in paths)
        arguments = ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *full_paths)
        blobs: dict[str, Blob] = {}
        for line in filter(None, _read_git_output(self.site_root, arguments).split(b"\0")):
            facts, _, full_path = line.partition(b"\t")
            mode, _, identity, size = facts.decode("ascii").split()
            path = os.fsdecode(full_path).removeprefix(self.prefix)
            # A submodule has no size.
            blobs[path] = Blob(path=path, mode=mode, id=identity, size=int(size) if size.isdecimal() else 0)
        return blobs

    def read_blobs(self, blobs: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
        """Yield *blobs* with their bytes, one by one."""
        wanted = tuple(blobs)
        if not wanted:
            return
        # One request names all blobs, so that git unpacks some while others are read here.
        with TemporaryFile() as request:
            request.writelines(f"{blob.id}\n".encode("ascii") for blob in wanted)
            request.seek(0)
            with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
                _build_git_command(self.site_root, ("cat-file", "--batch", "--buffer")),
                stdin=request,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_build_git_environment(),
            ) as process:
                output = cast("IO[bytes]", process.stdout)
                for blob in wanted:
                    head = output.readline().split()
                    if len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004 - id, kind, size
                        missing = "git 里缺少要比较的文件，请运行 {command} 补全"
                        raise GitError(message(missing, command="git fetch --refetch"), blob.path)
                    content = output.read(int(head[2]))
                    output.read(1)
                    yield blob, content

    def read_log(self) -> Iterator[LoggedCommit]:
        """List all commits reachable from the current one, which comes first."""
        for item in self._read_log_items("%H%n%P%n%cI%n%B", "HEAD"):
            identity, parents, time, body = item.split("\n", 3)
            # For an unreadable date, git prints the name of the field.
            time = "" if time.startswith("%") else time
            yield LoggedCommit(id=identity, parents=tuple(parents.split()), time=time, body=body)

    def _read_log_items(self, item_format: str, *arguments: str) -> list[str]:
        log = ("log", "-z", "--encoding=UTF-8", f"--format={item_format}", *arguments)
        items = _read_git_output(self.site_root, log).decode("utf-8", "replace").split("\0")
        return [item for item in items if item]

    def list_file_changes(
        self, commits: Iterable[Sequence[str]], paths: Sequence[str]
    ) -> Mapping[str, tuple[GitFileChange, ...]]:
        """List the files that commits change at or below *paths*, by commit.

        Args:
            commits: Each with the commit it is compared with, or alone if it is the first.
            paths: Relative to the site.
        """
        request = "".join(f"{' '.join(commit)}\n" for commit in commits).encode("ascii")
        arguments = (*_DIFF_TREE, "--raw", "--no-abbrev", "--", *paths)
        output = _read_git_output(self.site_root, arguments, request)
        changes: dict[str, list[GitFileChange]] = {}
        current: list[GitFileChange] = []
        parts = iter(output.split(b"\0"))
        for part in parts:
            if part.startswith(b":"):
                _, mode, _, blob, status = part.decode("ascii").split()
                path = os.fsdecode(next(parts)).removeprefix(self.prefix)
                current.append(GitFileChange(path=path, mode=mode, blob_id="" if status == "D" else blob))
            elif part:
                current = changes.setdefault(part.decode("ascii").split()[0], [])
        return {identity: tuple(files) for identity, files in changes.items()}

    def list_commits(self, base: str, head: str, paths: Sequence[str]) -> tuple[Commit, ...]:
        """List the commits that *head* has and *base* lacks, latest first, without merges."""
        items = self._read_log_items("%H%n%B", "--no-merges", "--end-of-options", f"{base}..{head}")
        bodies = {identity: body for identity, _, body in (item.partition("\n") for item in items)}
        changes = self.list_file_changes(((identity,) for identity in bodies), paths)
        return tuple(
            Commit(id=identity, body=body, files=frozenset(file.path for file in changes.get(identity, ())))
            for identity, body in bodies.items()
        )


@dataclass(frozen=True, kw_only=True)
class Revision:
    """Git commit that a site is built from, for the manifest and the data page."""

    commit: str
    time: str
    """Time of the commit, `2026-01-31T12:00:00+08:00`."""
    has_uncommitted_changes: bool
    """Whether files of the site differ from the commit."""


def read_revision(root: Path) -> Revision | None:
    """Return the checked-out commit of *root*, or `None` outside a git checkout or without git."""
    try:
        repository = open_repository(root)
    except GitError:
        return None
    head = repository.read_head()
    if head is None:
        return None
    commit, time = head
    return Revision(commit=commit, time=time, has_uncommitted_changes=repository.has_changes(_SITE_SOURCES))


def open_repository(root: Path) -> Repository:
    """Open the repository that contains the site at *root*.

    Raises:
        GitError: There is no git, no repository, or git refuses to read it.
    """
    facts = ("--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    try:
        process = _run_git(root, ("rev-parse", *facts))
    except FileNotFoundError as missing:
        raise GitError(
            message("没有找到 git：请先安装，例如 {command}", command="apt-get install git")
        ) from missing
    errors = os.fsdecode(process.stderr)
    if "dubious ownership" in errors:
        # The folder of the repository, which git names, may be above the site.
        hints = map(str.strip, errors.splitlines())
        default = f"git config --global --add safe.directory {quote(str(root))}"
        command = next((hint for hint in hints if hint.startswith("git config")), default)
        raise GitError(
            message("这个仓库是别的用户的，git 不肯读；确认可信以后，请运行 {command}", command=command),
            errors,
        )
    lines = os.fsdecode(process.stdout).split("\n")
    if process.returncode or lines[0] != "true":
        raise GitError(
            message("{path} 不在 git 仓库里：请到项目文件夹里运行，或用 git clone 取得项目", path=str(root)),
            errors,
        )
    return Repository(site_root=root, prefix=lines[2], is_shallow=lines[1] == "true")


def _read_git_output(folder: Path, arguments: Sequence[str], stdin: bytes = b"") -> bytes:
    process = _run_git(folder, arguments, stdin)
    if process.returncode:
        raise GitError(
            message("git 读不出历史，请运行 {command} 检查", command="git fsck"), os.fsdecode(process.stderr)
        )
    return process.stdout


def _run_git(
    folder: Path, arguments: Sequence[str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    # Names that a user typed were checked before, and stand behind --end-of-options.
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
