"""Update of the PO files of one language to the texts in use now, and its translation coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from jixiao.translations.po_file import PoEntry, create_entry, create_header, format_entries, parse_entries

_LEAST_SIMILARITY = 0.6
"""Share of equal characters from which an earlier translation is offered as a draft."""
_COMPARED_LENGTH = 400
"""Characters that are compared, enough to recognise a goal."""


@dataclass(frozen=True, kw_only=True)
class TranslatableText:
    """Text to be translated, with its places."""

    file: str
    """Name of the PO file for the text if it is new."""
    places: tuple[str, ...]
    """Source files that contain it, sorted."""


@dataclass(frozen=True, kw_only=True)
class PoUpdate:
    """Updated PO files of one language, with counts."""

    texts: Mapping[str, str]
    """Contents of the changed files, by name."""
    new: int = 0
    """Number of added texts, drafts included."""
    drafts: int = 0
    """Number of texts that took over a similar translation."""
    obsolete: int = 0
    """Number of texts that fell out of use."""


@dataclass
class _UpdateCounts:
    in_use: frozenset[str]
    """Texts of the existing entries that are not obsolete."""
    drafts: int = 0
    obsolete: int = 0
    known: set[str] = field(default_factory=set)


def update_po_files(
    files: Mapping[str, str],
    texts: Mapping[str, TranslatableText],
    language: str,
    *,
    is_complete: bool = True,
) -> PoUpdate:
    """Update references, add new texts, and mark unused ones as obsolete.

    Args:
        files: The content of each PO file, by name.
        texts: The texts in use, by Chinese text, in the order of the sources.
        language: The language of the translations.
        is_complete: Whether *texts* holds all texts in use, so that all others are obsolete. If not, a file
            without new texts stays as it is, references included.
    """
    before = {name: parse_entries(text) for name, text in files.items()}
    in_use = {entry.source for entries in before.values() for entry in entries if not entry.is_obsolete}
    counts = _UpdateCounts(in_use=frozenset(in_use))
    after = {
        name: [
            kept
            for entry in entries
            if (kept := _update_entry(entry, texts, counts, is_complete=is_complete)) is not None
        ]
        for name, entries in before.items()
    }
    unused = [
        entry
        for entries in after.values()
        for entry in entries
        if entry.is_obsolete and entry.translation.strip()
    ]
    new = [text for text in texts if text not in counts.known]
    for text in new:
        similar = _find_most_similar(text, unused)
        counts.drafts += similar is not None
        entries = after.setdefault(texts[text].file, [create_header(language)])
        entries.append(create_entry(text, texts[text].places, similar))
    changed = {
        name: format_entries(entries) for name, entries in after.items() if tuple(entries) != before.get(name)
    }
    return PoUpdate(texts=changed, new=len(new), drafts=counts.drafts, obsolete=counts.obsolete)


def _update_entry(
    entry: PoEntry, texts: Mapping[str, TranslatableText], counts: _UpdateCounts, *, is_complete: bool
) -> PoEntry | None:
    """Return the updated entry, or `None` if it holds nothing worth keeping."""
    text = texts.get(entry.source)
    if text is None:
        if entry.is_obsolete or not entry.source or not is_complete:
            return entry
        counts.obsolete += 1
        return entry.mark_obsolete() if entry.is_worth_keeping else None
    if entry.is_obsolete and entry.source in counts.known | counts.in_use:
        return entry
    counts.known.add(entry.source)
    if not is_complete and not entry.is_obsolete:
        return entry
    return (entry.restore() if entry.is_obsolete else entry).replace_references(text.places)


def _find_most_similar(text: str, unused: list[PoEntry]) -> PoEntry | None:
    """Find the unused translation of the most similar text, if one is similar enough."""
    matcher = SequenceMatcher(None, b=text[:_COMPARED_LENGTH], autojunk=False)
    best: tuple[float, PoEntry] | None = None
    for entry in unused:
        matcher.set_seq1(entry.source[:_COMPARED_LENGTH])
        limit = best[0] if best else _LEAST_SIMILARITY
        if matcher.real_quick_ratio() > limit and matcher.quick_ratio() > limit and matcher.ratio() > limit:
            best = matcher.ratio(), entry
    return best[1] if best else None


@dataclass(frozen=True, kw_only=True)
class TranslationCoverage:
    """Translation coverage of a PO file."""

    file: str
    """Empty for texts that are not yet in a file."""
    texts: int = 0
    translated: int = 0
    drafts: int = 0
    obsolete: int = 0

    @property
    def missing(self) -> int:
        """Number of texts without any translation."""
        return self.texts - self.translated - self.drafts


def measure_file_coverage(
    files: Mapping[str, str], texts: Mapping[str, TranslatableText]
) -> Iterator[TranslationCoverage]:
    """Yield the coverage of each file, then that of texts in no file."""
    unassigned = set(texts)
    for name, text in files.items():
        entries = parse_entries(text)
        current = [entry for entry in entries if entry.source in unassigned and not entry.is_obsolete]
        unassigned -= {entry.source for entry in current}
        yield TranslationCoverage(
            file=name,
            texts=len(current),
            translated=sum(entry.is_translated for entry in current),
            drafts=sum(entry.is_draft and bool(entry.translation.strip()) for entry in current),
            obsolete=sum(entry.is_obsolete for entry in entries),
        )
    if unassigned:
        yield TranslationCoverage(file="", texts=len(unassigned))
