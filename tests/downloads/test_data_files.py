"""Files of data: every figure and text in every format as the YAML has it, by readers that share nothing."""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from pyarrow import parquet

from jixiao.analysis.data_table import DATABASE_VIEWS
from jixiao.downloads import TABLES, ColumnKind
from jixiao.verify.data_checks import compare_all_data
from jixiao.verify.sources import VerificationSources, read_sources
from tests.conftest import copy_project, jixiao
from tests.support.independent_readers import (
    DECLARATIONS,
    DEPARTMENT_YEAR,
    YamlNode,
    iter_indicators,
    read_declaration,
    read_yaml,
)

Row = Mapping[str, str | None]
SUMS = {
    "project": ("total", "fiscal", "other"),
    "annual": ("total", "appropriation", "carryover", "other"),
}
NUMBERS = {
    column.name
    for table in TABLES
    for column in table.columns
    if column.kind in {ColumnKind.INTEGER, ColumnKind.NUMBER}
}
YEAR = DEPARTMENT_YEAR.split("/", maxsplit=1)[0]


def expected_rows(identity: str, declaration: YamlNode) -> tuple[Row, list[Row]]:
    """Return the values of the YAML, field by field; a blank is `None`."""
    row: dict[str, str | None] = {"id": identity}
    for field in ("year", "department", "unit", "name", "nature", "edition"):
        row[field] = declaration.at(field).text()
    for field in ("start", "end"):
        row[field] = declaration.at("period", field).text()
    for block, fields in SUMS.items():
        for field in fields:
            filed = declaration.at("funding", block, field).text()
            row[f"{block}_{field}_filed"] = filed
            row[f"{block}_{field}"] = filed.replace(",", "") if filed is not None else None
    row["money_unit"] = declaration.at("funding", "unit").text()
    row["money_unit_read_as"] = declaration.at("funding", "unit_read_as").text()
    for goal in ("overall", "annual"):
        row[f"{goal}_goal"] = declaration.at("goals", goal).text()
    row["form"] = declaration.at("source", "form").text()
    indicators: list[Row] = []
    for position, (level1, level2, indicator) in enumerate(iter_indicators(declaration), 1):
        fields = ("id", "name", "target", "note")
        indicators.append(
            {
                "declaration": identity,
                "position": str(position),
                "level1": level1,
                "level2": level2,
                **{field: indicator.at(field).text() for field in fields},
            }
        )
    return row, indicators


def _csv(file: Path) -> Iterator[Row]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in file.read_bytes()
    for row in csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")), cell
        yield {name: cell.removeprefix("'") or None for name, cell in row.items()}


def _json(file: Path, table: str) -> Iterator[Row]:
    read = json.loads(file.read_text("utf-8"), parse_int=str, parse_float=str)
    for one in read.get("declarations", [read]):
        yield from [one["declaration"]] if table == "declarations" else one["indicators"]


def _xlsx(file: Path, table: str) -> Iterator[Row]:
    sheet = openpyxl.load_workbook(file)[table]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref is not None
    names = [cell.value for cell in sheet[1]]
    for cells in sheet.iter_rows(min_row=2):
        assert "f" not in {cell.data_type for cell in cells}
        texts = [None if cell.value is None else _format_value(cell.value) for cell in cells]
        yield {str(name): text for name, text in zip(names, texts, strict=True)}


def _format_value(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def _sqlite(file: Path, table: str) -> Iterator[Row]:
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608
            yield {name: None if row[name] is None else str(row[name]) for name in row.keys()}  # noqa: SIM118


def _parquet(file: Path) -> Iterator[Row]:
    for row in parquet.read_table(file).to_pylist():
        yield {name: None if value is None else str(value) for name, value in row.items()}


def read_tables(folder: Path, table: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of one table from each file of *folder*."""
    yield "csv", list(_csv(folder / f"{table}.csv"))
    yield "json", list(_json(folder / "data.json", table))
    yield "xlsx", list(_xlsx(folder / "data.xlsx", table))
    if (folder / "jixiao.sqlite").exists():
        yield "sqlite", list(_sqlite(folder / "jixiao.sqlite", table))
        yield "parquet", list(_parquet(folder / f"{table}.parquet"))


def assert_holds(folder: Path, declarations: Mapping[str, YamlNode]) -> None:
    """Compare every file of *folder* with the YAML of these declarations."""
    read = [expected_rows(identity, tree) for identity, tree in sorted(declarations.items())]
    wanted = {
        "declarations": [row for row, _ in read],
        "indicators": [row for _, indicators in read for row in indicators],
    }
    for table, rows in wanted.items():
        for kind, found in read_tables(folder, table):
            assert len(found) == len(rows), (kind, table)
            wrong = [
                (kind, name, value, cells.get(name))
                for row, cells in zip(rows, found, strict=True)
                for name, value in row.items()
                if not _is_same(name, value, cells[name], kind)
            ]
            assert wrong == []


def _is_same(name: str, wanted: str | None, found: str | None, kind: str) -> bool:
    if wanted is None or found is None:
        return wanted is found
    if kind in {"csv", "json"}:
        return wanted == found
    is_sum = name in {f"{block}_{field}" for block, fields in SUMS.items() for field in fields}
    return Decimal(wanted) == Decimal(found) if is_sum or name in NUMBERS else wanted == found


REAL = {f"{DEPARTMENT_YEAR}/{name}": name for name in DECLARATIONS}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_files_of_a_declaration_say_what_was_filed(site: Path, name: str) -> None:
    identity = f"{DEPARTMENT_YEAR}/{name}"
    assert_holds(site / identity, {identity: read_declaration(name)})


@pytest.mark.parametrize("folder", [YEAR, DEPARTMENT_YEAR])
def test_the_files_of_a_year_say_what_was_filed(site: Path, folder: str) -> None:
    assert_holds(site / folder, {identity: read_declaration(name) for identity, name in REAL.items()})


def test_the_files_of_the_whole_site_say_what_was_filed(site: Path) -> None:
    read = [expected_rows(identity, read_declaration(name)) for identity, name in sorted(REAL.items())]
    for found in (
        list(_sqlite(site / "data/jixiao.sqlite", "indicators")),
        list(_parquet(site / "data/indicators.parquet")),
    ):
        targets = [(row["declaration"], row["id"], row["target"]) for row in found]
        assert targets == [(row["declaration"], row["id"], row["target"]) for _, rows in read for row in rows]
    for found in (
        list(_sqlite(site / "data/jixiao.sqlite", "declarations")),
        list(_parquet(site / "data/declarations.parquet")),
    ):
        sums = [(row["id"], row["annual_total_filed"], row["annual_goal"]) for row in found]
        assert sums == [(row["id"], row["annual_total_filed"], row["annual_goal"]) for row, _ in read]


def test_a_zero_stays_a_zero_and_a_blank_a_blank(site: Path) -> None:
    folder = site / DEPARTMENT_YEAR
    for kind, rows in read_tables(folder, "indicators"):
        zero = [row for row in rows if row["target"] == "=0"]
        assert [Decimal(row["value"] or "9") for row in zero] == [Decimal(0)], kind
        assert [row["target"] for row in rows if row["measurability"] == "未填报"] == [None], kind
    for kind, rows in read_tables(folder, "declarations"):
        assert {row["annual_carryover"] for row in rows} == {None}, kind


def test_the_views_of_the_database_answer_what_deputies_ask(site: Path) -> None:
    with closing(sqlite3.connect(site / "data/jixiao.sqlite")) as connection:
        answers = {
            view: connection.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608
            for view in ("department_years", "hard_to_check", "damaged", "project_years")
        }
    assert answers["department_years"] == [
        (2021, "shanghai-hrss", "上海市人力资源和社会保障局", 3, 221535000.0, 3, 51, 17)
    ]
    assert len(answers["hard_to_check"]) == 18
    assert answers["hard_to_check"][0][3] == 151100000
    assert len(answers["damaged"]) == 19
    assert [row[1] for row in answers["project_years"]] == sorted(DECLARATIONS)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_json_is_as_its_schema_says(site: Path, name: str) -> None:
    schema = json.loads((site / "data/data.schema.json").read_text("utf-8"))
    data = json.loads((site / DEPARTMENT_YEAR / name / "data.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**data, "declaration": {}})


def test_the_dictionary_tells_every_column_in_both_languages(site: Path) -> None:
    dictionary = json.loads((site / "data/dictionary.json").read_text("utf-8"))
    for table in dictionary["tables"]:
        columns = [column["name"] for column in table["columns"]]
        folder = site / ("data" if table["name"] == "organisations" else YEAR)
        with (folder / f"{table['name']}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.reader(file)) == columns
        for column in table["columns"]:
            assert set(column["title"]) == {"zh", "en"}
            assert column["title"]["en"].isascii()


def test_the_index_and_the_package_name_files_that_are_there(site: Path) -> None:
    index = json.loads((site / "data/index.json").read_text("utf-8"))
    package = json.loads((site / "datapackage.json").read_text("utf-8"))
    named = [*index["schemas"].values(), *(index[key] for key in ("dictionary", "package", "manifest"))]
    lots = [index["all"], *(year["files"] for year in index["years"])]
    lots += [department["files"] for year in index["years"] for department in year["departments"]]
    named += [path for lot in lots for paths in lot.values() for path in paths]
    named += [path.format(id=f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}") for path in index["each_declaration"]]
    named += [resource["path"] for resource in package["resources"]]
    assert [path for path in named if not (site / path).is_file()] == []
    assert len(set(named)) > 20


def _tamper(file: Path) -> None:
    """Change one digit, in place; of a workbook, in the part that holds it."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        sheet = book["declarations"]
        names = [cell.value for cell in sheet[1]]
        cell = sheet.cell(2, names.index("annual_total") + 1)
        cell.value = int(str(cell.value)) + 1
        book.save(file)
    elif file.suffix == ".sqlite":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE indicators SET target = '>=91%' WHERE id = 'fund-use-rate'")
            connection.commit()
    elif file.suffix == ".parquet":
        table = parquet.read_table(file)
        name = "annual_goal" if "declarations" in file.name else "target"
        changed = [None if value is None else f"{value}1" for value in table[name].to_pylist()]
        parquet.write_table(table.set_column(table.schema.get_field_index(name), name, [changed]), file)
    else:
        content = file.read_bytes()
        place = content.index(b"151100000" if b"151100000" in content else b">=90%")
        file.write_bytes(content[:place] + content[place:].replace(b"1", b"2", 1).replace(b"90", b"91", 1))


TAMPERED = (
    f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/data.jsonld",
    f"{YEAR}/data.json",
    f"{YEAR}/data.xlsx",
    f"{DEPARTMENT_YEAR}/declarations.csv",
    f"{DEPARTMENT_YEAR}/indicators.csv",
    f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/data.json",
    f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/data.xlsx",
    f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/indicators.csv",
    "data/jixiao.sqlite",
    "data/declarations.parquet",
    "data/indicators.parquet",
)


def test_verify_names_every_file_in_which_a_figure_was_changed(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "built")
    site = tmp_path / "built/build/site"
    # Without a manifest the content alone tells.
    (site / "data/manifest.json").unlink()
    for path in TAMPERED:
        _tamper(site / path)
    (site / f"{YEAR}/indicators.csv").unlink()

    said = jixiao("verify", "--project", str(tmp_path / "built"))

    assert said.returncode == 1
    named = {line.split(": ", maxsplit=1)[0] for line in said.stdout.splitlines()}
    assert {*TAMPERED, f"{YEAR}/indicators.csv"} <= named


OF_TEXT = """PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = REPLACE(sql, '"{0}" INTEGER', '"{0}" TEXT') WHERE name = '{1}';
PRAGMA writable_schema = RESET; UPDATE {1} SET {0} = CAST({0} AS TEXT)"""
ALTERED = {
    "year is a text": (OF_TEXT.format("year", "declarations"), "declarations.year"),
    "position is a text": (OF_TEXT.format("position", "indicators"), "indicators.position"),
    "a view answers something else": (
        "DROP VIEW department_years; CREATE VIEW department_years AS SELECT 5 AS annual_total_yuan",
        "department_years",
    ),
    "a view is gone": ("DROP VIEW damaged", "damaged"),
    "a table too many": ("CREATE TABLE totals AS SELECT 1 AS yuan", "totals"),
    "a trigger too many": ("CREATE TRIGGER later AFTER DELETE ON indicators BEGIN SELECT 1; END", "later"),
    "checksum": ("UPDATE declarations SET form_sha256 = '0' WHERE rowid = 1", "form_sha256"),
    "department": ("UPDATE declarations SET department_name = '0' WHERE rowid = 1", "department_name"),
    "unit": ("UPDATE declarations SET unit_name = '0' WHERE rowid = 1", "unit_name"),
    "class": ("UPDATE indicators SET class_certainty = 'confirmed' WHERE rowid = 1", "class_certainty"),
    "text": ("UPDATE indicators SET text_certainty = 'confirmed' WHERE rowid = 1", "text_certainty"),
    "number": (
        "UPDATE indicators SET measurability = '原文有缺损' WHERE value = 0",
        "measurability",
    ),
}
"""What is done to the database, and what the finding names."""


@pytest.fixture(scope="module")
def sources(built: Path) -> VerificationSources:
    """The built project, as the verification reads it."""
    return read_sources(built)


@pytest.mark.parametrize("altered", ALTERED)
def test_an_altered_database_is_told(
    built: Path, sources: VerificationSources, tmp_path: Path, altered: str
) -> None:
    database, (done, named) = "data/jixiao.sqlite", ALTERED[altered]
    (tmp_path / "data").mkdir()
    shutil.copy(built / "build/site" / database, tmp_path / database)
    assert _list_findings(database, sources, tmp_path) == []
    with closing(sqlite3.connect(tmp_path / database)) as connection:
        connection.executescript(done)
    assert named in "".join(_list_findings(database, sources, tmp_path)[:1])


def _list_findings(path: str, sources: VerificationSources, site: Path) -> list[str]:
    found = compare_all_data(
        sources, site, {path}, {name: query for name, (_, query) in DATABASE_VIEWS.items()}
    )
    return [str(finding.message) for finding in found if finding.file == path]


def test_a_formula_in_a_cell_is_told(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "built")
    file = tmp_path / f"built/build/site/{DEPARTMENT_YEAR}/indicators.csv"
    file.write_bytes(file.read_bytes().replace(b"'=100%", b"=100%", 1))
    said = jixiao("verify", "--project", str(tmp_path / "built"))
    assert f"{DEPARTMENT_YEAR}/indicators.csv: a spreadsheet would compute this cell: =100%" in said.stdout


def test_a_change_makes_the_same_files_as_a_build_from_nothing(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    assert jixiao("build", "--project", str(project)).returncode == 0
    file = project / f"content/declarations/{DEPARTMENT_YEAR}/{DECLARATIONS[1]}.yml"
    file.write_text(file.read_text("utf-8").replace("15,986,000", "15,986,001"), encoding="utf-8")
    assert jixiao("build", "--project", str(project)).returncode == 0
    warm = _files_of_data(project)
    shutil.rmtree(project / "build")
    assert jixiao("build", "--project", str(project)).returncode == 0
    assert _files_of_data(project) == warm
    tree = read_yaml(file)
    assert_holds(
        project / f"build/site/{DEPARTMENT_YEAR}/{DECLARATIONS[1]}",
        {f"{DEPARTMENT_YEAR}/{DECLARATIONS[1]}": tree},
    )


def test_another_form_beside_the_same_declarations_reaches_every_file(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    assert jixiao("build", "--project", str(project)).returncode == 0
    pack = project / "build/site" / DEPARTMENT_YEAR / "pack.pdf"
    before = pack.read_bytes()
    form = project / "content/forms/declarations-2021.txt"
    form.write_bytes(form.read_bytes() + b"\n")
    checksum = sha256(form.read_bytes()).hexdigest()
    (project / "content/forms/SHA256SUMS").write_text(f"{checksum}  {form.name}\n", encoding="utf-8")
    assert jixiao("build", "--project", str(project)).returncode == 0
    for folder in (YEAR, DEPARTMENT_YEAR, f"{DEPARTMENT_YEAR}/{DECLARATIONS[0]}"):
        rows = list(_csv(project / "build/site" / folder / "declarations.csv"))
        assert {row["form_sha256"] for row in rows} == {checksum}, folder
    (told,) = {
        row["form_sha256"] for row in _sqlite(project / "build/site/data/jixiao.sqlite", "declarations")
    }
    assert told == checksum
    assert pack.read_bytes() != before


def _files_of_data(project: Path) -> dict[str, bytes]:
    site = project / "build/site"
    endings = {".csv", ".json", ".xlsx", ".sqlite", ".parquet"}
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.suffix in endings and "pagefind" not in file.parts and file.name != "manifest.json"
    }


def test_a_site_without_downloads_has_none(project: Path) -> None:
    assert jixiao("build", "--project", str(project)).returncode == 0
    left = _files_of_data(project)
    assert [path for path in left if "data." in path or path.endswith((".csv", ".sqlite"))] == []
    assert "没有另外提供数据文件" in (project / "build/site/data/index.html").read_text("utf-8")
