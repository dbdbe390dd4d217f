"""Files of data opened by LibreOffice without a window: nothing is computed, all stays what was filed."""

import csv
import os
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring

from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR, iter_indicators, read_declaration

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
FIELD_SEPARATOR, QUOTE, UTF8 = 44, 34, 76


def _converted(file: Path, to: str, folder: Path, *options: str) -> Path:
    """Have LibreOffice open *file* and save it as another kind."""
    home = {**os.environ, "HOME": str(folder)}
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        "soffice",
        "--headless",
        profile,
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(folder),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, env=home, timeout=900)
    return folder / f"{file.stem}.{to.partition(':')[0]}"


def _cells(opened: Path) -> list[tuple[str, str, str]]:
    """Give kind, formula and text of each cell of an OpenDocument spreadsheet that holds something."""
    with ZipFile(opened) as book:
        root = fromstring(book.read("content.xml"))
    return [
        (
            cell.get(f"{OFFICE}value-type", ""),
            cell.get(f"{TABLE}formula", ""),
            "\n".join("".join(part.itertext()) for part in cell),
        )
        for cell in root.iter(f"{TABLE}table-cell")
        if cell.get(f"{OFFICE}value-type")
    ]


def _targets(name: str) -> list[str]:
    tree = read_declaration(name)
    return [target for *_, one in iter_indicators(tree) if (target := one.at("target").text())]


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_workbook_computes_nothing_and_shows_targets_as_filed(
    site: Path, tmp_path: Path, name: str
) -> None:
    file = shutil.copy(site / DEPARTMENT_YEAR / name / "data.xlsx", tmp_path / "data.xlsx")
    cells = _cells(_converted(Path(file), "ods", tmp_path))
    assert [cell for cell in cells if cell[1]] == []
    texts = [text for kind, _, text in cells if kind == "string"]
    assert [target for target in _targets(name) if target not in texts] == []
    filed = read_declaration(name).at("funding", "annual", "total").required_text()
    assert filed in texts
    assert filed in [text for kind, _, text in cells if kind == "float"]


@pytest.mark.parametrize("name", DECLARATIONS)
def test_csv_computes_nothing_and_keeps_the_mark_before_a_formula(
    site: Path, tmp_path: Path, name: str
) -> None:
    file = shutil.copy(site / DEPARTMENT_YEAR / name / "indicators.csv", tmp_path / "indicators.csv")
    options = f"--infilter=CSV:{FIELD_SEPARATOR},{QUOTE},{UTF8},1"
    cells = _cells(_converted(Path(file), "ods", tmp_path, options))
    assert [cell for cell in cells if cell[1]] == []
    texts = [text for _, _, text in cells]
    for target in _targets(name):
        assert f"'{target}" in texts or target in texts
        assert not target.startswith("=") or f"'{target}" in texts


def test_a_year_as_a_workbook_is_saved_as_csv_with_equal_targets(site: Path, tmp_path: Path) -> None:
    file = shutil.copy(site / DEPARTMENT_YEAR / "data.xlsx", tmp_path / "data.xlsx")
    tokens = f"{FIELD_SEPARATOR},{QUOTE},{UTF8},1,,0,false,true,false,false,false,2"
    options = f"csv:Text - txt - csv (StarCalc):{tokens}"
    _converted(Path(file), options, tmp_path)
    saved = next(tmp_path.glob("data*indicators*.csv"))
    with saved.open(encoding="utf-8", newline="") as lines:
        targets = [row["target"] for row in csv.DictReader(lines) if row["target"]]
    assert targets == [target for name in sorted(DECLARATIONS) for target in _targets(name)]
    assert targets.count("=100%") > 5
