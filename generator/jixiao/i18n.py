"""The words of the program itself, Chinese first.

Every sentence of the interface, the command line and the problems is written in Chinese where it is used.
Other languages are gettext PO files in `theme/words/`: Chinese text → translation. A word without a
translation stays Chinese and is found by a test, never by a reader.
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

from jixiao.ignored_files import is_leftover
from jixiao.theme import theme

SOURCE_LANGUAGE = "zh"
"""The language in which words are written in code and forms are filed."""

_VALUE_LIMIT = 400
"""Characters of a value in a sentence. The longest path of a file, and a line of SHA256SUMS, have fewer."""
THEME = theme()
"""The theme folder; it stays the same while a process lives."""


_LIBRARY = "library"
"""The folder of the words of the command-line library, which is no language."""


@cache
def known_languages() -> tuple[str, ...]:
    """List the languages that the program speaks: Chinese, and each that has a folder of words."""
    folders = sorted(folder.name for folder in (THEME / "words").iterdir() if _is_of_words(folder))
    return (SOURCE_LANGUAGE, *(name for name in folders if name not in {SOURCE_LANGUAGE, _LIBRARY}))


def _is_of_words(folder: Path) -> bool:
    return folder.is_dir() and not is_leftover(folder.name, is_folder=True)


def html_language(language: str) -> str:
    """Give the BCP 47 tag of a language: its code, which in addresses is short for Chinese alone."""
    return "zh-CN" if language == SOURCE_LANGUAGE else language


def language_name(language: str) -> str:
    """Name a language in its own words, as readers look for it."""
    if language == SOURCE_LANGUAGE:
        return "中文"
    try:
        named = Locale.parse(language, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        named = None
    return named or language


@dataclass(frozen=True, kw_only=True)
class Dictionary:
    """Translations from Chinese into one language."""

    language: str
    """The code used in addresses, e.g. `en`."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """Chinese text → translation. Drafts (fuzzy entries) are not in it."""

    def find(self, source: str) -> str | None:
        """Look *source* up; `None` when nobody has translated it yet."""
        return source if self.language == SOURCE_LANGUAGE else self.translations.get(source)

    def say(self, source: str) -> str:
        """Look *source* up, and fall back to the Chinese text."""
        return self.find(source) or source

    def merged_with(self, other: Dictionary) -> Dictionary:
        """Take the entries of both; on a clash the entry of *other* holds."""
        return Dictionary(language=self.language, translations={**self.translations, **other.translations})


class BrokenWords(Exception):  # noqa: N818 - named for what it says; caught once, where the process begins
    """A file of words that belongs to the program cannot be read: the installation is broken."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Keep what to tell the user."""
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason


def read_catalogue(path: Path, language: str) -> Catalog:
    """Read one PO file of the program.

    Raises:
        BrokenWords: It is not valid PO, not UTF-8, or cannot be opened.
    """
    try:
        content = path.read_bytes()
        content.decode()
        return read_po(
            BytesIO(content), locale=language.replace("-", "_"), charset="utf-8", abort_invalid=True
        )
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenWords(str(path), line, "not UTF-8") from error
    except PoFileError as error:
        # The library counts from 0.
        raise BrokenWords(str(path), error.lineno + 1, str(error.args[0]).partition(" on ")[0]) from error
    except OSError as error:
        raise BrokenWords(str(path), 1, str(error.strerror)) from error


def read_dictionary(path: Path, language: str) -> Dictionary:
    """Read one PO file of the program, leaving out drafts and empty translations.

    Raises:
        BrokenWords: It cannot be read.
    """
    translations = {
        str(entry.id): str(entry.string)
        for entry in read_catalogue(path, language)
        if entry.id and isinstance(entry.id, str) and str(entry.string).strip() and not entry.fuzzy
    }
    return Dictionary(language=language, translations=translations)


@cache
def interface_words(language: str) -> Dictionary:
    """Read the interface words of *language* from the theme.

    Cached because every page and every problem asks for them and the files belong to the installation.
    """
    words = Dictionary(language=language)
    for path in sorted((THEME / "words" / language).glob("*.po")):
        if is_leftover(path.name):
            continue
        words = words.merged_with(read_dictionary(path, language))
    return words


def language_of_user(environment: Mapping[str, str]) -> str:
    """Read the language of the user from the environment; Chinese where it says nothing.

    Args:
        environment: The variables of the process. `JIXIAO_LANGUAGE` comes before those of the system.
    """
    for name in ("JIXIAO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value and value.partition(".")[0] not in {"C", "POSIX"}:
            return SOURCE_LANGUAGE if value.startswith("zh") else "en"
    return SOURCE_LANGUAGE


def closed_list_words(language: str) -> Dictionary:
    """Read the translations of the closed lists (classes of indicators, natures), which every site shares."""
    path = THEME / "words" / language / "taxonomies.po"
    return read_dictionary(path, language) if path.exists() else Dictionary(language=language)


@dataclass(frozen=True)
class Message:
    """A sentence for a person: Chinese with {names} in it, and what stands for the names."""

    template: str
    values: Mapping[str, Message | str | tuple[str, ...]] = field(default_factory=dict)
    """Several strings are listed with the comma of the language."""

    def say(self, words: Dictionary) -> str:
        """Write the sentence in the language of *words*; values are inserted as typed, and cut if huge."""
        return words.say(self.template).format_map(dict(self._said(words)))

    def _said(self, words: Dictionary) -> Iterator[tuple[str, str]]:
        for name, value in self.values.items():
            match value:
                case Message():
                    yield name, value.say(words)
                case tuple():
                    yield name, words.say("、").join(map(_shortened, value))
                case _:
                    yield name, _shortened(value)


def _shortened(value: str) -> str:
    """Cut what nobody would read to its end: a page that was pasted into a field."""
    return value if len(value) <= _VALUE_LIMIT else f"{value[: _VALUE_LIMIT // 2]}…"


def message(template: str, **values: Message | str | tuple[str, ...]) -> Message:
    """Write a sentence with its values: `message("找不到“{name}”", name=typed)`."""
    return Message(template, values)


__all__ = [
    "SOURCE_LANGUAGE",
    "THEME",
    "BrokenWords",
    "Dictionary",
    "Message",
    "closed_list_words",
    "html_language",
    "interface_words",
    "known_languages",
    "language_name",
    "language_of_user",
    "message",
    "read_catalogue",
    "read_dictionary",
]
