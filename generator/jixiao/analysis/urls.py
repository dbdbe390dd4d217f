"""The permanent addresses of the site, from the root and without the prefix of a language.

An address ends in `/`; the home page is the empty address. Nothing else in the program knows how an address
is made.
"""

from collections.abc import Iterator
from urllib.parse import quote

from jixiao.analysis.site_content import Catalogue

HOME = ""
SEARCH = "search/"
ORGANISATIONS = "organisations/"
INDICATORS = "indicators/"
QUALITY = "quality/"
COMPARE = "compare/"
DATA = "data/"
CHANGES = "changes/"
FEED = "feed.atom"
RULES = "rules/"
PROJECTS = "projects/"
"""The step of an address under which projects stand with all their years."""
PARTS = "pages"
"""The step of an address under which the further parts of a long list stand."""


def of_year(year: int) -> str:
    """Give the address of one year, e.g. `2021/`."""
    return f"{year}/"


def of_department_year(department: str, year: int) -> str:
    """Give the address of one department in one year."""
    return f"{year}/{department}/"


def of_part(address: str, number: int) -> str:
    """Give the address of a part of the list at *address*; its first part is the list itself."""
    return address if number == 1 else f"{address}{PARTS}/{number}/"


def of_file(path: str) -> str:
    """Write the path of a file that others have named as an address; `#`, `?` and `%` would change it."""
    return quote(path, safe="/")


def of_declaration(identity: str) -> str:
    """Give the address of the declaration with this id."""
    return f"{identity}/"


def of_form(identity: str) -> str:
    """Give the file of a declaration that is laid out like the official form."""
    return f"{identity}/form.pdf"


def of_pack(department: str, year: int, ending: str) -> str:
    """Give the file of what is handed round of one department in one year; *ending* is `pdf` or `xlsx`."""
    return f"{year}/{department}/pack.{ending}"


def of_data(address: str, file: str) -> str:
    """Give a file of data about what stands at *address*; of everything, it lies below the page of data."""
    return f"{address or DATA}{file}"


def of_feed(department: str) -> str:
    """Give the feed of the changes of one department."""
    return f"{of_organisation(department)}{FEED}"


def of_project(name: str) -> str:
    """Give the address of a project with all its years, by its name: department and project."""
    return f"{PROJECTS}{name}/"


def of_quality(year: int) -> str:
    """Give the address of what is missing or damaged in one year."""
    return f"{QUALITY}{year}/"


def of_organisation(organisation: str) -> str:
    """Give the address of one department or unit."""
    return f"{ORGANISATIONS}{organisation}/"


def of_handwritten(slug: str) -> str:
    """Give the address of a hand-written page."""
    return f"{slug}/"


def all_addresses(catalogue: Catalogue) -> Iterator[str]:
    """List the addresses of all pages of one language."""
    yield from (HOME, SEARCH, ORGANISATIONS, INDICATORS, QUALITY, COMPARE, DATA, CHANGES, RULES)
    yield from (of_year(year) for year in catalogue.years())
    yield from (of_quality(year) for year in catalogue.years_told_of())
    pairs = {(entry.department, entry.year) for entry in catalogue.entries}
    yield from (of_department_year(department, year) for department, year in sorted(pairs))
    yield from (of_declaration(entry.id) for entry in catalogue.entries)
    yield from (of_project(project.name) for project in catalogue.projects)
    yield from map(of_organisation, catalogue.organisations)
    yield from map(of_declaration, (*catalogue.addresses.renamed, *catalogue.addresses.withdrawn))
    yield from sorted({of_handwritten(page.slug) for page in catalogue.handwritten})
