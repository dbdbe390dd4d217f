"""The publisher's glossary, read for the verification: each term with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_MEANING = ": "


def read_glossaries(pages: Path, languages: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Read the glossary of each language: term → meaning. A publisher need not have one."""
    return {
        language: dict(_entries(file.read_text("utf-8", errors="replace").split("\n")))
        for language in languages
        for file in [pages / language / "glossary.md"]
        if file.is_file()
    }


def _entries(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Give each line that a meaning follows, with the meaning, which goes on in lines that are set in."""
    for number, line in enumerate(lines[1:], start=1):
        if line.startswith(_MEANING):
            meaning = [line.removeprefix(":")]
            for following in lines[number + 1 :]:
                if not following.startswith("    "):
                    break
                meaning.append(following)
            yield lines[number - 1].strip(), on_one_line(" ".join(meaning))


def on_one_line(text: str) -> str:
    """Put a text on one line, as pages print it."""
    return " ".join(text.split())
