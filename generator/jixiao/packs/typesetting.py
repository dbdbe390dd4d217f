"""Typesetting: a template of `theme/paper/` and data become a tagged PDF (PDF/UA-1), with Typst.

The data are JSON and never code: Typst sets every typed text as a plain string. Latin text is set in a font
of Typst, Chinese text in a font of the machine; a PDF without its Chinese would be worse than none, so
callers check for the font first. A character that no font has is set as its number, `[U+1F44D]`: Typst
would refuse the whole document, and no filed text may be left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst

from jixiao.analysis.reviewer_questions import InterfaceTerm, ReviewerQuestion
from jixiao.i18n import SOURCE_LANGUAGE, THEME, html_language
from jixiao.pages.localizer import Localizer
from jixiao.text import Text

FONT_PACKAGE: Final = "fonts-noto-cjk"
"""Debian and Ubuntu package with the required fonts."""
_REQUIRED_FONTS: Final = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
_MISSING_GLYPH: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED_CHARACTER: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
"""Escape sequence of an unprintable character in Rust."""
_FIXED_TIME: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""Fixed time of creation, so that the same declarations give the same bytes."""


class TypesettingError(RuntimeError):
    """Typst refused a template; the message has the place and reason."""


def has_fonts() -> bool:
    """Return whether this machine has the required fonts."""
    return _REQUIRED_FONTS.issubset(_find_fonts().families())


def describe_fonts() -> tuple[str, ...]:
    """List the version of Typst, and each font with the size and time of its file.

    PDFs are typeset again when this changes: an added font may have a character that was set as its number.
    """
    fonts: list[str] = []
    for font in _find_fonts().fonts():
        try:
            status = Path(font.path).stat() if font.path else None
        except OSError:
            fonts.append("")
            continue
        stamp = (status.st_size, int(status.st_mtime)) if status else ()
        fonts.append(repr((font.family, font.style, font.weight, font.stretch, font.index, *stamp)))
    return (version("typst"), *sorted(fonts))


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Typeset *data* with the template `theme/paper/<template>.typ`.

    Raises:
        TypesettingError: The template cannot be filled.
    """
    text = json.dumps(data, ensure_ascii=False)
    while True:
        try:
            pdf = _build_compiler().compile(
                input=THEME / "paper" / f"{template}.typ",
                format="pdf",
                sys_inputs={"data": text},
                pdf_standards="ua-1",
                timestamp=_FIXED_TIME,
            )
        except typst.TypstError as error:
            diagnostic = error.diagnostic or str(error)
            missing = _find_missing_characters(diagnostic)
            # Each round takes characters out of the text, so that there is a last one.
            if missing.isdisjoint(text):
                raise TypesettingError(diagnostic) from error
            text = text.translate({ord(character): f"[U+{ord(character):04X}]" for character in missing})
            continue
        if not isinstance(pdf, bytes):
            raise TypesettingError(template)
        return pdf


def _find_missing_characters(diagnostic: str) -> frozenset[str]:
    """Return the characters that the diagnostic reports as missing in all fonts.

    The diagnostic names clusters. In a cluster a combining mark is missing more often than its base, such as
    U+20E3 on a digit, so marks are taken first; if the cluster still fails, Typst reports its rest again.
    """
    found = set[str]()
    for escaped in _MISSING_GLYPH.findall(diagnostic):
        characters = _ESCAPED_CHARACTER.sub(lambda escape: chr(int(escape[1], 16)), escaped)
        cluster = {character for character in characters if not character.isascii()}
        marks = {character for character in cluster if unicodedata.category(character)[0] == "M"}
        found |= marks if len(marks) < len(cluster) and marks else cluster
    return frozenset(found)


@cache
def _find_fonts() -> typst.Fonts:
    """Find the fonts once a process, because it takes a tenth of a second."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _build_compiler() -> typst.Compiler:
    return typst.Compiler(root=THEME / "paper", font_paths=_find_fonts())


TypstText = str | dict[str, str]
"""Text in the language of the document, or text with its language if that differs."""


def print_source_text(localizer: Localizer, text: Text) -> TypstText:
    """Convert a source text to Typst text, translated if possible."""
    translated = localizer.translate_source_text(text).plain()
    if localizer.is_translated(text):
        return translated
    return {"text": translated, "lang": html_language(SOURCE_LANGUAGE).partition("-")[0]}


def print_paragraphs(localizer: Localizer, text: Text | None) -> list[TypstText]:
    """Convert a source text to paragraphs; a blank becomes 未填报."""
    if text is None:
        return [localizer.translate_plain("未填报")]
    if localizer.is_translated(text):
        return [paragraph.plain() for paragraph in localizer.translate_source_text(text).paragraphs()]
    return [print_source_text(localizer, paragraph) for paragraph in text.paragraphs()]


def write_question(localizer: Localizer, question: ReviewerQuestion) -> str:
    """Write out a reviewer question, with its source texts translated where possible."""
    values = {
        name: localizer.translate_plain(value.chinese)
        if isinstance(value, InterfaceTerm)
        else localizer.translate_source_text(value)
        for name, value in question.values.items()
    }
    return localizer.translate_plain(question.sentence, **values)
