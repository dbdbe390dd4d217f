"""Promises around the code: what is said is translated, what is generated is fresh, what is long is split."""

import re
import subprocess
from pathlib import Path
from string import Formatter

from jixiao.i18n import load_interface_catalogue
from jixiao.translations.source_texts import choose_program_file, find_program_messages
from tests.conftest import ROOT


def _list_tracked_files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], check=True, capture_output=True, text=True, encoding="utf-8", cwd=ROOT
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def test_every_sentence_of_the_program_has_an_english_one_with_the_same_names_in_it() -> None:
    english = load_interface_catalogue("en")
    sentences = find_program_messages(ROOT)
    folder = ROOT / "theme/words/en"
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.po"))}
    where = {sentence: choose_program_file(modules[0], files) for sentence, modules in sentences.items()}

    assert len(sentences) > 300
    missing = [
        f"theme/words/en/{where[sentence]}: {sentence} ({', '.join(modules)})"
        for sentence, modules in sentences.items()
        if english.find(sentence) is None
    ]
    assert not missing, "\n".join(
        ["English is missing; jixiao translate update adds the lines to:", *missing]
    )
    differing = [
        f"theme/words/en/{where[sentence]}: {sentence}"
        for sentence in sentences
        if _names(sentence) != _names(english.translate(sentence))
    ]
    assert not differing, "\n".join(["Names in braces differ between Chinese and English:", *differing])


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_a_file_is_short_enough_to_be_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path in _list_tracked_files("generator/*.py", "tests/*.py")
        if (length := len(path.read_text("utf-8").splitlines()))
        > (420 if path.is_relative_to(ROOT / "tests") else 400)
    ]

    assert not long, "\n".join(["Split by concept; a file has at most 400 lines, one of tests 420:", *long])


def test_the_readme_fits_on_a_page_in_both_languages() -> None:
    for name in ("README.md", "README.zh.md"):
        assert len((ROOT / name).read_text("utf-8").splitlines()) <= 100, name


def test_nothing_tracked_names_a_package_registry() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org", re.IGNORECASE)
    naming = [
        path.relative_to(ROOT).as_posix()
        for path in _list_tracked_files()
        if path.name != "test_promises.py" and hosts.search(path.read_text("utf-8", errors="replace"))
    ]

    assert naming == []
