"""What a rule finds: a field and what is wrong with it. Where it stands is looked up afterwards."""

from dataclasses import dataclass

from generator.load.tree import Path, place_of
from generator.model.catalogue import Filed
from generator.problems import Problem, Severity
from generator.words import Message


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation of one rule in one declaration."""

    path: Path
    """The way to the field, e.g. `("funding", "project", "total")`."""
    message: Message
    hint: Message
    of_key: bool = False
    """Point at the name of the field instead of its value."""

    def at(self, rule: str, filed: Filed, severity: Severity) -> Problem:
        """Make it a problem of *rule* with its place in the file."""
        return Problem(
            rule=rule,
            place=place_of(filed.tree, self.path, of_key=self.of_key),
            message=self.message,
            hint=self.hint,
            severity=severity,
        )
