"""Target values: the quantity that is read from the words of the form, or none."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from jixiao.i18n import load_interface_catalogue
from jixiao.model.target import FiledTarget, Operator, Quantity, Target, read_target
from jixiao.text import Text
from jixiao.verify.source_numbers import find_quantity
from tests.support.sample_projects import read_error, refusing_rule

CHINESE = load_interface_catalogue("zh")


@pytest.mark.parametrize(
    ("typed", "operator", "value", "unit"),
    [
        (">=90%", Operator.AT_LEAST, "90", "%"),
        ("≥90%", Operator.AT_LEAST, "90", "%"),
        ("<=3天", Operator.AT_MOST, "3", "天"),
        ("≤3天", Operator.AT_MOST, "3", "天"),
        (">0", Operator.MORE, "0", ""),
        ("<9‰", Operator.LESS, "9", "‰"),
        ("=0", Operator.EQUAL, "0", ""),
        ("=100.50(%)", Operator.EQUAL, "100.50", "(%)"),
        ("10（%）", None, "10", "（%）"),
        (">= 1,234,567.89 人次", Operator.AT_LEAST, "1234567.89", "人次"),
        ("985米", None, "985", "米"),
        ("19.05", None, "19.05", ""),
        ("9,000", None, "9000", ""),
        ("90,000", None, "90000", ""),
        ("900,190,909件", None, "900190909", "件"),
        ("12万平方米每年", None, "12", "万平方米每年"),
        ("1x", None, "1", "x"),
        ("5A", None, "5", "A"),
        ("=5㎡", Operator.EQUAL, "5", "㎡"),
        ("≥20年", Operator.AT_LEAST, "20", "年"),
        ("≥3年以上", Operator.AT_LEAST, "3", "年以上"),
        ("≤15日", Operator.AT_MOST, "15", "日"),
        ("=2200年", Operator.EQUAL, "2200", "年"),
    ],
)
def test_a_number_with_or_without_sign_and_unit_is_a_quantity(
    typed: str, operator: Operator | None, value: str, unit: str
) -> None:
    target = read_target(typed)

    assert target == Target(Text(typed), Quantity(operator, Decimal(value), unit))
    assert target.quantity is not None
    assert target.quantity.operator is operator
    assert find_quantity(typed) == target.filed.plain().lstrip("<>=≥≤ ").removesuffix(unit).strip()
    assert str(target.quantity.value) == value


@pytest.mark.parametrize(
    "typed",
    [
        "按时完成",
        "2021年6月底前",
        "2021年",
        "6月",
        "15日",
        "3号",
        "90-100%",
        "5至6天",
        "5 6",
        ">=",
        "=完成",
        "=合格",
        "≥全部",
        "≤全部",
        "<全部",
        ">全部",
        ">=5.",
        "=2021年",
        "≤2021年",
        "=2021年底",
        "≤6月",
        "≥3次，每次5天",
        "≥90%（抽样）",
        "12万平方米每年度",
        "5,",
        "5.",
        "5，",
        "5、",
        "5。",
        "5；",
        "5;",
        "5：",
        "5:",
        "5（",
        "5）",
        "5(",
        "5)",
        "5-",
        "5<",
        "5>",
        "5=",
        "5≥",
        "5≤",
        "5天%",
        "5 天 人",
        "1,23天",
        "12,3456",
        "1,234,5",
        "1.2.3",
        "1234,567",
        ",567",
        "1５",
        "X光检查",
        "第5",
        "%",
        "５天",
    ],
)
def test_words_are_no_quantity_and_stay_as_they_are(typed: str) -> None:
    assert read_target(typed) == Target(Text(typed), None)
    assert find_quantity(typed) is None


def test_nothing_typed_is_no_target_and_not_zero() -> None:
    assert read_target(None) is None


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", "empty-value"),
        (" ", "empty-value"),
        ("一\n二", "line-break"),
        ("＞＝90%", "full-width"),
        ("＜5", "full-width"),
        ("＝5", "full-width"),
        (">=９０%", "full-width"),
        (">=<90%", "target-two-operators"),
        ("<=<90%", "target-two-operators"),
        (">=≥90%", "target-two-operators"),
        (">>90%", "target-two-operators"),
        ("> =90%", "target-sign"),
        ("<>90", "target-two-operators"),
        ("==90", "target-sign"),
        ("≥=90", "target-two-operators"),
        ("=<90", "target-sign"),
        ("=≤90", "target-two-operators"),
        ("≥ =90", "target-two-operators"),
        ("≤≤90", "target-two-operators"),
        ("=≦90", "target-two-operators"),
        ("=≧90", "target-two-operators"),
        ("≦90", "target-sign"),
        ("≧90", "target-sign"),
    ],
)
def test_signs_that_contradict_each_other_and_full_width_signs_are_refused(typed: str, rule: str) -> None:
    assert refusing_rule(read_target, typed) == rule


@pytest.mark.parametrize(
    ("typed", "proper"),
    [
        ("=>90%", ">=90%"),
        ("=< 90", "<=90"),
        ("==90", "=90"),
        ("> =90%", ">=90%"),
        ("< = 90", "<=90"),
        ("≧90", "≥90"),
        ("≦90", "≤90"),
        ("⩾ 90", "≥90"),
        ("⩽90", "≤90"),
    ],
)
def test_a_mistyped_sign_is_refused_and_the_right_one_is_offered(typed: str, proper: str) -> None:
    misread = read_error(read_target, typed)

    assert misread.rule == "target-sign"
    assert misread.message.translate(CHINESE) == f"比较符号写法不对：{typed}"
    assert misread.hint.translate(CHINESE) == f"请改成 {proper}"


@pytest.mark.parametrize("typed", ["“>=90%”", "‘90%’", "”90", "’5人", "＂=1＂", "＇1＇", "“≥全部”"])
def test_a_quantity_in_quotes_of_print_is_refused_because_it_would_be_words(typed: str) -> None:
    misread = read_error(read_target, typed)

    assert misread.rule == "curly-quotes"
    assert misread.message.translate(CHINESE) == f"目标值用了中文引号：{typed}"
    assert misread.hint.translate(CHINESE) == '请改成英文双引号，例如 ">=90%"'


@pytest.mark.parametrize("typed", ["X90", "“1+X”证书制度建立", "“5G”基站建成", "“三公”经费下降"])
def test_words_may_begin_with_a_quoted_name_that_has_a_number_in_it(typed: str) -> None:
    target = read_target(typed)

    assert target is not None
    assert (target.filed, target.quantity) == (Text(typed), None)


def test_a_target_is_written_out_as_it_was_filed() -> None:
    adapter: TypeAdapter[Target | None] = TypeAdapter(FiledTarget)

    assert adapter.dump_python(read_target("≥ 90%"), mode="json") == "≥ 90%"
    assert adapter.dump_python(None, mode="json") is None


def test_an_operator_is_the_sign_that_is_printed() -> None:
    assert [str(operator) for operator in Operator] == [">=", "<=", ">", "<", "="]


@pytest.mark.parametrize("typed", ["7e٧", "1５", "5²人", "３人", ">=90%", "1,300人次", "2021年", "“1+X”证书"])
def test_the_verifier_counts_a_target_as_a_number_where_the_model_does(typed: str) -> None:
    target = read_target(typed)

    assert target is not None
    assert (target.quantity is None) == (find_quantity(typed) is None)
