"""A form as received: its path, its checksum, what of it is published, and what a search has found in it."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.i18n import Message
from jixiao.personal_data.text_patterns import Found
from jixiao.problems import Problem

COPIES = "forms/published/"
"""Copies to publish, under the name of their form: `forms/published/museum.docx` for `forms/museum.docx`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundInForm:
    """What looks like personal data in a form, with its place."""

    found: Found
    line: int | None = None
    """Of a form in plain text, counted from 1."""
    place: Message | None = None
    """Of any other form: `表 1，第 7 行，第 3 格`."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """The file that readers get for a form: the form itself, or a copy without personal data."""

    path: str
    """Relative to `content/`, and in the site."""
    sha256: str
    """Hexadecimal, lower case."""


@dataclass(frozen=True, kw_only=True)
class FormFile:
    """A form as received, kept under `content/forms/`."""

    path: str
    """Relative to `content/`, e.g. `forms/declarations-2021.txt`."""
    sha256: str
    """Hexadecimal, lower case."""
    size: int
    """Bytes."""
    published: Published | None = None
    """`None` where the site publishes no forms."""
    findings: tuple[FoundInForm, ...] = ()
    """What a search has found in the published file."""
    unsearched: tuple[Message, ...] = ()
    """Why the published file, or a part of it, could not be searched."""
    garbled: Problem | None = None
    """A published form in plain text was opened in the wrong encoding and saved again."""

    @property
    def state(self) -> str:
        """What a page that shows the form follows from."""
        return f"{self.sha256} {self.published}"

    @property
    def is_copied(self) -> bool:
        """Whether readers get a copy in its place."""
        return self.published is not None and self.published.path != self.path
