"""Search of forms for personal data, each content once, with a cache of results in `build/`.

The cache only saves time: one that is damaged, or of another program or file, is ignored. An entry is trusted
only for the very file searched, by its times and inode, so that nobody can hide a finding by supplying a
cache.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT
from jixiao.load.received_forms import PUBLISHED_COPIES, FormFile, FormFinding, PublishedForm
from jixiao.load.source_files import check_garbled_text, read_bytes
from jixiao.originals.form_text import TextFile, open_form
from jixiao.pages.templates import compute_program_digest
from jixiao.personal_data.form_rows import TextCell, TextRow
from jixiao.personal_data.person_names import find_names
from jixiao.personal_data.text_patterns import PersonalDataKind, PersonalDataMatch, find_personal_data
from jixiao.problems import Problem

_IDENTITY_KINDS = frozenset({PersonalDataKind.IDENTITY_NUMBER, PersonalDataKind.IDENTITY_NUMBER_MISTYPED})


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Range of characters of a cell."""

    cell: TextCell
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextFinding:
    """Match of personal data with its row and the characters to black out."""

    match: PersonalDataMatch
    row: TextRow
    spans: tuple[TextSpan, ...]


def find_in_rows(rows: Sequence[TextRow]) -> list[TextFinding]:
    """Find personal data in *rows*, in their order."""
    findings: list[TextFinding] = []
    positions: dict[int, tuple[int, int]] = {}
    """Number of the row and number in it, by the identity of the cell."""
    for number, row in enumerate(rows):
        for position, cell in enumerate(row.cells):
            positions[id(cell)] = number, position
            findings.extend(
                TextFinding(match, row, (TextSpan(cell, match.start, match.end),))
                for match in find_personal_data(cell.text)
                if not cell.is_figure or match.kind in _IDENTITY_KINDS
            )
        if len(row.cells) > 1:
            findings.extend(_find_across_cells(row, row.cells))
    for above, below in pairwise(rows):
        if above.is_shown and below.is_shown and above.cells and below.cells:
            findings.extend(_find_across_cells(above, (above.cells[-1], below.cells[0])))
    for cell, start, end in find_names(rows):
        match = PersonalDataMatch(
            kind=PersonalDataKind.PERSON, start=start, end=end, number=cell.text[start:end]
        )
        findings.append(TextFinding(match, rows[positions[id(cell)][0]], (TextSpan(cell, start, end),)))
    return sorted(
        findings, key=lambda finding: (positions[id(finding.spans[0].cell)], finding.spans[0].start)
    )


def _find_across_cells(row: TextRow, cells: Sequence[TextCell]) -> Iterator[TextFinding]:
    """Find identity numbers that begin in one of *cells* and end in another."""
    texts = [cell.text for cell in cells]
    if sum(any(map(str.isdigit, text)) for text in texts) <= 1:
        return
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    for match in find_personal_data("\n".join(texts)):
        first, last = bisect_right(starts, match.start) - 1, bisect_right(starts, match.end - 1) - 1
        if match.kind is PersonalDataKind.IDENTITY_NUMBER and first != last:
            spans = tuple(
                TextSpan(
                    cells[number],
                    max(match.start - starts[number], 0),
                    min(match.end - starts[number], len(texts[number])),
                )
                for number in range(first, last + 1)
            )
            yield TextFinding(match, row, spans)


SEARCH_CACHE = "build/.searched-forms.json"
"""Path of the cache, relative to the root."""
_CACHE_SIZE_LIMIT = 64 * 1024 * 1024
_TEXT_SUFFIXES = frozenset({".txt", ".csv", ".tsv", ".md"})
"""Suffixes of text files, which are searched faster than a cache entry is read."""


class FormSearchResult(NamedTuple):
    """Result of searching one file."""

    findings: tuple[FormFinding, ...] = ()
    unsearched: tuple[Message, ...] = ()
    garbled: Problem | None = None
    """Problem of a garbled text; its place has no file yet."""


@dataclass(frozen=True, kw_only=True)
class _SearchCache:
    """Results of one version of the program, by the checksum of the file."""

    program: str
    """Digest of the program."""
    searches: dict[str, tuple[tuple[int, ...], FormSearchResult]]
    """Stat signature of the file, and the result of its search."""


@cache
def _build_cache_adapter() -> TypeAdapter[_SearchCache]:
    # Built once, and only for a site with forms that are slow to search.
    return TypeAdapter(_SearchCache)


def search_forms(root: Path, forms: Mapping[str, FormFile], *, are_published: bool) -> dict[str, FormFile]:
    """Choose the published file of each form, and search it for personal data.

    Args:
        root: Folder of the site.
        forms: Loaded forms by path under `content/`.
        are_published: Whether the site publishes forms at all. Unpublished forms are not searched.
    """
    if not are_published:
        return dict(forms)
    published: dict[str, PublishedForm] = {}
    for path, form in forms.items():
        chosen = forms.get(f"{PUBLISHED_COPIES}{form.path.removeprefix('forms/')}") or form
        published[path] = PublishedForm(path=chosen.path, sha256=chosen.sha256)
    searches = _search_by_checksum(root, {file.sha256: file.path for file in published.values()})
    searched = {}
    for path, form in forms.items():
        file = published[path]
        search = searches[file.sha256]
        garbled = search.garbled
        if garbled is not None:
            garbled = replace(garbled, place=garbled.place._replace(file=f"content/{file.path}"))
        # The name of a file is published with it.
        in_name = [
            FormFinding(found=match, place=message("文件名")) for match in find_personal_data(file.path)
        ]
        searched[path] = replace(
            form,
            published=file,
            findings=(*in_name, *search.findings),
            unsearched=search.unsearched,
            garbled=garbled,
        )
    return searched


def search_content(content: bytes) -> FormSearchResult:
    """Search the content of one file for personal data."""
    opened = open_form(content)
    findings: dict[tuple[object, ...], FormFinding] = {}
    for finding in find_in_rows(opened.contents.rows):
        row, match, span = finding.row, finding.match, finding.spans[0]
        start = span.start
        if row.line:
            # In a text file the position is counted in the line, with the tabs between its cells.
            number = [id(cell) for cell in row.cells].index(id(span.cell))
            start += sum(len(cell.text) + 1 for cell in row.cells[:number])
        place = None if row.line else span.cell.place
        # An office file may store the same text more than once.
        key = (match.kind, match.number, row.line, repr(place))
        moved = replace(match, start=start, end=start + len(match.number))
        findings.setdefault(key, FormFinding(found=moved, line=row.line, place=place))
    text = "\n".join("\t".join(cell.text for cell in row.cells) for row in opened.contents.rows)
    return FormSearchResult(
        findings=tuple(findings.values()),
        unsearched=tuple(opened.contents.unsearched),
        garbled=check_garbled_text(text, "") if isinstance(opened.kind, TextFile) else None,
    )


def _search_by_checksum(root: Path, wanted: Mapping[str, str]) -> dict[str, FormSearchResult]:
    """Search files by checksum, using cached results.

    Args:
        root: Folder of the site.
        wanted: Path under `content/` by checksum.
    """
    slow = {
        checksum: path for checksum, path in wanted.items() if Path(path).suffix.lower() not in _TEXT_SUFFIXES
    }
    known = _read_search_cache(root, slow) if slow else {}
    missing = [(checksum, path) for checksum, path in wanted.items() if checksum not in known]

    def search(file: tuple[str, str]) -> tuple[str, FormSearchResult]:
        checksum, path = file
        content = read_bytes(root / "content" / path, path, FORM_SIZE_LIMIT)
        # A file that has disappeared is reported when it is to be published.
        return checksum, search_content(content) if isinstance(content, bytes) else FormSearchResult()

    searches = {**known}
    try:
        if len(missing) <= 1:
            searches.update(map(search, missing))
        else:
            # Each PDF is read in a subprocess, for which a thread waits.
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                searches.update(threads.map(search, missing))
    finally:
        if any(checksum in searches and checksum not in known for checksum in slow):
            _write_search_cache(root, slow, searches)
    return searches


def _read_search_cache(root: Path, wanted: Mapping[str, str]) -> dict[str, FormSearchResult]:
    """Read cached results of earlier searches; ignore a cache that cannot be trusted."""
    content = read_bytes(root / SEARCH_CACHE, SEARCH_CACHE, _CACHE_SIZE_LIMIT)
    if not isinstance(content, bytes):
        return {}
    try:
        search_cache = _build_cache_adapter().validate_json(content)
    except ValidationError:
        return {}
    if search_cache.program != compute_program_digest():
        return {}
    searches = search_cache.searches
    return {
        checksum: searches[checksum][1]
        for checksum, path in wanted.items()
        if checksum in searches and searches[checksum][0] == _read_file_stat(root, path)
    }


def _read_file_stat(root: Path, path: str) -> tuple[int, ...]:
    """Return inode, size and times of a file, which change when it is replaced or edited."""
    try:
        status = (root / "content" / path).lstat()
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _write_search_cache(
    root: Path, wanted: Mapping[str, str], searches: Mapping[str, FormSearchResult]
) -> None:
    """Write the cache; without it the next search only takes longer."""
    file = root / SEARCH_CACHE
    search_cache = _SearchCache(
        program=compute_program_digest(),
        searches={
            checksum: (_read_file_stat(root, path), searches[checksum])
            for checksum, path in wanted.items()
            if checksum in searches
        },
    )
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as stream:
            stream.write(_build_cache_adapter().dump_json(search_cache))
        temporary.replace(file)
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
