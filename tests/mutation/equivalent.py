"""The mutants that no test can kill, each with the reason: `equivalent.toml`."""

import tomllib
from pathlib import Path

Key = tuple[str, str, str, str]
"""File, outermost function, the lines as they are, the lines as changed."""

FILE = Path(__file__).parent / "equivalent.toml"


def read_equivalent() -> dict[Key, str]:
    """Give the reason for each."""
    entries = tomllib.loads(FILE.read_text("utf-8"))["equivalent"]
    return {
        (entry["file"], entry.get("where", ""), was, now): entry["reason"]
        for entry in entries
        for was, now in entry["changes"]
    }
