"""All pages of one language in a fixed order, except those of declarations and projects.

Includes the hand-written pages and the pages at former addresses: renamed declarations redirect to the new
address, withdrawn ones show the reason.
"""

import re
from collections.abc import Iterator
from functools import partial

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.i18n import SOURCE_LANGUAGE
from jixiao.model.rule import RuleSet
from jixiao.pages.list_pages import (
    build_compare_page,
    build_department_year_pages,
    build_home_page,
    build_organisation_pages,
    build_organisations_page,
    build_search_page,
    build_year_pages,
)
from jixiao.pages.page import build_relative_link
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.pages.quality_pages import build_indicators_page, build_quality_pages
from jixiao.pages.reference_pages import build_changes_pages, build_data_page, build_rules_page
from jixiao.text import Text


def build_former_address_pages(renderer: PageRenderer) -> Iterator[PageData]:
    """Build a page for each published address that no longer has a declaration."""
    register, localizer = renderer.content.address_register, renderer.localizer
    for old, new in register.renamed.items():
        target = urls.declaration_url(new)
        yield PageData(
            kind=PageKind.RENAMED,
            address=urls.declaration_url(old),
            title=localizer.translate_text("网址已改"),
            description=localizer.translate_text("这份申报表换了网址"),
            template="renamed",
            values={"target": target, "new": Text(new)},
            breadcrumbs=(renderer.build_home_breadcrumb(),),
            redirect_to=target,
        )
    for identity, reason in register.withdrawn.items():
        yield PageData(
            kind=PageKind.WITHDRAWN,
            address=urls.declaration_url(identity),
            title=localizer.translate_text("申报表已撤下"),
            description=localizer.translate_text("这里公开过的申报表已经撤下"),
            template="withdrawn",
            values={"identity": Text(identity), "reason": reason},
            breadcrumbs=(renderer.build_home_breadcrumb(),),
        )


_LINK = re.compile(r"\]\(/(?P<target>[^)\s]*)")


def build_handwritten_pages(renderer: PageRenderer) -> Iterator[PageData]:
    """Build every hand-written page; one without a translation is shown in Chinese."""
    pages = renderer.content.handwritten_pages
    in_chinese = {page.slug: page for page in pages if page.language == SOURCE_LANGUAGE}
    translated = {page.slug: page for page in pages if page.language == renderer.language}
    for slug in sorted(in_chinese):
        page, address = translated.get(slug, in_chinese[slug]), urls.handwritten_page_url(slug)
        links = partial(_make_link_relative, address=address)
        yield PageData(
            kind=PageKind.HANDWRITTEN,
            address=address,
            title=page.title,
            description=page.description,
            body=_LINK.sub(links, page.markdown),
            breadcrumbs=(renderer.build_home_breadcrumb(),),
        )


def _make_link_relative(link: re.Match[str], *, address: str) -> str:
    return f"]({build_relative_link(link['target'], address)}"


def build_all_pages(renderer: PageRenderer, rules: RuleSet) -> Iterator[PageData]:
    """Build every page but those of declarations and projects, which need the declarations themselves.

    Args:
        renderer: Renderer of the language.
        rules: Rules for the page about rules.
    """
    yield build_home_page(renderer)
    yield build_search_page(renderer)
    yield build_compare_page(renderer)
    yield build_data_page(renderer)
    yield from build_changes_pages(renderer)
    yield build_organisations_page(renderer)
    yield build_indicators_page(renderer)
    yield from build_quality_pages(renderer)
    yield from build_handwritten_pages(renderer)
    for identity in renderer.content.organisations:
        yield from build_organisation_pages(identity, renderer)
    for year in renderer.content.years():
        yield from build_year_pages(year, renderer)
        for department in renderer.content.departments_in_year(year):
            yield from build_department_year_pages(department, year, renderer)
    yield build_rules_page(rules, renderer)
    yield from build_former_address_pages(renderer)
