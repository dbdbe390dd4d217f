"""All pages of one language, in a fixed order."""

from collections.abc import Iterator

from jixiao.model.rule import Rules
from jixiao.pages.changes import changes_pages
from jixiao.pages.former import former_pages
from jixiao.pages.handwritten import handwritten_pages
from jixiao.pages.list_pages import (
    compare_page,
    department_year_pages,
    home_page,
    organisation_pages,
    organisations_page,
    search_page,
    year_pages,
)
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.pages.profile import indicators_page
from jixiao.pages.quality_pages import quality_pages
from jixiao.pages.reference_pages import data_page
from jixiao.pages.rules import rules_page


def all_sheets(press: Press, rules: Rules) -> Iterator[Sheet]:
    """Lay out every page but those of the declarations, which need the declaration itself.

    Args:
        press: What the pages are made with.
        rules: What the page about rules shows.
    """
    yield home_page(press)
    yield search_page(press)
    yield compare_page(press)
    yield data_page(press)
    yield from changes_pages(press)
    yield organisations_page(press)
    yield indicators_page(press)
    yield from quality_pages(press)
    yield from handwritten_pages(press)
    for identity in press.catalogue.organisations:
        yield from organisation_pages(identity, press)
    for year in press.catalogue.years():
        yield from year_pages(year, press)
        for department in press.catalogue.departments_of(year):
            yield from department_year_pages(department, year, press)
    yield rules_page(rules, press)
    yield from former_pages(press)
