"""From bytes to a tree: what is let through, what is refused, and at which line and column."""

import os
import unicodedata
from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.load.source_files import (
    FILE_SIZE_LIMIT,
    SourceText,
    describe_character,
    is_forbidden,
    read_bytes,
    read_text,
)
from jixiao.load.tree_to_model import read_flag, read_plain_text, read_scalar
from jixiao.load.yaml_tree import ListNode, MappingNode, Node, ScalarNode, find_place, read_tree, strip_places
from jixiao.problems import Place, Problem
from tests.support.sample_projects import format_problem_report, read_error, refusing_rule

HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c"
    "\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u3164"
    "\ufeff\uffa0\ufff9\ufffa\ufffb\ufffc\ufffd\U000e0041"
    "\u180b\u180c\u180d\u180f\u2800\ufe00\ufe0f\U000e0100\U000e01ef"
)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "a.yml"
    path.write_bytes(content)
    return path


def _problem(found: object) -> Problem:
    assert isinstance(found, Problem)
    return found


def _tree(text: str) -> Node:
    tree = read_tree(SourceText("a.yml", text))
    assert not isinstance(tree, tuple), format_problem_report(tree)
    return tree


def _refusals(text: str) -> list[tuple[str, int, int]]:
    found = read_tree(SourceText("a.yml", text))
    assert isinstance(found, tuple)
    return [(problem.rule, problem.place.line, problem.place.column) for problem in found]


@pytest.mark.parametrize("character", [*HIDDEN, "\0", "\x07", "\x7f", "\x85", "\ue000", "\u0378"])
def test_a_character_that_nobody_sees_is_refused_in_every_file(character: str, tmp_path: Path) -> None:
    assert is_forbidden(character)
    found = _problem(read_text(_file(tmp_path, f"甲乙\n丙{character}".encode()), "a.yml"))
    assert (found.rule, found.place) == ("forbidden-character", Place("a.yml", 2, 2))


def test_every_character_that_prints_and_every_blank_of_a_text_is_let_through() -> None:
    assert not any(map(is_forbidden, "\t\n éX甲，𠮷\u3000\xa0"))
    assert not any(map(is_forbidden, map(chr, range(0x20, 0x7F))))
    assert all(map(is_forbidden, ("\r", "\ud800", "\udfff")))
    assert all(is_forbidden(chr(code)) == (chr(code) in HIDDEN) for code in range(0xA0, 0x370))


@pytest.mark.parametrize(
    ("typed", "column", "hint"),
    [
        ("甲⼀", 2, "请删去它，手工输入“一”"),
        ("⿕乙", 1, "请删去它，手工输入“龠”"),
        ("⺀", 1, "请手工重新输入这个字"),
        ("e\u0301", 2, "请删去它，手工输入“é”"),
        ("甲乙e\u0301", 4, "请删去它，手工输入“é”"),
        ("金\uf90a", 2, "请删去它，手工输入“金”"),
    ],
)
def test_a_character_that_only_looks_like_another_one_is_refused(
    typed: str, column: int, hint: str, tmp_path: Path
) -> None:
    found = _problem(read_text(_file(tmp_path, f"甲\n{typed}".encode()), "a.yml"))

    assert (found.rule, found.place) == ("look-alike-character", Place("a.yml", 2, column))
    assert found.hint.translate(load_interface_catalogue("zh")) == hint


def test_a_look_alike_is_found_in_the_first_line_and_behind_a_blank_that_does_not_print(
    tmp_path: Path,
) -> None:
    places = [
        _problem(read_text(_file(tmp_path, typed.encode()), "a.yml")).place
        for typed in ("e\u0301", "\xa0e\u0301")
    ]

    assert places == [Place("a.yml", 1, 2), Place("a.yml", 1, 3)]


@pytest.mark.parametrize("figure", ["1,234", "15,986,000", "1,000", "1,999", "0,109", "1,2340"])
def test_a_figure_that_brackets_would_cut_is_refused(figure: str) -> None:
    assert _refusals(f"a: [{figure}]\n") == [("comma-in-braces", 1, 5)]


@pytest.mark.parametrize("entries", ["1, 234", "1,23", "1,x", "a,234", "1,0x9"])
def test_values_that_no_comma_has_cut_stay_values(entries: str) -> None:
    assert strip_places(_tree(f"a: [{entries}]\n")) == {"a": [part.strip() for part in entries.split(",")]}


def test_a_block_whose_indentation_is_stated_may_begin_with_blanks_and_hold_a_sharp() -> None:
    assert strip_places(_tree("a: |2\n     x\n   y\n    #1\n")) == {"a": "   x\n y\n  #1"}
    assert strip_places(_tree("a:\n  - |2\n     x\n    #1\n")) == {"a": [" x\n#1"]}
    assert _refusals("a: |2\n     x\n #1\nb: y\n") == [("comment-cuts-text", 3, 2)]


def test_no_file_stays_open_whatever_was_wrong_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = sorted(Path("/dev/fd").iterdir())

    _problem(read_bytes(tmp_path / "pipe", "pipe"))
    _problem(read_bytes(tmp_path, "folder"))
    _problem(read_bytes(_file(tmp_path, b"abc"), "a.yml", limit=2))

    assert sorted(Path("/dev/fd").iterdir()) == before


def test_a_place_behind_the_last_line_is_its_end() -> None:
    source = SourceText("a.yml", "甲\n乙丙")

    assert [source.find_place(*mark) for mark in ((0, 0), (1, 1), (2, 0), (9, 9))] == [
        Place("a.yml", 1, 1),
        Place("a.yml", 2, 2),
        Place("a.yml", 2, 3),
        Place("a.yml", 2, 3),
    ]


def test_a_hidden_character_is_named_by_its_code() -> None:
    assert describe_character("\u202e") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert describe_character("\x07") == "U+0007"
    assert unicodedata.name("\x07", "") == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("甲\t乙\u3000丙\n".encode(), "甲\t乙\u3000丙\n"),
        ("甲\xa0乙".encode(), "甲\xa0乙"),
    ],
)
def test_a_text_is_read_with_line_feeds_and_without_a_mark_at_its_start(
    content: bytes, text: str, tmp_path: Path
) -> None:
    assert read_text(_file(tmp_path, content), "b/a.yml") == SourceText("b/a.yml", text)


@pytest.mark.parametrize(
    ("content", "place", "guess"),
    [
        ("甲".encode("utf-16"), Place("a.yml"), "UTF-16"),
        (b"\xfe\xff" + "甲".encode("utf-16-be"), Place("a.yml"), "UTF-16"),
        ("ab：".encode("utf-16-le") * 3, Place("a.yml"), "UTF-16"),
        (b"a\r\nbc" + "乙".encode("gb18030"), Place("a.yml", 2, 3), "GB18030"),
        (b"ab\xff\xff", Place("a.yml", 1, 3), ""),
        (b"x" * 200 + b"\0\xff\xff", Place("a.yml", 1, 202), ""),
        (b"x" * 199 + b"\0\xff\xff", Place("a.yml"), "UTF-16"),
    ],
)
def test_another_encoding_is_refused_where_it_begins_and_guessed(
    content: bytes, place: Place, guess: str, tmp_path: Path
) -> None:
    found = _problem(read_text(_file(tmp_path, content), "a.yml"))

    assert (found.rule, found.place) == ("not-utf-8", place)
    likely = f"，像是 {guess}" if guess else ""
    assert format_problem_report((found,)).split("\n")[2:4] == [
        f"a.yml:{place.line}:{place.column}: 错误: 文件不是 UTF-8 编码{likely} [not-utf-8]",
        "    建议: 在编辑器里用“另存为”，编码选 UTF-8",
    ]


def test_a_lone_carriage_return_is_refused_where_it_stands(tmp_path: Path) -> None:
    found = _problem(read_text(_file(tmp_path, b"a\r\nbc\rd\n"), "a.yml"))

    assert (found.rule, found.place) == ("old-line-break", Place("a.yml", 2, 3))


def test_a_file_may_have_a_mebibyte_and_not_a_byte_more(tmp_path: Path) -> None:
    assert FILE_SIZE_LIMIT == 1_048_576
    assert read_bytes(_file(tmp_path, b"x" * FILE_SIZE_LIMIT), "a.yml") == b"x" * FILE_SIZE_LIMIT
    assert read_bytes(_file(tmp_path, b"abc"), "a.yml", limit=3) == b"abc"
    found = _problem(read_bytes(_file(tmp_path, b"abcd"), "a.yml", limit=3))
    assert format_problem_report((found,)).split("\n")[2:4] == [
        "a.yml:1:1: 错误: 文件有 4 字节，超过 3 字节 [file-too-large]",
        "    建议: 一个项目一个文件；附件请放在 content/forms/",
    ]
    assert (
        _problem(read_bytes(_file(tmp_path, b"x" * (FILE_SIZE_LIMIT + 1)), "a.yml")).rule == "file-too-large"
    )


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs a file that is longer than it says")
def test_a_file_that_grows_while_it_is_read_is_read_no_further_than_allowed() -> None:
    grown = Path("/proc/self/maps")

    assert grown.stat().st_size == 0
    assert format_problem_report((_problem(read_bytes(grown, "a.yml", limit=9)),)).startswith(
        "a.yml:1:1: error: the file has 10 bytes, more than the limit of 9 [file-too-large]\n"
    )


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(_file(tmp_path, b"a"))
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    names = ("pipe", "link", "dangling", "loop", "missing", "a.yml/b")

    found = tuple(_problem(read_text(tmp_path / name, name)) for name in names)

    assert [
        line for line in format_problem_report(found).split("\n") if "错误" in line or "建议" in line
    ] == [
        "pipe:1:1: 错误: 这不是普通文件 [not-a-file]",
        "    建议: 请删除它，换成普通的文本文件",
        *(
            line
            for name in ("link", "dangling", "loop")
            for line in (
                f"{name}:1:1: 错误: 这是一个链接，不是文件 [symbolic-link]",
                "    建议: 请把文件本身放在这里",
            )
        ),
        "missing:1:1: 错误: 缺少这个文件 [file-missing]",
        "    建议: 请对照示例补上；也请确认 --project 指的是项目文件夹",
        "a.yml/b:1:1: 错误: 文件打不开：Not a directory [file-not-readable]",
        "    建议: 请检查这个文件的权限，或换一个位置重新保存",
    ]


def test_a_scalar_is_the_text_that_was_typed() -> None:
    assert [read_scalar(typed) for typed in ("0123", " ", "null")] == ["0123", " ", "null"]
    assert refusing_rule(read_scalar, None) == "empty-value"
    assert refusing_rule(read_scalar, "") == "empty-value"
    groups: tuple[object, ...] = ([], {}, ["a"], {"a": "b"})
    for group in groups:
        assert refusing_rule(read_scalar, group) == "wrong-shape"


def test_words_hold_no_tag_of_a_web_page_and_more_than_blanks() -> None:
    for typed in ("a < b", "5<10", "<", "a<", "<＞", "<é", "< p>", "<5>", "<@", "<[", "<`", "<{"):
        assert read_plain_text(typed) == typed
    for typed in ("<p>", "x<A", "<B", "<y", "<z", "<Z", "<a", "</p>", "<!--", "<?php"):
        assert refusing_rule(read_plain_text, typed) == "markup-in-text"
    assert refusing_rule(read_plain_text, " \u3000") == "empty-value"


def test_yes_and_no_are_true_and_false_and_nothing_else() -> None:
    assert read_flag("true") is True
    assert read_flag("false") is False
    others: tuple[object, ...] = ("yes", "True", "", None, "on", [], "FALSE")
    for typed in others:
        misread = read_error(read_flag, typed)
        assert misread.rule == "flag-format"
        assert misread.message.template == "这里应写 true 或 false"
        assert misread.hint.template == "true 是“是”，false 是“否”"


def test_a_tree_keeps_what_was_typed_with_its_places() -> None:
    tree = _tree(
        "a: 0123\nb:\n  - 22:22\n  - 'null'\nc: {d: ~, e: null, f: Null, g: NULL, h: nULL}\n'': \"\"\n"
    )

    assert isinstance(tree, MappingNode)
    assert strip_places(tree) == {
        "a": "0123",
        "b": ["22:22", "null"],
        "c": {"d": None, "e": None, "f": None, "g": None, "h": "nULL"},
        "": "",
    }
    assert tree.place == Place("a.yml", 1, 1)
    assert tree.pairs[0][0] == ScalarNode("a", Place("a.yml", 1, 1))
    assert tree.pairs[0][1] == ScalarNode("0123", Place("a.yml", 1, 4))
    assert tree.pairs[1][1] == ListNode(
        (ScalarNode("22:22", Place("a.yml", 3, 5)), ScalarNode("null", Place("a.yml", 4, 5))),
        Place("a.yml", 3, 3),
    )


def test_a_block_of_text_loses_its_last_line_breaks_and_keeps_the_others() -> None:
    assert strip_places(_tree("a: |+\n  x\n\n  y\n\n\nb: z\n")) == {"a": "x\n\ny", "b": "z"}
    assert strip_places(_tree("a: |\n  X x  \n\nb: |-\n  X\n")) == {"a": "X x  ", "b": "X"}
    assert strip_places(_tree('a: "x\\n"\n')) == {"a": "x\n"}


def test_the_place_of_a_field_is_its_value_or_its_name_or_the_nearest_that_is_there() -> None:
    tree = _tree("a:\n  b: x\n  c:\n    - d: 1\n    - 2\n  e:\n")

    def at(*path: str | int, of_key: bool = False) -> tuple[int, int]:
        place = find_place(tree, path, of_key=of_key)
        return place.line, place.column

    assert at() == (1, 1)
    assert at("a") == (1, 1)
    assert at("a", "b") == (2, 6)
    assert at("a", "b", of_key=True) == (2, 3)
    assert at("a", "c") == (3, 3)
    assert at("a", "c", 0) == (4, 7)
    assert at("a", "c", 0, "d") == (4, 10)
    assert at("a", "c", 1) == (5, 7)
    assert at("a", "c", 2) == (3, 3)
    assert at("a", "c", 9, 0) == (3, 3)
    assert at("a", "c", "x") == (3, 3)
    assert at("a", "c", 0, "x") == (4, 7)
    assert at("x", "b") == (1, 1)
    assert at("a", "x") == (1, 1)
    assert at("a", "b", "c") == (2, 6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "a: 1\nb:\t2\nc: \t3\n- d:\t4\n",
            [("tab-after-colon", 2, 3), ("tab-after-colon", 3, 4), ("tab-after-colon", 4, 5)],
        ),
        ("a: &b 1\n", [("anchor-or-alias", 1, 4)]),
        ("a: *b\n", [("anchor-or-alias", 1, 4)]),
        ("a: !b 1\n", [("tag", 1, 4)]),
        ("%YAML 1.2\n---\na: 1\n", [("directive", 1, 1)]),
        ("a: 1\n---\nb: 2\n", [("second-document", 2, 1)]),
        ("x\n--- y\n", [("second-document", 2, 1)]),
        ("[]\n--- y\n", [("second-document", 2, 1)]),
        ("", [("empty-file", 1, 1)]),
        ("# x\n", [("empty-file", 1, 1)]),
        ("---\n", []),
        ("[[[[[[[[[1]]]]]]]]]\n", [("too-deep-or-long", 1, 9)]),
        ("a: b:\tc\n", [("unquoted-value", 1, 4)]),
        ("- " * 9 + "1\n", [("too-deep-or-long", 1, 17)]),
        ("{a: " * 9 + "1" + "}" * 9, [("too-deep-or-long", 1, 33)]),
        ("~: 1\n? \n: 2\n", [("question-mark", 2, 1)]),
        ("~: 1\n~: 2\n", [("repeated-field", 2, 1)]),
        ("[a]: 1\n[b]: 2\n", [("wrong-shape", 1, 1), ("wrong-shape", 2, 1), ("repeated-field", 2, 1)]),
        ("a: 1\na: 2\nb: 3\na: 4\n", [("repeated-field", 2, 1), ("repeated-field", 4, 1)]),
        ("? [a]\n: 1\n", [("question-mark", 1, 1)]),
        ("[a]: 1\n", [("wrong-shape", 1, 1)]),
        ("a: {b: 54,449,000}\n", [("comma-in-braces", 1, 11)]),
        ("a: 完成 #1 工程\n", [("comment-cuts-text", 1, 7)]),
        ("a: 完成   # x\n", [("comment-cuts-text", 1, 9)]),
        ('a: "\\x1b"\nb: "\\u200b\\u202e"\n', [("forbidden-character", 1, 4), ("forbidden-character", 2, 4)]),
        ("a: '\u200b'\n", [("forbidden-character", 1, 4)]),
    ],
)
def test_what_yaml_would_change_silently_is_refused_at_its_place(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    if found:
        assert _refusals(text) == found
    else:
        assert strip_places(_tree(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "---\na: 1\n",
        "[[[[[[[[1]]]]]]]]\n",
        "a: 100 # 元\n",
        "a: 54,449,000.10 # 元\n",
        "a: 2021-01-31 # x\n",
        "a: 22:22 # x\n",
        "a: 2021/1/1 # x\n",
        "a: +5 # x\n",
        "- " * 8 + "1\n",
        "[" + "{a: 1}, " * 20 + "1]\n",
        '"a:\tb": 1\n',
        "a: 'b:\tc'\n",
        "a: # x\n  b: 1\n",
        "a: 1 #\n",
        "a: '完成' # x\n",
        'a: "b\tc"\n',
        "'a:\tb': 1\n",
        "# a:\tb\nc: 1\n",
        "a: {b: 1, c: }\n",
        "a: {b: 1, '2': 3}\n",
        "a: [1, 2]\n",
    ],
)
def test_what_nobody_can_misread_is_let_through(text: str) -> None:
    _tree(text)


def test_a_file_may_have_20_000_words_of_yaml() -> None:
    _tree("[" + "1," * 9_998 + "1]\n")

    assert _refusals("[" + "1," * 9_999 + "1]\n")[0][0] == "too-deep-or-long"


def test_a_field_that_is_a_list_is_refused_and_one_without_a_name_is_told_apart() -> None:
    found = read_tree(SourceText("a.yml", "[a]: 1\n~: 2\n"))

    assert isinstance(found, tuple)
    assert format_problem_report(found).split("\n")[4:8] == [
        "a.yml:1:1: 错误: 字段名应是文字 [wrong-shape]",
        "    建议: 请检查括号和冒号的位置",
        "a.yml:2:1: 错误: “”重复了，第 1 行已经有一个 [repeated-field]",
        "    建议: 请只保留一个；如果是列表的另一项，请在它的第一行前面加“- ”",
    ]
