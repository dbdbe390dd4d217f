"""Pages, columns, keys and facets that the verification does not know are not published."""

import shutil
from pathlib import Path

import pytest

from jixiao.verify import verify
from tests.conftest import copy_program
from tests.support.build_runs import assert_untouched, build, build_small_project, copy_with_a_change

PAGE = """
import jixiao.build.page_stages as stages
from jixiao.pages.page import PageKind
from jixiao.pages.page_renderer import PageData
from jixiao.text import Text

before = stages.build_all_pages

def build_all_pages(renderer, rules):
    yield from before(renderer, rules)
    text = Text("2021-01-02")
    yield PageData(kind=PageKind.{kind}, address="{address}", title=text, description=text, body="2021-01-02")

stages.build_all_pages = build_all_pages
"""
COLUMN = """
import sys
from dataclasses import replace
import jixiao.pipeline
import jixiao.analysis.data_columns as columns
from jixiao.analysis.data_table import Column, ColumnKind

column = Column(name="one_more", kind=ColumnKind.INTEGER, label="x", read=lambda one: {value})
before = columns.{table}
table = replace(before, columns=(*before.columns, column))
for module in list(sys.modules.values()):
    if getattr(module, "{table}", None) is before:
        module.{table} = table
"""
JSON_LD = """
import json
import jixiao.build.declarations as stage

before = stage.build_declaration_jsonld

def build_declaration_jsonld(record, address):
    return json.dumps({**json.loads(before(record, address)), "numberOfIndicators": 5}).encode()

stage.build_declaration_jsonld = build_declaration_jsonld
"""
ALTERED = {
    "a page": (PAGE.format(kind="HANDWRITTEN", address="dates/"), "dates/index.html"),
    "a page below a known one": (
        PAGE.format(kind="QUALITY", address="quality/1999/"),
        "quality/1999/index.html",
    ),
    "a page that looks like a declaration": (
        PAGE.format(kind="DECLARATION", address="2021/health/other/"),
        "2021/health/other/index.html",
    ),
    "a column of declarations": (
        COLUMN.format(table="DECLARATIONS", value="one.parsed.summary.indicators + 1"),
        "one_more",
    ),
    "a column of indicators": (COLUMN.format(table="INDICATORS", value="one.position + 1"), "one_more"),
    "a key of JSON-LD": (JSON_LD, "numberOfIndicators"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with files of data and a published site; tests work on copies."""
    project = build_small_project(tmp_path_factory.mktemp("published") / "project")
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("downloads: true\n")
    assert build(project).returncode == 0
    return project


@pytest.mark.parametrize("altered", ALTERED)
def test_a_page_and_a_column_that_nobody_compares_stop_the_build(
    published: Path, tmp_path: Path, altered: str
) -> None:
    code, named = ALTERED[altered]
    project = tmp_path / "project"
    copy_with_a_change(published, project)

    result = build(project, code=code)

    assert result.returncode == 2, result.stdout + result.stderr
    assert named in result.stderr
    assert "cannot be published" in result.stderr or "no file of this declaration" in result.stderr
    assert_untouched(project, published)


def test_a_facet_and_a_number_that_nobody_compares_are_found(published: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(published / "build/site", tmp_path / "site"))
    (site / "data/manifest.json").unlink()
    page = site / "2021/health/clinic/index.html"
    text = page.read_text("utf-8")
    for old, new in (
        ('<div class="search-record" data-year', '<div class="search-record" data-month="5" data-year'),
        ("</article>", "<p>5</p></article>"),
        ("<td class=", '<td rowspan="2" class='),
    ):
        assert old in text
        page.write_text(text.replace(old, new, 1), "utf-8")
        assert {finding.file for finding in verify(published, site)} == {"2021/health/clinic/index.html"}


REWORDED = {
    "declaration.md.jinja": (
        ('<th scope="row">{{ translate("计划开始日期") }}</th>', '<th scope="row"><em>何时</em>开始</th>'),
        ('<table class="facts">', '<table class="basics">'),
        ('<div><dt>{{ translate("绩效指标") }}</dt>', "<div><dt>有多少指标</dt>"),
        (
            '{{ translate("{count} 项指标，按申报表的顺序", count=summary.indicators) }}',
            "共列 {{ summary.indicators }} 项",
        ),
        ('<td class="name">', '<td class="title">'),
        ('<p class="note">{{ translate("“未填报”是表上空着，不等于 0。") }}</p>', "<p>空着就是没有填。</p>"),
    ),
    "macros.md.jinja": (
        ('<dl class="headline" data-pagefind-ignore>', '<dl class="sums">'),
        (
            '{{ localizer.translate("{count} 份", count=localizer.format_number(totals.declarations)) }}',
            "{{ totals.declarations }}",
        ),
        ('<table class="by-year" data-pagefind-ignore>', "<table>"),
    ),
    "quality.md.jinja": (('<p class="lead">', '<p class="opening">'), ("空着的和缺损的", "缺什么")),
}
"""What stands in templates → what may stand there as well."""


def test_templates_are_reworded_and_laid_out_anew_without_a_change_of_the_verification(
    published: Path, tmp_path: Path
) -> None:
    checkout = copy_program(tmp_path / "checkout")
    for name, changes in REWORDED.items():
        template = checkout / "theme/pages" / name
        text = template.read_text("utf-8")
        for old, new in changes:
            assert old in text, f"REWORDED is older than theme/pages/{name}: {old}"
            text = text.replace(old, new)
        template.write_text(text, "utf-8")
    project = tmp_path / "project"
    copy_with_a_change(published, project)

    result = build(project, checkout=checkout)

    assert (result.returncode, result.stderr) == (0, "")
    assert "何时" in (project / "build/site/2021/health/clinic/index.html").read_text("utf-8")
