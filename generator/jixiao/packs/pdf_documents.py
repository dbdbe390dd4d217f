"""PDF of a declaration, laid out like the official form, and PDF of a department's pack for one year.

The form is a sequence of ruled tables with merged cells; defects are numbered, with notes below the form. The
pack begins with a short part for one evening (projects and money, targets that are hard to check, changes
since the year before, questions), followed by every declaration on its own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from jixiao.analysis import urls
from jixiao.analysis.defects import label_remark_defects
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.summary import compute_totals
from jixiao.i18n import html_language
from jixiao.model.declaration import AsFiled, Declaration
from jixiao.model.values import Money
from jixiao.packs.pack_tables import (
    PackCell,
    PackMember,
    build_changes_table,
    build_defects_table,
    build_hard_to_check_table,
    build_overview_table,
    build_questions_table,
)
from jixiao.packs.typesetting import (
    TypstText,
    print_paragraphs,
    print_source_text,
    typeset,
)
from jixiao.pages.declaration_page import (
    ANNUAL_FUNDS,
    PROJECT_FUNDS,
    IndicatorTableRow,
    build_citation,
    build_indicator_table,
)
from jixiao.pages.localizer import Localizer
from jixiao.pages.page import add_language_prefix
from jixiao.pages.page_renderer import PageRenderer
from jixiao.text import Text

_EMPTY_CELL = ("", "")
_FUND_LINES = (
    (PROJECT_FUNDS[0], ANNUAL_FUNDS[0]),
    (PROJECT_FUNDS[1], ANNUAL_FUNDS[1]),
    (_EMPTY_CELL, ANNUAL_FUNDS[2]),
    (PROJECT_FUNDS[2], ANNUAL_FUNDS[3]),
)
"""Cells of the two money blocks, side by side as on the form."""


def typeset_form(parsed: ParsedDeclaration, renderer: PageRenderer) -> bytes:
    """Typeset one declaration as PDF.

    Raises:
        TypesettingError: The template of the theme cannot be filled.
    """
    return typeset("form", {**build_language_settings(renderer), "form": build_form_data(parsed, renderer)})


_REGIONS = {"": "gb", "Hant": "tw"}
"""Region or script of a language → region of two letters for Typst."""


def build_language_settings(renderer: PageRenderer) -> dict[str, str]:
    """Build the language settings of a template."""
    language, _, region = html_language(renderer.language).partition("-")
    # Typst puts the numbers in.
    page = renderer.localizer.translate_plain("第 {number} 页，共 {all} 页", number="{number}", all="{all}")
    return {"language": language, "region": _REGIONS.get(region, region.lower()), "page": page}


def build_form_data(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, Any]:
    """Build the data of a form, see `theme/paper/shared.typ`."""
    localizer, declaration = renderer.localizer, parsed.declaration
    notes = _FormNotes(localizer)
    return {
        "kind": localizer.translate_plain("财政项目支出绩效目标申报表"),
        "year": localizer.translate_plain("（{year}年度）", year=declaration.year),
        "name": print_source_text(localizer, declaration.name),
        "translation": None if localizer.is_source else localizer.translate_plain("非官方译文，以中文为准。"),
        "facts": _build_fact_lines(declaration, renderer, notes),
        "funds": _build_funds(declaration, localizer, notes),
        "goals": [
            {
                "title": localizer.translate_plain(title) + notes.add_field_notes(field, declaration),
                "text": print_paragraphs(localizer, goal),
            }
            for field, title, goal in (
                ("goals.overall", "项目总目标", declaration.goals.overall),
                ("goals.annual", "年度总目标", declaration.goals.annual),
            )
        ],
        "columns": [
            localizer.translate_plain(title) for title in ("一级指标", "二级指标", "三级指标", "指标目标值")
        ],
        "rows": [
            _build_indicator_row(row, localizer, notes)
            for group in build_indicator_table(declaration)
            for row in group.rows
        ],
        "notes_title": localizer.translate_plain("标记和说明"),
        "notes": notes.all,
        **_build_source(parsed, renderer),
    }


class _FormNotes:
    """Notes below a form, numbered in the order of their places."""

    def __init__(self, localizer: Localizer) -> None:
        self.localizer = localizer
        self.all: list[dict[str, Any]] = []

    def add(self, defects: tuple[str, ...], note: Text | None, as_filed: AsFiled | None) -> str:
        """Add a note and return its reference, e.g. `[1]`."""
        lines = zip(as_filed.lines, as_filed.cells, strict=False) if as_filed else ()
        self.all.append(
            {
                "marks": [self.localizer.translate_plain(label) for label in defects],
                "text": print_paragraphs(self.localizer, note) if note else [],
                "cells": [
                    {
                        "line": self.localizer.translate_plain("第{line}行", line=line),
                        "cells": [cell.plain() for cell in cells],
                    }
                    for line, cells in lines
                ],
            }
        )
        return f"[{len(self.all)}]"

    def add_field_notes(self, field: str, declaration: Declaration) -> str:
        """Add the notes on a field and return their references, empty if there are none."""
        return "".join(
            self.add(label_remark_defects(remark), remark.note, remark.as_filed)
            for remark in declaration.remarks_on(field)
        )


def _build_fact_lines(
    declaration: Declaration, renderer: PageRenderer, notes: _FormNotes
) -> list[list[TypstText]]:
    """Build the lines of the form's head, each with two titles and values."""
    localizer, period = renderer.localizer, declaration.period
    name_notes = notes.add_field_notes("name", declaration)
    period_notes = notes.add_field_notes("period", declaration)
    return [
        [
            localizer.translate_plain("项目名称") + name_notes,
            print_source_text(localizer, declaration.name),
            localizer.translate_plain("项目性质"),
            print_source_text(localizer, declaration.nature),
        ],
        [
            localizer.translate_plain("主管部门"),
            print_source_text(localizer, renderer.find_organisation_name(declaration.department)),
            localizer.translate_plain("实施单位"),
            print_source_text(localizer, renderer.find_organisation_name(declaration.unit)),
        ],
        [
            localizer.translate_plain("计划开始日期") + period_notes,
            period.start.isoformat(),
            localizer.translate_plain("计划完成日期"),
            period.end.isoformat(),
        ],
    ]


def _build_funds(declaration: Declaration, localizer: Localizer, notes: _FormNotes) -> dict[str, Any]:
    """Build the money table, with its unit or how the sums are read without one."""
    funding = declaration.funding
    unit = note = None
    if funding.unit_in_use:
        unit = localizer.translate_plain(
            "单位：{unit}", unit=localizer.translate_plain(funding.unit_in_use.value)
        )
    if funding.unit_read_as:
        note = localizer.translate_plain(
            "申报表未写明金额单位，这里按“{unit}”理解。",
            unit=localizer.translate_plain(funding.unit_read_as.value),
        )
    return {
        "title": localizer.translate_plain("项目资金") + notes.add_field_notes("funding", declaration),
        "unit": unit,
        "note": note,
        "lines": [
            [
                *_format_sum(project_fund, funding.project, localizer),
                *_format_sum(annual_fund, funding.annual, localizer),
            ]
            for project_fund, annual_fund in _FUND_LINES
        ],
    }


def _format_sum(fund: tuple[str, str], block: BaseModel, localizer: Localizer) -> tuple[str, str]:
    """Return the title of a cell and its sum, formatted as on pages."""
    field, title = fund
    if not field:
        return _EMPTY_CELL
    money: Money | None = getattr(block, field)
    amount = localizer.translate_plain("未填报") if money is None else f"{money.value:,}"
    return localizer.translate_plain(title), amount


def _build_indicator_row(row: IndicatorTableRow, localizer: Localizer, notes: _FormNotes) -> dict[str, Any]:
    indicator = row.indicator
    level1 = level2 = None
    if row.level1 is not None:
        level1 = [print_source_text(localizer, Text(row.level1)), row.level1_rows]
    if row.level2 is not None:
        level2 = [print_source_text(localizer, Text(row.level2)), row.level2_rows]
    target: TypstText = localizer.translate_plain("未填报")
    if indicator.target is not None:
        target = print_source_text(localizer, indicator.target.filed)
    return {
        "level1": level1,
        "level2": level2,
        "name": print_source_text(localizer, indicator.name),
        "target": target,
        "note": notes.add(row.marks, indicator.note, indicator.as_filed) if indicator.is_explained else "",
    }


def _build_source(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, Any]:
    """Build the lines about the source of a form and its citation, and the QR code of its page as SVG."""
    localizer, lines = renderer.localizer, parsed.declaration.source.lines
    form = renderer.content.forms[parsed.declaration.source.form.plain()]
    name = form.path.rpartition("/")[2]
    if lines is None:
        source = localizer.translate_plain(
            "来源：{name}，SHA-256 {checksum}", name=name, checksum=form.sha256
        )
    else:
        source = localizer.translate_plain(
            "来源：{name}，第 {first} 至 {last} 行，SHA-256 {checksum}",
            name=name,
            first=lines[0],
            last=lines[1],
            checksum=form.sha256,
        )
    citation = build_citation(parsed, renderer)
    if citation is None:
        return {"source": [source], "code": None}
    box = f"0 0 {citation.size} {citation.size}"
    code = {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{citation.code}"/></svg>',
        "alt": localizer.translate_plain("永久链接的二维码"),
        "address": citation.address.plain(),
    }
    return {"source": [source, citation.text.plain()], "code": code}


@dataclass(frozen=True, kw_only=True)
class DepartmentPack:
    """Declarations of one department and year for a pack."""

    department: str
    year: int
    members: tuple[PackMember, ...]
    """Members in the order of their ids."""


def typeset_pack(pack: DepartmentPack, renderer: PageRenderer) -> bytes:
    """Typeset a pack as PDF.

    Raises:
        TypesettingError: The template of the theme cannot be filled.
    """
    localizer, members = renderer.localizer, pack.members
    sections = (
        ("wide", build_overview_table(members, renderer), _describe_coverage(members, renderer)),
        (
            "targets",
            build_hard_to_check_table(members, localizer),
            localizer.translate_plain(_HARD_TO_CHECK_LEAD),
        ),
        ("changes", build_changes_table(members, renderer), localizer.translate_plain(_CHANGES_LEAD)),
        ("questions", build_questions_table(members, localizer), localizer.translate_plain(_QUESTIONS_LEAD)),
        ("marks", build_defects_table(members, localizer), localizer.translate_plain(_DEFECTS_LEAD)),
    )
    data: dict[str, Any] = {
        **build_language_settings(renderer),
        "title": localizer.translate_plain(
            "{department}{year}年度绩效目标资料",
            department=localizer.translate_source_text(renderer.find_organisation_name(pack.department)),
            year=pack.year,
        ),
        "lead": _build_lead(pack, renderer),
        "contents": localizer.translate_plain("目录"),
        "sections": [
            {
                "title": table.title,
                "lead": lead,
                "layout": layout,
                "none": localizer.translate_plain("无"),
                "columns": list(table.columns),
                "rows": [[_convert_cell(cell, localizer) for cell in row] for row in table.rows],
            }
            for layout, table, lead in sections
        ],
        "forms_title": localizer.translate_plain("申报表"),
        "forms": [build_form_data(member.filed, renderer) for member in members],
    }
    return typeset("pack", data)


_HARD_TO_CHECK_LEAD = (
    "这些目标值没有标准、只重复名称、有缺损或者空着。由程序按措辞归类，说的是写法，不评价项目。"
)
_CHANGES_LEAD = "只列与所接续的申报表不同的栏目和指标。没有列出的项目，或者没有改动，或者没有上一份申报表。"
_DEFECTS_LEAD = "原件上缺字、错栏、文字待核的地方。"
_QUESTIONS_LEAD = "由程序按申报表的记录列出，供审查时选用。"


def _build_lead(pack: DepartmentPack, renderer: PageRenderer) -> list[str]:
    """Build the introduction, with the contents and origin of the pack."""
    localizer, config = renderer.localizer, renderer.config
    site = config.localize(config.name, renderer.language) or Text("")
    lines = [
        localizer.translate_plain(
            "财政项目支出绩效目标申报表 {count} 份，取自“{site}”。", count=len(pack.members), site=site
        ),
        localizer.translate_plain("数字和文字照申报表原样；标记、归类和问题是本站加的。"),
    ]
    if not localizer.is_source:
        lines.append(localizer.translate_plain("非官方译文，以中文为准。"))
    if config.demonstration:
        lines.append(localizer.translate_plain("示范资料，并非官方文件。"))
    if config.address:
        page = add_language_prefix(urls.department_year_url(pack.department, pack.year), renderer.language)
        lines.append(f"{config.address}{page}")
    return lines


def _describe_coverage(members: Sequence[PackMember], renderer: PageRenderer) -> str:
    """Return the total of the annual sums and the number of declarations it covers."""
    localizer = renderer.localizer
    totals = compute_totals(member.filed.summary for member in members)
    if not totals.with_annual:
        return localizer.translate_plain("没有一份填报年度资金申请总额。")
    sentences = [localizer.translate_plain("年度资金申请总额合计 {sum} 元。", sum=f"{totals.annual:,}")]
    if totals.with_annual < totals.declarations:
        blank = totals.declarations - totals.with_annual
        sentences.append(
            localizer.translate_plain(
                "合计含 {counted} 份，另有 {blank} 份未填报年度资金申请总额。",
                counted=totals.with_annual,
                blank=blank,
            )
        )
    if totals.unit_inferred:
        sentences.append(
            localizer.translate_plain(
                "有 {count} 份申报表未写明金额单位，按元计。", count=totals.unit_inferred
            )
        )
    return ("" if localizer.is_source else " ").join(sentences)


def _convert_cell(cell: PackCell, localizer: Localizer) -> TypstText:
    match cell:
        case None:
            return ""
        case Text():
            return print_source_text(localizer, cell)
        case Decimal() | int():
            return f"{cell:,}"
        case _:
            return cell
