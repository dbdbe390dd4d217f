"""The columns of all data: what each is called, what it holds, and where it comes from.

Three tables: declarations, indicators, organisations. Words stand in the data as they were filed, in Chinese;
what a column means is said in the languages of the site. A blank is a sum or a text that was left blank on
the form (未填报); it is never 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from jixiao.analysis import urls
from jixiao.analysis.defects import marks_of
from jixiao.analysis.measurability import measurability_of
from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.model.declaration import AsFiled, Declaration, Indicator, Row
from jixiao.model.organisation import Organisation
from jixiao.model.table import BETWEEN, Column, Kind, Table, Value
from jixiao.model.values import Money
from jixiao.text import Text


class OfDeclaration(NamedTuple):
    """What a row of declarations is made from."""

    filed: Filed
    catalogue: Catalogue

    @property
    def declaration(self) -> Declaration:
        """The form as read."""
        return self.filed.declaration

    def name_of(self, organisation: str) -> str | None:
        """Give the official name of a department or unit."""
        known = self.catalogue.organisations.get(organisation)
        return known.name.plain() if known else None


class OfIndicator(NamedTuple):
    """What a row of indicators is made from."""

    filed: Filed
    position: int
    """In the declaration, from 1."""
    row: Row

    @property
    def indicator(self) -> Indicator:
        """The indicator."""
        return self.row.indicator


class OfOrganisation(NamedTuple):
    """What a row of organisations is made from."""

    id: str
    organisation: Organisation


def indicators_of(filed: Filed) -> Iterator[OfIndicator]:
    """List the indicators of a declaration in the order of its file."""
    for position, row in enumerate(filed.declaration.rows(), 1):
        yield OfIndicator(filed, position, row)


_SUMS: Final = (
    ("project", "total", "项目资金总额"),
    ("project", "fiscal", "项目资金：其中财政资金"),
    ("project", "other", "项目资金：其他资金"),
    ("annual", "total", "年度资金申请总额"),
    ("annual", "appropriation", "年度资金：其中当年财政拨款"),
    ("annual", "carryover", "年度资金：上年结转资金"),
    ("annual", "other", "年度资金：其他资金"),
)
"""Block, field and title of every sum of the form."""


def _sums() -> Iterator[Column]:
    for block, field, title in _SUMS:
        filed = partial(_sum_in, block, field)
        yield Column(
            name=f"{block}_{field}",
            kind=Kind.MONEY,
            label=title,
            meaning="以 money_unit 或 money_unit_read_as 为单位；空白是未填报，不是 0。",
            of=partial(_of_sum, "value", filed),
        )
        yield Column(
            name=f"{block}_{field}_filed",
            label=title,
            meaning="照申报表抄写的数字，逗号也在内。",
            of=partial(_of_sum, "filed", filed),
        )


def _sum_in(block: str, field: str, one: OfDeclaration) -> Money | None:
    found: Money | None = getattr(getattr(one.declaration.funding, block), field)
    return found


def _of_sum(part: str, filed: Callable[[OfDeclaration], Money | None], one: OfDeclaration) -> Value:
    found = filed(one)
    value: Value = getattr(found, part) if found is not None else None
    return value


def _typed(text: Text | None) -> str | None:
    return text.plain() if text is not None else None


def _quantity(one: OfIndicator, part: str) -> Any:  # noqa: ANN401 - one of three kinds, by its name
    target = one.indicator.target
    return getattr(target.quantity, part) if target is not None and target.quantity is not None else None


DECLARATIONS: Final = Table(
    name="declarations",
    label="申报表",
    row="一行是一份申报表。",
    key=("id",),
    columns=(
        Column(
            name="id",
            label="编号",
            meaning="年度、部门、项目；固定不变，也是网址。",
            of=lambda one: one.filed.id,
        ),
        Column(name="year", kind=Kind.INTEGER, label="年度", of=lambda one: one.declaration.year),
        Column(
            name="department",
            label="主管部门编号",
            meaning="见 organisations。",
            of=lambda one: one.declaration.department,
        ),
        Column(
            name="department_name",
            label="主管部门",
            of=lambda one: one.name_of(one.declaration.department),
        ),
        Column(
            name="unit",
            label="实施单位编号",
            meaning="见 organisations。",
            of=lambda one: one.declaration.unit,
        ),
        Column(name="unit_name", label="实施单位", of=lambda one: one.name_of(one.declaration.unit)),
        Column(name="name", label="项目名称", of=lambda one: _typed(one.declaration.name)),
        Column(name="nature", label="项目性质", of=lambda one: _typed(one.declaration.nature)),
        Column(
            name="edition",
            label="指标体系版本",
            meaning="指标分类依据的是哪一版规定。",
            of=lambda one: one.declaration.edition,
        ),
        Column(
            name="start",
            kind=Kind.DATE,
            label="计划开始日期",
            of=lambda one: one.declaration.period.start.isoformat(),
        ),
        Column(
            name="end",
            kind=Kind.DATE,
            label="计划完成日期",
            of=lambda one: one.declaration.period.end.isoformat(),
        ),
        Column(
            name="money_unit",
            label="金额单位",
            meaning="申报表写明的单位；没有写明的，空白。",
            of=lambda one: one.declaration.funding.unit,
        ),
        Column(
            name="money_unit_read_as",
            label="金额单位（推定）",
            meaning="申报表没有写明单位时，本站推定的单位。",
            of=lambda one: one.declaration.funding.unit_read_as,
        ),
        *_sums(),
        Column(
            name="annual_total_yuan",
            kind=Kind.MONEY,
            label="年度资金申请总额（元）",
            meaning="换算成元，便于相加；单位推定的，也按推定的单位换算。",
            of=lambda one: one.filed.entry.yuan,
        ),
        Column(
            name="overall_goal",
            label="项目总目标",
            of=lambda one: _typed(one.declaration.goals.overall),
        ),
        Column(name="annual_goal", label="年度总目标", of=lambda one: _typed(one.declaration.goals.annual)),
        Column(
            name="indicators",
            kind=Kind.INTEGER,
            label="绩效指标数",
            of=lambda one: one.filed.entry.indicators,
        ),
        Column(
            name="numeric_targets",
            kind=Kind.INTEGER,
            label="目标值是数字的指标数",
            of=lambda one: one.filed.entry.numeric,
        ),
        Column(
            name="marked_places",
            kind=Kind.INTEGER,
            label="标出的缺损处",
            meaning="原文有缺损、待核或者前后不一致的地方，指标以外的栏目也算。",
            of=lambda one: one.filed.entry.marks,
        ),
        Column(
            name="continues",
            label="接续的申报表",
            meaning="同一项目以前年度的申报表，只在编号对不上时写明。",
            of=lambda one: one.declaration.continues,
        ),
        Column(
            name="form",
            label="申报表原件",
            meaning="收到的文件；本站公布的可能是遮住个人信息的副本，也可能不公布。",
            of=lambda one: _typed(one.declaration.source.form),
        ),
        Column(
            name="form_sha256",
            label="申报表原件的 SHA-256",
            of=lambda one: one.catalogue.forms[one.filed.entry.form].sha256,
        ),
        Column(
            name="first_line",
            kind=Kind.INTEGER,
            label="原件中的第一行",
            meaning="一个文件里有几份申报表时才有。",
            of=lambda one: one.filed.entry.lines[0] if one.filed.entry.lines else None,
        ),
        Column(
            name="last_line",
            kind=Kind.INTEGER,
            label="原件中的最后一行",
            meaning="一个文件里有几份申报表时才有。",
            of=lambda one: one.filed.entry.lines[1] if one.filed.entry.lines else None,
        ),
        Column(
            name="version",
            label="版本",
            meaning="录入文件 SHA-256 的前十二位，内容一改就变。",
            of=lambda one: one.filed.version,
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            of=lambda one: urls.of_declaration(one.filed.id),
        ),
    ),
)
INDICATORS: Final = Table(
    name="indicators",
    label="绩效指标",
    row="一行是一项三级指标和它的目标值。",
    key=("declaration", "id"),
    columns=(
        Column(
            name="declaration",
            label="申报表编号",
            meaning="见 declarations。",
            of=lambda one: one.filed.id,
        ),
        Column(name="year", kind=Kind.INTEGER, label="年度", of=lambda one: one.filed.declaration.year),
        Column(
            name="department",
            label="主管部门编号",
            meaning="见 organisations。",
            of=lambda one: one.filed.declaration.department,
        ),
        Column(name="project", label="项目名称", of=lambda one: _typed(one.filed.declaration.name)),
        Column(
            name="position",
            kind=Kind.INTEGER,
            label="序号",
            meaning="在申报表中的次序，从 1 数起。",
            of=lambda one: one.position,
        ),
        Column(
            name="id",
            label="指标编号",
            meaning="在一份申报表里不重复，各年沿用。",
            of=lambda one: one.indicator.id,
        ),
        Column(name="level1", label="一级指标", of=lambda one: one.row.level1),
        Column(name="level2", label="二级指标", of=lambda one: one.row.level2),
        Column(name="name", label="三级指标", of=lambda one: _typed(one.indicator.name)),
        Column(
            name="target",
            label="指标目标值",
            meaning="照申报表抄写；空白是未填报。",
            of=lambda one: _typed(one.indicator.target.filed) if one.indicator.target else None,
        ),
        Column(
            name="operator",
            label="比较符号",
            meaning="由目标值读出：>=、<=、>、<、=；只写数字的，空白。",
            of=lambda one: _quantity(one, "operator"),
        ),
        Column(
            name="value",
            kind=Kind.NUMBER,
            label="数值",
            meaning="由目标值读出；是文字的，空白；0 是有效的目标值。Parquet 和 SQLite 只准到十五位。",
            of=lambda one: _quantity(one, "value"),
        ),
        Column(
            name="value_unit",
            label="数值的单位",
            meaning="照申报表抄写，例如 %、人次。",
            of=lambda one: _quantity(one, "unit") or None,
        ),
        Column(
            name="measurability",
            label="目标值能否核对",
            meaning="由程序按措辞归类，说的是写法，不评价项目。",
            of=lambda one: measurability_of(one.indicator),
        ),
        Column(
            name="marks",
            label="标记",
            meaning="原文缺损的种类；不止一种的，以“；”分开。",
            of=lambda one: BETWEEN.join(marks_of(one.indicator)) or None,
        ),
        Column(
            name="class_certainty",
            label="归类的把握",
            meaning="printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。",
            of=lambda one: one.indicator.certainty.class_,
        ),
        Column(
            name="text_certainty",
            label="文字的把握",
            meaning="printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。",
            of=lambda one: one.indicator.certainty.text,
        ),
        Column(
            name="note",
            label="说明",
            meaning="表上怎样，本站怎样读。",
            of=lambda one: _typed(one.indicator.note),
        ),
        Column(
            name="as_filed",
            label="原文单元格",
            meaning="缺损的行在申报表上的各格，写成 JSON：行号和格子。",
            of=lambda one: as_filed_json(one.indicator.as_filed) if one.indicator.as_filed else None,
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            of=lambda one: f"{urls.of_declaration(one.filed.id)}#i-{one.indicator.id}",
        ),
    ),
)
ORGANISATIONS: Final = Table(
    name="organisations",
    label="部门和单位",
    row="一行是一个主管部门或者实施单位。",
    key=("id",),
    columns=(
        Column(name="id", label="编号", meaning="固定不变，也是网址。", of=lambda one: one.id),
        Column(name="name", label="名称", of=lambda one: _typed(one.organisation.name)),
        Column(
            name="kind",
            label="类型",
            meaning="department 主管部门，unit 实施单位。",
            of=lambda one: one.organisation.kind,
        ),
        Column(name="parent", label="上级", of=lambda one: one.organisation.parent),
        Column(
            name="aliases",
            label="又称",
            meaning="不止一个的，以“；”分开。",
            of=lambda one: BETWEEN.join(map(Text.plain, one.organisation.aliases)) or None,
        ),
        Column(
            name="page",
            label="网页",
            meaning="从网站根目录算起的网址。",
            of=lambda one: urls.of_organisation(one.id),
        ),
    ),
)
TABLES: Final = (DECLARATIONS, INDICATORS, ORGANISATIONS)


def as_filed_json(as_filed: AsFiled) -> str:
    """Write a damaged place as JSON."""
    return json.dumps(as_filed.model_dump(mode="json"), ensure_ascii=False)
