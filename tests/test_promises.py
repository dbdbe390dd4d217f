"""Promises around the code: what is said is translated, what is generated is fresh, what is long is split."""

import re
import subprocess
from pathlib import Path
from string import Formatter

from jixiao.i18n import load_interface_catalogue
from jixiao.translations.source_texts import find_program_messages
from tests.conftest import ROOT


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], check=True, capture_output=True, text=True, encoding="utf-8", cwd=ROOT
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def test_every_sentence_of_the_program_has_an_english_one_with_the_same_names_in_it() -> None:
    english = load_interface_catalogue("en")
    sentences = list(find_program_messages(ROOT))

    assert len(sentences) > 300
    assert [sentence for sentence in sentences if english.find(sentence) is None] == []
    assert [
        sentence for sentence in sentences if _names(sentence) != _names(english.translate(sentence))
    ] == []


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_a_file_is_short_enough_to_be_read() -> None:
    long = {
        path.name: length
        for path in _tracked("generator/*.py", "tests/*.py")
        if (length := len(path.read_text("utf-8").splitlines())) > 400
    }

    assert long == {}


def test_the_readme_fits_on_a_page_in_both_languages() -> None:
    for name in ("README.md", "README.zh.md"):
        assert len((ROOT / name).read_text("utf-8").splitlines()) <= 100


def test_nothing_tracked_names_a_package_registry() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org", re.IGNORECASE)
    naming = [
        path.relative_to(ROOT).as_posix()
        for path in _tracked()
        if path.name != "test_promises.py" and hosts.search(path.read_text("utf-8", errors="replace"))
    ]

    assert naming == []
