"""The questions of a journalist, asked of SQLite and Parquet, answered as the YAML answers them."""

import html
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from pyarrow import Table, parquet

from jixiao.analysis.data_table import DATABASE_VIEWS
from jixiao.verify.source_numbers import read_measure
from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao
from tests.support.independent_readers import iter_indicators, read_yaml
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

MANY = 90
_YUAN = {"元": 1, "万元": 10_000}
SQL = re.compile(r"<h3[^>]*>SQL</h3>\s*<p>.*?</p>\s*<pre[^>]*><code>(.*?)</code>", re.DOTALL)

Answer = list[tuple[Any, ...]]


class FiledFigures:
    """Figures of the YAML, read independently."""

    def __init__(self, project: Path) -> None:
        """Read every declaration of *project*."""
        self.sums: dict[str, Decimal] = {}
        self.targets: list[tuple[str, str, str | None]] = []
        home = project / "content/declarations"
        for file in sorted(home.rglob("*.yml")):
            tree, identity = read_yaml(file), file.relative_to(home).with_suffix("").as_posix()
            funding = tree.at("funding")
            filed = funding.at("annual", "total").text()
            unit = funding.at("unit").text() or funding.at("unit_read_as").text()
            if filed is not None and unit is not None:
                self.sums[identity] = Decimal(filed.replace(",", "")) * _YUAN[unit]
            self.targets += [
                (identity, indicator.at("id").required_text(), indicator.at("target").text())
                for _, _, indicator in iter_indicators(tree)
            ]

    def sums_descending(self) -> list[tuple[str, Decimal]]:
        """All sums, largest first."""
        return sorted(self.sums.items(), key=lambda one: (-one[1], one[0]))

    def by_department(self) -> dict[tuple[str, str], Decimal]:
        """Sum of each year and department."""
        totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for identity, yuan in self.sums.items():
            year, department, _ = identity.split("/")
            totals[year, department] += yuan
        return dict(totals)

    def above_90_percent(self) -> list[tuple[str, str]]:
        """Targets that are a percentage above 90."""
        read = [(one, indicator, read_measure(target or "")) for one, indicator, target in self.targets]
        return sorted(
            (one, indicator)
            for one, indicator, found in read
            if found and found.unit == "%" and found.number > 90
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic declarations with sums of all sizes, exported."""
    project = make_project(tmp_path_factory.mktemp("journalist") / "project", MANY, languages=("zh",))
    said = jixiao(
        *("export", str(project / "data"), "--project", str(project)),
        *("--format", "sqlite", "--format", "parquet"),
    )
    assert said.returncode == 0, said.stderr
    return project


@pytest.fixture(scope="module")
def filed(project: Path) -> FiledFigures:
    """The figures of the YAML."""
    return FiledFigures(project)


@pytest.fixture(scope="module")
def database(project: Path) -> Iterator[sqlite3.Connection]:
    """The exported database."""
    with closing(sqlite3.connect(project / "data/jixiao.sqlite")) as connection:
        yield connection


@pytest.fixture(scope="module")
def columns(project: Path) -> Table:
    """The exported declarations as columns."""
    return parquet.read_table(project / "data/declarations.parquet")


def _query(database: sqlite3.Connection, question: str) -> Answer:
    return database.execute(question).fetchall()


def test_largest_first_above_100_million_and_the_largest(
    filed: FiledFigures, database: sqlite3.Connection
) -> None:
    wanted = [(identity, float(yuan)) for identity, yuan in filed.sums_descending()]
    large = [(identity, yuan) for identity, yuan in wanted if yuan > 100_000_000]
    assert 0 < len(large) < len(wanted) < MANY

    columns = "SELECT id, annual_total_yuan FROM declarations"
    largest_first = "ORDER BY annual_total_yuan DESC, id"
    assert _query(database, f"{columns} WHERE annual_total_yuan > 100000000 {largest_first}") == large
    assert _query(database, f"{columns} {largest_first}")[: len(wanted)] == wanted
    assert _query(database, "SELECT MAX(annual_total_yuan) FROM declarations") == [wanted[0][1:]]
    assert _query(database, "SELECT MIN(annual_total_yuan) FROM declarations") == [wanted[-1][1:]]


def test_sums_by_department_and_the_average(filed: FiledFigures, database: sqlite3.Connection) -> None:
    wanted = {(int(year), one): yuan for (year, one), yuan in filed.by_department().items()}
    grouped = "FROM declarations GROUP BY year, department HAVING COUNT(annual_total_yuan)"
    by_hand = _query(database, f"SELECT year, department, ROUND(SUM(annual_total_yuan), 2) {grouped}")
    view = _query(
        database,
        "SELECT year, department, annual_total_yuan FROM department_years WHERE with_annual_total > 0",
    )
    for answer in (by_hand, view):
        assert {(year, one): Decimal(str(total)) for year, one, total in answer} == wanted
    ((average,),) = _query(database, "SELECT AVG(annual_total_yuan) FROM declarations")
    assert average == pytest.approx(float(sum(filed.sums.values()) / len(filed.sums)))
    blank = "SELECT COUNT(*) FROM department_years WHERE with_annual_total = 0 AND annual_total_yuan IS NULL"
    nothing_filed = {one.rpartition("/")[0] for one, _, _ in filed.targets} - {
        f"{year}/{one}" for year, one in filed.by_department()
    }
    assert _query(database, blank) == [(len(nothing_filed),)]


def test_the_share_of_numeric_targets_and_those_above_90_percent(
    filed: FiledFigures, database: sqlite3.Connection
) -> None:
    numeric = [target for _, _, target in filed.targets if read_measure(target or "")]
    share = "SELECT 1.0 * COUNT(value) / COUNT(*) FROM indicators"
    assert _query(database, share) == [(len(numeric) / len(filed.targets),)]
    above = "SELECT declaration, id FROM indicators WHERE value_unit = '%' AND value > 90"
    assert sorted(_query(database, above)) == filed.above_90_percent()
    assert len(filed.above_90_percent()) > 10


def test_every_column_of_figures_holds_numbers_alone(database: sqlite3.Connection) -> None:
    for table, names in (
        ("declarations", ("annual_total", "annual_total_yuan", "project_total", "project_fiscal")),
        ("indicators", ("value",)),
    ):
        for name in names:
            kinds = f"SELECT DISTINCT typeof({name}) FROM {table} WHERE {name} IS NOT NULL"  # noqa: S608
            assert _query(database, kinds) == [("real",)], name


def test_parquet_answers_the_same(filed: FiledFigures, columns: Table) -> None:
    yuan = columns["annual_total_yuan"]
    large = columns.filter(pc.greater(yuan, 100_000_000)).sort_by(
        [("annual_total_yuan", "descending"), ("id", "ascending")]
    )
    wanted = [(one, sum_) for one, sum_ in filed.sums_descending() if sum_ > 100_000_000]
    assert list(zip(large["id"].to_pylist(), large["annual_total_yuan"].to_pylist(), strict=True)) == wanted
    totals = columns.group_by(["year", "department"]).aggregate([("annual_total_yuan", "sum")])
    found = {
        (str(row["year"]), row["department"]): row["annual_total_yuan_sum"]
        for row in totals.to_pylist()
        if row["annual_total_yuan_sum"] is not None
    }
    assert found == filed.by_department()
    assert pc.max(yuan).as_py() == filed.sums_descending()[0][1]


HARD_SUMS = {
    "fen": ("元", "80364.25", 80364.25),
    "most-digits": ("万元", "999999999999998.123456", 9999999999999981000.0),
    "largest": ("万元", "999,999,999,999,999.99", 9999999999999999900.0),
    "one": ("元", "0.01", 0.01),
    "finer-than-fen": ("元", "80000.005", 80000.005),
}
"""Unit, filed, and what SQLite says in yuan."""
FINER = """
remarks:
  - field: funding
    defects: [sums-contradict]
    as_filed: {lines: [3], cells: [["80000.005", "80000.005"]]}
    note: 原文的金额写到厘，照录。
"""


FINE_SUMS = (
    (["1.005", "2.005"], 3.01),
    (["80000.005"], 80000.005),
    (["3.28"], 3.28),
    (["0.000001"] * 3, 0.000003),
    (["123456789012.34", "0.005"], 123456789012.345),
    (["80364.32"] * 3, 241092.96),
    (["9999999999999999900"], 9999999999999999900.0),
)
"""Sums of a department's year, and their total."""


def test_the_total_of_a_department_is_exact_to_the_last_decimal() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(
            "CREATE TABLE declarations (year INTEGER, department INTEGER, department_name TEXT,"
            " annual_total_yuan REAL, indicators INTEGER, numeric_targets INTEGER) STRICT"
        )
        for department, (sums, _) in enumerate(FINE_SUMS):
            rows = [(department, float(one)) for one in sums]
            database.executemany("INSERT INTO declarations VALUES (2021, ?, NULL, ?, 1, 1)", rows)
        _, query = DATABASE_VIEWS["department_years"]
        database.execute(f"CREATE VIEW department_years AS {query}")
        totals = _query(database, "SELECT annual_total_yuan FROM department_years ORDER BY department")
    assert totals == [(total,) for _, total in FINE_SUMS]


def test_sums_of_any_legal_size_are_published_and_kept(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    settings, clinic = project / "site_config.yml", (project / CLINIC_PATH).read_text("utf-8")
    settings.write_text(f"{settings.read_text('utf-8')}\nlanguages: [zh]\ndownloads: true\n", "utf-8")
    (project / "content/pages/en").rename(tmp_path / "en")
    beginning, funding = clinic.partition("  unit: 元\n")[0], clinic.index("goals:\n")
    huge = clinic[funding:].replace(">=120次", f">={'1234567890' * 4}次")
    with (project / "content/addresses.yml").open("a", encoding="utf-8") as register:
        for name, (unit, sum_, _) in HARD_SUMS.items():
            block = f"  unit: {unit}\n  project:\n    total: {sum_}\n  annual:\n    total: {sum_}\n"
            remark = FINER if name == "finer-than-fen" else ""
            file = (project / CLINIC_PATH).with_name(f"{name}.yml")
            file.write_text(f"{beginning}{block}{huge}{remark}", "utf-8")
            register.write(f"  - 2021/health/{name}\n")
    said = jixiao("build", "--project", str(project))
    assert said.returncode == 0, said.stdout + said.stderr

    data = project / "build/site/data"
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database:
        rows = {
            identity.rpartition("/")[2]: (yuan, as_filed)
            for identity, yuan, as_filed in _query(
                database, "SELECT id, annual_total_yuan, annual_total_filed FROM declarations"
            )
        }
        ((total,),) = _query(database, "SELECT annual_total_yuan FROM department_years")
        page = (data / "index.html").read_text("utf-8")
        example = SQL.search(page)
        assert example is not None
        answers = [_query(database, one) for one in html.unescape(example[1]).split(";\n\n")]
    assert {name: rows[name] for name in HARD_SUMS} == {
        name: (yuan, sum_) for name, (_, sum_, yuan) in HARD_SUMS.items()
    }
    exact = {
        str(row["id"]).rpartition("/")[2]: row["annual_total_yuan"]
        for row in parquet.read_table(data / "declarations.parquet").to_pylist()
    }
    for name, (unit, sum_, _) in HARD_SUMS.items():
        assert exact[name] == Decimal(sum_.replace(",", "")) * _YUAN[unit]
    assert total == pytest.approx(float(sum(exact.values())))
    assert [len(answer) for answer in answers] == [2, 1, 1, 6]
    assert [row[2] for row in answers[0]] == [9999999999999999900.0, 9999999999999981000.0]

    (data / "manifest.json").unlink()
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database, database:
        database.execute("UPDATE declarations SET annual_total_yuan = 0.02 WHERE id LIKE '%/one'")
    told = jixiao("verify", "--project", str(project)).stdout
    assert "data/jixiao.sqlite: declarations, row 6, annual_total_yuan: “0.01” was expected" in told
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database, database:
        of_text = """sql = REPLACE(sql, '"annual_total" REAL', '"annual_total" TEXT')"""
        database.execute("PRAGMA writable_schema = ON")
        database.execute(f"UPDATE sqlite_master SET {of_text} WHERE name = 'declarations'")  # noqa: S608
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database, database:
        database.execute("UPDATE declarations SET annual_total = CAST(annual_total AS TEXT)")
    told = jixiao("verify", "--project", str(project)).stdout
    assert "data/jixiao.sqlite: the file of data cannot be read: declarations.annual_total" in told
