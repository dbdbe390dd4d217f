"""What Chinese texts are called in another language, read from the PO files by a reader of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.ignored_files import is_ignored_name

SOURCE = "zh"
"""The language in which declarations are filed; its pages lie at the root of the site."""
_CLOSED_LISTS = "taxonomies.po"
"""Of the program, but filed: classes of indicators, natures of projects."""


@dataclass(frozen=True, kw_only=True)
class Translations:
    """One language of a site."""

    language: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """Sentence of the program in Chinese → translation; drafts are not in it."""
    filed_texts: Mapping[str, str] = field(default_factory=dict)
    """The same of what declarations and registers say: a project may be called as a button is."""

    @property
    def prefix(self) -> str:
        """The folder of the pages of this language, with `/`, or empty."""
        return "" if self.language == SOURCE else f"{self.language}/"

    def said(self, source: str, **values: str) -> str:
        """Translate a sentence of the program, or leave it Chinese, and put *values* in."""
        text = self.texts.get(source, source)
        return text.format_map(values) if values else text

    def filed(self, source: str) -> str:
        """Translate what was filed, or leave it Chinese."""
        return self.filed_texts.get(source, source)

    def accepted(self, source: str) -> tuple[str, ...]:
        """List what may stand for *source*, which was filed: the translation, or the Chinese."""
        said = self.filed(source)
        return (source,) if said == source else (said, source)


def read_translations(language: str, words: Path, content: Path) -> Translations:
    """Read the PO files of one language: those of the program under *words*, then those of *content*."""
    if language == SOURCE:
        return Translations(language=language)
    of_program, of_content = (_po_files(folder / language) for folder in (words, content))
    lists = [file for file in of_program if file.name == _CLOSED_LISTS]
    return Translations(language=language, texts=_read(of_program), filed_texts=_read([*lists, *of_content]))


def _po_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.po") if not is_ignored_name(file.name))


def _read(files: list[Path]) -> dict[str, str]:
    """Read PO files; of a text that stands in several the last one holds."""
    return {source: said for file in files for source, said in _entries(file.read_text("utf-8"))}


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Give each text with its translation."""
    for block in _blocks(text):
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
        source, said = "".join(parts.get("msgid", [])), "".join(parts.get("msgstr", []))
        if source and said.strip() and not is_draft:
            yield source, said


def _blocks(text: str) -> Iterator[list[str]]:
    """Part a file into its entries: what follows a translation and is not the rest of it begins the next."""
    block: list[str] = []
    is_over = False
    for line in map(str.strip, text.replace("\r\n", "\n").split("\n")):
        if is_over and not line.startswith(('"', "msgstr")):
            yield block
            block, is_over = [], False
        block.append(line)
        is_over = is_over or line.startswith("msgstr")
    yield block
