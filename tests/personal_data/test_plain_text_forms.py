"""Forms in plain text: searched in every encoding, also where they begin as an archive or a PDF does."""

from codecs import BOM_UTF32_BE

import pytest

from jixiao.originals.form_search import search_content
from jixiao.originals.redaction import create_redacted_copy
from tests.support.files_with_identity_numbers import invent_identity_number


@pytest.mark.parametrize(
    ("before", "encoding", "is_sure"),
    [
        *(("", encoding, True) for encoding in ("utf-8", "gb18030", "utf-16", "utf-32", "utf-32-be")),
        ("PK\n", "gb18030", True),
        ("PK\n", "utf-32", True),
        ("说明 %PDF ", "utf-8", True),
        # What may be the rest of a damaged file of another kind is no text for sure.
        ("PK\x03\x04", "utf-8", False),
        ("%PDF-1.4 ", "gb18030", False),
    ],
)
def test_a_text_is_searched_whatever_its_encoding_and_its_first_signs(
    before: str, encoding: str, *, is_sure: bool
) -> None:
    mark = BOM_UTF32_BE if encoding == "utf-32-be" else b""
    content = mark + f"{before}甲\t{invent_identity_number(1)}\r\n乙\n".encode(encoding)
    encoding = encoding.removesuffix("-be")
    found = search_content(content)

    assert {one.found.number for one in found.findings} == {invent_identity_number(1)}
    assert (found.unsearched == ()) is is_sure
    if is_sure:
        expected = content.decode(encoding).replace(invent_identity_number(1), "■" * 18)
        assert create_redacted_copy(content).content.decode(encoding) == expected


def test_a_text_with_nul_between_its_digits_is_not_called_searched() -> None:
    apart = "\0".join(invent_identity_number(1))

    for content in (apart.encode(), apart.encode("utf-16"), apart.encode("utf-32"), b"PK\n" + apart.encode()):
        assert search_content(content).unsearched != ()


def test_what_stands_before_a_pdf_is_searched_as_well() -> None:
    behind = (
        f"身份证 {invent_identity_number(99)}\n".encode()
        + b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    )
    behind += (
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\n%%EOF\n"
    )

    found = search_content(behind)
    assert ({one.found.number for one in found.findings}, len(found.unsearched)) == (
        {invent_identity_number(99)},
        1,
    )
