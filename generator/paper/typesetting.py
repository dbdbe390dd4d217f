"""Typesetting: a template of `theme/paper/` and data become a tagged PDF (PDF/UA-1), by Typst.

The data are JSON and never code: whatever was typed is a string that Typst sets as it is. Latin words of
English papers are set in a font that Typst brings, Chinese ones in a font of the machine. A paper without its
Chinese would be worse than none, so that the font is asked for first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import typst

from generator.words import THEME

FONT_PACKAGE: Final = "fonts-noto-cjk"
"""The package of Debian and Ubuntu that brings the fonts."""
_FONTS: Final = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
_BEGINNING: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""No clock: the same declarations give the same bytes."""


class NotTypeset(RuntimeError):  # noqa: N818 - named for what did not happen
    """Typst refused a template; the message says where and why."""


def has_fonts() -> bool:
    """Tell whether this machine has the fonts that paper is set in."""
    return _FONTS.issubset(_fonts().families())


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Set *data* by the template `theme/paper/<template>.typ`.

    Raises:
        NotTypeset: The template cannot be filled.
    """
    try:
        pdf = _compiler().compile(
            input=THEME / "paper" / f"{template}.typ",
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=_BEGINNING,
        )
    except typst.TypstError as error:
        raise NotTypeset(error.diagnostic or str(error)) from error
    if not isinstance(pdf, bytes):
        raise NotTypeset(template)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Look the fonts up, once a process: it takes a tenth of a second."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=THEME / "paper", font_paths=_fonts())
