"""Translation files: the generator and `verify` both find what was typed, or the file is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.load.po import read_po_catalogue
from jixiao.load.source_files import SourceText
from jixiao.problems import Problem
from jixiao.verify.po_texts import read_po_texts
from tests.support.text_strategies import LINES, PARAGRAPHS, WORDS, quote

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TEXTS = st.one_of(WORDS, PARAGRAPHS, PARAGRAPHS.map(lambda text: text.replace("\n", "\n\t")))
ENTRIES = st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=4)
BETWEEN = ("\n", "", "# x\n", "#: a.yml\n")
"""What may stand between two entries."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one for English in it."""
    folder = tmp_path_factory.mktemp("translations")
    (folder / "en").mkdir()
    return folder


def in_pieces(text: str) -> str:
    """Write each line of *text* on a line of its own, as gettext does."""
    return "\n".join(['""', *(quote(line) for line in text.splitlines(keepends=True))])


def readings(text: str, folder: Path) -> tuple[dict[str, str], dict[str, str]] | tuple[Problem, ...]:
    """Read a PO file with both readers, or give the problems of it."""
    file = folder / "en" / "content.po"
    file.write_text(text, "utf-8", newline="")
    ours = read_po_catalogue(SourceText("content.po", text.replace("\r\n", "\n")), "en")
    if isinstance(ours, tuple):
        return ours
    return dict(ours.translations), dict(read_po_texts("en", folder, folder).interface)


@given(
    ENTRIES, st.sampled_from([quote, in_pieces]), st.sampled_from(BETWEEN), st.sampled_from(["\n", "\r\n"])
)
@example({"甲": "a", "乙": "b"}, quote, "", "\n")
def test_both_readers_find_every_translation_as_typed(
    folder: Path, entries: dict[str, str], written: Callable[[str], str], between: str, end: str
) -> None:
    text = HEAD + between.join(
        f"msgid {written(source)}\nmsgstr {written(said)}\n" for source, said in entries.items()
    )

    assert readings(text.replace("\n", end), folder) == (entries, entries)


@given(LINES, st.sampled_from("abfrvux01/?'n"), LINES)
@example("a", "r", "](javascript:b)")
@example("a", "x", "41")
def test_an_escape_is_read_alike_by_both_or_refused_at_its_place(
    folder: Path, before: str, escape: str, after: str
) -> None:
    typed = f"{quote(before)[:-1]}\\{escape}{quote(after)[1:]}"
    found = readings(f"{HEAD}msgid {quote('甲')}\nmsgstr {typed}\n", folder)

    if isinstance(found[0], Problem):
        assert found[0].place.line == 6
        assert typed[found[0].place.column - 1 - len("msgstr ") :].startswith(f"\\{escape}")
    else:
        assert found == ({"甲": f"{before}\n{after}"},) * 2


@pytest.mark.parametrize(
    ("entry", "rule", "line"),
    [
        ('msgid "甲"\nmsgstr "a"\n\nmsgid "甲"\nmsgstr "b"\n', "translation-repeated", 8),
        ('msgid "甲"\nmsgstr "a" b\n', "not-po", 6),
        ('msgid "甲"\nmsgstr " \n', "not-po", 6),
        ('msgid "甲"\nmsgstr a\n', "not-po", 6),
        ('msgid "甲"\nmsgstr "a"b"\n', "not-po", 6),
        ('msgid "甲"\nmsgstr "a\\"\n', "not-po", 6),
    ],
)
def test_a_translation_that_cannot_be_read_in_one_way_is_refused(
    entry: str, rule: str, line: int, folder: Path
) -> None:
    found = [one for one in readings(HEAD + entry, folder) if isinstance(one, Problem)]

    assert [(problem.rule, problem.place.line) for problem in found] == [(rule, line)]


def test_a_translation_of_blanks_is_none(folder: Path) -> None:
    assert readings(f'{HEAD}msgid "甲"\nmsgstr "  "\n', folder) == ({}, {})
