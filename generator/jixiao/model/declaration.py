"""Declaration of performance targets: one budget project in one year, as its form was filed.

The fields are those of 财政项目支出绩效目标申报表. Field names are English; values and the titles that
editors see are the words of the form.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, NamedTuple

from pydantic import Field

from jixiao.model.address_register import DeclarationId
from jixiao.model.target import FiledTarget
from jixiao.model.values import Cell, Count, Day, FiledMoney, Line, Model, Money, Prose, Slug, Year
from jixiao.personal_data.text_patterns import PersonalDataMatch, find_personal_data, may_hold_personal_data
from jixiao.text import Text


class Certainty(StrEnum):
    """Certainty of a reading."""

    PRINTED = "printed"
    """Printed so in the form."""
    RESTORED = "restored"
    """The form is damaged here and allows one sensible reading."""
    UNCONFIRMED = "unconfirmed"
    """The form is damaged here and allows more than one reading."""
    CONFIRMED = "confirmed"
    """The unit has confirmed the reading."""


class Defect(StrEnum):
    """Kinds of damage to a place of the form as received, or of contradiction in it."""

    NUMBER_MISSING = "number-missing"
    TARGET_MISSING = "target-missing"
    CLASS_UNCERTAIN = "class-uncertain"
    LEVEL2_IN_LEVEL1 = "level2-in-level1"
    SHIFTED = "shifted"
    SHIFTED_LEFT = "shifted-left"
    SHIFTED_RIGHT = "shifted-right"
    SPLIT_BY_PAGE_BREAK = "split-by-page-break"
    NAME_AND_TARGET_IN_ONE_CELL = "name-and-target-in-one-cell"
    TWO_GOALS_IN_ONE_CELL = "two-goals-in-one-cell"
    LINE_BREAK_IN_NAME = "line-break-in-name"
    MARKUP_RESIDUE = "markup-residue"
    SUMS_CONTRADICT = "sums-contradict"
    DATES_CONTRADICT = "dates-contradict"


class Certainties(Model):
    """Certainty of the class and of the text of an indicator."""

    class_: Annotated[Certainty, Field(alias="class", title="归类")] = Certainty.PRINTED
    """The level-1 and level-2 class of the indicator."""
    text: Annotated[Certainty, Field(title="文字")] = Certainty.PRINTED
    """The name and the target value."""


class AsFiled(Model):
    """Lines and cells of the form exactly as received."""

    lines: Annotated[tuple[Count, ...], Field(title="原文行号", examples=[[52]], min_length=1)]
    """Lines of the form file, counted from 1."""
    cells: Annotated[
        tuple[tuple[Cell, ...], ...],
        Field(title="原文单元格", examples=[[["", "社会效益指标", "政策时效性", "及时"]]], min_length=1),
    ]
    """One list of cells for each line, empty cells included."""


class Indicator(Model):
    """One row of a declaration: a level-3 indicator with its target value."""

    id: Annotated[Slug, Field(title="编号", examples=["fund-use-rate"])]
    """Stable across years and stages; part of the public URL."""
    name: Annotated[Line, Field(title="三级指标", examples=["资助资金使用率"])]
    target: Annotated[FiledTarget, Field(title="指标目标值", examples=[">=90%"])]
    """As filed and as read. `None` is 未填报, which is neither zero nor not met."""
    as_filed: Annotated[AsFiled | None, Field(title="原文")] = None
    """Quoted cells of the form, if the reading differs from them."""
    defects: Annotated[tuple[Defect, ...], Field(title="标记", examples=[["shifted-left"]])] = ()
    """For damaged rows only."""
    certainty: Annotated[Certainties, Field(title="把握")] = Certainties()
    """For damaged rows only."""
    note: Annotated[Prose | None, Field(title="说明", examples=["原文左移一列，这里移回原位。"])] = None
    """Neutral description of the form and of its reading here."""

    @property
    def is_marked(self) -> bool:
        """Whether readers must be warned that this row is damaged or uncertain."""
        return bool(self.defects) or Certainty.UNCONFIRMED in {self.certainty.class_, self.certainty.text}

    @property
    def is_explained(self) -> bool:
        """Whether the row has marks, a note or quoted cells."""
        return self.is_marked or self.note is not None or self.as_filed is not None


class RemarkedField(StrEnum):
    """Fields that a remark can be about."""

    NAME = "name"
    OVERALL_GOAL = "goals.overall"
    ANNUAL_GOAL = "goals.annual"
    PERIOD = "period"
    FUNDING = "funding"


class Remark(Model):
    """Damage to a place of the form other than an indicator, or a contradiction in it."""

    field: Annotated[RemarkedField, Field(title="栏目")]
    as_filed: Annotated[AsFiled, Field(title="原文")]
    defects: Annotated[tuple[Defect, ...], Field(title="标记", examples=[["shifted-left"]], min_length=1)]
    note: Annotated[Prose, Field(title="说明", examples=["原文左移一列，这里移回原位。"])]


class Period(Model):
    """Planned start and end of the project."""

    start: Annotated[Day, Field(title="计划开始日期", examples=["2021-01-01"])]
    end: Annotated[Day, Field(title="计划完成日期", examples=["2021-12-31"])]


class ProjectFunds(Model):
    """Money for the whole project, over all its years; never added to the funds of a year."""

    total: Annotated[FiledMoney | None, Field(title="项目资金总额", examples=["54,449,000"])] = None
    fiscal: Annotated[FiledMoney | None, Field(title="其中：财政资金", examples=["54,449,000"])] = None
    other: Annotated[FiledMoney | None, Field(title="其他资金", examples=["54,449,000"])] = None


class AnnualFunds(Model):
    """Money requested for the year of the declaration."""

    total: Annotated[FiledMoney | None, Field(title="年度资金申请总额", examples=["54,449,000"])] = None
    appropriation: Annotated[
        FiledMoney | None, Field(title="其中：当年财政拨款", examples=["54,449,000"])
    ] = None
    carryover: Annotated[FiledMoney | None, Field(title="上年结转资金", examples=["54,449,000"])] = None
    other: Annotated[FiledMoney | None, Field(title="其他资金", examples=["54,449,000"])] = None


class MoneyUnit(StrEnum):
    """Unit in which sums are filed."""

    YUAN = "元"
    TEN_THOUSAND_YUAN = "万元"


class Funding(Model):
    """The block 项目资金. A sum that is absent was left blank in the form: 未填报, never zero."""

    unit: Annotated[MoneyUnit | None, Field(title="金额单位")] = None
    """As stated in the form; absent if it states none."""
    unit_read_as: Annotated[MoneyUnit | None, Field(title="金额单位（推定）")] = None
    """Inferred unit, only if the form does not state one."""
    project: Annotated[ProjectFunds, Field(title="项目资金")] = ProjectFunds()
    annual: Annotated[AnnualFunds, Field(title="年度资金")] = AnnualFunds()

    @property
    def unit_in_use(self) -> MoneyUnit | None:
        """Unit in which the sums are read: stated, or else inferred."""
        return self.unit or self.unit_read_as

    def sums(self) -> Iterator[tuple[str, str, Money]]:
        """Yield the sums that were filed as (block, field, sum)."""
        for block, funds in (("project", self.project), ("annual", self.annual)):
            for field in type(funds).model_fields:
                filed: Money | None = getattr(funds, field)
                if filed is not None:
                    yield block, field, filed


class Goals(Model):
    """The block 项目绩效目标."""

    overall: Annotated[Prose | None, Field(title="项目总目标", examples=["三年内培训五千人。"])] = None
    annual: Annotated[Prose | None, Field(title="年度总目标", examples=["全年培训两千人。"])] = None


class Source(Model):
    """Form that the declaration was taken from."""

    form: Annotated[Line, Field(title="申报表文件", examples=["forms/declarations-2021.txt"])]
    """Path below `content/`."""
    lines: Annotated[
        tuple[Count, ...] | None, Field(title="行号", examples=[[28, 61]], min_length=2, max_length=2)
    ] = None
    """First and last line, if one file contains several forms."""


class Waiver(Model):
    """Finding that is accepted, with a reason. Not shown on pages."""

    rule: Annotated[Slug, Field(title="规则", examples=["personal-data-in-text"])]
    """Name of the rule as printed in the report; only a rule that warns can be waived."""
    field: Annotated[str, Field(title="栏目", examples=["indicators.fund-use-rate.target"], min_length=1)]
    """Field as printed in the report: an indicator by its id, list positions counted from 1."""
    reason: Annotated[Prose, Field(title="理由", examples=["单位对外公布的电话"])]
    """Reason for the reviewer why the finding is accepted."""


class DeclarationRow(NamedTuple):
    """An indicator with its class."""

    level1: str
    level2: str
    indicator: Indicator


class Declaration(Model):
    """One 财政项目支出绩效目标申报表."""

    edition: Annotated[str, Field(title="指标体系版本", examples=["2015"], min_length=1)]
    """Rule edition with the closed lists of indicator classes, a file of `content/taxonomies/`."""
    year: Annotated[Year, Field(title="年度", examples=[2021])]
    name: Annotated[Line, Field(title="项目名称", examples=["高技能人才培养基地建设资助"])]
    nature: Annotated[Line, Field(title="项目性质", examples=["经常性项目"])]
    """In the Shanghai forms of 2021 it is in the cell 项目类别."""
    department: Annotated[Slug, Field(title="主管部门", examples=["shanghai-hrss"])]
    """An id of `content/organisations.yml`."""
    unit: Annotated[Slug, Field(title="实施单位", examples=["shanghai-employment-promotion-center"])]
    """An id of `content/organisations.yml`."""
    period: Annotated[Period, Field(title="计划起止日期")]
    funding: Annotated[Funding, Field(title="项目资金")]
    goals: Annotated[Goals, Field(title="项目绩效目标")] = Goals()
    indicators: Annotated[
        Mapping[
            str,
            Annotated[
                Mapping[str, Annotated[tuple[Indicator, ...], Field(min_length=1)]], Field(min_length=1)
            ],
        ],
        Field(
            title="绩效指标",
            examples=[
                {"产出指标": {"数量指标": [{"id": "visits", "name": "巡诊次数", "target": ">=120次"}]}}
            ],
            min_length=1,
        ),
    ]
    """Level 1 → level 2 → indicators, like the merged cells of the printed table."""
    continues: Annotated[DeclarationId | None, Field(title="接续", examples=["2020/health/clinic"])] = None
    """The declaration of the same project in an earlier year, if its id is another one."""
    remarks: Annotated[tuple[Remark, ...], Field(title="其他栏目的标记")] = ()
    source: Annotated[Source, Field(title="来源")]
    waivers: Annotated[tuple[Waiver, ...], Field(title="豁免")] = ()
    """Accepted warnings about this declaration."""

    def rows(self) -> tuple[DeclarationRow, ...]:
        """Return the indicators in the order of the file, each with its class."""
        return tuple(
            DeclarationRow(level1, level2, indicator)
            for level1, groups in self.indicators.items()
            for level2, indicators in groups.items()
            for indicator in indicators
        )

    def count_marked_places(self) -> int:
        """Count the places that are marked as damaged or uncertain."""
        return sum(row.indicator.is_marked for row in self.rows()) + len(self.remarks)

    def indicators_with_paths(self) -> Iterator[tuple[tuple[str | int, ...], Indicator]]:
        """Yield the indicators, each with its path from the root of the file."""
        for level1, groups in self.indicators.items():
            for level2, indicators in groups.items():
                for position, indicator in enumerate(indicators):
                    yield ("indicators", level1, level2, position), indicator

    def free_texts(self) -> Iterator[tuple[tuple[str | int, ...], Text]]:
        """Yield all texts in words, each with its path from the root of the file."""
        yield ("name",), self.name
        for field, goal in (("overall", self.goals.overall), ("annual", self.goals.annual)):
            yield from _yield_if_present(("goals", field), goal)
        for path, indicator in self.indicators_with_paths():
            yield (*path, "name"), indicator.name
            yield from _yield_if_present(
                (*path, "target"), indicator.target.filed if indicator.target else None
            )
            yield from _yield_cells((*path, "as_filed"), indicator.as_filed)
            yield from _yield_if_present((*path, "note"), indicator.note)
        for position, remark in enumerate(self.remarks):
            yield from _yield_cells(("remarks", position, "as_filed"), remark.as_filed)
            yield ("remarks", position, "note"), remark.note
        for position, waiver in enumerate(self.waivers):
            yield ("waivers", position, "reason"), waiver.reason

    def translatable_texts(self) -> Iterator[Text]:
        """Yield the texts that pages in other languages show translated, in the order of the form.

        Quoted cells of the form are evidence and stay unchanged.
        """
        goals, indicators = self.goals, [row.indicator for row in self.rows()]
        texts: list[Text | None] = [self.name, self.nature, goals.overall, goals.annual]
        for indicator in indicators:
            texts += [indicator.name, indicator.target.filed if indicator.target else None, indicator.note]
        texts += [remark.note for remark in self.remarks]
        yield from filter(None, texts)

    @cached_property
    def personal_data(self) -> tuple[tuple[tuple[str | int, ...], PersonalDataMatch], ...]:
        """Possible personal data in texts, then in ids, each with its path.

        Cached, because two rules use it.
        """
        texts = [(path, text.typed) for path, text in self.free_texts()]
        texts += [((*path, "id"), indicator.id) for path, indicator in self.indicators_with_paths()]
        if not may_hold_personal_data(text for _, text in texts):
            return ()
        return tuple((path, found) for path, text in texts for found in find_personal_data(text))

    def name_field(self, path: tuple[str | int, ...]) -> str:
        """Return the name of the field at *path* as in a waiver, e.g. `goals.annual`."""
        match path:
            case ("indicators", str(level1), str(level2), int(position), *within):
                steps = ("indicators", self.indicators[level1][level2][position].id, *within)
            case _:
                steps = path
        return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)

    def remarks_on(self, field: str) -> tuple[Remark, ...]:
        """Return the remarks on one field, e.g. `goals.annual`."""
        return tuple(remark for remark in self.remarks if remark.field == field)


def _yield_if_present(
    path: tuple[str | int, ...], text: Text | None
) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    if text is not None:
        yield path, text


def _yield_cells(
    path: tuple[str | int, ...], as_filed: AsFiled | None
) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    for row, cells in enumerate(as_filed.cells if as_filed else ()):
        for column, cell in enumerate(cells):
            yield (*path, "cells", row, column), cell
