"""All text of a PDF: what its pages print, and every string of its objects.

Annotations, form fields, bookmarks, descriptions of pictures, document information, XMP. Runs as a program of
its own with limits (`python -m jixiao.personal_data.pdf_strings`), as the reader of its pages does: the file
comes in from the standard input, what was found goes out as JSON.
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

from jixiao.importers.pdf_found import PAGES_LIMIT, Found
from jixiao.importers.readers.bounded_process import limit_this_process
from jixiao.importers.readers.pdf_pages import find

OBJECTS_LIMIT = 200_000
"""Objects of a PDF. A form has about 100."""
CHARACTERS_LIMIT = 4_000_000
"""Characters of all strings. A form has about 5,000."""
_BROKEN = (
    *(PDFException, PSException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(RecursionError, AssertionError),
)
_TAG = re.compile(r"<[^<>]*>")
_OF_FONTS = frozenset({"Font", "FontDescriptor", "Encoding", "CMap", "XRef", "ObjStm"})
_DEPTH = 30
_FAR = 4.0
"""How far apart two characters of one line may be, in heights or widths."""
_LEGIBLE = 2.0
"""Points. Smaller characters are in no line that the reader of pages finds."""


class Strings(TypedDict):
    """What was found in the objects of a PDF."""

    strings: list[tuple[str, str]]
    """Name of the kind of object, or of the entry, and the text."""
    files: list[str]
    """Names of the files that are attached."""
    is_whole: bool
    """Whether all objects were read."""


class Searched(TypedDict):
    """All that was found."""

    pages: Found
    objects: Strings
    turned: list[tuple[int, str]]
    """Pages whose lines are not read from left to right, with their text as it is drawn."""


def strings_of(content: bytes) -> Strings:
    """Gather the strings of all objects of the PDF *content*."""
    found = Strings(strings=[], files=[], is_whole=True)
    try:
        document = PDFDocument(PDFParser(BytesIO(content)))
        numbers = {number for table in document.xrefs for number in table.get_objids()}
    except _BROKEN:
        return Strings(strings=[], files=[], is_whole=False)
    room = CHARACTERS_LIMIT
    roots: list[Any] = [*document.info, *(table.get_trailer() for table in document.xrefs)]
    for number in sorted(numbers)[:OBJECTS_LIMIT]:
        try:
            roots.append(document.getobj(number))
        except _BROKEN:
            continue
    for root in roots:
        for kind, text in _strings(root, "", 0):
            room -= len(text)
            if kind == "\0file":
                found["files"].append(text)
            elif text.strip():
                found["strings"].append((kind, text))
            if room < 0:
                return Strings(strings=found["strings"], files=found["files"], is_whole=False)
    found["is_whole"] = len(numbers) <= OBJECTS_LIMIT
    return found


def turned_texts(content: bytes) -> list[tuple[int, str]]:
    """Return number and text of each page with turned or tiny characters, in the order they are drawn.

    The reader of pages puts characters into lines from left to right, which takes turned lines apart.
    """
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            texts = [(page.page_number, page.chars) for page in pdf.pages[:PAGES_LIMIT]]
    except (*_BROKEN, PdfminerException, MemoryError):
        # The reader of pages has met the same and says so.
        return []
    return [
        (number, _as_drawn(chars))
        for number, chars in texts
        if any(not char["upright"] or char["matrix"][0] <= 0 or char["size"] < _LEGIBLE for char in chars)
    ]


def _as_drawn(chars: Sequence[Mapping[str, Any]]) -> str:
    """Join characters in the order they are drawn, and part them where the pen turns or jumps."""
    pieces = [char["text"] for char in chars[:1]]
    for one, other in pairwise(chars):
        turns = one["matrix"][:4] != other["matrix"][:4]
        way = hypot(other["x0"] - one["x0"], other["top"] - one["top"])
        far = _FAR * max(one["height"], one["width"], other["height"], other["width"])
        pieces.append("\n" if turns or way > far else "")
        pieces.append(other["text"])
    return "".join(pieces)


def _strings(value: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any object
    if depth > _DEPTH:
        return
    match value:
        case bytes():
            yield key, decode_text(value)
        case str():
            yield key, value
        case list():
            for one in value:
                yield from _strings(one, key, depth + 1)
        case dict():
            yield from _of_dictionary(value, key, depth)
        case PDFStream():
            yield from _of_dictionary(value.attrs, key, depth)
            yield from _of_stream(value)
        case _:
            return


def _of_dictionary(value: dict[str, Any], key: str, depth: int) -> Iterator[tuple[str, str]]:
    kinds = {_name(value.get("Type")), _name(value.get("Subtype"))}
    if kinds & _OF_FONTS:
        return
    if "Filespec" in kinds or "EmbeddedFile" in kinds:
        yield (
            "\0file",
            next((decode_text(one) for one in map(value.get, ("UF", "F")) if isinstance(one, bytes)), ""),
        )
    for name, one in value.items():
        # The identifier of a file, and the checksums of attachments, are no text.
        if name not in {"ID", "CheckSum", "O", "U", "OE", "UE", "Perms"}:
            inner = f"{_name(value.get('Subtype')) or key} {name}".strip()
            yield from _strings(one, inner, depth + 1)


def _of_stream(stream: PDFStream) -> Iterator[tuple[str, str]]:
    """Take the text of a stream that is XML: descriptions (XMP), forms (XFA)."""
    kinds = {_name(stream.attrs.get("Type")), _name(stream.attrs.get("Subtype"))}
    if kinds & {"Image", *_OF_FONTS}:
        return
    with suppress(*_BROKEN):
        data = stream.get_data()
        if data[:3] == b"\xef\xbb\xbf":
            data = data[3:]
        if data.lstrip()[:1] == b"<":
            text = data.decode("utf-8", errors="replace")
            yield "XML", unescape(_TAG.sub(" ", text))
            # Attributes of XMP hold values as well.
            yield "XML", " ".join(re.findall(r'="([^"]*)"', text))


def _name(value: object) -> str:
    return str(value.name) if isinstance(value, PSLiteral) else ""


def main() -> None:
    """Read a PDF from the standard input within limits, and write what was found as JSON."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    json.dump(
        Searched(pages=find(content), objects=strings_of(content), turned=turned_texts(content)), sys.stdout
    )


if __name__ == "__main__":
    main()
