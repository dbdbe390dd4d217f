"""The pages that lead to declarations: home, a year, a department in a year, the organisations."""

from collections.abc import Iterable

from generator.model import addresses
from generator.model.catalogue import Filed
from generator.pages.marks import number_of_marks
from generator.pages.page import Crumb, Kind, Page
from generator.pages.press import Press, Sheet
from generator.pages.totals import Totals, totals_of


def home_page(press: Press) -> Page:
    """Print the home page: search first, what is published, the ways in."""
    catalogue, voice = press.catalogue, press.voice
    return press.print(
        Sheet(
            kind=Kind.HOME,
            address=addresses.HOME,
            title=press.config.said(press.config.name, press.language) or voice.plainly("首页"),
            description=voice.plainly("财政项目支出绩效目标申报表公开：项目、资金、目标和指标"),
            template="home",
            values={
                "totals": totals_of(catalogue.declarations),
                "years": [(year, totals_of(catalogue.of_year(year))) for year in catalogue.years()],
                "departments": _departments(catalogue.declarations),
                "listed": _listed(catalogue.declarations),
            },
        )
    )


def year_page(year: int, press: Press) -> Page:
    """Print a year: its departments and its declarations."""
    declarations = press.catalogue.of_year(year)
    voice = press.voice
    departments = [
        (department, totals_of(filed for filed in declarations if filed.declaration.department == department))
        for department in _departments(declarations)
    ]
    return press.print(
        Sheet(
            kind=Kind.YEAR,
            address=addresses.of_year(year),
            title=voice.plainly("{year}年度", year=year),
            description=voice.plainly("{year}年度公开的财政项目支出绩效目标申报表", year=year),
            template="year",
            values={
                "year": year,
                "totals": totals_of(declarations),
                "departments": departments,
                "listed": _listed(declarations),
            },
            trail=(press.home(),),
            year=year,
        )
    )


def department_year_page(department: str, year: int, press: Press) -> Page:
    """Print a department in a year: all its declarations."""
    declarations = tuple(
        filed for filed in press.catalogue.of_year(year) if filed.declaration.department == department
    )
    voice = press.voice
    name = voice.translated(press.organisation_name(department))
    return press.print(
        Sheet(
            kind=Kind.DEPARTMENT_YEAR,
            address=addresses.of_department_year(department, year),
            title=voice.plainly("{department}{year}年度", department=name, year=year),
            description=voice.plainly(
                "{department}{year}年度公开的财政项目支出绩效目标申报表", department=name, year=year
            ),
            template="department_year",
            values={
                "department": department,
                "year": year,
                "totals": totals_of(declarations),
                "listed": _listed(declarations),
            },
            trail=(press.home(), press.year(year)),
            year=year,
        )
    )


def organisations_page(press: Press) -> Page:
    """Print the register: departments with their units."""
    organisations = press.catalogue.organisations
    voice = press.voice
    roots = [identity for identity, entry in organisations.items() if entry.parent is None]
    return press.print(
        Sheet(
            kind=Kind.ORGANISATIONS,
            address=addresses.ORGANISATIONS,
            title=voice.plainly("部门和单位"),
            description=voice.plainly("公开了申报表的主管部门和实施单位"),
            template="organisations",
            values={
                "roots": [
                    (root, [identity for identity, entry in organisations.items() if entry.parent == root])
                    for root in roots
                ],
                "number_of": {
                    identity: len(press.catalogue.of_organisation(identity)) for identity in organisations
                },
            },
            trail=(press.home(),),
        )
    )


def organisation_page(identity: str, press: Press) -> Page:
    """Print one department or unit through the years."""
    organisation = press.catalogue.organisations[identity]
    declarations = press.catalogue.of_organisation(identity)
    voice = press.voice
    name = voice.translated(organisation.name)
    return press.print(
        Sheet(
            kind=Kind.ORGANISATION,
            address=addresses.of_organisation(identity),
            title=name,
            description=voice.plainly("{name}公开的财政项目支出绩效目标申报表", name=name),
            template="organisation",
            values={
                "identity": identity,
                "entry": organisation,
                "units": [
                    unit for unit, entry in press.catalogue.organisations.items() if entry.parent == identity
                ],
                "totals": totals_of(declarations),
                "years": sorted({filed.declaration.year for filed in declarations}, reverse=True),
                "listed": _listed(declarations),
            },
            trail=(press.home(), _register(press)),
        )
    )


def search_page(press: Press) -> Page:
    """Print the page of the full search."""
    return press.print(
        Sheet(
            kind=Kind.SEARCH,
            address=addresses.SEARCH,
            title=press.voice.plainly("搜索"),
            description=press.voice.plainly("按项目名称、指标、目标、部门和单位搜索申报表"),
            template="search",
            values={"years": press.catalogue.years()},
            trail=(press.home(),),
        )
    )


def _register(press: Press) -> Crumb:
    return Crumb(title=press.voice.plainly("部门和单位"), address=addresses.ORGANISATIONS)


def _departments(declarations: Iterable[Filed]) -> list[str]:
    return sorted({filed.declaration.department for filed in declarations})


def _listed(declarations: Iterable[Filed]) -> list[tuple[Filed, Totals, int]]:
    """Give each declaration with its own totals and its number of marks."""
    return [(filed, totals_of([filed]), number_of_marks(filed.declaration)) for filed in declarations]
