"""What every problem must be, whatever was typed: at a place inside the file, and clear in both languages."""

import json
from collections.abc import Iterator

from jixiao.i18n import Message, load_interface_catalogue
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Place, Problem, ProblemFormat, ReadError, format_problems

LANGUAGES = ("zh", "en")


def assert_clear(problem: Problem, text: str) -> None:
    """Hold *problem* against the *text* of its file."""
    lines = text.split("\n")
    assert 1 <= problem.place.line <= len(lines), problem
    assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1, problem
    for language in LANGUAGES:
        words = load_interface_catalogue(language)
        for part in (*_parts(problem.message), *_parts(problem.hint)):
            assert words.find(part.template), f"no {language}: {part.template}"
        said = {
            "message": mask_personal_data(problem.message.translate(words)),
            "hint": mask_personal_data(problem.hint.translate(words)),
        }
        assert all(sentence.strip() for sentence in said.values()), problem
        (read_back,) = json.loads("\n".join(format_problems([problem], ProblemFormat.JSON, words)))
        assert said.items() <= read_back.items(), problem
        # A file can never speak to the terminal or to CI: two lines, one command, nothing that is not shown.
        for form, lines_of_it in ((ProblemFormat.TEXT, 2), (ProblemFormat.GITHUB, 1)):
            written = list(format_problems([problem], form, words))
            assert len(written) == lines_of_it, written
            assert all(line.isprintable() for line in written), written


def assert_misread_clearly(misread: ReadError) -> None:
    """Hold what a reader of a single value says against the same."""
    assert_clear(misread.to_problem(Place("typed")), "")


def _parts(said: Message) -> Iterator[Message]:
    yield said
    for value in said.values.values():
        if isinstance(value, Message):
            yield from _parts(value)
