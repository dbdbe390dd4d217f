"""Permanent URLs of the site, relative to its root and without the prefix of a language.

A URL ends in `/`; that of the home page is empty. Only this module and `page_kinds` know how a URL is built.
"""

from collections.abc import Iterator
from urllib.parse import quote

from jixiao.analysis.page_kinds import FIXED_ADDRESSES, PageKind
from jixiao.analysis.site_content import SiteContent

HOME = PageKind.HOME.address
SEARCH = PageKind.SEARCH.address
ORGANISATIONS = PageKind.ORGANISATIONS.address
INDICATORS = PageKind.INDICATORS.address
QUALITY = PageKind.QUALITY.address
COMPARE = PageKind.COMPARE.address
DATA = PageKind.DATA.address
CHANGES = PageKind.CHANGES.address
FEED = "feed.atom"
PROJECTS = "projects/"
"""Parent of the pages of projects with all their years."""
LIST_PARTS = "pages"
"""URL segment of the further parts of a long list."""


def year_url(year: int) -> str:
    """Return the URL of one year, e.g. `2021/`."""
    return f"{year}/"


def department_year_url(department: str, year: int) -> str:
    """Return the URL of one department in one year."""
    return f"{year}/{department}/"


def list_part_url(list_url: str, number: int) -> str:
    """Return the URL of one part of the list at *list_url*; the first part is the list itself."""
    return list_url if number == 1 else f"{list_url}{LIST_PARTS}/{number}/"


def file_url(path: str) -> str:
    """Quote the path of a file as a URL: others named it, and `#`, `?` and `%` would change its meaning."""
    return quote(path, safe="/")


def declaration_url(identity: str) -> str:
    """Return the URL of the declaration with this id."""
    return f"{identity}/"


def form_pdf_url(identity: str) -> str:
    """Return the URL of the PDF of a declaration in the layout of the official form."""
    return f"{identity}/form.pdf"


def pack_url(department: str, year: int, ending: str) -> str:
    """Return the URL of the pack of one department and year; *ending* is `pdf` or `xlsx`."""
    return f"{year}/{department}/pack.{ending}"


def data_file_url(subject_url: str, file: str) -> str:
    """Return the URL of a data file about the page at *subject_url*; that of the whole site is in `data/`."""
    return f"{subject_url or DATA}{file}"


def department_feed_url(department: str) -> str:
    """Return the URL of the feed of changes of one department."""
    return f"{organisation_url(department)}{FEED}"


def project_url(name: str) -> str:
    """Return the URL of a project with all its years, by department and project id."""
    return f"{PROJECTS}{name}/"


def quality_url(year: int) -> str:
    """Return the URL of the page about missing fields and defects in one year."""
    return f"{QUALITY}{year}/"


def organisation_url(organisation: str) -> str:
    """Return the URL of one department or unit."""
    return f"{ORGANISATIONS}{organisation}/"


def handwritten_page_url(slug: str) -> str:
    """Return the URL of a hand-written page."""
    return f"{slug}/"


def list_page_urls(content: SiteContent) -> Iterator[str]:
    """Yield the URLs of all pages in one language."""
    yield from FIXED_ADDRESSES
    yield from (year_url(year) for year in content.years())
    yield from (quality_url(year) for year in content.years_with_projects())
    pairs = {(summary.department, summary.year) for summary in content.summaries}
    yield from (department_year_url(department, year) for department, year in sorted(pairs))
    yield from (declaration_url(summary.id) for summary in content.summaries)
    yield from (project_url(project.name) for project in content.projects)
    yield from map(organisation_url, content.organisations)
    yield from map(declaration_url, (*content.address_register.renamed, *content.address_register.withdrawn))
    yield from sorted({handwritten_page_url(page.slug) for page in content.handwritten_pages})
