"""The characters that a Word file holds as elements: tabs, breaks, hyphens that break no line."""

from __future__ import annotations

from typing import Final

SIGNS_OF_WORD: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""By the names of their elements, without namespace."""
