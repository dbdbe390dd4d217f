"""From forms as received to files: the real text, odd forms, refusals, and any sound form.

Drop a form into examples/import/<case>/form.txt and run `make golden`: its files and both reports stand
beside it.
"""

import csv
import re
import shutil
import time
from pathlib import Path

import pytest

from jixiao.commands.import_ import ImportRequest, describe_import, import_forms
from jixiao.i18n import load_interface_catalogue
from jixiao.model.declaration import DeclarationRow
from jixiao.write_files import write_files
from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import EXAMPLES, assert_matches_golden, read_sound_declaration

IMPORT = EXAMPLES / "import"
FORM = "content/forms/declarations-2021.txt"
FOLDER = "content/declarations/2021/shanghai-hrss"
OURS = ("worldskills-46-preparation", "skilled-talent-bases", "vocational-training-capacity")
LABELS = re.compile(
    r"财政项目支出绩效目标申报表|\(2021年度\)|\(2021年 - 2021年\)"
    r"|项目(?:名称|类别|资金|资金总额|绩效目标|总目标)"
    r"|(?:主管部门|实施单位|计划(?:开始|完成)日期|年度资金申请总额|年度总目标|上年结转资金|其他资金)"
    r"|其中：.{4,6}|绩|绩效指标|[一二三]级指标|指标目标值"
)
"""What is printed on every form of 2021, and part of the label beside the table."""


def _import(project: Path, *arguments: str, language: str = "en") -> tuple[int, str]:
    """Import into `out/` of *project*; return the exit code and all output."""
    result = jixiao("import", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the three files of the real text."""
    folder = tmp_path_factory.mktemp("imported")
    code, said = _import(ROOT, FORM, "--to", str(folder))
    # The forms of 2021 do not state the unit of money, and nobody but an editor says what it is.
    assert (code, said.count("    The unit of money is left open: neither the head")) == (1, 3), said
    return folder


def with_unit(text: str) -> str:
    """Add our reading of the unit of money, as an editor does."""
    return text.replace("\nfunding:\n", "\nfunding:\n  unit_read_as: 元\n")


def _reading(form: int, row: DeclarationRow) -> tuple[str, ...]:
    filed, target = row.indicator.as_filed, row.indicator.target
    return (
        str(form),
        ",".join(map(str, filed.lines)) if filed else "",
        row.level1,
        row.level2,
        row.indicator.name.typed,
        target.filed.typed if target else "",
        ",".join(row.indicator.defects),
        row.indicator.certainty.class_,
        row.indicator.certainty.text,
    )


def test_all_51_rows_of_the_real_text_are_read_as_careful_people_read_them(imported: Path) -> None:
    with (IMPORT / "declarations-2021.readings.tsv").open(encoding="utf-8", newline="") as stream:
        expected = [tuple(row) for row in csv.reader(stream, delimiter="\t")][1:]
    read = [
        _reading(form, row)
        for form in (1, 2, 3)
        for row in read_sound_declaration(imported / f"project-{form}.yml").rows()
    ]

    assert len(read) == len(expected) == 51
    # Rows that are printed as they should be need no record of where they stand.
    placed = [(*one[:1], one[1] and other[1], *other[2:]) for one, other in zip(read, expected, strict=True)]
    assert read == placed
    damaged = [row for row in expected if row[6] or {row[7], row[8]} != {"printed"}]
    assert [row for row in read if row[1]] == damaged


@pytest.mark.parametrize(("form", "ours"), tuple(enumerate(OURS, 1)))
def test_the_files_equal_ours_but_for_notes_and_ids(imported: Path, form: int, ours: str) -> None:
    written = with_unit((imported / f"project-{form}.yml").read_text("utf-8")).splitlines()
    by_hand = (ROOT / FOLDER / f"{ours}.yml").read_text("utf-8").splitlines()
    chosen = re.compile(r"(\s*)(- id|note): .*")

    assert [chosen.sub(r"\1\2", line) for line in written] == [chosen.sub(r"\1\2", line) for line in by_hand]


def test_check_asks_for_the_unit_of_money_and_accepts_the_files_where_ours_stood(
    project: Path, imported: Path
) -> None:
    for form, ours in enumerate(OURS, 1):
        shutil.copy(imported / f"project-{form}.yml", project / FOLDER / f"{ours}.yml")

    asked = jixiao("check", "--project", str(project), language="zh")

    assert (asked.returncode, asked.stdout.count("没有写金额单位 [money-unit-unclear]")) == (1, 3)
    assert "建议: 请看原表：" in asked.stdout
    for ours in OURS:
        file = project / FOLDER / f"{ours}.yml"
        file.write_text(with_unit(file.read_text("utf-8")), encoding="utf-8")

    result = jixiao("check", "--project", str(project), language="zh")

    assert result.returncode == 0
    assert result.stdout.splitlines()[-2] == "3 份申报表，0 处错误，0 处提醒，22 条改进建议"


def test_no_cell_of_the_real_text_is_lost(imported: Path) -> None:
    lines = (ROOT / FORM).read_text("utf-8").splitlines()
    cells = [cell.strip() for line in lines for cell in line.split("\t") if cell.strip()]
    written = "".join(_files(imported).values())
    organisations = (ROOT / "content/organisations.yml").read_text("utf-8")
    lost = [
        cell
        for cell in cells
        if cell not in written
        and cell not in organisations
        and not LABELS.fullmatch(cell.replace(" ", ""))
        and not LABELS.fullmatch(cell)
    ]

    assert lost == []
    said = _import(ROOT, FORM, "--to", str(imported), "--force")[1].splitlines()
    assert said[-1] == f"{len(cells)} cells: {len(cells)} placed, 0 not placed, 0 left out as personal data"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in IMPORT.glob("*/form.txt")))
def test_a_form_gives_exactly_these_files_and_this_account(
    case: str, project: Path, *, rewrites_golden: bool
) -> None:
    shutil.copy(IMPORT / case / "form.txt", project / "form.txt")
    reports = [
        _import(project, "form.txt", "--to", "out", "--force", language=each)[1] for each in ("en", "zh")
    ]

    assert_matches_golden(IMPORT / case / "report.txt", "".join(reports), rewrites=rewrites_golden)
    for name, text in _files(project / "out").items():
        assert_matches_golden(IMPORT / case / name, text, rewrites=rewrites_golden)


def test_the_real_text_gives_exactly_these_files_and_this_account(
    project: Path, *, rewrites_golden: bool
) -> None:
    case = IMPORT / "declarations-2021"
    reports = [_import(project, FORM, "--to", "out", "--force", language=each)[1] for each in ("en", "zh")]

    assert_matches_golden(case / "report.txt", "".join(reports), rewrites=rewrites_golden)
    for name, text in _files(project / "out").items():
        assert_matches_golden(case / name, text, rewrites=rewrites_golden)


def test_persons_and_telephones_stand_neither_in_file_nor_report(project: Path) -> None:
    shutil.copy(IMPORT / "county/form.txt", project)
    said = _import(project, "form.txt", "--to", "out", language="zh")[1]

    for word in ("甲某某", "乙某某", "13800138000", "88886666"):
        assert word not in said
        assert word not in "".join(_files(project / "out").values())


def test_files_that_are_there_are_left_alone_and_named(project: Path) -> None:
    (project / "out").mkdir()
    (project / "out/project-2.yml").write_text("mine\n", encoding="utf-8")

    code, said = _import(project, FORM, "--to", "out")

    assert code == 1
    assert (
        f"{FORM} lines 28 to 61 “高技能人才培养基地建设资助”: out/project-2.yml is there already "
        "and was left alone; --force replaces it\n" in said
    )
    files = _files(project / "out")
    assert sorted(files) == ["project-1.yml", "project-2.yml", "project-3.yml"]
    assert files["project-2.yml"] == "mine\n"
    assert "left alone" not in _import(project, FORM, "--to", "out", "--force")[1]
    assert "name: 高技能人才培养基地建设资助\n" in _files(project / "out")["project-2.yml"]


def test_when_the_system_refuses_one_file_no_file_is_touched(project: Path) -> None:
    (project / "out/project-3.yml").mkdir(parents=True)
    (project / "out/project-1.yml").write_text("mine\n", encoding="utf-8")

    assert _import(project, FORM, "--to", "out", "--force") == (
        2,
        (
            "Cannot read or write out/project-3.yml: Is a directory\n"
            "The import was not finished. No file is half written; put this right and run it again.\n"
        ),
    )
    assert sorted(path.name for path in (project / "out").iterdir()) == ["project-1.yml", "project-3.yml"]
    assert (project / "out/project-1.yml").read_text("utf-8") == "mine\n"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    texts = {"one.yml": "a: 1\n", "two.yml": "\ud800"}

    # What cannot be written stands for a disk that is full in the middle of the second file.
    with pytest.raises(UnicodeEncodeError):
        write_files(texts, tmp_path / "out", replaces=False)

    assert list(tmp_path.iterdir()) == []


def test_one_form_takes_the_id_that_it_is_given(project: Path) -> None:
    shutil.copy(IMPORT / "odd-rows/form.txt", project)

    _import(project, "form.txt", "--to", "out", "--id", "damaged")

    assert sorted(_files(project / "out")) == ["damaged.yml"]


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (
            (FORM, "--to", "out", "--id", "mine"),
            "--id is for a single form; there are 3\n",
            "--id 只能用于一份申报表，这里有 3 份\n",
        ),
        (
            (FORM, "--to", "out", "--id", "../mine"),
            (
                "“../mine” cannot be the name of a file: use small English letters, digits and hyphens only, "
                "and not index, 404, search and the like\n"
            ),
            "“../mine”不能作文件名：只用小写英文字母、数字和连字符，不能用 index、404、search 等\n",
        ),
        (
            (FORM, "--to", "site_config.yml"),
            (
                "Cannot read or write site_config.yml: File exists\n"
                "The import was not finished. No file is half written; put this right and run it again.\n"
            ),
            "无法读写 site_config.yml：File exists\n没有做完；没有写坏任何文件，改正以后请再运行一次。\n",
        ),
    ],
)
def test_what_cannot_work_is_said_and_nothing_is_written(
    project: Path, arguments: tuple[str, ...], english: str, chinese: str
) -> None:
    assert _import(project, *arguments) == (2, english)
    assert _import(project, *arguments, language="zh") == (2, chinese)
    assert not (project / "out").exists()


HEAD = "财政项目支出绩效目标申报表\n项目名称\t甲\n"
REFUSED = {
    "gbk": HEAD.encode("gb18030"),
    "utf16": HEAD.encode("utf-16"),
    "utf16-without-mark": HEAD.encode("utf-16-le"),
    "nul": HEAD.replace("甲", "甲\0").encode(),
    "cut-off": HEAD.encode()[:-2],
    "word": b"PK\x03\x04" + bytes(1000),
    "pdf": b"%PDF-1.7\n",
    "random": bytes(range(256)) * 4,
    "empty": b"",
    "no-form": b"a\tb\nc\n",
    "a-thousand-forms": HEAD.encode() * 1000,
    "a-million-characters": f"{HEAD}{'字' * 1_000_000}\n".encode(),
    "a-thousand-cells": (HEAD + "\t" * 1000).encode(),
    "a-million-cells": (HEAD + ("\t" * 100 + "\n") * 10_000).encode(),
    "long-form": (HEAD + "\t\t平稳\t推进\n" * 10_000).encode(),
    "huge": b"x" * (4 * 1024 * 1024 + 1),
}


LIMIT = 5.0
"""Seconds of the processor for one such file, against what never ends; the slowest takes 0.3."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_form_is_refused_with_place_and_reason(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    form = Path(f"{name}.txt")
    form.write_bytes(REFUSED[name])
    begun = time.process_time()

    imported = import_forms(ImportRequest(forms=[form], root=ROOT, folder=Path("out")))

    assert time.process_time() - begun < LIMIT
    assert not imported.is_clean
    said = [
        f"{line}\n"
        for each in ("en", "zh")
        for line in describe_import(imported, load_interface_catalogue(each))
    ]
    assert_matches_golden(IMPORT / "refused" / f"{name}.report.txt", "".join(said), rewrites=rewrites_golden)
    assert list(tmp_path.iterdir()) == [tmp_path / form]


def test_a_form_that_cannot_be_read_does_not_keep_the_others_from_being_written(project: Path) -> None:
    code, said = _import(project, "missing.txt", FORM, "--to", "out")

    assert code == 1
    assert said.startswith("missing.txt:1:1: error: this file is missing [file-missing]\n")
    assert len(_files(project / "out")) == 3


def test_a_file_with_a_name_that_no_file_should_have_speaks_to_no_terminal(project: Path) -> None:
    name = "\x1b[31m\u202e.txt"
    shutil.copy(ROOT / FORM, project / name)

    said = _import(project, name, "--to", "out")[1]

    assert not {"\x1b", "\u202e"} & set(said)
    assert "  form: forms/form.txt\n" in _files(project / "out")["project-1.yml"]


def test_a_project_without_closed_lists_is_told_so(project: Path) -> None:
    shutil.rmtree(project / "content/taxonomies")

    code, said = _import(project, FORM, "--to", "out")

    assert code == 1
    assert said == (
        "content/taxonomies:1:1: error: there are no closed lists: the classes of indicators cannot be told "
        "[no-taxonomies]\n"
        "    hint: Run the command in the project folder, or name that folder with --project\n"
    )


def test_help_teaches_with_an_example_in_both_languages() -> None:
    for language in ("en", "zh"):
        said = jixiao("import", "--help", language=language).stdout
        assert "jixiao import content/forms/declarations-2021.txt" in said
    assert not re.search(r"[\u4e00-\u9fff]", jixiao("import", "--help", language="en").stdout)
