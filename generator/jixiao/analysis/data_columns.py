"""Columns of the three published tables: declarations, indicators, organisations.

Texts stay Chinese, as filed. A blank cell is 未填报 (left blank on the form), never 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from jixiao.analysis import urls
from jixiao.analysis.data_table import LIST_SEPARATOR, CellValue, Column, ColumnKind, DataTable
from jixiao.analysis.defects import label_defects
from jixiao.analysis.phrasing import classify_target
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.model.declaration import AsFiled, Declaration, DeclarationRow, Indicator
from jixiao.model.organisation import Organisation
from jixiao.model.values import Money
from jixiao.text import Text


class DeclarationSubject(NamedTuple):
    """Source of one row of declarations."""

    parsed: ParsedDeclaration
    content: SiteContent

    @property
    def declaration(self) -> Declaration:
        """Declaration as read from the form."""
        return self.parsed.declaration

    def find_name(self, organisation: str) -> str | None:
        """Return the official name of a department or unit."""
        known = self.content.organisations.get(organisation)
        return known.name.plain() if known else None


class IndicatorSubject(NamedTuple):
    """Source of one row of indicators."""

    parsed: ParsedDeclaration
    position: int
    """Position in the declaration, from 1."""
    cells: DeclarationRow

    @property
    def indicator(self) -> Indicator:
        """Indicator without its class."""
        return self.cells.indicator


class OrganisationSubject(NamedTuple):
    """Source of one row of organisations."""

    id: str
    organisation: Organisation


_SUM_FIELDS: Final = (
    ("project", "total", "项目资金总额"),
    ("project", "fiscal", "项目资金：其中财政资金"),
    ("project", "other", "项目资金：其他资金"),
    ("annual", "total", "年度资金申请总额"),
    ("annual", "appropriation", "年度资金：其中当年财政拨款"),
    ("annual", "carryover", "年度资金：上年结转资金"),
    ("annual", "other", "年度资金：其他资金"),
)
"""Block, field and title of every sum of the form."""


def _build_sum_columns() -> Iterator[Column]:
    for block, field, title in _SUM_FIELDS:
        yield Column(
            name=f"{block}_{field}",
            kind=ColumnKind.MONEY,
            label=title,
            meaning="以 money_unit 或 money_unit_read_as 为单位；空白是未填报，不是 0。",
            read=partial(_read_sum, block, field, "value"),
        )
        yield Column(
            name=f"{block}_{field}_filed",
            label=title,
            meaning="照申报表抄写的数字，逗号也在内。",
            read=partial(_read_sum, block, field, "filed"),
        )


def _read_sum(block: str, field: str, part: str, subject: DeclarationSubject) -> CellValue:
    money: Money | None = getattr(getattr(subject.declaration.funding, block), field)
    return getattr(money, part) if money else None


def _build_line_column(name: str, label: str, place: int) -> Column:
    def read(subject: DeclarationSubject) -> CellValue:
        lines = subject.parsed.summary.lines
        return lines[place] if lines else None

    meaning = "一个文件里有几份申报表时才有。"
    return Column(name=name, kind=ColumnKind.INTEGER, label=label, meaning=meaning, read=read)


def _plain(text: Text | None) -> str | None:
    return text.plain() if text is not None else None


def _dump_as_filed(as_filed: AsFiled | None) -> str | None:
    return json.dumps(as_filed.model_dump(mode="json"), ensure_ascii=False) if as_filed else None


def _read_quantity(subject: IndicatorSubject, part: str) -> CellValue:
    target = subject.indicator.target
    value: CellValue = getattr(target.quantity, part) if target and target.quantity else None
    return value


DECLARATIONS: Final = DataTable(
    name="declarations",
    label="申报表",
    row="一行是一份申报表。",
    key=("id",),
    columns=(
        Column(
            name="id",
            label="编号",
            meaning="年度、部门、项目；固定不变，也是网址。",
            read=lambda row: row.parsed.id,
        ),
        Column(name="year", kind=ColumnKind.INTEGER, label="年度", read=lambda row: row.declaration.year),
        Column(
            name="department",
            label="主管部门编号",
            meaning="见 organisations。",
            read=lambda row: row.declaration.department,
        ),
        Column(
            name="department_name",
            label="主管部门",
            read=lambda row: row.find_name(row.declaration.department),
        ),
        Column(
            name="unit",
            label="实施单位编号",
            meaning="见 organisations。",
            read=lambda row: row.declaration.unit,
        ),
        Column(name="unit_name", label="实施单位", read=lambda row: row.find_name(row.declaration.unit)),
        Column(name="name", is_long=True, label="项目名称", read=lambda row: _plain(row.declaration.name)),
        Column(name="nature", label="项目性质", read=lambda row: _plain(row.declaration.nature)),
        Column(
            name="edition",
            label="指标体系版本",
            meaning="指标分类依据的是哪一版规定。",
            read=lambda row: row.declaration.edition,
        ),
        Column(
            name="start",
            kind=ColumnKind.DATE,
            label="计划开始日期",
            read=lambda row: row.declaration.period.start.isoformat(),
        ),
        Column(
            name="end",
            kind=ColumnKind.DATE,
            label="计划完成日期",
            read=lambda row: row.declaration.period.end.isoformat(),
        ),
        Column(
            name="money_unit",
            label="金额单位",
            meaning="申报表写明的单位；没有写明的，空白。",
            read=lambda row: row.declaration.funding.unit,
        ),
        Column(
            name="money_unit_read_as",
            label="金额单位（推定）",
            meaning="申报表没有写明单位时，本站推定的单位。",
            read=lambda row: row.declaration.funding.unit_read_as,
        ),
        *_build_sum_columns(),
        Column(
            name="annual_total_yuan",
            kind=ColumnKind.MONEY,
            label="年度资金申请总额（元）",
            meaning="换算成元，便于相加；单位推定的，也按推定的单位换算。",
            read=lambda row: row.parsed.summary.yuan,
        ),
        Column(
            name="overall_goal",
            is_long=True,
            label="项目总目标",
            read=lambda row: _plain(row.declaration.goals.overall),
        ),
        Column(
            name="annual_goal",
            is_long=True,
            label="年度总目标",
            read=lambda row: _plain(row.declaration.goals.annual),
        ),
        Column(
            name="indicators",
            kind=ColumnKind.INTEGER,
            label="绩效指标数",
            read=lambda row: row.parsed.summary.indicators,
        ),
        Column(
            name="numeric_targets",
            kind=ColumnKind.INTEGER,
            label="目标值是数字的指标数",
            read=lambda row: row.parsed.summary.numeric,
        ),
        Column(
            name="marked_places",
            kind=ColumnKind.INTEGER,
            label="标出的缺损处",
            meaning="原文有缺损、待核或者前后不一致的地方，指标以外的栏目也算。",
            read=lambda row: row.parsed.summary.marked_places,
        ),
        Column(
            name="continues",
            label="接续的申报表",
            meaning="同一项目以前年度的申报表，只在编号对不上时写明。",
            read=lambda row: row.declaration.continues,
        ),
        Column(
            name="form",
            label="申报表原件",
            meaning="收到的文件；本站公布的可能是遮住个人信息的副本，也可能不公布。",
            read=lambda row: _plain(row.declaration.source.form),
        ),
        Column(
            name="form_sha256",
            label="申报表原件的 SHA-256",
            read=lambda row: row.content.forms[row.parsed.summary.form].sha256,
        ),
        _build_line_column("first_line", "原件中的第一行", 0),
        _build_line_column("last_line", "原件中的最后一行", 1),
        Column(
            name="version",
            label="版本",
            meaning="录入文件 SHA-256 的前十二位，内容一改就变。",
            read=lambda row: row.parsed.version,
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            read=lambda row: urls.declaration_url(row.parsed.id),
        ),
    ),
)
INDICATORS: Final = DataTable(
    name="indicators",
    label="绩效指标",
    row="一行是一项三级指标和它的目标值。",
    key=("declaration", "id"),
    columns=(
        Column(
            name="declaration",
            label="申报表编号",
            meaning="见 declarations。",
            read=lambda row: row.parsed.id,
        ),
        Column(
            name="year",
            kind=ColumnKind.INTEGER,
            label="年度",
            read=lambda row: row.parsed.declaration.year,
        ),
        Column(
            name="department",
            label="主管部门编号",
            meaning="见 organisations。",
            read=lambda row: row.parsed.declaration.department,
        ),
        Column(
            name="project",
            is_long=True,
            label="项目名称",
            read=lambda row: _plain(row.parsed.declaration.name),
        ),
        Column(
            name="position",
            kind=ColumnKind.INTEGER,
            label="序号",
            meaning="在申报表中的次序，从 1 数起。",
            read=lambda row: row.position,
        ),
        Column(
            name="id",
            label="指标编号",
            meaning="在一份申报表里不重复，各年沿用。",
            read=lambda row: row.indicator.id,
        ),
        Column(name="level1", label="一级指标", read=lambda row: row.cells.level1),
        Column(name="level2", label="二级指标", read=lambda row: row.cells.level2),
        Column(name="name", is_long=True, label="三级指标", read=lambda row: _plain(row.indicator.name)),
        Column(
            name="target",
            is_long=True,
            label="指标目标值",
            meaning="照申报表抄写；空白是未填报。",
            read=lambda row: _plain(row.indicator.target.filed) if row.indicator.target else None,
        ),
        Column(
            name="operator",
            label="比较符号",
            meaning="由目标值读出：>=、<=、>、<、=；只写数字的，空白。",
            read=lambda row: _read_quantity(row, "operator"),
        ),
        Column(
            name="value",
            kind=ColumnKind.NUMBER,
            label="数值",
            meaning="由目标值读出；是文字的，空白；0 是有效的目标值。Parquet 和 SQLite 只准到十五位。",
            read=lambda row: _read_quantity(row, "value"),
        ),
        Column(
            name="value_unit",
            label="数值的单位",
            meaning="照申报表抄写，例如 %、人次。",
            read=lambda row: _read_quantity(row, "unit") or None,
        ),
        Column(
            name="measurability",
            label="目标值能否核对",
            meaning="由程序按措辞归类，说的是写法，不评价项目。",
            read=lambda row: classify_target(row.indicator),
        ),
        Column(
            name="marks",
            label="标记",
            meaning="原文缺损的种类；不止一种的，以“；”分开。",
            read=lambda row: LIST_SEPARATOR.join(label_defects(row.indicator)) or None,
        ),
        Column(
            name="class_certainty",
            label="归类的把握",
            meaning="printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。",
            read=lambda row: row.indicator.certainty.class_,
        ),
        Column(
            name="text_certainty",
            label="文字的把握",
            meaning="printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。",
            read=lambda row: row.indicator.certainty.text,
        ),
        Column(
            name="note",
            is_long=True,
            label="说明",
            meaning="表上怎样，本站怎样读。",
            read=lambda row: _plain(row.indicator.note),
        ),
        Column(
            name="as_filed",
            label="原文单元格",
            meaning="缺损的行在申报表上的各格，写成 JSON：行号和格子。",
            read=lambda row: _dump_as_filed(row.indicator.as_filed),
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            read=lambda row: f"{urls.declaration_url(row.parsed.id)}#i-{row.indicator.id}",
        ),
    ),
)
ORGANISATIONS: Final = DataTable(
    name="organisations",
    label="部门和单位",
    row="一行是一个主管部门或者实施单位。",
    key=("id",),
    columns=(
        Column(name="id", label="编号", meaning="固定不变，也是网址。", read=lambda row: row.id),
        Column(name="name", is_long=True, label="名称", read=lambda row: _plain(row.organisation.name)),
        Column(
            name="kind",
            label="类型",
            meaning="department 主管部门，unit 实施单位。",
            read=lambda row: row.organisation.kind,
        ),
        Column(name="parent", label="上级", read=lambda row: row.organisation.parent),
        Column(
            name="aliases",
            label="又称",
            meaning="不止一个的，以“；”分开。",
            read=lambda row: LIST_SEPARATOR.join(map(Text.plain, row.organisation.aliases)) or None,
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            read=lambda row: urls.organisation_url(row.id),
        ),
    ),
)
TABLES: Final = (DECLARATIONS, INDICATORS, ORGANISATIONS)
