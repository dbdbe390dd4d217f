"""Strings of the objects of a PDF, beside the text of its pages.

Annotations, form fields, bookmarks, picture descriptions, document information, XMP. Runs as a program of its
own with limits (`python -m jixiao.originals.pdf_strings`). Reads the file from standard input, writes JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from io import BytesIO
from itertools import pairwise
from math import hypot
from typing import Any, TypedDict

import pdfplumber
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSException
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text
from pdfplumber.utils.exceptions import PdfminerException

from jixiao.importers.readers.bounded_process import PDF_PAGES_LIMIT, PdfContent, limit_this_process
from jixiao.importers.readers.pdf_pages import read_pdf_content

PDF_OBJECTS_LIMIT = 200_000
"""Objects of a PDF. A form has about 100."""
STRING_CHARACTERS_LIMIT = 4_000_000
"""Characters of all strings. A form has about 5,000."""
_PDF_ERRORS = (
    *(PDFException, PSException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(RecursionError, AssertionError),
)
_TAG = re.compile(r"<[^<>]*>")
_FONT_KINDS = frozenset({"Font", "FontDescriptor", "Encoding", "CMap", "XRef", "ObjStm"})
_DEPTH_LIMIT = 30
_JUMP_DISTANCE = 4.0
"""Distance, in heights or widths, beyond which two characters are not on one line."""
_LEGIBLE_SIZE = 2.0
"""Points. The page reader assigns smaller characters to no line."""


class PdfStrings(TypedDict):
    """Strings found in the objects of a PDF."""

    strings: list[tuple[str, str]]
    """Pairs of object kind or entry name, and text."""
    files: list[str]
    """Names of attached files."""
    is_whole: bool
    """Whether all objects were read."""


class PdfSearchText(TypedDict):
    """All text of a PDF."""

    pages: PdfContent
    objects: PdfStrings
    turned: list[tuple[int, str]]
    """Page number and text as drawn, for pages with lines that do not run from left to right."""


def read_strings(content: bytes) -> PdfStrings:
    """Read the strings of all objects of the PDF *content*."""
    found = PdfStrings(strings=[], files=[], is_whole=True)
    try:
        document = PDFDocument(PDFParser(BytesIO(content)))
        numbers = {number for table in document.xrefs for number in table.get_objids()}
    except _PDF_ERRORS:
        return PdfStrings(strings=[], files=[], is_whole=False)
    room = STRING_CHARACTERS_LIMIT
    roots: list[Any] = [*document.info, *(table.get_trailer() for table in document.xrefs)]
    for number in sorted(numbers)[:PDF_OBJECTS_LIMIT]:
        try:
            roots.append(document.getobj(number))
        except _PDF_ERRORS:
            continue
    for root in roots:
        for kind, text in _iterate_strings(root, "", 0):
            room -= len(text)
            if kind == "\0file":
                found["files"].append(text)
            elif text.strip():
                found["strings"].append((kind, text))
            if room < 0:
                found["is_whole"] = False
                return found
    found["is_whole"] = len(numbers) <= PDF_OBJECTS_LIMIT
    return found


def read_turned_texts(content: bytes) -> list[tuple[int, str]]:
    """Return number and text of each page with turned or tiny characters, in drawing order.

    The page reader groups characters into lines from left to right, which breaks up turned lines.
    """
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            texts = [(page.page_number, page.chars) for page in pdf.pages[:PDF_PAGES_LIMIT]]
    except (*_PDF_ERRORS, PdfminerException, MemoryError):
        # The reader of pages meets the same failure and reports it.
        return []
    return [
        (number, _join_as_drawn(chars))
        for number, chars in texts
        if any(
            not char["upright"] or char["matrix"][0] <= 0 or char["size"] < _LEGIBLE_SIZE for char in chars
        )
    ]


def _join_as_drawn(chars: Sequence[Mapping[str, Any]]) -> str:
    """Join characters in drawing order, with line breaks where the direction turns or jumps."""
    pieces = [char["text"] for char in chars[:1]]
    for before, char in pairwise(chars):
        turns = before["matrix"][:4] != char["matrix"][:4]
        distance = hypot(char["x0"] - before["x0"], char["top"] - before["top"])
        size = max(before["height"], before["width"], char["height"], char["width"])
        pieces.append("\n" if turns or distance > _JUMP_DISTANCE * size else "")
        pieces.append(char["text"])
    return "".join(pieces)


def _iterate_strings(value: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any object
    if depth > _DEPTH_LIMIT:
        return
    match value:
        case bytes():
            yield key, decode_text(value)
        case str():
            yield key, value
        case list():
            for item in value:
                yield from _iterate_strings(item, key, depth + 1)
        case dict():
            yield from _iterate_dictionary_strings(value, key, depth)
        case PDFStream():
            yield from _iterate_dictionary_strings(value.attrs, key, depth)
            yield from _iterate_stream_strings(value)
        case _:
            return


def _iterate_dictionary_strings(value: dict[str, Any], key: str, depth: int) -> Iterator[tuple[str, str]]:
    kinds = {_read_name(value.get("Type")), _read_name(value.get("Subtype"))}
    if kinds & _FONT_KINDS:
        return
    if "Filespec" in kinds or "EmbeddedFile" in kinds:
        names = [name for name in (value.get("UF"), value.get("F")) if isinstance(name, bytes)]
        yield "\0file", decode_text(names[0]) if names else ""
    for name, item in value.items():
        # Identifiers, checksums and keys are no text.
        if name not in {"ID", "CheckSum", "O", "U", "OE", "UE", "Perms"}:
            inner = f"{_read_name(value.get('Subtype')) or key} {name}".strip()
            yield from _iterate_strings(item, inner, depth + 1)


def _iterate_stream_strings(stream: PDFStream) -> Iterator[tuple[str, str]]:
    """Yield the text of a stream that is XML: descriptions (XMP), forms (XFA)."""
    kinds = {_read_name(stream.attrs.get("Type")), _read_name(stream.attrs.get("Subtype"))}
    if kinds & {"Image", *_FONT_KINDS}:
        return
    with suppress(*_PDF_ERRORS):
        data = stream.get_data()
        if data[:3] == b"\xef\xbb\xbf":
            data = data[3:]
        if data.lstrip()[:1] == b"<":
            text = data.decode("utf-8", errors="replace")
            yield "XML", unescape(_TAG.sub(" ", text))
            # Attributes of XMP hold values as well.
            yield "XML", " ".join(re.findall(r'="([^"]*)"', text))


def _read_name(value: object) -> str:
    return str(value.name) if isinstance(value, PSLiteral) else ""


def main() -> None:
    """Read a PDF from standard input within limits and write its text as JSON."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    json.dump(
        PdfSearchText(
            pages=read_pdf_content(content), objects=read_strings(content), turned=read_turned_texts(content)
        ),
        sys.stdout,
    )


if __name__ == "__main__":
    main()
