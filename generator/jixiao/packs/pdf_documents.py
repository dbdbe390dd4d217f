"""PDF of a declaration, laid out like the official form, and PDF of a department's pack for one year.

The form is a sequence of ruled tables with merged cells; defects are numbered, with notes below the form. The
pack begins with a short part for one evening (projects and money, targets that are hard to check, changes
since the year before, questions), followed by every declaration on its own page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.analysis import urls
from jixiao.analysis.defects import label_remark_defects
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.totals import compute_totals
from jixiao.i18n import html_language
from jixiao.model.declaration import AsFiled, Declaration, Funding
from jixiao.model.values import Money
from jixiao.packs.pack_tables import (
    PackCell,
    PackMember,
    PackTable,
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
    translate_defects,
    translate_plain,
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
    page = translate_plain(renderer.localizer, "第 {number} 页，共 {all} 页", number="{number}", all="{all}")
    return {"language": language, "region": _REGIONS.get(region, region.lower()), "page": page}


def build_form_data(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, Any]:
    """Build the data of a form, see `theme/paper/shared.typ`."""
    voice, declaration = renderer.localizer, parsed.declaration
    notes = _FormNotes(voice)
    return {
        "kind": translate_plain(voice, "财政项目支出绩效目标申报表"),
        "year": translate_plain(voice, "（{year}年度）", year=declaration.year),
        "name": print_source_text(voice, declaration.name),
        "translation": None if voice.is_source else translate_plain(voice, "非官方译文，以中文为准。"),
        "facts": list(_build_fact_lines(declaration, renderer, notes)),
        "funds": _build_funds(declaration, voice, notes),
        "goals": [
            {
                "title": translate_plain(voice, title) + notes.add_field_notes(field, declaration),
                "text": print_paragraphs(voice, goal),
            }
            for field, title, goal in (
                ("goals.overall", "项目总目标", declaration.goals.overall),
                ("goals.annual", "年度总目标", declaration.goals.annual),
            )
        ],
        "columns": [
            translate_plain(voice, title) for title in ("一级指标", "二级指标", "三级指标", "指标目标值")
        ],
        "rows": [
            _build_indicator_row(row, voice, notes)
            for group in build_indicator_table(declaration)
            for row in group.rows
        ],
        "notes_title": translate_plain(voice, "标记和说明"),
        "notes": notes.all,
        "source": list(_describe_source(parsed, renderer)),
        "code": _build_qr_code(parsed, renderer),
    }


class _FormNotes:
    """Notes below a form, numbered in the order of their places."""

    def __init__(self, localizer: Localizer) -> None:
        self.localizer = localizer
        self.all: list[dict[str, Any]] = []

    def add(self, defects: tuple[str, ...], note: Text | None, as_filed: AsFiled | None) -> str:
        """Add a note and return its reference, e.g. `[1]`."""
        self.all.append(
            {
                "marks": translate_defects(self.localizer, defects),
                "text": print_paragraphs(self.localizer, note) if note else [],
                "cells": [] if as_filed is None else list(self._list_source_cells(as_filed)),
            }
        )
        return f"[{len(self.all)}]"

    def add_field_notes(self, field: str, declaration: Declaration) -> str:
        """Add the notes on a field and return their references, empty if there are none."""
        return "".join(
            self.add(label_remark_defects(remark), remark.note, remark.as_filed)
            for remark in declaration.remarks_on(field)
        )

    def _list_source_cells(self, as_filed: AsFiled) -> Iterator[dict[str, Any]]:
        for line, cells in zip(as_filed.lines, as_filed.cells, strict=False):
            yield {
                "line": translate_plain(self.localizer, "第{line}行", line=line),
                "cells": [cell.plain() for cell in cells],
            }


def _build_fact_lines(
    declaration: Declaration, renderer: PageRenderer, notes: _FormNotes
) -> Iterator[list[TypstText]]:
    """Yield the lines of the form's head, each with two titles and values."""
    voice, period = renderer.localizer, declaration.period
    of_name, of_period = (
        notes.add_field_notes("name", declaration),
        notes.add_field_notes("period", declaration),
    )
    department, unit = map(renderer.find_organisation_name, (declaration.department, declaration.unit))
    yield [
        translate_plain(voice, "项目名称") + of_name,
        print_source_text(voice, declaration.name),
        translate_plain(voice, "项目性质"),
        print_source_text(voice, declaration.nature),
    ]
    yield [
        translate_plain(voice, "主管部门"),
        print_source_text(voice, department),
        translate_plain(voice, "实施单位"),
        print_source_text(voice, unit),
    ]
    yield [
        translate_plain(voice, "计划开始日期") + of_period,
        period.start.isoformat(),
        translate_plain(voice, "计划完成日期"),
        period.end.isoformat(),
    ]


def _build_funds(declaration: Declaration, localizer: Localizer, notes: _FormNotes) -> dict[str, Any]:
    funding = declaration.funding
    unit = funding.unit_in_use
    title = translate_plain(localizer, "项目资金") + notes.add_field_notes("funding", declaration)
    read_as = funding.unit_read_as
    return {
        "title": title,
        "unit": translate_plain(localizer, "单位：{unit}", unit=translate_plain(localizer, unit.value))
        if unit
        else None,
        "note": translate_plain(
            localizer,
            "申报表未写明金额单位，这里按“{unit}”理解。",
            unit=translate_plain(localizer, read_as.value),
        )
        if read_as
        else None,
        "lines": [
            [
                *_format_sum(of_project, funding, "project", localizer),
                *_format_sum(of_year, funding, "annual", localizer),
            ]
            for of_project, of_year in _FUND_LINES
        ],
    }


def _format_sum(fund: tuple[str, str], funding: Funding, block: str, localizer: Localizer) -> tuple[str, str]:
    """Return the title of a cell and its sum, formatted as on pages."""
    field, title = fund
    if not field:
        return _EMPTY_CELL
    money: Money | None = getattr(getattr(funding, block), field)
    return translate_plain(localizer, title), translate_plain(
        localizer, "未填报"
    ) if money is None else f"{money.value:,}"


def _build_indicator_row(row: IndicatorTableRow, localizer: Localizer, notes: _FormNotes) -> dict[str, Any]:
    indicator = row.indicator
    target = indicator.target
    return {
        "level1": None
        if row.level1 is None
        else [print_source_text(localizer, Text(row.level1)), row.level1_rows],
        "level2": None
        if row.level2 is None
        else [print_source_text(localizer, Text(row.level2)), row.level2_rows],
        "name": print_source_text(localizer, indicator.name),
        "target": translate_plain(localizer, "未填报")
        if target is None
        else print_source_text(localizer, target.filed),
        "note": notes.add(row.marks, indicator.note, indicator.as_filed) if indicator.is_explained else "",
    }


def _describe_source(parsed: ParsedDeclaration, renderer: PageRenderer) -> Iterator[str]:
    """Yield the source file of the form and its citation."""
    voice, source = renderer.localizer, parsed.declaration.source
    form = renderer.content.forms[source.form.plain()]
    name = form.path.rpartition("/")[2]
    if source.lines is None:
        yield translate_plain(voice, "来源：{name}，SHA-256 {checksum}", name=name, checksum=form.sha256)
    else:
        first, last = source.lines
        yield translate_plain(
            voice,
            "来源：{name}，第 {first} 至 {last} 行，SHA-256 {checksum}",
            name=name,
            first=first,
            last=last,
            checksum=form.sha256,
        )
    citation = build_citation(parsed, renderer)
    if citation:
        yield citation.text.plain()


def _build_qr_code(parsed: ParsedDeclaration, renderer: PageRenderer) -> dict[str, Any] | None:
    """Build the QR code of the page as SVG, with its address and alternative text."""
    citation = build_citation(parsed, renderer)
    if citation is None:
        return None
    box = f"0 0 {citation.size} {citation.size}"
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{citation.code}"/></svg>',
        "alt": translate_plain(renderer.localizer, "永久链接的二维码"),
        "address": citation.address.plain(),
    }


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
    voice = renderer.localizer
    data: dict[str, Any] = {
        **build_language_settings(renderer),
        "title": translate_plain(
            voice,
            "{department}{year}年度绩效目标资料",
            department=voice.translate_source_text(renderer.find_organisation_name(pack.department)),
            year=pack.year,
        ),
        "lead": list(_build_lead(pack, renderer)),
        "contents": translate_plain(voice, "目录"),
        "sections": [
            _build_section(
                build_overview_table(pack.members, renderer),
                _describe_coverage(pack.members, renderer),
                "wide",
                voice,
            ),
            _build_section(
                build_hard_to_check_table(pack.members, voice),
                translate_plain(voice, _HARD_TO_CHECK_LEAD),
                "targets",
                voice,
            ),
            _build_section(
                build_changes_table(pack.members, renderer),
                translate_plain(voice, _CHANGES_LEAD),
                "changes",
                voice,
            ),
            _build_section(
                build_questions_table(pack.members, voice),
                translate_plain(voice, _QUESTIONS_LEAD),
                "questions",
                voice,
            ),
            _build_section(
                build_defects_table(pack.members, voice),
                translate_plain(voice, _DEFECTS_LEAD),
                "marks",
                voice,
            ),
        ],
        "forms_title": translate_plain(voice, "申报表"),
        "forms": [build_form_data(member.filed, renderer) for member in pack.members],
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
    voice, config = renderer.localizer, renderer.config
    site = config.localize(config.name, renderer.language) or Text("")
    lines = [
        translate_plain(
            voice, "财政项目支出绩效目标申报表 {count} 份，取自“{site}”。", count=len(pack.members), site=site
        ),
        translate_plain(voice, "数字和文字照申报表原样；标记、归类和问题是本站加的。"),
    ]
    if not voice.is_source:
        lines.append(translate_plain(voice, "非官方译文，以中文为准。"))
    if config.demonstration:
        lines.append(translate_plain(voice, "示范资料，并非官方文件。"))
    if config.address:
        way = add_language_prefix(urls.department_year_url(pack.department, pack.year), renderer.language)
        lines.append(f"{config.address}{way}")
    return lines


def _describe_coverage(members: Sequence[PackMember], renderer: PageRenderer) -> str:
    """Return the total of the annual sums and the number of declarations it covers."""
    voice = renderer.localizer
    totals = compute_totals(member.filed.summary for member in members)
    if not totals.with_annual:
        return translate_plain(voice, "没有一份填报年度资金申请总额。")
    said_of = [translate_plain(voice, "年度资金申请总额合计 {sum} 元。", sum=f"{totals.annual:,}")]
    if totals.with_annual < totals.declarations:
        blank = totals.declarations - totals.with_annual
        said_of.append(
            translate_plain(
                voice,
                "合计含 {counted} 份，另有 {blank} 份未填报年度资金申请总额。",
                counted=totals.with_annual,
                blank=blank,
            )
        )
    if totals.unit_inferred:
        said_of.append(
            translate_plain(voice, "有 {count} 份申报表未写明金额单位，按元计。", count=totals.unit_inferred)
        )
    return ("" if voice.is_source else " ").join(said_of)


def _build_section(table: PackTable, lead: str, layout: str, localizer: Localizer) -> dict[str, Any]:
    return {
        "title": table.title,
        "lead": lead,
        "layout": layout,
        "none": translate_plain(localizer, "无"),
        "columns": list(table.columns),
        "rows": [[_convert_cell(cell, localizer) for cell in row] for row in table.rows],
    }


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
