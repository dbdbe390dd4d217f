"""Numbers of persons digit by digit: what begins, groups and ends each kind. All numbers are invented."""

from itertools import islice

import pytest

from jixiao.personal_data.text_patterns import (
    PersonalDataKind,
    compute_check_digit,
    find_personal_data,
    mask_personal_data,
    may_hold_personal_data,
)

IDENTITY = "110101190001010006"


def test_what_is_found_is_given_half_width_with_its_place() -> None:
    text = "Ⅹ１＠ｂ．ｃｎ、+86 138–0013–8000、（021）12345678"

    assert [(one.start, one.end, one.number) for one in find_personal_data(text)] == [
        (0, 7, "X1@b.cn"),
        (12, 25, "13800138000"),
        (27, 39, "02112345678"),
    ]


@pytest.mark.parametrize(
    "mark",
    [*"-‐‑‒–—−－", *" \t\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"],
)
def test_every_hyphen_and_every_blank_parts_the_groups_of_a_number(mark: str) -> None:
    found = find_personal_data(f"电话{mark}138{mark}0013{mark}8000{mark}12")

    assert [(one.kind, one.start, one.end, one.number) for one in found] == [
        (PersonalDataKind.MOBILE, 3, 16, "13800138000")
    ]


PARTED = [
    *(
        mark.join(("110101", "19000101", "0006"))
        for mark in (".", "/", "_", "．", "／", "＿", "·", "\n", " / ", "\r\n", "\n  ")
    ),
    *("11010119000101.0006", "1101011900/01010006", "110101_1900_01_01_000_6", "110101\n190001010006"),
    *("11/01/01/19/00/01/01/00/06", "1101.0119.0001.0100.06", "\n".join(IDENTITY), "1101 0119\n0001 0100 06"),
    *("１１０１０１．１９０００１０１．０００６", "١١٠١٠١ ١٩٠٠٠١٠١ ٠٠٠٦", "𝟏𝟏𝟎𝟏𝟎𝟏𝟏𝟗𝟎𝟎𝟎𝟏𝟎𝟏𝟎𝟎𝟎𝟔"),
    *(
        f"110101{blank}19000101{blank}0006"
        for blank in "\N{EN QUAD}\N{HAIR SPACE}\N{OGHAM SPACE MARK}\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}"
    ),
]


@pytest.mark.parametrize("typed", PARTED)
def test_an_identity_number_is_found_whatever_parts_it(typed: str) -> None:
    found = find_personal_data(f"证件{typed}，")

    assert [(one.kind, one.start, one.end) for one in found] == [
        (PersonalDataKind.IDENTITY_NUMBER, 2, 2 + len(typed))
    ]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        *(
            (mark.join(("138", "0013", "8000")), PersonalDataKind.MOBILE)
            for mark in (".", "/", "_", "·", "．")
        ),
        *((f"电话{mark}1380013{mark}8000", PersonalDataKind.MOBILE) for mark in ("\n", "/")),
        *(
            (mark.join(("6222", "0000", "0000", "0017")), PersonalDataKind.BANK_CARD)
            for mark in (".", "/", "_")
        ),
        ("卡号：622200\n0000000017", PersonalDataKind.BANK_CARD),
        *((f"010{mark}12345678", PersonalDataKind.LANDLINE) for mark in (".", "/", "_")),
        ("0571/8765/4321", PersonalDataKind.LANDLINE),
        ("138\n0013\n8000手机：138\n0013\n8000", PersonalDataKind.MOBILE),
    ],
)
def test_other_numbers_are_found_whatever_parts_them(typed: str, kind: PersonalDataKind) -> None:
    assert [one.kind for one in find_personal_data(typed)] == [kind]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "财预〔2021〕101号、财预〔2021〕102号、财预〔2022〕1号",
            "2021.01.01-2021.12.31",
            "2021/1/1至2021/12/31",
        ),
        *("1380013.8000", "138001.38000", "1500000\n5000", "150\n2000\n3000", "138\n0013\n8000"),
        *("4000\n0000\n0000\n0002", "110101.19\n000101.0010\n06", "11010.119000\n10100\n06"),
        *("3.1.1.2.1.10.11.12.13", "10.200.1.15/24", "500000/800000", "1500000/5000", "2021_2022_2023_2024"),
        *(
            "2019.2020.2021.2022.2023",
            "13.800.138.000,00",
            "1/2/3/4/5/6/7/8/9/10/11",
            "GB/T 2260-2007/2013.12.31",
        ),
        *("120\n350\n1200\n15000\n1", "2021年\n2022年\n2023年"),
    ],
)
def test_figures_days_documents_and_ranges_are_no_numbers_of_persons(typed: str) -> None:
    assert find_personal_data(typed) == ()


def test_numbers_beside_each_other_are_told_one_by_one() -> None:
    found = find_personal_data("13800138000/13900139000\n13700137000_13600136000、010-12345678/87654321")

    assert [one.number for one in found] == [
        *("13800138000", "13900139000", "13700137000", "13600136000", "01012345678"),
    ]


def test_a_number_is_found_behind_a_code_that_is_too_long_for_one() -> None:
    assert [one.start for one in find_personal_data("20210000000000012345 13800138000")] == [21]


def test_what_is_masked_can_be_found_again_and_not_used() -> None:
    assert mask_personal_data("电话13800138000，信箱zhang@example.cn。") == "电话138•••00，信箱zha•••cn。"
    assert mask_personal_data("13800138000元") == "13800138000元"


@pytest.mark.parametrize(
    "address",
    [
        "a.b_c%d+e-f@x-y.gov.cn",
        "zhangsan@example.company",
        "a@example-name.cn",
        "a@Mm.CN",
        "a@5m.cn",
        "a@mM.cn",
        "a@b.c.d.e.f.g.cn",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert [(one.kind, one.number) for one in find_personal_data(f"（{address}）")] == [
        (PersonalDataKind.EMAIL, address)
    ]


@pytest.mark.parametrize("typed", ["a@bcd", "a@b.c.d.e.f.g.h.cn"])
def test_an_address_has_one_dot_to_six_behind_its_sign(typed: str) -> None:
    assert find_personal_data(typed) == ()


def test_a_place_is_true_behind_a_country_code_and_behind_a_check_sum() -> None:
    found = find_personal_data(f"+8613800138000 {'0123456789abcdef' * 4} 13800138000")

    assert [(one.start, one.end) for one in found] == [(3, 14), (80, 91)]


@pytest.mark.parametrize("before", ["M", "m", "M5"])
def test_a_number_in_a_word_that_is_longer_than_a_check_sum_is_found(before: str) -> None:
    letters = "a" * 14

    assert find_personal_data(f"{letters}{IDENTITY}") == ()
    assert find_personal_data(f"{IDENTITY}{letters}") == ()
    assert [one.number for one in find_personal_data(f"{before}{letters}{IDENTITY}")] == [IDENTITY]
    assert [one.number for one in find_personal_data(f"{IDENTITY}{letters}{before[::-1]}")] == [IDENTITY]


@pytest.mark.parametrize("place", range(17))
def test_the_weights_of_the_check_digit_are_the_powers_of_two_modulo_eleven(place: int) -> None:
    assert compute_check_digit(f"{10 ** (16 - place):017d}") == "10X98765432"[pow(2, 17 - place, 11)]


@pytest.mark.parametrize(("digits", "last"), [("11010519491231002", "X"), ("44052418800101001", "4")])
def test_the_check_digit_is_that_of_the_standard(digits: str, last: str) -> None:
    assert compute_check_digit(digits) == last


@pytest.mark.parametrize("digits", ["1", "1" * 16, "1" * 18])
def test_only_17_digits_have_a_check_digit(digits: str) -> None:
    with pytest.raises(ValueError, match=str(len(digits))):
        compute_check_digit(digits)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("110101199912300013", True),
        ("11010119000101017-x", True),
        ("11010120000101001", False),
        ("11010101990101001", False),
    ],
)
def test_an_identity_number_has_18_characters_with_a_day_among_them(number: str, *, is_one: bool) -> None:
    assert [one.kind for one in find_personal_data(number)] == [PersonalDataKind.IDENTITY_NUMBER] * is_one


def test_an_identity_number_begins_with_a_province() -> None:
    beginnings = [f"{code:02d}010119000101001" for code in range(100)]
    found = [find_personal_data(f"{beginning}{compute_check_digit(beginning)}") for beginning in beginnings]

    assert [
        code for code in range(100) if PersonalDataKind.IDENTITY_NUMBER in [one.kind for one in found[code]]
    ] == [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
    ]


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("6222000000000017", [(16,), (4, 4, 4, 4), (6, 10)]),
        ("62220000000000129", [(17,), (4, 4, 4, 4, 1), (6, 11)]),
        ("622200000000001239", [(18,), (4, 4, 4, 4, 2), (6, 12)]),
        ("6222000000000012348", [(19,), (4, 4, 4, 4, 3), (6, 13)]),
    ],
)
def test_a_bank_card_is_found_in_the_groups_of_a_card(number: str, groups: list[tuple[int, ...]]) -> None:
    for lengths in groups:
        digits = iter(number)
        typed = " ".join("".join(islice(digits, length)) for length in lengths)
        assert [(one.kind, one.number) for one in find_personal_data(typed)] == [
            (PersonalDataKind.BANK_CARD, number)
        ]


@pytest.mark.parametrize(
    ("number", "is_card"),
    [
        *(("3529000000000006", True), ("3545000000000006", True), ("3555000000000003", True)),
        *(("9531234567890128", True), ("95550000000000012", True), ("9555000000000001234", True)),
        *(("9510000000000004", True), ("955500000000004", False), ("9100000000000000", False)),
        *(("6200000005", False), ("620000000000000", False), ("5555555555554", False)),
        *(("555555555555558", False), ("55555555555555552", False), ("910000000000009", False)),
    ],
)
def test_a_bank_card_has_the_beginning_and_the_length_of_its_kind(number: str, *, is_card: bool) -> None:
    assert [one.kind for one in find_personal_data(number)] == [PersonalDataKind.BANK_CARD] * is_card


@pytest.mark.parametrize(
    ("texts", "is_possible"),
    [
        ([], False),
        (["a@b.cn"], True),
        (["＠"], True),
        (["123456789"], False),
        (["中123456789"], False),
        (["1234567890"], True),
        (["甲", "１２３４５-----６７８９０"], True),
        (["12345------67890"], False),
        (["12345", "67890"], False),
    ],
)
def test_texts_are_worth_a_look_with_an_at_or_ten_digits_near_each_other(
    texts: list[str], *, is_possible: bool
) -> None:
    assert may_hold_personal_data(texts) is is_possible
