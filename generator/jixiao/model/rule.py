"""A rule about what a declaration says: what editors and readers are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jixiao.i18n import Message
from jixiao.problems import Severity


class Criterion(StrEnum):
    """What a review of a declaration asks; the words are those of the field."""

    COMPLETENESS = "完整性"
    RELEVANCE = "相关性"
    ADEQUACY = "适当性"
    FEASIBILITY = "可行性"


@dataclass(frozen=True, kw_only=True)
class About:
    """What a rule says of itself, Chinese first like every sentence of the program."""

    says: Message
    """What holds in a declaration that passes."""
    why: Message
    """Why a reader or an editor wants that."""
    source: Message | None = None
    """The document, or the block of the form, that asks for it."""
    criterion: Criterion | None = None
    """The criterion of the review that it serves; none where it is about the file."""
    field: str = ""
    """Where it finds something in its example that fails, as a waiver names it; errors have none."""
    is_safeguard: bool = False
    """Whether it protects persons, so that a site may make it stricter and not looser."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """Fields of a declaration that pass or fail; the tests hold that they do."""

    passes: bool
    yaml: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule as it is set on a site."""

    id: str
    default: Severity
    severity: Severity | None
    """As the site sets it; `None` is off."""
    about: About
    examples: tuple[Example, ...]

    settings: tuple[str, ...]
    """What a site may set it to: nothing for what is an error anyway."""

    @property
    def can_be_waived(self) -> bool:
        """Whether a finding may stand with a reason in the file, however the site has set the rule."""
        return self.default is not Severity.ERROR


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of a site."""

    of_meaning: tuple[Rule, ...]
    """What a declaration says; in the order of the form."""
    of_shape: Mapping[str, Message]
    """Files, YAML, single values and registers: the name of each check, and what it is about."""
