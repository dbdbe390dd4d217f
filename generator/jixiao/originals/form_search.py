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
from typing import Any, NamedTuple

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

_CERTAIN_KINDS = frozenset({PersonalDataKind.IDENTITY_NUMBER})
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

    found: PersonalDataMatch
    row: TextRow
    spans: tuple[TextSpan, ...]


def find_in_rows(rows: Sequence[TextRow]) -> list[TextFinding]:
    """Find personal data in *rows*, in their order."""
    spots: list[TextFinding] = []
    row_of: dict[int, TextRow] = {}
    for row in rows:
        for cell in row.cells:
            row_of[id(cell)] = row
        spots.extend(_find_in_row(row))
    for above, below in pairwise(rows):
        if above.is_shown and below.is_shown and above.cells and below.cells:
            spots.extend(_find_across_cells(above, (above.cells[-1], below.cells[0])))
    for name in find_names(rows):
        words = name.cell.text[name.start : name.end]
        found = PersonalDataMatch(kind=PersonalDataKind.PERSON, start=name.start, end=name.end, number=words)
        spots.append(TextFinding(found, row_of[id(name.cell)], (TextSpan(name.cell, name.start, name.end),)))
    order = {
        id(cell): (number, place) for number, row in enumerate(rows) for place, cell in enumerate(row.cells)
    }
    return sorted(spots, key=lambda spot: (order[id(spot.spans[0].cell)], spot.spans[0].start))


def _find_in_row(row: TextRow) -> Iterator[TextFinding]:
    for cell in row.cells:
        for found in find_personal_data(cell.text):
            if not cell.is_figure or found.kind in _IDENTITY_KINDS:
                yield TextFinding(found, row, (TextSpan(cell, found.start, found.end),))
    if len(row.cells) > 1:
        yield from _find_across_cells(row, row.cells)


def _find_across_cells(row: TextRow, cells: Sequence[TextCell]) -> Iterator[TextFinding]:
    """Find identity numbers that begin in one of *cells* and end in another."""
    texts = [cell.text for cell in cells]
    if sum(any(map(str.isdigit, text)) for text in texts) <= 1:
        return
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    for found in find_personal_data("\n".join(texts)):
        first, last = (bisect_right(starts, at) - 1 for at in (found.start, found.end - 1))
        if found.kind in _CERTAIN_KINDS and first != last:
            spans = tuple(
                TextSpan(cell, max(found.start - starts[at], 0), min(found.end - starts[at], len(cell.text)))
                for at, cell in enumerate(cells)
                if first <= at <= last
            )
            yield TextFinding(found, row, spans)


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
class _Record:
    """Searches of one program, by the checksum of the file."""

    program: str
    searches: dict[str, tuple[tuple[int, ...], FormSearchResult]]
    """Each behind the file that was searched."""


@cache
def _adapter() -> TypeAdapter[_Record]:
    """Return the reader and writer of records, which only a site with forms to search slowly needs."""
    return TypeAdapter(_Record)


def search_forms(root: Path, forms: Mapping[str, FormFile], *, are_published: bool) -> dict[str, FormFile]:
    """Choose the published file of each form, and search it for personal data.

    Args:
        root: Folder of the site.
        forms: Loaded forms by path under `content/`.
        are_published: Whether the site publishes forms at all. Unpublished forms are not searched.
    """
    if not are_published:
        return dict(forms)
    published = {path: _choose_published_file(form, forms) for path, form in forms.items()}
    wanted = {one.sha256: one.path for one in published.values()}
    searches = _search_by_checksum(root, wanted)
    return {
        path: replace(
            form,
            published=published[path],
            findings=(*_search_file_name(published[path].path), *searches[published[path].sha256].findings),
            unsearched=searches[published[path].sha256].unsearched,
            garbled=_move_problem(
                f"content/{published[path].path}", searches[published[path].sha256].garbled
            ),
        )
        for path, form in forms.items()
    }


def _search_file_name(path: str) -> Iterator[FormFinding]:
    """Search the name of a file, because it is published with the file."""
    for found in find_personal_data(path):
        yield FormFinding(found=found, place=message("文件名"))


def _move_problem(file: str, problem: Problem | None) -> Problem | None:
    return problem and replace(problem, place=problem.place._replace(file=file))


def search_content(content: bytes) -> FormSearchResult:
    """Search the content of one file for personal data."""
    opened = open_form(content)
    seen: dict[tuple[object, ...], FormFinding] = {}
    for spot in find_in_rows(opened.contents.rows):
        cell = spot.spans[0].cell
        place = None if spot.row.line else cell.place
        # The same place is read more than once where a file keeps it more than once.
        key = (spot.found.kind, spot.found.number, spot.row.line, repr(place))
        start = spot.spans[0].start + (_count_characters_before(spot.row.cells, cell) if spot.row.line else 0)
        found = replace(spot.found, start=start, end=start + len(spot.found.number))
        seen.setdefault(key, FormFinding(found=found, line=spot.row.line, place=place))
    text = "\n".join("\t".join(cell.text for cell in row.cells) for row in opened.contents.rows)
    return FormSearchResult(
        findings=tuple(seen.values()),
        unsearched=tuple(opened.contents.unsearched),
        garbled=check_garbled_text(text, "") if isinstance(opened.kind, TextFile) else None,
    )


def _count_characters_before(cells: Sequence[Any], cell: object) -> int:
    """Count the characters of a line before one of its cells."""
    position = next(number for number, one in enumerate(cells) if one is cell)
    return sum(len(one.text) + 1 for one in cells[:position])


def _choose_published_file(form: FormFile, forms: Mapping[str, FormFile]) -> PublishedForm:
    copy = forms.get(f"{PUBLISHED_COPIES}{form.path.removeprefix('forms/')}")
    chosen = copy or form
    return PublishedForm(path=chosen.path, sha256=chosen.sha256)


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
    searches = {**known}
    try:
        searches.update(_search_each(root, missing))
    finally:
        if any(checksum in searches and checksum not in known for checksum in slow):
            _write_search_cache(root, slow, searches)
    return searches


def _search_each(root: Path, missing: Sequence[tuple[str, str]]) -> Iterator[tuple[str, FormSearchResult]]:
    def one(file: tuple[str, str]) -> tuple[str, FormSearchResult]:
        content = read_bytes(root / "content" / file[1], file[1], FORM_SIZE_LIMIT)
        # A file that has gone meanwhile is told when it is published.
        return file[0], search_content(content) if isinstance(content, bytes) else FormSearchResult()

    if len(missing) <= 1:
        yield from map(one, missing)
        return
    # Each PDF is read by a process of its own, which threads wait for side by side.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(one, missing)


def _read_search_cache(root: Path, wanted: Mapping[str, str]) -> dict[str, FormSearchResult]:
    """Read cached results of earlier searches; ignore a cache that cannot be trusted."""
    content = read_bytes(root / SEARCH_CACHE, SEARCH_CACHE, _CACHE_SIZE_LIMIT)
    if not isinstance(content, bytes):
        return {}
    try:
        record = _adapter().validate_json(content)
    except ValidationError:
        return {}
    if record.program != compute_program_digest():
        return {}
    listed = record.searches
    return {
        checksum: listed[checksum][1]
        for checksum, path in wanted.items()
        if checksum in listed and listed[checksum][0] == _read_file_stat(root, path)
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
    record = _Record(
        program=compute_program_digest(),
        searches={
            checksum: (_read_file_stat(root, path), searches[checksum])
            for checksum, path in wanted.items()
            if checksum in searches
        },
    )
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.unlink(missing_ok=True)
        with beside.open("xb") as stream:
            stream.write(_adapter().dump_json(record))
        beside.replace(file)
    with suppress(OSError):
        beside.unlink(missing_ok=True)
