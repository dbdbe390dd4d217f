"""Source files of declarations, read and parsed again by stages that need more than their summaries."""

from __future__ import annotations

from pathlib import Path

from jixiao.analysis.site_content import ParsedDeclaration, source_version
from jixiao.check.semantic_checks import parse_declaration
from jixiao.load.source_files import read_bytes
from jixiao.problems import Problem, UserError
from jixiao.site.build_failure import describe_changed_declaration


def declaration_file(identity: str) -> str:
    """Return the source file of a declaration, relative to the folder of the site."""
    return f"content/declarations/{identity}.yml"


def parse_source(identity: str, content: bytes) -> ParsedDeclaration | tuple[Problem, ...]:
    """Parse a declaration, or return the problems of its text or its schema."""
    return parse_declaration(identity, declaration_file(identity), content)


def parse_again(identity: str, content: bytes) -> ParsedDeclaration:
    """Parse a declaration that was checked in this build.

    Raises:
        UserError: It is not what was checked.
    """
    parsed = parse_source(identity, content)
    if not isinstance(parsed, ParsedDeclaration):
        raise UserError(describe_changed_declaration(identity))
    return parsed


def read_again(identity: str, version: str, root: Path) -> bytes:
    """Read the file of a declaration that was checked in this build.

    Raises:
        UserError: It is no longer the *version* that was checked.
    """
    file = declaration_file(identity)
    content = read_bytes(root / file, file)
    if not isinstance(content, bytes) or source_version(content) != version:
        raise UserError(describe_changed_declaration(identity))
    return content
