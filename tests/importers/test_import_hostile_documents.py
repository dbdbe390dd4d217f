"""Word files, workbooks and PDFs that attack, or that a clerk takes for forms, are refused with a reason."""

import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from jixiao.commands.import_ import ImportRequest, describe_import, import_forms
from jixiao.i18n import load_interface_catalogue
from tests.conftest import ROOT
from tests.support import form_documents
from tests.support.sample_projects import EXAMPLES, assert_matches_golden

REFUSED = EXAMPLES / "import/refused"
FORM = "财政项目支出绩效目标申报表\n项目名称\t甲\t项目性质\t经常性\n"
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"
RELATIONS = "word/_rels/document.xml.rels"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MEBIBYTE = 1024 * 1024


def _with(archive: bytes, parts: Iterable[tuple[str, bytes]], packing: int = ZIP_DEFLATED) -> bytes:
    """Add *parts* to *archive*, replacing one of the same name."""
    added = list(parts)
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(stream, "w", packing) as new:
        for name in old.namelist():
            if name not in dict(added):
                new.writestr(name, old.read(name))
        for name, content in added:
            new.writestr(name, content)
    return stream.getvalue()


def _change_part(archive: bytes, name: str, was: bytes, now: bytes) -> bytes:
    with ZipFile(BytesIO(archive)) as old:
        part = old.read(name)
    assert was in part
    return _with(archive, [(name, part.replace(was, now, 1))])


def _zip(*parts: tuple[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def _pdf(*objects: bytes) -> bytes:
    """Write a PDF of *objects*, the first of them its catalogue."""
    written = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return b"%s%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        written,
        end,
        len(objects) + 1,
        len(written),
    )


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
        *[page] * count,
    )


def _endless() -> bytes:
    """A page whose content draws itself for ever."""
    draw = b"/F Do"
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 6 0 R /Length %d >>"
    stream = b"\nstream\n%s\nendstream"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources 6 0 R >>",
        form % len(draw) + stream % draw,
        b"<< /Length %d >>" % len(draw) + stream % draw,
        b"<< /XObject << /F 4 0 R >> >>",
    )


def _bomb_in_pdf() -> bytes:
    """A page that prints more characters than any form."""
    content = b"BT /F 1 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 2_000 + b"ET"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )


def _packed_in_pdf() -> bytes:
    """A page that draws nothing, in 300 MB that are packed into one."""
    content = zlib.compress(b"0 0 m\n" * 50_000_000, 1)
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    )


def _word() -> bytes:
    return form_documents.build_word_form(FORM)


def _book() -> bytes:
    return form_documents.build_workbook_form(FORM)


def _cells(count: int) -> bytes:
    row = b"<row>" + b'<c t="n"><v>1</v></c>' * 100 + b"</row>"
    with ZipFile(BytesIO(_book())) as book:
        sheet = book.read(SHEET).replace(b"<sheetData>", b"<sheetData>" + row * (count // 100))
    return _with(_book(), [(SHEET, sheet)], packing=ZIP_STORED)


def _far_cell() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    return _change_part(_book(), SHEET, b"</sheetData>", far)


def _formula() -> bytes:
    return _change_part(
        _book(), SHEET, b"</sheetData>", b'<row r="9"><c r="A9"><f>1+1</f></c></row></sheetData>'
    )


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
OUTSIDE = (
    b'<Relationship Id="rId99" TargetMode="External" Target="http://192.0.2.1/x.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    b"</Relationships>"
)
DEEP = b"<w:p>" + b"<w:r>" * 200 + b"</w:r>" * 200 + b"</w:p></w:body>"
FILES: dict[str, Callable[[], bytes]] = {
    "cut-in-the-middle.docx": lambda: _word()[: len(_word()) // 2],
    "nothing.docx": lambda: b"",
    "text.docx": FORM.encode,
    "workbook.docx": _book,
    "document.xlsx": _word,
    "archive.xlsx": lambda: _zip(("form.txt", FORM.encode())),
    "old-document.docx": lambda: OLD_OFFICE,
    "old-document.doc": lambda: OLD_OFFICE,
    "password.xlsx": lambda: OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"),
    "bomb.docx": lambda: _with(_word(), [("word/media/a.png", bytes(65 * MEBIBYTE))]),
    "bomb-in-one-part.docx": lambda: _with(_word(), [("word/styles.xml", bytes(2 * MEBIBYTE))]),
    "large-part.docx": lambda: _with(
        _word(), [("word/styles.xml", b" " * (9 * MEBIBYTE))], packing=ZIP_STORED
    ),
    "many-members.docx": lambda: _with(_word(), [(f"word/media/{n}", b"") for n in range(1001)]),
    "same-name-twice.docx": lambda: _with(_word(), [("Word/Document.xml", b"<a/>")]),
    "name-outside.docx": lambda: _with(_word(), [("../../evil.xml", b"<a/>")]),
    "entities.docx": lambda: _with(_word(), [("word/styles.xml", ENTITIES)]),
    "macro.docx": lambda: _with(_word(), [("word/vbaProject.bin", b"x")]),
    "embedded.docx": lambda: _with(_word(), [("word/embeddings/oleObject1.bin", OLD_OFFICE)]),
    "template-outside.docx": lambda: _change_part(_word(), RELATIONS, b"</Relationships>", OUTSIDE),
    "deep.docx": lambda: _change_part(_word(), DOCUMENT, b"</w:body>", DEEP),
    "not-xml.docx": lambda: _with(_word(), [(DOCUMENT, b"<w:document")]),
    "fifty-thousand-cells.xlsx": lambda: _cells(50_100),
    "cell-far-away.xlsx": _far_cell,
    "all-cells-merged.xlsx": lambda: _change_part(
        _book(),
        SHEET,
        b"</sheetData>",
        b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ),
    "formula-without-value.xlsx": _formula,
    "macro.xlsx": lambda: _with(_book(), [("xl/vbaProject.bin", b"x")]),
    "large.xlsx": lambda: _with(_book(), [("xl/media/a.png", b"x" * (17 * MEBIBYTE))], packing=ZIP_STORED),
    "cut-in-the-middle.pdf": lambda: _pages(1)[:60],
    "random.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "no-text.pdf": lambda: _pages(1),
    "hundred-and-one-pages.pdf": lambda: _pages(101),
    "pages-in-a-ring.pdf": lambda: _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"
    ),
    "draws-itself.pdf": _endless,
    "too-many-characters.pdf": _bomb_in_pdf,
    "three-hundred-megabytes.pdf": _packed_in_pdf,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_attacks_or_is_no_form_is_refused_with_a_reason(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    form = Path(name)
    form.write_bytes(FILES[name]())

    imported = import_forms(ImportRequest(forms=[form], root=ROOT, folder=Path("out")))

    assert not imported.is_clean
    said = [
        f"{line}\n"
        for each in ("en", "zh")
        for line in describe_import(imported, load_interface_catalogue(each))
    ]
    assert_matches_golden(REFUSED / f"{name}.report.txt", "".join(said), rewrites=rewrites_golden)
    assert list(tmp_path.iterdir()) == [tmp_path / form]


def test_a_link_that_a_reader_may_click_is_harmless(tmp_path: Path) -> None:
    link = OUTSIDE.replace(b"attachedTemplate", b"hyperlink")
    form = tmp_path / "form.docx"
    form.write_bytes(_change_part(_word(), RELATIONS, b"</Relationships>", link))

    imported = import_forms(ImportRequest(forms=[form], root=ROOT, folder=tmp_path / "out"))

    assert [file.path.name for file in imported.files] == ["project-1.yml"]
