"""The pack of a department's year: one PDF to hand round before the congress meets.

First what an evening allows to read: the projects and their money, the targets that are hard to check, what
is not as in the year before, the questions. Then every declaration, each on its own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.analysis import urls
from jixiao.analysis.totals import totals_of
from jixiao.packs.pack_tables import (
    Cell,
    Member,
    Table,
    changes_table,
    hard_table,
    marks_table,
    overview_table,
    questions_table,
)
from jixiao.packs.pdf_documents import form_of, language_of
from jixiao.packs.typesetting import typeset
from jixiao.pages.links import from_root
from jixiao.pages.localizer import Voice
from jixiao.pages.page_renderer import Press
from jixiao.paper.printed import Printed, filed, said
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What is handed round of one department in one year."""

    department: str
    year: int
    members: tuple[Member, ...]
    """In the order of their ids."""


def pack_pdf(pack: Pack, press: Press) -> bytes:
    """Set a pack.

    Raises:
        NotTypeset: The template of the theme cannot be filled.
    """
    voice = press.voice
    data: dict[str, Any] = {
        **language_of(press),
        "title": said(
            voice,
            "{department}{year}年度绩效目标资料",
            department=voice.translated(press.organisation_name(pack.department)),
            year=pack.year,
        ),
        "lead": list(_lead(pack, press)),
        "contents": said(voice, "目录"),
        "sections": [
            _section(overview_table(pack.members, press), _coverage(pack.members, press), "wide", voice),
            _section(hard_table(pack.members, voice), said(voice, _HARD), "targets", voice),
            _section(changes_table(pack.members, press), said(voice, _CHANGES), "changes", voice),
            _section(questions_table(pack.members, voice), said(voice, _QUESTIONS), "questions", voice),
            _section(marks_table(pack.members, voice), said(voice, _MARKS), "marks", voice),
        ],
        "forms_title": said(voice, "申报表"),
        "forms": [form_of(member.filed, press) for member in pack.members],
    }
    return typeset("pack", data)


_HARD = "这些目标值没有标准、只重复名称、有缺损或者空着。由程序按措辞归类，说的是写法，不评价项目。"
_CHANGES = "只列与所接续的申报表不同的栏目和指标。没有列出的项目，或者没有改动，或者没有上一份申报表。"
_MARKS = "原件上缺字、错栏、文字待核的地方。"
_QUESTIONS = "由程序按申报表的记录列出，供审查时选用。"


def _lead(pack: Pack, press: Press) -> list[str]:
    """Say what this is, of what, and where it comes from."""
    voice, config = press.voice, press.config
    site = config.said(config.name, press.language) or Text("")
    lines = [
        said(
            voice, "财政项目支出绩效目标申报表 {count} 份，取自“{site}”。", count=len(pack.members), site=site
        ),
        said(voice, "数字和文字照申报表原样；标记、归类和问题是本站加的。"),
    ]
    if not voice.is_source:
        lines.append(said(voice, "非官方译文，以中文为准。"))
    if config.demonstration:
        lines.append(said(voice, "示范资料，并非官方文件。"))
    if config.address:
        way = from_root(urls.of_department_year(pack.department, pack.year), press.language)
        lines.append(f"{config.address}{way}")
    return lines


def _coverage(members: Sequence[Member], press: Press) -> str:
    """Add the sums up, and say what the total covers."""
    voice = press.voice
    totals = totals_of(member.filed.entry for member in members)
    if not totals.with_annual:
        return said(voice, "没有一份填报年度资金申请总额。")
    said_of = [said(voice, "年度资金申请总额合计 {sum} 元。", sum=f"{totals.annual:,}")]
    if totals.with_annual < totals.declarations:
        blank = totals.declarations - totals.with_annual
        said_of.append(
            said(
                voice,
                "合计含 {counted} 份，另有 {blank} 份未填报年度资金申请总额。",
                counted=totals.with_annual,
                blank=blank,
            )
        )
    if totals.unit_inferred:
        said_of.append(said(voice, "有 {count} 份申报表未写明金额单位，按元计。", count=totals.unit_inferred))
    return ("" if voice.is_source else " ").join(said_of)


def _section(table: Table, lead: str, layout: str, voice: Voice) -> dict[str, Any]:
    return {
        "title": table.title,
        "lead": lead,
        "layout": layout,
        "none": said(voice, "无"),
        "columns": list(table.columns),
        "rows": [[_printed(cell, voice) for cell in row] for row in table.rows],
    }


def _printed(cell: Cell, voice: Voice) -> Printed:
    match cell:
        case None:
            return ""
        case Text():
            return filed(voice, cell)
        case Decimal() | int():
            return f"{cell:,}"
        case _:
            return cell
