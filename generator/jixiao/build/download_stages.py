"""Download stages: packs, files of data that hold many declarations, forms, feeds and headers.

Files of data are made from the JSON of the declarations, which has been compared with the content, and grow
on the disk. Each is read back and compared with the same JSON before it is published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jixiao.analysis import urls
from jixiao.analysis.data_table import DATABASE_QUERIES
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.summary import Summary
from jixiao.analysis.year_on_year import YearOnYear, compare_years
from jixiao.build.checked_sources import parse_again, read_again
from jixiao.build.staging import StagedSite
from jixiao.build.task import SITE, Output, Stage, Task, file_stage, hash_inputs, pass_files
from jixiao.build.worker import BuildContext, typeset
from jixiao.downloads import DataFormat, open_writers, parse_record
from jixiao.downloads.dataset_metadata import build_metadata_files
from jixiao.downloads.rows import build_organisation_rows
from jixiao.downloads.writers import JSON_FILE, SITE_FORMATS, YEAR_FORMATS, list_format_files
from jixiao.model.project import map_continuations
from jixiao.packs import DepartmentPack, PackMember, typeset_pack
from jixiao.pages.page import add_language_prefix
from jixiao.site.feeds import build_feeds
from jixiao.site.security_policy import HEADERS_FILE, render_headers_file
from jixiao.verify import VerificationFinding
from jixiao.verify.data_checks import ExpectedData, ExpectedRows, compare_data_file

_SCRATCH: Final = "data"
"""Folder below the staging directory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackInput:
    """A department's year to make a pack for."""

    department: str
    year: int
    contents: Mapping[str, bytes]
    """Of the files of its declarations, and of those that they continue, by id."""
    continued: Mapping[str, str]
    """Declaration of the year → the one that it continues, where there is one."""


def pack_stage(site: SiteContent, root: Path, context: BuildContext) -> Stage[PackInput]:
    """Return the stage of packs: one of each department's year, in each language."""
    versions = {entry.id: entry.version for entry in site.summaries}
    states = {entry.id: site.declaration_state(entry) for entry in site.summaries}
    continued = map_continuations(versions, site.continued_ids)

    def prepare(department: str, year: int, needed: Iterable[str], before: Mapping[str, str]) -> PackInput:
        contents = {one: read_again(one, versions[one], root) for one in needed}
        return PackInput(department=department, year=year, contents=contents, continued=before)

    def tasks() -> Iterator[Task[PackInput]]:
        for year in site.years():
            for department in site.departments_in_year(year):
                ids = [entry.id for entry in site.summaries_in_department_year(department, year)]
                before = {identity: continued[identity] for identity in ids if identity in continued}
                needed = [*ids, *dict.fromkeys(before.values())]
                yield Task(
                    name=f"{year}/{department}",
                    inputs=hash_inputs(context.shared_inputs, *(states[one] for one in needed)),
                    prepare=partial(prepare, department, year, needed, before),
                )

    return Stage(kind="pack", run=build_packs, tasks=tasks())


def build_packs(context: BuildContext, inputs: tuple[PackInput, ...]) -> Iterator[Output]:
    """Typeset packs and write their workbooks.

    Raises:
        UserError: A template failed, or a file is not what was checked.
    """
    # The library takes longer to import than most commands run.
    from jixiao.packs.pack_workbook import build_pack_workbook  # noqa: PLC0415

    for one in inputs:
        filed = {identity: parse_again(identity, content) for identity, content in one.contents.items()}
        home = urls.department_year_url(one.department, one.year)
        members = tuple(
            PackMember(
                filed=each, compared=_compare(filed.get(one.continued.get(each.id, "")), each, context)
            )
            for each in filed.values()
            if each.id.startswith(home)
        )
        pack = DepartmentPack(department=one.department, year=one.year, members=members)
        files: dict[str, bytes | Path] = {}
        for language, (renderer, _) in context.renderers.items():
            pdf = typeset(f"{one.year}/{one.department}", typeset_pack, pack, renderer)
            for ending, content in (("pdf", pdf), ("xlsx", build_pack_workbook(pack, renderer))):
                address = urls.pack_url(one.department, one.year, ending)
                files[f"{SITE}{add_language_prefix(address, language)}"] = content
        yield Output(files=files)


def _compare(
    before: ParsedDeclaration | None, filed: ParsedDeclaration, context: BuildContext
) -> YearOnYear | None:
    if before is None:
        return None
    taxonomy = context.catalogue.taxonomies[filed.declaration.edition]
    return compare_years(before.declaration, filed.declaration, taxonomy)


@dataclass(frozen=True, kw_only=True, slots=True)
class DataInput:
    """Declarations to write files of data for."""

    address: str
    """Of the page beside which the files stand; empty for everything."""
    entries: tuple[Summary, ...]
    formats: tuple[DataFormat, ...]
    site: SiteContent
    folder: Path
    """Where files grow."""
    read: Callable[[str], bytes]
    """Reads a file of the next site."""


def data_stage(site: SiteContent, context: BuildContext, staged: StagedSite) -> Stage[DataInput]:
    """Return the stage of data: files of each department's year, each year, and everything.

    It needs the disk, so it runs in this process.
    """
    scratch = staged.paths.staging / _SCRATCH

    def task(address: str, entries: Iterable[Summary], formats: tuple[DataFormat, ...]) -> Task[DataInput]:
        listed = tuple(entries)
        one = DataInput(
            address=address,
            entries=listed,
            formats=formats,
            site=site,
            folder=scratch / (address.strip("/").replace("/", ".") or "all"),
            read=staged.read,
        )
        inputs = hash_inputs(context.shared_inputs, *map(site.declaration_state, listed))
        return Task(name=address, inputs=inputs, prepare=lambda: one)

    def tasks() -> Iterator[Task[DataInput]]:
        # They are sorted by year, department, project.
        for year, of_year in groupby(site.summaries, lambda entry: entry.year):
            listed = tuple(of_year)
            for department, some in groupby(listed, lambda entry: entry.department):
                yield task(urls.department_year_url(department, year), some, YEAR_FORMATS)
            yield task(urls.year_url(year), listed, YEAR_FORMATS)
        yield task(urls.HOME, site.summaries, SITE_FORMATS)

    return Stage(kind="data", run=write_data, tasks=tasks())


def write_data(_context: BuildContext, inputs: tuple[DataInput, ...]) -> Iterator[Output]:
    """Write files of data, and compare them with the JSON of their declarations."""
    for one in inputs:
        one.folder.mkdir(parents=True)
        writers = open_writers(one.folder, one.formats)
        for content in _read_json(one):
            record = parse_record(content)
            for writer in writers:
                writer.add(record)
        for writer in writers:
            writer.close(build_organisation_rows(one.site))
        files = {
            urls.data_file_url(one.address, name): one.folder / name
            for name in list_format_files(one.formats)
        }
        yield Output(
            files={f"{SITE}{path}": file for path, file in files.items()},
            findings=tuple(_compare_files(files, one)),
        )


def _compare_files(files: Mapping[str, Path], one: DataInput) -> Iterator[VerificationFinding]:
    expected = ExpectedData(
        declarations=partial(_expected, one),
        views=DATABASE_QUERIES,
    )
    for path, file in files.items():
        with file.open("rb") as content:
            yield from compare_data_file(path, content, expected)


def _expected(one: DataInput) -> Iterator[ExpectedRows]:
    for content in _read_json(one):
        read = json.loads(content, parse_float=str, parse_int=str)
        yield read["declaration"], read["indicators"]


def _read_json(one: DataInput) -> Iterator[bytes]:
    for entry in one.entries:
        yield one.read(urls.data_file_url(urls.declaration_url(entry.id), JSON_FILE))


def description_stage(site: SiteContent, context: BuildContext) -> Stage[Any]:
    """Return the stage of descriptions of the data: dictionary, schemas, package, index, organisations."""
    return file_stage("data-descriptions", {"": build_metadata_files(site, context.config)})


def form_stage(site: SiteContent, root: Path) -> Stage[Mapping[str, bytes]]:
    """Return the stage of the forms that declarations were taken from, or of copies to publish instead."""
    published = {site.forms[entry.form].published for entry in site.summaries}

    def read(path: str) -> Mapping[str, bytes]:
        return {path: (root / "content" / path).read_bytes()}

    tasks = (
        Task(name=form.path, inputs=form.sha256, prepare=partial(read, form.path))
        for form in sorted(filter(None, published), key=lambda one: one.path)
    )
    return Stage(kind="form", run=pass_files, tasks=tasks)


def feed_stage(site: SiteContent, context: BuildContext) -> Stage[Any]:
    """Return the stage of the feeds of published and changed declarations."""
    feeds = build_feeds(site, context.config)
    return file_stage("feed", {path: {path: content} for path, content in feeds.items()})


def header_stage() -> Stage[Any]:
    """Return the stage of the security policy for hosts that read it from a file."""
    return file_stage("headers", {"": {HEADERS_FILE: render_headers_file().encode()}})
