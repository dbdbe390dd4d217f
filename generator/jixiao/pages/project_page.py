"""Page of one project over the years: sums and targets, each declaration compared with the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jixiao.analysis import urls
from jixiao.analysis.defects import label_defects
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.year_on_year import (
    CHANGED_TARGETS,
    IndicatorPair,
    TargetChange,
    YearOnYear,
    compare_years,
)
from jixiao.model.declaration import DeclarationRow
from jixiao.model.project import Project
from jixiao.pages.declaration_page import FUND_TITLES
from jixiao.pages.localizer import Localizer
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class ProjectYearStep:
    """Comparison of a declaration with the one that it continues."""

    old: ParsedDeclaration
    new: ParsedDeclaration
    compared: YearOnYear

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Number of targets that are unchanged, changed, new, and no longer listed."""
        counts = self.compared.counts
        changed = sum(counts[fate] for fate in CHANGED_TARGETS)
        return counts[TargetChange.KEPT], changed, counts[TargetChange.NEW], counts[TargetChange.DROPPED]

    @property
    def annual_difference(self) -> Decimal | None:
        """Increase of the annual sum, or `None` if it cannot be computed."""
        annual = (one for one in self.compared.sums if (one.block, one.part) == ("annual", "total"))
        return next((one.difference for one in annual), None)

    @property
    def editions_differ(self) -> bool:
        """Whether the indicator classes of the two declarations come from different closed lists."""
        return self.old.declaration.edition != self.new.declaration.edition


def build_project_page(
    project: Project, members: Sequence[ParsedDeclaration], renderer: PageRenderer
) -> PageData:
    """Build the page of *project* with its declarations *members*, earliest first."""
    voice, last = renderer.localizer, members[-1]
    taxonomies = renderer.content.taxonomies
    steps = [
        ProjectYearStep(
            old=old,
            new=new,
            compared=compare_years(old.declaration, new.declaration, taxonomies[new.declaration.edition]),
        )
        for old, new in pairwise(members)
    ]
    name = voice.translate_source_text(last.declaration.name)
    return PageData(
        kind=PageKind.PROJECT,
        address=urls.project_url(project.name),
        title=voice.translate_text("{name}：历年对比", name=name),
        description=voice.translate_text(
            "{first}年度至{last}年度的申报表逐年对比：金额、目标和指标",
            first=members[0].declaration.year,
            last=last.declaration.year,
        ),
        template="project",
        values={
            "name": last.declaration.name,
            "members": members,
            "steps": steps[::-1],
            "years": [(filed, step) for filed, step in zip(members, [None, *steps], strict=True)][::-1],
            "taxonomies": taxonomies,
            "cell": lambda sum_: FUND_TITLES[sum_.block, sum_.part][1],
            "block": lambda sum_: FUND_TITLES[sum_.block, sum_.part][0],
            "signed": lambda number: _format_difference(number, voice),
            "marks": _list_row_defects,
            "anchor": _build_row_anchor,
            "text": Text,
        },
        breadcrumbs=(
            renderer.build_home_breadcrumb(),
            renderer.build_year_breadcrumb(last.declaration.year),
            renderer.build_department_year_breadcrumb(last.declaration.department, last.declaration.year),
        ),
    )


def _format_difference(number: Decimal, localizer: Localizer) -> Text:
    """Format a difference with its sign, or as 不变 if it is zero."""
    if not number:
        return localizer.translate_text(str(TargetChange.KEPT))
    return Text(f"+{number:,}" if number > 0 else f"−{-number:,}")


def _list_row_defects(row_change: IndicatorPair) -> tuple[str, ...]:
    """List the defects of both rows without duplicates."""
    rows = [row for row in (row_change.old, row_change.new) if row is not None]
    return tuple(dict.fromkeys(mark for row in rows for mark in label_defects(row.indicator)))


def _build_row_anchor(row: DeclarationRow) -> Text:
    return Text(f"i-{row.indicator.id}")
