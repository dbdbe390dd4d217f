"""Search what serves all declarations for personal data: the registers, pages, translations and forms.

A declaration answers for its own texts and for its lines of a form (`rules/personal_data_in_text.py`), and
may waive. Here nothing needs a waiver: whoever writes a number as a link (`tel:`, `mailto:`) on a page says
that it is public, and a translation may repeat what its declaration says.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import accumulate

from jixiao.analysis.site_content import Catalogue
from jixiao.check.personal_data_findings import said_of_finding, way_out_of_finding
from jixiao.check.rules import identity_number_in_text, personal_data_in_text
from jixiao.check.rules.personal_data_in_text import NAMES
from jixiao.check.suspicion import answers_for
from jixiao.i18n import message
from jixiao.load.received import COPIES, FormFile, FoundInForm
from jixiao.load.source_files import SourceText
from jixiao.personal_data.text_patterns import Found, Kind, personal_data
from jixiao.problems import Place, Problem

# No bracket stands within: of many that are opened each is looked at as far as the next.
_PUBLIC_LINK = re.compile(r"\[[^\[\]]*+\]\(\s*+<?(?:tel|mailto):[^()\[\]\s>]*+>?\s*+\)")
_MARKUP = re.compile(r"[*_`~|\[]|<[^<>]*>|\](?:\([^()]*\))?")
"""What Markdown and HTML take out of a line."""
_BEFORE_TEXT = re.compile(r'^(?:msg\w+(?:\[\d\])? )?"')
_BEHIND_TEXT = re.compile(r'(?:\\n)?"$')
# Who translated stands in the head of every PO file, and is not published.
_NOT_PUBLISHED = re.compile(r'#|"(?:Last-Translator|Language-Team|Report-Msgid-Bugs-To):')


def check_shared_files(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each number or address of a person outside the declarations."""
    for source in catalogue.shared:
        in_file = tuple(_found(source))
        spoken_for = _said_in_declarations(catalogue) if in_file and source.file.endswith(".po") else set()
        for number, found in in_file:
            if found.kind is Kind.IDENTITY_NUMBER or found.number not in spoken_for:
                yield _problem(found, Place(source.file, number, found.start + 1))
    for form in catalogue.forms.values():
        # A copy is told of where its form is; a form without a declaration is published nowhere.
        if (form.findings or form.garbled) and not _is_copy(form, catalogue):
            yield from _of_form(form, catalogue)


def check_settings_text(source: SourceText) -> Iterator[Problem]:
    """Yield a problem for each identity number in the settings, which stand on every page."""
    for number, found in _found(source):
        if found.kind is Kind.IDENTITY_NUMBER:
            yield _problem(found, Place(source.file, number, found.start + 1))


def _is_copy(form: FormFile, catalogue: Catalogue) -> bool:
    return form.path.startswith(COPIES) and f"forms/{form.path.removeprefix(COPIES)}" in catalogue.forms


def _of_form(form: FormFile, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for what no declaration answers for."""
    if form.garbled is not None:
        yield form.garbled
    entries = [entry for entry in catalogue.entries if entry.form == form.path]
    for one in form.findings:
        if any(answers_for(entry, form, one) for entry in entries):
            continue
        file = f"content/{form.published.path if form.published else form.path}"
        if one.line is not None:
            yield _of_finding(one, form, Place(file, one.line, one.found.start + 1))
        else:
            yield _of_finding(one, form, Place(file))


def _of_finding(one: FoundInForm, form: FormFile, place: Place) -> Problem:
    kind = one.found.kind
    is_sure = kind is Kind.IDENTITY_NUMBER
    rule = identity_number_in_text if is_sure else personal_data_in_text
    return Problem(
        rule=rule.ID,
        severity=rule.SEVERITY,
        place=place,
        message=said_of_finding(one, form, None if is_sure else NAMES[kind]),
        hint=way_out_of_finding(form, kind),
    )


def _found(source: SourceText) -> Iterator[tuple[int, Found]]:
    """Yield what looks like personal data, also over the end of a line, with the number of its line."""
    lines = list(_lines(source))
    in_lines = [(number, found) for number, line in lines for found in personal_data(line)]
    yield from in_lines
    if source.file.endswith(".md"):
        yield from _behind_markup(source, {found.number for _, found in in_lines})
    if source.file.endswith(".po"):
        # A text goes on in the next line behind quotation marks.
        lines = [(number, _BEHIND_TEXT.sub("", _BEFORE_TEXT.sub(_blanks, line))) for number, line in lines]
    text = "\n".join(line for _, line in lines)
    starts = [0, *accumulate(len(line) + 1 for _, line in lines)]
    for found in personal_data(text):
        if "\n" in text[found.start : found.end]:
            at = bisect_right(starts, found.start) - 1
            yield lines[at][0], replace(found, start=found.start - starts[at], end=found.end - starts[at])


def _behind_markup(source: SourceText, known: set[str]) -> Iterator[tuple[int, Found]]:
    """Yield identity numbers that a page shows whole and that marks, tags or entities part in its file."""
    for number, line in enumerate(source.lines, 1):
        for found in personal_data(_MARKUP.sub("", unescape(line))):
            if found.kind is Kind.IDENTITY_NUMBER and found.number not in known:
                yield number, replace(found, start=0, end=0)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _lines(source: SourceText) -> Iterator[tuple[int, str]]:
    """Yield the lines that are published, and not there for everybody to see, with their numbers."""
    for number, line in enumerate(source.lines, 1):
        if source.file.endswith(".md"):
            yield number, _PUBLIC_LINK.sub(_blanks, line)
        elif not (source.file.endswith(".po") and _NOT_PUBLISHED.match(line)):
            yield number, line


def _said_in_declarations(catalogue: Catalogue) -> set[str]:
    """Gather the numbers that declarations name, where they are looked at and may be waived."""
    return {number for entry in catalogue.entries for number in entry.numbers}


def _problem(found: Found, place: Place) -> Problem:
    shown = found.masked()
    if found.kind is Kind.IDENTITY_NUMBER:
        return Problem(
            rule=identity_number_in_text.ID,
            place=place,
            message=message("文字里有身份证号码：{shown}", shown=shown),
            hint=identity_number_in_text.HINT,
        )
    return Problem(
        rule=personal_data_in_text.ID,
        severity=personal_data_in_text.SEVERITY,
        place=place,
        message=message("文字里好像有{kind}：{shown}", kind=NAMES[found.kind], shown=shown),
        hint=message(
            "属于个人的，请删去或用 • 遮住；页面上可以公开的，请写成链接，例如 {example}",
            example="[12345](tel:12345)",
        ),
    )
