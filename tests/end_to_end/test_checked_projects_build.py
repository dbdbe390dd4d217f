"""Whatever `check` accepts, `build` publishes: drawn declarations with any fields, sums of any size.

Many declarations stand in one site, because a build costs more than a declaration. With
`--hypothesis-profile long` eleven times as many sites are drawn.
"""

import json
import random
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest
from hypothesis import settings

from jixiao.analysis.data_table import Column, ColumnKind, DataTable
from jixiao.downloads.workbooks import TableWorkbook
from tests.benchmarks.everything import OPTIONS, make_everything
from tests.conftest import jixiao
from tests.support.independent_readers import (
    PREFIXES,
    find_only_element,
    read_indicator_rows,
    read_page,
    read_text,
)
from tests.support.random_projects import draw_project, remove_declarations
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

SEEDS = range(1 + settings().max_examples // 300)
"""One site of each kind for every push and on every desk, more where time does not matter."""
KINDS = {
    "pages": (12, {}),
    "downloads": (60, {"downloads": "true"}),
    "packs": (9, {"packs": "true"}),
    "downloads and packs": (12, OPTIONS),
}
_NAMED = re.compile(r"\b20[0-9]{2}/[a-z]+/[a-z]+-[0-9]+\b")


def keep_accepted_declarations(project: Path) -> int:
    """Leave in *project* the declarations that `check` accepts, and count them."""
    while True:
        result = jixiao("check", "--format", "json", "--project", str(project))
        problems = json.loads(result.stdout)
        refused = {one["file"] for one in problems if one["severity"] == "error"}
        if not refused:
            return len(list((project / "content/declarations").rglob("*.yml")))
        assert all(file.startswith("content/declarations/") for file in refused), result.stdout
        remove_declarations(project, refused)


def describe_failure(project: Path, result: subprocess.CompletedProcess[str]) -> str:
    """Describe the output of a build, with the declarations that it names."""
    said = result.stdout + result.stderr
    named = sorted(set(_NAMED.findall(said)))
    files = [(project / f"content/declarations/{identity}.yml").read_text("utf-8") for identity in named[:3]]
    return "\n".join([f"refused: {', '.join(named) or 'no declaration is named'}", said, *files])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_check_accepts_build_publishes(kind: str, seed: int, tmp_path: Path) -> None:
    size, chosen = KINDS[kind]
    project = draw_project(tmp_path / "project", size, seed, chosen)

    count = keep_accepted_declarations(project)
    result = jixiao("build", "--project", str(project))

    assert count > size / 3
    assert result.returncode == 0, describe_failure(project, result)
    pages = list((project / "build/site").glob("20*/*/*/index.html"))
    assert len(pages) == count


EXPLAINED = """edition: "2015"
year: 2021
name: 巡回医疗👍
nature: 一次性项目
department: health
unit: health
period: {start: 2021-01-01, end: 2021-12-31}
funding:
  unit: 万元
  project: {total: "80,364.32", fiscal: "80,364.32"}
  annual: {total: "80,364.32"}
goals: {annual: "第一行\\n\\n第二行\\n"}
indicators:
  产出指标:
    数量指标:
      - {id: plain, name: 甲, target: "=1"}
      - {id: noted, name: 乙, target: ">=90%", note: 原文是全角字符。}
      - id: as-filed
        name: 丙
        target: ">=99.99%"
        as_filed: {lines: [2, 3], cells: [["", "丙"], ["≥９９．９９％"]]}
      - id: both
        name: 丁
        target: null
        as_filed: {lines: [4], cells: [["丁", " "]]}
        certainty: {class: confirmed, text: restored}
        note: "单位已确认。\\n"
source: {form: forms/example.txt}
"""
"""What says something of a row without any defect, a sum that no double holds, a character of no font."""


HARD_TO_COMPARE = {
    # Words of the interface, which has them in English, and a number of more digits than a double has.
    "word": ("数据", "年度", "123456789012345678", ""),
    # Two blanks in a row, which HTML shows as one.
    "blanks": ("甲  乙", "无", "及时", ""),
    # A name that stands elsewhere in its own citation.
    "colon": ("：", "：", "未填报", ""),
    # Remarks in another order than that of the page.
    "remarks": (
        "丙",
        "丁",
        "=0",
        """remarks:
  - {field: goals.annual, as_filed: {lines: [2], cells: [[""]]}, defects: [markup-residue], note: 一}
  - {field: name, as_filed: {lines: [1], cells: [["丙"]]}, defects: [line-break-in-name], note: 二}
""",
    ),
}
"""Name, indicator, target and remarks of projects that file in two years."""


def _hard_to_compare(year: int, name: str, indicator: str, target: str, remarks: str) -> str:
    return f"""edition: "2015"
year: {year}
name: "{name}"
nature: 一次性项目
department: health
unit: health
period: {{start: {year}-01-01, end: {year}-12-31}}
funding: {{unit: 元, annual: {{total: "{year}"}}}}
goals:
  annual: |
    第一行
    第二行
indicators: {{产出指标: {{数量指标: [{{id: one, name: "{indicator}", target: "{target}"}}]}}}}
{remarks}source: {{form: forms/example.txt}}
"""


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site with that declaration and those that are hard to compare, built with everything on."""
    project = copy_small_project(tmp_path_factory.mktemp("explained") / "project")
    for year in (2020, 2021):
        for name, filed in HARD_TO_COMPARE.items():
            identity = f"{year}/health/{name}"
            file = project / f"content/declarations/{identity}.yml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_hard_to_compare(year, *filed), encoding="utf-8")
            with (project / "content/addresses.yml").open("a", encoding="utf-8") as register:
                register.write(f"  - {identity}\n")
    (project / CLINIC_PATH).write_text(EXPLAINED, encoding="utf-8")
    with (project / "site_config.yml").open("a", encoding="utf-8") as chosen:
        chosen.writelines(f"{key}: {set_to}\n" for key, set_to in OPTIONS.items())
        chosen.write("publisher: {zh: 示例县第2财政所}\n")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    return project / "build/site"


def test_what_is_filed_like_words_of_the_interface_stays_chinese_on_english_pages(explained: Path) -> None:
    heading = read_text(
        find_only_element(read_page(explained / "en/projects/health/word/index.html"), "//h1")
    )
    rows = read_indicator_rows(read_page(explained / "en/2021/health/blanks/index.html"))

    assert (heading, rows[0].name) == ("数据", "无")


@pytest.mark.parametrize("language", PREFIXES)
def test_a_note_and_the_cells_are_shown_beside_a_row_without_defects(explained: Path, language: str) -> None:
    page = read_page(explained / PREFIXES[language] / "2021/health/clinic/index.html")

    rows = [(row.id, row.marks, row.note, row.cells) for row in read_indicator_rows(page)]

    assert rows == [
        ("plain", (), "", ()),
        ("noted", (), "原文是全角字符。", ()),
        ("as-filed", (), "", ((2, ("", "丙")), (3, ("≥９９．９９％",)))),
        ("both", (), "单位已确认。", ((4, ("丁", "")),)),
    ]


def test_a_note_and_the_cells_stand_below_the_form_on_paper(explained: Path) -> None:
    words = read_pdf_words(explained / "2021/health/clinic/form.pdf")

    assert "乙>=90%[1]" in words
    assert "[1]原文是全角字符。[2]第2行□│丙第3行≥９９．９９％[3]单位已确认。第4行丁│" in words


def test_a_character_that_no_font_has_stands_on_paper_as_its_number(explained: Path) -> None:
    assert "巡回医疗[U+1F44D]" in read_pdf_words(explained / "2021/health/clinic/form.pdf")


def read_pdf_words(pdf: Path) -> str:
    """Read the words of a PDF without their blanks."""
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return re.sub(r"\s+", "", "".join(pages))


def test_a_number_of_a_workbook_is_written_with_the_digits_that_were_filed(
    explained: Path, tmp_path: Path
) -> None:
    for name in ("2021/health/clinic/data.xlsx", "2021/health/data.xlsx"):
        with ZipFile(explained / name) as archive:
            written = b"".join(archive.read(part) for part in archive.namelist() if "/sheet" in part)
        assert b"<v>80364.32</v>" in written
        assert b"<v>99.99</v>" in written
    chance = random.Random(22)  # noqa: S311 - repeatable, not secret
    sums = [Decimal(chance.randrange(10**15)).scaleb(-chance.randint(0, 6)) for _ in range(2000)]
    columns = [Column(name="sum", kind=ColumnKind.MONEY, label="", read=lambda one: one)]
    table = DataTable(name="sums", label="", row="", key=("sum",), columns=tuple(columns))
    book = TableWorkbook(tmp_path / "sums.xlsx", None, [table])
    for one in sums:
        book.add(table, (one,))
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "sums.xlsx")["sums"]
    read = [cell.value for (cell,) in sheet.iter_rows(min_row=2)]
    assert [Decimal(str(value)) for value in read] == sums


def test_the_invented_corpus_is_published_with_everything_on(tmp_path: Path) -> None:
    project = make_everything(tmp_path / "project", 40, languages=("zh",))

    result = jixiao("build", "--project", str(project))

    assert result.returncode == 0, describe_failure(project, result)
    assert len(list((project / "build/site").glob("20*/*/*/form.pdf"))) == 40
