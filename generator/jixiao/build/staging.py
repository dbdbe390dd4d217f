"""Staged site: the next site while it is built, from new files and from those of the present site that stay.

New files wait in the staging directory. Nothing that is published is touched before every task is done and
verified; then the next site is put together from a hard-linked copy of the present one, and the two swap.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from jixiao.build.cache import BuildCache, BuiltFile, CacheError
from jixiao.build.disk_space import describe_full_disk
from jixiao.build.executor import Executor, chunks
from jixiao.build.hard_links import find_lost, link_files, move_all, remove_files, restore_modes
from jixiao.build.paths import BuildPaths
from jixiao.build.publish import lock_build, remove, swap_atomically, sync_disk, umask_for_readers
from jixiao.build.task import PAGES, SITE, Output, PageScan, Payload, Stage, Task
from jixiao.i18n import Message, message
from jixiao.load.source_files import FileStat, file_stat
from jixiao.problems import UserError
from jixiao.site.build_failure import make_changed_file_failure
from jixiao.site.security_policy import NGINX_FILE, write_nginx_snippet
from jixiao.verify import MANIFEST, VerificationFinding, write_manifest

Progress = Callable[[Message], None]
"""Called with a description of each step before it begins."""
_NO_LINKS: Final = PageScan(links=())


class SiteFiles(AbstractSet[str]):
    """Paths of all files of a complete site, read from the cache: a large site has hundreds of thousands."""

    def __init__(self, cache: BuildCache) -> None:
        """Read from *cache*."""
        self._cache = cache

    def __contains__(self, path: object) -> bool:
        """Return whether the site has this file."""
        return self._cache.checksum(f"{SITE}{path}") is not None

    def __iter__(self) -> Iterator[str]:
        """Yield every file."""
        return (path[len(SITE) :] for path, _, _ in self._cache.checksums() if path.startswith(SITE))

    def __len__(self) -> int:
        """Count the files."""
        return sum(1 for _ in self)

    def __rsub__(self, wanted: Iterable[str]) -> set[str]:
        """Return those of *wanted* that the site lacks."""
        return {path[len(SITE) :] for path in self._cache.missing(f"{SITE}{path}" for path in wanted)}


class StagedSite:
    """The next site while it is built.

    Raises:
        CacheError: From every method: the cache of the last build cannot be read.
    """

    def __init__(self, paths: BuildPaths) -> None:
        """Begin with the published site."""
        self.paths = paths
        self.was_gapless = True
        """Whether readers had a site at every moment, which not every file system makes possible."""
        self.findings: list[VerificationFinding] = []
        """Where files that were built differ from the content."""
        self._cache = BuildCache(paths.cache, paths.staging / paths.cache.name)
        is_usable = not self._cache.is_new and paths.pages.is_dir()
        published = restore_modes(paths.site) if is_usable else {}
        self._starts_empty = not published
        if published:
            # Now that all stats are known. A thread that did it later would wait for this one at every file.
            _link_site(paths, published)
        self._outdated: set[str] = set()
        self._foreign: set[str] = set()
        """Published files that no task has built."""
        self._kept: set[str] = set()
        self._built: set[str] = set()
        self._layout_links: frozenset[str] = frozenset()
        self._removed: set[str] = set()
        self._compare_with(published)

    def _compare_with(self, published: dict[str, FileStat]) -> None:
        """Find the tasks with a file that has changed since it was built, and the files of no task.

        A file with another stat is read, because on another machine every file has one. Markdown is not
        compared where a site is published.
        """
        moved: list[tuple[str, FileStat]] = []
        for task, path, stat in self._cache.stats():
            if self._starts_empty:
                self._outdated.add(task)
            elif path.startswith(SITE) and (found := published.pop(path[len(SITE) :], None)) != stat:
                if found is None or found[0] != stat[0] or not self._has_checksum(path):
                    self._outdated.add(task)
                else:
                    moved.append((path, found))
        self._cache.update_stats(moved)
        self._foreign.update(published)

    def _has_checksum(self, path: str) -> bool:
        """Return whether a published file has the bytes that were built."""
        with suppress(OSError), open(self.paths.build / path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self._cache.checksum(path)
        return False

    def run(self, stage: Stage[Payload], executor: Executor[Any]) -> None:
        """Run the tasks of a stage that are not current, and keep the others."""
        deque(self.start(stage, executor), maxlen=0)

    def start(self, stage: Stage[Payload], executor: Executor[Any]) -> Iterator[tuple[Task[Payload], Output]]:
        """Begin a stage; yield each task that was run, with its output, when it has been stored.

        The first tasks are handed out at once, so that workers are busy until the caller iterates.
        """
        labelled = chunks(self._stale_tasks(stage), stage.chunk_size, stage.weigh)
        return self._store(stage.kind, executor.run(stage.run, labelled))

    def _stale_tasks(self, stage: Stage[Payload]) -> Iterator[tuple[Task[Payload], Payload]]:
        known = self._cache.inputs(stage.kind)
        for task in stage.tasks:
            name = f"{stage.kind}:{task.name}"
            if known.get(task.name) == task.inputs and name not in self._outdated:
                self._kept.add(name)
            else:
                yield task, task.prepare()

    def keep_current(self, kind: str, inputs: Mapping[str, str]) -> list[str]:
        """Keep the tasks that are current, given input hashes by name; return the names of the others."""
        known = self._cache.inputs(kind)
        stale = []
        for name, wanted in inputs.items():
            if known.get(name) == wanted and f"{kind}:{name}" not in self._outdated:
                self._kept.add(f"{kind}:{name}")
            else:
                stale.append(name)
        return stale

    def _store(
        self, kind: str, done: Iterable[tuple[Task[Payload], Output]]
    ) -> Iterator[tuple[Task[Payload], Output]]:
        for task, output in done:
            self.findings += output.findings
            if output.is_cacheable:
                name = f"{kind}:{task.name}"
                files = [
                    self._write(path, content, output.scans.get(path.removeprefix(SITE), _NO_LINKS))
                    for path, content in output.files.items()
                ]
                gone = self._cache.put(name, task.inputs, files, notes=output.notes, result=output.result)
                self._removed.update(gone)
                self._built.add(name)
            yield task, output

    def notes(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and notes of the tasks of a *kind* of the last build whose files are unchanged."""
        return (
            (name, notes) for name, notes in self._cache.notes(kind) if f"{kind}:{name}" not in self._outdated
        )

    def update_notes(self, kind: str, name: str, notes: bytes) -> None:
        """Replace the notes of a task that may be current."""
        self._cache.update_notes(f"{kind}:{name}", notes)

    def mark_outdated(self, kind: str, name: str) -> None:
        """Make sure that a task is run, even with the same inputs."""
        self._outdated.add(f"{kind}:{name}")

    def results(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and result of the tasks of a *kind* that were kept or run."""
        for name, result in self._cache.results(kind):
            if f"{kind}:{name}" in self._kept or f"{kind}:{name}" in self._built:
                yield name, result

    def kept_results(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and result of the tasks of a *kind* that were kept."""
        return (
            (name, result) for name, result in self._cache.results(kind) if f"{kind}:{name}" in self._kept
        )

    def share_links(self, kind: str) -> None:
        """Store the links of a *kind* once for all: the layout links there from every page."""
        self._layout_links = frozenset(self._cache.links_from(kind))

    def search_hashes(self, paths: Iterable[str]) -> dict[str, str]:
        """Map pages of the next site to the hash of the text that the search indexes."""
        found = self._cache.search_hashes(f"{SITE}{path}" for path in paths)
        return {path.removeprefix(SITE): search_hash for path, search_hash in found}

    def complete(self) -> None:
        """Remove the tasks of the last build that this one has not: no stage will follow."""
        for name in self._cache.names():
            if name not in self._kept and name not in self._built:
                self._removed.update(self._cache.remove(name))
        self._cache.finish()

    @property
    def files(self) -> AbstractSet[str]:
        """All files of the complete site by their path in it."""
        return SiteFiles(self._cache)

    def checksums(self) -> Iterator[tuple[str, int, str]]:
        """Yield all files of the complete site, sorted: path, length in bytes, SHA-256."""
        return (
            (path.removeprefix(SITE), length, sha256)
            for path, length, sha256 in self._cache.checksums()
            if path.startswith(SITE)
        )

    def checksum(self, path: str) -> str | None:
        """Return the SHA-256 of a file of the site; `None` where there is no such file."""
        return self._cache.checksum(f"{SITE}{path}")

    def leads_to(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the files of the complete site that link, each with the files that it links to."""
        return ((path.removeprefix(SITE), targets) for path, targets in self._cache.links())

    def read(self, path: str) -> bytes:
        """Read a file of the next site."""
        new = self.paths.staging / SITE / path
        return (new if new.exists() else self.paths.site / path).read_bytes()

    def publish(self, progress: Progress, about: Mapping[str, Any]) -> Path:
        """Put the complete site in the place of the published one, and the Markdown beside it.

        Args:
            progress: Called before each step.
            about: Facts of the site for its manifest.
        """
        paths = self.paths
        progress(message("写清单"))
        (paths.staging / SITE).mkdir(parents=True, exist_ok=True)
        (paths.staging / PAGES).mkdir(exist_ok=True)
        write_manifest(paths.staging / SITE, self.checksums(), paths.site, about)
        snippet = paths.staging / NGINX_FILE
        write_nginx_snippet(snippet)
        self._assemble()
        self._require_whole()
        progress(message("写到磁盘"))
        sync_disk(paths.build)
        progress(message("发布"))
        snippet.replace(paths.build / NGINX_FILE)
        self.was_gapless = swap_atomically(paths.next_site, paths.site)
        progress(message("清除旧网站"))
        # The new site is there: what cannot be done now is for the next build to do, or to name.
        with suppress(OSError, CacheError):
            self._follow_site()
            self._prepare_next()
        return paths.site

    def _write(self, path: str, content: bytes | Path, scan: PageScan) -> BuiltFile:
        file = os.path.join(self.paths.staging, path)
        if isinstance(content, Path):
            os.makedirs(os.path.dirname(file), exist_ok=True)
            content.replace(file)
            with open(file, "rb") as moved:
                sha256 = hashlib.file_digest(moved, "sha256").hexdigest()
            return BuiltFile(path, sha256, file_stat(os.stat(file)))
        try:
            stream = open(file, "xb")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            stream = open(file, "xb")  # noqa: SIM115
        with stream:
            stream.write(content)
        links = tuple(target for target in scan.links if target not in self._layout_links)
        sha256 = hashlib.sha256(content).hexdigest()
        return BuiltFile(path, sha256, file_stat(os.stat(file)), scan._replace(links=links))

    def _assemble(self) -> None:
        """Put the next site together: links to the published files that stay, and new files."""
        paths = self.paths
        new = paths.staging / SITE
        if self._starts_empty or not self._kept:
            remove(paths.next_site)
            new.rename(paths.next_site)
            return
        # The copy holds all that is published, which is more than what stays.
        remove_files(paths.next_site, {*self._foreign, *self._find_removed(SITE)})
        move_all(new, paths.next_site)

    def _require_whole(self) -> None:
        """Check once more that every file is there, which somebody may have removed meanwhile.

        Raises:
            UserError: One is missing or not whole.
        """
        site = self.paths.next_site
        if not (site / MANIFEST).is_file():
            raise make_changed_file_failure(site / MANIFEST, self.paths.root)
        wanted = ((path[len(SITE) :], stat) for _, path, stat in self._cache.stats() if path.startswith(SITE))
        if lost := list(find_lost(site, wanted)):
            raise make_changed_file_failure(site / lost[0], self.paths.root)

    def close(self) -> None:
        """Close all files."""
        self._cache.close()

    def _follow_site(self) -> None:
        """Bring the Markdown and the cache to the state of the site that is published now."""
        paths = self.paths
        if self._starts_empty:
            remove(paths.pages)
        paths.pages.mkdir(exist_ok=True)
        move_all(paths.staging / PAGES, paths.pages)
        remove_files(paths.pages, self._find_removed(PAGES))
        self._cache.close()
        self._cache.file.replace(paths.cache)

    def _find_removed(self, folder: str) -> list[str]:
        """List the files in *folder* that a task had and no task has now."""
        removed = (path for path in self._removed if path.startswith(folder))
        return [path.removeprefix(folder) for path in self._cache.missing(removed)]

    def _prepare_next(self) -> None:
        """Leave a hard-linked copy for the next build, which then has little to do."""
        remove(self.paths.staging)
        if self._starts_empty or not self._kept:
            remove(self.paths.next_site)
            _link_site(self.paths, restore_modes(self.paths.site))


@contextmanager
def staged_site(paths: BuildPaths, progress: Progress) -> Iterator[StagedSite]:
    """Hold the lock of the build folder while a site is built; unpublished files are removed again.

    Raises:
        UserError: A step failed. The site that was published before is untouched.
        CacheError: The cache of the last build cannot be read; begin again without it.
    """
    paths.require_free()
    with lock_build(paths.build), umask_for_readers():
        progress(message("清除上次中断的构建"))
        paths.clean()
        staged = None
        try:
            paths.staging.mkdir()
            staged = StagedSite(paths)
            yield staged
        except OSError as error:
            # Now, before what was written is removed and there seems to be room.
            if saying := describe_full_disk(error, paths.build):
                raise UserError(saying) from error
            raise
        finally:
            if staged:
                staged.close()
            # On a disk that fails, the failure itself is what the user must read.
            with suppress(OSError):
                paths.clean()


def _link_site(paths: BuildPaths, published: Mapping[str, FileStat]) -> None:
    """Copy every file of the site by hard links, and nothing that is no file."""
    files = {path: stat for path, stat in published.items() if stat[0] >= 0}
    link_files(paths.site, files, paths.next_site)
