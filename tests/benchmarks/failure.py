"""What ends a benchmark: a tool that fails, or sites that cannot be compared."""


class BenchmarkFailure(Exception):  # noqa: N818 - the tool failed, not this program
    """Says in one sentence what is wrong, and under it what the failing part said."""

    def __init__(self, *, saying: str, details: str = "") -> None:
        """Say *saying* and, on lines of their own, *details*."""
        super().__init__(saying, details)
        self.saying = saying
        self.details = details

    def __str__(self) -> str:
        """Write both, one under the other."""
        return f"{self.saying}\n{self.details}".strip()
