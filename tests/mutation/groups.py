"""What is mutated, in groups with a reach each."""

from pathlib import Path

REACH = 0.90
"""The share of killable mutants that must be killed, in each group and over all."""
WHOLE = 1.0
"""The reach of the readers of money and of escaping: no survivor there but the equivalent ones."""

_FILES = {
    "money": ("generator/model/values.py", "generator/model/target.py"),
    "reading": (
        "generator/load/scalars.py",
        "generator/load/files.py",
        "generator/load/tokens.py",
        "generator/load/tree.py",
        "generator/load/cut_off.py",
        "generator/load/po.py",
    ),
    "rules": (
        "generator/check/rules/*.py",
        "generator/personal_data.py",
        "generator/check/suspicion.py",
        "generator/check/shared_files.py",
        "generator/check/addresses.py",
        "generator/check/meaning.py",
    ),
    "escaping": (
        "generator/text.py",
        "generator/pages/press.py",
        "generator/pages/templates.py",
        "generator/pages/voice.py",
        "generator/site/markdown.py",
        "generator/downloads/delimited.py",
    ),
    "publishing": ("generator/site/publish.py", "generator/site/mirror.py", "generator/site/security.py"),
}
REACHES = {name: WHOLE if name in {"money", "escaping"} else REACH for name in _FILES}


def files_of(root: Path) -> dict[str, tuple[str, ...]]:
    """Give the files of each group, relative to the project."""
    return {
        group: tuple(
            path.relative_to(root).as_posix() for pattern in patterns for path in sorted(root.glob(pattern))
        )
        for group, patterns in _FILES.items()
    }
