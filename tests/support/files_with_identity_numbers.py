"""Word files, workbooks and PDFs with an invented identity number in every place where a file can keep one."""

# ruff: noqa: E501, ISC004 - a part of a file is easier to read in one line

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.personal_data.text_patterns import compute_check_digit


def invent_identity_number(number: int) -> str:
    """Invent an identity number, another one for each *number*."""
    digits = f"110101{1950 + number % 50}0101{number:03d}"
    return digits + compute_check_digit(digits)


def add_archive_parts(
    archive: bytes, parts: Mapping[str, str | bytes], replaced: Mapping[str, tuple[str, str]]
) -> bytes:
    """Add *parts* to an archive, and replace words in some that are there."""
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name in replaced:
                old, new = replaced[name]
                assert old.encode() in content, name
                content = content.replace(old.encode(), new.encode(), 1)
            after.writestr(name, content)
        for name, added in parts.items():
            after.writestr(name, added)
    return stream.getvalue()


def remove_archive_part(archive: bytes, name: str) -> bytes:
    """Leave a part of an archive out."""
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for kept in before.namelist():
            if kept != name:
                after.writestr(kept, before.read(kept))
    return stream.getvalue()


def _paragraph(inner: str) -> str:
    return f"<w:p {nsdecls('w', 'wp', 'a')}>{inner}</w:p>"


def build_word_file() -> tuple[bytes, dict[str, str]]:
    """Build a Word file with a number in every place; return it with the number of each place."""
    document = Document()
    number = {place: invent_identity_number(at) for at, place in enumerate(WORD_PLACES)}
    body = document.element.body
    document.add_paragraph(f"说明 {number['正文']}")
    table = document.add_table(rows=2, cols=3)
    table.cell(1, 2).text = number["表格"]
    split = table.cell(0, 0).paragraphs[0]
    for part in (number["拆成几段格式"][:5], number["拆成几段格式"][5:12], number["拆成几段格式"][12:]):
        split.add_run(part).bold = True
    wrapped = table.cell(0, 1)
    wrapped.text = number["格内换行"][:9]
    wrapped.add_paragraph(number["格内换行"][9:])
    for column, part in enumerate((number["跨两格"][:6], number["跨两格"][6:])):
        table.cell(1, column).text = part
    section = document.sections[0]
    section.header.paragraphs[0].text = number["页眉"]
    section.footer.paragraphs[0].text = number["页脚"]
    section.first_page_header.paragraphs[0].text = number["首页页眉"]
    for inner in (
        f"<w:del w:author='x'><w:r><w:delText>{number['删除的修订']}</w:delText></w:r></w:del>",
        f"<w:ins w:author='x'><w:r><w:t>{number['插入的修订']}</w:t></w:r></w:ins>",
        f"<w:r><w:t>{number['删去中间'][:6]}</w:t></w:r><w:del w:author='x'><w:r><w:delText>某</w:delText></w:r></w:del>"
        f"<w:r><w:t>{number['删去中间'][6:]}</w:t></w:r>",
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{number['隐藏文字']}</w:t></w:r>",
        f"<w:r><w:instrText>DOCVARIABLE {number['域代码']}</w:instrText></w:r>",
        f"<w:sdt><w:sdtPr><w:tag w:val='{number['控件标记']}'/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>",
        f"<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{number['文本框']}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
        f"<w:r><w:drawing><wp:inline><wp:docPr id='7' name='x' descr='照片 {number['替代文字']}'/></wp:inline></w:drawing></w:r>",
    ):
        body.insert(0, parse_xml(_paragraph(inner)))
    core = document.core_properties
    core.author, core.title, core.keywords = "王小明", f"表 {number['标题属性']}", number["关键词属性"]
    document.add_comment(document.paragraphs[-1].runs, text=number["批注"], author="李雷雷")
    stream = BytesIO()
    document.save(stream)
    custom = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote><w:p><w:r><w:t>{number['脚注']}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    content = add_archive_parts(
        stream.getvalue(),
        {
            "word/footnotes.xml": notes,
            "docProps/custom.xml": f"<Properties xmlns='{custom}'><property name='x'><v>{number['自定义属性']}</v></property></Properties>",
            "customXml/item9.xml": f"<a b='{number['自定义部件的属性']}'>{number['自定义部件']}</a>",
            "word/charts/chart1.xml": f"<c><v>{number['图表']}</v></c>",
            "word/media/image1.png": b"\x89PNG\r\n\x1a\n",
            "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        },
        {"docProps/app.xml": ("</Properties>", f"<Company>{number['公司属性']}</Company></Properties>")},
    )
    return content, number


WORD_PLACES = (
    *(
        "正文",
        "表格",
        "拆成几段格式",
        "格内换行",
        "跨两格",
        "页眉",
        "页脚",
        "首页页眉",
        "删除的修订",
        "插入的修订",
        "删去中间",
    ),
    *(
        "隐藏文字",
        "域代码",
        "控件标记",
        "文本框",
        "替代文字",
        "标题属性",
        "关键词属性",
        "批注",
        "脚注",
        "自定义属性",
    ),
    *("自定义部件的属性", "自定义部件", "图表", "公司属性"),
)


def build_workbook() -> tuple[bytes, dict[str, str]]:
    """Make a workbook with a number in every place; return it with the number of each place."""
    number = {place: invent_identity_number(at) for at, place in enumerate(WORKBOOK_PLACES)}
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "表"
    sheet["A1"] = number["格"]
    sheet["A2"] = 12345
    for column, digit in enumerate(number["一格一位"], 1):
        sheet.cell(3, column).value = digit
    sheet["A4"] = f'=CONCATENATE("{number["公式"]}")'
    sheet["A5"] = "说明"
    sheet["A5"].comment = Comment(number["批注"], number["批注作者"])
    sheet["A6"] = number["隐藏的行"]
    sheet.row_dimensions[6].hidden = True
    sheet["T7"] = number["隐藏的列"]
    sheet.column_dimensions["T"].hidden = True
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(center=_HeaderFooterPart(text=number["页眉"]))
    book.create_sheet("藏").append([number["隐藏的工作表"]])
    book["藏"].sheet_state = "hidden"
    book.create_sheet("深").append([number["深度隐藏的工作表"]])
    book["深"].sheet_state = "veryHidden"
    book.defined_names["x"] = DefinedName("x", attr_text=f'"{number["名称"]}"')
    book.properties.description = number["备注属性"]
    stream = BytesIO()
    book.save(stream)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    unused = f"<sst xmlns='{namespace}'><si><t>{number['没有格子显示的文字']}</t></si></sst>"
    content = add_archive_parts(
        stream.getvalue(),
        {
            "xl/sharedStrings.xml": unused,
            "xl/drawings/drawing9.xml": f"<x><sp><t>{number['文本框'][:8]}</t><t>{number['文本框'][8:]}</t></sp></x>",
            "xl/pivotCache/pivotCacheRecords1.xml": f"<x><s v='{number['透视表缓存']}'/></x>",
        },
        {"xl/worksheets/sheet1.xml": ("<v>12345</v>", f"<v>{number['数字格']}</v>")},
    )
    return content, number


WORKBOOK_PLACES = (
    *(
        "数字格",
        "格",
        "一格一位",
        "公式",
        "批注",
        "批注作者",
        "隐藏的行",
        "隐藏的列",
        "页眉",
        "隐藏的工作表",
        "深度隐藏的工作表",
    ),
    *("名称", "备注属性", "没有格子显示的文字", "文本框", "透视表缓存"),
)


def build_pdf() -> tuple[bytes, dict[str, str]]:
    """Make a PDF with a number in every place; return it with the number of each place."""
    number = {place: invent_identity_number(at) for at, place in enumerate(PDF_PLACES)}
    page = f"BT /F1 12 Tf 50 700 Td ({number['页面']}) Tj 3 Tr 0 -40 Td ({number['看不见的文字']}) Tj ET"
    page += f" BT /F1 12 Tf 0 1 -1 0 200 20 Tm ({number['转了向的文字']}) Tj ET"
    page += f" BT /F1 12 Tf -1 0 0 -1 500 600 Tm ({number['倒过来的文字']}) Tj ET"
    page += f" BT /F1 0.1 Tf 1 0 0 1 50 500 Tm ({number['极小的文字']}) Tj ET"
    utf16 = number["表单"].encode("utf-16-be").hex()
    xmp = f"<x:xmpmeta xmlns:x='a'><d b=\"{number['XMP 的属性']}\">{number['XMP']}</d></x:xmpmeta>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Metadata 8 0 R /Outlines 10 0 R /AcroForm << /Fields [6 0 R] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R 6 0 R 9 0 R]"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        f"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents ({number['批注']}) /T (x) >>",
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (x) /TU ({number['表单提示']}) /V <FEFF{utf16}> /Rect [0 0 9 9] >>",
        f"<< /Title ({number['标题']}) /Author ({number['作者']}) >>",
        f"<< /Type /Metadata /Subtype /XML /Length {len(xmp)} >>\nstream\n{xmp}\nendstream",
        f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://x.cn/{number['链接']}) >> >>",
        f"<< /Type /Outlines /First << /Title ({number['书签']}) >> >>",
        f"<< /Type /Filespec /F ({number['附件名']}.txt) /EF << /F 4 0 R >> >>",
    ]
    content = b"%PDF-1.7\n"
    places = []
    for at, one in enumerate(objects, 1):
        places.append(len(content))
        content += f"{at} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 7 0 R >>\n"
    )
    return content + f"{trailer}startxref\n{len(content)}\n%%EOF\n".encode("latin-1"), number


PDF_PLACES = (
    *(
        "页面",
        "看不见的文字",
        "转了向的文字",
        "倒过来的文字",
        "极小的文字",
        "批注",
        "表单",
        "表单提示",
        "标题",
        "作者",
        "XMP",
        "XMP 的属性",
        "链接",
        "书签",
        "附件名",
    ),
)
