"""From forms as received to files of declarations: what `jixiao import` does, read from top to bottom.

The closed lists and the register of organisations are those of the project. Nothing of the project is edited:
files are written into the folder that was asked for, and what else is to be done is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from jixiao.analysis.site_content import Catalogue
from jixiao.check.lists import ORGANISATIONS, TAXONOMIES, read_lists
from jixiao.check.rules.address_differs_from_file import RESERVED
from jixiao.i18n import Dictionary, Message, message
from jixiao.ignored_files import is_leftover
from jixiao.importers.declaration_drafts import Reading, Readings, read_forms
from jixiao.importers.draft import yaml_of
from jixiao.importers.import_report import account_of_cells_outside, account_of_form, total
from jixiao.importers.readers.form_file import read_form
from jixiao.importers.register import Register
from jixiao.load.source_files import is_surely_allowed
from jixiao.model.values import is_slug
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Format, Problem, one_line, report
from jixiao.write_files import place_files


class Unusable(Exception):  # noqa: N818 - named for what it says; caught once, by the command line
    """The command was used in a way that cannot work."""

    def __init__(self, saying: Message) -> None:
        """Keep what to tell the user."""
        super().__init__(saying.template)
        self.saying = saying


@dataclass(frozen=True, kw_only=True)
class Order:
    """What was asked for."""

    forms: Sequence[Path]
    project: Path
    folder: Path
    """Where the files go."""
    id: str | None = None
    """The name of the file, where there is one form."""
    replaces: bool = False
    """Whether files that are there are replaced."""


@dataclass(frozen=True, kw_only=True)
class File:
    """The file of one form."""

    reading: Reading
    path: Path
    is_written: bool
    """False where a file was there already and was left alone."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How an import ended."""

    problems: tuple[Problem, ...] = ()
    """Files that could not be read, forms and lists of the project."""
    readings: tuple[Readings, ...] = ()
    files: tuple[File, ...] = ()
    register: Register = field(default_factory=lambda: Register(known={}))
    order: Order

    @property
    def is_clean(self) -> bool:
        """Whether every form has become a file of which nothing is missing."""
        return (
            not self.problems
            and not self.register.unknown
            and all(file.is_written and file.reading.draft.is_complete for file in self.files)
            and not any(reading.count.loose for reading in self.readings)
        )


def import_forms(order: Order) -> Imported:
    """Read forms, propose their declarations, and write those into the folder of *order*.

    Raises:
        Unusable: An id that cannot be one, or one id for several forms.
        OSError: The disk refuses to take the files.
    """
    _require_id(order.id)
    catalogue, wrong = read_lists(order.project, (TAXONOMIES, ORGANISATIONS))
    if wrong:
        return Imported(problems=wrong, order=order)
    register = Register(known=catalogue.organisations)
    problems: list[Problem] = []
    readings: list[Readings] = []
    # `content/forms/*` names what an office program keeps beside an open form as well.
    for path in [form for form in order.forms if not is_leftover(form.name)] or order.forms:
        read = _read(path, order.project, catalogue, register)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            problems.extend(read.refused)
            readings.append(read)
    forms = [form for reading in readings for form in reading.forms]
    if order.id and len(forms) > 1:
        raise Unusable(message("--id 只能用于一份申报表，这里有 {count} 份", count=str(len(forms))))
    names = [f"{order.id or f'project-{number}'}.yml" for number, _ in enumerate(forms, 1)]
    texts = {name: yaml_of(form.draft) for name, form in zip(names, forms, strict=True)}
    kept = place_files(texts, order.folder, replaces=order.replaces) if texts else ()
    files = tuple(
        File(reading=form, path=order.folder / name, is_written=name not in kept)
        for name, form in zip(names, forms, strict=True)
    )
    return Imported(
        problems=tuple(problems), readings=tuple(readings), files=files, register=register, order=order
    )


def _require_id(identity: str | None) -> None:
    if identity is not None and (not is_slug(identity) or identity in RESERVED):
        raise Unusable(
            message(
                "“{id}”不能作文件名：只用小写英文字母、数字和连字符，不能用 index、404、search 等",
                id=identity,
            )
        )


def _read(path: Path, project: Path, catalogue: Catalogue, register: Register) -> Readings | Problem:
    grid = read_form(path)
    if isinstance(grid, Problem):
        return grid
    return read_forms(grid, catalogue.taxonomies, register, path_in_content(path, project))


def path_in_content(path: Path, project: Path) -> str:
    """Give the path of a form under `content/`: where it lies, or where it is to be put."""
    content = (project / "content").resolve()
    absolute = path.resolve()
    inside = absolute.is_relative_to(content / "forms")
    shown = absolute.relative_to(content).as_posix() if inside else f"forms/{path.name}"
    # A name that is no UTF-8, or that speaks to a terminal, cannot stand in the file.
    return shown if is_surely_allowed(shown) else "forms/form.txt"


def told(imported: Imported, words: Dictionary) -> Iterator[str]:
    """Tell how an import ended, line by line, in the language of *words*."""
    yield from report(imported.problems, Format.TEXT, words)
    files = iter(imported.files)
    for readings in imported.readings:
        file = readings.grid.file
        for remark in readings.grid.remarks:
            yield one_line(masked(f"{file}{words.say('：')}{remark.say(words)}"))
        for cell_line in account_of_cells_outside(readings.outside, readings.tally, words):
            yield f"{one_line(file)}{cell_line}"
        for own in islice(files, len(readings.forms)):
            yield one_line(masked(_heading(own).say(words)))
            yield from account_of_form(own.reading, words)
    for saying in _still_to_do(imported):
        yield one_line(masked(saying.say(words)))
    if imported.files:
        yield total(tuple(readings.count for readings in imported.readings), words)


def _heading(file: File) -> Message:
    values: dict[str, Message | str] = {
        "form": _where(file.reading),
        "name": file.reading.draft.facts.name or "",
        "file": os.fspath(file.path),
    }
    if file.is_written:
        return message("{form}“{name}”：写成 {file}", **values)
    return message("{form}“{name}”：{file} 已经存在，没有动它；要替换请加 --force", **values)


def _where(reading: Reading) -> Message:
    """Say where a form stands: between which lines, or in a file without lines between which places."""
    rows = reading.form.rows
    if reading.counts_lines:
        return message(
            "{file} 第 {first} 至 {last} 行",
            file=reading.file,
            first=str(rows[0].number),
            last=str(rows[-1].number),
        )
    return message("{file}（{first} 至 {last}）", file=reading.file, first=rows[0].place, last=rows[-1].place)


def _still_to_do(imported: Imported) -> Iterator[Message]:
    """Say what the editor has to do in other files."""
    for cell, line in imported.register.lines_to_add():
        yield message(
            "{place}的“{name}”还没有登记：请在 content/organisations.yml 里加一行 {line}",
            place=cell.place,
            name=cell.words,
            line=line,
        )
    for path in imported.order.forms if imported.files else ():
        form = path_in_content(path, imported.order.project)
        if not (imported.order.project / "content" / form).is_file():
            yield message("请把 {path} 原样放到 content/{form}", path=os.fspath(path), form=form)
    folders = {
        f"content/declarations/{draft.facts.year}/{draft.department}"
        for file in imported.files
        if (draft := file.reading.draft).facts.year and draft.department
    }
    for folder in sorted(folders):
        if imported.order.folder.resolve() != (imported.order.project / folder).resolve():
            yield message("核对以后，这些文件应放在 {folder}/ 下", folder=folder)
    if imported.files:
        yield message("文件名和指标编号是暂拟的，会成为网址：请改成有含义的英文词，再运行 jixiao check")
