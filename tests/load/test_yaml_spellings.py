"""No sign of YAML changes what a person sees who reads a file: it is read so, or refused."""

from collections.abc import Callable, Mapping

from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.load.source_files import SourceText
from jixiao.load.yaml_tree import read_tree_from_events, read_tree_from_tokens, strip_places

NULLS = {"", "~", "null", "Null", "NULL"}
UNQUOTED = st.text(st.sampled_from("??--:&*!|>%@`~=.<  a中1"), min_size=1, max_size=8)
"""What may be typed without quotes as a name or a value, in brackets, too."""
SPELT_OUT: Mapping[str, Callable[[str, str], object]] = {
    "a: {{{one}: {other}}}": lambda one, other: {"a": dict([one_pair(f"{one}: {other}")])},
    "a: [{one}, {other}]": lambda one, other: {"a": [in_brackets(one), in_brackets(other)]},
    "{one}: {other}": lambda one, other: dict([one_pair(f"{one}: {other}")]),
    "a:\n  - {one}\n  - {other}": lambda one, other: {"a": [visible_value(one), visible_value(other)]},
}
"""A layout, and what a person sees in it who knows colons, dashes, brackets and commas."""


def in_brackets(typed: str) -> object:
    """Return the entry in brackets that a person sees: a text, or a field with its value."""
    bare = typed.strip(" ")
    return dict([one_pair(f"{bare} ")]) if ": " in f"{bare} " else None if bare in NULLS else bare


def visible_value(typed: str) -> object:
    """Return the entry that a person sees behind a dash: the same, or another list."""
    bare = typed.strip(" ")
    return [visible_value(bare[1:])] if f"{bare} ".startswith("- ") else in_brackets(bare)


def one_pair(typed: str) -> tuple[str, object]:
    """Part a field from its value at the first colon with a blank behind it."""
    name, _, value = typed.partition(": ")
    bare = value.strip(" ")
    return "" if name.strip(" ") in NULLS else name.strip(" "), None if bare in NULLS else bare


@given(st.sampled_from(sorted(SPELT_OUT)), UNQUOTED, UNQUOTED)
@example("a: {{{one}: {other}}}", " ?foo", "bar")
@example("a: [{one}, {other}]", "?x", "b")
@example("a: [{one}, {other}]", "a", "? x")
@example("a: [{one}, {other}]", "a", " ")
@example("{one}: {other}", "? a", "b")
@example("a:\n  - {one}\n  - {other}", "? x", "b")
def test_no_sign_of_yaml_changes_what_is_seen(layout: str, one: str, other: str) -> None:
    source = SourceText("a.yml", f"{layout.format(one=one, other=other)}\n")
    tree = read_tree_from_tokens(source)
    quick = read_tree_from_events(source)

    assert quick is None or quick == tree
    if not isinstance(tree, tuple):
        assert strip_places(tree) == SPELT_OUT[layout](one, other)
