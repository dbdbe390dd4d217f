"""A finding: one thing of a built site that is not as it must be, with the file in which it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.i18n import Message, message

_SHOWN = 60
"""Characters of a long text that are shown from just before the first difference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerificationFinding:
    """One thing that is wrong."""

    file: str
    """Relative to the site, with `/` on every system."""
    message: Message
    """Description of the difference."""


def describe_difference(file: str, what: Message, expected: str, found: str) -> VerificationFinding:
    """Describe that *found* stands where *expected* must stand."""
    pairs = zip(expected, found, strict=False)
    first = next((place for place, (left, right) in enumerate(pairs) if left != right), 0)
    start = max(0, first - _SHOWN // 3)
    saying = message(
        "{what}：应为“{expected}”，页面上是“{found}”",
        what=what,
        expected=_clip(expected, start),
        found=_clip(found, start),
    )
    return VerificationFinding(file=file, message=saying)


def sort_findings(findings: Iterable[VerificationFinding]) -> tuple[VerificationFinding, ...]:
    """Sort by file; within a file the order of the page is kept."""
    return tuple(sorted(findings, key=lambda finding: finding.file))


def _clip(text: str, start: int) -> str:
    if len(text) <= _SHOWN:
        return text
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
