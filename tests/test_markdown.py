"""Text on its way through Markdown: nothing lost, nothing becomes markup, whatever was typed."""

import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown
from markdown.extensions import Extension

from generator.site.markdown import SiteMarkdown
from generator.text import Text

MARKS = "|\\*_<>&#:-='\"{}[]()!`~+.$%^@/?;,"
TYPED = st.text(
    st.one_of(
        st.sampled_from(MARKS),
        st.sampled_from("中文，。；：“”【】（）％＝１"),
        st.sampled_from("ab1 \t\n\r"),  # `\r` cannot be typed into YAML, but into a PO file
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")),
    ),
    min_size=1,
    max_size=60,
)
EXTENSIONS: list[str | Extension] = [SiteMarkdown(), "def_list", "tables", "fenced_code", "toc"]


def _rendered(markdown: str) -> str:
    return Markdown(extensions=EXTENSIONS).convert(markdown)


@given(TYPED)
@example("a\r\r[b](c)")
def test_a_text_in_a_block_reaches_the_page_byte_for_byte(typed: str) -> None:
    block = f"<table>\n<tr><td>{Text(typed).html()}</td></tr>\n</table>"

    assert _rendered(f"before\n\n{block}\n\nafter") == f"<p>before</p>\n{block}\n<p>after</p>"
    cell = re.search("<td>(.*)</td>", block)
    assert cell is not None
    assert unescape(cell[1]) == typed


@given(TYPED)
@example("a\r\r[b](c)")
def test_a_text_in_a_heading_is_read_back_with_its_blanks_folded_and_brings_no_markup(typed: str) -> None:
    heading = html.fragment_fromstring(_rendered(f"# {Text(typed).markdown()}\n\n## {{#second}}"), "div")[0]

    assert heading.tag == "h1"
    assert heading.get("id") == "title"
    assert list(heading) == []
    assert (heading.text or "").split() == typed.split()


def test_a_block_ends_at_a_blank_line_and_markdown_goes_on() -> None:
    source = "<dl>\n<div><dt>*a*</dt></div>\n</dl>\n\n## 来源 {#source}\n\n*b* <b>\n"

    assert _rendered(source) == (
        '<dl>\n<div><dt>*a*</dt></div>\n</dl>\n<h2 id="source">来源</h2>\n<p><em>b</em> <b></p>'
    )


def test_nothing_in_braces_but_an_anchor_has_a_meaning() -> None:
    assert _rendered("## a {.big}") == '<h2 id="a-big">a {.big}</h2>'
    assert _rendered('## a {onclick="x"}').startswith("<h2 id=")
    assert "<h2 onclick" not in _rendered('## a {onclick="x"}')
