"""The files of the next site, as a set that stays on the disk: a large site has hundreds of thousands."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from jixiao.site.ledger import Ledger

SITE = "site/"
"""The folder of the site in what is built, as the ledger writes it."""


class FilesOfSite(AbstractSet[str]):
    """The paths of all files, by a ledger that is complete."""

    def __init__(self, ledger: Ledger) -> None:
        """Take them from *ledger*."""
        self._ledger = ledger

    def __contains__(self, path: object) -> bool:
        """Tell whether the site has this file."""
        return self._ledger.checksum(f"{SITE}{path}") is not None

    def __iter__(self) -> Iterator[str]:
        """Give every file."""
        return (path[len(SITE) :] for path, _, _ in self._ledger.checksums() if path.startswith(SITE))

    def __len__(self) -> int:
        """Count the files."""
        return sum(1 for _ in self)

    def __rsub__(self, wanted: Iterable[str]) -> set[str]:
        """Give those of *wanted* that the site has not."""
        return {path[len(SITE) :] for path in self._ledger.missing(f"{SITE}{path}" for path in wanted)}
