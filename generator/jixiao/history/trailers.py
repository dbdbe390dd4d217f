"""Kind and reason of a change, read from the trailers of a commit message.

Two lines below the subject, in Chinese or in English, in any order:

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

_TRAILER = re.compile(r"([A-Za-z-]++|变更类型|变更理由)\s*+[:：]\s*+(.+)")
_KIND_NAMES = frozenset({"change-kind", "变更类型"})
_REASON_NAMES = frozenset({"change-reason", "变更理由"})


class ChangeKind(StrEnum):
    """Reason category for changing published content."""

    CORRECTION = "correction"
    """更正: the transcription was wrong."""
    ADJUSTMENT = "adjustment"
    """调整: an approved change of the target."""
    SUPPLEMENT = "supplement"
    """补充: content added later."""


CHANGE_KIND_TITLES = {
    ChangeKind.CORRECTION: "更正",
    ChangeKind.ADJUSTMENT: "调整",
    ChangeKind.SUPPLEMENT: "补充",
}
_KINDS_BY_NAME = {name: kind for kind, title in CHANGE_KIND_TITLES.items() for name in (title, str(kind))}


@dataclass(frozen=True, kw_only=True)
class ChangeStatement:
    """Kind and reason of a change, as stated by commits."""

    kinds: tuple[ChangeKind, ...] = ()
    """Each kind once; empty if no commit states one."""
    unknown_kinds: tuple[str, ...] = ()
    """Unrecognised kinds, as typed."""
    reasons: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    """Commit ids, latest first."""


def read_statement(files: Iterable[str], commits: Iterable[Commit]) -> ChangeStatement:
    """Combine the trailers of those *commits* that change one of *files*."""
    wanted = frozenset(files)
    touching = tuple(commit for commit in commits if wanted & commit.files)
    kinds: dict[ChangeKind, None] = {}
    unknown: dict[str, None] = {}
    reasons: dict[str, None] = {}
    for commit in touching:
        _, *lines = commit.body.strip().split("\n")
        for match in filter(None, (_TRAILER.fullmatch(line.strip()) for line in lines)):
            name, value = match[1].lower(), match[2]
            kind = _KINDS_BY_NAME.get(value.lower())
            if name in _REASON_NAMES:
                reasons[value] = None
            elif name in _KIND_NAMES and kind is None:
                unknown[value] = None
            elif name in _KIND_NAMES and kind:
                kinds[kind] = None
    return ChangeStatement(
        kinds=tuple(kinds),
        unknown_kinds=tuple(unknown),
        reasons=tuple(reasons),
        commits=tuple(commit.id for commit in touching),
    )
