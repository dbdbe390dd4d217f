"""Pages that list declarations: home, years, departments, organisations; and the search and comparison pages.

A list that is too long for one page continues under `pages/2/`, `pages/3/` and so on. Totals are only on its
first page, so that one changed sum does not change a page for every hundred declarations.
"""

from collections.abc import Iterator, Mapping, Sequence

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.summary import Summary, compute_totals, compute_totals_by_year
from jixiao.pages.page import LIST_PAGE_LENGTH, Breadcrumb, paginate
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.pages.quality_pages import build_measurability_segments
from jixiao.pages.search_facets import build_search_query


def build_home_page(renderer: PageRenderer) -> PageData:
    """Build the home page with search, totals and links, and all declarations if they fit on one page."""
    content, localizer = renderer.content, renderer.localizer
    years = compute_totals_by_year(content.summaries)
    departments = {summary.department for summary in content.summaries}
    return PageData(
        kind=PageKind.HOME,
        address=urls.HOME,
        title=renderer.config.localize(renderer.config.name, renderer.language)
        or localizer.translate_text("首页"),
        description=localizer.translate_text("财政项目支出绩效目标申报表公开：项目、资金、目标和指标"),
        template="home",
        values={
            "totals": years[0][1] if years else compute_totals(()),
            "years": years,
            "addresses_of_years": {year: urls.year_url(year) for year, _ in years},
            "departments": [
                (identity, len(content.attributable_summaries(identity)))
                for identity in content.organisations
                if identity in departments
            ],
            "listed": content.summaries if len(content.summaries) <= LIST_PAGE_LENGTH else (),
        },
    )


def build_year_pages(year: int, renderer: PageRenderer) -> Iterator[PageData]:
    """Build the pages of a year, with its departments and declarations."""
    summaries = renderer.content.summaries_in_year(year)
    localizer = renderer.localizer
    totals = compute_totals(summaries)
    departments = [
        (department, compute_totals(renderer.content.summaries_in_department_year(department, year)))
        for department in renderer.content.departments_in_year(year)
    ]
    for part in paginate(urls.year_url(year), summaries):
        yield PageData(
            kind=PageKind.YEAR,
            address=part.page_address(part.number),
            title=renderer.number_title(localizer.translate_text("{year}年度", year=year), part.number),
            description=localizer.translate_text("{year}年度公开的财政项目支出绩效目标申报表", year=year),
            template="year",
            values={
                "year": year,
                "has_downloads": renderer.config.downloads,
                "totals": totals if part.number == 1 else None,
                "segments": build_measurability_segments(summaries) if part.number == 1 else (),
                "departments": departments if part.number == 1 else (),
                "part": part,
                "view": build_search_query({"year": str(year)}),
            },
            breadcrumbs=(renderer.build_home_breadcrumb(),),
            year=year,
        )


def build_department_year_pages(department: str, year: int, renderer: PageRenderer) -> Iterator[PageData]:
    """Build the pages of a department in a year, with all its declarations."""
    summaries = renderer.content.summaries_in_department_year(department, year)
    localizer = renderer.localizer
    name = localizer.translate_source_text(renderer.find_organisation_name(department))
    title = localizer.translate_text("{department}{year}年度", department=name, year=year)
    totals = compute_totals(summaries)
    for part in paginate(urls.department_year_url(department, year), summaries):
        yield PageData(
            kind=PageKind.DEPARTMENT_YEAR,
            address=part.page_address(part.number),
            title=renderer.number_title(title, part.number),
            description=localizer.translate_text(
                "{department}{year}年度公开的财政项目支出绩效目标申报表", department=name, year=year
            ),
            template="department_year",
            values={
                "department": department,
                "year": year,
                "has_packs": renderer.config.packs,
                "has_downloads": renderer.config.downloads,
                "totals": totals if part.number == 1 else None,
                "segments": build_measurability_segments(summaries) if part.number == 1 else (),
                "part": part,
                "view": build_search_query({"year": str(year), "department": name.plain()}),
            },
            breadcrumbs=(renderer.build_home_breadcrumb(), renderer.build_year_breadcrumb(year)),
            year=year,
        )


def build_organisations_page(renderer: PageRenderer) -> PageData:
    """Build the page of all departments with their units."""
    organisations = renderer.content.organisations
    localizer = renderer.localizer
    roots = [identity for identity, organisation in organisations.items() if organisation.parent is None]
    return PageData(
        kind=PageKind.ORGANISATIONS,
        address=urls.ORGANISATIONS,
        title=localizer.translate_text("部门和单位"),
        description=localizer.translate_text("公开了申报表的主管部门和实施单位"),
        template="organisations",
        values={
            "roots": [(root, renderer.content.units_below(root)) for root in roots],
            "number_of": {
                identity: len(renderer.content.attributable_summaries(identity)) for identity in organisations
            },
        },
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )


def build_organisation_pages(identity: str, renderer: PageRenderer) -> Iterator[PageData]:
    """Build the pages of one department or unit over all years."""
    organisation = renderer.content.organisations[identity]
    summaries = renderer.content.organisation_summaries(identity)
    localizer = renderer.localizer
    name = localizer.translate_source_text(organisation.name)
    counted = renderer.content.attributable_summaries(identity)
    years = compute_totals_by_year(counted)
    register = Breadcrumb(title=localizer.translate_text("部门和单位"), address=urls.ORGANISATIONS)
    for part in paginate(urls.organisation_url(identity), summaries):
        yield PageData(
            kind=PageKind.ORGANISATION,
            address=part.page_address(part.number),
            title=renderer.number_title(name, part.number),
            description=localizer.translate_text("{name}公开的财政项目支出绩效目标申报表", name=name),
            template="organisation",
            values={
                "identity": identity,
                "details": organisation,
                "units": renderer.content.units_below(identity),
                "years": years if part.number == 1 else (),
                "carried_out": len(summaries) - len(counted) if part.number == 1 else 0,
                # Only in charge of a project has a department a page for the year.
                "addresses_of_years": {
                    summary.year: urls.department_year_url(identity, summary.year)
                    for summary in summaries
                    if summary.department == identity
                },
                "part": part,
                "view": build_search_query(_find_common_facet(identity, name.plain(), summaries)),
            },
            breadcrumbs=(renderer.build_home_breadcrumb(), register),
        )


def _find_common_facet(identity: str, name: str, summaries: Sequence[Summary]) -> Mapping[str, str]:
    """Return the facet that *summaries* and no other declarations share; empty if there is none."""
    if all(summary.department == identity for summary in summaries):
        return {"department": name}
    return {"unit": name} if all(summary.unit == identity for summary in summaries) else {}


def build_search_page(renderer: PageRenderer) -> PageData:
    """Build the search page."""
    return PageData(
        kind=PageKind.SEARCH,
        address=urls.SEARCH,
        title=renderer.localizer.translate_text("搜索"),
        description=renderer.localizer.translate_text("按项目名称、指标、目标、部门和单位搜索申报表"),
        template="search",
        values={"years": renderer.content.years()},
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )


def build_compare_page(renderer: PageRenderer) -> PageData:
    """Build the page on which a script shows two declarations side by side, read from their pages."""
    return PageData(
        kind=PageKind.COMPARE,
        address=urls.COMPARE,
        title=renderer.localizer.translate_text("两份申报表并排"),
        description=renderer.localizer.translate_text("把任意两份申报表逐栏并排来看"),
        template="compare",
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )
