"""What stands in a file before anything is built of it: characters, tokens, comments, one by one."""

from pathlib import Path

import pytest

from jixiao.i18n import TranslationCatalogue
from jixiao.load.source_files import SourceText, has_only_allowed_characters, read_text
from jixiao.load.yaml_tokens import find_refused_tokens
from jixiao.problems import Problem

CHINESE = TranslationCatalogue(language="zh")


def _refusals(text: str) -> list[tuple[str, int, int]]:
    found = find_refused_tokens(SourceText("a.yml", text))
    return [(problem.rule, problem.place.line, problem.place.column) for problem in found]


def test_a_text_is_surely_allowed_when_each_of_its_characters_prints_and_is_no_part_of_one() -> None:
    assert has_only_allowed_characters("甲 a\tb\u3000，!~\n")
    assert has_only_allowed_characters("\N{PRESENTATION FORM FOR VERTICAL COMMA}")
    assert not any(map(has_only_allowed_characters, "\u2e80\u2ed9\u2f00\u2fd5\u200b\u2800\ufe0f\ufffd\r\x85"))


def test_a_file_is_as_large_as_its_reader_allows(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1", "utf-8")
    found = read_text(path, "a.yml", 3)

    assert isinstance(found, Problem)
    assert found.message.translate(CHINESE) == "文件有 4 字节，超过 3 字节"
    assert read_text(path, "a.yml", 4) == SourceText("a.yml", "a: 1")


@pytest.mark.parametrize(
    ("text", "saying", "hint"),
    [
        (
            "a: &b 1\n",
            "以 & 开头的文字在 YAML 里另有含义（锚点），这里不用",
            "如果是普通文字，请整个加上英文双引号",
        ),
        (
            "a: *b\n",
            "以 * 开头的文字在 YAML 里另有含义（引用），这里不用",
            "如果是普通文字，请整个加上英文双引号",
        ),
        (
            "a: !b 1\n",
            "以 ! 开头的文字在 YAML 里另有含义（标签），这里不用",
            "如果是普通文字，请整个加上英文双引号",
        ),
        (
            "%YAML 1.2\n",
            "以 % 开头的行在 YAML 里另有含义（指令），这里不用",
            "如果是普通文字，请整个加上英文双引号；否则请删除这一行",
        ),
    ],
)
def test_a_sign_with_a_meaning_of_its_own_is_explained(text: str, saying: str, hint: str) -> None:
    (found,) = find_refused_tokens(SourceText("a.yml", text))

    assert (found.message.translate(CHINESE), found.hint.translate(CHINESE)) == (saying, hint)


def _names(depth: int) -> str:
    return "".join(f"{' ' * level}a:\n" for level in range(depth))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{_names(8)}        b\n", []),
        (f"{_names(9)}         b\n", [("too-deep-or-long", 9, 9)]),
        (f"{'- ' * 8}b\n", []),
        (f"{'- ' * 9}b\n", [("too-deep-or-long", 1, 17)]),
        (f"{'{a: ' * 9}b{'}' * 9}\n", [("too-deep-or-long", 1, 33)]),
        (f"{'[' * 9}b{']' * 9}\n", [("too-deep-or-long", 1, 9)]),
        ("a: {b: [1], c: {d: 1}}\n" * 9, []),
        ("a:\n- b:\n  - c\n" * 9, []),
    ],
)
def test_a_file_is_eight_deep_at_most_and_what_has_ended_does_not_count(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    assert _refusals(text) == found


@pytest.mark.parametrize("begun", ["a: 1", "- 1", "{}", "[]", "a"])
def test_a_second_document_is_refused_whatever_the_first_one_is(begun: str) -> None:
    assert _refusals(f"{begun}\n---\nb\n") == [("second-document", 2, 1)]
    assert _refusals(f"---\n{begun}\n") == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a: [ # x\n  1]\n", 6),
        ("a: [1, # x\n  2]\n", 8),
        ("a: { # x\n  b: 1}\n", 6),
        ("a: {b: 1, # x\n  c: 2}\n", 11),
        ("a: [1]# x\n", 7),
        ("a: {b: 1}# x\n", 10),
        ("a: '1'# x\n", 7),
        ("a: # x\n", 4),
        ("- # x\n", 3),
        ("a: | # x\n  1\n", 6),
    ],
)
def test_a_comment_where_words_belong_is_refused_at_its_sign(text: str, column: int) -> None:
    assert _refusals(text) == [("comment-cuts-text", 1, column)]


@pytest.mark.parametrize(
    "text",
    [
        "a: [1] # x\n",
        "a: {b: 1} # x\n",
        "a: '1' # x\n",
        "a: # x\n  b: 1\n",
        "a: # x\n  - 1\n",
        "a: # x\n- 1\n",
        "- # x\n  a: 1\n",
        "- # x\n  - 1\n",
        "# x\na: 1\n",
        "a: 1\n# x\n",
    ],
)
def test_a_comment_behind_a_whole_value_or_the_name_of_a_group_is_let_through(text: str) -> None:
    assert _refusals(text) == []
