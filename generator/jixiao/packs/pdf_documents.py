"""A declaration on A4, laid out like the official form: one ruled table under the other, cells merged.

What is damaged has a number beside it, and below the form stands what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jixiao.analysis.defects import marks_of_remark
from jixiao.analysis.site_content import Filed
from jixiao.i18n import html_language
from jixiao.model.declaration import AsFiled, Declaration, Funding
from jixiao.model.values import Money
from jixiao.packs.typesetting import typeset
from jixiao.pages.citation import citation_of
from jixiao.pages.declaration_page import ANNUAL_FUNDS, PROJECT_FUNDS
from jixiao.pages.indicator_table import TableRow, table_of
from jixiao.pages.localizer import Voice
from jixiao.pages.page_renderer import Press
from jixiao.paper.printed import Printed, filed, marks, paragraphs, said
from jixiao.text import Text

_NO_CELL = ("", "")
_LINES_OF_FUNDS = (
    (PROJECT_FUNDS[0], ANNUAL_FUNDS[0]),
    (PROJECT_FUNDS[1], ANNUAL_FUNDS[1]),
    (_NO_CELL, ANNUAL_FUNDS[2]),
    (PROJECT_FUNDS[2], ANNUAL_FUNDS[3]),
)
"""How the two blocks stand side by side on the form."""


def form_pdf(declared: Filed, press: Press) -> bytes:
    """Set one declaration.

    Raises:
        NotTypeset: The template of the theme cannot be filled.
    """
    return typeset("form", {**language_of(press), "form": form_of(declared, press)})


_REGIONS = {"": "gb", "Hant": "tw"}
"""What stands for a language's region or script, where Typst wants a region of two letters."""


def language_of(press: Press) -> dict[str, str]:
    """Give what a template sets the language of a paper by."""
    language, _, region = html_language(press.language).partition("-")
    # Typst puts the numbers in.
    page = said(press.voice, "第 {number} 页，共 {all} 页", number="{number}", all="{all}")
    return {"language": language, "region": _REGIONS.get(region, region.lower()), "page": page}


def form_of(declared: Filed, press: Press) -> dict[str, Any]:
    """Give the data of a form, see `theme/paper/shared.typ`."""
    voice, declaration = press.voice, declared.declaration
    notes = _Notes(voice)
    return {
        "kind": said(voice, "财政项目支出绩效目标申报表"),
        "year": said(voice, "（{year}年度）", year=declaration.year),
        "name": filed(voice, declaration.name),
        "translation": None if voice.is_source else said(voice, "非官方译文，以中文为准。"),
        "facts": list(_facts(declaration, press, notes)),
        "funds": _funds(declaration, voice, notes),
        "goals": [
            {
                "title": said(voice, title) + notes.of_field(field, declaration),
                "text": paragraphs(voice, goal),
            }
            for field, title, goal in (
                ("goals.overall", "项目总目标", declaration.goals.overall),
                ("goals.annual", "年度总目标", declaration.goals.annual),
            )
        ],
        "columns": [said(voice, title) for title in ("一级指标", "二级指标", "三级指标", "指标目标值")],
        "rows": [_row(row, voice, notes) for group in table_of(declaration) for row in group.rows],
        "notes_title": said(voice, "标记和说明"),
        "notes": notes.all,
        "source": list(_source(declared, press)),
        "code": _code(declared, press),
    }


class _Notes:
    """The notes below a form, numbered in the order of their places."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.all: list[dict[str, Any]] = []

    def add(self, of_place: tuple[str, ...], note: Text | None, as_filed: AsFiled | None) -> str:
        """Add a note and give its number as it stands at the place."""
        self.all.append(
            {
                "marks": marks(self.voice, of_place),
                "text": paragraphs(self.voice, note) if note else [],
                "cells": [] if as_filed is None else list(self._cells(as_filed)),
            }
        )
        return f"[{len(self.all)}]"

    def of_field(self, field: str, declaration: Declaration) -> str:
        """Add the notes on a field; give their numbers, nothing where there are none."""
        return "".join(
            self.add(marks_of_remark(remark), remark.note, remark.as_filed)
            for remark in declaration.remarks_on(field)
        )

    def _cells(self, as_filed: AsFiled) -> Iterator[dict[str, Any]]:
        for line, cells in zip(as_filed.lines, as_filed.cells, strict=False):
            yield {
                "line": said(self.voice, "第{line}行", line=line),
                "cells": [cell.plain() for cell in cells],
            }


def _facts(declaration: Declaration, press: Press, notes: _Notes) -> Iterator[list[Printed]]:
    """Give the lines of the head: title and value, twice."""
    voice, period = press.voice, declaration.period
    of_name, of_period = notes.of_field("name", declaration), notes.of_field("period", declaration)
    department, unit = map(press.organisation_name, (declaration.department, declaration.unit))
    yield [
        said(voice, "项目名称") + of_name,
        filed(voice, declaration.name),
        said(voice, "项目性质"),
        filed(voice, declaration.nature),
    ]
    yield [said(voice, "主管部门"), filed(voice, department), said(voice, "实施单位"), filed(voice, unit)]
    yield [
        said(voice, "计划开始日期") + of_period,
        period.start.isoformat(),
        said(voice, "计划完成日期"),
        period.end.isoformat(),
    ]


def _funds(declaration: Declaration, voice: Voice, notes: _Notes) -> dict[str, Any]:
    funding = declaration.funding
    unit = funding.unit_in_use
    title = said(voice, "项目资金") + notes.of_field("funding", declaration)
    read_as = funding.unit_read_as
    return {
        "title": title,
        "unit": said(voice, "单位：{unit}", unit=said(voice, unit.value)) if unit else None,
        "note": said(voice, "申报表未写明金额单位，这里按“{unit}”理解。", unit=said(voice, read_as.value))
        if read_as
        else None,
        "lines": [
            [*_sum(of_project, funding, "project", voice), *_sum(of_year, funding, "annual", voice)]
            for of_project, of_year in _LINES_OF_FUNDS
        ],
    }


def _sum(cell: tuple[str, str], funding: Funding, block: str, voice: Voice) -> tuple[str, str]:
    """Give the title of a cell and its sum as it is written on pages."""
    field, title = cell
    if not field:
        return _NO_CELL
    money: Money | None = getattr(getattr(funding, block), field)
    return said(voice, title), said(voice, "未填报") if money is None else f"{money.value:,}"


def _row(row: TableRow, voice: Voice, notes: _Notes) -> dict[str, Any]:
    indicator = row.indicator
    target = indicator.target
    return {
        "level1": None if row.level1 is None else [filed(voice, Text(row.level1)), row.level1_rows],
        "level2": None if row.level2 is None else [filed(voice, Text(row.level2)), row.level2_rows],
        "name": filed(voice, indicator.name),
        "target": said(voice, "未填报") if target is None else filed(voice, target.filed),
        "note": notes.add(row.marks, indicator.note, indicator.as_filed) if indicator.is_explained else "",
    }


def _source(declared: Filed, press: Press) -> Iterator[str]:
    """Say where the form was taken from and how it is cited."""
    voice, source = press.voice, declared.declaration.source
    form = press.catalogue.forms[source.form.plain()]
    name = form.path.rpartition("/")[2]
    if source.lines is None:
        yield said(voice, "来源：{name}，SHA-256 {checksum}", name=name, checksum=form.sha256)
    else:
        first, last = source.lines
        yield said(
            voice,
            "来源：{name}，第 {first} 至 {last} 行，SHA-256 {checksum}",
            name=name,
            first=first,
            last=last,
            checksum=form.sha256,
        )
    citation = citation_of(declared, press)
    if citation:
        yield citation.text.plain()


def _code(declared: Filed, press: Press) -> dict[str, Any] | None:
    """Give the QR code of the page, drawn as SVG, with the address as its words."""
    citation = citation_of(declared, press)
    if citation is None:
        return None
    box = f"0 0 {citation.size} {citation.size}"
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{citation.code}"/></svg>',
        "alt": said(press.voice, "永久链接的二维码"),
        "address": citation.address.plain(),
    }
