"""Bring the translation files of one language up to date with what is said now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from jixiao.translations.po_file import Entry, entries_of, header, new_entry, text_of

_LIKE = 0.6
"""From this share of equal characters on, an earlier translation is offered as a draft."""
_FIRST = 400
"""Characters that are compared: enough to know a goal by."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text that readers of another language should find translated."""

    file: str
    """The name of the translation file in which it is put when it is new."""
    places: tuple[str, ...]
    """The source files that say it, sorted."""


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """The files of one language as they are to be."""

    texts: Mapping[str, str]
    """By name, those that change."""
    new: int = 0
    """Texts that were added; drafts are among them."""
    drafts: int = 0
    """Texts that took over the translation of a similar one."""
    obsolete: int = 0
    """Texts that nothing says any more."""


@dataclass
class _Counts:
    in_use: frozenset[str]
    """Texts of the files as they were that were not put away."""
    drafts: int = 0
    obsolete: int = 0
    known: set[str] = field(default_factory=set)


def refresh(
    files: Mapping[str, str], said: Mapping[str, Said], language: str, *, puts_away: bool = True
) -> Refreshed:
    """Refresh references, add what is new, put away what nothing says any more.

    Args:
        files: The text of each file by name.
        said: What is said now, by Chinese text, in the order of the sources.
        language: The language of the translations.
        puts_away: Whether *said* is all that there is, so that the rest is obsolete.
    """
    before = {name: entries_of(text) for name, text in files.items()}
    in_use = {entry.source for entries in before.values() for entry in entries if not entry.is_obsolete}
    counts = _Counts(in_use=frozenset(in_use))
    after = {
        name: [
            kept for entry in entries if (kept := _kept(entry, said, counts, puts_away=puts_away)) is not None
        ]
        for name, entries in before.items()
    }
    unused = [
        entry for entries in after.values() for entry in entries if entry.is_obsolete and entry.said.strip()
    ]
    new = [text for text in said if text not in counts.known]
    for text in new:
        like = _most_like(text, unused)
        counts.drafts += like is not None
        entries = after.setdefault(said[text].file, [header(language)])
        entries.append(new_entry(text, said[text].places, like))
    written = {
        name: text_of(entries) for name, entries in after.items() if tuple(entries) != before.get(name)
    }
    return Refreshed(texts=written, new=len(new), drafts=counts.drafts, obsolete=counts.obsolete)


def _kept(entry: Entry, said: Mapping[str, Said], counts: _Counts, *, puts_away: bool) -> Entry | None:
    """Give an entry as it is to be; `None` where nobody would miss it."""
    found = said.get(entry.source)
    if found is None:
        if entry.is_obsolete or not entry.source or not puts_away:
            return entry
        counts.obsolete += 1
        return entry.put_away() if entry.is_worth_keeping else None
    if entry.is_obsolete and entry.source in counts.known | counts.in_use:
        return entry
    counts.known.add(entry.source)
    return (entry.taken_up() if entry.is_obsolete else entry).referring_to(found.places)


def _most_like(text: str, unused: list[Entry]) -> Entry | None:
    """Find the translation of a text that was much the same."""
    matcher = SequenceMatcher(None, b=text[:_FIRST], autojunk=False)
    best: tuple[float, Entry] | None = None
    for entry in unused:
        matcher.set_seq1(entry.source[:_FIRST])
        least = best[0] if best else _LIKE
        if matcher.real_quick_ratio() > least and matcher.quick_ratio() > least and matcher.ratio() > least:
            best = matcher.ratio(), entry
    return best[1] if best else None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far a language is translated."""

    file: str
    """Empty for texts that no file has yet."""
    texts: int = 0
    translated: int = 0
    drafts: int = 0
    obsolete: int = 0

    @property
    def missing(self) -> int:
        """How many have no translation at all."""
        return self.texts - self.translated - self.drafts


def coverage(files: Mapping[str, str], said: Mapping[str, Said]) -> Iterator[Coverage]:
    """Tell file by file how much is translated, and at the end what stands in no file."""
    left = set(said)
    for name, text in files.items():
        entries = entries_of(text)
        current = [entry for entry in entries if entry.source in left and not entry.is_obsolete]
        left -= {entry.source for entry in current}
        yield Coverage(
            file=name,
            texts=len(current),
            translated=sum(entry.is_translated for entry in current),
            drafts=sum(entry.is_draft and bool(entry.said.strip()) for entry in current),
            obsolete=sum(entry.is_obsolete for entry in entries),
        )
    if left:
        yield Coverage(file="", texts=len(left))
