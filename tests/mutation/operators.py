"""What a mutant may differ in: the operators of mutmut, and four of our own.

mutmut leaves alone what stands outside of functions, and takes patterns for words. Much of what our readers
and escapers know is there, so it is changed too: characters, elements and statements are left out, conditions
negated.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import libcst as cst
import libcst.matchers as m
from mutmut.mutation.mutators import mutation_operators

Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]

_PATTERN_TAKERS = m.Call(
    func=m.Attribute(value=m.Name("re"))
    & m.Attribute(
        attr=m.OneOf(*(m.Name(name) for name in ("compile", "fullmatch", "match", "search", "sub")))
    )
)
_CHARACTER_SET = m.Call(func=m.Name("frozenset"), args=[m.Arg(m.SimpleString() | m.ConcatenatedString())])
# An escape counts as one character.
_CHARACTER = re.compile(r"\\u[0-9a-f]{4}|\\N\{[A-Z -]+\}|\\.|.", re.DOTALL)


def mutations_of(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Give what of *node* may be replaced, and by what: the node itself or a part of it."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from ((node, changed) for changed in operator(node))
    yield from _negated_condition(node)
    yield from _dropped_statement(node)
    yield from _dropped_element(node)
    yield from _dropped_character(node)


def _negated_condition(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    if isinstance(node, cst.If | cst.While | cst.CompIf):
        inner = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.test, cst.UnaryOperation(cst.Not(), inner, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _dropped_statement(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    if isinstance(node, cst.Expr) and not isinstance(node.value, cst.BaseString):
        yield node, cst.Expr(cst.Name("None"))


def _dropped_element(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    if isinstance(node, cst.Tuple | cst.List | cst.Set | cst.Dict) and len(node.elements) > 1:
        for position in range(len(node.elements)):
            yield node, node.with_changes(elements=_without(node.elements, position))


def _without(
    elements: Sequence[cst.BaseElement | cst.BaseDictElement], position: int
) -> list[cst.BaseElement | cst.BaseDictElement]:
    left = [*elements[:position], *elements[position + 1 :]]
    # A single element of a tuple needs its comma.
    left[-1] = left[-1].with_changes(comma=cst.Comma())
    return left


def _dropped_character(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Leave out one character of a pattern or of a set of characters."""
    if not m.matches(node, _PATTERN_TAKERS | _CHARACTER_SET):
        return
    for literal in m.findall(cst.ensure_type(node, cst.Call).args[0], m.SimpleString()):
        text = cst.ensure_type(literal, cst.SimpleString).value
        quote = re.match(r"[a-z]*[\"']", text)
        begin = quote.end() if quote else 0
        for found in _CHARACTER.finditer(text, begin, len(text) - 1):
            yield literal, literal.with_changes(value=text[: found.start()] + text[found.end() :])
