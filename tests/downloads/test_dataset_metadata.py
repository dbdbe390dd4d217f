"""The Data Package as another program reads it, and the examples of the page of data as they stand there."""

import contextlib
import html
import io
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import openpyxl
import pytest
from frictionless import Package

from tests.support.independent_readers import DEPARTMENT_YEAR

PYTHON = re.compile(r"<h3[^>]*>Python</h3>\s*<pre[^>]*><code>(.*?)</code>", re.DOTALL)
R = re.compile(r"<h3[^>]*>R</h3>\s*<pre[^>]*><code>(.*?)</code>", re.DOTALL)
SHEET = re.compile(r"=SUM\(declarations!([A-Z]+):\1\)")


def test_the_package_is_valid_to_another_reader(site: Path) -> None:
    report = Package(str(site / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "fieldName", "message"])
    assert sorted((task.name, task.stats.get("rows")) for task in report.tasks) == [
        ("declarations-2021", 3),
        ("indicators-2021", 51),
        ("organisations", 2),
    ]


def test_the_other_reader_finds_what_is_wrong(site: Path, tmp_path: Path) -> None:
    for name in (
        "datapackage.json",
        "data/organisations.csv",
        "2021/declarations.csv",
        "2021/indicators.csv",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(site / name, tmp_path / name)
    file = tmp_path / "2021/indicators.csv"
    file.write_text(file.read_text("utf-8").replace(f"{DEPARTMENT_YEAR}/skilled", "2021/nobody/skilled", 1))
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def test_the_example_in_python_counts_the_targets(site: Path, address: str) -> None:
    page = (site / "en/data/index.html").read_text("utf-8")
    found = PYTHON.search(page)
    assert found is not None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(html.unescape(found[1]), {"SITE": address})  # noqa: S102 - the published example, word for word
    assert "'数字': 17" in said.getvalue()
    assert said.getvalue().splitlines()[-1] == str(_above_90_percent(site))


@pytest.mark.skipif(
    shutil.which("Rscript") is None and os.environ.get("CI", "") in {"", "0", "false"}, reason="no R"
)
def test_the_example_in_r_counts_the_targets(site: Path, address: str, tmp_path: Path) -> None:
    page = (site / "en/data/index.html").read_text("utf-8")
    found = R.search(page)
    assert found is not None
    program = tmp_path / "example.R"
    before, after = f'options(width = 200)\nSITE <- "{address}"\n', "\nprint(rows$target)\n"
    program.write_text(f"{before}{html.unescape(found[1])}{after}", "utf-8")

    said = subprocess.run(
        ["Rscript", "--vanilla", str(program)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ).stdout

    counts = dict(zip(*(line.split() for line in said.splitlines()[1:3]), strict=True))
    assert counts["数字"] == "17"
    assert sum(map(int, counts.values())) == 51
    assert '"=100%"' in said
    assert f"[1] {_above_90_percent(site)}" in said.splitlines()


def _above_90_percent(site: Path) -> int:
    """Count the targets above 90 %, as SQLite does."""
    with contextlib.closing(sqlite3.connect(site / "data/jixiao.sqlite")) as database:
        question = "SELECT COUNT(*) FROM indicators WHERE value_unit = '%' AND value > 90"
        ((count,),) = database.execute(question).fetchall()
    assert isinstance(count, int)
    assert count > 0
    return count


def test_the_example_for_spreadsheets_names_the_column_of_yuan(site: Path) -> None:
    page = html.unescape((site / "data/index.html").read_text("utf-8"))
    found = SHEET.search(page)
    assert found is not None
    sheet = openpyxl.load_workbook(site / "2021/data.xlsx")["declarations"]
    cells = [cell.value for cell in sheet[found[1]]]
    assert cells[0] == "annual_total_yuan"
    assert sum(int(str(cell)) for cell in cells[1:]) == 221535000
