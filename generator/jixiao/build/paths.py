"""Paths of a build, and the state in which a dead run may have left them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.build.publish import backup_path, remove, require_own_folder, restore_backup


@dataclass(frozen=True, kw_only=True)
class BuildPaths:
    """Where a build keeps its files below the folder of a site."""

    root: Path

    @property
    def build(self) -> Path:
        """Everything that is generated."""
        return self.root / "build"

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
        """A hard-linked copy of the site, which becomes the next one."""
        return self.build / ".next-site"

    @property
    def staging(self) -> Path:
        """New and unpublished files, as they will lie in `build`."""
        return self.build / ".staging"

    @property
    def cache(self) -> Path:
        """The cache of the last build."""
        return self.build / ".cache"

    def clean(self) -> None:
        """Restore or remove the leftovers of a dead run; the hard-linked copy may be in any state."""
        for place in (self.site, self.pages):
            restore_backup(place)
            remove(backup_path(place))
        remove(self.staging)
        for place, is_ours in ((self.next_site, Path.is_dir), (self.cache, Path.is_file)):
            if place.is_symlink() or not is_ours(place):
                remove(place)

    def require_free(self) -> None:
        """Refuse a project where something else stands in the place of a folder of ours.

        Raises:
            UserError: It names the place.
        """
        if self.build.exists() and not self.build.is_dir():
            require_own_folder(self.build, self.build.name)
        for place in (self.site, self.pages):
            require_own_folder(place, place.relative_to(self.root).as_posix())
