"""What is mutated, in groups with a reach each."""

from pathlib import Path

REACH = 0.90
"""The share of killable mutants that must be killed, in each group and over all."""
WHOLE = 1.0
"""The reach of the readers of money and of escaping: no survivor there but the equivalent ones."""

_FILES = {
    "money": ("generator/jixiao/model/values.py", "generator/jixiao/model/target.py"),
    "reading": (
        "generator/jixiao/load/tree_to_model.py",
        "generator/jixiao/load/source_files.py",
        "generator/jixiao/load/yaml_tokens.py",
        "generator/jixiao/load/yaml_tree.py",
        "generator/jixiao/load/yaml_tokens.py",
        "generator/jixiao/load/po.py",
    ),
    "rules": (
        "generator/jixiao/check/rules/*.py",
        "generator/jixiao/personal_data/text_patterns.py",
        "generator/jixiao/check/personal_data_findings.py",
        "generator/jixiao/check/shared_files.py",
        "generator/jixiao/check/cross_file_checks.py",
        "generator/jixiao/check/semantic_checks.py",
    ),
    "escaping": (
        "generator/jixiao/text.py",
        "generator/jixiao/pages/page_renderer.py",
        "generator/jixiao/pages/templates.py",
        "generator/jixiao/pages/localizer.py",
        "generator/jixiao/site/markdown_extension.py",
        "generator/jixiao/downloads/rows.py",
    ),
    "publishing": (
        "generator/jixiao/build/publish.py",
        "generator/jixiao/build/hard_links.py",
        "generator/jixiao/site/security_policy.py",
    ),
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
