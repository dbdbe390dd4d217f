"""Keep translations up to date: what `jixiao translate` does, read from top to bottom.

Of a project the texts of its content are kept; in a checkout of the program itself also the program's words.
Nothing is written while a file cannot be read, because its texts would look as if nobody said them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.content import Project, read_project
from jixiao.i18n import SOURCE_LANGUAGE, closed_list_words
from jixiao.ignored_files import is_leftover
from jixiao.load.content_files import read_declaration
from jixiao.load.po import read_po
from jixiao.load.source_files import SIZE_LIMIT, SourceText, read_bytes, read_text
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem, in_file_order, stops_publishing
from jixiao.theme import OURS
from jixiao.translate.program_words import words_in_use
from jixiao.translations.po_update import Coverage, Refreshed, Said, coverage, refresh
from jixiao.translations.source_texts import file_of_module, texts_of
from jixiao.write_files import place_files

_TRANSLATIONS = "content/translations"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The translation files of one language in one folder."""

    folder: str
    """Relative to the project."""
    language: str
    files: Mapping[str, str]
    """Their texts, by name."""
    said: Mapping[str, Said]
    """What they should hold."""
    is_all: bool
    """Whether *said* is all that they may hold."""


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """What is translated in a project, or the problems that stand in the way."""

    shelves: tuple[Shelf, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Updated:
    """What became of the files of one language."""

    shelf: Shelf
    refreshed: Refreshed


def translations(folder: Path) -> Shelves:
    """Read what is translated in the project in *folder*, and what there is to translate."""
    project = read_project(folder)
    declarations: list[tuple[str, Declaration]] = []
    problems = list(filter(_hides_texts, project.problems))
    for file in project.files:
        read = _declaration(folder, file.file)
        if isinstance(read, Declaration):
            declarations.append((file.file, read))
        else:
            problems += read
    shelves: list[Shelf] = []
    for language in _languages(project):
        said = texts_of(project.catalogue, declarations, closed_list_words(language))
        own = f"{_TRANSLATIONS}/{language}"
        files = _files(folder, own, language, problems)
        shelves.append(Shelf(folder=own, language=language, files=files, said=said, is_all=True))
    shelves += _of_program(folder, problems)
    return Shelves(shelves=tuple(shelves), problems=in_file_order(problems))


def _hides_texts(problem: Problem) -> bool:
    """Tell whether a problem may keep texts or translations from being read."""
    return stops_publishing([problem]) and not problem.place.file.startswith(
        ("content/forms", "content/pages")
    )


def _declaration(folder: Path, file: str) -> Declaration | tuple[Problem, ...]:
    content = read_bytes(folder / file, file, SIZE_LIMIT)
    if isinstance(content, Problem):
        return (content,)
    tree = read_declaration(content, file)
    return tree if isinstance(tree, tuple) else read_model(Declaration, tree)


def _languages(project: Project) -> tuple[str, ...]:
    known = {*project.languages, *project.catalogue.translations}
    return tuple(sorted(known - {SOURCE_LANGUAGE}))


def _files(folder: Path, within: str, language: str, problems: list[Problem]) -> Mapping[str, str]:
    """Read the files of one language; note those that cannot be read."""
    found: dict[str, str] = {}
    for path in sorted((folder / within).glob("*.po")):
        if is_leftover(path.name):
            continue
        source = read_text(path, f"{within}/{path.name}")
        read = read_po(source, language) if isinstance(source, SourceText) else (source,)
        if isinstance(source, SourceText) and not isinstance(read, tuple):
            found[path.name] = source.text
        elif isinstance(read, tuple):
            problems += (problem for problem in read if problem not in problems)
    return found


def _of_program(folder: Path, problems: list[Problem]) -> Iterator[Shelf]:
    """Give the words of the program, where *folder* is where it is developed."""
    if (folder / "theme").resolve() != OURS.resolve():
        return
    words = words_in_use(folder)
    for path in sorted((folder / "theme" / "words").iterdir()):
        language = path.name
        if language == "library" or is_leftover(language, is_folder=True):
            continue
        within = f"theme/words/{language}"
        files = _files(folder, within, language, problems)
        said = {
            text: Said(file=file_of_module(modules[0], files), places=modules)
            for text, modules in words.items()
        }
        yield Shelf(folder=within, language=language, files=files, said=said, is_all=False)


def update(folder: Path, shelves: Shelves) -> tuple[Updated, ...]:
    """Write what is to be written.

    Raises:
        OSError: The disk refuses.
    """
    done = []
    for shelf in shelves.shelves:
        refreshed = refresh(shelf.files, shelf.said, shelf.language, puts_away=shelf.is_all)
        if refreshed.texts:
            place_files(refreshed.texts, folder / shelf.folder, replaces=True)
        done.append(Updated(shelf=shelf, refreshed=refreshed))
    return tuple(done)


def status(shelves: Shelves) -> tuple[tuple[Shelf, Coverage], ...]:
    """Tell file by file how much is translated."""
    return tuple(
        (shelf, covered) for shelf in shelves.shelves for covered in coverage(shelf.files, shelf.said)
    )
