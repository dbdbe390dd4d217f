"""The values on the pages that lead to declarations: lists, the register, defects, targets, data, search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.i18n import message
from jixiao.verify.list_groups import LENGTH, ORGANISATIONS, ListGroup, ListTotals, add_up
from jixiao.verify.page_values import (
    ComparedPage,
    PageValue,
    link_value,
    number_value,
    text_value,
    total_value,
)
from jixiao.verify.source_declaration import (
    BLANK,
    DEFECTS,
    MARKS,
    NO_SUM,
    NO_TARGET,
    NO_UNIT,
    ListedDeclaration,
)
from jixiao.verify.sources import VerificationSources

DATA, INDICATORS, QUALITY, SEARCH = "data/", "indicators/", "quality/", "search/"
"""Addresses of pages."""

_PART = re.compile(r"(?P<whole>.+/)pages/(?P<number>[1-9][0-9]*)/")
_TITLE, _YEARS = message("页面标题"), message("各年度")
_DECLARATIONS, _TOTAL = message("申报表"), message("年度资金申请总额合计")
_INDICATORS, _NUMERIC = message("绩效指标"), message("目标值是数字")
_COVERAGE, _CARRIED_OUT = message("合计所含的份数"), message("由其他部门主管的份数")
_LISTED, _WAY, _PARTS = message("列表中 {id} 的各栏"), message("通往 {id} 的一行"), message("分页")
_ABOUT, _BAR = message("部门和单位的情况"), message("目标值的分类")
_DEFECTS, _MANIFEST = message("缺损和公开情况的各行"), message("清单")

_FACETS = {
    NO_SUM: [("money", BLANK)],
    NO_UNIT: [("record", NO_UNIT)],
    NO_TARGET: [("targets", BLANK)],
    **{mark: [("record", mark)] for mark in MARKS},
}
"""Defect → the facet of the search that shows the declarations which have it."""
_NOTHING = add_up(())


def split_part(address: str) -> tuple[str, int]:
    """Take the address of a part of a list apart: the address of the list, and the number of the part."""
    found = _PART.fullmatch(address)
    return (found["whole"], int(found["number"])) if found else (address, 1)


def part_addresses(address: str, length: int) -> list[str]:
    """List the addresses of the parts of a list of *length* rows; the home page has one alone."""
    numbers = range(2, -(-length // LENGTH) + 1) if address else ()
    return [address, *(f"{address}pages/{number}/" for number in numbers)]


def quality_addresses(sources: VerificationSources) -> Iterator[str]:
    """List the addresses of all pages about defects."""
    yield QUALITY
    departments = len(_departments(sources))
    for year in sources.years_of_defects():
        yield from part_addresses(f"{QUALITY}{year}/", departments)


def list_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the home page, a year, a department in a year or an organisation."""
    whole, number = split_part(page.address)
    group = page.sources.groups[whole]
    first = group if number == 1 else replace(group, years=(), carried_out=0)
    yield from _heading(page, whole)
    if number == 1:
        yield from _headline(page, group, whole)
    if whole[:1].isdecimal():
        if number == 1 and group.totals.indicators:
            yield PageValue(_BAR, "bar", counted=group.totals)
        if number == 1 and whole.count("/") == 1:
            yield from _departments_of_year(page, whole)
    yield from _years(page, whole, first)
    if not whole:
        groups, departments = page.sources.groups, _departments(page.sources)
        yield from _ways(page, (one for one in departments if groups[f"{ORGANISATIONS}{one}/"].in_charge))
    if first.carried_out:
        yield number_value(_CARRIED_OUT, first.carried_out)
    length = group.totals.declarations
    yield from _range(whole, number, length)
    if whole[:1].isdecimal():
        yield number_value(_YEARS, whole[:4])
    for one in group.page(number, is_home=not whole):
        yield from _row(page, one)
    yield from _pager(page, whole, number, length)


def _heading(page: ComparedPage, whole: str) -> Iterator[PageValue]:
    if whole.startswith(ORGANISATIONS):
        identity = whole.removeprefix(ORGANISATIONS).rstrip("/")
        yield text_value(_TITLE, page.organisation(identity))
        organisation = page.sources.organisations[identity]
        if organisation.aliases:
            yield PageValue(_ABOUT, "parts", tuple((alias,) for alias in organisation.aliases))
        for other in (organisation.parent, *organisation.units):
            if other is not None:
                yield link_value(_ABOUT, f"{ORGANISATIONS}{other}/")
                yield text_value(_ABOUT, page.organisation(other))
    elif not whole:
        yield text_value(_TITLE, (page.site_name(),))
    else:
        year, _, department = whole.rstrip("/").partition("/")
        yield number_value(_YEARS, year)
        if department:
            yield text_value(_TITLE, page.organisation(department))


def _headline(page: ComparedPage, group: ListGroup, whole: str) -> Iterator[PageValue]:
    """Yield the totals above a list: those of its latest year, where it shows several.

    An organisation that has filed nothing adds nothing up; the home page always does.
    """
    totals = group.totals
    if group.years:
        year, totals = group.years[0]
        yield number_value(_YEARS, year)
    elif whole and (whole.startswith(ORGANISATIONS) or not totals.declarations):
        return
    yield number_value(_DECLARATIONS, totals.declarations)
    yield total_value(_TOTAL, page, totals)
    yield number_value(_INDICATORS, totals.indicators)
    yield number_value(_NUMERIC, totals.numeric)
    blank = totals.declarations - totals.with_annual
    covered = [totals.with_annual, blank] if blank else []
    covered += [totals.unit_inferred] if totals.unit_inferred else []
    if covered:
        yield number_value(_COVERAGE, *covered)


def _years(page: ComparedPage, whole: str, group: ListGroup) -> Iterator[PageValue]:
    for year, totals in group.years:
        address = f"{year}/{whole.removeprefix(ORGANISATIONS)}"
        # Only who is in charge of a project in that year has a page for it.
        if not whole or address in page.sources.groups:
            yield link_value(_YEARS, address)
        yield number_value(_YEARS, year)
        yield total_value(_YEARS, page, totals)
        blank = totals.declarations - totals.with_annual
        for count in (totals.declarations, totals.with_annual, blank, totals.unit_inferred):
            yield number_value(_YEARS, count)


def _departments_of_year(page: ComparedPage, year: str) -> Iterator[PageValue]:
    addresses = (one.rstrip("/") for one in page.sources.groups if one.startswith(year) and one != year)
    for address in sorted(addresses):
        identity = address.removeprefix(year)
        totals = page.sources.groups[f"{address}/"].totals
        yield link_value(_LISTED, f"{address}/")._replace(subject=identity)
        yield text_value(_LISTED, page.organisation(identity), identity)
        yield number_value(_LISTED, totals.declarations, subject=identity)
        yield total_value(_LISTED, page, totals)._replace(subject=identity)
        for count in (totals.with_annual, totals.indicators, totals.numeric):
            yield number_value(_LISTED, count, subject=identity)


def _row(page: ComparedPage, listed: ListedDeclaration) -> Iterator[PageValue]:
    """Yield the cells of a declaration's row; lists differ in the facts that they show."""
    address, facts = listed.address, listed.facts
    yield link_value(_LISTED, address)._replace(subject=address)
    yield text_value(_LISTED, page.names(facts["name"]), address)
    yield text_value(_LISTED, (facts["year"],), address, optional=True)
    for organisation in (facts["department"], facts["unit"]):
        yield text_value(_LISTED, page.organisation(organisation), address, optional=True)
    yield text_value(_LISTED, page.names(facts["nature"]), address)
    yield text_value(_LISTED, (page.sum(listed.annual, listed.unit),), address)
    for count in (listed.indicators, listed.numeric, listed.marks):
        yield number_value(_LISTED, count, subject=address)


def _range(whole: str, number: int, length: int) -> Iterator[PageValue]:
    if length > LENGTH and whole:
        yield number_value(_PARTS, (number - 1) * LENGTH + 1, min(number * LENGTH, length), length)


def _pager(page: ComparedPage, whole: str, number: int, length: int) -> Iterator[PageValue]:
    """Yield the ways to the parts that a page names, which are its own choice, each with its number."""
    parts = part_addresses(whole, length)
    if len(parts) == 1:
        return
    here = number_value(_PARTS, number)._replace(is_optional=True)
    for address in page.links():
        if address in parts or split_part(address)[0] == whole:
            yield here
            yield link_value(_PARTS, address)
            yield number_value(_PARTS, split_part(address)[1])._replace(is_optional=True)
    yield here


def _ways(page: ComparedPage, identities: Iterable[str]) -> Iterator[PageValue]:
    for identity in identities:
        address = f"{ORGANISATIONS}{identity}/"
        group = page.sources.groups[address]
        yield link_value(_WAY, address)._replace(subject=address)
        yield text_value(_WAY, page.organisation(identity), address)
        yield number_value(_WAY, group.in_charge, subject=address)


def _departments(sources: VerificationSources) -> list[str]:
    return [identity for identity, one in sources.organisations.items() if one.kind == "department"]


def register_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the list of organisations: departments with their units."""
    organisations = page.sources.organisations
    for root, organisation in organisations.items():
        if organisation.parent is None:
            yield from _ways(page, (root, *organisation.units))


def search_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the page of the search: the ways to the years, and to the organisations."""
    for year in page.sources.years():
        yield link_value(_YEARS, f"{year}/")
        yield number_value(_YEARS, year)
    yield link_value(_YEARS, ORGANISATIONS)


def data_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the page of data: the declarations of each year, and of all."""
    totals = page.sources.groups[""].totals
    if page.sources.settings.downloads:
        for year in page.sources.years():
            yield link_value(_YEARS, f"{year}/")
            yield number_value(_YEARS, year)
            yield number_value(_YEARS, page.sources.groups[f"{year}/"].totals.declarations)
    yield number_value(_MANIFEST, totals.declarations, totals.indicators)


def indicators_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of the page about all targets.

    The page chooses by a reading of words which declarations it names, and that choice is not repeated here;
    the values of each are compared.
    """
    groups = page.sources.groups
    totals = groups[""].totals
    if totals.indicators:
        yield PageValue(_BAR, "bar", counted=totals)
        for year in page.sources.years():
            of_year = groups[f"{year}/"].totals
            yield link_value(_YEARS, f"{year}/")
            yield number_value(_YEARS, year)
            yield number_value(_YEARS, of_year.declarations)
            yield number_value(_YEARS, of_year.indicators)
            yield PageValue(_BAR, "bar", counted=of_year)
    for item in page.items:
        listed = page.sources.listed.get(item.text) if item.kind == "link" else None
        if listed and item.context.is_uncompared:
            yield link_value(_WAY, item.text)._replace(subject=item.text)
            name = page.names(listed.facts["name"])
            yield PageValue(_WAY, "parts", (name,), (listed.facts["year"],), item.text)
        elif listed:
            yield from _large(page, listed)


def _large(page: ComparedPage, listed: ListedDeclaration) -> Iterator[PageValue]:
    """Yield the cells of a large declaration with many targets that are hard to check."""
    address, facts = listed.address, listed.facts
    yield link_value(_LISTED, address)._replace(subject=address)
    yield text_value(_LISTED, page.names(facts["name"]), address)
    yield text_value(_LISTED, (facts["year"],), address)
    yield text_value(_LISTED, page.organisation(facts["department"]), address)
    yield text_value(_LISTED, (page.sum(listed.annual, listed.unit),), address)
    yield number_value(_LISTED, listed.indicators, subject=address)
    yield PageValue(_BAR, "bar", counted=listed)


def quality_values(page: ComparedPage) -> Iterator[PageValue]:
    """Yield the values of a page about defects: all of them, or the departments of a year."""
    whole, number = split_part(page.address)
    year = whole.removeprefix(QUALITY).rstrip("/")
    yield from _defects_of_year(page, year, number) if year else _all_defects(page)


def _all_defects(page: ComparedPage) -> Iterator[PageValue]:
    groups, translate = page.sources.groups, page.texts.translate
    for kind, (places, declarations) in zip(DEFECTS, groups[""].totals.defects, strict=True):
        if places:
            yield text_value(_DEFECTS, (translate(kind),))
            yield number_value(_DEFECTS, places)
            yield from _counted(declarations, _FACETS[kind])
    for year in page.sources.years_of_defects():
        yield link_value(_DEFECTS, f"{QUALITY}{year}/")
        yield number_value(_DEFECTS, year)
        within = (address for address in groups if address.startswith(f"{year}/"))
        yield number_value(_DEFECTS, sum(address != f"{year}/" for address in within))
        yield from _counts(_totals(page, f"{year}/"), [("year", year)])


def _defects_of_year(page: ComparedPage, year: str, number: int) -> Iterator[PageValue]:
    departments = _departments(page.sources)
    is_published = {one: f"{year}/{one}/" in page.sources.groups for one in departments}
    departments.sort(key=lambda identity: not is_published[identity])
    yield number_value(_YEARS, *([year] if number == 1 else [year, number]))
    if number == 1:
        yield number_value(_DEFECTS, len(departments), year, sum(is_published.values()))
    whole = f"{QUALITY}{year}/"
    yield from _range(whole, number, len(departments))
    for identity in departments[(number - 1) * LENGTH : number * LENGTH]:
        yield from _defects_of_department(page, year, identity)
    yield from _pager(page, whole, number, len(departments))
    if f"{year}/" in page.sources.groups:
        yield number_value(_YEARS, year)


def _defects_of_department(page: ComparedPage, year: str, identity: str) -> Iterator[PageValue]:
    address = f"{year}/{identity}/"
    totals = _totals(page, address)
    yield link_value(_DEFECTS, address if totals.declarations else f"{ORGANISATIONS}{identity}/")
    yield text_value(_DEFECTS, page.organisation(identity))
    name = page.texts.translate_content(page.sources.organisation_name(identity))
    everything, *counts = _cut(_counts(totals, [("year", year), ("department", name)]))
    yield from everything if totals.declarations else [PageValue(_DEFECTS, "words")]
    stated = page.sources.organisations[identity].projects.get(year)
    yield PageValue(_DEFECTS, "words") if stated is None else number_value(_DEFECTS, stated)
    if stated is None or stated < totals.declarations:
        yield PageValue(_DEFECTS, "words")
    else:
        tenths = totals.declarations * 1000 // stated
        yield number_value(_DEFECTS, f"{Decimal(tenths) / 10:.1f}")
    for count in counts:
        yield from count


def _counts(totals: ListTotals, within: Sequence[tuple[str, str]]) -> Iterator[PageValue]:
    """Yield the number of all declarations and of those with each defect, with the facets that show them."""
    damage = [facet for mark in MARKS for facet in _FACETS[mark]]
    yield from _counted(totals.declarations, within)
    yield from _counted(totals.damaged, [*within, *damage])
    for kind in (NO_SUM, NO_UNIT, NO_TARGET):
        yield from _counted(totals.defects[DEFECTS.index(kind)][1], [*within, *_FACETS[kind]])


def _counted(number: int, facets: Sequence[tuple[str, str]]) -> Iterator[PageValue]:
    """Yield a number with the search to which it leads; 0 leads nowhere."""
    if number:
        yield link_value(_DEFECTS, " ".join([SEARCH, *(f"{facet}={value}" for facet, value in facets)]))
    yield number_value(_DEFECTS, number)


def _cut(values: Iterable[PageValue]) -> Iterator[list[PageValue]]:
    """Cut counts apart: each ends with its number."""
    together: list[PageValue] = []
    for value in values:
        together.append(value)
        if value.kind != "link":
            yield together
            together = []


def _totals(page: ComparedPage, address: str) -> ListTotals:
    group = page.sources.groups.get(address)
    return group.totals if group else _NOTHING
