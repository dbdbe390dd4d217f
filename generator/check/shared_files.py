"""Search what serves all declarations for personal data: the registers, pages, translations and forms.

A declaration answers for its own texts and for its lines of a form (`rules/personal_data_in_text.py`), and
may waive. Here nothing needs a waiver: whoever writes a number as a link (`tel:`, `mailto:`) on a page says
that it is public, and a translation may repeat what its declaration says.
"""

import re
from collections.abc import Iterator

from generator.check.rules import identity_number_in_text, personal_data_in_text
from generator.check.rules.personal_data_in_text import NAMES
from generator.check.suspicion import answers_for
from generator.load.files import SourceText
from generator.model.catalogue import Catalogue
from generator.personal_data import Found, Kind, personal_data
from generator.problems import Place, Problem
from generator.words import message

_PUBLIC_LINK = re.compile(r"\[[^\]]*\]\(\s*<?(?:tel|mailto):[^)\s>]*>?\s*\)")
# Who translated stands in the head of every PO file, and is not published.
_NOT_PUBLISHED = re.compile(r'#|"(?:Last-Translator|Language-Team|Report-Msgid-Bugs-To):')


def check_shared_files(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each number or address of a person outside the declarations."""
    for source in catalogue.shared:
        in_file = [(number, found) for number, line in _lines(source) for found in personal_data(line)]
        spoken_for = _said_in_declarations(catalogue) if in_file and source.file.endswith(".po") else set()
        for number, found in in_file:
            if found.kind is Kind.IDENTITY_NUMBER or found.number not in spoken_for:
                yield _problem(found, Place(source.file, number, found.start + 1))
    for path, form in catalogue.forms.items():
        for number, found in form.personal_data:
            if not any(answers_for(entry, form, number) for entry in catalogue.entries):
                yield _problem(found, Place(f"content/{path}", number, found.start + 1))


def _lines(source: SourceText) -> Iterator[tuple[int, str]]:
    """Yield the lines that are published, and not there for everybody to see, with their numbers."""
    for number, line in enumerate(source.lines, 1):
        if source.file.endswith(".md"):
            yield number, _PUBLIC_LINK.sub(lambda match: " " * len(match[0]), line)
        elif not (source.file.endswith(".po") and _NOT_PUBLISHED.match(line)):
            yield number, line


def _said_in_declarations(catalogue: Catalogue) -> set[str]:
    """Gather the numbers that declarations name, where they are looked at and may be waived."""
    return {number for entry in catalogue.entries for number in entry.numbers}


def _problem(found: Found, place: Place) -> Problem:
    if found.kind is Kind.IDENTITY_NUMBER:
        return Problem(
            rule=identity_number_in_text.ID,
            place=place,
            message=message("文字里有身份证号码：{shown}", shown=found.masked()),
            hint=identity_number_in_text.HINT,
        )
    return Problem(
        rule=personal_data_in_text.ID,
        severity=personal_data_in_text.SEVERITY,
        place=place,
        message=message("文字里好像有{kind}：{shown}", kind=NAMES[found.kind], shown=found.masked()),
        hint=message(
            "属于个人的，请删去或用 • 遮住；页面上可以公开的，请写成链接，例如 {example}",
            example="[12345](tel:12345)",
        ),
    )
