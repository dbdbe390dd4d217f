"""Personal data in files that serve all declarations: registers, pages, translations, forms and settings.

A declaration is responsible for its own texts and for its lines of a form (`rules/personal_data_in_text.py`)
and may waive a finding. Nothing here needs a waiver: a number written as a link (`tel:`, `mailto:`) on a page
is meant to be public, and a translation may repeat the text of its declaration.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import accumulate

from jixiao.analysis.site_content import SiteContent
from jixiao.check.personal_data_findings import (
    describe_form_finding,
    form_finding_hint,
    is_in_declaration_lines,
)
from jixiao.check.rules import identity_number_in_text, personal_data_in_text
from jixiao.check.rules.personal_data_in_text import KIND_NAMES
from jixiao.i18n import message
from jixiao.load.received_forms import PUBLISHED_COPIES, FormFile
from jixiao.load.source_files import SourceText
from jixiao.personal_data.text_patterns import PersonalDataKind, PersonalDataMatch, find_personal_data
from jixiao.problems import Place, Problem

# No brackets inside, so that many opened ones take linear time.
_PUBLIC_LINK = re.compile(r"\[[^\[\]]*+\]\(\s*+<?(?:tel|mailto):[^()\[\]\s>]*+>?\s*+\)")
_MARKUP = re.compile(r"[*_`~|\[]|<[^<>]*>|\](?:\([^()]*\))?")
"""Markdown and HTML that disappear from a rendered line."""
_PO_LINE_START = re.compile(r'^(?:msg\w+(?:\[\d\])? )?"')
_PO_LINE_END = re.compile(r'(?:\\n)?"$')
# Comments and the names of translators are not published.
_NOT_PUBLISHED = re.compile(r'#|"(?:Last-Translator|Language-Team|Report-Msgid-Bugs-To):')


def check_shared_files(content: SiteContent) -> Iterator[Problem]:
    """Yield a problem for each personal number or address outside the declarations."""
    for source in content.shared_files:
        matches = tuple(_find_in_source(source))
        checked_numbers: set[str] = set()
        if matches and source.file.endswith(".po"):
            # A declaration is checked itself, and can waive the finding.
            checked_numbers.update(*(summary.personal_numbers for summary in content.summaries))
        for line, match in matches:
            if match.kind is PersonalDataKind.IDENTITY_NUMBER or match.number not in checked_numbers:
                yield _text_problem(match, Place(source.file, line, match.start + 1))
    for form in content.forms.values():
        # A copy is reported with its form.
        original = f"forms/{form.path.removeprefix(PUBLISHED_COPIES)}"
        if not form.path.startswith(PUBLISHED_COPIES) or original not in content.forms:
            yield from _check_form(form, content)


def check_settings_text(source: SourceText) -> Iterator[Problem]:
    """Yield a problem for each identity number in the settings, which appear on every page."""
    for line, match in _find_in_source(source):
        if match.kind is PersonalDataKind.IDENTITY_NUMBER:
            yield _text_problem(match, Place(source.file, line, match.start + 1))


def _check_form(form: FormFile, content: SiteContent) -> Iterator[Problem]:
    """Yield the problems of a form that no declaration is responsible for."""
    if form.garbled is not None:
        yield form.garbled
    if not form.findings:
        return
    summaries = [summary for summary in content.summaries if summary.form == form.path]
    file = f"content/{form.published.path if form.published else form.path}"
    for finding in form.findings:
        if any(is_in_declaration_lines(summary, form, finding) for summary in summaries):
            continue
        kind = finding.found.kind
        is_sure = kind is PersonalDataKind.IDENTITY_NUMBER
        rule = identity_number_in_text if is_sure else personal_data_in_text
        yield Problem(
            rule=rule.ID,
            severity=rule.SEVERITY,
            place=Place(file) if finding.line is None else Place(file, finding.line, finding.found.start + 1),
            message=describe_form_finding(finding, form, None if is_sure else KIND_NAMES[kind]),
            hint=form_finding_hint(form, kind),
        )


def _find_in_source(source: SourceText) -> Iterator[tuple[int, PersonalDataMatch]]:
    """Yield possible personal data, also across line ends, with line numbers."""
    lines = list(_find_published_lines(source))
    in_lines = [(number, match) for number, line in lines for match in find_personal_data(line)]
    yield from in_lines
    if source.file.endswith(".md"):
        # Markup, tags and entities split numbers in the file but not on the page.
        known = {match.number for _, match in in_lines}
        for number, line in enumerate(source.lines, 1):
            for match in find_personal_data(_MARKUP.sub("", unescape(line))):
                if match.kind is PersonalDataKind.IDENTITY_NUMBER and match.number not in known:
                    yield number, replace(match, start=0, end=0)
    if source.file.endswith(".po"):
        # A text goes on in the next line behind quotation marks.
        lines = [
            (number, _PO_LINE_END.sub("", _PO_LINE_START.sub(_blank_out, line))) for number, line in lines
        ]
    text = "\n".join(line for _, line in lines)
    starts = [0, *accumulate(len(line) + 1 for _, line in lines)]
    for match in find_personal_data(text):
        if "\n" in text[match.start : match.end]:
            index = bisect_right(starts, match.start) - 1
            start = starts[index]
            yield lines[index][0], replace(match, start=match.start - start, end=match.end - start)


def _blank_out(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _find_published_lines(source: SourceText) -> Iterator[tuple[int, str]]:
    """Yield the lines that are published, with their numbers; deliberately public links are blanked out."""
    for number, line in enumerate(source.lines, 1):
        if source.file.endswith(".md"):
            yield number, _PUBLIC_LINK.sub(_blank_out, line)
        elif not (source.file.endswith(".po") and _NOT_PUBLISHED.match(line)):
            yield number, line


def _text_problem(match: PersonalDataMatch, place: Place) -> Problem:
    shown = match.mask()
    if match.kind is PersonalDataKind.IDENTITY_NUMBER:
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
        message=message("文字里好像有{kind}：{shown}", kind=KIND_NAMES[match.kind], shown=shown),
        hint=message(
            "属于个人的，请删去或用 • 遮住；页面上可以公开的，请写成链接，例如 {example}",
            example="[12345](tel:12345)",
        ),
    )
