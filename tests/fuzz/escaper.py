"""The escaper: what was typed is read back from the finished HTML, and none of it comes to life."""

import html

from lxml.html import HtmlElement, fragment_fromstring
from markdown import Markdown
from mkdocs.utils.meta import get_data

from jixiao.analysis.page_kinds import PageKind
from jixiao.i18n import TranslationCatalogue
from jixiao.load.source_files import is_forbidden
from jixiao.pages.localizer import Localizer
from jixiao.pages.page import Breadcrumb, Page
from jixiao.site.markdown_extension import SiteMarkdown
from jixiao.text import Text
from jixiao.verify.html_stream import read_html
from tests.fuzz.value_readers import typed_in

# What the engine reads pages with: MkDocs adds the last three by itself.
_CONVERTER = Markdown(extensions=["def_list", SiteMarkdown(), "toc", "tables", "fenced_code"])
_VOICE = Localizer(
    language="zh",
    interface_catalogue=TranslationCatalogue(language="zh"),
    content_catalogue=TranslationCatalogue(language="zh"),
)
_FOREIGN = Localizer(
    language="en",
    interface_catalogue=TranslationCatalogue(language="en"),
    content_catalogue=TranslationCatalogue(language="en"),
)
_BODY = """# {heading}

before

<table class="facts" title="{typed}">
<tr><td class="cell">{typed}</td><td class="foreign">{foreign}</td></tr>
</table>

<div class="prose">
{prose}
</div>

## Second {{#second}}

after
"""


def examine(content: bytes) -> None:
    """Print a page with the text in every place that a text can have, and read it back."""
    # No file of a project passes with such characters, but PO files know `\r`.
    typed = "".join(mark for mark in typed_in(content) if mark == "\r" or not is_forbidden(mark))
    body, meta = get_data(_page(Text(typed)).markdown())
    folded = " ".join(typed.split())
    assert {name: html.unescape(meta.pop(name)) for name in ("title", "description")} == {
        "title": folded,
        "description": folded,
    }
    (crumb,) = meta.pop("trail")
    assert html.unescape(crumb.pop("title")) == folded
    assert not {"<", ">", '"', "'"} & set(html.escape(folded))
    assert (crumb, meta) == (
        {"address": ""},
        {"kind": "declaration", "address": "2021/health/clinic/", "alternates": {}},
    )
    rendered = _CONVERTER.reset().convert(body)
    _read_leniently(rendered, typed)
    _read_strictly(rendered, typed)


def _page(text: Text) -> Page:
    body = _BODY.format(
        heading=text.markdown(),
        typed=text.html(),
        foreign=_FOREIGN.format_source_text(text),
        prose=_VOICE.format_paragraphs(text),
    )
    return Page(
        kind=PageKind.DECLARATION,
        language="zh",
        address="2021/health/clinic/",
        title=text,
        description=text,
        body=body,
        breadcrumbs=(Breadcrumb(title=text, address=""),),
    )


def _read_leniently(rendered: str, typed: str) -> None:
    """Read as a browser does, which makes the best of everything."""
    page: HtmlElement = fragment_fromstring(rendered, create_parent="main")
    paragraphs = [line.strip() for line in typed.split("\n") if line.strip()]
    # Of the text itself only its language and its paragraphs may be elements.
    foreign_shape = [] if _FOREIGN.is_translated(Text(typed)) else [("span", ["lang"])]
    shape = [
        *(("h1", ["id"]), ("p", []), ("table", ["class", "title"]), ("tr", [])),
        *(("td", ["class"]), ("td", ["class"]), *foreign_shape),
        *(("div", ["class"]), *(("p", []) for _ in paragraphs)),
        *(("h2", ["id"]), ("p", [])),
    ]
    assert [(part.tag, sorted(part.keys())) for part in page.iterdescendants()] == shape
    heading, table = page[0], page[2]
    assert (heading.text or "").split() == typed.split()
    assert table.get("title") == typed
    (cell, foreign) = table.iter("td")
    assert (cell.text or "") == typed
    assert foreign.text_content() == typed
    assert [part.text for part in page.find_class("prose")[0]] == paragraphs


def _read_strictly(rendered: str, typed: str) -> None:
    """Read as the verifier does, which refuses what is not written as we write it."""
    page = read_html(rendered)
    table = next(tag for tag in page.tags if tag.classes == ("facts",))
    assert table.attributes == {"class": "facts", "title": typed}
    (text,) = (text for tag, text in page.events if not tag.is_end and tag.classes == ("cell",))
    assert text == typed
