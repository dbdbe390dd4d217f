"""Lists of declarations: of the home page, a year, a department in a year, an organisation, a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.verify.source_declaration import DEFECTS, FIRST_MARK, ListedDeclaration
from jixiao.verify.source_numbers import parse_sum

UNITS = {"元": Decimal(1), "万元": Decimal(10_000)}
"""Factor from each unit to 元."""
ORGANISATIONS = "organisations/"
"""Where the list of organisations lies."""
PROJECTS = "projects/"
"""Where the pages of projects lie."""
LENGTH = 100
"""Declarations on one page of a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListTotals:
    """A set of declarations, added up."""

    declarations: int
    annual: Decimal
    """In 元."""
    with_annual: int
    unit_inferred: int
    indicators: int
    numeric: int
    blank: int
    """Indicators whose target was left blank."""
    defects: tuple[tuple[int, int], ...]
    """Places with a defect of each kind, and declarations with such places, in the order of `DEFECTS`."""
    damaged: int
    """Declarations with any mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListGroup:
    """One list."""

    totals: ListTotals
    """Added up once, because every part of a long list shows them."""
    listed: tuple[ListedDeclaration, ...] = ()
    """Sorted by id; of a list that is only named on a page, nothing."""
    begins: int = 0
    """The place of the first of `listed` in the whole list, from 0."""
    years: tuple[tuple[str, ListTotals], ...] = ()
    """Of a list of several years the totals of each, latest first: their requests are never added."""
    carried_out: int = 0
    """Declarations in the list of a department that it carries out for another one, and that count there."""

    @property
    def in_charge(self) -> int:
        """Declarations that the department of the list is in charge of."""
        return self.totals.declarations - self.carried_out

    def page(self, number: int, *, is_home: bool) -> tuple[ListedDeclaration, ...]:
        """Return the declarations of one page of the list; the home page lists all of them or none."""
        if is_home:
            return self.listed if len(self.listed) <= LENGTH else ()
        start = (number - 1) * LENGTH - self.begins
        return self.listed[start : start + LENGTH]


def sum_in_yuan(listed: ListedDeclaration) -> Decimal | None:
    """Return the 年度资金申请总额 in 元; `None` where it was left blank or its unit is not known."""
    value = parse_sum(listed.annual) if listed.annual is not None and listed.unit else None
    return None if value is None else value * UNITS.get(listed.unit or "", Decimal(1))


def add_up(listed: Sequence[ListedDeclaration]) -> ListTotals:
    """Add up a list; a sum that was left blank counts nowhere."""
    sums = [(yuan, one.stated_unit) for one in listed if (yuan := sum_in_yuan(one)) is not None]
    # Many have the same defects, which are few.
    by_defects = Counter(one.defects for one in listed)

    def number_with(*kinds: int) -> int:
        return sum(number for counts, number in by_defects.items() if any(counts[kind] for kind in kinds))

    return ListTotals(
        declarations=len(listed),
        annual=sum((yuan for yuan, _ in sums), Decimal(0)),
        with_annual=len(sums),
        unit_inferred=sum(unit is None for _, unit in sums),
        indicators=sum(one.indicators for one in listed),
        numeric=sum(one.numeric for one in listed),
        blank=sum(one.blank for one in listed),
        defects=tuple(
            (sum(counts[kind] * number for counts, number in by_defects.items()), number_with(kind))
            for kind in range(len(DEFECTS))
        ),
        damaged=number_with(*range(FIRST_MARK, len(DEFECTS))),
    )


def find_projects(continues: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Find the declarations of each project of two years or more, by the address of its page.

    Args:
        continues: Address of a declaration → id of the one that it says it continues.
    """
    addresses = sorted(continues, key=lambda address: address.rstrip("/"))
    following: dict[str, str] = {}
    for address in addresses:
        before = f"{continues[address]}/"
        if before in continues and before[:4] < address[:4]:
            following.setdefault(before, address)
    last: dict[str, str] = {}
    for address in addresses:
        before, last[address[5:]] = last.get(address[5:], ""), address
        if before and continues[address] is None:
            following.setdefault(before, address)
    projects: dict[str, tuple[str, ...]] = {}
    for first in following.keys() - set(following.values()):
        chain = [first]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        projects[f"{PROJECTS}{first[5:]}"] = tuple(chain)
    return projects


def sort_into_groups(
    listed: Sequence[ListedDeclaration], organisations: Mapping[str, str]
) -> dict[str, ListGroup]:
    """Sort declarations into the lists that show them, by the address of each.

    Args:
        listed: All declarations, sorted by id.
        organisations: The id of each organisation → its kind.
    """
    members: dict[str, list[ListedDeclaration]] = {
        "": [],
        **{f"{ORGANISATIONS}{identity}/": [] for identity in organisations},
    }
    for one in listed:
        year, department, unit = (one.facts[fact] for fact in ("year", "department", "unit"))
        answering = {f"{ORGANISATIONS}{identity}/" for identity in (department, unit)}
        for address in ("", f"{year}/", f"{year}/{department}/", *answering):
            members.setdefault(address, []).append(one)
    groups = {}
    for address, shown in members.items():
        department = address.removeprefix(ORGANISATIONS).rstrip("/")
        is_register = address.startswith(ORGANISATIONS)
        counted = shown
        if is_register and organisations[department] == "department":
            # Only what it is in charge of.
            counted = [one for one in shown if one.facts["department"] == department]
        groups[address] = ListGroup(
            totals=add_up(shown),
            listed=tuple(shown),
            years=() if address[:1].isdecimal() else tuple(_add_up_years(counted)),
            carried_out=len(shown) - len(counted),
        )
    return groups


def _add_up_years(listed: Iterable[ListedDeclaration]) -> Iterator[tuple[str, ListTotals]]:
    years: dict[str, list[ListedDeclaration]] = {}
    for one in listed:
        years.setdefault(one.facts["year"], []).append(one)
    for year in sorted(years, key=int, reverse=True):
        yield year, add_up(years[year])
