"""Make the files of data that hold many declarations: of each department's year, each year, and everything.

They are made from the JSON of the declarations, which has been compared with the project; each is read once,
however many files it goes into, and files grow on the disk. What was written is read back and compared
with the same JSON before it is published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.analysis.summary import Entry
from jixiao.config import SiteConfig
from jixiao.downloads import Format, Record, Writer, read_record, writers_for
from jixiao.downloads.dataset_metadata import description_files
from jixiao.downloads.rows import organisation_rows
from jixiao.downloads.writers import JSON, OF_EVERYTHING, OF_YEARS, files_of
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release
from jixiao.verify import Finding
from jixiao.verify.data import Expected, Wanted, compare_file

Key = TypeVar("Key")
_DESCRIPTIONS: Final = "data-descriptions"


@dataclass(kw_only=True)
class _Lot:
    """The files of some declarations, while they are written."""

    address: str
    """Of the page beside which they stand; empty for everything."""
    key: str
    folder: Path
    formats: tuple[Format, ...]
    writers: list[Writer]
    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry, record: Record) -> None:
        self.entries.append(entry)
        for writer in self.writers:
            writer.add(record)


class _Maker:
    """Writes lots, and adds them to the release when they are complete."""

    def __init__(self, catalogue: Catalogue, key: str, release: Release) -> None:
        self._organisations = organisation_rows(catalogue)
        self._state_of = catalogue.state_of
        self._key, self._release = key, release
        self._scratch = release.place.workshop / "data"
        self.findings: list[Finding] = []

    def begin(self, address: str, entries: Iterable[Entry], formats: tuple[Format, ...]) -> _Lot | None:
        """Begin the files at *address*; give nothing where they are as they were."""
        made_from = digest_of(self._key, *map(self._state_of, entries))
        if self._release.keep_if_same(_name(address), made_from):
            return None
        folder = self._scratch / (address.strip("/").replace("/", ".") or "all")
        folder.mkdir(parents=True)
        return _Lot(
            address=address,
            key=made_from,
            folder=folder,
            formats=formats,
            writers=writers_for(folder, formats),
        )

    def finish(self, lot: _Lot | None) -> None:
        """Complete the files, compare them, add them."""
        if lot is None:
            return
        for writer in lot.writers:
            writer.close(self._organisations)
        files = {urls.of_data(lot.address, name): lot.folder / name for name in files_of(lot.formats)}
        wanted = Wanted(declarations=partial(self._expected, lot.entries))
        for path, file in files.items():
            with file.open("rb") as content:
                self.findings.extend(compare_file(path, content, wanted))
        self._release.add(
            _name(lot.address), lot.key, {f"{SITE}{path}": file for path, file in files.items()}
        )
        with suppress(OSError):
            lot.folder.rmdir()

    def record_of(self, entry: Entry) -> Record:
        """Read the data of one declaration."""
        return read_record(self._read(entry))

    def _read(self, entry: Entry) -> bytes:
        return self._release.read(urls.of_data(urls.of_declaration(entry.id), JSON))

    def _expected(self, entries: Iterable[Entry]) -> Iterator[Expected]:
        for entry in entries:
            read = json.loads(self._read(entry), parse_float=str, parse_int=str)
            yield read["declaration"], read["indicators"]


def make_all_data(catalogue: Catalogue, key: str, release: Release) -> list[Finding]:
    """Make all files of data that are stale; give where one says something else than a declaration's own.

    Args:
        catalogue: All content, with its entries.
        key: The digest of all that serves all pages.
        release: Where the data of the declarations are, and where files go.
    """
    maker = _Maker(catalogue, key, release)
    everything = maker.begin(urls.HOME, catalogue.entries, OF_EVERYTHING)
    for year, of_year in _grouped(catalogue.entries, lambda entry: entry.year):
        whole_year = maker.begin(urls.of_year(year), of_year, OF_YEARS)
        for department, some in _grouped(of_year, lambda entry: entry.department):
            lot = maker.begin(urls.of_department_year(department, year), some, OF_YEARS)
            takers = [taker for taker in (everything, whole_year, lot) if taker is not None]
            for entry in some if takers else ():
                record = maker.record_of(entry)
                for taker in takers:
                    taker.add(entry, record)
            maker.finish(lot)
        maker.finish(whole_year)
    maker.finish(everything)
    return maker.findings


def add_descriptions(catalogue: Catalogue, config: SiteConfig, release: Release) -> None:
    """Add what describes the data: dictionary, schemas, package, index, and the organisations."""
    files = {f"{SITE}{path}": content for path, content in description_files(catalogue, config).items()}
    made_from = digest_of(*(part for pair in files.items() for part in pair))
    if not release.keep_if_same(_DESCRIPTIONS, made_from):
        release.add(_DESCRIPTIONS, made_from, files)


def _grouped(entries: Iterable[Entry], by: Callable[[Entry], Key]) -> Iterator[tuple[Key, list[Entry]]]:
    """Give entries that follow one another and are alike; they are sorted by year, department, project."""
    return ((key, list(some)) for key, some in groupby(entries, by))


def _name(address: str) -> str:
    return f"data:{address}"
