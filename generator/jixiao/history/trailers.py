"""What a commit says of itself: whether it corrects, adjusts or supplements, and why.

Two lines below the subject of its message, in Chinese or in English, in any order:

    变更类型：调整
    变更理由：沪财绩〔2021〕12号批复调整目标

    Change-Kind: adjustment
    Change-Reason: approved by the finance bureau, letter 12 of 2021
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jixiao.history.git import Commit

_LINE = re.compile(r"([A-Za-z-]++|变更类型|变更理由)\s*+[:：]\s*+(.+)")
_KINDS_LINE = frozenset({"change-kind", "变更类型"})
_REASON_LINE = frozenset({"change-reason", "变更理由"})


class Kind(StrEnum):
    """Why something that was published changes."""

    CORRECTION = "correction"
    """更正: our transcription was wrong."""
    ADJUSTMENT = "adjustment"
    """调整: an approved change of the target."""
    SUPPLEMENT = "supplement"
    """补充: added later."""


_WORDS = {
    "更正": Kind.CORRECTION,
    "correction": Kind.CORRECTION,
    "调整": Kind.ADJUSTMENT,
    "adjustment": Kind.ADJUSTMENT,
    "补充": Kind.SUPPLEMENT,
    "supplement": Kind.SUPPLEMENT,
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What commits say about the change of a file."""

    kinds: tuple[Kind, ...] = ()
    """Each once; none where no commit says."""
    unknown: tuple[str, ...] = ()
    """Kinds that nobody agreed on, as typed."""
    reasons: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    """Ids, latest first."""


def statement_on(files: Iterable[str], commits: Iterable[Commit]) -> Statement:
    """Gather what those *commits* say that touch one of *files*."""
    wanted = frozenset(files)
    touching = tuple(commit for commit in commits if wanted & commit.files)
    kinds: dict[Kind, None] = {}
    unknown: dict[str, None] = {}
    reasons: dict[str, None] = {}
    for commit in touching:
        for name, value in _trailers(commit.body):
            kind = _WORDS.get(value.lower())
            if name in _REASON_LINE:
                reasons[value] = None
            elif kind is None:
                unknown[value] = None
            else:
                kinds[kind] = None
    return Statement(
        kinds=tuple(kinds),
        unknown=tuple(unknown),
        reasons=tuple(reasons),
        commits=tuple(commit.id for commit in touching),
    )


def _trailers(body: str) -> tuple[tuple[str, str], ...]:
    """Give kinds and reasons that stand on lines of their own below the subject of a message."""
    found = (_LINE.fullmatch(line.strip()) for line in body.strip().split("\n")[1:])
    pairs = ((match[1].lower(), match[2]) for match in found if match)
    return tuple((name, value) for name, value in pairs if name in _KINDS_LINE | _REASON_LINE)
