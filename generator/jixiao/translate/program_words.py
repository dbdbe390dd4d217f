"""Find every Chinese word that the program can say: its modules and templates come in, sentences come out."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_WORDS = re.compile(r'^.$|^(?:yyyy"年")?m"月"|^民西见')
"""Single characters that mark a range, formats of days, characters beside their radicals."""
_SAID = re.compile(r"""\bsay\(\s*"((?:[^"\\]|\\.)*)"|\.get\("([^"]*)", """)


def words_in_use(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Give each Chinese sentence of the program in *root* with the files that say it."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted((root / "generator").rglob("*.py")):
        for sentence in _literals(ast.parse(path.read_text("utf-8"))):
            found.setdefault(sentence, {})[path.relative_to(root).as_posix()] = None
    for path in sorted((root / "theme").rglob("*")):
        if path.suffix in {".jinja", ".html"}:
            for match in _SAID.finditer(path.read_text("utf-8")):
                found.setdefault(match[1] or match[2], {})[path.relative_to(root).as_posix()] = None
    return {
        sentence: tuple(files)
        for sentence, files in found.items()
        if _CHINESE.search(sentence) and not _NOT_WORDS.search(sentence)
    }


def _literals(tree: ast.AST) -> Iterator[str]:
    """Give the string literals of a module but docstrings, patterns and the examples of fields."""
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def _silent(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        # Titles of fields are words of the form and stay Chinese; a title that is said is a call.
        elif isinstance(node, ast.keyword) and node.arg in {"examples", "title"} and not _is_call(node.value):
            yield from (id(child) for child in ast.walk(node.value))
        elif isinstance(node, ast.Call) and _is_of_re(node.func):
            yield from (id(child) for argument in node.args for child in ast.walk(argument))


def _is_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call)


def _is_of_re(function: ast.expr) -> bool:
    """Tell whether a function is one of the module `re`: what it is given is a pattern."""
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )
