"""A state that differs by one line from a known one: its tree is that of the whole file."""

import random
from pathlib import Path

import pytest

from jixiao.history.state_comparison import patch_model, patch_tree
from jixiao.load.content_files import load_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import Node
from jixiao.model.declaration import Declaration
from tests.conftest import ROOT
from tests.support.sample_projects import CLINIC_PATH, SMALL_SITE

FILES = (SMALL_SITE / CLINIC_PATH, *sorted((ROOT / "content/declarations").rglob("*.yml")))
VALUES = (
    *('">=95%"', '"=100%"', "1,234.50", "1234", "及时", "null", "~", "", " ", '""', "'x'", '"未完'),
    *("|", ">", "|-", ">=90%", "=100%", "a: b", "a # b", '"a # b"', '"a\\n"', "[x]", "{a: b}", "&a b", "*a"),
    *("!!int 1", "- x", "-1", "?", "@x", "%x", "`x`", "yes", "2021-01-01", '"a" b', "a  ", "\u202ea", "a\tb"),
    *("a\u2028b", "...", "---", "1,234,", ", 5", "x,", "12:30", "0x1f", "1e3", "５", "，五", "#x"),
)


def assert_same_model(before: Node, after: Node) -> None:
    """Read a state from the one before and as a whole: both give the same model, or none."""
    known, whole = read_model(Declaration, before), read_model(Declaration, after)
    assert isinstance(known, Declaration)
    quick = patch_model(known, before, after)
    assert quick == (whole if isinstance(whole, Declaration) else None)
    if quick is not None:
        shared = sum(
            one.indicator is other.indicator for one, other in zip(known.rows(), quick.rows(), strict=True)
        )
        assert shared >= len(known.rows()) - 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_tree_is_that_of_the_whole_file(file: Path) -> None:
    before = file.read_bytes()
    tree = load_declaration(before, "x.yml")
    assert not isinstance(tree, tuple)
    chance = random.Random(file.stem)  # noqa: S311 - repeatable, not secret
    lines = before.decode().split("\n")
    taken = 0
    for number in chance.sample(range(len(lines)), min(len(lines), 40)):
        for value in chance.sample(VALUES, 12):
            key, colon, _ = lines[number].partition(":")
            changed = f"{key}: {value}" if colon else value
            after = "\n".join([*lines[:number], changed, *lines[number + 1 :]]).encode()
            quick = patch_tree(tree, before, after)
            if quick is not None:
                taken += 1
                assert quick == load_declaration(after, "x.yml"), changed
                assert_same_model(tree, quick)
    assert taken > 20


@pytest.mark.parametrize(
    "change",
    [
        ('target: "=0"', 'target: "=1"', True),
        ("total: 1234567.80", "total: 7654321.08", True),
        ("name: 巡诊次数", "name: 出诊次数", True),
        ('target: "=0"', 'goal: "=1"', False),
        ('target: "=0"', "target: '=1'", False),
        ("annual: 完成巡诊。", "annual: |", False),
        ('target: "=0"', 'target: "=0"\n        note: 新', False),
        ("id: accidents", "id: deaths", False),
    ],
)
def test_only_the_plain_change_of_one_value_is_taken(change: tuple[str, str, bool]) -> None:
    old, new, is_taken = change
    before = (SMALL_SITE / CLINIC_PATH).read_bytes()
    assert old.encode() in before
    after = before.replace(old.encode(), new.encode(), 1)
    tree = load_declaration(before, "x.yml")
    assert not isinstance(tree, tuple)
    quick = patch_tree(tree, before, after)
    assert (quick is not None) == is_taken
    if quick is not None:
        assert quick == load_declaration(after, "x.yml")
