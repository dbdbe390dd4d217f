"""Summary of a declaration: the values that lists, totals and registers need; and these totals.

A site of a hundred thousand declarations keeps all summaries in memory, but each declaration only while its
pages are rendered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from sys import intern
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from jixiao.analysis.defects import DefectCounts, count_defects, intern_defect_counts
from jixiao.analysis.duplicates import pack_long_texts, pack_targets
from jixiao.analysis.phrasing import (
    MeasurabilityCounts,
    count_measurability,
    intern_measurability_counts,
)
from jixiao.load.yaml_tree import Node, find_place
from jixiao.model.declaration import Declaration, MoneyUnit
from jixiao.text import Text

_YUAN = {MoneyUnit.YUAN: Decimal(1), MoneyUnit.TEN_THOUSAND_YUAN: Decimal(10_000)}
_FEN = Decimal("0.01")


class ContinuedDeclaration(NamedTuple):
    """Id of the continued declaration, and the place of `continues:`."""

    id: str
    line: int
    column: int


_JsonText = Annotated[Text, BeforeValidator(Text), PlainSerializer(Text.plain)]
_intern_text = cache(Text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Summary of one declaration, as shown in lists."""

    id: str
    """Year, department and project, joined by `/`. Permanent, and its URL."""
    year: int
    department: str
    unit: str
    name: _JsonText
    nature: _JsonText
    annual: Decimal | None
    """年度资金申请总额 in `money_unit`; `None` is 未填报."""
    money_unit: MoneyUnit | None
    """Unit of the sums, stated or inferred."""
    unit_inferred: bool
    """Whether the form does not state the unit of money."""
    indicators: int
    measurability_counts: MeasurabilityCounts
    """Number of targets in each class of measurability."""
    defect_counts: DefectCounts
    """Number of missing fields and defects of each kind."""
    marked_places: int
    """Number of places marked as damaged."""
    form: str
    """Form that the declaration was taken from, a path below `content/`."""
    lines: tuple[int, ...] | None
    """First and last line in the form, counted from 1; `None` is the whole form."""
    personal_numbers: tuple[str, ...]
    """Possible personal numbers in its texts; the check of the declaration reports them."""
    version: str
    """Version of the source file, see `source_version`."""
    continues: ContinuedDeclaration | None
    """The declaration of an earlier year that it names as continued."""
    packed_texts: str
    """Packed long texts, for finding copies across declarations."""
    packed_targets: str
    """Packed digests of worded targets, for finding copies across declarations."""
    display_hash: str
    """Hash of the values shown in lists: a list whose summaries have equal hashes is rendered alike.

    Measurability, defects and the places of long texts are left out: a page that shows them has them among
    its own values.
    """

    @property
    def numeric(self) -> int:
        """Number of indicators whose target value is a number."""
        return self.measurability_counts[0]

    @property
    def yuan(self) -> Decimal | None:
        """年度资金申请总额 in 元; `None` if it or its unit is not known."""
        if self.annual is None or self.money_unit is None:
            return None
        # The product is exact. Trailing zeros that come from the factor are dropped, filed ones stay.
        product = self.annual * _YUAN[self.money_unit]
        return product if self.money_unit is MoneyUnit.YUAN else product.quantize(_FEN).normalize() + 0


def with_shared_values(entry: Summary) -> Summary:
    """Return an equal summary whose values are shared with other summaries in this process."""
    return replace(
        entry,
        department=intern(entry.department),
        unit=intern(entry.unit),
        form=intern(entry.form),
        nature=_intern_text(entry.nature.typed),
        measurability_counts=intern_measurability_counts(entry.measurability_counts),
        defect_counts=intern_defect_counts(entry.defect_counts),
    )


_FIELD_NAMES = tuple(field.name for field in fields(Summary))
_NOT_DISPLAYED = frozenset(
    {
        "measurability_counts",
        "defect_counts",
        "version",
        "continues",
        "packed_texts",
        "packed_targets",
        "display_hash",
    }
)


def _to_json_value(value: object) -> object:
    match value:
        case Text():
            return value.plain()
        case Decimal():
            return str(value)
        case _:
            return value


def summarise(identity: str, declaration: Declaration, tree: Node, version: str) -> Summary:
    """Summarise the *declaration* with this id; *tree* has the places of its texts."""
    indicators = [row.indicator for row in declaration.rows()]
    annual = declaration.funding.annual.total
    continued = None
    if declaration.continues is not None:
        place = find_place(tree, ("continues",))
        continued = ContinuedDeclaration(declaration.continues, place.line, place.column)
    summary = Summary(
        id=identity,
        year=declaration.year,
        department=declaration.department,
        unit=declaration.unit,
        name=declaration.name,
        nature=declaration.nature,
        annual=annual.value if annual else None,
        money_unit=declaration.funding.unit_in_use,
        unit_inferred=declaration.funding.unit is None,
        indicators=len(indicators),
        measurability_counts=count_measurability(indicators),
        defect_counts=count_defects(declaration),
        marked_places=declaration.count_marked_places(),
        form=declaration.source.form.plain(),
        lines=declaration.source.lines,
        personal_numbers=tuple(sorted({found.number for _, found in declaration.personal_data})),
        version=version,
        continues=continued,
        packed_texts=pack_long_texts(declaration, tree),
        packed_targets=pack_targets(declaration),
        display_hash="",
    )
    displayed = [
        _to_json_value(getattr(summary, name)) for name in _FIELD_NAMES if name not in _NOT_DISPLAYED
    ]
    digest = blake2b(repr([*displayed, summary.numeric]).encode(), digest_size=8)
    return replace(summary, display_hash=digest.hexdigest())


@dataclass(frozen=True, kw_only=True)
class DeclarationTotals:
    """Totals of a set of declarations; blanks never count as zero.

    Requests of different years are never added: a project that continues requests money every year.
    """

    declarations: int
    annual: Decimal
    """Sum of all 年度资金申请总额, in 元."""
    with_annual: int
    """Number of declarations that filed a 年度资金申请总额; `annual` excludes the others."""
    unit_inferred: int
    """Number of declarations in `annual` whose form does not state the unit of money."""
    indicators: int
    numeric: int
    """Number of indicators whose target value is a number."""


def compute_totals(summaries: Iterable[Summary]) -> DeclarationTotals:
    """Compute the totals of *summaries*."""
    summaries = tuple(summaries)
    funded = [(yuan, summary.unit_inferred) for summary in summaries if (yuan := summary.yuan) is not None]
    return DeclarationTotals(
        declarations=len(summaries),
        annual=sum((annual for annual, _ in funded), Decimal(0)),
        with_annual=len(funded),
        unit_inferred=sum(inferred for _, inferred in funded),
        indicators=sum(summary.indicators for summary in summaries),
        numeric=sum(summary.numeric for summary in summaries),
    )


def compute_totals_by_year(summaries: Iterable[Summary]) -> tuple[tuple[int, DeclarationTotals], ...]:
    """Compute the totals of each year, latest first."""
    by_year: dict[int, list[Summary]] = {}
    for summary in summaries:
        by_year.setdefault(summary.year, []).append(summary)
    return tuple((year, compute_totals(by_year[year])) for year in sorted(by_year, reverse=True))
