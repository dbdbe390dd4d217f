"""The forms as Word files, workbooks and PDFs: the same rows, wherever they come from.

The files are made from the forms in plain text (`make_forms.py`); the PDFs are printed by Chromium.
"""

import csv
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, jixiao
from tests.importers.test_import_examples import with_unit
from tests.support import form_documents
from tests.support.sample_projects import EXAMPLES, assert_matches_golden, read_sound_declaration

IMPORT = EXAMPLES / "import"
FORMS = {
    "declarations-2021": ROOT / "content/forms/declarations-2021.txt",
    "county": IMPORT / "county/form.txt",
}
RADICALS = re.compile(r"^form\.pdf(?:: characters that the PDF stores|：有 \d+ 个字).*\n", re.MULTILINE)
"""How many there are depends on the font."""
FOLDER = "content/declarations/2021/shanghai-hrss"
OURS = ("worldskills-46-preparation", "skilled-talent-bases", "vocational-training-capacity")
CASES = [
    pytest.param(case, ending, marks=[pytest.mark.browser] if ending == "pdf" else [])
    for case in FORMS
    for ending in ("docx", "xlsx", "pdf")
]
WRITERS: dict[str, Callable[[str], bytes]] = {
    "docx": form_documents.build_word_form,
    "xlsx": form_documents.build_workbook_form,
}
WHERE_FROM = re.compile(r"^( +form:|      lines:|          lines:|  lines:) .*$", re.MULTILINE)
"""Which file, and which lines of it: not the same in every kind of file."""


def _write_form(case: str, ending: str, project: Path, request: pytest.FixtureRequest) -> str:
    """Write the form *case* into *project* as a file of another kind; return its name."""
    text = FORMS[case].read_text("utf-8")
    if ending == "pdf":
        browser: Browser = request.getfixturevalue("browser")
        content = form_documents.build_pdf_form(text, browser)
    else:
        content = WRITERS[ending](text)
    (project / f"form.{ending}").write_bytes(content)
    return f"form.{ending}"


def _import(project: Path, *arguments: str, language: str = "en") -> tuple[int, str]:
    result = jixiao("import", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


@pytest.mark.parametrize(("case", "ending"), CASES)
def test_a_form_gives_the_same_files_whatever_kind_of_file_it_is(
    case: str, ending: str, project: Path, request: pytest.FixtureRequest, *, rewrites_golden: bool
) -> None:
    form = _write_form(case, ending, project, request)
    said = [_import(project, form, "--to", "out", "--force", language=each)[1] for each in ("en", "zh")]

    account = RADICALS.sub("", "".join(said))
    assert_matches_golden(IMPORT / case / f"report.{ending}.txt", account, rewrites=rewrites_golden)
    if rewrites_golden:
        # The files are those of the form in plain text, which another process may be rewriting.
        return
    written = {path.name: path.read_text("utf-8") for path in (project / "out").iterdir()}
    expected = {path.name: path.read_text("utf-8") for path in (IMPORT / case).glob("project-*.yml")}
    assert written.keys() == expected.keys()
    for name, text in expected.items():
        assert WHERE_FROM.sub("", written[name]) == WHERE_FROM.sub("", text)


@pytest.mark.parametrize(("case", "ending"), CASES[:3])
def test_all_51_rows_are_read_as_careful_people_read_them_and_check_accepts_them(
    case: str, ending: str, project: Path, request: pytest.FixtureRequest
) -> None:
    with (IMPORT / "declarations-2021.readings.tsv").open(encoding="utf-8", newline="") as stream:
        expected = [(row[0], *row[2:]) for row in csv.reader(stream, delimiter="\t")][1:]
    form = _write_form(case, ending, project, request)
    code, said = _import(project, form, "--to", "out")
    assert (code, said.count("    The unit of money is left open")) == (1, 3), said

    read = []
    for number in (1, 2, 3):
        for row in read_sound_declaration(project / f"out/project-{number}.yml").rows():
            one, target = row.indicator, row.indicator.target
            filed = target.filed.typed if target else ""
            sure = (one.certainty.class_, one.certainty.text)
            read.append(
                (str(number), row.level1, row.level2, one.name.typed, filed, ",".join(one.defects), *sure)
            )
    assert len(read) == 51
    assert read == expected
    for number, ours in enumerate(OURS, 1):
        text = with_unit((project / f"out/project-{number}.yml").read_text("utf-8"))
        (project / FOLDER / f"{ours}.yml").write_text(text, encoding="utf-8")
    shutil.copy(project / form, project / "content/forms")
    with (project / "content/forms/SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{hashlib.sha256((project / form).read_bytes()).hexdigest()}  {form}\n")
    checked = jixiao("check", "--project", str(project), language="zh")
    assert checked.returncode == 0
    assert "3 份申报表，0 处错误，0 处提醒，22 条改进建议\n" in checked.stdout


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_form_is_written_with_the_same_bytes_twice(ending: str) -> None:
    text = FORMS["county"].read_text("utf-8")

    assert WRITERS[ending](text) == WRITERS[ending](text)
