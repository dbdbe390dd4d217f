"""Typesetting: a template of `theme/paper/` and data become a tagged PDF (PDF/UA-1), by Typst.

The data are JSON and never code: whatever was typed is a string that Typst sets as it is. Latin words of
English papers are set in a font that Typst brings, Chinese ones in a font of the machine. A paper without its
Chinese would be worse than none, so that the font is asked for first. A character that no font of the machine
has is set as its number, `[U+1F44D]`: Typst would refuse the whole paper, and nothing filed may be left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst

from jixiao.i18n import THEME

FONT_PACKAGE: Final = "fonts-noto-cjk"
"""The package of Debian and Ubuntu that brings the fonts."""
_FONTS: Final = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
_NO_GLYPH: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
"""How Rust writes a character that it does not print."""
_BEGINNING: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""No clock: the same declarations give the same bytes."""


class NotTypeset(RuntimeError):  # noqa: N818 - named for what did not happen
    """Typst refused a template; the message says where and why."""


def has_fonts() -> bool:
    """Tell whether this machine has the fonts that paper is set in."""
    return _FONTS.issubset(_fonts().families())


def fonts_in_use() -> tuple[str, ...]:
    """List what papers of this machine depend on: Typst, and each font with the stamp of its file.

    A font more may have a character that was set as its number, so that papers are set again.
    """
    return (version("typst"), *sorted(map(_stamp_of, _fonts().fonts())))


def _stamp_of(font: typst.FontInfo) -> str:
    file = Path(font.path) if font.path else None
    with suppress(OSError):
        status = file.stat() if file else None
        stamp = (status.st_size, int(status.st_mtime)) if status else ()
        return repr((font.family, font.style, font.weight, font.stretch, font.index, *stamp))
    return ""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Set *data* by the template `theme/paper/<template>.typ`.

    Raises:
        NotTypeset: The template cannot be filled.
    """
    text = json.dumps(data, ensure_ascii=False)
    while True:
        try:
            pdf = _compiler().compile(
                input=THEME / "paper" / f"{template}.typ",
                format="pdf",
                sys_inputs={"data": text},
                pdf_standards="ua-1",
                timestamp=_BEGINNING,
            )
        except typst.TypstError as error:
            diagnostic = error.diagnostic or str(error)
            missing = _without_glyph(diagnostic)
            # Each round takes characters out of the text, so that there is a last one.
            if missing.isdisjoint(text):
                raise NotTypeset(diagnostic) from error
            text = text.translate({ord(character): _numbered(character) for character in missing})
            continue
        if not isinstance(pdf, bytes):
            raise NotTypeset(template)
        return pdf


def _without_glyph(diagnostic: str) -> frozenset[str]:
    """Return the characters that no font has, as far as the diagnostic tells.

    It names clusters. In a cluster a mark is missing more often than what it stands on, such as U+20E3 on a
    digit: marks are taken first, and if that was not enough the rest is named again.
    """
    found = set[str]()
    for named in _NO_GLYPH.findall(diagnostic):
        cluster = {
            character
            for character in _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), named)
            if not character.isascii()
        }
        marks = {character for character in cluster if unicodedata.category(character)[0] == "M"}
        found |= marks if len(marks) < len(cluster) and marks else cluster
    return frozenset(found)


def _numbered(character: str) -> str:
    """Write a character as its number in Unicode."""
    return f"[U+{ord(character):04X}]"


@cache
def _fonts() -> typst.Fonts:
    """Look the fonts up, once a process: it takes a tenth of a second."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=THEME / "paper", font_paths=_fonts())
