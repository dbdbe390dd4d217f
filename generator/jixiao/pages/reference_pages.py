"""The pages `/changes/`, `/data/` and `/rules/`: publication history, downloads, check rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS, TABLES
from jixiao.analysis.data_table import DATABASE_VIEWS, EXACT_NOTE, GUARD_NOTE, DataTable
from jixiao.analysis.page_kinds import PageKind
from jixiao.model.history import HistoryEvent
from jixiao.model.rule import ReviewCriterion, Rule, RuleSet
from jixiao.pages.page import paginate
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.problems import Severity
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """Row of the changes page."""

    event: HistoryEvent
    name: Text
    """Name of the declaration, or its id if it is no longer published."""
    department: Text
    has_page: bool


def build_changes_pages(renderer: PageRenderer) -> Iterator[PageData]:
    """Build the changes pages with a hundred events each, or a page with the reason why there are none."""
    localizer, history = renderer.localizer, renderer.content.history
    names = {summary.id: summary.name for summary in renderer.content.summaries}
    title = localizer.translate_text("公开和改动记录")
    rows = [_build_change_row(event, renderer, names) for event in history.events]
    for part in paginate(urls.CHANGES, rows):
        yield PageData(
            kind=PageKind.CHANGES,
            address=part.page_address(part.number),
            title=renderer.number_title(title, part.number),
            description=localizer.translate_text("申报表何时公开，以后改了什么"),
            template="changes",
            values={
                "part": part,
                "missing": history.missing_reason,
                "text": Text,
                "feeds": _list_department_feeds(renderer) if part.number == 1 else (),
            },
            breadcrumbs=(renderer.build_home_breadcrumb(),),
        )


def _build_change_row(event: HistoryEvent, renderer: PageRenderer, names: Mapping[str, Text]) -> ChangeRow:
    department = renderer.content.organisations.get(event.department)
    return ChangeRow(
        event=event,
        name=names.get(event.id, Text(event.id)),
        department=department.name if department else Text(event.department),
        has_page=event.id in names or event.id in renderer.content.address_register.withdrawn,
    )


def _list_department_feeds(renderer: PageRenderer) -> tuple[tuple[str, Text], ...]:
    """List the address of each department's feed with its name; empty without a public address."""
    if not renderer.config.address or not renderer.content.history.events:
        return ()
    organisations = renderer.content.organisations
    departments = {event.department for event in renderer.content.history.events} & organisations.keys()
    return tuple(
        (urls.department_feed_url(identity), organisations[identity].name) for identity in sorted(departments)
    )


PYTHON_EXAMPLE: Final = """\
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
R_EXAMPLE: Final = """\
rows <- read.csv(paste0(SITE, "{year}/indicators.csv"), fileEncoding = "UTF-8-BOM", colClasses = "character")
rows$target <- sub("^'", "", rows$target)
table(rows$measurability)
sum(rows$value_unit == "%" & as.numeric(rows$value) > 90, na.rm = TRUE)"""
SQL_EXAMPLE: Final = """\
SELECT name, department_name, annual_total_yuan FROM declarations
WHERE year = {year} AND annual_total_yuan > 100000000 ORDER BY annual_total_yuan DESC;

SELECT department_name, annual_total_yuan, with_annual_total, declarations FROM department_years
WHERE year = {year} ORDER BY annual_total_yuan DESC;

SELECT COUNT(value), COUNT(*), 100.0 * COUNT(value) / COUNT(*) FROM indicators WHERE year = {year};

SELECT project, name, target FROM indicators
WHERE year = {year} AND value_unit = '%' AND value > 90 ORDER BY value DESC;"""
SPREADSHEET_EXAMPLE: Final = "=SUM(declarations!{column}:{column})"


def build_data_page(renderer: PageRenderer) -> PageData:
    """Build the page about downloadable data."""
    localizer, config = renderer.localizer, renderer.config
    licence = config.data_licence
    years = renderer.content.years()
    latest = str(years[0]) if years else ""
    return PageData(
        kind=PageKind.DATA,
        address=urls.DATA,
        title=localizer.translate_text("数据"),
        description=localizer.translate_text("申报表的数据文件、字段说明和清单"),
        template="data",
        values={
            "has_downloads": config.downloads,
            # Advice comes and goes with any change, and the page need not.
            "publication": replace(renderer.content.publication, advice=0)
            if renderer.content.publication
            else None,
            "publisher": config.localize(config.publisher, renderer.language),
            "text": Text,
            "years": [(year, len(renderer.content.summaries_in_year(year))) for year in years],
            "tables": [_describe_table(table) for table in TABLES],
            "views": [(name, meaning) for name, (meaning, _) in DATABASE_VIEWS.items()],
            "licence": config.localize(licence.name, renderer.language) if licence else None,
            "licence_link": licence.link if licence else None,
            "notes": (GUARD_NOTE, EXACT_NOTE),
            "example": {
                "python": Text(PYTHON_EXAMPLE.replace("{year}", latest)),
                "r": Text(R_EXAMPLE.replace("{year}", latest)),
                "sql": Text(SQL_EXAMPLE.replace("{year}", latest)),
                "spreadsheet": Text(
                    SPREADSHEET_EXAMPLE.format(column=_find_column_letters("annual_total_yuan"))
                ),
            },
        },
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )


def _describe_table(table: DataTable) -> dict[str, object]:
    """Return the fields of a table that the page shows."""
    columns = [
        {part: getattr(column, part) for part in ("name", "label", "meaning")} for column in table.columns
    ]
    return {"name": table.name, "label": table.label, "row": table.row, "columns": columns}


def _find_column_letters(name: str) -> str:
    """Return the letters that spreadsheets use for a column of the declarations table."""
    number = [column.name for column in DECLARATIONS.columns].index(name) + 1
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


_SEVERITY_SECTIONS = (Severity.ERROR, Severity.WARNING, Severity.ADVICE, None)
"""Sections in display order; `None` stands for rules that are off on this site."""


def build_rules_page(rules: RuleSet, renderer: PageRenderer) -> PageData:
    """Build the page about *rules*, with a list of the schema checks."""
    localizer = renderer.localizer

    def describe_rule(rule: Rule) -> dict[str, object]:
        return {
            "id": Text(rule.id),
            "requirement": localizer.translate_with_quotes(rule.explanation.requirement),
            "why": localizer.translate_with_quotes(rule.explanation.why),
            "source": rule.explanation.source and localizer.translate_with_quotes(rule.explanation.source),
            "examples": [(example.passes, Text(example.yaml)) for example in rule.examples],
        }

    sections = []
    for severity in _SEVERITY_SECTIONS:
        section = [rule for rule in rules.rules if rule.severity is severity]
        groups = []
        # Rules without a criterion first, then in the order of a review.
        for criterion in (None, *ReviewCriterion):
            group = [describe_rule(rule) for rule in section if rule.explanation.criterion is criterion]
            if group:
                groups.append((criterion and (criterion.name.lower(), str(criterion)), group))
        if section:
            sections.append(("off" if severity is None else str(severity), len(section), groups))
    return PageData(
        kind=PageKind.RULES,
        address=PageKind.RULES.address,
        title=localizer.translate_text("检查规则"),
        description=localizer.translate_text("发布之前按哪些规则检查申报表，各是为什么"),
        template="rules",
        values={
            "sections": sections,
            "others": [
                (Text(name), localizer.translate_with_quotes(explanation))
                for name, explanation in sorted(rules.schema_checks.items())
            ],
        },
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )
