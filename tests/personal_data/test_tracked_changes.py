"""What was deleted under tracking leaves nothing behind in the copy of a Word file."""

from io import BytesIO

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from lxml.etree import _Element

from jixiao.originals.redaction import create_redacted_copy


def _delete_words(table: Table, row: int) -> None:
    tree: _Element = table._tbl  # noqa: SLF001 - tracking has no other way in
    for run in list(list(tree.iter(qn("w:tr")))[row].iter(qn("w:r"))):
        deleted: _Element = OxmlElement("w:del")
        run.addprevious(deleted)
        deleted.append(run)
        for text in run.iter(qn("w:t")):
            text.tag = qn("w:delText")


def test_a_row_a_cell_or_a_table_that_was_deleted_is_not_in_the_copy() -> None:
    document = Document()
    kept, gone = document.add_table(3, 2), document.add_table(1, 1)
    for number, words in enumerate(("名称", "巡诊", "旧行", "旧值", "旧格", "年度")):
        kept.cell(*divmod(number, 2)).text = words
    gone.cell(0, 0).text = "旧表"
    for table, row in ((kept, 1), (gone, 0)):
        _delete_words(table, row)
        table.rows[row]._tr.get_or_add_trPr().append(OxmlElement("w:del"))  # noqa: SLF001
    kept.cell(2, 0)._tc.get_or_add_tcPr().append(OxmlElement("w:cellDel"))  # noqa: SLF001
    document.add_paragraph("以上属实")
    stream = BytesIO()
    document.save(stream)

    copy = Document(BytesIO(create_redacted_copy(stream.getvalue()).content))

    cells = [
        ["".join(text.text for text in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
        for row in copy.element.body.iter(qn("w:tr"))
    ]
    assert (cells, len(copy.tables)) == ([["名称", "巡诊"], ["年度"]], 1)
    assert [one.text for one in copy.paragraphs] == ["以上属实"]
