"""Hand-written pages: the editor's Markdown with links made relative, in the language the reader chose."""

import re

from jixiao.analysis import urls
from jixiao.analysis.site_content import HandwrittenPage
from jixiao.i18n import SOURCE_LANGUAGE
from jixiao.pages.links import relative
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet

_LINK = re.compile(r"\]\(/(?P<target>[^)\s]*)")


def handwritten_pages(press: Press) -> tuple[Sheet, ...]:
    """Lay out every hand-written page; one that lacks a translation is shown in Chinese."""
    written = {(page.slug, page.language): page for page in press.catalogue.handwritten}
    slugs = sorted({slug for slug, language in written if language == SOURCE_LANGUAGE})
    return tuple(
        _page(written.get((slug, press.language)) or written[slug, SOURCE_LANGUAGE], press) for slug in slugs
    )


def _page(written: HandwrittenPage, press: Press) -> Sheet:
    address = urls.of_handwritten(written.slug)
    body = _LINK.sub(lambda found: f"]({relative(found['target'], address)}", written.markdown)
    return Sheet(
        kind=Kind.HANDWRITTEN,
        address=address,
        title=written.title,
        description=written.description,
        body=body,
        trail=(press.home(),),
    )
