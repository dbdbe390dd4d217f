"""`jixiao export`: files of data without a site, compared with the YAML by readers of the tests."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from frictionless import Package

from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao
from tests.downloads.test_data_files import REAL, assert_holds
from tests.support.independent_readers import (
    DECLARATIONS,
    DEPARTMENT_YEAR,
    YamlNode,
    iter_indicators,
    read_declaration,
    read_yaml,
)
from tests.support.sample_projects import copy_small_project

MANY = 250 if os.environ.get("CI", "") not in {"", "0", "false"} else 1000
"""Synthetic declarations, plainly marked as such; fewer in CI, where reading workbooks takes a minute."""


def _declarations(project: Path) -> Iterator[tuple[str, YamlNode]]:
    home = project / "content/declarations"
    for file in home.rglob("*.yml"):
        yield file.relative_to(home).with_suffix("").as_posix(), read_yaml(file)


def test_the_real_declarations_in_every_format(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    said = jixiao("export", str(folder), "--project", str(project))
    assert said.returncode == 0, said.stderr
    files = [
        *("declarations.csv", "indicators.csv", "organisations.csv", "data.json", "data.xlsx"),
        *("declarations.parquet", "indicators.parquet", "organisations.parquet", "jixiao.sqlite"),
        *("dictionary.json", "datapackage.json"),
    ]
    assert said.stdout.splitlines() == [
        *(str(folder / file) for file in files),
        "3 declarations, 51 indicators",
    ]
    assert sorted(file.name for file in folder.iterdir()) == sorted(files)
    assert_holds(folder, {identity: read_declaration(name) for identity, name in REAL.items()})


def test_many_synthetic_declarations_in_every_format(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", MANY, languages=("zh",))
    said = jixiao("export", str(tmp_path / "data"), "--project", str(project))
    assert said.returncode == 0, said.stderr
    declarations = dict(_declarations(project))
    assert len(declarations) == MANY
    assert_holds(tmp_path / "data", declarations)


def test_a_year_and_a_department_alone(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", 60, languages=("zh",))
    identity = min(identity for identity, _ in _declarations(project))
    year, department, _ = identity.split("/")
    chosen = {one: tree for one, tree in _declarations(project) if one.startswith(f"{year}/{department}/")}
    said = jixiao(
        *("export", str(tmp_path / "data"), "--project", str(project)),
        *("--year", year, "--department", department, "--format", "json", "--format", "csv"),
    )
    assert said.returncode == 0, said.stderr
    data = json.loads((tmp_path / "data/data.json").read_text("utf-8"))
    assert [one["declaration"]["id"] for one in data["declarations"]] == sorted(chosen)
    assert not (tmp_path / "data/data.xlsx").exists()
    report = Package(str(tmp_path / "data/datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "fieldName", "message"])
    rows = {task.name: task.stats.get("rows") for task in report.tasks}
    assert rows["declarations"] == len(chosen)
    assert rows["indicators"] == sum(len(list(iter_indicators(tree))) for tree in chosen.values())


def test_without_csv_there_is_no_package(project: Path, tmp_path: Path) -> None:
    said = jixiao("export", str(tmp_path / "data"), "-p", str(project), "-f", "json")
    assert said.returncode == 0, said.stderr
    assert sorted(file.name for file in (tmp_path / "data").iterdir()) == ["data.json", "dictionary.json"]


@pytest.mark.parametrize(
    ("language", "saying"), [("en", "there is no such declaration"), ("zh", "没有这样的申报表")]
)
def test_what_is_not_there_is_told(project: Path, tmp_path: Path, language: str, saying: str) -> None:
    folder = tmp_path / "data"
    said = jixiao("export", str(folder), "-p", str(project), "--year", "1999", language=language)
    assert (said.returncode, said.stderr.strip()) == (1, saying)
    assert not folder.exists()


def test_no_file_is_written_over(project: Path, tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text("mine", encoding="utf-8")
    said = jixiao("export", str(tmp_path), "-p", str(project))
    assert said.returncode == 1
    assert said.stderr.strip() == f"there is such a file already: {tmp_path / 'data.json'}"
    assert (tmp_path / "data.json").read_text("utf-8") == "mine"
    assert not (tmp_path / "declarations.csv").exists()


def test_nothing_is_written_over_an_error(project: Path, tmp_path: Path) -> None:
    file = project / f"content/declarations/{DEPARTMENT_YEAR}/{DECLARATIONS[0]}.yml"
    file.write_text(file.read_text("utf-8").replace("151,100,000", "151，100，000"), encoding="utf-8")
    said = jixiao("export", str(tmp_path / "data"), "-p", str(project))
    assert said.returncode == 1
    assert f"{DECLARATIONS[0]}.yml:" in said.stdout
    assert said.stdout.splitlines()[-1] == "No file was written: please correct the errors above first."
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("folder", ["/", "/..", "/proc/self/root"])
def test_nothing_is_exported_into_the_root_of_the_disk(tmp_path: Path, folder: str) -> None:
    said = jixiao("export", folder, "--project", str(copy_small_project(tmp_path / "project")))

    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.strip() == f"{folder} is the root of the disk: name a folder"
