"""What a cell of a workbook shows is what was filed; nothing stored is rounded away unsaid."""

from datetime import datetime, time

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.importers.readers.workbook_form import display_cell

DAY = datetime(2021, 3, 1)  # noqa: DTZ001 - a day of a form has no zone


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (None, "General", ""),
        ("=100%", "General", "=100%"),
        ("甲\r\n乙\t丙", "@", "甲\n乙 丙"),
        (True, "General", "TRUE"),
        (0, "General", "0"),
        (0, "#,##0", "0"),
        (15986000, "#,##0", "15,986,000"),
        (15986000, "#,##0.00", "15,986,000.00"),
        (123.45, "General", "123.45"),
        (0.1 + 0.2, "General", "0.3"),
        (0.9, "0%", "90%"),
        (0.905, "0.0%", "90.5%"),
        (1200, '0"元"', "1200元"),
        (1200, "[$¥-804]#,##0", "¥1,200"),
        (1200, "#,##0_ ;[Red]-#,##0", "1,200"),
        (480, '"≥"0"次"', "≥480次"),
        (12, "000", "012"),
        (1.5, "0.0#", "1.5"),
        (DAY, "yyyy-mm-dd", "2021-03-01"),
        (DAY, "yyyy/m/d", "2021/3/1"),
        (DAY, 'yyyy"年"m"月"d"日"', "2021年3月1日"),
        (DAY, "mm-dd-yy", "2021-03-01"),
    ],
)
def test_a_cell_gives_what_it_shows(value: object, code: str, text: str) -> None:
    assert display_cell(value, code) == (text, None)


@pytest.mark.parametrize(
    ("value", "code", "text", "remark"),
    [
        (
            1234.5,
            "0",
            "1234.5",
            "1235 is shown and 1234.5 is stored: the stored figure was read; please check",
        ),
        (
            0.9049,
            "0%",
            "90.49%",
            "90% is shown and 90.49% is stored: the stored figure was read; please check",
        ),
        (-5, "0", "-5", "the number format “0” is not known: -5 was read, as stored; please check"),
        (5, "0E+00", "5", "the number format “0E+00” is not known: 5 was read, as stored; please check"),
        (1000, "0,", "1000", "the number format “0,” is not known: 1000 was read, as stored; please check"),
        (
            DAY,
            "mmm d",
            "2021-03-01",
            "the number format “mmm d” is not known: 2021-03-01 was read, as stored; please check",
        ),
        (
            time(8, 30),
            "h:mm",
            "08:30:00",
            "the number format “h:mm” is not known: 08:30:00 was read, as stored; please check",
        ),
    ],
)
def test_where_more_is_stored_than_shown_the_stored_is_read_and_told(
    value: object, code: str, text: str, remark: str
) -> None:
    found = display_cell(value, code)

    assert found.text == text
    assert found.remark is not None
    assert found.remark.translate(load_interface_catalogue("en")) == remark
