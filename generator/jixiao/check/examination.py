"""Examine one declaration: its text, its shape, then what it says."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.analysis.site_content import Catalogue, Filed, version_of
from jixiao.check.rules import RuleSettings
from jixiao.check.semantic_checks import AS_THEY_ARE, check_declaration
from jixiao.load.content_files import read_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What came of it."""

    filed: Filed | None
    """`None` when the file cannot be read as a declaration."""
    problems: tuple[Problem, ...]


def examine(
    identity: str, file: str, content: bytes, catalogue: Catalogue, settings: RuleSettings = AS_THEY_ARE
) -> Examined:
    """Read *content* as a declaration and find every problem of it.

    Args:
        identity: Year, department and project.
        file: The path relative to the project, which problems name.
        content: The bytes of the file.
        catalogue: What serves all declarations.
        settings: The severities that the site has chosen.
    """
    filed = filed_in(identity, file, content)
    if not isinstance(filed, Filed):
        return Examined(filed=None, problems=filed)
    return Examined(filed=filed, problems=tuple(check_declaration(filed, catalogue, settings)))


def filed_in(identity: str, file: str, content: bytes) -> Filed | tuple[Problem, ...]:
    """Read *content* as a declaration, or say what is wrong with its text or its shape; see `examine`."""
    tree = read_declaration(content, file)
    if isinstance(tree, tuple):
        return tree
    declaration = read_model(Declaration, tree)
    if not isinstance(declaration, Declaration):
        return declaration
    return Filed(id=identity, file=file, declaration=declaration, tree=tree, version=version_of(content))
