"""Words as paper takes them: a string in the language of the paper, or Chinese that is marked as Chinese."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao.analysis.reviewer_questions import Enquiry, Word
from jixiao.i18n import SOURCE_LANGUAGE, html_language
from jixiao.pages.localizer import Voice
from jixiao.text import Text

Printed = str | dict[str, str]
"""Words, or words with the language that they are in where it is not that of the paper."""


def said(voice: Voice, sentence: str, **values: Text | str | int) -> str:
    """Say a sentence of the interface."""
    return voice.plainly(sentence, **values).plain()


def filed(voice: Voice, text: Text) -> Printed:
    """Print what was filed, translated or as it is."""
    words = voice.translated(text).plain()
    if voice.is_translated(text):
        return words
    return {"text": words, "lang": html_language(SOURCE_LANGUAGE).partition("-")[0]}


def paragraphs(voice: Voice, text: Text | None) -> list[Printed]:
    """Print what was filed as paragraphs; nothing filed is 未填报."""
    if text is None:
        return [said(voice, "未填报")]
    if voice.is_translated(text):
        return [one.plain() for one in voice.translated(text).paragraphs()]
    return [filed(voice, one) for one in text.paragraphs()]


def marks(voice: Voice, of_place: Iterable[str]) -> list[str]:
    """Say the marks of a place."""
    return [said(voice, mark) for mark in of_place]


def asked(voice: Voice, enquiry: Enquiry) -> str:
    """Write a question out; texts of the form in it are translated where they can be."""
    values = {
        name: said(voice, value.said) if isinstance(value, Word) else voice.translated(value)
        for name, value in enquiry.values.items()
    }
    return said(voice, enquiry.sentence, **values)
