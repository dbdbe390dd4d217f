"""Search the forms of a project for personal data, each content once: what was found is kept in `build/`.

The record only saves time: one that is spoilt, of another program or of another file is ignored. It is
believed of the very file that was searched, by its times and its number on the disk, so that nobody can hide
a finding by bringing a record along.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jixiao.crew import cores
from jixiao.i18n import Message, message
from jixiao.load.content_files import FORM_SIZE_LIMIT
from jixiao.load.received import COPIES, FormFile, FoundInForm, Published
from jixiao.load.source_files import read_bytes, refusal_of_garbled
from jixiao.originals.finding import spots_in
from jixiao.personal_data.form_text import TextFile, open_form
from jixiao.personal_data.text_patterns import Found, Kind, personal_data
from jixiao.problems import Problem
from jixiao.program import program_digest
from jixiao.records import message_record, read_message
from jixiao.records import read_record as read_problems
from jixiao.records import record_of as problem_record

RECORD = "build/.searched-forms.json"
"""Relative to the project."""
_RECORD_LIMIT = 64 * 1024 * 1024
_QUICK = frozenset({".txt", ".csv", ".tsv", ".md"})
"""Endings of text, which is searched faster than a record of it is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What came of the search of one file."""

    findings: tuple[FoundInForm, ...] = ()
    unsearched: tuple[Message, ...] = ()
    garbled: Problem | None = None
    """Of a text; its place is in no file yet."""

    def record(self) -> list[Any]:
        """Give it as values of JSON, to be read by `read_search`."""
        return [
            [
                [
                    [one.found.kind, one.found.start, one.found.end, one.found.number],
                    one.line,
                    None if one.place is None else message_record(one.place),
                ]
                for one in self.findings
            ],
            [message_record(one) for one in self.unsearched],
            None if self.garbled is None else problem_record((self.garbled,)),
        ]


def read_search(record: Any) -> Search:  # noqa: ANN401 - JSON
    """Read what `Search.record` gave.

    Raises:
        ValueError, TypeError, LookupError: It is not that.
    """
    findings, unsearched, garbled = record
    return Search(
        findings=tuple(
            FoundInForm(
                found=Found(kind=Kind(kind), start=int(start), end=int(end), number=str(number)),
                line=None if line is None else int(line),
                place=None if place is None else read_message(place),
            )
            for (kind, start, end, number), line, place in findings
        ),
        unsearched=tuple(map(read_message, unsearched)),
        garbled=None if garbled is None else read_problems(garbled)[0],
    )


def search_forms(project: Path, forms: Mapping[str, FormFile], *, are_published: bool) -> dict[str, FormFile]:
    """Say of each form what is published in its place, and what of that is personal data.

    Args:
        project: The folder of the project.
        forms: As they were loaded, by path under `content/`.
        are_published: Whether the site publishes forms at all. What is not published is not searched.
    """
    if not are_published:
        return dict(forms)
    published = {path: _published(form, forms) for path, form in forms.items()}
    wanted = {one.sha256: one.path for one in published.values()}
    searches = _searches(project, wanted)
    return {
        path: replace(
            form,
            published=published[path],
            findings=(*_in_name(published[path].path), *searches[published[path].sha256].findings),
            unsearched=searches[published[path].sha256].unsearched,
            garbled=_at(f"content/{published[path].path}", searches[published[path].sha256].garbled),
        )
        for path, form in forms.items()
    }


def _in_name(path: str) -> Iterator[FoundInForm]:
    """Search the name of a file, which is published with it."""
    for found in personal_data(path):
        yield FoundInForm(found=found, place=message("文件名"))


def _at(file: str, problem: Problem | None) -> Problem | None:
    return problem and replace(problem, place=problem.place._replace(file=file))


def search(content: bytes) -> Search:
    """Search one file."""
    opened = open_form(content)
    seen: dict[tuple[object, ...], FoundInForm] = {}
    for spot in spots_in(opened.passages.rows):
        cell = spot.spans[0].cell
        place = None if spot.row.line else cell.place
        # The same place is read more than once where a file keeps it more than once.
        key = (spot.found.kind, spot.found.number, spot.row.line, repr(place))
        start = spot.spans[0].start + (_before(spot.row.cells, cell) if spot.row.line else 0)
        found = replace(spot.found, start=start, end=start + len(spot.found.number))
        seen.setdefault(key, FoundInForm(found=found, line=spot.row.line, place=place))
    text = "\n".join("\t".join(cell.text for cell in row.cells) for row in opened.passages.rows)
    return Search(
        findings=tuple(seen.values()),
        unsearched=tuple(opened.passages.unsearched),
        garbled=refusal_of_garbled(text, "") if isinstance(opened.kind, TextFile) else None,
    )


def _before(cells: Sequence[Any], cell: object) -> int:
    """Count the characters of a line before one of its cells."""
    position = next(number for number, one in enumerate(cells) if one is cell)
    return sum(len(one.text) + 1 for one in cells[:position])


def _published(form: FormFile, forms: Mapping[str, FormFile]) -> Published:
    copy = forms.get(f"{COPIES}{form.path.removeprefix('forms/')}")
    chosen = copy or form
    return Published(path=chosen.path, sha256=chosen.sha256)


def _searches(project: Path, wanted: Mapping[str, str]) -> dict[str, Search]:
    """Search files by their content.

    Args:
        project: The folder of the project.
        wanted: Checksum → a path under `content/`.
    """
    slow = {checksum: path for checksum, path in wanted.items() if Path(path).suffix.lower() not in _QUICK}
    known = _known(project, slow) if slow else {}
    missing = [(checksum, path) for checksum, path in wanted.items() if checksum not in known]
    searches = {**known}
    try:
        searches.update(_each(project, missing))
    finally:
        if any(checksum in searches and checksum not in known for checksum in slow):
            _keep(project, slow, searches)
    return searches


def _each(project: Path, missing: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Search]]:
    def one(file: tuple[str, str]) -> tuple[str, Search]:
        content = read_bytes(project / "content" / file[1], file[1], FORM_SIZE_LIMIT)
        # A file that has gone meanwhile is told when it is published.
        return file[0], search(content) if isinstance(content, bytes) else Search()

    if len(missing) <= 1:
        yield from map(one, missing)
        return
    # Each PDF is read by a process of its own, which threads wait for side by side.
    with ThreadPoolExecutor(cores()) as threads:
        yield from threads.map(one, missing)


def _known(project: Path, wanted: Mapping[str, str]) -> dict[str, Search]:
    """Read the record of earlier searches; nothing of one that cannot be trusted to be ours."""
    content = read_bytes(project / RECORD, RECORD, _RECORD_LIMIT)
    if not isinstance(content, bytes):
        return {}
    try:
        record = json.loads(content)
        if record["program"] != program_digest():
            return {}
        listed = record["searches"]
        return {
            checksum: read_search(listed[checksum][1])
            for checksum, path in wanted.items()
            if checksum in listed and listed[checksum][0] == _file_searched(project, path)
        }
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _file_searched(project: Path, path: str) -> list[int]:
    """Tell a file from every other one, and from itself after a change."""
    try:
        status = (project / "content" / path).lstat()
    except OSError:
        return []
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _keep(project: Path, wanted: Mapping[str, str], searches: Mapping[str, Search]) -> None:
    """Write the record; without one the next search takes longer, and nothing else."""
    file = project / RECORD
    record = {
        "program": program_digest(),
        "searches": {
            checksum: [_file_searched(project, path), searches[checksum].record()]
            for checksum, path in wanted.items()
            if checksum in searches
        },
    }
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.unlink(missing_ok=True)
        with beside.open("x", encoding="utf-8") as stream:
            json.dump(record, stream, ensure_ascii=False)
        beside.replace(file)
    with suppress(OSError):
        beside.unlink(missing_ok=True)
