"""The page `/data/`: what can be downloaded, what the columns mean, how the files are read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS, TABLES
from jixiao.analysis.data_table import VIEWS
from jixiao.model.table import EXACT_NOTE, GUARD_NOTE, Table
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.text import Text

PYTHON: Final = """\
import csv
from collections import Counter
from urllib.request import urlopen

with urlopen(SITE + "{year}/indicators.csv") as answer:
    lines = answer.read().decode("utf-8-sig").splitlines(keepends=True)
rows = list(csv.DictReader(lines))
for row in rows:
    row["target"] = row["target"].removeprefix("'")
print(Counter(row["measurability"] for row in rows))
print(sum(row["value_unit"] == "%" and float(row["value"]) > 90 for row in rows))"""
R: Final = """\
rows <- read.csv(paste0(SITE, "{year}/indicators.csv"), fileEncoding = "UTF-8-BOM", colClasses = "character")
rows$target <- sub("^'", "", rows$target)
table(rows$measurability)
sum(rows$value_unit == "%" & as.numeric(rows$value) > 90, na.rm = TRUE)"""
SQL: Final = """\
SELECT name, department_name, annual_total_yuan FROM declarations
WHERE year = {year} AND annual_total_yuan > 100000000 ORDER BY annual_total_yuan DESC;

SELECT department_name, annual_total_yuan, with_annual_total, declarations FROM department_years
WHERE year = {year} ORDER BY annual_total_yuan DESC;

SELECT COUNT(value), COUNT(*), 100.0 * COUNT(value) / COUNT(*) FROM indicators WHERE year = {year};

SELECT project, name, target FROM indicators
WHERE year = {year} AND value_unit = '%' AND value > 90 ORDER BY value DESC;"""
SPREADSHEET: Final = "=SUM(declarations!{column}:{column})"


def data_page(press: Press) -> Sheet:
    """Lay out what there is of data."""
    voice, config = press.voice, press.config
    licence = config.data_licence
    years = press.catalogue.years()
    latest = str(years[0]) if years else ""
    return Sheet(
        kind=Kind.DATA,
        address=urls.DATA,
        title=voice.plainly("数据"),
        description=voice.plainly("申报表的数据文件、字段说明和清单"),
        template="data",
        values={
            "has_downloads": config.downloads,
            # Advice comes and goes with any change, and the page need not.
            "publication": replace(press.catalogue.publication, advice=0)
            if press.catalogue.publication
            else None,
            "publisher": config.said(config.publisher, press.language),
            "text": Text,
            "years": [(year, len(press.catalogue.of_year(year))) for year in years],
            "tables": [_described(table) for table in TABLES],
            "views": [(name, meaning) for name, (meaning, _) in VIEWS.items()],
            "licence": config.said(licence.name, press.language) if licence else None,
            "licence_link": licence.link if licence else None,
            "notes": (GUARD_NOTE, EXACT_NOTE),
            "example": {
                "python": Text(PYTHON.replace("{year}", latest)),
                "r": Text(R.replace("{year}", latest)),
                "sql": Text(SQL.replace("{year}", latest)),
                "spreadsheet": Text(SPREADSHEET.format(column=_letters_of("annual_total_yuan"))),
            },
        },
        trail=(press.home(),),
    )


def _described(table: Table) -> dict[str, object]:
    """Give what the page tells of a table; how its values are read stays here and travels nowhere."""
    columns = [
        {part: getattr(column, part) for part in ("name", "label", "meaning")} for column in table.columns
    ]
    return {"name": table.name, "label": table.label, "row": table.row, "columns": columns}


def _letters_of(name: str) -> str:
    """Give the letters by which a spreadsheet calls a column of declarations."""
    number = [column.name for column in DECLARATIONS.columns].index(name) + 1
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
