"""All pages of one language, in a fixed order."""

from collections.abc import Iterator

from generator.config import SiteConfig
from generator.model.catalogue import Catalogue
from generator.pages.declaration import declaration_page
from generator.pages.former import former_pages
from generator.pages.handwritten import handwritten_pages
from generator.pages.lists import (
    department_year_pages,
    home_page,
    organisation_pages,
    organisations_page,
    search_page,
    year_pages,
)
from generator.pages.page import Page
from generator.pages.press import Press


def all_pages(catalogue: Catalogue, config: SiteConfig, language: str) -> Iterator[Page]:
    """Print the pages of *language* one by one; no page needs another page's text."""
    press = Press.for_language(language, catalogue, config)
    yield home_page(press)
    yield search_page(press)
    yield organisations_page(press)
    yield from handwritten_pages(press)
    for identity in catalogue.organisations:
        yield from organisation_pages(identity, press)
    for year in catalogue.years():
        yield from year_pages(year, press)
        for department in catalogue.departments_of(year):
            yield from department_year_pages(department, year, press)
    yield from former_pages(press)
    for filed in catalogue.declarations:
        yield declaration_page(filed, press)
