"""The texts of a site in one language, read from the PO files by a reader of the verification's own."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from jixiao.ignored_files import is_ignored_name
from jixiao.verify.source_numbers import numbers_in

SOURCE = "zh"
"""The language in which declarations are filed; its pages lie at the root of the site."""
_CLOSED_LISTS = "taxonomies.po"
"""Of the program, but filed: classes of indicators, natures of projects."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class PoTexts:
    """One language of a site."""

    language: str
    interface: Mapping[str, str] = field(default_factory=dict)
    """Sentence of the program in Chinese → translation; drafts are not in it."""
    content: Mapping[str, str] = field(default_factory=dict)
    """Translations of content; kept apart, because a project may have the name of a button."""
    numbered: Mapping[str, bool] = field(default_factory=dict)
    """Sentences of the program that hold numbers of their own, in this language → only the numbers of another
    one differ."""

    @property
    def prefix(self) -> str:
        """The folder of the pages of this language, with `/`, or empty."""
        return "" if self.language == SOURCE else f"{self.language}/"

    def translate(self, source: str) -> str:
        """Translate a word of the program, or leave it Chinese."""
        return self.interface.get(source, source)

    def translate_content(self, source: str) -> str:
        """Translate a filed text, or leave it Chinese."""
        return self.content.get(source, source)

    def alternatives(self, source: str) -> tuple[str, ...]:
        """List the accepted forms of a filed text: its translation, or the Chinese."""
        plain = source.strip()
        translation = self.translate_content(plain).strip()
        return (plain,) if translation == plain else (translation, plain)

    def has_numbers(self, text: str, numbers: tuple[str, ...]) -> bool:
        """Return whether a sentence has these numbers, in its own order or that of the Chinese."""
        shown = numbers_in(text)
        if shown == numbers:
            return True
        if len(shown) < 2 or sorted(shown) != sorted(numbers):  # noqa: PLR2004 - one number has no order
            return False
        matches = ((pattern.fullmatch(text), order) for pattern, order in self._reordered)
        return any(
            numbers == tuple(number for name in order for number in numbers_in(found[name])[:1])
            for found, order in matches
            if found
        )

    @cached_property
    def _reordered(self) -> list[tuple[re.Pattern[str], list[str]]]:
        """Sentences whose translation names its values in another order than the Chinese."""
        reordered = []
        for source, translation in self.interface.items():
            order = _PLACEHOLDER.findall(source)
            names = _PLACEHOLDER.findall(translation)
            if order != names and len(set(names)) == len(names) and sorted(order) == sorted(names):
                pattern = "".join(
                    f"(?P<{part}>.+)" if place % 2 else re.escape(part)
                    for place, part in enumerate(_PLACEHOLDER.split(translation))
                )
                reordered.append((re.compile(pattern), order))
        return reordered


def read_po_texts(language: str, words: Path, content: Path) -> PoTexts:
    """Read the PO files of one language: those of the program under *words*, then those of *content*."""
    if language == SOURCE:
        files = [file for folder in words.iterdir() if folder.is_dir() for file in _po_files(folder)]
        return PoTexts(language=language, numbered=_find_numbered(_read_files(files)))
    program, site = (_po_files(folder / language) for folder in (words, content))
    lists = [file for file in program if file.name == _CLOSED_LISTS]
    interface = _read_files(program)
    return PoTexts(
        language=language,
        interface=interface,
        content=_read_files([*lists, *site]),
        numbered=_find_numbered(interface.values()),
    )


def _find_numbered(sentences: Iterable[str]) -> dict[str, bool]:
    numbered = {" ".join(one.split()) for one in sentences if numbers_in(one) and "{" not in one}
    without_numbers = {one: re.sub("[0-9]", "0", one) for one in numbered}
    times = Counter(without_numbers.values())
    return {one: times[same] > 1 for one, same in without_numbers.items()}


def _po_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.po") if not is_ignored_name(file.name))


def _read_files(files: Iterable[Path]) -> dict[str, str]:
    """Read PO files; of a text that stands in several the last one holds."""
    return {source: text for file in files for source, text in _read_entries(file.read_text("utf-8"))}


def _read_entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its translation."""
    for block in _cut_blocks(text):
        parts: dict[str, list[str]] = {}
        current: list[str] = []
        is_draft = False
        for line in block:
            if line.startswith("#~"):
                # Flags before an entry that is kept for later are its own.
                is_draft = False
            elif line.startswith("#,"):
                is_draft = is_draft or "fuzzy" in line
            elif line.startswith("msg"):
                word, _, quoted = line.partition(" ")
                current = parts.setdefault(word, [])
                current.append(json.loads(quoted))
            elif line.startswith('"'):
                current.append(json.loads(line))
        source, translation = "".join(parts.get("msgid", [])), "".join(parts.get("msgstr", []))
        if source and translation.strip() and not is_draft:
            yield source, translation


def _cut_blocks(text: str) -> Iterator[list[str]]:
    """Split a file into entries; the first line after a translation begins the next entry."""
    block: list[str] = []
    is_over = False
    for line in map(str.strip, text.replace("\r\n", "\n").split("\n")):
        if is_over and not line.startswith(('"', "msgstr")):
            yield block
            block, is_over = [], False
        block.append(line)
        is_over = is_over or line.startswith("msgstr")
    yield block
