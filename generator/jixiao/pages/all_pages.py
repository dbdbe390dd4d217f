"""All pages of one language in a fixed order, except those of declarations and projects.

Includes the hand-written pages and the pages at former addresses: renamed declarations redirect to the new
address, withdrawn ones show the reason.
"""

import re
from collections.abc import Iterator

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import HandwrittenPage
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
    book = renderer.content.address_register
    voice = renderer.localizer
    for old, new in book.renamed.items():
        target = urls.declaration_url(new)
        yield PageData(
            kind=PageKind.RENAMED,
            address=urls.declaration_url(old),
            title=voice.translate_text("网址已改"),
            description=voice.translate_text("这份申报表换了网址"),
            template="renamed",
            values={"target": target, "new": Text(new)},
            breadcrumbs=(renderer.build_home_breadcrumb(),),
            redirect_to=target,
        )
    for identity, reason in book.withdrawn.items():
        yield PageData(
            kind=PageKind.WITHDRAWN,
            address=urls.declaration_url(identity),
            title=voice.translate_text("申报表已撤下"),
            description=voice.translate_text("这里公开过的申报表已经撤下"),
            template="withdrawn",
            values={"identity": Text(identity), "reason": reason},
            breadcrumbs=(renderer.build_home_breadcrumb(),),
        )


_LINK = re.compile(r"\]\(/(?P<target>[^)\s]*)")


def build_handwritten_pages(renderer: PageRenderer) -> tuple[PageData, ...]:
    """Build every hand-written page; one without a translation is shown in Chinese."""
    written = {(page.slug, page.language): page for page in renderer.content.handwritten_pages}
    slugs = sorted({slug for slug, language in written if language == SOURCE_LANGUAGE})
    return tuple(
        _build_handwritten_page(
            written.get((slug, renderer.language)) or written[slug, SOURCE_LANGUAGE], renderer
        )
        for slug in slugs
    )


def _build_handwritten_page(page: HandwrittenPage, renderer: PageRenderer) -> PageData:
    address = urls.handwritten_page_url(page.slug)
    body = _LINK.sub(lambda found: f"]({build_relative_link(found['target'], address)}", page.markdown)
    return PageData(
        kind=PageKind.HANDWRITTEN,
        address=address,
        title=page.title,
        description=page.description,
        body=body,
        breadcrumbs=(renderer.build_home_breadcrumb(),),
    )


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
