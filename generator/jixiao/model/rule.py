"""Rule about the meaning of a declaration: its severity, explanation and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jixiao.i18n import Message
from jixiao.problems import Severity


class ReviewCriterion(StrEnum):
    """Criteria of a review of declarations, in the words of the field."""

    COMPLETENESS = "完整性"
    RELEVANCE = "相关性"
    ADEQUACY = "适当性"
    FEASIBILITY = "可行性"


@dataclass(frozen=True, kw_only=True)
class RuleExplanation:
    """Explanation of a rule, in Chinese like all source messages."""

    requirement: Message
    """Condition that a passing declaration fulfils."""
    why: Message
    """Benefit for readers or editors."""
    source: Message | None = None
    """The document, or the block of the form, that requires it."""
    criterion: ReviewCriterion | None = None
    """Criterion of the review that the rule serves; `None` if it is about the file."""
    field: str = ""
    """Field of the finding in the failing example, as in a waiver; empty for errors."""
    is_safeguard: bool = False
    """Whether the rule protects persons, so that a site may make it stricter but not weaker."""


@dataclass(frozen=True, kw_only=True)
class RuleExample:
    """Fields of a declaration that pass or fail the rule; a test runs them."""

    passes: bool
    yaml: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule with its setting on a site."""

    id: str
    default_severity: Severity
    severity: Severity | None
    """Severity as the site sets it; `None` is off."""
    explanation: RuleExplanation
    examples: tuple[RuleExample, ...]

    settings: tuple[str, ...]
    """Settings that a site may choose; none for an error."""

    @property
    def is_waivable(self) -> bool:
        """Whether findings can be waived with a reason in the file, whatever the setting."""
        return self.default_severity is not Severity.ERROR


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """All rules and schema checks of a site."""

    rules: tuple[Rule, ...]
    """Rules about the meaning of declarations, in the order of the form."""
    schema_checks: Mapping[str, Message]
    """Schema checks of files, YAML, values and registers: name → explanation."""
