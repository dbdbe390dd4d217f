"""Sums, days, years and ids: what is read, exactly, and which rule refuses the rest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from jixiao.i18n import TranslationCatalogue
from jixiao.load.tree_to_model import Flag
from jixiao.model.values import (
    Cell,
    Count,
    Day,
    FiledMoney,
    Line,
    Model,
    Money,
    Prose,
    Slug,
    Year,
    read_cell,
    read_count,
    read_day,
    read_line,
    read_money,
    read_prose,
    read_slug,
    read_year,
)
from jixiao.text import Text
from tests.support.sample_projects import read_error, refusing_rule

CHINESE = TranslationCatalogue(language="zh")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", "0"),
        ("0.5", "0.5"),
        ("0.000001", "0.000001"),
        ("9", "9"),
        ("10", "10"),
        ("100", "100"),
        ("1234567890", "1234567890"),
        ("1,234", "1234"),
        ("12,345", "12345"),
        ("54,449,000", "54449000"),
        ("123,456.78", "123456.78"),
        ("54449000.10", "54449000.10"),
        ("999999999999999", "999999999999999"),
        ("999,999,999,999,999.999999", "999999999999999.999999"),
    ],
)
def test_a_sum_is_read_to_the_last_digit_and_keeps_how_it_was_filed(typed: str, value: str) -> None:
    money = read_money(typed)

    assert money == Money(typed, Decimal(value))
    assert str(money.value) == value


@given(st.decimals(min_value=0, max_value=10**15 - 1, places=2, allow_nan=False))
def test_any_sum_below_the_limit_is_read_whole_with_and_without_commas(value: Decimal) -> None:
    assert read_money(f"{value:f}").value == value
    assert read_money(f"{value:,f}").value == value


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("0123", "money-leading-zero"),
        ("00", "money-leading-zero"),
        ("00.5", "money-leading-zero"),
        ("0,123", "money-leading-zero"),
        ("1000000000000000", "money-out-of-range"),
        ("1,000,000,000,000,000.00", "money-out-of-range"),
        ("1" * 17, "money-out-of-range"),
        ("9" * 5000, "money-out-of-range"),
        ("0.0000001", "money-decimals"),
        ("1,000.1234567", "money-decimals"),
        ("-5", "money-negative"),
        ("-5元", "money-negative"),
        ("\N{MINUS SIGN}5", "money-negative"),
        ("--5", "money-negative"),
        ("—5", "money-negative"),
        ("–5", "money-negative"),
        ("－5", "money-negative"),
        *((f"5{unit}", "money-with-unit") for unit in ("元", "万", "亿", "千", "百", "仟", "佰", "人民币")),
        ("5人民", "money-format"),
        ("5民币", "money-format"),
        ("¥5", "money-with-unit"),
        ("$5", "money-with-unit"),
        ("RMB 5", "money-with-unit"),
        ("5 CNY", "money-with-unit"),
        ("54,44,9000", "money-grouping"),
        ("1,2345", "money-grouping"),
        ("1,23,456.5", "money-grouping"),
        ("1234,567", "money-grouping"),
        ("1,234,56", "money-grouping"),
        ("0,0", "money-grouping"),
        (",123", "money-grouping"),
        ("9,", "money-grouping"),
        ("1,0.05", "money-grouping"),
        ("1,9.95", "money-grouping"),
        ("5.", "money-format"),
        (".5", "money-format"),
        ("1,.", "money-format"),
        ("1.2.3", "money-format"),
        ("1x2", "money-format"),
        ("1,2x3", "money-format"),
        ("1 000", "money-format"),
        ("1_000", "money-format"),
        ("5e3", "money-format"),
        ("+5", "money-format"),
        ("NaN", "money-format"),
        ("5MB", "money-format"),
        ("5RM", "money-format"),
        ("5NY", "money-format"),
        ("5CN", "money-format"),
        ("5\N{SUPERSCRIPT TWO}", "money-format"),
        ("1,000.5,5", "money-format"),
        ("54,449,000 ", "money-format"),
        ("1\n", "money-format"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "money-format"),
        ("５", "full-width"),
        ("5，000", "full-width"),
        ("￥5", "money-with-unit"),
        ("", "empty-value"),
    ],
)
def test_what_is_no_sum_is_refused_by_the_rule_that_explains_it(typed: str, rule: str) -> None:
    assert refusing_rule(read_money, typed) == rule


def test_a_sum_with_too_many_decimals_is_to_be_checked() -> None:
    misread = read_error(read_money, "1.1234567")

    assert (misread.message.translate(CHINESE), misread.hint.translate(CHINESE)) == (
        "金额的小数位太多",
        "请核对金额",
    )


@pytest.mark.parametrize(("typed", "narrow"), [("５", "5"), ("１，２３４．５０", "1,234.50"), ("１2", "12")])
def test_full_width_digits_are_refused_with_the_half_width_form(typed: str, narrow: str) -> None:
    misread = read_error(read_money, typed)

    assert misread.message.translate(CHINESE) == f"用了全角字符：{typed}"
    assert misread.hint.translate(CHINESE) == f"请改成半角：{narrow}"


@pytest.mark.parametrize("typed", ["！5", "～5", "5²"])
def test_a_mark_that_has_no_place_in_a_sum_is_offered_in_no_other_form(typed: str) -> None:
    assert read_error(read_money, typed).message.translate(CHINESE) == f"这不是金额：{typed}"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2021-01-31", date(2021, 1, 31)),
        ("1999-09-09", date(1999, 9, 9)),
        ("2020-02-29", date(2020, 2, 29)),
        ("0890-10-05", date(890, 10, 5)),
    ],
)
def test_a_day_is_read(typed: str, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("2021-1-31", "date-format"),
        ("2021-01-1", "date-format"),
        ("21-01-31", "date-format"),
        ("02021-01-31", "date-format"),
        ("2021-001-31", "date-format"),
        ("2021-01-031", "date-format"),
        ("2021/01/31", "date-format"),
        ("20210131", "date-format"),
        ("2021-01-31 ", "date-format"),
        ("２021-01-31", "full-width"),
        ("2021-02-29", "date-not-in-calendar"),
        ("0000-01-01", "date-not-in-calendar"),
        ("2021-13-01", "date-not-in-calendar"),
    ],
)
def test_what_is_no_day_is_refused(typed: str, rule: str) -> None:
    assert refusing_rule(read_day, typed) == rule


@pytest.mark.parametrize(
    "typed",
    [
        *(f"2019{mark}9{mark}10" for mark in "-/.–—"),
        *("2019年9月10日", "2019年9月10", "2019年09月10日", "2019-9月10日", "2019/09-10"),
    ],
)
def test_a_day_that_is_written_in_another_way_is_offered_in_the_right_one(typed: str) -> None:
    misread = read_error(read_day, typed)

    assert misread.message.translate(CHINESE) == f"日期写法不对：{typed}"
    assert misread.hint.translate(CHINESE) == "请写成 2019-09-10"


@pytest.mark.parametrize(
    "typed",
    [
        "2021/13/1",
        "2021年2月30日",
        "2021--31",
        "2021-1-",
        "2021-001-31",
        "2021-1-031",
        "21/1/31",
        "2021 1 31",
        "2021年",
    ],
)
def test_a_day_that_cannot_be_guessed_is_refused_with_an_example(typed: str) -> None:
    misread = read_error(read_day, typed)

    assert (misread.rule, misread.hint.translate(CHINESE)) == ("date-format", "请写成 2021-01-31 的样子")


@pytest.mark.parametrize("typed", ["/", "-", "–", "—", "——", "无", "空", "N/A", "n/a", "NA"])
def test_what_stands_for_a_blank_on_paper_is_no_sum_and_not_zero(typed: str) -> None:
    misread = read_error(read_money, typed)

    assert misread.rule == "money-format"
    assert misread.hint.translate(CHINESE) == "表上没有填金额的，请删除这一行，不要写 0"


def test_every_month_and_day_is_offered() -> None:
    for day in (date(2021, 1, 1) + timedelta(number) for number in range(365)):
        typed = f"{day.year}年{day.month}月{day.day}日"
        assert read_error(read_day, typed).hint.translate(CHINESE) == f"请写成 {day.isoformat()}"


def test_a_year_has_four_digits_of_this_century_or_the_last() -> None:
    assert [read_year(typed) for typed in ("1900", "1999", "2000", "2021", "2099")] == [
        *(1900, 1999, 2000, 2021, 2099)
    ]
    for typed in ("1899", "2100", "021", "20210", "20", "190", "2o21", "2021 "):
        assert refusing_rule(read_year, typed) == "year-format"
    assert refusing_rule(read_year, "２021") == "full-width"


def test_a_count_is_a_whole_number_from_1_of_at_most_six_digits() -> None:
    assert [read_count(typed) for typed in ("1", "5", "9", "10", "19", "999999")] == [
        *(1, 5, 9, 10, 19, 999999)
    ]
    for typed in ("0", "01", "1000000", "-1", "1.0", "x"):
        assert refusing_rule(read_count, typed) == "count-format"
    misread = read_error(read_count, "x")
    assert misread.message.translate(CHINESE) == "这里应是从 1 起的整数：x"
    assert misread.hint.translate(CHINESE) == "只写数字，例如 12"


def test_an_id_is_lower_case_words_and_digits_joined_by_single_hyphens() -> None:
    for typed in ("a", "z", "0", "9", "fund-use-rate", "a1-b2", "x" * 80):
        assert read_slug(typed) == typed
    for typed in ("A", "a_b", "-a", "a-", "a--b", "a b", "中", "x" * 81, "a\n", "é"):
        assert refusing_rule(read_slug, typed) == "id-format"


def test_a_line_holds_500_characters_and_no_line_break() -> None:
    assert read_line("字" * 500) == Text("字" * 500)
    assert refusing_rule(read_line, "一\n二") == "line-break"
    assert refusing_rule(read_line, "一\t二") == "tab-in-text"
    assert [refusing_rule(read_line, typed) for typed in (" 一", "一\u3000")] == ["blank-at-edge"] * 2
    misread = read_error(read_line, "字" * 501)
    assert misread.rule == "text-too-long"
    assert misread.message.translate(CHINESE) == "有 501 个字，超过 500 个"
    assert misread.hint.translate(CHINESE) == "请核对是否把别的内容粘了进来"


def test_prose_holds_50_000_characters_on_several_lines() -> None:
    assert read_prose("一\n二") == Text("一\n二")
    assert read_prose("字" * 50_000) == Text("字" * 50_000)
    misread = read_error(read_prose, "字" * 50_001)
    assert misread.rule == "text-too-long"
    assert misread.message.translate(CHINESE) == "有 50001 个字，超过 50000 个"
    assert misread.hint.translate(CHINESE) == "请核对是否把别的内容粘了进来"


def test_a_cell_may_be_empty_and_may_hold_markup() -> None:
    assert [read_cell(value) for value in (None, "", "<p>", " ")] == [
        Text(""),
        Text(""),
        Text("<p>"),
        Text(" "),
    ]
    assert refusing_rule(read_cell, []) == "wrong-shape"


@pytest.mark.parametrize(
    ("kind", "typed", "value", "written"),
    [
        (FiledMoney, "1,000.50", Money("1,000.50", Decimal("1000.50")), "1,000.50"),
        (Line, "甲 <5", Text("甲 <5"), "甲 <5"),
        (Prose, "甲\n乙", Text("甲\n乙"), "甲\n乙"),
        (Cell, None, Text(""), ""),
        (Slug, "a-b", "a-b", "a-b"),
        (Day, "2021-01-31", date(2021, 1, 31), "2021-01-31"),
        (Year, "2021", 2021, 2021),
        (Count, "12", 12, 12),
    ],
)
def test_a_value_is_written_out_as_it_was_filed(
    kind: type[object], typed: str | None, value: object, written: object
) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(kind)
    read = adapter.validate_python(typed)

    assert read == value
    assert adapter.dump_python(read, mode="json") == written


class _Sample(Model):
    name: Line
    """What the schema says."""


def test_a_model_cannot_be_changed_and_has_no_field_that_is_not_declared() -> None:
    sample = _Sample.model_validate({"name": "甲"})

    with pytest.raises(ValidationError, match="frozen"):
        sample.name = Text("乙")  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        _Sample.model_validate({"name": "甲", "nmae": "乙"})
    assert _Sample.model_json_schema()["properties"]["name"]["description"] == "What the schema says."


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Line, {"type": "string", "pattern": "\\S"}),
        (Prose, {"type": "string", "pattern": "\\S"}),
        (Cell, {"type": ["string", "null"]}),
        (Day, {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        (Slug, {"type": "string", "pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$", "maxLength": 80}),
        (Count, {"type": "integer", "minimum": 1}),
        (Flag, {"type": "boolean"}),
    ],
)
def test_an_editor_is_told_what_each_value_looks_like(kind: type, schema: dict[str, object]) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(kind)

    assert adapter.json_schema() == schema
