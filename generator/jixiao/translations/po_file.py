"""PO entries that keep their lines as typed, comments and wrapping included, wherever nothing changes.

Only files that `load/po.py` has read without a problem are parsed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.load.po import unescape

OBSOLETE = "#~"
_REFERENCE = "#:"
_FLAGS = "#,"
_PREVIOUS = "#|"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"})


@dataclass(frozen=True, kw_only=True)
class PoEntry:
    """One text with its translation and the lines it occupies."""

    source: str
    """The Chinese text; empty for the header."""
    translation: str
    """Translation; empty if there is none."""
    lines: tuple[str, ...]
    """As typed, without surrounding blank lines."""

    @property
    def is_obsolete(self) -> bool:
        """Whether the text is out of use and its translation only kept."""
        return any(line.startswith(OBSOLETE) for line in self.lines)

    @property
    def is_draft(self) -> bool:
        """Whether the translation awaits review."""
        return any(line.startswith(_FLAGS) and "fuzzy" in line for line in self.lines)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it holds a translation or a translator's comment."""
        return bool(self.translation.strip()) or any(
            line == "#" or line.startswith("# ") for line in self.lines
        )

    @property
    def is_translated(self) -> bool:
        """Whether pages use the translation."""
        return bool(self.translation.strip()) and not self.is_draft and not self.is_obsolete

    def replace_references(self, files: Sequence[str]) -> PoEntry:
        """Return the entry with *files* as its references."""
        references = [f"{_REFERENCE} {file}" for file in files]
        kept = [line for line in self.lines if not line.startswith(_REFERENCE)]
        if sorted(references) == sorted(set(self.lines) - set(kept)):
            return self
        # After the comments of translators, before flags and the text.
        start = next(
            number
            for number, line in enumerate(kept)
            if line.startswith((_FLAGS, _PREVIOUS, "msgid", OBSOLETE))
        )
        return replace(self, lines=(*kept[:start], *references, *kept[start:]))

    def mark_obsolete(self) -> PoEntry:
        """Return the entry marked as obsolete."""
        kept = (line for line in self.lines if not line.startswith(_REFERENCE))
        return replace(
            self,
            lines=tuple(line if line.startswith("#") or not line else f"{OBSOLETE} {line}" for line in kept),
        )

    def restore(self) -> PoEntry:
        """Return the obsolete entry as one in use."""
        lines = (
            f"#{line[2:]}" if line.startswith("#~|") else _strip_obsolete_prefix(line) for line in self.lines
        )
        return replace(self, lines=tuple(filter(None, lines)))


def parse_entries(text: str) -> tuple[PoEntry, ...]:
    """Parse a PO file into entries; trailing comments become an entry without text."""
    return tuple(map(_parse_entry, _split_blocks(text.split("\n"))))


def _split_blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Split lines into blocks, each ending with a translation."""
    block: list[str] = []
    is_over = False
    for line in map(str.strip, lines):
        content = _strip_obsolete_prefix(line)
        if is_over and not content.startswith('"'):
            yield block
            block, is_over = [], False
        if line or block:
            block.append(line)
        is_over = is_over or content.startswith("msgstr")
    if any(block):
        yield block


def _strip_obsolete_prefix(line: str) -> str:
    return line.removeprefix(OBSOLETE).lstrip() if line.startswith(OBSOLETE) else line


def _parse_entry(lines: list[str]) -> PoEntry:
    parts = {"msgid": "", "msgstr": ""}
    current = ""
    for line in map(_strip_obsolete_prefix, lines):
        word, _, quoted = line.partition('"')
        current = word.strip() if word.startswith("msg") else current
        if current in parts and not line.startswith("#"):
            parts[current] += unescape(quoted[:-1])
    while lines and not lines[-1]:
        lines.pop()
    return PoEntry(source=parts["msgid"], translation=parts["msgstr"], lines=tuple(lines))


def create_entry(source: str, files: Sequence[str], similar: PoEntry | None = None) -> PoEntry:
    """Create an entry for an untranslated text, with the translation of a similar one as a draft.

    Args:
        source: The Chinese text.
        files: The files that contain it.
        similar: The most similar entry that is translated and no longer in use.
    """
    comments = [line for line in similar.lines if line.startswith(("# ", "#."))] if similar else []
    draft = (
        [f"{_FLAGS} fuzzy", *(f"{_PREVIOUS} {line}" for line in _format_keyword("msgid", similar.source))]
        if similar
        else []
    )
    translation = similar.translation if similar else ""
    lines = (
        *comments,
        *(f"{_REFERENCE} {file}" for file in files),
        *draft,
        *_format_keyword("msgid", source),
        *_format_keyword("msgstr", translation),
    )
    return PoEntry(source=source, translation=translation, lines=lines)


def _format_keyword(keyword: str, text: str) -> list[str]:
    pieces = text.splitlines(keepends=True) if "\n" in text else [text]
    quoted = [f'"{piece.translate(_ESCAPES)}"' for piece in pieces]
    return [f"{keyword} {quoted[0]}"] if len(quoted) == 1 else [f'{keyword} ""', *quoted]


def format_entries(entries: Iterable[PoEntry]) -> str:
    """Format a PO file, entries in order, obsolete ones last."""
    ordered = sorted(entries, key=lambda entry: entry.is_obsolete)
    return "".join("\n".join((*entry.lines, "", "")) for entry in ordered).removesuffix("\n")


def create_header(language: str) -> PoEntry:
    """Create the header entry of a PO file for *language*."""
    fields = (
        "Project-Id-Version: Jixiao",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    )
    lines = ('msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields))
    return PoEntry(source="", translation="".join(f"{field}\n" for field in fields), lines=lines)
