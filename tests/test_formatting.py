"""`jixiao fmt`: one layout, every comment kept, never a change of meaning."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formatting import Order, format_files
from tests.conftest import ROOT, jixiao
from tests.support import CLINIC, EXAMPLES, compare, small_project
from tests.test_properties import declarations, read

ODD = EXAMPLES / "format/odd.yml"
SOUND = sorted((EXAMPLES / "sound").glob("*.yml"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration that the test may change."""
    return small_project(tmp_path / "project")


def _fmt(project: Path, *arguments: str, language: str = "en") -> tuple[int, str]:
    result = jixiao("fmt", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


def test_what_is_published_here_is_in_the_layout() -> None:
    assert _fmt(ROOT, "--check") == (0, "7 files: 0 to be laid out, 0 with problems\n")


def test_an_odd_layout_becomes_the_one_and_says_so(small: Path, *, rewrites_golden: bool) -> None:
    shutil.copy(ODD, small / CLINIC)
    (small / CLINIC).chmod(0o640)
    before = read(ODD.read_text("utf-8"))

    assert _fmt(small, CLINIC, "--check", language="zh") == (
        1,
        f"{CLINIC}：需要排版\n1 个文件：1 个需要排版，0 个有问题\n",
    )
    assert (small / CLINIC).read_bytes() == ODD.read_bytes()
    code, difference = _fmt(small, CLINIC, "--diff")
    assert code == 0
    assert "\n-name:   '乡村诊所巡诊 & “送医下乡”'   # 与预算书一致\n" in difference
    assert (small / CLINIC).read_bytes() == ODD.read_bytes()
    assert _fmt(small, CLINIC) == (
        0,
        f"{CLINIC}: laid out\n1 files: 1 changed, 0 with problems and left alone\n",
    )

    after = (small / CLINIC).read_text("utf-8")
    compare(EXAMPLES / "format/expected.yml", after, rewrites=rewrites_golden)
    assert read(after) == before
    assert _fmt(small, CLINIC) == (0, "1 files: 0 changed, 0 with problems and left alone\n")


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_every_sound_example_says_the_same_in_the_layout(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    shutil.copy(file, copy)

    (formatted,) = format_files(Order(files=[copy], project=ROOT, writes=True))

    assert formatted.problems == ()
    assert read(copy.read_text("utf-8")) == read(file.read_bytes().decode("utf-8"))
    (again,) = format_files(Order(files=[copy], project=ROOT, writes=True))
    assert not again.is_changed


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, Counter[str]]:
    """Draw a declaration in any layout, with comments and empty lines between its lines."""
    text, _ = draw(declarations())
    lines = text.split("\n")
    places = draw(st.lists(st.integers(0, len(lines) - 1), max_size=6, unique=True))
    comments: list[str] = []
    for place in sorted(places, reverse=True):
        if draw(st.booleans()):
            lines.insert(place, "")
        comment = f"# 注 {place}"
        indent = len(lines[place]) - len(lines[place].lstrip(" "))
        tried = [*lines[:place], " " * indent + comment, *lines[place:]]
        # In a block of text it is no comment, and under one it is refused.
        if read("\n".join(tried)) == read(text):
            lines = tried
            comments.append(comment)
    return "\n".join(lines), Counter(comments)


@given(commented())
def test_no_layout_changes_a_meaning_or_loses_a_comment(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, Counter[str]]
) -> None:
    text, comments = drawn
    file = tmp_path_factory.mktemp("drawn") / "clinic.yml"
    file.write_bytes(text.encode("utf-8"))

    (formatted,) = format_files(Order(files=[file], project=ROOT, writes=True))

    after = file.read_bytes().decode("utf-8")
    if formatted.problems:
        assert [problem.rule for problem in formatted.problems] == ["comment-below-block"]
        assert after == text
        return
    assert read(after) == read(text)
    assert Counter(line.strip() for line in after.split("\n") if line.strip() in comments) == comments
    (again,) = format_files(Order(files=[file], project=ROOT, writes=True))
    assert not again.is_changed


def test_line_ends_and_a_mark_count_as_layout(small: Path) -> None:
    plain = (small / CLINIC).read_bytes()
    assert _fmt(small, CLINIC)[0] == 0
    laid_out = (small / CLINIC).read_bytes()
    (small / CLINIC).write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))

    assert _fmt(small, CLINIC)[0] == 0

    assert (small / CLINIC).read_bytes() == laid_out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name: [\n",
            "content/declarations/2021/health/clinic.yml:1:7: error: a bracket is never closed [unclosed-bracket]\n",
        ),
        ("", "empty"),
        ("- 甲\n", "wrong-shape"),
        ("甲\0\n", "forbidden-character"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone_with_the_words_of_check(
    text: str, said: str, small: Path
) -> None:
    (small / CLINIC).write_text(text, "utf-8")

    code, told = _fmt(small, CLINIC)

    assert code == 1
    assert said in told
    assert told.endswith("1 files: 0 changed, 1 with problems and left alone\n")
    assert (small / CLINIC).read_text("utf-8") == text


def test_what_is_no_source_is_left_alone(small: Path) -> None:
    (small / "site_config.yml").chmod(0o644)
    before = (small / "site_config.yml").read_bytes()
    os.mkfifo(small / "pipe.yml")
    (small / "link.yml").symlink_to(small / CLINIC)
    (small / CLINIC).chmod(0o444)
    shutil.copy(ODD, small / "read-only.yml")
    (small / "read-only.yml").chmod(0o444)

    code, told = _fmt(small, "site_config.yml", "pipe.yml", "link.yml", "missing.yml", "read-only.yml")

    assert code == 1
    assert [line.rpartition("[")[2].rstrip("]") for line in told.splitlines() if line.endswith("]")] == [
        "not-a-declaration",
        "not-a-file",
        "symlink",
        "file-missing",
        "file-read-only",
    ]
    assert (small / "site_config.yml").read_bytes() == before
    assert (small / "read-only.yml").read_bytes() == ODD.read_bytes()


def test_what_import_writes_is_in_the_layout(small: Path) -> None:
    said = jixiao("import", str(ROOT / "content/forms/declarations-2021.txt"), "--to", "out", cwd=small)
    assert said.returncode in {0, 1}, said.stdout + said.stderr

    assert _fmt(small, "out", "--check") == (0, "3 files: 0 to be laid out, 0 with problems\n")


def test_help_teaches_with_an_example_in_both_languages() -> None:
    for language in ("en", "zh"):
        assert (
            "jixiao fmt content/declarations/2021/shanghai-hrss"
            in jixiao("fmt", "--help", language=language).stdout
        )
