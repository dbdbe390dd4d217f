"""What is missing or damaged, and how much of what there is has been published: the page `/quality/`.

Every number of declarations leads to the view of the search that lists these. A department that does not say
how many projects it has is told as such, and nothing is reckoned for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

from jixiao.analysis import urls
from jixiao.analysis.defects import MARKS
from jixiao.analysis.measurability import Measurability
from jixiao.analysis.summary import Entry
from jixiao.model.gaps import KINDS, NO_SUM, NO_TARGET, NO_UNIT, has
from jixiao.model.organisation import Kind as Organised
from jixiao.pages.page import Crumb, Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.parts import parts_of
from jixiao.pages.search_facets import BLANK_SUM, view_of

_VIEWS: Final[Mapping[str, Mapping[str, list[str]]]] = {
    NO_SUM: {"money": [BLANK_SUM]},
    NO_UNIT: {"record": [NO_UNIT]},
    NO_TARGET: {"targets": [str(Measurability.BLANK)]},
    **{mark: {"record": [mark]} for mark in MARKS},
}
"""Kind of gap → the facets of the search that show the declarations which have it."""
_COLUMNS: Final = {"有缺损": MARKS, NO_SUM: (NO_SUM,), NO_UNIT: (NO_UNIT,), NO_TARGET: (NO_TARGET,)}
"""Column of a table → the kinds of gaps that it counts together."""
_TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A number of declarations, with the view of the search that lists them."""

    declarations: int
    view: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A kind of gap, how many places have it, and the declarations of these."""

    label: str
    places: int
    counted: Counted


@dataclass(frozen=True, kw_only=True)
class OfDepartment:
    """What one department has published in a year."""

    id: str
    all: Counted
    columns: tuple[Counted, ...]
    projects: int | None
    """As the department states it; `None` is not stated."""

    @property
    def share(self) -> Decimal | None:
        """How many of a hundred projects are published; what is less than a tenth is cut off.

        A department that states fewer projects than it has published has stated a wrong number.
        """
        if self.projects is None or self.projects < self.all.declarations:
            return None
        return (Decimal(self.all.declarations * 100) / self.projects).quantize(_TENTH, ROUND_DOWN)


def quality_pages(press: Press) -> Iterator[Sheet]:
    """Lay out the gaps of all declarations, then of each year its departments."""
    yield _overview(press)
    for year in press.catalogue.years_told_of():
        yield from _year(year, press)


def _overview(press: Press) -> Sheet:
    catalogue, voice = press.catalogue, press.voice
    return Sheet(
        kind=Kind.QUALITY,
        address=urls.QUALITY,
        title=voice.plainly("缺损和公开情况"),
        description=voice.plainly("申报表上空着什么、原文哪里缺损，各部门公开了多少"),
        template="quality",
        values={
            "gaps": [gap for gap in _by_kind(catalogue.entries) if gap.places],
            "columns": tuple(_COLUMNS),
            "years": [
                (year, len(catalogue.departments_of(year)), *_counts(catalogue.of_year(year), year=str(year)))
                for year in catalogue.years_told_of()
            ],
        },
        trail=(press.home(),),
    )


def _year(year: int, press: Press) -> Iterator[Sheet]:
    """Lay out the departments of the register: those that have published, then the others by name."""
    voice = press.voice
    departments = [
        _department(identity, year, press)
        for identity, organisation in press.catalogue.organisations.items()
        if organisation.kind is Organised.DEPARTMENT
    ]
    departments.sort(key=lambda department: department.all.declarations == 0)
    title = voice.plainly("{year}年度的缺损和公开情况", year=year)
    for part in parts_of(urls.of_quality(year), departments):
        yield Sheet(
            kind=Kind.QUALITY,
            address=part.address_of(part.number),
            title=press.title_of_part(title, part.number),
            description=voice.plainly("{year}年度各部门公开的申报表和其中的缺损", year=year),
            template="quality_year",
            values={
                "year": year,
                "registered": len(departments),
                "published": sum(department.all.declarations > 0 for department in departments),
                "has_declarations": bool(press.catalogue.of_year(year)),
                "columns": tuple(_COLUMNS),
                "part": part,
            },
            trail=(
                press.home(),
                Crumb(title=voice.plainly("缺损和公开情况"), address=urls.QUALITY),
            ),
        )


def _department(identity: str, year: int, press: Press) -> OfDepartment:
    name = press.voice.translated(press.organisation_name(identity)).plain()
    entries = press.catalogue.of_department_year(identity, year)
    everything, columns = _counts(entries, year=str(year), department=name)
    return OfDepartment(
        id=identity,
        all=everything,
        columns=columns,
        projects=press.catalogue.organisations[identity].projects.get(year),
    )


def _by_kind(entries: Iterable[Entry]) -> Iterator[Gap]:
    # Most declarations have the same gaps: each combination is looked at once.
    combinations = Counter(entry.gaps for entry in entries)
    for place, kind in enumerate(KINDS):
        numbers = [(gaps[place], number) for gaps, number in combinations.items() if gaps[place]]
        yield Gap(
            label=kind,
            places=sum(places * number for places, number in numbers),
            counted=Counted(declarations=sum(number for _, number in numbers), view=view_of(_VIEWS[kind])),
        )


def _counts(entries: Iterable[Entry], **within: str) -> tuple[Counted, tuple[Counted, ...]]:
    """Count *entries*, then those with the gaps of each column; *within* are the facets that hold for all."""
    combinations = Counter(entry.gaps for entry in entries)
    return Counted(declarations=combinations.total(), view=view_of(within)), tuple(
        Counted(
            declarations=sum(number for gaps, number in combinations.items() if has(gaps, *kinds)),
            view=view_of({**within, **_together(kinds)}),
        )
        for kinds in _COLUMNS.values()
    )


def _together(kinds: Iterable[str]) -> dict[str, list[str]]:
    """Give the facets that show what has any of these kinds, which all are of one facet."""
    facets: dict[str, list[str]] = {}
    for facet, values in (one for kind in kinds for one in _VIEWS[kind].items()):
        facets.setdefault(facet, []).extend(values)
    return facets
