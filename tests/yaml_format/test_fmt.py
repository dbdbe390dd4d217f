"""`jixiao fmt`: one layout, every comment kept, never a change of meaning."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given

from jixiao.commands.fmt import FormatRequest, format_files
from tests.conftest import ROOT, jixiao
from tests.model.test_yaml_to_model import key_order, read_typed_fields
from tests.support.odd_yaml_layouts import OddFile, find_comments, odd_files
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, assert_matches_golden, copy_small_project

ODD = EXAMPLES / "format/odd.yml"
SOUND = sorted((EXAMPLES / "sound").glob("*.yml"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration that the test may change."""
    return copy_small_project(tmp_path / "project")


def _fmt(project: Path, *arguments: str, language: str = "en") -> tuple[int, str]:
    result = jixiao("fmt", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


def test_what_is_published_here_is_in_the_layout() -> None:
    assert _fmt(ROOT, "--check") == (0, "Files: 7. To be laid out: 0. With problems: 0\n")


def test_an_odd_layout_becomes_the_one_and_says_so(small: Path, *, rewrites_golden: bool) -> None:
    shutil.copy(ODD, small / CLINIC_PATH)
    (small / CLINIC_PATH).chmod(0o640)
    before = read_typed_fields(ODD.read_text("utf-8"))

    reports = [_fmt(small, CLINIC_PATH, "--check", language=language) for language in ("en", "zh")]
    assert [code for code, _ in reports] == [1, 1]
    assert_matches_golden(
        EXAMPLES / "format/check.txt", "".join(said for _, said in reports), rewrites=rewrites_golden
    )
    assert (small / CLINIC_PATH).read_bytes() == ODD.read_bytes()
    assert _fmt(small, CLINIC_PATH) == (
        0,
        f"{CLINIC_PATH}: laid out\nFiles: 1. Changed: 1. Left alone because of problems: 0\n",
    )

    after = (small / CLINIC_PATH).read_text("utf-8")
    assert_matches_golden(EXAMPLES / "format/expected.yml", after, rewrites=rewrites_golden)
    assert read_typed_fields(after) == before
    assert _fmt(small, CLINIC_PATH) == (0, "Files: 1. Changed: 0. Left alone because of problems: 0\n")


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_every_sound_example_says_the_same_in_the_layout(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    shutil.copy(file, copy)

    (formatted,) = format_files(FormatRequest(files=[copy], root=ROOT, writes=True))

    assert formatted.problems == ()
    assert read_typed_fields(copy.read_text("utf-8")) == read_typed_fields(file.read_bytes().decode("utf-8"))
    (again,) = format_files(FormatRequest(files=[copy], root=ROOT, writes=True))
    assert not again.is_changed


@given(odd_files())
def test_no_layout_changes_a_meaning_or_loses_a_comment(odd: OddFile) -> None:
    before = read_typed_fields(odd.text)
    # Some comments and blocks of text do not go together, and some words look like others.
    assume(isinstance(before, dict))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clinic.yml"
        file.write_bytes(odd.text.encode())
        order = FormatRequest(files=[file], root=ROOT, writes=True)

        (formatted,) = format_files(order)

        after = file.read_bytes().decode()
        assert formatted.problems == ()
        assert (fields := read_typed_fields(after)) == before
        assert isinstance(fields, dict)
        assert isinstance(before, dict)
        assert key_order(fields["indicators"]) == key_order(before["indicators"])
        assert tuple(find_comments(after, odd.comments)) == odd.comments
        (again,) = format_files(order)
        assert not again.is_changed


def test_line_ends_and_a_mark_count_as_layout(small: Path) -> None:
    plain = (small / CLINIC_PATH).read_bytes()
    assert _fmt(small, CLINIC_PATH)[0] == 0
    laid_out = (small / CLINIC_PATH).read_bytes()
    (small / CLINIC_PATH).write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))

    assert _fmt(small, CLINIC_PATH)[0] == 0

    assert (small / CLINIC_PATH).read_bytes() == laid_out
    (small / CLINIC_PATH).write_bytes(laid_out.replace(b"\n", b"\r\n"))
    assert _fmt(small, CLINIC_PATH, "--check") == (
        1,
        (
            f"{CLINIC_PATH}: layout to be changed\n"
            "    only the line ends, the mark at the beginning (BOM) or the last line break are different\n"
            "Files: 1. To be laid out: 1. With problems: 0\n"
        ),
    )


BROKEN = sorted((EXAMPLES / "broken").glob("*/*.yml"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_broken_example_is_left_alone_or_means_what_it_meant(file: Path, small: Path) -> None:
    shutil.copyfile(file, small / CLINIC_PATH)
    before = (small / CLINIC_PATH).read_bytes()
    order = FormatRequest(files=[small / CLINIC_PATH], root=small, writes=True)

    (formatted,) = format_files(order)

    if formatted.problems:
        assert (small / CLINIC_PATH).read_bytes() == before
        assert not {problem.rule for problem in formatted.problems} & {"layout-not-safe"}
        return
    said = [_without_places(content) for content in (before, (small / CLINIC_PATH).read_bytes())]
    assert said[0] == said[1]
    (again,) = format_files(order)
    assert not again.is_changed


def _without_places(content: bytes) -> list[tuple[str, str]]:
    """List the problems of a declaration without their places, or all its values."""
    read_fields = read_typed_fields(content.decode().replace("\r\n", "\n"))
    if isinstance(read_fields, tuple):
        return sorted((problem.rule, str(problem.message)) for problem in read_fields)
    return [("", repr(read_fields))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name: [\n",
            f"{CLINIC_PATH}:1:7: error: a bracket has no partner [unclosed-bracket]\n",
        ),
        ("", "empty"),
        ("- 甲\n", "wrong-shape"),
        ("甲\0\n", "forbidden-character"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone_with_the_words_of_check(
    text: str, said: str, small: Path
) -> None:
    (small / CLINIC_PATH).write_text(text, "utf-8")

    code, told = _fmt(small, CLINIC_PATH)

    assert code == 1
    assert said in told
    assert told.endswith("Files: 1. Changed: 0. Left alone because of problems: 1\n")
    assert (small / CLINIC_PATH).read_text("utf-8") == text


def test_what_is_no_source_is_left_alone(small: Path) -> None:
    (small / "site_config.yml").chmod(0o644)
    before = (small / "site_config.yml").read_bytes()
    os.mkfifo(small / "pipe.yml")
    (small / "link.yml").symlink_to(small / CLINIC_PATH)
    (small / CLINIC_PATH).chmod(0o444)
    shutil.copy(ODD, small / "read-only.yml")
    (small / "read-only.yml").chmod(0o444)

    code, told = _fmt(small, "site_config.yml", "pipe.yml", "link.yml", "missing.yml", "read-only.yml")

    assert code == 1
    assert [line.rpartition("[")[2].rstrip("]") for line in told.splitlines() if line.endswith("]")] == [
        "not-a-declaration",
        "not-a-file",
        "symbolic-link",
        "file-missing",
        "file-read-only",
    ]
    assert (small / "site_config.yml").read_bytes() == before
    assert (small / "read-only.yml").read_bytes() == ODD.read_bytes()


def test_what_import_writes_is_in_the_layout(small: Path) -> None:
    said = jixiao("import", str(ROOT / "content/forms/declarations-2021.txt"), "--to", "out", cwd=small)
    assert said.returncode in {0, 1}, said.stdout + said.stderr

    assert _fmt(small, "out", "--check") == (0, "Files: 3. To be laid out: 0. With problems: 0\n")


def test_help_teaches_with_an_example_in_both_languages() -> None:
    for language in ("en", "zh"):
        assert (
            "jixiao fmt content/declarations/2021/shanghai-hrss"
            in jixiao("fmt", "--help", language=language).stdout
        )
