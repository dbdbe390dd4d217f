"""The pages that lead to declarations: home, a year, a department in a year, the organisations.

A list that is too long for one page goes on under `pages/2/`, `pages/3/` and so on. What it adds up to stands
on its first page alone: one changed sum must not change a page for every hundred declarations.
"""

from collections.abc import Iterator, Mapping, Sequence

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.analysis.summary import Entry
from jixiao.analysis.totals import totals_by_year, totals_of
from jixiao.pages.page import Crumb, Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.parts import LENGTH, parts_of
from jixiao.pages.profile import segments_of
from jixiao.pages.search_facets import view_of


def home_page(press: Press) -> Sheet:
    """Lay out the home page: search, what is published, the ways in; all declarations while they are few."""
    catalogue, voice = press.catalogue, press.voice
    years = totals_by_year(catalogue.entries)
    return Sheet(
        kind=Kind.HOME,
        address=urls.HOME,
        title=press.config.said(press.config.name, press.language) or voice.plainly("首页"),
        description=voice.plainly("财政项目支出绩效目标申报表公开：项目、资金、目标和指标"),
        template="home",
        values={
            "totals": years[0][1] if years else totals_of(()),
            "years": years,
            "addresses_of_years": {year: urls.of_year(year) for year, _ in years},
            "departments": [
                (department, len(catalogue.counted_for(department)))
                for department in _in_order_of_register(catalogue)
            ],
            "listed": catalogue.entries if len(catalogue.entries) <= LENGTH else (),
        },
    )


def _in_order_of_register(catalogue: Catalogue) -> list[str]:
    """Departments that have filed, as the register and the pages made from it list them."""
    filing = {entry.department for entry in catalogue.entries}
    return [identity for identity in catalogue.organisations if identity in filing]


def year_pages(year: int, press: Press) -> Iterator[Sheet]:
    """Lay out a year: its departments and its declarations."""
    entries = press.catalogue.of_year(year)
    voice = press.voice
    totals = totals_of(entries)
    departments = [
        (department, totals_of(press.catalogue.of_department_year(department, year)))
        for department in press.catalogue.departments_of(year)
    ]
    for part in parts_of(urls.of_year(year), entries):
        yield Sheet(
            kind=Kind.YEAR,
            address=part.address_of(part.number),
            title=press.title_of_part(voice.plainly("{year}年度", year=year), part.number),
            description=voice.plainly("{year}年度公开的财政项目支出绩效目标申报表", year=year),
            template="year",
            values={
                "year": year,
                "has_downloads": press.config.downloads,
                "totals": totals if part.number == 1 else None,
                "segments": segments_of(entries) if part.number == 1 else (),
                "departments": departments if part.number == 1 else (),
                "part": part,
                "view": view_of({"year": str(year)}),
            },
            trail=(press.home(),),
            year=year,
        )


def department_year_pages(department: str, year: int, press: Press) -> Iterator[Sheet]:
    """Lay out a department in a year: all its declarations."""
    entries = press.catalogue.of_department_year(department, year)
    voice = press.voice
    name = voice.translated(press.organisation_name(department))
    title = voice.plainly("{department}{year}年度", department=name, year=year)
    totals = totals_of(entries)
    for part in parts_of(urls.of_department_year(department, year), entries):
        yield Sheet(
            kind=Kind.DEPARTMENT_YEAR,
            address=part.address_of(part.number),
            title=press.title_of_part(title, part.number),
            description=voice.plainly(
                "{department}{year}年度公开的财政项目支出绩效目标申报表", department=name, year=year
            ),
            template="department_year",
            values={
                "department": department,
                "year": year,
                "has_packs": press.config.packs,
                "has_downloads": press.config.downloads,
                "totals": totals if part.number == 1 else None,
                "segments": segments_of(entries) if part.number == 1 else (),
                "part": part,
                "view": view_of({"year": str(year), "department": name.plain()}),
            },
            trail=(press.home(), press.year(year)),
            year=year,
        )


def organisations_page(press: Press) -> Sheet:
    """Lay out the register: departments with their units."""
    organisations = press.catalogue.organisations
    voice = press.voice
    roots = [identity for identity, entry in organisations.items() if entry.parent is None]
    return Sheet(
        kind=Kind.ORGANISATIONS,
        address=urls.ORGANISATIONS,
        title=voice.plainly("部门和单位"),
        description=voice.plainly("公开了申报表的主管部门和实施单位"),
        template="organisations",
        values={
            "roots": [(root, press.catalogue.units_of(root)) for root in roots],
            "number_of": {identity: len(press.catalogue.counted_for(identity)) for identity in organisations},
        },
        trail=(press.home(),),
    )


def organisation_pages(identity: str, press: Press) -> Iterator[Sheet]:
    """Lay out one department or unit through the years."""
    organisation = press.catalogue.organisations[identity]
    entries = press.catalogue.of_organisation(identity)
    voice = press.voice
    name = voice.translated(organisation.name)
    counted = press.catalogue.counted_for(identity)
    years = totals_by_year(counted)
    for part in parts_of(urls.of_organisation(identity), entries):
        yield Sheet(
            kind=Kind.ORGANISATION,
            address=part.address_of(part.number),
            title=press.title_of_part(name, part.number),
            description=voice.plainly("{name}公开的财政项目支出绩效目标申报表", name=name),
            template="organisation",
            values={
                "identity": identity,
                "entry": organisation,
                "units": press.catalogue.units_of(identity),
                "years": years if part.number == 1 else (),
                "carried_out": len(entries) - len(counted) if part.number == 1 else 0,
                # Only in charge of a project has a department a page for the year.
                "addresses_of_years": {
                    entry.year: urls.of_department_year(identity, entry.year)
                    for entry in entries
                    if entry.department == identity
                },
                "part": part,
                "view": view_of(_facet_of(identity, name.plain(), entries)),
            },
            trail=(press.home(), _register(press)),
        )


def _facet_of(identity: str, name: str, entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return the facet that all of *entries*, and no others, share; none for a department that is both."""
    if all(entry.department == identity for entry in entries):
        return {"department": name}
    return {"unit": name} if all(entry.unit == identity for entry in entries) else {}


def search_page(press: Press) -> Sheet:
    """Lay out the page of the full search."""
    return Sheet(
        kind=Kind.SEARCH,
        address=urls.SEARCH,
        title=press.voice.plainly("搜索"),
        description=press.voice.plainly("按项目名称、指标、目标、部门和单位搜索申报表"),
        template="search",
        values={"years": press.catalogue.years()},
        trail=(press.home(),),
    )


def compare_page(press: Press) -> Sheet:
    """Lay out the page on which a script sets two declarations side by side, read from their pages."""
    return Sheet(
        kind=Kind.COMPARE,
        address=urls.COMPARE,
        title=press.voice.plainly("两份申报表并排"),
        description=press.voice.plainly("把任意两份申报表逐栏并排来看"),
        template="compare",
        trail=(press.home(),),
    )


def _register(press: Press) -> Crumb:
    return Crumb(title=press.voice.plainly("部门和单位"), address=urls.ORGANISATIONS)
