"""A translation file as its lines: what is not changed stays as it was typed, comments and wrapping included.

Only files that `load/po.py` has read without a problem come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.load.po import unescaped

OBSOLETE = "#~"
_REFERENCE = "#:"
_FLAGS = "#,"
_PREVIOUS = "#|"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One text with its translation, and the lines it stands on."""

    source: str
    """The Chinese text; empty for the header."""
    said: str
    """The translation; empty where there is none."""
    lines: tuple[str, ...]
    """As typed, without the blank lines around them."""

    @property
    def is_obsolete(self) -> bool:
        """Whether nothing says the text any more; the translation is kept."""
        return any(line.startswith(OBSOLETE) for line in self.lines)

    @property
    def is_draft(self) -> bool:
        """Whether a person still has to look at the translation."""
        return any(line.startswith(_FLAGS) and "fuzzy" in line for line in self.lines)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether somebody has put work into it."""
        return bool(self.said.strip()) or any(line == "#" or line.startswith("# ") for line in self.lines)

    @property
    def is_translated(self) -> bool:
        """Whether pages print the translation."""
        return bool(self.said.strip()) and not self.is_draft and not self.is_obsolete

    def referring_to(self, files: Sequence[str]) -> Entry:
        """Give the entry with *files* as the places where its text stands."""
        references = [f"{_REFERENCE} {file}" for file in files]
        kept = [line for line in self.lines if not line.startswith(_REFERENCE)]
        if sorted(references) == sorted(set(self.lines) - set(kept)):
            return self
        # Behind the comments of people, before flags and the text.
        start = next(
            number
            for number, line in enumerate(kept)
            if line.startswith((_FLAGS, _PREVIOUS, "msgid", OBSOLETE))
        )
        return replace(self, lines=(*kept[:start], *references, *kept[start:]))

    def put_away(self) -> Entry:
        """Give the entry as obsolete."""
        kept = (line for line in self.lines if not line.startswith(_REFERENCE))
        return replace(
            self,
            lines=tuple(line if line.startswith("#") or not line else f"{OBSOLETE} {line}" for line in kept),
        )

    def taken_up(self) -> Entry:
        """Give the obsolete entry as one that is in use again."""
        lines = (f"#{line[2:]}" if line.startswith("#~|") else _content(line) for line in self.lines)
        return replace(self, lines=tuple(filter(None, lines)))


def entries_of(text: str) -> tuple[Entry, ...]:
    """Part the text of a file into its entries; comments behind the last one are kept as one without text."""
    return tuple(map(_entry, _blocks(text.split("\n"))))


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Part lines where a translation has ended and something else begins."""
    block: list[str] = []
    is_over = False
    for typed in lines:
        line = typed.strip()
        content = _content(line)
        if is_over and not content.startswith('"'):
            yield block
            block, is_over = [], False
        if line or block:
            block.append(line)
        is_over = is_over or content.startswith("msgstr")
    if any(block):
        yield block


def _content(line: str) -> str:
    return line.removeprefix(OBSOLETE).lstrip() if line.startswith(OBSOLETE) else line


def _entry(lines: list[str]) -> Entry:
    parts = {"msgid": "", "msgstr": ""}
    current = ""
    for line in map(_content, lines):
        word, _, quoted = line.partition('"')
        current = word.strip() if word.startswith("msg") else current
        if current in parts and not line.startswith("#"):
            parts[current] += unescaped(quoted[:-1])
    while lines and not lines[-1]:
        lines.pop()
    return Entry(source=parts["msgid"], said=parts["msgstr"], lines=tuple(lines))


def new_entry(source: str, files: Sequence[str], like: Entry | None = None) -> Entry:
    """Make an entry for a text that nobody has translated; a similar one gives its translation as a draft.

    Args:
        source: The Chinese text.
        files: Where it stands.
        like: What was translated before and is nearest to it.
    """
    comments = [line for line in like.lines if line.startswith(("# ", "#."))] if like else []
    draft = (
        [f"{_FLAGS} fuzzy", *(f"{_PREVIOUS} {line}" for line in _written("msgid", like.source))]
        if like
        else []
    )
    said = like.said if like else ""
    lines = (
        *comments,
        *(f"{_REFERENCE} {file}" for file in files),
        *draft,
        *_written("msgid", source),
        *_written("msgstr", said),
    )
    return Entry(source=source, said=said, lines=lines)


def _written(word: str, text: str) -> list[str]:
    pieces = text.splitlines(keepends=True) if "\n" in text else [text]
    quoted = [f'"{_escaped(piece)}"' for piece in pieces]
    return [f"{word} {quoted[0]}"] if len(quoted) == 1 else [f'{word} ""', *quoted]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def text_of(entries: Iterable[Entry]) -> str:
    """Write a file: entries in their order, obsolete ones last."""
    in_order = sorted(entries, key=lambda entry: entry.is_obsolete)
    return "".join(f"{chr(10).join(entry.lines)}\n\n" for entry in in_order).removesuffix("\n")


def header(language: str) -> Entry:
    """Begin a file of translations into *language*."""
    facts = (
        "Project-Id-Version: Jixiao",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    )
    lines = ('msgid ""', 'msgstr ""', *(f'"{fact}\\n"' for fact in facts))
    return Entry(source="", said="".join(f"{fact}\n" for fact in facts), lines=lines)
