"""A release: the next site, made of pieces, of which only the changed ones are made anew.

A piece is what is made as a whole: the pages of a declaration, a list, an index. New pieces wait in the
workshop. Nothing that is published is touched before every piece is there and verified; then the next site is
put together from a mirror of the present one, and the two change places.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.build.disk_space import describe_full_disk
from jixiao.i18n import Message, message
from jixiao.site.build_failure import BuildFailure, make_changed_file_failure
from jixiao.site.files_of_site import SITE, FilesOfSite
from jixiao.site.ledger import FileMade, Ledger, LedgerError, Piece
from jixiao.site.mirror import Stamp, lost_files, mirror, move_all, remove_files, restore_modes, stamp_of
from jixiao.site.publish import (
    bring_back,
    only_one_build,
    open_to_readers,
    remove,
    require_own_folder,
    set_aside,
    swap_in,
    write_through,
)
from jixiao.site.security_policy import NGINX_FILE, write_nginx_snippet
from jixiao.verify import MANIFEST, write_manifest

Progress = Callable[[Message], None]
"""Told before each step what begins."""
PAGES = "pages/"
"""Beside the site, the other folder of what is built: the Markdown of every page, one folder a language."""
LEDGER = "ledger"
"""The ledger of the release, in the workshop."""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Where things lie under the project folder."""

    project: Path

    @property
    def build(self) -> Path:
        """Everything that is generated."""
        return self.project / "build"

    @property
    def site(self) -> Path:
        """The published site."""
        return self.build / "site"

    @property
    def pages(self) -> Path:
        """The Markdown of every page, one folder a language."""
        return self.build / "pages"

    @property
    def next_site(self) -> Path:
        """A mirror of the site, which becomes the next one."""
        return self.build / ".next-site"

    @property
    def workshop(self) -> Path:
        """What is new and not published yet, as it will lie in `build`."""
        return self.build / ".workshop"

    @property
    def ledger(self) -> Path:
        """What the last build made."""
        return self.build / ".ledger"

    def tidy(self) -> None:
        """Put back or remove what a dead run has left; the mirror may be in any state."""
        for place in (self.site, self.pages):
            bring_back(place)
            remove(set_aside(place))
        remove(self.workshop)
        for place, is_ours in ((self.next_site, Path.is_dir), (self.ledger, Path.is_file)):
            if place.is_symlink() or not is_ours(place):
                remove(place)

    def require_free(self) -> None:
        """Refuse a project where something else stands in the place of a folder of ours.

        Raises:
            BuildFailure: It says what stands where.
        """
        if self.build.exists() and not self.build.is_dir():
            require_own_folder(self.build, self.build.name)
        for place in (self.site, self.pages):
            require_own_folder(place, place.relative_to(self.project).as_posix())


class Seen(NamedTuple):
    """What was seen in a file of the site when it was made."""

    leads_to: tuple[str, ...]
    """The files that it links to."""
    searched: str | None = None
    """The digest of what the search reads of it, if it is a page."""


_NOTHING_SEEN = Seen(leads_to=())


class Release:
    """The next site, as far as it is made.

    Raises:
        LedgerError: From every method: what the last build has left cannot be read.
    """

    def __init__(self, place: Workplace) -> None:
        """Begin with what is published."""
        self.place = place
        self.was_gapless = True
        """Whether readers had a site at every moment, which not every file system makes possible."""
        self._ledger = Ledger(place.ledger, place.workshop / LEDGER)
        knows = not self._ledger.is_new and place.pages.is_dir()
        published = restore_modes(place.site) if knows else {}
        self._begins_anew = not published
        if published:
            # Now that all stamps are known. A thread that did it later would wait for this one at every file.
            _mirror_site(place, published)
        self._doubtful = frozenset(self._changed_pieces(published))
        self._strange = set(published)
        self._kept: set[str] = set()
        self._made: set[str] = set()
        self._of_all: frozenset[str] = frozenset()
        self._left: set[str] = set()

    def _changed_pieces(self, published: dict[str, Stamp]) -> Iterator[str]:
        """Name the pieces of which a file is not as it was made; leave in *published* what is of no piece.

        Of the Markdown there is no doubt where a site is published.
        """
        for piece, path, stamp in self._ledger.stamps():
            if self._begins_anew or (
                path.startswith(SITE) and published.pop(path[len(SITE) :], None) != stamp
            ):
                yield piece

    def known(self, name: str) -> Piece | None:
        """Give the piece *name* of the last build, if all its files are still as they were made."""
        return None if name in self._doubtful else self._ledger.piece(name)

    def all_known(self, kind: str) -> Iterator[Piece]:
        """Give the pieces whose names begin with *kind* and a colon as far as they are `known`, by name."""
        return (piece for piece in self._ledger.pieces(kind) if piece.name not in self._doubtful)

    def outcomes(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Give what came of the pieces of a *kind*, current or not: name and values of JSON."""
        return self._ledger.outcomes(kind)

    def keep(self, name: str) -> None:
        """Take a piece over as it is."""
        self._kept.add(name)

    def renew(self, piece: Piece) -> None:
        """Take a piece over of which only the facts have changed."""
        self._ledger.note(piece)
        self.keep(piece.name)

    def keep_if_same(self, name: str, key: str) -> bool:
        """Take the piece *name* over if it was made from the same *key*; tell whether it was."""
        piece = self.known(name)
        if piece is None or piece.key != key:
            return False
        self.keep(name)
        return True

    def add(
        self,
        name: str,
        key: str,
        files: Mapping[str, bytes | Path],
        *,
        facts: Mapping[str, Any] | None = None,
        seen: Mapping[str, Seen] | None = None,
    ) -> None:
        """Add a piece that was made.

        Args:
            name: Names the piece for ever: what it is, a colon, which one.
            key: The digest of all that it was made from.
            files: Path, beginning with `site/` or `pages/`, → bytes, or a file that is moved there.
            facts: What tells its maker whether it is current.
            seen: File of the site → what was seen in it.
        """
        of_files = seen or {}
        made = [
            self._write(path, content, of_files.get(path.removeprefix(SITE), _NOTHING_SEEN))
            for path, content in files.items()
        ]
        self._left.update(self._ledger.put(Piece(name=name, key=key, facts=facts or {}), made))
        self._made.add(name)

    def note_outcome(self, name: str, outcome: object) -> None:
        """Keep what came of the piece *name* besides its files, for `outcomes`: values of JSON."""
        self._ledger.note_outcome(name, outcome)

    def let_lead_all(self) -> None:
        """Keep where what is added so far leads to, once for all: the frame leads there from every page."""
        frame = self._kept | self._made
        self._of_all = frozenset(self._ledger.leads_to_from(frame))

    def searched(self, paths: Iterable[str]) -> dict[str, str]:
        """Give for these pages of the next site the digest of what the search reads of each."""
        found = self._ledger.searched(f"{SITE}{path}" for path in paths)
        return {path.removeprefix(SITE): digest for path, digest in found}

    def complete(self) -> None:
        """Forget the pieces of the last build that are not in this one: no other will be added."""
        for name in list(self._ledger.names()):
            if name not in self._kept and name not in self._made:
                self._left.update(self._ledger.forget(name))
        self._ledger.finish()

    @property
    def files(self) -> AbstractSet[str]:
        """All files of the complete release by their path in the site."""
        return FilesOfSite(self._ledger)

    def checksums(self) -> Iterator[tuple[str, int, str]]:
        """Give all files of the complete release, sorted: path in the site, length in bytes, SHA-256."""
        return (
            (path.removeprefix(SITE), length, sha256)
            for path, length, sha256 in self._ledger.checksums()
            if path.startswith(SITE)
        )

    def checksum(self, path: str) -> str | None:
        """Give the SHA-256 of a file of the site; `None` where there is no such file."""
        return self._ledger.checksum(f"{SITE}{path}")

    def leads_to(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Give the files of the complete release that link, each with the files that it links to."""
        return ((path.removeprefix(SITE), targets) for path, targets in self._ledger.leads_to())

    def read(self, path: str) -> bytes:
        """Give the bytes of a file of the next site."""
        new = self.place.workshop / SITE / path
        return (new if new.exists() else self.place.site / path).read_bytes()

    def publish(self, progress: Progress, about: Mapping[str, Any]) -> Path:
        """Put the complete release in the place of the site, and the Markdown beside it; give the folder.

        Args:
            progress: Is told what begins.
            about: What the manifest says of the release.
        """
        place = self.place
        progress(message("写清单"))
        (place.workshop / SITE).mkdir(parents=True, exist_ok=True)
        (place.workshop / PAGES).mkdir(exist_ok=True)
        write_manifest(place.workshop / SITE, self.checksums(), place.site, about)
        snippet = place.workshop / NGINX_FILE
        write_nginx_snippet(snippet)
        self._assemble()
        self._require_whole()
        progress(message("写到磁盘"))
        write_through(place.build)
        progress(message("发布"))
        snippet.replace(place.build / NGINX_FILE)
        self.was_gapless = swap_in(place.next_site, place.site)
        progress(message("清除旧网站"))
        # The new site is there: what cannot be done now is for the next build to do, or to name.
        with suppress(OSError, LedgerError):
            self._follow()
            self._prepare_next()
        return place.site

    def _write(self, path: str, content: bytes | Path, seen: Seen) -> FileMade:
        file = os.path.join(self.place.workshop, path)
        if isinstance(content, Path):
            os.makedirs(os.path.dirname(file), exist_ok=True)
            content.replace(file)
            with open(file, "rb") as moved:
                sha256 = hashlib.file_digest(moved, "sha256").hexdigest()
            return FileMade(
                path=path, sha256=sha256, stamp=stamp_of(os.stat(file)), leads_to=(), searched=None
            )
        try:
            stream = open(file, "xb")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            stream = open(file, "xb")  # noqa: SIM115
        with stream:
            stream.write(content)
        return FileMade(
            path=path,
            sha256=hashlib.sha256(content).hexdigest(),
            stamp=stamp_of(os.stat(file)),
            leads_to=tuple(target for target in seen.leads_to if target not in self._of_all),
            searched=seen.searched,
        )

    def _assemble(self) -> None:
        """Make the next site: what stays, by links to the published files, and what is new."""
        place = self.place
        new = place.workshop / SITE
        if not self._kept:
            remove(place.next_site)
            new.rename(place.next_site)
            return
        # The mirror holds what is published, which is more than what stays.
        remove_files(place.next_site, {*self._strange, *self._left_in(SITE)})
        move_all(new, place.next_site)

    def _require_whole(self) -> None:
        """Look once more for every file of the next site, which somebody may have removed while it was made.

        Raises:
            BuildFailure: One is not there, or not whole.
        """
        site = self.place.next_site
        if not (site / MANIFEST).is_file():
            raise make_changed_file_failure(site / MANIFEST, self.place.project)
        wanted = (
            (path[len(SITE) :], stamp[0]) for _, path, stamp in self._ledger.stamps() if path.startswith(SITE)
        )
        if lost := list(lost_files(site, wanted)):
            raise make_changed_file_failure(site / lost[0], self.place.project)

    def close(self) -> None:
        """Let go of all files."""
        self._ledger.close()

    def _follow(self) -> None:
        """Bring the Markdown and the ledger up to the site that is published now."""
        place = self.place
        if self._begins_anew:
            remove(place.pages)
        place.pages.mkdir(exist_ok=True)
        move_all(place.workshop / PAGES, place.pages)
        remove_files(place.pages, self._left_in(PAGES))
        self._ledger.close()
        self._ledger.file.replace(place.ledger)

    def _left_in(self, folder: str) -> list[str]:
        """Give what a piece had in *folder* and no piece has now."""
        left = (path for path in self._left if path.startswith(folder))
        return [path.removeprefix(folder) for path in self._ledger.missing(left)]

    def _prepare_next(self) -> None:
        """Leave a mirror for the next build, which then has little to do."""
        remove(self.place.workshop)
        if not self._kept:
            remove(self.place.next_site)
            _mirror_site(self.place, restore_modes(self.place.site))


@contextmanager
def prepared_release(place: Workplace, progress: Progress) -> Iterator[Release]:
    """Hold the lock of the build folder while a release is made; what is not published is removed again.

    Raises:
        BuildFailure: A step failed. The site that was published before is untouched.
        LedgerError: What the last build has left cannot be read; begin again without it.
    """
    place.require_free()
    with only_one_build(place.build), open_to_readers():
        progress(message("清除上次中断的构建"))
        place.tidy()
        release = None
        try:
            place.workshop.mkdir()
            release = Release(place)
            yield release
        except OSError as error:
            # Now, before what was written is removed and there seems to be room.
            if saying := describe_full_disk(error, place.build):
                raise BuildFailure(saying) from error
            raise
        finally:
            if release:
                release.close()
            # On a disk that fails, the failure itself is what the user must read.
            with suppress(OSError):
                place.tidy()


def _mirror_site(place: Workplace, published: Mapping[str, Stamp]) -> None:
    """Make the mirror hold every file of the site, and nothing that is no file."""
    files = {path: stamp for path, stamp in published.items() if stamp[0] >= 0}
    mirror(place.site, files, place.next_site)
