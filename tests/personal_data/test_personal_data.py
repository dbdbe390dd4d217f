"""Personal data is found however it is written, and no figure is taken for it. All numbers are invented."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.i18n import TranslationCatalogue
from jixiao.model.declaration import MoneyUnit
from jixiao.pages.localizer import Localizer
from jixiao.personal_data.text_patterns import PersonalDataKind, compute_check_digit, find_personal_data

FULL_WIDTH = {code: code + 0xFEE0 for code in map(ord, "0123456789X-")} | {ord(" "): "\N{IDEOGRAPHIC SPACE}"}
CHINESE = Localizer(
    language="zh",
    interface_catalogue=TranslationCatalogue(language="zh"),
    content_catalogue=TranslationCatalogue(language="zh"),
)

chinese_text = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("，。、；：“”（）《》〔〕\n"),
    )
)
days = st.integers(min_value=0, max_value=70_000).map(lambda number: date(1900, 1, 1) + timedelta(number))


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["110101", "310115", "540102", "650106", "710000", "820000"]))
    born = draw(days).strftime("%Y%m%d")
    digits = f"{area}{born}{draw(st.integers(min_value=0, max_value=999)):03d}"
    return digits + compute_check_digit(digits)


@st.composite
def write_number(draw: st.DrawFn, number: str) -> str:
    """Write *number* as people do: in groups or not, full-width or not."""
    cuts = draw(st.sets(st.integers(min_value=1, max_value=len(number) - 1), max_size=6))
    mark = draw(st.sampled_from([" ", "-", "  ", "–", " - "]))
    grouped = "".join(f"{mark if at in cuts else ''}{digit}" for at, digit in enumerate(number))
    return grouped.translate(FULL_WIDTH) if draw(st.booleans()) else grouped


@given(data=st.data(), number=identity_numbers(), before=chinese_text, behind=chinese_text)
def test_an_identity_number_is_found_in_any_text_full_width_or_in_groups(
    data: st.DataObject, number: str, before: str, behind: str
) -> None:
    typed = data.draw(write_number(number))
    found = find_personal_data(f"{before}{typed}{behind}")

    assert [(one.kind, one.number) for one in found] == [(PersonalDataKind.IDENTITY_NUMBER, number)]
    assert (found[0].start, found[0].end) == (len(before), len(before) + len(typed))
    assert number not in found[0].mask()


@given(
    digits=st.integers(min_value=0, max_value=10**15 - 1),
    places=st.integers(min_value=0, max_value=6),
    unit=st.sampled_from(MoneyUnit),
    before=chinese_text,
    behind=chinese_text,
)
def test_a_sum_is_never_taken_for_personal_data(
    digits: int, places: int, unit: MoneyUnit, before: str, behind: str
) -> None:
    value = Decimal(digits).scaleb(-places)

    assert find_personal_data(f"{before}{CHINESE.format_sum(value, unit).striptags()}{behind}") == ()
    assert find_personal_data(f"{before}{value:f}{unit}{behind}") == ()


@given(text=st.text(st.sampled_from("0123456789Xx -－０１８,.+()@a元人\n")))
def test_no_text_breaks_the_search_and_nothing_is_found_twice(text: str) -> None:
    found = find_personal_data(text)

    assert all(one.end <= following.start for one, following in pairwise(found))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "身份证110101190001010006，卡号6222000000000000129",
            [PersonalDataKind.IDENTITY_NUMBER, PersonalDataKind.BANK_CARD],
        ),
        ("2021年3月 110101 19000101 0006", [PersonalDataKind.IDENTITY_NUMBER]),
        ("1.11010119000101017x", [PersonalDataKind.IDENTITY_NUMBER]),
        ("11010119000101017Ⅹ", [PersonalDataKind.IDENTITY_NUMBER]),
        ("=110101190001010006", [PersonalDataKind.IDENTITY_NUMBER]),
        ("110101190001010007", [PersonalDataKind.IDENTITY_NUMBER_MISTYPED]),
        ("联系人：1.13800138000", [PersonalDataKind.MOBILE]),
        ("+8613800138000", [PersonalDataKind.MOBILE]),
        ("+86-138-0013-8000", [PersonalDataKind.MOBILE]),
        ("13800138000,13900139000，13700137000", [PersonalDataKind.MOBILE] * 3),
        ("13800138000人社局", [PersonalDataKind.MOBILE]),
        ("外币13800138000", [PersonalDataKind.MOBILE]),
        ("2021-01-15 13800138000", [PersonalDataKind.MOBILE]),
        ("13800138000@example.com", [PersonalDataKind.EMAIL]),
        ("0086 13800138000", [PersonalDataKind.MOBILE]),
        ("008613500138009", [PersonalDataKind.MOBILE]),
        ("+8619900138099", [PersonalDataKind.MOBILE]),
        ("138 0013 8000", [PersonalDataKind.MOBILE]),
        ("138-00138000", [PersonalDataKind.MOBILE]),
        ("1380013-8000", [PersonalDataKind.MOBILE]),
        ("1380-013-8000", [PersonalDataKind.MOBILE]),
        ("138-001-38000", [PersonalDataKind.MOBILE]),
        ("138   0013   8000", [PersonalDataKind.MOBILE]),
        ("1 3 8 0 0 1 3 8 0 0 0", []),
        ("138    0013    8000", []),
        ("13800138000次日回访", [PersonalDataKind.MOBILE]),
        ("13800138000个人", [PersonalDataKind.MOBILE]),
        ("13800138000户主", [PersonalDataKind.MOBILE]),
        ("13800138000人事科", [PersonalDataKind.MOBILE]),
        ("13800138000人力", [PersonalDataKind.MOBILE]),
        ("19912345678", [PersonalDataKind.MOBILE]),
        ("11912345678", []),
        ("a.b_c%d+e-f@x-y.gov.cn", [PersonalDataKind.EMAIL]),
        ("Z9@A1.cn", [PersonalDataKind.EMAIL]),
        ("a@b", []),
        ("a@b.c", []),
        ("@b.cn", []),
        ("010-12345678", [PersonalDataKind.LANDLINE]),
        ("020-1234567", [PersonalDataKind.LANDLINE]),
        ("(0571)87654321", [PersonalDataKind.LANDLINE]),
        ("0371 62345678", [PersonalDataKind.LANDLINE]),
        ("0999-9999999", [PersonalDataKind.LANDLINE]),
        ("0201-234567", []),
        ("010-02345678", []),
        ("010-123456789", []),
        ("0271-2345678", []),
        ("4000000000000002", [PersonalDataKind.BANK_CARD]),
        ("4000 0000 0000 0002", [PersonalDataKind.BANK_CARD]),
        ("5555555555554444", [PersonalDataKind.BANK_CARD]),
        ("3530111333300000", [PersonalDataKind.BANK_CARD]),
        ("3528000000000007", [PersonalDataKind.BANK_CARD]),
        ("3589000000000003", [PersonalDataKind.BANK_CARD]),
        ("622200 0000000000129", [PersonalDataKind.BANK_CARD]),
        ("6222 0000 0000 0000 129", [PersonalDataKind.BANK_CARD]),
        ("4000000000000003", []),
        ("40000000 00000002", []),
        ("1101011900010100", []),
        ("11010119000101017 x", [PersonalDataKind.IDENTITY_NUMBER]),
        ("11010119000101017xa", []),
        ("11010119000101017xm", []),
        ("11010119000101017xM", []),
        ("1008613800138000", []),
        ("8008613800138000", []),
        ("9008613800138000", []),
        ("0008613800138000", []),
        ("8613800138000", []),
        ("+8615500138000", [PersonalDataKind.MOBILE]),
        ("+86138001380000", []),
        ("+86138001380005", []),
        ("+86138001380009", []),
        ("1,1380-013-8000", [PersonalDataKind.MOBILE]),
        ("1,138.5551234-13800138000", [PersonalDataKind.MOBILE]),
        ("11010119000101017xZ", []),
        ("11010119000101017x5", []),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", [PersonalDataKind.EMAIL]),
        ("（021）12345678", [PersonalDataKind.LANDLINE]),
        ("0571－8765 4321", [PersonalDataKind.LANDLINE]),
        ("0571-123456", []),
        ("11010119(00)01010006", []),
        ("11010119(00010)10006", []),
        ("11010119000101017    x", []),
        ("+86130101199001010019", []),
        ("13800138000.", [PersonalDataKind.MOBILE]),
        ("=(13800138000)", [PersonalDataKind.MOBILE]),
        ("项目1，138 0013 8000", [PersonalDataKind.MOBILE]),
        (",138 0013 8000", [PersonalDataKind.MOBILE]),
        (".138 0013 8000", [PersonalDataKind.MOBILE]),
        ("5551,138 0013 8000", [PersonalDataKind.MOBILE]),
        ("1,1385-013-8000", [PersonalDataKind.MOBILE]),
        ("1,234.1380013-8000", [PersonalDataKind.MOBILE]),
        *(
            (f"13800138000{word}", [PersonalDataKind.MOBILE])
            for word in ("美术馆", "欧洲处", "港务局", "日常值班")
        ),
        *(
            (f"13800138000{word}", [PersonalDataKind.MOBILE])
            for word in ("克拉玛依", "千阳县", "公司", "瓦房店")
        ),
        *((f"13800138000{word}", [PersonalDataKind.MOBILE]) for word in ("平安", "立项")),
    ],
)
def test_numbers_of_persons_are_told_apart(text: str, kinds: list[PersonalDataKind]) -> None:
    assert [one.kind for one in find_personal_data(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "13800138000元",
        "１３８００１３８０００元",
        "13800138000 万元",
        *(
            f"13800138000{unit}"
            for unit in ("美元", "欧元", "港元", "日元", "人", "次", "个", "户", "件", "份")
        ),
        *(f"13800138000{unit}" for unit in ("张", "册", "枚", "株", "吨", "度", "千克", "公斤", "千瓦时")),
        *(
            f"13800138000{unit}"
            for unit in ("公里", "米", "平方", "立方", "㎡", "‰", "亿", "百万元", "千元", "万亿元")
        ),
        *(f"{sign}13800138000" for sign in (">", "<", "=", "≥", "≤", "¥", "$", "人民币", "人民币 ")),
        "13800138000.5",
        *(f"{figure} 0013 8000" for figure in ("1,138", "0,138", "5,138", "9,138", "59,138", "555,138")),
        "1,005,138 0013 8000",
        "9,599,138 0013 8000",
        "1,138 00138000",
        "1,234.138 0013 8000",
        "5.138 0013 8000",
        "123456789012345.138 0013 8000",
        "13800138000.123456",
        "138,001,380,00",
        "1,380,013,800.25",
        "13800138000人次",
        "13800138000%",
        "13800138000.50",
        "13,800,138,000",
        ">=13800138000",
        "￥13800138000",
        "1380013800",
        "138001380001",
        "990101190001010006",
        "110101190013010006",
        "20210000000000012345",
        "财预〔2021〕101号",
        "91310000132200000X",
        "2021-01-01 2021-12-31 2022-01-01",
        "2021 2022 2023 2024 2025",
        "12345热线",
        "02112345678",
        "@所有人",
        "4026000000000002b3f17a7c6a3f4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e",
    ],
)
def test_figures_codes_and_days_are_left_alone(text: str) -> None:
    assert find_personal_data(text) == ()
