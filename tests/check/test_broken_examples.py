"""Bad input: drop a file into examples/broken/<rule>/, run `make golden`, and it is a test.

The report beside each file is the exact list of problems, in English and in Chinese. Files in examples/sound/
guard against over-strictness: they have no problem.
"""

import os
import re
import time
from pathlib import Path

import pytest

from jixiao.problems import Problem
from tests.support.sample_projects import (
    CLINIC_PATH,
    EXAMPLES,
    assert_matches_golden,
    check_project,
    copy_small_project,
    format_problem_report,
)

BROKEN = sorted(path for path in (EXAMPLES / "broken").rglob("*.yml"))
LIMIT = 1.0
"""Seconds of the processor for one broken file; the slowest takes 0.03."""
PATIENCE = 120
"""Seconds. Such a file takes milliseconds; this only tells a hang from a busy machine."""
SOUND = sorted((EXAMPLES / "sound").glob("*.yml"))


def _problems_with(file: Path, folder: Path) -> tuple[Problem, ...]:
    project = copy_small_project(folder / "project")
    (project / CLINIC_PATH).write_bytes(file.read_bytes())
    return check_project(project)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_broken_file_gives_exactly_these_problems(
    file: Path, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    begun = time.process_time()
    problems = _problems_with(file, tmp_path)

    # Of this process alone, so that a busy machine fails nothing.
    assert time.process_time() - begun < LIMIT
    assert_matches_golden(
        file.with_suffix(".report.txt"), format_problem_report(problems), rewrites=rewrites_golden
    )
    assert file.parent.name in {problem.rule for problem in problems}


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_a_sound_file_has_no_problem(file: Path, tmp_path: Path) -> None:
    assert format_problem_report(_problems_with(file, tmp_path)) == ""


def _declaration_file(project: Path, name: str) -> Path:
    file = project / "content/declarations/2021/health" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("clinic-two.yaml", "wrong-extension"),
        ("form.docx", "wrong-extension"),
        (".hidden.yaml", "wrong-extension"),
        ("clinic two.yml", "address-differs-from-file"),
        ("Clinic-Two.yml", "address-differs-from-file"),
        (f"{'诊' * 80}.yml", "address-differs-from-file"),
        ("index.yml", "address-differs-from-file"),
        ("404.yml", "address-differs-from-file"),
        ("assets.yml", "address-differs-from-file"),
        ("search.yml", "address-differs-from-file"),
        ("deeper/clinic.yml", "address-differs-from-file"),
    ],
)
def test_a_file_name_that_cannot_be_an_address_is_refused(name: str, rule: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    file = _declaration_file(project, name)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((project / CLINIC_PATH).read_bytes())

    found = [problem.rule for problem in check_project(project)]
    assert [name for name in found if name != "address-not-registered"] == [rule]


def test_a_file_in_the_wrong_place_is_told_where_it_belongs(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    for name in ("deeper/clinic.yml", "Clinic.yml"):
        file = _declaration_file(project, name)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes((project / CLINIC_PATH).read_bytes())

    found = format_problem_report(
        tuple(one for one in check_project(project) if one.rule == "address-differs-from-file")
    )

    folder = "content/declarations/2021/health"
    said = " ".join(line.strip() for line in found.split("\n")[4:8])
    assert said == (
        f"{folder}/Clinic.yml:1:1: 错误: 文件名“Clinic”不能作网址 [address-differs-from-file] "
        "建议: 只用小写英文字母、数字和连字符，例如 vocational-training；不能用 index、404、search 等 "
        f"{folder}/deeper/clinic.yml:1:1: 错误: 文件放错了地方：{folder}/deeper/clinic.yml "
        "[address-differs-from-file] 建议: 应放在 content/declarations/年度/主管部门/项目.yml"
    )


def test_a_department_may_not_be_called_as_the_further_pages_of_lists_are(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "content/declarations/2021/health").rename(project / "content/declarations/2021/pages")
    for file in (
        "content/organisations.yml",
        "content/declarations/2021/pages/clinic.yml",
        "content/addresses.yml",
    ):
        text = (project / file).read_text("utf-8")
        (project / file).write_text(
            re.sub(
                r"^health:|(?<=: )health$|(?<=/)health(?=/)",
                lambda found: found[0].replace("health", "pages"),
                text,
                flags=re.MULTILINE,
            ),
            "utf-8",
        )

    place = "content/declarations/2021/pages/clinic.yml:5:13"
    assert format_problem_report(check_project(project)) == (
        f"{place}: error: the id “pages” of a department cannot be an address [address-differs-from-file]\n"
        "    hint: Choose another id: the further pages of long lists use this address\n"
        f"{place}: 错误: 部门编号“pages”不能作网址 [address-differs-from-file]\n"
        "    建议: 请换一个编号：长列表的续页用了这个网址\n"
    )


def test_a_form_that_cannot_be_read_does_not_seem_missing(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    form.unlink()
    form.symlink_to(project / "nowhere")

    assert [problem.rule for problem in check_project(project)] == ["symbolic-link"]


def test_links_pipes_folders_and_huge_files_are_refused_and_never_waited_for(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    _declaration_file(project, "a-link.yml").symlink_to(project / CLINIC_PATH)
    _declaration_file(project, "b-dangling.yml").symlink_to(project / "nowhere.yml")
    _declaration_file(project, "c-folder.yml").symlink_to(project / "content", target_is_directory=True)
    os.mkfifo(_declaration_file(project, "d-pipe.yml"))
    _declaration_file(project, "e-huge.yml").write_bytes(b"# x\n" * 500_000)
    _declaration_file(project, "f-long.yml").write_bytes(b"- 1\n" * 200_000)
    begun = time.monotonic()

    problems = [problem for problem in check_project(project) if problem.rule != "address-not-registered"]
    found = {problem.place.file.rpartition("/")[2]: problem.rule for problem in problems}

    assert time.monotonic() - begun < PATIENCE
    assert found == {
        "a-link.yml": "symbolic-link",
        "b-dangling.yml": "symbolic-link",
        "c-folder.yml": "symbolic-link",
        "d-pipe.yml": "not-a-file",
        "e-huge.yml": "file-too-large",
        "f-long.yml": "too-deep-or-long",
    }


def test_a_file_that_cannot_be_read_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "content/organisations.yml").write_text("health: [\n", encoding="utf-8")
    (project / "content/taxonomies/2015.yml").write_text("edition: @\n", encoding="utf-8")

    assert [problem.place.file for problem in check_project(project)] == [
        "content/organisations.yml",
        "content/taxonomies/2015.yml",
    ]
