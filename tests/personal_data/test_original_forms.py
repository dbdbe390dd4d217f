"""Forms as received: every place of a file is searched, and what is published holds no personal data."""

import hashlib
import json
import random
import re
import shutil
import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from jixiao.i18n import load_interface_catalogue, message
from jixiao.originals.form_search import SEARCH_CACHE, search_content
from jixiao.personal_data.text_patterns import PersonalDataKind
from tests.conftest import jixiao
from tests.support.files_with_identity_numbers import (
    add_archive_parts,
    build_pdf,
    build_word_file,
    build_workbook,
    invent_identity_number,
    remove_archive_part,
)
from tests.support.sample_projects import (
    CLINIC_PATH,
    EXAMPLES,
    assert_matches_golden,
    check_project,
    copy_small_project,
    format_problem_report,
)

MADE = {"docx": build_word_file, "xlsx": build_workbook, "pdf": build_pdf}
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECRETS = ("王小明", "13912345678", invent_identity_number(1))


def _with_form(project: Path, name: str, content: bytes) -> Path:
    """Let the declaration of *project* be taken from a form of this name."""
    form = project / "content/forms" / name
    form.parent.mkdir(parents=True, exist_ok=True)
    form.write_bytes(content)
    declaration = project / CLINIC_PATH
    text = declaration.read_text("utf-8").replace("forms/example.txt", f"forms/{name}")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  lines:"))
    declaration.write_text(text, "utf-8")
    _register(project)
    return form


def _register(project: Path) -> None:
    forms = project / "content/forms"
    files = sorted(path for path in forms.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(forms).as_posix()}\n"
        for path in files
    ]
    (forms / "SHA256SUMS").write_text("".join(lines), "utf-8")


@pytest.mark.parametrize("ending", MADE)
def test_a_number_is_found_in_every_place_where_a_file_can_keep_one(
    ending: str, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    content, numbers = MADE[ending]()
    project = copy_small_project(tmp_path / "project")
    _with_form(project, f"museum.{ending}", content)

    found = {
        one.found.number
        for one in search_content(content).findings
        if one.found.kind is PersonalDataKind.IDENTITY_NUMBER
    }
    assert [place for place, number in numbers.items() if number not in found] == []
    problems = tuple(one for one in check_project(project) if one.place.file == CLINIC_PATH)
    assert_matches_golden(
        EXAMPLES / "originals" / f"{ending}.report.txt",
        format_problem_report(problems),
        rewrites=rewrites_golden,
    )


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_copy_holds_nothing_that_was_found_and_can_be_opened(ending: str, tmp_path: Path) -> None:
    content, numbers = MADE[ending]()
    project = copy_small_project(tmp_path / "project")
    form = _with_form(
        project, f"museum.{ending}", remove_archive_part(content, "word/embeddings/oleObject1.bin")
    )
    before = form.read_bytes()

    result = jixiao("redact", str(form), "--project", str(project))

    copy = project / f"content/forms/published/museum.{ending}"
    held = b"".join(_unpack(copy))
    assert form.read_bytes() == before
    assert [place for place, number in numbers.items() if number.encode() in held] == []
    assert "王小明".encode() not in held
    # A picture stays, and nobody can say what is on it.
    assert (result.returncode, "word/media/image1.png" in result.stdout) == (
        (1, True) if ending == "docx" else (0, False)
    )
    if ending == "docx":
        shown = [[cell.text for cell in row.cells] for row in Document(str(copy)).tables[0].rows]
        assert shown == [["■" * 18, f"{'■' * 9}\n{'■' * 9}", ""], ["■" * 6, "■" * 12, "■" * 18]]
    else:
        values = load_workbook(copy)["表"]
        assert [values["A1"].value, values["A2"].value, values["A5"].value] == ["■" * 18, "■" * 18, "说明"]


def _unpack(file: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, and of every part packed in it."""
    yield file.read_bytes()
    if file.read_bytes()[:2] == b"PK":
        with ZipFile(file) as archive:
            yield from map(archive.read, archive.namelist())


def _word(*cells: str) -> bytes:
    document = Document()
    document.add_table(rows=1, cols=len(cells))
    for cell, words in zip(document.tables[0].rows[0].cells, cells, strict=True):
        cell.text = words
    document.core_properties.author = "王小明"
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _build_and_verify(project: Path) -> list[str]:
    """Build and verify *project*; return the forms of its site."""
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    assert jixiao("verify", "--project", str(project)).returncode == 0
    forms = project / "build/site/forms"
    return sorted(path.relative_to(forms).as_posix() for path in forms.rglob("*") if path.is_file())


def _leaks(site: Path) -> list[tuple[str, str]]:
    return [
        (path.relative_to(site).as_posix(), secret)
        for path in sorted(site.rglob("*"))
        if path.is_file()
        for content in _unpack(path)
        for secret in SECRETS
        for encoding in ("utf-8", "utf-16-le", "gb18030")
        if secret.encode(encoding) in content
    ]


def test_a_form_is_published_as_a_copy_or_not_at_all_and_nothing_of_a_person_with_it(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("downloads: true\n")
    form = _with_form(
        project,
        "museum.docx",
        _word("项目负责人及电话", "王小明13912345678", "身份证", SECRETS[2], "名称", "巡诊"),
    )
    checksum = hashlib.sha256(form.read_bytes()).hexdigest()
    page = project / "build/site/2021/health/clinic/index.html"
    refused = jixiao("build", "--project", str(project))
    assert (refused.returncode, page.exists()) == (1, False)
    assert [secret for secret in SECRETS if secret in refused.stdout] == []

    copied = jixiao("redact", str(form), "--project", str(project))
    assert copied.returncode == 0, copied.stdout
    assert [secret for secret in SECRETS if secret in copied.stdout] == []
    _register(project)
    assert _build_and_verify(project) == ["published/museum.docx"]
    copy = hashlib.sha256((project / "content/forms/published/museum.docx").read_bytes()).hexdigest()
    text = page.read_text("utf-8")
    assert f"SHA-256 {checksum}" in text
    assert f"SHA-256 {copy}" in text
    assert 'href="../../../forms/published/museum.docx"' in text
    assert _leaks(project / "build/site") == []

    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("originals: false\n")
    assert _build_and_verify(project) == []
    text = page.read_text("utf-8")
    assert f"SHA-256 {checksum}" in text
    assert "museum.docx（原件没有公布）" in text
    assert copy not in text
    assert _leaks(project / "build/site") == []
    shutil.copytree(project / "content/forms", project / "build/site/forms")
    assert "这份申报表不该公布" in jixiao("verify", "--project", str(project), language="zh").stdout


def test_a_copy_is_never_written_over_a_form_or_another_copy_unasked(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    form = _with_form(project, "museum.txt", "联系人：王小明\t13912345678\r\n第二行\n".encode("gb18030"))
    ask = ("redact", str(form), "--project", str(project))
    copy = project / "content/forms/published/museum.txt"

    assert jixiao(*ask, "--to", str(form)).returncode == 1
    assert jixiao(*ask).returncode == 0
    assert copy.read_bytes() == "联系人：■■■\t■■■■■■■■■■■\r\n第二行\n".encode("gb18030")
    copy.write_text("x", "utf-8")
    assert (jixiao(*ask).returncode, copy.read_text("utf-8")) == (1, "x")
    assert (jixiao(*ask, "--force").returncode, len(copy.read_bytes())) == (0, 46)
    (tmp_path / "elsewhere.txt").write_bytes(form.read_bytes())
    assert (
        "no-place-for-copy"
        in jixiao("redact", str(tmp_path / "elsewhere.txt"), "--project", str(project)).stdout
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("old.doc", OLD),
        ("renamed.docx", OLD),
        ("scan.jpg", b"\xff\xd8\xff\xe0\0"),
        ("broken.docx", _word("甲")[:2000]),
        ("scan.pdf", b"%PDF-1.4\n%%EOF\n"),
        (
            "odd.docx",
            add_archive_parts(_word("甲"), {"word/x.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, {}),
        ),
        ("deep.docx", add_archive_parts(_word("甲"), {"word/x.xml": "<a>" * 300 + "</a>" * 300}, {})),
        ("page.html", b"<html>&#49;"),
        ("noise.bin", random.Random(1).randbytes(5000)),  # noqa: S311 - the same noise every time
    ],
)
def test_what_cannot_be_searched_is_said_and_may_be_waived(name: str, content: bytes, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    form = _with_form(project, name, content)

    assert [problem.rule for problem in check_project(project)] == ["form-not-searched"]
    refused = jixiao("redact", str(form), "--project", str(project))
    assert (refused.returncode, "form-not-redacted" in refused.stdout) == (1, True)
    with (project / CLINIC_PATH).open("a", encoding="utf-8") as declaration:
        declaration.write("waivers:\n- {rule: form-not-searched, field: source.form, reason: 张某看过原件}\n")
    assert check_project(project) == ()


LABELLED = [
    ("联系人：王小明", ["王小明"]),
    ("填报人（签字）：李 雷　填报日期：2021年", ["李 雷"]),
    ("联系人王小明13912345678", ["王小明"]),
    ("项目负责人\t王小明、李雷", ["王小明", "李雷"]),
    ("负责人及电话：\t阿卜杜拉·买买提 13912345678", ["阿卜杜拉·买买提"]),
    ("经办人\t联系电话", []),
    ("负责人\t财务科", []),
    ("联系人\t无", []),
    ("项目负责人\t王某某", []),
    ("联系人：局长", []),
    ("主管部门\t王庄镇", []),
    ("加强负责人员培训：完成", []),
    ("负责人签字：\t日期：", []),
    ("审核人责任制落实", []),
    ("项目负责人\t王小明 李小红", ["王小明", "李小红"]),
    ("项目负责人\t王 小明 李红 13912345678", ["王 小明", "李红"]),
    ("项目负责人\t李科、王会；刘管理", ["李科", "王会", "刘管理"]),
    *((f"{label}\t王小明", ["王小明"]) for label in ("录入人", "校对人", "报送人", "编报人", "姓名")),
    ("负责人\t姓名\t电话\n\t王小明\t88886666\n\t李小红\t88887777", ["王小明", "李小红"]),
    ("负责人\t电话\n王小明\t88886666\n巡诊\t≥120次", ["王小明"]),
    ("负责人\t尼玛次仁扎西 13912345678", ["尼玛次仁扎西"]),
    ("负责人\t卫健委", []),
    ("负责人\t王小明 负责全面工作", ["王小明"]),
]


@pytest.mark.parametrize(("line", "names"), LABELLED)
def test_a_name_is_found_by_the_label_beside_it(line: str, names: list[str]) -> None:
    found = search_content(line.encode()).findings

    assert [one.found.number for one in found if one.found.kind is PersonalDataKind.PERSON] == names


def test_a_number_in_the_name_of_a_file_is_found_and_a_file_inside_another_is_not_copied(
    tmp_path: Path,
) -> None:
    project = copy_small_project(tmp_path / "project")
    form = _with_form(
        project,
        f"{invent_identity_number(1)}.docx",
        add_archive_parts(_word("甲"), {"word/chunk.html": f"<p>{invent_identity_number(2)}"}, {}),
    )

    found = [(one.rule, one.message.values.get("place")) for one in check_project(project)]
    assert found == [
        ("form-not-searched", None),
        ("identity-number-in-text", message("文件名")),
        (
            "personal-data-in-text",
            message("{outer}，{inner}", outer=message("文件属性"), inner=message("{name}", name="creator")),
        ),
    ]
    refused = jixiao("redact", str(form), "--project", str(project))
    assert (refused.returncode, "word/chunk.html" in refused.stdout) == (1, True)


def test_what_a_copy_holds_is_told_of_the_copy_and_not_of_the_form(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    _with_form(project, "museum.docx", _word("甲"))
    copy = project / "content/forms/published/museum.docx"
    copy.parent.mkdir()
    content = _word("联系人", "王小明", "身份证", invent_identity_number(1))
    copy.write_bytes(add_archive_parts(content, {"word/media/image1.png": "x"}, {}))
    _register(project)
    found = check_project(project)
    chinese = load_interface_catalogue("zh")
    said = [f"{one.message.translate(chinese)} {one.hint.translate(chinese)}" for one in found]

    assert {one.rule for one in found} == {
        *("form-not-searched", "identity-number-in-text", "personal-data-in-text")
    }
    way = "content/forms/published/museum.docx 里删去或遮住"
    assert [one for one in said if not one.startswith("公开副本") or way not in one] == []
    assert [one for one in said if "原件" in one or "jixiao redact" in one] == []


def test_an_identity_number_in_a_form_beside_the_lines_of_its_declaration_is_told_of_the_form(
    tmp_path: Path,
) -> None:
    project = copy_small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    form.write_text(f"{form.read_text('utf-8').rstrip()}\n{invent_identity_number(1)}\n", encoding="utf-8")
    _register(project)
    declaration = project / CLINIC_PATH
    text = declaration.read_text("utf-8")
    declaration.write_text(re.sub("(?m)^(  form: .*)$", r"\1\n  lines: [1, 2]", text), encoding="utf-8")

    (problem,) = (one for one in check_project(project) if one.rule == "identity-number-in-text")
    assert problem.place.file == "content/forms/example.txt"
    assert problem.message.translate(load_interface_catalogue("zh")).startswith("申报表原件有身份证号码：第 ")


def test_a_name_below_its_label_is_found() -> None:
    found = search_content("姓名\t联系人\t联系电话\n甲\t王小明\t13912345678\n".encode()).findings

    assert [(one.found.mask(), one.line) for one in found] == [("王••", 2), ("139•••78", 2)]


def test_a_search_is_kept_and_a_spoilt_record_is_ignored(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    _with_form(project, "museum.docx", _word("联系人", "王小明"))
    problems = check_project(project)
    record = project / SEARCH_CACHE
    kept = json.loads(record.read_text("utf-8"))

    (checksum,) = kept["searches"]
    kept["searches"][checksum][1][0] = []
    record.write_text(json.dumps(kept), "utf-8")
    assert check_project(project) == ()
    # Whoever brings a record along hides nothing with it.
    shutil.copytree(project, tmp_path / "brought")
    assert check_project(tmp_path / "brought") == problems
    for spoilt in (
        "",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({**kept, "program": "x"}),
        '{"program": 1',
        string.printable,
    ):
        record.write_text(spoilt, "utf-8")
        assert check_project(project) == problems
    record.unlink()
    record.mkdir()
    assert check_project(project) == problems
    shutil.rmtree(record.parent)
    record.parent.write_text("", "utf-8")
    assert check_project(project) == problems


def test_a_number_in_a_cell_is_searched_with_all_its_digits_and_a_sum_is_left_alone() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([13912345678, 13912345678, 13912345678, 139123456.78])
    sheet["B1"].number_format = "#,##0.00"
    sheet["C1"].number_format = "0.00"
    sheet["A2"] = 98765
    stream = BytesIO()
    book.save(stream)
    # As Excel stores what has more than fifteen digits.
    rounded = ("<v>98765</v>", "<v>1.1010119510101E+17</v>")
    found = search_content(
        add_archive_parts(stream.getvalue(), {}, {"xl/worksheets/sheet1.xml": rounded})
    ).findings

    assert [(one.found.kind, one.found.number) for one in found] == [
        (PersonalDataKind.MOBILE, "13912345678"),
        (PersonalDataKind.IDENTITY_NUMBER_MISTYPED, "110101195101010000"),
    ]


@pytest.mark.parametrize("name", ["1#楼改造.txt", "怎么办?.txt", "100%41完成.txt", "a b&c+d=e'f.txt"])
def test_a_form_of_any_name_is_published_and_linked(name: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    _with_form(project, name, "巡诊".encode())
    built = jixiao("build", "--project", str(project))

    assert built.returncode == 0, built.stdout + built.stderr
    page = (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert f'href="../../../forms/{quote(name)}"' in page
    assert (project / "build/site/forms" / name).read_bytes() == "巡诊".encode()
