"""Interface messages and their translation catalogues; Chinese is the source language.

Every message of the interface, the command line and the problems is written in Chinese where it is used.
Other languages are gettext PO files in `theme/words/`: Chinese text → translation. A message without a
translation stays Chinese; a test finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from jixiao.ignored_files import is_ignored_name
from jixiao.theme import find_theme

SOURCE_LANGUAGE = "zh"
"""Language of the messages in the code and of the forms."""

_VALUE_LIMIT = 400
"""Characters of a value in a message. The longest path and a line of SHA256SUMS have fewer."""
THEME = find_theme()
"""Folder of the active theme; constant while the process lives."""


_LIBRARY_FOLDER = "library"
"""Folder with the translations of the command-line library; it is not a language."""


@cache
def list_languages() -> tuple[str, ...]:
    """List the languages of the interface: Chinese, and each that has a translations folder."""
    others = sorted(
        folder.name
        for folder in (THEME / "words").iterdir()
        if folder.is_dir()
        and folder.name not in {SOURCE_LANGUAGE, _LIBRARY_FOLDER}
        and not is_ignored_name(folder.name, is_folder=True)
    )
    return (SOURCE_LANGUAGE, *others)


def html_language(language: str) -> str:
    """Return the BCP 47 tag of a language; `zh` in addresses stands for `zh-CN`."""
    return "zh-CN" if language == SOURCE_LANGUAGE else language


def language_name(language: str) -> str:
    """Return the name of a language in that language."""
    if language == SOURCE_LANGUAGE:
        return "中文"
    try:
        named = Locale.parse(language, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        named = None
    return named or language


@dataclass(frozen=True, kw_only=True)
class TranslationCatalogue:
    """Translation catalogue from Chinese into one language."""

    language: str
    """Language code used in addresses, e.g. `en`."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """Chinese text → translation, without drafts (fuzzy entries)."""

    def find(self, source: str) -> str | None:
        """Return the translation of *source*, or `None` if there is none."""
        return source if self.language == SOURCE_LANGUAGE else self.translations.get(source)

    def translate(self, source: str) -> str:
        """Return the translation of *source*, or *source* itself if there is none."""
        return self.find(source) or source

    def merge(self, other: TranslationCatalogue) -> TranslationCatalogue:
        """Return a catalogue with the entries of both; those of *other* take precedence."""
        return TranslationCatalogue(
            language=self.language, translations={**self.translations, **other.translations}
        )


class BrokenCatalogueError(Exception):
    """A translation file of the program cannot be read: the installation is broken.

    Not a `UserError`, because no catalogue may be left to translate its message with; `jixiao.cli.startup`
    prints it in two languages.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Store the file, the line and the reason."""
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason


def parse_program_po(path: Path, language: str) -> Catalog:
    """Parse one PO file of the program.

    Raises:
        BrokenCatalogueError: It is not valid PO, not UTF-8, or cannot be opened.
    """
    try:
        content = path.read_bytes()
        content.decode()
        return read_po(
            BytesIO(content), locale=language.replace("-", "_"), charset="utf-8", abort_invalid=True
        )
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenCatalogueError(str(path), line, "not UTF-8") from error
    except PoFileError as error:
        # The library counts from 0.
        raise BrokenCatalogueError(
            str(path), error.lineno + 1, str(error.args[0]).partition(" on ")[0]
        ) from error
    except OSError as error:
        raise BrokenCatalogueError(str(path), 1, str(error.strerror)) from error


def read_program_catalogue(path: Path, language: str) -> TranslationCatalogue:
    """Read the finished translations of one PO file of the program.

    Raises:
        BrokenCatalogueError: It cannot be read.
    """
    translations = {
        str(entry.id): str(entry.string)
        for entry in parse_program_po(path, language)
        if entry.id and isinstance(entry.id, str) and str(entry.string).strip() and not entry.fuzzy
    }
    return TranslationCatalogue(language=language, translations=translations)


@cache
def load_interface_catalogue(language: str) -> TranslationCatalogue:
    """Load the interface translations of *language* from the theme.

    Cached because every page and every problem asks for them and the files belong to the installation.
    """
    catalogue = TranslationCatalogue(language=language)
    for path in sorted((THEME / "words" / language).glob("*.po")):
        if is_ignored_name(path.name):
            continue
        catalogue = catalogue.merge(read_program_catalogue(path, language))
    return catalogue


def find_user_language(environment: Mapping[str, str]) -> str:
    """Return the message language that the environment asks for; Chinese by default.

    Args:
        environment: The variables of the process. `JIXIAO_LANGUAGE` comes before those of the system.
    """
    for name in ("JIXIAO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value and value.partition(".")[0] not in {"C", "POSIX"}:
            return SOURCE_LANGUAGE if value.startswith("zh") else "en"
    return SOURCE_LANGUAGE


def load_taxonomy_catalogue(language: str) -> TranslationCatalogue:
    """Load the translations of indicator classes and project natures, shared by all sites."""
    path = THEME / "words" / language / "taxonomies.po"
    return (
        read_program_catalogue(path, language) if path.exists() else TranslationCatalogue(language=language)
    )


@dataclass(frozen=True)
class Message:
    """A sentence for a person: a Chinese template with {names}, and the values of these names."""

    template: str
    values: Mapping[str, Message | str | tuple[str, ...]] = field(default_factory=dict)
    """Value of each name; several strings are joined with the comma of the language."""

    def translate(self, catalogue: TranslationCatalogue) -> str:
        """Return the sentence in the language of *catalogue*; values stay as typed, long ones are cut."""
        return catalogue.translate(self.template).format_map(dict(self._format_values(catalogue)))

    def _format_values(self, catalogue: TranslationCatalogue) -> Iterator[tuple[str, str]]:
        for name, value in self.values.items():
            match value:
                case Message():
                    yield name, value.translate(catalogue)
                case tuple():
                    yield name, catalogue.translate("、").join(map(_shorten, value))
                case _:
                    yield name, _shorten(value)


def _shorten(value: str) -> str:
    """Cut a value that is too long to be read, such as a whole page pasted into a field."""
    return value if len(value) <= _VALUE_LIMIT else f"{value[: _VALUE_LIMIT // 2]}…"


def message(template: str, **values: Message | str | tuple[str, ...]) -> Message:
    """Build a message with its values: `message("找不到“{name}”", name=typed)`."""
    return Message(template, values)


__all__ = [
    "SOURCE_LANGUAGE",
    "THEME",
    "BrokenCatalogueError",
    "Message",
    "TranslationCatalogue",
    "find_user_language",
    "html_language",
    "language_name",
    "list_languages",
    "load_interface_catalogue",
    "load_taxonomy_catalogue",
    "message",
    "parse_program_po",
    "read_program_catalogue",
]
