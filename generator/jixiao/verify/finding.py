"""A finding: one thing of a built site that is not as it must be, with the file in which it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.i18n import Message, message

_SHOWN = 60
"""Characters of a long text that are shown from just before the first difference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong."""

    file: str
    """Relative to the site, with `/` on every system."""
    saying: Message
    """What is wrong, Chinese first."""


def difference(file: str, what: Message, accepted: Iterable[str], found: str) -> tuple[Finding, ...]:
    """Give a finding unless *found* is one of the *accepted* texts, of which the first is named."""
    texts = tuple(accepted)
    if found in texts:
        return ()
    start = max(0, _first_difference(texts[0], found) - _SHOWN // 3)
    saying = message(
        "{what}：应为“{expected}”，页面上是“{found}”",
        what=what,
        expected=_clipped(texts[0], start),
        found=_clipped(found, start),
    )
    return (Finding(file=file, saying=saying),)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by file; within a file the order of the page is kept."""
    return tuple(sorted(findings, key=lambda finding: finding.file))


def _first_difference(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), 0)


def _clipped(text: str, start: int) -> str:
    if len(text) <= _SHOWN:
        return text
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
