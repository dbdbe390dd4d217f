"""What Chinese texts are called in another language, read from the PO files by a reader of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.leftovers import is_leftover

SOURCE = "zh"
"""The language in which declarations are filed; its pages lie at the root of the site."""


@dataclass(frozen=True, kw_only=True)
class Translations:
    """One language of a site."""

    language: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """Chinese text → translation; drafts are not in it."""

    @property
    def prefix(self) -> str:
        """The folder of the pages of this language, with `/`, or empty."""
        return "" if self.language == SOURCE else f"{self.language}/"

    def said(self, source: str, **values: str) -> str:
        """Translate *source*, or leave it Chinese, and put *values* in."""
        # A block of YAML ends in a line break, which belongs to YAML and not to the text.
        text = self.texts.get(source.strip(), source)
        return text.format_map(values) if values else text

    def accepted(self, source: str) -> tuple[str, ...]:
        """List what may stand for *source*: the translation, or the Chinese."""
        said = self.said(source)
        return (source,) if said == source else (said, source)


def read_translations(language: str, folders: tuple[Path, ...]) -> Translations:
    """Read the PO files of one language; a later folder is stronger."""
    if language == SOURCE:
        return Translations(language=language)
    files = [file for folder in folders for file in sorted((folder / language).glob("*.po"))]
    files = [file for file in files if not is_leftover(file.name)]
    texts = {source: said for file in files for source, said in _entries(file.read_text("utf-8"))}
    return Translations(language=language, texts=texts)


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
