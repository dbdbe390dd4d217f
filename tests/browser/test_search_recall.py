"""What readers ask, held against the sources: everything that holds the words is found, the right one first.

The questions stand in `examples/search.yml`. They are asked in Chromium, of the published engine, in a
project that holds the three real declarations among 200 synthetic ones. Which declarations hold the words is
read from the YAML and PO files.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po
from playwright.sync_api import Browser

from tests.conftest import ROOT, serve
from tests.support.search_page import last_folder, query_engine, shared_searched_project

pytestmark = pytest.mark.browser

QUESTIONS = ROOT / "tests/examples/search.yml"
RIGHT_FIRST = 0.95
"""The share of questions whose first answer has to be the right one."""
_SAID = ("name", "annual", "midterm", "target", "note", "department", "unit", "year", "total")
"""Fields of a source whose text a reader finds on the page."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One line of the file of questions."""

    query: str
    language: str = "zh"
    first: tuple[str, ...] = ()
    near: bool = False
    found: str = "something"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a site found for each question, as ids of declarations and other last folders of addresses."""

    sources: Path
    by_question: Mapping[Question, list[str]]


def questions() -> list[Question]:
    """Read the file of questions."""
    entries = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    return [Question(**{**entry, "first": tuple(entry.get("first", ()))}) for entry in entries]


@cache
def texts(project: Path, language: str) -> Mapping[str, str]:
    """Return all text on the page of each declaration, by id."""
    content = project / "content"
    said = _translations(content, language)
    organisations = yaml.load((content / "organisations.yml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    found = {}
    for source in sorted((content / "declarations").rglob("*.yml")):
        strings = list(_strings(yaml.load(source.read_text("utf-8"), yaml.BaseLoader)))  # noqa: S506
        named = [
            text
            for string in strings
            if string in organisations
            for text in (organisations[string]["name"], *organisations[string].get("aliases", ()))
        ]
        found[source.stem] = "\n".join(said.get(text.strip(), text) for text in (*strings, *named))
    return found


def _translations(content: Path, language: str) -> Mapping[str, str]:
    entries: dict[str, str] = {}
    for path in (content / "translations" / language).glob("*.po"):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        translated = (message for message in catalogue if message.string)
        entries.update((str(message.id).strip(), str(message.string)) for message in translated)
    return entries


def _strings(node: object, field: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name != "as_filed":
                yield from _strings(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, field)
    elif field in _SAID:
        yield str(node)


def holders(question: Question, project: Path) -> set[str]:
    """Return the declarations that hold the very words; digits and letters at their ends end there, too."""
    words = _normalize(question.query)
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", words) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", words) else ""
    pattern = re.compile(before + re.escape(words) + after)
    found = texts(project, question.language).items()
    return {name for name, text in found if pattern.search(_normalize(text))}


def _normalize(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", text).lower()


@pytest.fixture(scope="module")
def answers(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Ask every question once."""
    project = shared_searched_project(tmp_path_factory)
    found: dict[Question, list[str]] = {}
    with contextmanager(serve)(project / "build" / "site") as address, browser.new_context() as context:
        page = context.new_page()
        for language in ("zh", "en"):
            asked = [question for question in questions() if question.language == language]
            prefix = "" if language == "zh" else f"{language}/"
            given = query_engine(page, f"{address}{prefix}", [question.query for question in asked])
            for question, results in zip(asked, given, strict=True):
                found[question] = [last_folder(result["url"]) for result in results]
    return Answers(sources=project, by_question=found)


def test_there_are_enough_questions_of_every_kind() -> None:
    asked = questions()
    assert len(set(asked)) == len(asked) >= 60
    for kind in (
        [question for question in asked if question.language == "en"],
        [question for question in asked if question.near],
        [question for question in asked if re.search(r"\d", question.query)],
    ):
        assert len(kind) >= 10


def test_every_declaration_that_holds_the_words_is_found(answers: Answers) -> None:
    missed = {}
    for question, found in answers.by_question.items():
        held = holders(question, answers.sources)
        assert bool(held) != (question.near or question.found == "nothing"), question
        if held - set(found):
            missed[question.query, question.language] = sorted(held - set(found))
    assert missed == {}


def test_the_first_that_is_found_is_the_right_one(answers: Answers) -> None:
    wrong = {}
    for question, found in answers.by_question.items():
        right = question.first or holders(question, answers.sources)
        if (found[:1] and found[0] in right) or (not found and question.found == "nothing"):
            continue
        wrong[question.query, question.language] = found[:3]
    assert 1 - len(wrong) / len(answers.by_question) >= RIGHT_FIRST, wrong


def test_what_stands_nowhere_is_not_found(answers: Answers) -> None:
    nothing = [question for question in answers.by_question if question.found == "nothing"]
    assert len(nothing) > 1
    assert [answers.by_question[question] for question in nothing] == [[]] * len(nothing)
