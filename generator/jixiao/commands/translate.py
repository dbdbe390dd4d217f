"""Update and coverage of translation files.

In a site these are the texts of its content; in a checkout of the program also the interface messages.
Nothing is written while a file cannot be read, because its texts would look unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.content import read_content
from jixiao.i18n import SOURCE_LANGUAGE, load_taxonomy_catalogue
from jixiao.ignored_files import is_ignored_name
from jixiao.load.content_files import load_declaration
from jixiao.load.po import read_po_catalogue
from jixiao.load.source_files import FILE_SIZE_LIMIT, SourceText, read_bytes, read_text
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem, has_error, sort_by_place
from jixiao.theme import PACKAGE_THEME
from jixiao.translations.po_update import (
    PoUpdate,
    TranslatableText,
    TranslationCoverage,
    measure_file_coverage,
    update_po_files,
)
from jixiao.translations.source_texts import choose_program_file, collect_content_texts, find_program_messages
from jixiao.write_files import write_files

_TRANSLATIONS_FOLDER = "content/translations"


@dataclass(frozen=True, kw_only=True)
class TranslationFolder:
    """Translation files of one language in one folder."""

    path: str
    """Path relative to the site's folder."""
    language: str
    files: Mapping[str, str]
    """Texts of the files, by name."""
    texts: Mapping[str, TranslatableText]
    """Texts to translate, with their uses."""
    is_exclusive: bool
    """Whether the files may hold no other texts."""


@dataclass(frozen=True, kw_only=True)
class TranslationFolders:
    """All translation files of a site, or the problems of reading them."""

    folders: tuple[TranslationFolder, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TranslationUpdate:
    """Result of updating the files of one language."""

    folder: TranslationFolder
    result: PoUpdate


def read_translation_folders(root: Path) -> TranslationFolders:
    """Read the translation files below *root* and the texts to translate."""
    content = read_content(root)
    declarations: list[tuple[str, Declaration]] = []
    # Errors of forms and pages hide no texts or translations.
    problems = [
        problem
        for problem in content.problems
        if has_error([problem]) and not problem.place.file.startswith(("content/forms", "content/pages"))
    ]
    for file in content.declaration_files:
        declaration = _read_declaration_file(root, file.file)
        if isinstance(declaration, Declaration):
            declarations.append((file.file, declaration))
        else:
            problems += declaration
    folders: list[TranslationFolder] = []
    for language in sorted({*content.languages, *content.registers.translations} - {SOURCE_LANGUAGE}):
        texts = collect_content_texts(content.registers, declarations, load_taxonomy_catalogue(language))
        path = f"{_TRANSLATIONS_FOLDER}/{language}"
        files = _read_po_files(root, path, language, problems)
        folders.append(
            TranslationFolder(path=path, language=language, files=files, texts=texts, is_exclusive=True)
        )
    folders += _read_program_folders(root, problems)
    return TranslationFolders(folders=tuple(folders), problems=sort_by_place(problems))


def _read_declaration_file(root: Path, file: str) -> Declaration | tuple[Problem, ...]:
    content = read_bytes(root / file, file, FILE_SIZE_LIMIT)
    if isinstance(content, Problem):
        return (content,)
    tree = load_declaration(content, file)
    return tree if isinstance(tree, tuple) else read_model(Declaration, tree)


def _read_po_files(root: Path, folder: str, language: str, problems: list[Problem]) -> Mapping[str, str]:
    """Read the PO files of one language; append to *problems* if some cannot be read."""
    texts: dict[str, str] = {}
    for path in sorted((root / folder).glob("*.po")):
        if is_ignored_name(path.name):
            continue
        source = read_text(path, f"{folder}/{path.name}")
        catalogue = read_po_catalogue(source, language) if isinstance(source, SourceText) else (source,)
        if isinstance(source, SourceText) and not isinstance(catalogue, tuple):
            texts[path.name] = source.text
        elif isinstance(catalogue, tuple):
            problems += (problem for problem in catalogue if problem not in problems)
    return texts


def _read_program_folders(root: Path, problems: list[Problem]) -> Iterator[TranslationFolder]:
    """Yield the interface translations, if *root* is a checkout of the program."""
    if (root / "theme").resolve() != PACKAGE_THEME.resolve():
        return
    messages = find_program_messages(root)
    for path in sorted((root / "theme" / "words").iterdir()):
        language = path.name
        if language == "library" or is_ignored_name(language, is_folder=True):
            continue
        folder = f"theme/words/{language}"
        files = _read_po_files(root, folder, language, problems)
        texts = {
            text: TranslatableText(file=choose_program_file(modules[0], files), places=modules)
            for text, modules in messages.items()
        }
        yield TranslationFolder(path=folder, language=language, files=files, texts=texts, is_exclusive=False)


def update_translations(root: Path, folders: TranslationFolders) -> tuple[TranslationUpdate, ...]:
    """Update the translation files on disk.

    Raises:
        OSError: The disk refuses.
    """
    updates = []
    for folder in folders.folders:
        result = update_po_files(folder.files, folder.texts, folder.language, is_complete=folder.is_exclusive)
        if result.texts:
            write_files(result.texts, root / folder.path, replaces=True)
        updates.append(TranslationUpdate(folder=folder, result=result))
    return tuple(updates)


def measure_coverage(
    folders: TranslationFolders,
) -> tuple[tuple[TranslationFolder, TranslationCoverage], ...]:
    """Measure the translated share of each file."""
    return tuple(
        (folder, coverage)
        for folder in folders.folders
        for coverage in measure_file_coverage(folder.files, folder.texts)
    )
