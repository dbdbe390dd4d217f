"""An entry: what lists, totals and registers need to know of a declaration, and no more.

A site of a hundred thousand declarations keeps an entry of each in memory, and the declarations themselves
only while they are printed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from sys import intern
from typing import Any, NamedTuple

from jixiao.analysis.duplicates import folded_wordings
from jixiao.analysis.measurability import Profile, profile_of, shared_profile
from jixiao.load.yaml_tree import Node, place_of
from jixiao.model.declaration import Declaration, MoneyUnit
from jixiao.model.gaps import Gaps, gaps_of, shared_gaps
from jixiao.model.long_text import folded_texts
from jixiao.text import Text

_YUAN = {MoneyUnit.YUAN: Decimal(1), MoneyUnit.TEN_THOUSAND_YUAN: Decimal(10_000)}
_FEN = Decimal("0.01")


class Continued(NamedTuple):
    """The declaration that another one says it continues, and where it says so."""

    id: str
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One declaration, as a list shows it."""

    id: str
    """Year, department and project, with `/`: the permanent address."""
    year: int
    department: str
    unit: str
    name: Text
    nature: Text
    annual: Decimal | None
    """年度资金申请总额 in `money_unit`; `None` is 未填报."""
    money_unit: MoneyUnit | None
    """The unit that sums are read in, stated or inferred."""
    unit_inferred: bool
    """The form does not state the unit of money."""
    indicators: int
    profile: Profile
    """How many of their target values are numbers, words of each kind, or blank."""
    gaps: Gaps
    """What is blank and what is damaged, by kind."""
    marks: int
    """Places that are marked as damaged."""
    form: str
    """The form it was taken from, a path under `content/`."""
    lines: tuple[int, ...] | None
    """Its first and last line in the form, counted from 1; `None` is the whole form."""
    numbers: tuple[str, ...]
    """What looks like a number of a person in its texts; its own check speaks of them."""
    version: str
    """Of its file, see `version_of`."""
    continues: Continued | None
    """The declaration of an earlier year that it says it continues."""
    texts: str
    """Its long texts, folded up (see `long_text.py`), so that all together show which are copied."""
    wordings: str
    """What its targets of words say, folded up (see `wordings.py`), for the same reason."""
    face: str
    """A digest of what lists show of it: a list whose entries have the same faces is printed alike.

    Not of classes of targets, gaps and the places of long texts: a page that shows these has them among its
    own values.
    """

    @property
    def numeric(self) -> int:
        """Count the indicators whose target value is a number."""
        return self.profile[0]

    @property
    def yuan(self) -> Decimal | None:
        """年度资金申请总额 in 元; `None` where it or its unit is not known."""
        if self.annual is None or self.money_unit is None:
            return None
        # An exact product; zeros at the end that only the factor brought are dropped, those filed stay.
        product = self.annual * _YUAN[self.money_unit]
        return product if self.money_unit is MoneyUnit.YUAN else product.quantize(_FEN).normalize() + 0

    def record(self) -> list[Any]:
        """Give the entry as values of JSON, to be read by `read_record`; equal entries give equal records."""
        return [_plain(getattr(self, name)) for name in _FIELDS]


_FIELDS = tuple(field.name for field in fields(Entry))
_UNLISTED = frozenset({"profile", "gaps", "version", "continues", "texts", "wordings", "face"})
_shared_text = cache(Text)


def read_record(record: list[Any]) -> Entry:
    """Read what `Entry.record` gave. Words that many entries share are kept once."""
    values = dict(zip(_FIELDS, record, strict=True))
    annual, unit, lines = values["annual"], values["money_unit"], values["lines"]
    continues = values["continues"]
    return Entry(
        **{
            **values,
            "department": intern(values["department"]),
            "unit": intern(values["unit"]),
            "form": intern(values["form"]),
            "name": Text(values["name"]),
            "nature": _shared_text(values["nature"]),
            "annual": None if annual is None else Decimal(annual),
            "money_unit": None if unit is None else MoneyUnit(unit),
            "lines": None if lines is None else tuple(lines),
            "numbers": tuple(values["numbers"]),
            "continues": None if continues is None else Continued(*continues),
            "profile": shared_profile(tuple(values["profile"])),
            "gaps": shared_gaps(tuple(values["gaps"])),
        }
    )


def _plain(value: object) -> object:
    match value:
        case Text():
            return value.plain()
        case Decimal():
            return str(value)
        case _:
            return value


def entry_of(identity: str, declaration: Declaration, tree: Node, version: str) -> Entry:
    """Sum the *declaration* of this identity up; *tree* has the places of its texts."""
    indicators = [row.indicator for row in declaration.rows()]
    annual = declaration.funding.annual.total
    entry = Entry(
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
        profile=profile_of(indicators),
        gaps=gaps_of(declaration),
        marks=declaration.marked_places(),
        form=declaration.source.form.plain(),
        lines=declaration.source.lines,
        numbers=tuple(sorted({found.number for _, found in declaration.personal_data})),
        version=version,
        continues=_continued(declaration, tree),
        texts=folded_texts(declaration, tree),
        wordings=folded_wordings(declaration),
        face="",
    )
    return replace(entry, face=_face(entry))


def _face(entry: Entry) -> str:
    shown = [_plain(getattr(entry, name)) for name in _FIELDS if name not in _UNLISTED]
    return blake2b(repr([*shown, entry.numeric]).encode(), digest_size=8).hexdigest()


def _continued(declaration: Declaration, tree: Node) -> Continued | None:
    if declaration.continues is None:
        return None
    place = place_of(tree, ("continues",))
    return Continued(declaration.continues, place.line, place.column)
