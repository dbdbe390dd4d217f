"""Mutants: a source file comes in, every way to change it in one place comes out."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from tests.mutation.operators import mutations_of

MODULE = ""
"""Where a mutant stands that is in no function."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One file, changed in one place."""

    file: str
    """Relative to the project."""
    where: str
    """The outermost function, e.g. `Text.html`; `MODULE` outside of functions."""
    constant: str
    """The name that the changed statement gives a value, when nothing but functions of this file reads it."""
    lines: frozenset[int]
    """A test that runs none of these lines cannot notice the change."""
    was: str
    """The lines that differ, without indentation, joined by blanks."""
    now: str
    statement: str
    """The statement of the module that holds the change, changed."""
    source: str
    """The whole file, changed."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells this mutant from others, also when it moves to another line."""
        return self.file, self.where, self.was, self.now


def mutants_of(root: Path, file: str) -> tuple[Mutant, ...]:
    """Make every mutant of *file* that Python can compile and that is not the same program."""
    maker = _Maker(file, (root / file).read_text("utf-8"))
    return tuple(maker.mutants())


class _Maker(cst.CSTVisitor):
    """Goes through the syntax tree of one file and gathers its mutants."""

    def __init__(self, file: str, source: str) -> None:
        super().__init__()
        wrapper = MetadataWrapper(cst.parse_module(source))
        self._module = wrapper.module
        self._positions = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._file = file
        self._lines_of = _readers(ast.parse(source))
        self._changes: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def mutants(self) -> Iterator[Mutant]:
        """Give the mutants in the order of the file."""
        code = [self._module.code_for_node(statement) for statement in self._module.body]
        before, behind = "".join(map(self._module.code_for_node, self._module.header)), "".join(code)
        footer = "".join(map(self._module.code_for_node, self._module.footer))
        for statement, text in zip(self._module.body, code, strict=True):
            behind = behind.removeprefix(text)
            self._changes = []
            statement.visit(self)
            seen = {_meaning(text)}
            for old, new in self._changes:
                replaced = statement.deep_replace(old, new)
                if isinstance(replaced, cst.RemovalSentinel):
                    continue
                changed = self._module.code_for_node(replaced)
                meaning = _meaning(changed)
                if meaning and meaning not in seen:
                    seen.add(meaning)
                    source = f"{before}{changed}{behind}{footer}"
                    yield self._mutant(old, text, changed, source)
            before += text

    def on_visit(self, node: cst.CSTNode) -> bool:
        # Types and decorators say what a thing is and not what it does; imports are looked at by ruff.
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        self._changes += mutations_of(node)
        return True

    def _mutant(self, old: cst.CSTNode, text: str, changed: str, source: str) -> Mutant:
        where = self._where(old)
        constant, lines = "", self._lines(old)
        if where == MODULE:
            constant, lines = self._lines_of.get(_assigned(text), ("", frozenset()))
        was, now = _difference(text.split("\n"), changed.split("\n"))
        return Mutant(
            file=self._file,
            where=where,
            constant=constant,
            lines=lines,
            was=was,
            now=now,
            statement=changed,
            source=source,
        )

    def _ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while not isinstance(node, cst.Module):
            yield node
            node = self._parents[node]

    def _where(self, node: cst.CSTNode) -> str:
        """Name the outermost function in whose body *node* stands; its defaults belong to the module."""
        name, inner = MODULE, node
        for outer in self._ancestors(node):
            if isinstance(outer, cst.FunctionDef):
                name = outer.name.value if inner is outer.body else MODULE
            elif isinstance(outer, cst.ClassDef) and name:
                name = f"{outer.name.value}.{name}"
            inner = outer
        return name

    def _lines(self, node: cst.CSTNode) -> frozenset[int]:
        """Give the lines of the statement around *node*, without the statements inside."""
        for outer in self._ancestors(node):
            if isinstance(outer, cst.SimpleStatementLine | cst.BaseCompoundStatement):
                begin = self._positions[outer].start.line
                last = self._positions[outer].end.line
                if isinstance(outer, cst.Match):
                    last = begin
                elif isinstance(outer, cst.BaseCompoundStatement):
                    last = max(begin, self._positions[outer.body.body[0]].start.line - 1)
                return frozenset(range(begin, last + 1))
        return frozenset()


def _meaning(source: str) -> str:
    """Give the syntax tree without places, the same for two writings of a program; empty when it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return ""
        return ast.dump(ast.parse(source))


def _assigned(statement: str) -> str:
    """Name what a statement of a module gives a value."""
    match ast.parse(statement).body:
        case [ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name))]:
            return name
        case _:
            return ""


def _readers(module: ast.Module) -> dict[str, tuple[str, frozenset[int]]]:
    """Give each private constant that only functions read, with the lines of these functions."""
    inside: dict[str, set[int]] = {}
    outside: set[str] = set()
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    bodies = {node for function in functions for part in function.body for node in ast.walk(part)}
    for function in functions:
        last = function.end_lineno or function.lineno
        for part in function.body:
            for node in ast.walk(part):
                if isinstance(node, ast.Name):
                    inside.setdefault(node.id, set()).update(range(function.lineno, last + 1))
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in bodies:
            outside.add(node.id)
    return {
        name: (name, frozenset(lines))
        for name, lines in inside.items()
        if name.startswith("_") and name not in outside
    }


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """Give the lines that differ."""
    begin = 0
    while before[begin] == after[begin]:
        begin += 1
    end = 0
    while end < min(len(before), len(after)) - begin and before[-end - 1] == after[-end - 1]:
        end += 1
    was, now = before[begin : len(before) - end], after[begin : len(after) - end]
    return " ".join(map(str.strip, was)), " ".join(map(str.strip, now))
