"""A publication: what the manifest and the page of data say of the site as a whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Which state was published, and what stands in it."""

    commit: str | None = None
    """`None` outside a git repository."""
    time: str | None = None
    """Of the commit, `2026-01-31T12:00:00+08:00`."""
    changed_since: bool | None = None
    """Something of the project has changed since the commit."""
    declarations: int = 0
    indicators: int = 0
    errors: int = 0
    warnings: int = 0
    advice: int = 0

    def record(self) -> dict[str, object]:
        """Give it as values of JSON."""
        return asdict(self)
