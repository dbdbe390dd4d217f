"""The page of one project through the years: its sums and targets, each declaration beside the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jixiao.analysis import urls
from jixiao.analysis.defects import marks_of
from jixiao.analysis.site_content import Filed
from jixiao.analysis.year_on_year import CHANGED, Comparison, Fate, Promise, compare
from jixiao.model.declaration import Row
from jixiao.model.project import Project
from jixiao.pages.declaration_page import FUNDS
from jixiao.pages.localizer import Voice
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class Step:
    """A declaration beside the one that it continues."""

    old: Filed
    new: Filed
    compared: Comparison

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Count the targets that are the same, changed, new, and not listed any more."""
        counts = self.compared.counts
        changed = sum(counts[fate] for fate in CHANGED)
        return counts[Fate.KEPT], changed, counts[Fate.NEW], counts[Fate.DROPPED]

    @property
    def annual_difference(self) -> Decimal | None:
        """What was added to the sum of the year; `None` where it cannot be said."""
        annual = (one for one in self.compared.sums if (one.block, one.part) == ("annual", "total"))
        return next((one.difference for one in annual), None)

    @property
    def editions_differ(self) -> bool:
        """Whether the classes of the two come from different closed lists."""
        return self.old.declaration.edition != self.new.declaration.edition


def project_sheet(project: Project, members: Sequence[Filed], press: Press) -> Sheet:
    """Lay out *project*, whose declarations are *members*, earliest first."""
    voice, last = press.voice, members[-1]
    taxonomies = press.catalogue.taxonomies
    steps = [
        Step(
            old=old,
            new=new,
            compared=compare(old.declaration, new.declaration, taxonomies[new.declaration.edition]),
        )
        for old, new in pairwise(members)
    ]
    name = voice.translated(last.declaration.name)
    return Sheet(
        kind=Kind.PROJECT,
        address=urls.of_project(project.name),
        title=voice.plainly("{name}：历年对比", name=name),
        description=voice.plainly(
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
            "cell": lambda sum_: FUNDS[sum_.block, sum_.part][1],
            "block": lambda sum_: FUNDS[sum_.block, sum_.part][0],
            "signed": lambda number: _signed(number, voice),
            "marks": _marks,
            "anchor": _anchor,
            "text": Text,
        },
        trail=(
            press.home(),
            press.year(last.declaration.year),
            press.department_year(last.declaration.department, last.declaration.year),
        ),
    )


def _signed(number: Decimal, voice: Voice) -> Text:
    """Write a difference with its sign; no difference is 不变 and no 0."""
    if not number:
        return voice.plainly(str(Fate.KEPT))
    return Text(f"+{number:,}" if number > 0 else f"−{-number:,}")


def _marks(promise: Promise) -> tuple[str, ...]:
    """List the marks of the two rows, each once."""
    rows = [row for row in (promise.old, promise.new) if row is not None]
    return tuple(dict.fromkeys(mark for row in rows for mark in marks_of(row.indicator)))


def _anchor(row: Row) -> Text:
    return Text(f"i-{row.indicator.id}")
