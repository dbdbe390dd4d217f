"""Cells of CSV, value by value: no spreadsheet computes one, and what was filed comes back."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.analysis.data_columns import ORGANISATIONS
from jixiao.analysis.data_table import CellValue
from jixiao.downloads.rows import format_csv_head, format_csv_rows


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("", ""),
        ("完成", "完成"),
        ("5=5", "5=5"),
        (0, "0"),
        (-3, "-3"),
        (Decimal("54449000.10"), "54449000.10"),
        (Decimal("1E+3"), "1000"),
        ("=100%", "'=100%"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝100%", "'＝100%"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ("\n=1", '"\'\n=1"'),
        ("'=1", "''=1"),
        ("'", "''"),
        ('a,"b"', '"a,""b"""'),
    ],
)
def test_a_cell_is_written_so(value: CellValue, written: str) -> None:
    assert format_csv_rows([[value, "x"]]) == f"{written},x\r\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_what_was_filed_comes_back_and_no_cell_begins_like_a_formula(texts: list[str]) -> None:
    (cells,) = csv.reader(io.StringIO(format_csv_rows([texts]), newline=""), strict=True)
    assert [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))] == []
    assert [cell.removeprefix("'") for cell in cells] == texts


def test_a_file_begins_with_the_mark_of_utf_8_and_the_names_of_its_columns() -> None:
    assert format_csv_head(ORGANISATIONS) == "\ufeffid,name,kind,parent,aliases,page\r\n"
