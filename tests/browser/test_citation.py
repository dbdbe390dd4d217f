"""The foot of a declaration: permanent link, citation, QR code on paper, and where mistakes are reported."""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import segno
from playwright.sync_api import Page, expect

from tests.conftest import ROOT, jixiao
from tests.support.independent_readers import DEPARTMENT_YEAR, find_elements, find_only_element, read_page

NAME = "worldskills-46-preparation"
DECLARATION = f"{DEPARTMENT_YEAR}/{NAME}/"
SOURCE = ROOT / f"content/declarations/{DEPARTMENT_YEAR}/{NAME}.yml"
VERSION = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
CITED = {
    "": "上海市人力资源和社会保障局：《筹办第46届世界技能大赛专项经费》，2021年度财政项目支出绩效目标申报表，"
    f"绩效公开示范站点，版本 {VERSION}，https://jixiao.example/{DECLARATION}",
    "en/": "Shanghai Municipal Human Resources and Social Security Bureau. “Special funds for preparing the "
    "46th WorldSkills Competition”. Performance target declaration for 2021, unofficial translation. "
    f"Jixiao demonstration site. Version {VERSION}. https://jixiao.example/en/{DECLARATION}",
}


def read_fact_tables(site: Path, address: str) -> dict[str, str]:
    """Return the values beside the labels of the tables of facts."""
    rows = read_page(site / address / "index.html").xpath("//table[@class='facts']//tr")
    cells = [(row.xpath("string(th[last()])"), row.xpath("string(td[last()])")) for row in rows]
    return {label: " ".join(value.split()) for label, value in cells}


@pytest.mark.parametrize(
    ("prefix", "labels"), [("", ("永久链接", "引用")), ("en/", ("Permanent link", "Cite as"))]
)
def test_a_declaration_says_how_it_is_cited(site: Path, prefix: str, labels: tuple[str, str]) -> None:
    facts = read_fact_tables(site, f"{prefix}{DECLARATION}")
    assert facts[labels[0]] == f"https://jixiao.example/{prefix}{DECLARATION}"
    assert facts[labels[1]] == CITED[prefix]


@pytest.mark.parametrize("prefix", CITED)
def test_the_qr_code_is_that_of_the_permanent_link(site: Path, prefix: str) -> None:
    page = read_page(site / prefix / DECLARATION / "index.html")
    drawing = find_only_element(page, "//figure[contains(@class, 'qr-code')]/svg")
    size = int(str(drawing.get("viewbox")).split()[2])
    black = set()
    for x, y, width in re.findall(
        r"M(\d+) (\d+)h(\d+)v1h-\d+z", str(find_only_element(drawing, "path").get("d"))
    ):
        black |= {(int(y), column) for column in range(int(x), int(x) + int(width))}
    code = segno.make(
        f"https://jixiao.example/{prefix}{DECLARATION}", micro=False, error="m", boost_error=False, mask=2
    )
    rows = [tuple(row) for row in code.matrix_iter(scale=1, border=4)]
    assert len(rows) == size
    assert black == {(y, x) for y, row in enumerate(rows) for x, module in enumerate(row) if module}


@pytest.mark.parametrize(
    ("prefix", "words", "subject"),
    [("", "报告本页的差错", "差错："), ("en/", "Report a mistake on this page", "Mistake: ")],
)
def test_a_report_of_a_mistake_names_the_page(site: Path, prefix: str, words: str, subject: str) -> None:
    link = find_only_element(
        read_page(site / prefix / DECLARATION / "index.html"), "//p[contains(@class, 'report')]/a"
    )
    assert link.text_content() == words
    address = unquote(str(link.get("href")))
    assert address == f"mailto:corrections@jixiao.example?subject={subject}{DECLARATION[:-1]}"


def test_without_a_public_address_or_contact_nothing_is_promised(project: Path) -> None:
    settings = project / "site_config.yml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("address:", "contact:"))]
    settings.write_text("".join(kept), "utf-8")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    page = read_page(project / "build/site" / DECLARATION / "index.html")
    assert "永久链接" not in read_fact_tables(project / "build/site", DECLARATION)
    assert find_elements(page, "//figure[contains(@class, 'qr-code')]") == []
    assert find_elements(page, "//p[contains(@class, 'report')]") == []


@pytest.mark.browser
def test_the_code_stands_on_paper_and_not_on_the_screen(page: Page, address: str) -> None:
    page.goto(f"{address}{DECLARATION}")
    code = page.locator("figure.qr-code svg")
    expect(code).to_be_hidden()
    expect(page.get_by_role("link", name="报告本页的差错")).to_be_visible()
    page.emulate_media(media="print")
    expect(code).to_be_visible()
    expect(page.get_by_role("link", name="报告本页的差错")).to_be_hidden()
    box = code.bounding_box()
    assert box
    assert 90 < box["width"] == pytest.approx(box["height"])
