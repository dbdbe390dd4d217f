"""What is handed round on paper: forms and packs as tagged PDF, workbooks; every figure is that of the YAML.

PDF files are read with PDFium and pdfminer, workbooks with openpyxl: none of them wrote what it reads.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pdfplumber
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jixiao import content as reading
from jixiao import pipeline
from jixiao.build import download_stages
from jixiao.build.checked_sources import read_again
from jixiao.downloads.workbooks import MAX_CELL_LENGTH
from jixiao.problems import UserError
from tests.conftest import jixiao
from tests.support.build_runs import list_differing_files, read_all_files
from tests.support.independent_readers import (
    DECLARATIONS,
    DEPARTMENT_YEAR,
    PREFIXES,
    YamlNode,
    iter_indicators,
    read_declaration,
    read_page,
    read_texts,
    read_yaml,
    translations,
)
from tests.support.sample_projects import (
    CLINIC_PATH,
    EXAMPLES,
    add_declaration,
    assert_matches_golden,
    copy_small_project,
)

YEARS = EXAMPLES / "sites/years"
QUESTIONS = EXAMPLES / "packs"
LANGUAGES = sorted(PREFIXES)
FOOT = 18 * 72 / 25.4
"""Points: below is the number of the page."""


def _with_packs(project: Path) -> Path:
    settings = project / "site_config.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\npacks: true\n", encoding="utf-8")
    return project


def _build(project: Path) -> None:
    result = jixiao("build", "--project", str(project))
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of three years with its site and packs, which no test changes."""
    project = tmp_path_factory.mktemp("years") / "project"
    shutil.copytree(YEARS, project, ignore=shutil.ignore_patterns("expected"))
    _build(_with_packs(project))
    return project


def _pages(pdf: bytes) -> list[str]:
    """Read the words of each page without their blanks and without its number."""
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        words = page.get_textpage().get_text_bounded(bottom=FOOT, errors="strict")
        pages.append(_drop_blanks(words))
    return pages


def _drop_blanks(words: str) -> str:
    """Drop blanks and line breaks: the line breaks of a PDF carry no meaning."""
    # PDFium writes U+0002 for a hyphen at the end of a line.
    return re.sub(r"[\s\u200b]+", "", words.replace("\x02", "-"))


def _list_filed_texts(declaration: YamlNode) -> Iterator[str]:
    """Yield every text and figure of a declaration that a reader of its form must find."""
    for field in ("name", "nature"):
        yield declaration.at(field).required_text()
    for field in ("start", "end"):
        yield declaration.at("period", field).required_text()
    for field in ("overall", "annual"):
        yield from (declaration.at("goals", field).text() or "").splitlines()
    for block in ("project", "annual"):
        for _, money in declaration.at("funding", block).entries():
            if figure := money.text():
                whole, dot, cents = figure.replace(",", "").partition(".")
                yield f"{int(whole):,}{dot}{cents}"
    for level1, level2, indicator in iter_indicators(declaration):
        yield from (level1, level2, indicator.at("name").required_text())
        yield from (indicator.at("target").text() or "", *(indicator.at("note").text() or "").splitlines())


def _translate(text: str, known: Mapping[str, str]) -> str:
    return _drop_blanks(known.get(text, text))


def _assert_holds(pdf: bytes, declaration: YamlNode, language: str) -> None:
    words = "".join(_pages(pdf))
    known = translations(language)
    whole_goals = [declaration.at("goals", field).text() or "" for field in ("overall", "annual")]
    missing = []
    for text in _list_filed_texts(declaration):
        # What is translated is translated as a whole, goals and notes too.
        whole = next((goal for goal in whole_goals if text and text in goal), text)
        said = _translate(text, known) if text == whole or whole not in known else _drop_blanks(known[whole])
        if said not in words and not _is_cut(said, words):
            missing.append(said)
    assert missing == []


def _is_cut(said: str, words: str) -> bool:
    """Return whether a long text is split in two: a page ends in it, and the next repeats the head."""
    return any(said[:middle] in words and said[middle:] in words for middle in range(8, len(said) - 8))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_form_holds_all_that_was_filed(site: Path, language: str, name: str) -> None:
    pdf = (site / PREFIXES[language] / DEPARTMENT_YEAR / name / "form.pdf").read_bytes()
    _assert_holds(pdf, read_declaration(name), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_holds_all_that_was_filed(site: Path, language: str) -> None:
    pdf = (site / PREFIXES[language] / DEPARTMENT_YEAR / "pack.pdf").read_bytes()
    for name in DECLARATIONS:
        _assert_holds(pdf, read_declaration(name), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", ["pack.pdf", f"{DECLARATIONS[0]}/form.pdf"])
def test_a_pdf_is_tagged_and_says_what_it_is(site: Path, language: str, file: str) -> None:
    with pdfplumber.open(site / PREFIXES[language] / DEPARTMENT_YEAR / file) as pdf:
        catalog = pdf.doc.catalog
        assert catalog["MarkInfo"]["Marked"] is True
        assert catalog["StructTreeRoot"] is not None
        assert catalog["Lang"].decode() == {"zh": "zh-CN", "en": "en-GB"}[language]
        metadata = catalog["Metadata"].resolve().get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        title = pdf.metadata["Title"]
        fonts = {name.partition("+")[2] for page in pdf.pages for name in {c["fontname"] for c in page.chars}}
    page = read_page(site / PREFIXES[language] / DEPARTMENT_YEAR / file.rpartition("/")[0] / "index.html")
    if file == "pack.pdf":
        assert title.startswith(
            {"zh": "上海市人力资源和社会保障局2021年度", "en": "Shanghai Municipal"}[language]
        )
    else:
        assert read_texts(page, "//h1")[0].strip() == title
    # Every font is in the file, cut down to what is used; none is left to the reader's machine.
    assert fonts
    assert all(re.match(r"Noto|Libertinus", font) for font in fonts)


def _sheets(file: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(file)
    sheets: dict[str, list[list[object]]] = {}
    for sheet in book.worksheets:
        assert isinstance(sheet, Worksheet)
        rows: list[list[object]] = [[*(cell.value for cell in row)] for row in sheet.iter_rows()]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n"}, sheet.title
        # A spreadsheet keeps a text a text, also when a clerk edits the cell.
        assert all(
            cell.quotePrefix for row in sheet.iter_rows(min_row=2) for cell in row if cell.data_type == "s"
        )
        sheets[sheet.title] = rows
    return sheets


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_holds_every_indicator_and_every_sum(site: Path, language: str) -> None:
    sheets = _sheets(site / PREFIXES[language] / DEPARTMENT_YEAR / "pack.xlsx")
    known = translations(language)
    blank = known.get("未填报", "未填报")
    targets, funds, goals = (
        sheets[known.get(title, title)] for title in ("绩效指标", "项目资金", "项目和目标")
    )
    expected_targets, expected_funds, expected_goals = [], [], []
    for name in DECLARATIONS:
        declaration = read_declaration(name)
        title = declaration.at("name").required_text()
        for level1, level2, indicator in iter_indicators(declaration):
            row = (
                title,
                level1,
                level2,
                indicator.at("name").required_text(),
                indicator.at("target").text() or blank,
            )
            expected_targets.append([known.get(text, text) for text in row])
        expected_funds.append(
            [
                Decimal(figure.replace(",", "")) if figure else blank
                for block, fields in (
                    ("project", ("total", "fiscal", "other")),
                    ("annual", ("total", "appropriation", "carryover", "other")),
                )
                for figure in [declaration.at("funding", block, field).text() for field in fields]
            ]
        )
        expected_goals.append(
            [known.get(text, text) for text in (declaration.at("goals", "annual").text() or blank,)]
            + [f"{DEPARTMENT_YEAR}/{name}"]
        )
    assert [row[:5] for row in targets[1:]] == expected_targets
    assert [[_sum(value) for value in row[2:9]] for row in funds[1:]] == expected_funds
    assert [row[6:8] for row in goals[1:]] == expected_goals
    read = {tuple(row[5:8]) for row in targets[1:] if row[4] == "=100%"}
    assert read == {("=", 100, "%")}


def _sum(value: object) -> object:
    return value if isinstance(value, str) else Decimal(str(value))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_that_a_pack_asks(
    site: Path, years: Path, language: str, *, rewrites_golden: bool
) -> None:
    title = translations(language).get("可以询问的问题", "可以询问的问题")
    packs = {
        "real": site / PREFIXES[language] / DEPARTMENT_YEAR / "pack.xlsx",
        "years": years / "build/site" / PREFIXES[language] / "2022/health/pack.xlsx",
    }
    for name, file in packs.items():
        text = "".join("\t".join(map(str, row)) + "\n" for row in _sheets(file)[title])
        assert_matches_golden(QUESTIONS / f"{name}-{language}.tsv", text, rewrites=rewrites_golden)


def test_a_pack_says_what_changed_since_the_year_before(years: Path) -> None:
    sheets = _sheets(years / "build/site/2022/health/pack.xlsx")
    changes = sheets["与上一份申报表相比"]
    kinds = {row[4] for row in changes[1:]}
    assert {"数字调高", "不再列出"} <= kinds, kinds
    # The same money in another unit: the figures alone would look like a cut to a ten thousandth.
    assert next(row[1:] for row in changes if "年度资金申请总额" in str(row[1])) == [
        "申报年度 · 年度资金申请总额",
        "1,000,000 元",
        "100 万元",
        "—",
    ]
    words = "".join(_pages((years / "build/site/2022/health/pack.pdf").read_bytes()))
    for row in changes[1:]:
        assert all(_drop_blanks(str(cell)) in words for cell in row if cell), row
    # The first year has nothing to be compared with.
    assert len(_sheets(years / "build/site/2020/health/pack.xlsx")["与上一份申报表相比"]) == 1


def test_pages_lead_to_what_is_handed_round(site: Path) -> None:
    for prefix in PREFIXES.values():
        for page in (DEPARTMENT_YEAR, *(f"{DEPARTMENT_YEAR}/{name}" for name in DECLARATIONS)):
            folder = site / prefix / page
            links = read_page(folder / "index.html").xpath("(//p[@class='paper'])[1]//a/@href")
            assert isinstance(links, list)
            expected = ["pack.pdf", "pack.xlsx"] if page == DEPARTMENT_YEAR else ["form.pdf"]
            assert links == expected
            assert all((folder / str(link)).is_file() for link in links)


def test_a_change_makes_the_packs_anew_that_show_it_and_no_others(years: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(years, tmp_path / "project"))
    before = read_all_files(project / "build/site")
    file = project / "content/declarations/2021/health/rounds.yml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}# 另记\n", "utf-8")
    _build(project)
    assert {
        path
        for path in list_differing_files(before, read_all_files(project / "build/site"))
        if "pack." in path
    } == set()

    file.write_text(re.sub(r"(?m)^nature: .*$", "nature: 经常性项目", text), "utf-8")
    _build(project)
    changed = {
        path
        for path in list_differing_files(before, read_all_files(project / "build/site"))
        if "pack." in path
    }
    assert {path.partition("health")[0] for path in changed} == {"2021/", "2022/", "en/2021/", "en/2022/"}

    whole = tmp_path / "whole"
    shutil.copytree(project, whole, ignore=shutil.ignore_patterns("build"))
    _build(whole)
    # The counter of the manifest tells builds apart.
    assert list_differing_files(
        read_all_files(whole / "build/site"), read_all_files(project / "build/site")
    ) == ["data/manifest.json"]


TYPED = (
    '=HYPERLINK("https://evil.example","x")',
    '#let x = read("/etc/passwd")',
    "$x^2$ *粗* _斜_ `码` @引 <标>",
    '#import "@preview/x:1.0.0"',
    "\\u{41} \\ // 注释 /* 注 */",
    "+1 -1 @SUM(1)",
)


def test_what_was_typed_stays_what_it_is(tmp_path: Path) -> None:
    project = _with_packs(copy_small_project(tmp_path / "project"))
    text = (project / CLINIC_PATH).read_text("utf-8")
    for number, typed in enumerate(TYPED):
        quoted = typed.replace("\\", "\\\\").replace('"', '\\"')
        line = f'name: "{quoted}"'
        named = "\n".join(line if old.startswith("name: ") else old for old in text.split("\n"))
        add_declaration(project, f"typed-{number}", named)
    _build(project)
    site = project / "build/site/2021/health"
    pack = "".join(_pages((site / "pack.pdf").read_bytes()))
    names = {row[0] for row in _sheets(site / "pack.xlsx")["绩效指标"]}
    for number, typed in enumerate(TYPED):
        assert _drop_blanks(typed) in "".join(_pages((site / f"typed-{number}/form.pdf").read_bytes()))
        assert _drop_blanks(typed) in pack
        assert typed in names


def test_a_long_form_reads_well(tmp_path: Path) -> None:
    project = _with_packs(copy_small_project(tmp_path / "project"))
    file = project / CLINIC_PATH
    text = file.read_text("utf-8")
    goal = "".join(f"第{number}项工作按期完成；" for number in range(3400))
    rows = "".join(
        f'      - id: row-{n}\n        name: 第{n}个村巡诊次数\n        target: ">={n}次"\n'
        for n in range(500)
    )
    text = re.sub(r"(?ms)^goals:\n.*?(?=^\w)", f"goals:\n  annual: {goal}\n", text)
    text = re.sub(r"(?ms)^indicators:\n.*?(?=^\w)", f"indicators:\n  产出指标:\n    数量指标:\n{rows}", text)
    file.write_text(text, "utf-8")
    _build(project)
    site = project / "build/site/2021/health"
    pages = _pages((site / "clinic/form.pdf").read_bytes())
    words = "".join(pages)
    assert goal in words
    # It is longer than a cell of a workbook can be, which says so.
    cell = str(_sheets(site / "pack.xlsx")["项目和目标"][1][6])
    shown, _, ending = cell.partition("……")
    assert len(goal) > len(cell) == MAX_CELL_LENGTH
    assert goal.startswith(shown)
    assert ending == "（超出单元格的长度，全文见 PDF）"
    assert all(f"第{n}个村巡诊次数>={n}次" in words for n in range(500))
    # The head of the table stands on every page that goes on with it.
    with_rows = [page for page in pages if "村巡诊次数" in page]
    assert len(with_rows) > 8
    assert all("三级指标" in page for page in with_rows)


def test_no_word_runs_off_the_page(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES / "sites/odd", project)
    _build(_with_packs(project))
    for file in ("no-break/form.pdf", "long-name/form.pdf", "pack.pdf"):
        with pdfplumber.open(project / "build/site/2021/health" / file) as pdf:
            margin = 10 * 72 / 25.4
            outside = [char for page in pdf.pages for char in page.chars if char["x1"] > page.width - margin]
        assert outside == [], file
    for kind in ("no-break", "long-name", "single"):
        declaration = read_yaml(project / f"content/declarations/2021/health/{kind}.yml")
        form = (project / f"build/site/2021/health/{kind}/form.pdf").read_bytes()
        _assert_holds(form, declaration, "zh")


def test_without_a_font_the_site_is_published_without_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _with_packs(copy_small_project(tmp_path / "project"))
    monkeypatch.setattr(reading, "has_fonts", lambda: False)
    built = pipeline.build(project, lambda _: None)
    (problem,) = built.checked.problems
    line = (project / "site_config.yml").read_text("utf-8").splitlines().index("packs: true") + 1
    assert problem.rule == "packs-without-font"
    assert (problem.place.file, problem.place.line) == ("site_config.yml", line)
    assert not list((project / "build/site").rglob("*.pdf"))
    assert "form.pdf" not in (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")

    # As soon as there is one, everything is made, though nothing in the project has changed.
    monkeypatch.undo()
    pipeline.build(project, lambda _: None)
    assert len(list((project / "build/site").rglob("*.pdf"))) == 4
    assert "form.pdf" in (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")


def test_a_declaration_that_changes_meanwhile_ends_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _with_packs(copy_small_project(tmp_path / "project"))
    file = project / CLINIC_PATH

    def read_later(identity: str, version: str, folder: Path) -> bytes:
        file.write_bytes(file.read_bytes() + b"# later\n")
        return read_again(identity, version, folder)

    monkeypatch.setattr(download_stages, "read_again", read_later)
    with pytest.raises(UserError) as caught:
        pipeline.build(project, lambda _: None)
    assert "clinic" in str(caught.value.message.values)
    assert not (project / "build/site").exists()
