"""Text on its way through Markdown: nothing lost, nothing becomes markup, whatever was typed."""

import re
from html import unescape

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown
from markdown.extensions import Extension

from jixiao.site.markdown_extension import SiteMarkdown
from jixiao.text import Text

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


def _render(markdown: str) -> str:
    return Markdown(extensions=EXTENSIONS).convert(markdown)


@given(TYPED)
@example("a\r\r[b](c)")
def test_a_text_in_a_block_reaches_the_page_byte_for_byte(typed: str) -> None:
    block = f"<table>\n<tr><td>{Text(typed).html()}</td></tr>\n</table>"

    assert _render(f"before\n\n{block}\n\nafter") == f"<p>before</p>\n{block}\n<p>after</p>"
    cell = re.search("<td>(.*)</td>", block)
    assert cell is not None
    assert unescape(cell[1]) == typed


@given(TYPED)
@example("a\r\r[b](c)")
def test_a_text_in_a_heading_is_read_back_with_its_blanks_folded_and_brings_no_markup(typed: str) -> None:
    heading = html.fragment_fromstring(_render(f"# {Text(typed).markdown()}\n\n## {{#second}}"), "div")[0]

    assert heading.tag == "h1"
    assert heading.get("id") == "title"
    assert list(heading) == []
    assert (heading.text or "").split() == typed.split()


def test_a_block_ends_at_a_blank_line_and_markdown_goes_on() -> None:
    source = "<dl>\n<div><dt>*a*</dt></div>\n</dl>\n\n## 来源 {#source}\n\n*b* <b>\n"

    assert _render(source) == (
        '<dl>\n<div><dt>*a*</dt></div>\n</dl>\n<h2 id="source">来源</h2>\n<p><em>b</em> <b></p>'
    )


def test_nothing_in_braces_but_an_anchor_has_a_meaning() -> None:
    assert _render("## a {.big}") == '<h2 id="a-big">a {.big}</h2>'
    assert _render('## a {onclick="x"}').startswith("<h2 id=")
    assert "<h2 onclick" not in _render('## a {onclick="x"}')


def test_headings_of_every_level_take_the_anchor_that_is_written_behind_them() -> None:
    for level in range(1, 7):
        assert _render(f"{'#' * level} 来源  {{#z-0-5-a9}}  ") == f'<h{level} id="z-0-5-a9">来源</h{level}>'
        assert _render(f"{'#' * level} {{#a}}") == f'<h{level} id="a"></h{level}>'
        assert _render(f"{'#' * level} 来源 {{#5-years}}") == f'<h{level} id="5-years">来源</h{level}>'
    assert _render("# 来源") == '<h1 id="title">来源</h1>'
    assert _render("# *来源*") == '<h1 id="title"><em>来源</em></h1>'
    assert _render("来源 {#a}") == "<p>来源 {#a}</p>"


def test_braces_that_hold_no_anchor_or_stand_before_other_words_are_words() -> None:
    for typed in (
        "来源 {#}",
        "来源 {#-a}",
        "来源 {#A}",
        "来源 {#a_b}",
        "来源 {a}",
        "来源 {#a} 乙",
        "来源 #a",
        "来源 {#a",
    ):
        assert html.fragment_fromstring(_render(f"## {typed}")).text == typed


def test_only_a_tag_at_the_first_column_after_a_blank_line_begins_a_block() -> None:
    assert _render("a *b*") == "<p>a <em>b</em></p>"
    assert _render("</p>*b*\n*c*") == "</p>*b*\n*c*"
    assert _render("a\n<b>*c*</b>") == "<p>a\n<b><em>c</em></b></p>"
    assert _render("<div>*c*</div>\n\n\n*d*") == "<div>*c*</div>\n<p><em>d</em></p>"
    assert _render("<p>*a*</p>\n\n<p>*b*\n*c*</p>\n\n<p>*d*</p>") == "<p>*a*</p>\n<p>*b*\n*c*</p>\n<p>*d*</p>"
    assert _render(" <b>*c*</b>") == "<p><b><em>c</em></b></p>"
    assert _render("<5 *c*") == "<p>&lt;5 <em>c</em></p>"
