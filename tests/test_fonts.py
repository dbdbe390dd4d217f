"""Latin words are set in Latin fonts, Chinese ones in Chinese fonts, on pages and on paper.

Quotes and dashes are the same characters in both; a Chinese font gives each a whole em, a Latin one a part.
"""

import shutil
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Page

from tests.conftest import jixiao
from tests.reading import DEPARTMENT_YEAR
from tests.support import EXAMPLES

DECLARATION = f"{DEPARTMENT_YEAR}/vocational-training-capacity/"
PLACES = ("h1", "h2", ".headline dd", ".prose p", ".facts td", ".note", ".site-name", ".trail")
ADVANCES = """([places, language]) => places.map((place) => {
    const shown = document.querySelector(place);
    const width = (text) => {
        const mark = document.createElement("span");
        if (language) mark.lang = language;
        mark.style.cssText = "letter-spacing: 0; white-space: nowrap; display: inline-block";
        mark.textContent = text;
        shown.append(mark);
        const em = mark.getBoundingClientRect().width / parseFloat(getComputedStyle(mark).fontSize);
        mark.remove();
        return em;
    };
    return (width("n’n".repeat(10)) - width("nn".repeat(10))) / 10;
})"""
"""The width of an apostrophe in each place, in em."""
WIDE = "‘’“”…—"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("prefix", "language", "em"),
    [("", "", 1.0), ("", "en", 0.3), ("en/", "", 0.3), ("en/", "zh-CN", 1.0), ("en/", "de", 0.3)],
)
def test_an_apostrophe_is_as_wide_as_its_language_has_it(
    page: Page, address: str, prefix: str, language: str, em: float
) -> None:
    page.goto(f"{address}{prefix}{DECLARATION}")
    for medium, places in (("screen", PLACES), ("print", [one for one in PLACES if one != ".trail"])):
        page.emulate_media(media="print" if medium == "print" else "screen")
        advances = dict(zip(places, page.evaluate(ADVANCES, [places, language]), strict=True))
        assert advances == {place: pytest.approx(em, abs=0.15) for place in places}, medium


def test_the_marks_of_an_english_paper_are_narrow_and_of_a_chinese_one_wide(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES / "sites/years", project, ignore=shutil.ignore_patterns("expected"))
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("\npacks: true\n")
    for file in (project / "content/translations/en").glob("*.po"):
        words = file.read_text("utf-8").replace("Health Bureau of", "People’s “Health” Bureau — of")
        file.write_text(words, encoding="utf-8")
    said = jixiao("build", "--project", str(project))
    assert said.returncode == 0, said.stdout + said.stderr

    english, chinese = (
        _widths(project / f"build/site/{prefix}2022/health/pack.pdf") for prefix in ("en/", "")
    )
    assert set("’“”—") <= set(english)
    assert {mark: width for mark, width in english.items() if mark != "—" and width > 0.6} == {}
    assert chinese["“"] > 0.9


def _widths(file: Path) -> dict[str, float]:
    """The widest of each mark, in em."""
    widest: dict[str, float] = {}
    with pdfplumber.open(file) as pdf:
        for sign in (sign for sheet in pdf.pages for sign in sheet.chars if sign["text"] in WIDE):
            width = sign["width"] / sign["size"]
            widest[sign["text"]] = max(width, widest.get(sign["text"], 0))
    return widest
