"""Most files are read in one pass; the tree is the same, and the others are left to the thorough reading."""

from pathlib import Path

import pytest

from jixiao.load.source_files import SourceText, read_text
from jixiao.load.yaml_tree import read_tree_from_events, read_tree_from_tokens
from tests.support.sample_projects import EXAMPLES


@pytest.mark.parametrize("file", sorted(EXAMPLES.rglob("*.yml")), ids=lambda file: file.stem)
def test_what_is_read_quickly_is_what_is_read_thoroughly(file: Path) -> None:
    source = read_text(file, "a.yml")
    if isinstance(source, SourceText):
        assert read_tree_from_events(source) in (None, read_tree_from_tokens(source))


@pytest.mark.parametrize(
    "text",
    [
        "# 甲\n# 乙\na: 1\n",
        'a: {b: [1, 200], c: "丁\\n"}\n',
        "a: |\n  甲\n\n  乙\nb:\n- 丙\n- d: null\n",
    ],
)
def test_a_file_of_which_nothing_is_to_be_said_is_read_quickly(text: str) -> None:
    source = SourceText("a.yml", text)
    assert read_tree_from_events(source) == read_tree_from_tokens(source)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1 # 元\n",
        "a: 1\n# 乙\n",
        "a:\t1\n",
        "a: &b 1\n",
        "a: *b\n",
        "a: &b 1\nc: *b\n",
        "a: !b 1\n",
        "a: !b [1]\n",
        "%YAML 1.1\n---\na: 1\n",
        "%TAG !e! tag:example.org,2021:\n---\na: 1\n",
        "a: 1\n---\nb: 1\n",
        "a: 1\n...\n",
        "",
        "甲\n",
        "a: 1\na: 2\n",
        "[a]: 1\n",
        "a: >\n  甲\n",
        "a: |\n",
        "a: 甲\n  乙\n",
        'a: "甲\n  乙"\n',
        'a: "\\x1b"\n',
        "a: [1,200]\n",
        "a: {total: 54,449,000}\n",
        "a: [\n",
        "? a",
        "[[[[[[[[[1]]]]]]]]]\n",
        f"[{'1, ' * 10_000}1]\n",
    ],
)
def test_whatever_there_may_be_to_say_of_is_read_thoroughly(text: str) -> None:
    assert read_tree_from_events(SourceText("a.yml", text)) is None
