"""Ids as they are proposed: words of the closed lists and numbers, until somebody chooses better words."""

from __future__ import annotations

import re

from jixiao.i18n import closed_list_words

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def word_for_id(level2: str) -> str:
    """Give the English of a class as a part of an address."""
    english = closed_list_words("en").find(level2) or ""
    return _NOT_IN_ID.sub("-", english.lower()).strip("-")[:60].strip("-") or "indicator"
