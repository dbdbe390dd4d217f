"""What is different between two states of a declaration, as facts; how they are said is decided elsewhere.

Two declarations come in, the earlier and the later one, and their differences come out in the order of the
form. Indicators are known by their ids; one that has another id but the same words is the same promise.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model.declaration import (
    AnnualFunds,
    AsFiled,
    Certainties,
    Declaration,
    Defect,
    MoneyUnit,
    ProjectFunds,
    Row,
    Waiver,
)
from jixiao.model.values import Money
from jixiao.text import Text


class Fact(StrEnum):
    """The fields of a declaration that hold one value; the way to each from the root of the file."""

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
class FactChanged:
    """Another value of a single field."""

    fact: Fact
    old: str | None
    """`None` where the field was absent."""
    new: str | None

    @property
    def field(self) -> str:
        """The way to the field from the root of the file."""
        return str(self.fact)


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A sum with the unit that it is read in."""

    money: Money
    unit: MoneyUnit | None


@dataclass(frozen=True, kw_only=True)
class MoneyChanged:
    """Another sum, or the same digits in another unit."""

    block: str
    """`project` or `annual`; sums of the two are never compared."""
    part: str
    """The field in its block, e.g. `total`."""
    old: Sum | None
    """`None` is 未填报, which is no zero."""
    new: Sum | None

    @property
    def field(self) -> str:
        """The way to the field from the root of the file."""
        return f"funding.{self.block}.{self.part}"

    @property
    def difference(self) -> Decimal | None:
        """What was added, exact, in the common unit; `None` where there is none to speak of."""
        if self.old is None or self.new is None or self.old.unit is not self.new.unit:
            return None
        return self.new.money.value - self.old.money.value

    @property
    def is_spelling(self) -> bool:
        """Whether readers see the same figure: only commas came or went."""
        if self.old is None or self.new is None or self.old.unit is not self.new.unit:
            return False
        return str(self.old.money.value) == str(self.new.money.value)


class Aspect(StrEnum):
    """What of an indicator changed."""

    ADDED = "added"
    DROPPED = "dropped"
    CLASS = "class"
    """It stands in another class of level 1 or 2."""
    ID = "id"
    """The same promise under another id: its address is another one."""
    NAME = "name"
    TARGET = "target"


@dataclass(frozen=True, kw_only=True)
class IndicatorChanged:
    """One thing about a promise that changed."""

    aspect: Aspect
    old: Row | None
    """`None` where it was not there."""
    new: Row | None
    """`None` where it is not there any more."""

    @property
    def row(self) -> Row:
        """The promise as it is now, or as it was."""
        row = self.new or self.old
        if row is None:
            raise NotImplementedError
        return row

    @property
    def field(self) -> str:
        """The field as a waiver names it."""
        part = f".{self.aspect}" if self.aspect in {Aspect.ID, Aspect.NAME, Aspect.TARGET} else ""
        return f"indicators.{self.row.indicator.id}{part}"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is said about damage to a place of the form."""

    as_filed: AsFiled | None
    defects: tuple[Defect, ...]
    certainty: Certainties
    note: Text | None


@dataclass(frozen=True, kw_only=True)
class MarkChanged:
    """Another word about damage: at a row, or at a field that is no indicator."""

    field: str
    """`indicators.<id>`, or the field of a remark."""
    name: Text | None
    """The name of the indicator; `None` at another field."""
    old: Mark | None
    """`None` where nothing was said."""
    new: Mark | None


@dataclass(frozen=True, kw_only=True)
class OrderChanged:
    """The indicators that stay stand in another order."""

    field: str = "indicators"


@dataclass(frozen=True, kw_only=True)
class WaiverChanged:
    """A warning that may stand from now on, or no longer."""

    old: Waiver | None
    new: Waiver | None
    field: str = "waivers"


Change = FactChanged | MoneyChanged | IndicatorChanged | MarkChanged | OrderChanged | WaiverChanged


def changes_between(old: Declaration, new: Declaration) -> tuple[Change, ...]:
    """List what is different in *new*, in the order of the form; nothing where readers see the same."""
    return (
        *_facts(old, new),
        *_money(old, new),
        *_indicators(old, new),
        *_remarks(old, new),
        *_waivers(old, new),
    )


def _facts(old: Declaration, new: Declaration) -> Iterator[FactChanged]:
    before, after = _values(old), _values(new)
    for fact in Fact:
        if before[fact] != after[fact]:
            yield FactChanged(fact=fact, old=before[fact], new=after[fact])


def _values(declaration: Declaration) -> Mapping[Fact, str | None]:
    lines = declaration.source.lines
    return {
        Fact.EDITION: declaration.edition,
        Fact.YEAR: str(declaration.year),
        Fact.NAME: declaration.name.plain(),
        Fact.NATURE: declaration.nature.plain(),
        Fact.DEPARTMENT: declaration.department,
        Fact.UNIT: declaration.unit,
        Fact.START: declaration.period.start.isoformat(),
        Fact.END: declaration.period.end.isoformat(),
        Fact.MONEY_UNIT: declaration.funding.unit,
        Fact.MONEY_UNIT_READ_AS: declaration.funding.unit_read_as,
        Fact.OVERALL_GOAL: _plain(declaration.goals.overall),
        Fact.ANNUAL_GOAL: _plain(declaration.goals.annual),
        Fact.CONTINUES: declaration.continues,
        Fact.FORM: declaration.source.form.plain(),
        Fact.LINES: "-".join(map(str, lines)) if lines else None,
    }


def _plain(text: Text | None) -> str | None:
    return None if text is None else text.plain()


def _money(old: Declaration, new: Declaration) -> Iterator[MoneyChanged]:
    return (one for one in sums_of_both(old, new) if one.old != one.new)


def sums_of_both(old: Declaration, new: Declaration) -> Iterator[MoneyChanged]:
    """Give every sum that either declaration has, changed or not, in the order of the form."""
    before, after = _sums(old), _sums(new)
    for block, funds in (("project", ProjectFunds), ("annual", AnnualFunds)):
        for part in funds.model_fields:
            was, is_now = before.get((block, part)), after.get((block, part))
            if was is not None or is_now is not None:
                yield MoneyChanged(block=block, part=part, old=was, new=is_now)


def _sums(declaration: Declaration) -> Mapping[tuple[str, str], Sum]:
    unit = declaration.funding.unit_in_use
    return {(block, part): Sum(money=money, unit=unit) for block, part, money in declaration.funding.sums()}


def _indicators(old: Declaration, new: Declaration) -> Iterator[Change]:
    before = {row.indicator.id: row for row in old.rows()}
    after = {row.indicator.id: row for row in new.rows()}
    former = former_ids(before, after)
    for identity, row in after.items():
        was = before.get(former.get(identity, identity))
        if was is None:
            yield IndicatorChanged(aspect=Aspect.ADDED, old=None, new=row)
        else:
            yield from _of_row(was, row)
    kept = {former.get(identity, identity): identity for identity in after}
    for identity, row in before.items():
        if identity not in kept:
            yield IndicatorChanged(aspect=Aspect.DROPPED, old=row, new=None)
    # What has gone to another class has another place for that reason.
    then = [kept[identity] for identity in before if identity in kept]
    stays = {
        identity for identity in then if before[former.get(identity, identity)][:2] == after[identity][:2]
    }
    if [one for one in then if one in stays] != [one for one in after if one in stays]:
        yield OrderChanged()


def former_ids(before: Mapping[str, Row], after: Mapping[str, Row]) -> Mapping[str, str]:
    """Find ids that were replaced: id now → id before, where one name went and came exactly once."""
    gone = {identity: row for identity, row in before.items() if identity not in after}
    come = {identity: row for identity, row in after.items() if identity not in before}
    names_gone = Counter(row.indicator.name for row in gone.values())
    names_come = Counter(row.indicator.name for row in come.values())
    by_name = {row.indicator.name: identity for identity, row in gone.items()}
    return {
        identity: by_name[row.indicator.name]
        for identity, row in come.items()
        if names_gone[row.indicator.name] == 1 and names_come[row.indicator.name] == 1
    }


def _of_row(old: Row, new: Row) -> Iterator[Change]:
    if old == new:
        return
    for aspect, was_there, is_there in (
        (Aspect.ID, old.indicator.id, new.indicator.id),
        (Aspect.CLASS, old[:2], new[:2]),
        (Aspect.NAME, old.indicator.name, new.indicator.name),
        (Aspect.TARGET, old.indicator.target, new.indicator.target),
    ):
        if was_there != is_there:
            yield IndicatorChanged(aspect=aspect, old=old, new=new)
    was, is_now = _mark_of(old), _mark_of(new)
    if was != is_now:
        field = f"indicators.{new.indicator.id}"
        yield MarkChanged(field=field, name=new.indicator.name, old=was, new=is_now)


def _mark_of(row: Row) -> Mark | None:
    filed = row.indicator
    mark = Mark(as_filed=filed.as_filed, defects=filed.defects, certainty=filed.certainty, note=filed.note)
    nothing = Mark(as_filed=None, defects=(), certainty=Certainties(), note=None)
    return None if mark == nothing else mark


def _remarks(old: Declaration, new: Declaration) -> Iterator[MarkChanged]:
    for field in dict.fromkeys(remark.field for remark in (*old.remarks, *new.remarks)):
        before, after = _marks_on(old, field), _marks_on(new, field)
        for position in range(max(len(before), len(after))):
            was = before[position] if position < len(before) else None
            is_now = after[position] if position < len(after) else None
            if was != is_now:
                yield MarkChanged(field=str(field), name=None, old=was, new=is_now)


def _marks_on(declaration: Declaration, field: str) -> tuple[Mark, ...]:
    return tuple(
        Mark(as_filed=remark.as_filed, defects=remark.defects, certainty=Certainties(), note=remark.note)
        for remark in declaration.remarks_on(field)
    )


def _waivers(old: Declaration, new: Declaration) -> Iterator[WaiverChanged]:
    yield from (WaiverChanged(old=None, new=waiver) for waiver in new.waivers if waiver not in old.waivers)
    yield from (WaiverChanged(old=waiver, new=None) for waiver in old.waivers if waiver not in new.waivers)
