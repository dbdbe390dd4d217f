"""Personal data is found however it is written, and no figure is taken for it. All numbers are invented."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.check.shared_files import check_shared_files
from generator.load.files import SourceText
from generator.model.catalogue import Catalogue
from generator.model.declaration import MoneyUnit
from generator.pages.voice import Voice
from generator.personal_data import Kind, check_digit, personal_data
from generator.report import Format, report
from generator.words import Dictionary, interface_words
from tests.support import CLINIC, printed, problems_of, small_project

FULL_WIDTH = {code: code + 0xFEE0 for code in map(ord, "0123456789X-")} | {ord(" "): "\N{IDEOGRAPHIC SPACE}"}
CHINESE = Voice(language="zh", words=Dictionary(language="zh"), content=Dictionary(language="zh"))

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
    return digits + check_digit(digits)


@st.composite
def written(draw: st.DrawFn, number: str) -> str:
    """Write *number* as people do: in groups or not, full-width or not."""
    cuts = draw(st.sets(st.integers(min_value=1, max_value=len(number) - 1), max_size=6))
    mark = draw(st.sampled_from([" ", "-", "  ", "–", " - "]))
    grouped = "".join(f"{mark if at in cuts else ''}{digit}" for at, digit in enumerate(number))
    return grouped.translate(FULL_WIDTH) if draw(st.booleans()) else grouped


@given(data=st.data(), number=identity_numbers(), before=chinese_text, behind=chinese_text)
def test_an_identity_number_is_found_in_any_text_full_width_or_in_groups(
    data: st.DataObject, number: str, before: str, behind: str
) -> None:
    typed = data.draw(written(number))
    found = personal_data(f"{before}{typed}{behind}")

    assert [(one.kind, one.number) for one in found] == [(Kind.IDENTITY_NUMBER, number)]
    assert (found[0].start, found[0].end) == (len(before), len(before) + len(typed))
    assert number not in found[0].masked()


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

    assert personal_data(f"{before}{CHINESE.amount(value, unit).striptags()}{behind}") == ()
    assert personal_data(f"{before}{value:f}{unit}{behind}") == ()


@given(text=st.text(st.sampled_from("0123456789Xx -－０１８,.+()@a元人\n")))
def test_no_text_breaks_the_search_and_nothing_is_found_twice(text: str) -> None:
    found = personal_data(text)

    assert all(one.end <= following.start for one, following in pairwise(found))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证110101190001010006，卡号6222000000000000129", [Kind.IDENTITY_NUMBER, Kind.BANK_CARD]),
        ("2021年3月 110101 19000101 0006", [Kind.IDENTITY_NUMBER]),
        ("1.11010119000101017x", [Kind.IDENTITY_NUMBER]),
        ("11010119000101017Ⅹ", [Kind.IDENTITY_NUMBER]),
        ("=110101190001010006", [Kind.IDENTITY_NUMBER]),
        ("110101190001010007", [Kind.IDENTITY_NUMBER_MISTYPED]),
        ("联系人：1.13800138000", [Kind.MOBILE]),
        ("+8613800138000", [Kind.MOBILE]),
        ("+86-138-0013-8000", [Kind.MOBILE]),
        ("13800138000,13900139000，13700137000", [Kind.MOBILE] * 3),
        ("13800138000人社局", [Kind.MOBILE]),
        ("外币13800138000", [Kind.MOBILE]),
        ("2021-01-15 13800138000", [Kind.MOBILE]),
        ("13800138000@example.com", [Kind.EMAIL]),
        ("0086 13800138000", [Kind.MOBILE]),
        ("008613500138009", [Kind.MOBILE]),
        ("+8619900138099", [Kind.MOBILE]),
        ("138 0013 8000", [Kind.MOBILE]),
        ("138-00138000", [Kind.MOBILE]),
        ("1380013-8000", [Kind.MOBILE]),
        ("1380-013-8000", [Kind.MOBILE]),
        ("138-001-38000", [Kind.MOBILE]),
        ("138   0013   8000", [Kind.MOBILE]),
        ("1 3 8 0 0 1 3 8 0 0 0", []),
        ("138    0013    8000", []),
        ("13800138000次日回访", [Kind.MOBILE]),
        ("13800138000个人", [Kind.MOBILE]),
        ("13800138000户主", [Kind.MOBILE]),
        ("13800138000人事科", [Kind.MOBILE]),
        ("13800138000人力", [Kind.MOBILE]),
        ("19912345678", [Kind.MOBILE]),
        ("11912345678", []),
        ("a.b_c%d+e-f@x-y.gov.cn", [Kind.EMAIL]),
        ("Z9@A1.cn", [Kind.EMAIL]),
        ("a@b", []),
        ("a@b.c", []),
        ("@b.cn", []),
        ("010-12345678", [Kind.LANDLINE]),
        ("020-1234567", [Kind.LANDLINE]),
        ("(0571)87654321", [Kind.LANDLINE]),
        ("0371 62345678", [Kind.LANDLINE]),
        ("0999-9999999", [Kind.LANDLINE]),
        ("0201-234567", []),
        ("010-02345678", []),
        ("010-123456789", []),
        ("0271-2345678", []),
        ("4000000000000002", [Kind.BANK_CARD]),
        ("4000 0000 0000 0002", [Kind.BANK_CARD]),
        ("5555555555554444", [Kind.BANK_CARD]),
        ("3530111333300000", [Kind.BANK_CARD]),
        ("3528000000000007", [Kind.BANK_CARD]),
        ("3589000000000003", [Kind.BANK_CARD]),
        ("622200 0000000000129", [Kind.BANK_CARD]),
        ("6222 0000 0000 0000 129", [Kind.BANK_CARD]),
        ("4000000000000003", []),
        ("40000000 00000002", []),
        ("1101011900010100", []),
        ("11010119000101017 x", [Kind.IDENTITY_NUMBER]),
        ("11010119000101017xa", []),
        ("11010119000101017xm", []),
        ("11010119000101017xM", []),
        ("1008613800138000", []),
        ("8008613800138000", []),
        ("9008613800138000", []),
        ("0008613800138000", []),
        ("8613800138000", []),
        ("+8615500138000", [Kind.MOBILE]),
        ("+86138001380000", []),
        ("+86138001380005", []),
        ("+86138001380009", []),
        ("1,1380-013-8000", [Kind.MOBILE]),
        ("1,138.5551234-13800138000", [Kind.MOBILE]),
        ("11010119000101017xZ", []),
        ("11010119000101017x5", []),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", [Kind.EMAIL]),
        ("（021）12345678", [Kind.LANDLINE]),
        ("0571－8765 4321", [Kind.LANDLINE]),
        ("0571-123456", []),
        ("11010119(00)01010006", []),
        ("11010119(00010)10006", []),
        ("11010119000101017    x", []),
        ("+86130101199001010019", []),
        ("13800138000.", [Kind.MOBILE]),
        ("=(13800138000)", [Kind.MOBILE]),
        ("项目1，138 0013 8000", [Kind.MOBILE]),
        (",138 0013 8000", [Kind.MOBILE]),
        (".138 0013 8000", [Kind.MOBILE]),
        ("5551,138 0013 8000", [Kind.MOBILE]),
        ("1,1385-013-8000", [Kind.MOBILE]),
        ("1,234.1380013-8000", [Kind.MOBILE]),
        *((f"13800138000{word}", [Kind.MOBILE]) for word in ("美术馆", "欧洲处", "港务局", "日常值班")),
        *((f"13800138000{word}", [Kind.MOBILE]) for word in ("克拉玛依", "千阳县", "公司", "瓦房店")),
        *((f"13800138000{word}", [Kind.MOBILE]) for word in ("平安", "立项")),
    ],
)
def test_numbers_of_persons_are_told_apart(text: str, kinds: list[Kind]) -> None:
    assert [one.kind for one in personal_data(text)] == kinds


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
    assert personal_data(text) == ()


IDENTITY = "110101190001010006"


def _found(project: Path) -> list[tuple[str, str, int, int]]:
    """Check *project*; give what concerns personal data as (rule, file, line, column)."""
    return [
        (problem.rule, problem.place.file, problem.place.line, problem.place.column)
        for problem in problems_of(project)
        if problem.rule in {"identity-number-in-text", "personal-data-in-text"}
    ]


@pytest.mark.parametrize(
    "file",
    [
        "content/organisations.yml",
        "content/addresses.yml",
        "content/pages/zh/about.md",
        "content/translations/en/content.po",
        "content/forms/other.txt",
    ],
)
def test_personal_data_is_found_wherever_it_would_be_published(file: str, tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    path = project / file
    before = path.read_text("utf-8").rstrip("\n") if path.exists() else ""
    opening, closing = {".po": ('msgid "新"\nmsgstr "', '"'), ".yml": ("# ", "")}.get(path.suffix, ("", ""))
    line = before.count("\n") + 2 + opening.count("\n")
    path.write_text(f"{before}\n{opening}{IDENTITY}，13800138000{closing}\n", encoding="utf-8")

    place = (file, line, len(opening.rpartition("\n")[2]) + 1)
    assert _found(project) == [
        ("identity-number-in-text", *place),
        ("personal-data-in-text", file, line, place[2] + 19),
    ]


PO = """# 13800138000
#: a.yml:13800138000
msgid ""
msgstr ""
"Project-Id-Version: 13800138001\\n"
"Last-Translator: a@b.cn 13800138000\\n"
"Language-Team: a@b.cn 13800138000\\n"
"Report-Msgid-Bugs-To: a@b.cn 13800138000\\n"
"X-Last-Translator: 13800138002\\n"
"Language-Teams: 13800138002\\n"

msgid "甲 # 13800138003"
msgstr "13800138004"
"""


@pytest.mark.parametrize(
    ("file", "lines"),
    [("en/content.po", [5, 9, 10, 12, 13]), ("about.md", [1, 2, 5, 6, 6, 7, 7, 8, 8, 9, 10, 12, 13])],
)
def test_who_translated_is_not_published_and_not_reported(file: str, lines: list[int]) -> None:
    found = check_shared_files(Catalogue(shared=(SourceText(file, PO),)))

    assert [problem.place.line for problem in found] == lines


def test_a_form_is_searched_in_the_lines_of_its_declaration_which_may_waive_what_is_public(
    tmp_path: Path,
) -> None:
    project = small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    lines = form.read_text("utf-8").splitlines()
    form.write_text("\n".join([lines[0], f"{lines[1]} 13800138000", *lines[2:]]), encoding="utf-8")

    found = [one for one in problems_of(project) if one.rule == "personal-data-in-text"]
    assert [line for line in printed(tuple(found)).split("\n") if "[personal-data-in-text]" in line] == [
        (
            f"{CLINIC}:53:9: warning: line 2 of the form as received seems to hold a mobile number: 138•••00 "
            "[personal-data-in-text]"
        ),
        f"{CLINIC}:53:9: 提醒: 申报表原件第 2 行好像有手机号码：138•••00 [personal-data-in-text]",
    ]

    with (project / CLINIC).open("a", encoding="utf-8") as declaration:
        declaration.write(
            "waivers:\n- {rule: personal-data-in-text, field: source.form, reason: 对外公布的热线}\n"
        )
    assert _found(project) == []


def test_an_identity_number_in_a_form_is_told_with_its_line(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    form.write_text(f"{form.read_text('utf-8').rstrip()}\n{IDENTITY}\n", encoding="utf-8")

    found = [one for one in problems_of(project) if one.rule == "identity-number-in-text"]
    assert [line for line in printed(tuple(found)).split("\n") if "[identity-number-in-text]" in line] == [
        (
            f"{CLINIC}:53:9: error: line 3 of the form as received holds an identity number: 110•••06 "
            "[identity-number-in-text]"
        ),
        f"{CLINIC}:53:9: 错误: 申报表原件第 3 行有身份证号码：110•••06 [identity-number-in-text]",
    ]


def test_a_number_that_a_page_links_is_public_and_one_that_it_does_not_is_reported(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    page = project / "content/pages/zh/about.md"
    page.write_text(
        f"{page.read_text('utf-8')}\n[13800138000](tel:+8613800138000)、[来信](mailto:a@example.com)\n",
        encoding="utf-8",
    )

    assert problems_of(project) == ()


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_report_repeats_an_identity_number_whichever_rule_quotes_it(
    form: Format, language: str, tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    file = project / CLINIC
    file.write_text(
        f'{file.read_text("utf-8").replace("year: 2021", f"year: {IDENTITY}")}{IDENTITY}: "x"\n',
        encoding="utf-8",
    )
    printed = "\n".join(report(problems_of(project), form, interface_words(language)))

    assert "110•••06" in printed
    assert IDENTITY not in printed


NOT_PUBLIC = [
    "13800138000",
    "热线（tel:13800138000）",
    "[电话 tel:13800138000]",
    "[电话](tel 13800138000)",
    "[电话](https://example.org/13800138000)",
    "[电话](tel:+86 13800138000)",
    "电话](tel:13800138000)",
    "[电话](tel:1)13800138000",
    "[电话](<tel:1>、13800138000)",
    "[电话](tel:1 13800138000",
]
PUBLIC = [
    "[13800138000](tel:13800138000)",
    "[电话]( tel:13800138000 )",
    "[电话](<tel:13800138000>)",
    "[来信](mailto:a@example.com)",
]


@pytest.mark.parametrize("line", [*NOT_PUBLIC, *PUBLIC])
def test_a_page_makes_public_only_what_is_a_link_of_its_own(line: str) -> None:
    found = check_shared_files(Catalogue(shared=(SourceText("about.md", f"{line} 和 13800138001\n"),)))

    here = [line.index("13800138000") + 1] if line in NOT_PUBLIC else []
    assert [problem.place.column for problem in found] == [*here, len(line) + 4]


EVERYWHERE = """\
about.md:1:1: error: the text holds an identity-card number: 110•••06 [identity-number-in-text]
    hint: Remove it, or put • in place of its middle digits; it cannot be published and cannot be waived. If it is in the form file too, ask the unit for a form without it
about.md:1:20: warning: the text seems to hold a mobile number: 138•••00 [personal-data-in-text]
    hint: If it belongs to a person, delete it or cover it with •; on a page, what may be public is written as a link, for example [12345](tel:12345)
about.md:1:1: 错误: 文字里有身份证号码：110•••06 [identity-number-in-text]
    建议: 请删去，或用 • 遮住中间各位；不能公布，也不能豁免。申报表原件里也有的，请单位遮住后重交
about.md:1:20: 提醒: 文字里好像有手机号码：138•••00 [personal-data-in-text]
    建议: 属于个人的，请删去或用 • 遮住；页面上可以公开的，请写成链接，例如 [12345](tel:12345)
"""  # noqa: E501


def test_what_is_found_outside_of_declarations_is_told_with_what_to_do() -> None:
    found = check_shared_files(Catalogue(shared=(SourceText("about.md", f"{IDENTITY}、13800138000\n"),)))

    assert printed(tuple(found)) == EVERYWHERE


def test_only_a_translation_may_repeat_what_a_declaration_answers_for(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    file = project / CLINIC
    text = file.read_text("utf-8").replace("annual: 完成巡诊。", "annual: 完成巡诊，热线13800138000。")
    waiver = "waivers:\n- {rule: personal-data-in-text, field: goals.annual, reason: 对外公布的热线}\n"
    file.write_text(text + waiver, "utf-8")
    translations = project / "content/translations/en/content.po"
    translated = translations.read_text("utf-8")
    said = 'msgid "完成巡诊，热线13800138000。"\nmsgstr "Visits made; call 13800138000."\n'
    translations.write_text(f"{translated}\n{said}", "utf-8")
    assert _found(project) == []

    translations.write_text(f"{translated}\n{said.replace('call ', f'{IDENTITY}, call ')}", "utf-8")
    line = translated.count("\n") + 3
    assert _found(project) == [("identity-number-in-text", "content/translations/en/content.po", line, 22)]

    translations.write_text(translated, "utf-8")
    page = project / "content/pages/zh/about.md"
    page.write_text(f"{page.read_text('utf-8')}\n13800138000\n", "utf-8")
    line = page.read_text("utf-8").count("\n")
    assert _found(project) == [("personal-data-in-text", "content/pages/zh/about.md", line, 1)]
