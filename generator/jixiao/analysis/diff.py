"""Differences between two states of a declaration, as facts without wording.

The earlier and the later declaration come in; their differences come out in the order of the form. Indicators
are matched by id; one with another id but the same unique name is the same indicator.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest
from typing import cast

from jixiao.model.declaration import (
    AnnualFunds,
    AsFiled,
    Certainties,
    Declaration,
    DeclarationRow,
    Defect,
    MoneyUnit,
    ProjectFunds,
    Waiver,
)
from jixiao.model.values import Money
from jixiao.text import Text


class SingleField(StrEnum):
    """Fields of a declaration with a single value; each value is the path from the root of the file."""

    EDITION = "edition"
    YEAR = "year"
    NAME = "name"
    NATURE = "nature"
    DEPARTMENT = "department"
    UNIT = "unit"
    START = "period.start"
    END = "period.end"
    MONEY_UNIT = "funding.unit"
    MONEY_UNIT_READ_AS = "funding.unit_read_as"
    OVERALL_GOAL = "goals.overall"
    ANNUAL_GOAL = "goals.annual"
    CONTINUES = "continues"
    FORM = "source.form"
    LINES = "source.lines"


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """Change of a single field."""

    single_field: SingleField
    old: str | None
    """`None` if the field was absent."""
    new: str | None

    @property
    def field(self) -> str:
        """Path of the field from the root of the file."""
        return str(self.single_field)


@dataclass(frozen=True, kw_only=True)
class SumWithUnit:
    """Amount of money with its unit, which is missing where the form states none."""

    money: Money
    unit: MoneyUnit | None


@dataclass(frozen=True, kw_only=True)
class SumChange:
    """Change of a sum or of its unit."""

    block: str
    """`project` or `annual`; sums of the two are never compared with each other."""
    part: str
    """Field in the block, e.g. `total`."""
    old: SumWithUnit | None
    """`None` is 未填报, not zero."""
    new: SumWithUnit | None

    @property
    def field(self) -> str:
        """Path of the field from the root of the file."""
        return f"funding.{self.block}.{self.part}"

    @property
    def difference(self) -> Decimal | None:
        """Exact increase in the common unit; `None` if a sum is missing or the units differ."""
        if self.old is None or self.new is None or self.old.unit is not self.new.unit:
            return None
        return self.new.money.value - self.old.money.value

    @property
    def has_same_figure(self) -> bool:
        """Whether the figure is the same for readers: only commas were added or removed."""
        if self.old is None or self.new is None or self.old.unit is not self.new.unit:
            return False
        return str(self.old.money.value) == str(self.new.money.value)


class IndicatorAspect(StrEnum):
    """Kinds of change of an indicator."""

    ADDED = "added"
    DROPPED = "dropped"
    CLASS = "class"
    """Moved to another class of level 1 or 2."""
    ID = "id"
    """The same indicator with another id, and so with another anchor."""
    NAME = "name"
    TARGET = "target"


@dataclass(frozen=True, kw_only=True)
class IndicatorChange:
    """One change of an indicator."""

    aspect: IndicatorAspect
    old: DeclarationRow | None
    """`None` if it is new."""
    new: DeclarationRow | None
    """`None` if it was dropped."""

    @property
    def row(self) -> DeclarationRow:
        """New state of the indicator, or the old one if it was dropped."""
        return cast("DeclarationRow", self.new or self.old)

    @property
    def field(self) -> str:
        """Path of the field, as in a waiver."""
        part = (
            f".{self.aspect}"
            if self.aspect in {IndicatorAspect.ID, IndicatorAspect.NAME, IndicatorAspect.TARGET}
            else ""
        )
        return f"indicators.{self.row.indicator.id}{part}"


@dataclass(frozen=True, kw_only=True)
class DamageNote:
    """Defects, certainty and note of one place of the form."""

    as_filed: AsFiled | None
    defects: tuple[Defect, ...]
    certainty: Certainties
    note: Text | None


@dataclass(frozen=True, kw_only=True)
class DamageNoteChange:
    """Change of the damage note of an indicator or of another field."""

    field: str
    """`indicators.<id>`, or the field of a remark."""
    name: Text | None
    """Name of the indicator; `None` for another field."""
    old: DamageNote | None
    """`None` if there was no note."""
    new: DamageNote | None


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """Change of the order of the indicators present in both states."""

    field: str = "indicators"


@dataclass(frozen=True, kw_only=True)
class WaiverChange:
    """Waiver that was added or removed."""

    old: Waiver | None
    new: Waiver | None
    field: str = "waivers"


DeclarationChange = FieldChange | SumChange | IndicatorChange | DamageNoteChange | OrderChange | WaiverChange


def diff_declarations(old: Declaration, new: Declaration) -> tuple[DeclarationChange, ...]:
    """Return the differences of *new* from *old*, in the order of the form."""
    before, after = _read_single_fields(old), _read_single_fields(new)
    return (
        *(
            FieldChange(single_field=field, old=before[field], new=after[field])
            for field in SingleField
            if before[field] != after[field]
        ),
        *(change for change in pair_sums(old, new) if change.old != change.new),
        *_diff_indicators(old, new),
        *_diff_remarks(old, new),
        *(WaiverChange(old=None, new=waiver) for waiver in new.waivers if waiver not in old.waivers),
        *(WaiverChange(old=waiver, new=None) for waiver in old.waivers if waiver not in new.waivers),
    )


def _read_single_fields(declaration: Declaration) -> Mapping[SingleField, str | None]:
    lines = declaration.source.lines
    return {
        SingleField.EDITION: declaration.edition,
        SingleField.YEAR: str(declaration.year),
        SingleField.NAME: declaration.name.plain(),
        SingleField.NATURE: declaration.nature.plain(),
        SingleField.DEPARTMENT: declaration.department,
        SingleField.UNIT: declaration.unit,
        SingleField.START: declaration.period.start.isoformat(),
        SingleField.END: declaration.period.end.isoformat(),
        SingleField.MONEY_UNIT: declaration.funding.unit,
        SingleField.MONEY_UNIT_READ_AS: declaration.funding.unit_read_as,
        SingleField.OVERALL_GOAL: _plain_or_none(declaration.goals.overall),
        SingleField.ANNUAL_GOAL: _plain_or_none(declaration.goals.annual),
        SingleField.CONTINUES: declaration.continues,
        SingleField.FORM: declaration.source.form.plain(),
        SingleField.LINES: "-".join(map(str, lines)) if lines else None,
    }


def _plain_or_none(text: Text | None) -> str | None:
    return None if text is None else text.plain()


def pair_sums(old: Declaration, new: Declaration) -> Iterator[SumChange]:
    """Yield every sum of either declaration, changed or not, in the order of the form."""
    before, after = _read_sums(old), _read_sums(new)
    for block, funds in (("project", ProjectFunds), ("annual", AnnualFunds)):
        for part in funds.model_fields:
            was, is_now = before.get((block, part)), after.get((block, part))
            if was is not None or is_now is not None:
                yield SumChange(block=block, part=part, old=was, new=is_now)


def _read_sums(declaration: Declaration) -> Mapping[tuple[str, str], SumWithUnit]:
    unit = declaration.funding.unit_in_use
    return {
        (block, part): SumWithUnit(money=money, unit=unit)
        for block, part, money in declaration.funding.sums()
    }


def _diff_indicators(old: Declaration, new: Declaration) -> Iterator[DeclarationChange]:
    before = {row.indicator.id: row for row in old.rows()}
    after = {row.indicator.id: row for row in new.rows()}
    former = find_former_ids(before, after)
    for identity, row in after.items():
        was = before.get(former.get(identity, identity))
        if was is None:
            yield IndicatorChange(aspect=IndicatorAspect.ADDED, old=None, new=row)
        else:
            yield from _diff_row(was, row)
    kept = {former.get(identity, identity): identity for identity in after}
    for identity, row in before.items():
        if identity not in kept:
            yield IndicatorChange(aspect=IndicatorAspect.DROPPED, old=row, new=None)
    # An indicator that has moved to another class has another position for that reason alone.
    old_order = [kept[identity] for identity in before if identity in kept]
    same_class = {
        identity
        for identity in old_order
        if before[former.get(identity, identity)][:2] == after[identity][:2]
    }
    if [key for key in old_order if key in same_class] != [key for key in after if key in same_class]:
        yield OrderChange()


def find_former_ids(
    before: Mapping[str, DeclarationRow], after: Mapping[str, DeclarationRow]
) -> Mapping[str, str]:
    """Return replaced ids, new → old: the name is that of exactly one dropped and one added indicator."""
    dropped = {identity: row for identity, row in before.items() if identity not in after}
    added = {identity: row for identity, row in after.items() if identity not in before}
    dropped_names = Counter(row.indicator.name for row in dropped.values())
    added_names = Counter(row.indicator.name for row in added.values())
    by_name = {row.indicator.name: identity for identity, row in dropped.items()}
    return {
        identity: by_name[row.indicator.name]
        for identity, row in added.items()
        if dropped_names[row.indicator.name] == 1 and added_names[row.indicator.name] == 1
    }


def _diff_row(old: DeclarationRow, new: DeclarationRow) -> Iterator[DeclarationChange]:
    if old == new:
        return
    for aspect, was_there, is_there in (
        (IndicatorAspect.ID, old.indicator.id, new.indicator.id),
        (IndicatorAspect.CLASS, old[:2], new[:2]),
        (IndicatorAspect.NAME, old.indicator.name, new.indicator.name),
        (IndicatorAspect.TARGET, old.indicator.target, new.indicator.target),
    ):
        if was_there != is_there:
            yield IndicatorChange(aspect=aspect, old=old, new=new)
    was, is_now = _read_damage_note(old), _read_damage_note(new)
    if was != is_now:
        field = f"indicators.{new.indicator.id}"
        yield DamageNoteChange(field=field, name=new.indicator.name, old=was, new=is_now)


def _read_damage_note(row: DeclarationRow) -> DamageNote | None:
    indicator = row.indicator
    note = DamageNote(
        as_filed=indicator.as_filed,
        defects=indicator.defects,
        certainty=indicator.certainty,
        note=indicator.note,
    )
    empty = DamageNote(as_filed=None, defects=(), certainty=Certainties(), note=None)
    return None if note == empty else note


def _diff_remarks(old: Declaration, new: Declaration) -> Iterator[DamageNoteChange]:
    for field in dict.fromkeys(remark.field for remark in (*old.remarks, *new.remarks)):
        before, after = _read_remarks(old, field), _read_remarks(new, field)
        for was, is_now in zip_longest(before, after):
            if was != is_now:
                yield DamageNoteChange(field=str(field), name=None, old=was, new=is_now)


def _read_remarks(declaration: Declaration, field: str) -> tuple[DamageNote, ...]:
    return tuple(
        DamageNote(
            as_filed=remark.as_filed, defects=remark.defects, certainty=Certainties(), note=remark.note
        )
        for remark in declaration.remarks_on(field)
    )
