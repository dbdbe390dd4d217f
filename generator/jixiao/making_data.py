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
from jixiao.analysis.data_table import DATABASE_VIEWS
from jixiao.analysis.site_content import SiteContent
from jixiao.analysis.summary import Summary
from jixiao.config import SiteConfig
from jixiao.downloads import DataFormat, DataWriter, DeclarationRecord, open_writers, parse_record
from jixiao.downloads.dataset_metadata import build_metadata_files
from jixiao.downloads.rows import build_organisation_rows
from jixiao.downloads.writers import JSON_FILE, SITE_FORMATS, YEAR_FORMATS, list_format_files
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release
from jixiao.verify import VerificationFinding
from jixiao.verify.data_checks import ExpectedData, ExpectedRows, compare_data_file

Key = TypeVar("Key")
_DESCRIPTIONS: Final = "data-descriptions"


@dataclass(kw_only=True)
class _Lot:
    """The files of some declarations, while they are written."""

    address: str
    """Of the page beside which they stand; empty for everything."""
    key: str
    folder: Path
    formats: tuple[DataFormat, ...]
    writers: list[DataWriter]
    entries: list[Summary] = field(default_factory=list)

    def add(self, entry: Summary, record: DeclarationRecord) -> None:
        self.entries.append(entry)
        for writer in self.writers:
            writer.add(record)


class _Maker:
    """Writes lots, and adds them to the release when they are complete."""

    def __init__(self, catalogue: SiteContent, key: str, release: Release) -> None:
        self._organisations = build_organisation_rows(catalogue)
        self._state_of = catalogue.declaration_state
        self._key, self._release = key, release
        self._scratch = release.place.workshop / "data"
        self.findings: list[VerificationFinding] = []

    def begin(self, address: str, entries: Iterable[Summary], formats: tuple[DataFormat, ...]) -> _Lot | None:
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
            writers=open_writers(folder, formats),
        )

    def finish(self, lot: _Lot | None) -> None:
        """Complete the files, compare them, add them."""
        if lot is None:
            return
        for writer in lot.writers:
            writer.close(self._organisations)
        files = {
            urls.data_file_url(lot.address, name): lot.folder / name
            for name in list_format_files(lot.formats)
        }
        expected = ExpectedData(
            declarations=partial(self._expected, lot.entries),
            views={name: query for name, (_, query) in DATABASE_VIEWS.items()},
        )
        for path, file in files.items():
            with file.open("rb") as content:
                self.findings.extend(compare_data_file(path, content, expected))
        self._release.add(
            _name(lot.address), lot.key, {f"{SITE}{path}": file for path, file in files.items()}
        )
        with suppress(OSError):
            lot.folder.rmdir()

    def record_of(self, entry: Summary) -> DeclarationRecord:
        """Read the data of one declaration."""
        return parse_record(self._read(entry))

    def _read(self, entry: Summary) -> bytes:
        return self._release.read(urls.data_file_url(urls.declaration_url(entry.id), JSON_FILE))

    def _expected(self, entries: Iterable[Summary]) -> Iterator[ExpectedRows]:
        for entry in entries:
            read = json.loads(self._read(entry), parse_float=str, parse_int=str)
            yield read["declaration"], read["indicators"]


def make_all_data(catalogue: SiteContent, key: str, release: Release) -> list[VerificationFinding]:
    """Make all files of data that are stale; give where one says something else than a declaration's own.

    Args:
        catalogue: All content, with its entries.
        key: The digest of all that serves all pages.
        release: Where the data of the declarations are, and where files go.
    """
    maker = _Maker(catalogue, key, release)
    everything = maker.begin(urls.HOME, catalogue.summaries, SITE_FORMATS)
    for year, of_year in _grouped(catalogue.summaries, lambda entry: entry.year):
        whole_year = maker.begin(urls.year_url(year), of_year, YEAR_FORMATS)
        for department, some in _grouped(of_year, lambda entry: entry.department):
            lot = maker.begin(urls.department_year_url(department, year), some, YEAR_FORMATS)
            takers = [taker for taker in (everything, whole_year, lot) if taker is not None]
            for entry in some if takers else ():
                record = maker.record_of(entry)
                for taker in takers:
                    taker.add(entry, record)
            maker.finish(lot)
        maker.finish(whole_year)
    maker.finish(everything)
    return maker.findings


def add_descriptions(catalogue: SiteContent, config: SiteConfig, release: Release) -> None:
    """Add what describes the data: dictionary, schemas, package, index, and the organisations."""
    files = {f"{SITE}{path}": content for path, content in build_metadata_files(catalogue, config).items()}
    made_from = digest_of(*(part for pair in files.items() for part in pair))
    if not release.keep_if_same(_DESCRIPTIONS, made_from):
        release.add(_DESCRIPTIONS, made_from, files)


def _grouped(entries: Iterable[Summary], by: Callable[[Summary], Key]) -> Iterator[tuple[Key, list[Summary]]]:
    """Give entries that follow one another and are alike; they are sorted by year, department, project."""
    return ((key, list(some)) for key, some in groupby(entries, by))


def _name(address: str) -> str:
    return f"data:{address}"
