"""Import of received forms as declaration files.

Closed lists and organisations come from the site. Nothing of the site is edited: files are written into the
requested folder, and the remaining steps are reported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from jixiao.check.read_site_content import read_registers
from jixiao.check.rules.address_differs_from_file import RESERVED_NAMES
from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.ignored_files import is_ignored_name
from jixiao.importers.declaration_drafts import OrganisationRegister, write_draft
from jixiao.importers.form_readings import (
    FileReading,
    FormReading,
    read_forms,
    report_cells,
    report_form,
    report_total,
)
from jixiao.importers.readers.form_file import read_form
from jixiao.load.content_files import ORGANISATIONS_FILE, TAXONOMY_FOLDER
from jixiao.load.source_files import has_only_allowed_characters
from jixiao.model.values import is_slug
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Problem, ProblemFormat, UserError, escape_for_terminal, format_problems
from jixiao.write_files import write_files


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """Options of an import."""

    forms: Sequence[Path]
    root: Path
    folder: Path
    """Output folder."""
    id: str | None = None
    """File name without extension, for a single form."""
    replaces: bool = False
    """Whether existing files are replaced."""


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """Declaration file made from one form."""

    reading: FormReading
    path: Path
    is_written: bool
    """False if a file existed already and was kept."""


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """Result of an import."""

    problems: tuple[Problem, ...] = ()
    """Problems of unreadable files and forms, and of the site's registers."""
    readings: tuple[FileReading, ...] = ()
    files: tuple[ImportedFile, ...] = ()
    register: OrganisationRegister = field(default_factory=lambda: OrganisationRegister(known={}))
    request: ImportRequest

    @property
    def is_clean(self) -> bool:
        """Whether every form was written as a complete declaration."""
        return (
            not self.problems
            and not self.register.unknown
            and all(file.is_written and file.reading.draft.is_complete for file in self.files)
            and not any(reading.count.unplaced_cells for reading in self.readings)
        )


def import_forms(request: ImportRequest) -> ImportResult:
    """Read forms and write a draft declaration for each into the requested folder.

    Raises:
        UserError: The id is invalid, or there is one id for several forms.
        OSError: The disk refuses.
    """
    if request.id is not None and (not is_slug(request.id) or request.id in RESERVED_NAMES):
        raise UserError(
            message(
                "“{id}”不能作文件名：只用小写英文字母、数字和连字符，不能用 index、404、search 等",
                id=request.id,
            )
        )
    registers, register_problems = read_registers(request.root, (TAXONOMY_FOLDER, ORGANISATIONS_FILE))
    if register_problems:
        return ImportResult(problems=register_problems, request=request)
    register = OrganisationRegister(known=registers.organisations)
    problems: list[Problem] = []
    readings: list[FileReading] = []
    # `content/forms/*` also matches the temporary files of an office program.
    for path in [form for form in request.forms if not is_ignored_name(form.name)] or request.forms:
        grid, content_path = read_form(path), find_content_path(path, request.root)
        reading = (
            grid
            if isinstance(grid, Problem)
            else read_forms(grid, registers.taxonomies, register, content_path)
        )
        if isinstance(reading, Problem):
            problems.append(reading)
        else:
            problems += reading.refusals
            readings.append(reading)
    forms = [form for reading in readings for form in reading.forms]
    if request.id and len(forms) > 1:
        raise UserError(message("--id 只能用于一份申报表，这里有 {count} 份", count=str(len(forms))))
    names = [f"{request.id or f'project-{number}'}.yml" for number, _ in enumerate(forms, 1)]
    texts = {name: write_draft(form.draft) for name, form in zip(names, forms, strict=True)}
    kept = write_files(texts, request.folder, replaces=request.replaces) if texts else ()
    files = tuple(
        ImportedFile(reading=form, path=request.folder / name, is_written=name not in kept)
        for name, form in zip(names, forms, strict=True)
    )
    return ImportResult(
        problems=tuple(problems), readings=tuple(readings), files=files, register=register, request=request
    )


def find_content_path(path: Path, root: Path) -> str:
    """Return the path of a form below `content/`, existing or proposed."""
    content = (root / "content").resolve()
    absolute = path.resolve()
    inside = absolute.is_relative_to(content / "forms")
    shown = absolute.relative_to(content).as_posix() if inside else f"forms/{path.name}"
    # A name with control characters, or one that is not UTF-8, cannot be written into the declaration.
    return shown if has_only_allowed_characters(shown) else "forms/form.txt"


def describe_import(result: ImportResult, catalogue: TranslationCatalogue) -> Iterator[str]:
    """Describe the result of an import, line by line, in the language of *catalogue*."""
    yield from format_problems(result.problems, ProblemFormat.TEXT, catalogue)
    files = iter(result.files)
    for reading in result.readings:
        file = reading.grid.file
        for remark in reading.grid.remarks:
            line = f"{file}{catalogue.translate('：')}{remark.translate(catalogue)}"
            yield escape_for_terminal(mask_personal_data(line))
        for line in report_cells(reading.cells_above_forms, reading.usage, catalogue):
            yield f"{escape_for_terminal(file)}{line}"
        for imported in islice(files, len(reading.forms)):
            yield escape_for_terminal(mask_personal_data(_describe_file(imported).translate(catalogue)))
            yield from report_form(imported.reading, catalogue)
    for step in _list_remaining_steps(result):
        yield escape_for_terminal(mask_personal_data(step.translate(catalogue)))
    if result.files:
        yield report_total(tuple(reading.count for reading in result.readings), catalogue)


def _describe_file(file: ImportedFile) -> Message:
    reading, first, last = file.reading, file.reading.form.rows[0], file.reading.form.rows[-1]
    position = message("{file}（{first} 至 {last}）", file=reading.file, first=first.place, last=last.place)
    if reading.counts_lines:
        lines = {"first": str(first.number), "last": str(last.number)}
        position = message("{file} 第 {first} 至 {last} 行", file=reading.file, **lines)
    template = "{form}“{name}”：{file} 已经存在，没有动它；要替换请加 --force"
    if file.is_written:
        template = "{form}“{name}”：写成 {file}"
    return message(template, form=position, name=reading.draft.facts.name or "", file=os.fspath(file.path))


def _list_remaining_steps(result: ImportResult) -> Iterator[Message]:
    """List the steps that are left to the editor."""
    for cell, line in result.register.list_lines_to_add():
        yield message(
            "{place}的“{name}”还没有登记：请在 content/organisations.yml 里加一行 {line}",
            place=cell.place,
            name=cell.stripped_text,
            line=line,
        )
    for path in result.request.forms if result.files else ():
        form = find_content_path(path, result.request.root)
        if not (result.request.root / "content" / form).is_file():
            yield message("请把 {path} 原样放到 content/{form}", path=os.fspath(path), form=form)
    folders = {
        f"content/declarations/{draft.facts.year}/{draft.department}"
        for file in result.files
        if (draft := file.reading.draft).facts.year and draft.department
    }
    for folder in sorted(folders):
        if result.request.folder.resolve() != (result.request.root / folder).resolve():
            yield message("核对以后，这些文件应放在 {folder}/ 下", folder=folder)
    if result.files:
        yield message("文件名和指标编号是暂拟的，会成为网址：请改成有含义的英文词，再运行 jixiao check")
