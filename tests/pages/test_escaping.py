"""The one door for text: each way out escapes for one place, and templates refuse what came by no door."""

import importlib.util
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from string import punctuation

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.i18n import TranslationCatalogue, message
from jixiao.model.organisation import Organisation
from jixiao.pages.localizer import Localizer, mark_as_chinese
from jixiao.pages.page import Breadcrumb
from jixiao.pages.page_renderer import PageData, PageRenderer
from jixiao.pages.templates import BareValue, build_template_environment, fill_template
from jixiao.problems import UserError
from jixiao.text import Text

ENGLISH = Localizer(
    language="en",
    interface_catalogue=TranslationCatalogue(
        language="en", translations={"共 {n} 项 <": "{n} items <", "元": "yuan & fen"}
    ),
    content_catalogue=TranslationCatalogue(
        language="en",
        translations={"巡诊 <村>": "rounds <villages>", "一段\n二段": "one <p>\n\n two", "# 题": "# title"},
    ),
)
CHINESE = Localizer(
    language="zh",
    interface_catalogue=TranslationCatalogue(language="zh"),
    content_catalogue=TranslationCatalogue(language="zh"),
)


def test_html_escapes_every_mark_of_markup_quotes_line_breaks_and_tabs_included() -> None:
    assert Text("a<b>&\"c\"'d'\ne\tf").html() == "a&lt;b&gt;&amp;&quot;c&quot;&#x27;d&#x27;&#10;e&#9;f"
    assert Text("a\rX").html() == "a&#13;X"
    assert Text("<").__html__() == Markup("&lt;")
    assert isinstance(Text("<").__html__(), Markup)


def test_markdown_turns_every_ascii_mark_into_a_reference_and_blanks_into_one() -> None:
    assert Text(punctuation).markdown() == "".join(f"&#{ord(mark)};" for mark in punctuation)
    assert Text("甲 \t \n乙\tb\n\nc").markdown() == "甲 乙 b c"
    assert Text("a-b\nc\rd").markdown() == "a&#45;b c d"


def test_a_text_never_becomes_a_plain_string_by_accident() -> None:
    with pytest.raises(NotImplementedError):
        str(Text("a"))
    with pytest.raises(NotImplementedError):
        f"{Text('a')}"
    assert Text("a").plain() == "a"
    assert bool(Text("a")) is True
    assert bool(Text("")) is False


def test_each_line_that_is_not_blank_is_a_paragraph() -> None:
    assert Text(" 一 段 \n\n \t\n二段").paragraphs() == (Text("一 段"), Text("二段"))


@pytest.mark.parametrize("value", ["<script>", "", 1.5, None, b"x", ["x"], Decimal(1)])
def test_a_template_refuses_to_print_what_nobody_has_escaped(value: object) -> None:
    with pytest.raises(BareValue, match=f"may not print a {type(value).__name__}: use Text"):
        build_template_environment().from_string("{{ value }}").render(value=value)


def test_a_template_prints_texts_escaped_and_markup_and_whole_numbers_as_they_are() -> None:
    template = build_template_environment().from_string("{{ a }}|{{ b }}|{{ c }}|{{ d | e }}\n")

    assert (
        template.render(a=Text("<'\n"), b=Markup("<b>"), c=2021, d="<") == "&lt;&#x27;&#10;|<b>|2021|&lt;\n"
    )


def test_a_template_stops_at_a_name_that_nobody_has_given() -> None:
    with pytest.raises(UndefinedError):
        build_template_environment().from_string("{{ nobody }}").render()
    with pytest.raises(UndefinedError):
        build_template_environment().from_string("{% if nobody %}x{% endif %}").render()
    with pytest.raises(UserError) as caught:
        fill_template("declaration", {})
    assert caught.value.message.values["file"] == "theme/pages/declaration.md.jinja"


def test_a_template_whose_bytes_are_no_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        return b"\xff".decode("utf-8")

    monkeypatch.setattr(build_template_environment(), "get_template", fail)

    with pytest.raises(UserError) as caught:
        fill_template("declaration", {})
    assert caught.value.message == message("模板 {file} 读不出来", file="theme/pages/declaration.md.jinja")


def test_the_marks_of_templates_leave_anchors_alone_and_no_blank_lines() -> None:
    source = "{## said #} to all ##}\n## a {#source}\n  {% if yes %}\nb\n  {% endif %}\n"

    assert build_template_environment().from_string(source).render(yes=True) == "## a {#source}\nb\n"


def test_templates_are_made_once() -> None:
    assert build_template_environment() is build_template_environment()


def test_templates_stay_compiled_where_python_keeps_its_modules_compiled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "cache_from_source", lambda _: str(tmp_path / "module.pyc"))
    kept = []
    for keeps_nothing in (True, False):
        monkeypatch.setattr(sys, "dont_write_bytecode", keeps_nothing)
        build_template_environment.cache_clear()
        kept.append(build_template_environment().bytecode_cache is not None)
    build_template_environment.cache_clear()

    assert kept == [False, True]


def test_a_sentence_and_its_values_are_escaped_and_nothing_twice() -> None:
    said = ENGLISH.translate("共 {n} 项 <", n=Text("<1>"))

    assert said == Markup("&lt;1&gt; items &lt;")
    assert isinstance(said, Markup)
    assert ENGLISH.translate("共 {n} 项 <", n="<1>") == "&lt;1&gt; items &lt;"
    assert ENGLISH.translate("共 {n} 项 <", n=Markup("<b>1</b>")) == "<b>1</b> items &lt;"
    assert ENGLISH.translate("共 {n} 项 <", n=1) == "1 items &lt;"


def test_a_sentence_for_a_title_is_text_that_is_escaped_later() -> None:
    assert ENGLISH.translate_text("共 {n} 项 <", n=Text("<")) == Text("< items <")
    assert ENGLISH.translate_text("共 {n} 项 <", n=2) == Text("2 items <")
    assert ENGLISH.translate_text("共 {n} 项 <", n="&") == Text("& items <")


def test_what_was_filed_is_printed_translated_or_marked_as_chinese_and_always_escaped() -> None:
    assert ENGLISH.format_source_text(Text("巡诊 <村>")) == "rounds &lt;villages&gt;"
    assert ENGLISH.format_source_text(Text("候诊 <村>")) == '<span lang="zh-CN">候诊 &lt;村&gt;</span>'
    assert ENGLISH.format_source_text(Text("<5")) == "&lt;5"
    assert CHINESE.format_source_text(Text("巡诊 <村>")) == "巡诊 &lt;村&gt;"
    assert isinstance(ENGLISH.format_source_text(Text("<5")), Markup)
    assert isinstance(ENGLISH.format_source_text(Text("候诊")), Markup)


@pytest.mark.parametrize("character", [*"，。；：、“”（）《》", "\u3400", "\u9fff", "诊"])
def test_chinese_is_told_by_its_characters_and_its_marks(character: str) -> None:
    assert not ENGLISH.is_translated(Text(f"a{character}b"))
    assert CHINESE.is_translated(Text(character))


@pytest.mark.parametrize("typed", ["", ">=90%", "1 234", "\u33ff", "\ua000", "é", "X"])
def test_what_has_no_chinese_in_it_needs_no_translation(typed: str) -> None:
    assert ENGLISH.is_translated(Text(typed))


@pytest.mark.parametrize(
    "quoted",
    ["㐀", "鿿", "巡诊", "诊㐀鿿诊", "共0项", "共9项", "第12、34，5次", "诊、诊", "诊，诊", "诊0㐀", "诊9鿿"],
)
def test_a_sentence_that_quotes_the_form_marks_its_words_as_chinese(quoted: str) -> None:
    sentence = message("<“{quoted}” or 1, 2", quoted=quoted)

    said = ENGLISH.translate_with_quotes(sentence)

    assert said == f'&lt;“<span lang="zh-CN">{quoted}</span>” or 1, 2'
    assert isinstance(said, Markup)
    assert CHINESE.translate_with_quotes(sentence) == f"&lt;“{quoted}” or 1, 2"
    assert isinstance(CHINESE.translate_with_quotes(sentence), Markup)


def test_only_runs_of_chinese_are_marked_as_chinese() -> None:
    assert ENGLISH.translate_with_quotes(message("3诊4 诊a诊-鿿\u33ff\ua000")) == (
        "3{0}4 {0}a{0}-{1}\u33ff\ua000".format('<span lang="zh-CN">诊</span>', '<span lang="zh-CN">鿿</span>')
    )


def test_prose_becomes_escaped_paragraphs_that_say_their_language() -> None:
    assert ENGLISH.format_paragraphs(Text("一段\n二段")) == "<p>one &lt;p&gt;</p>\n<p>two</p>"
    assert (
        ENGLISH.format_paragraphs(Text("<b>\n\n三"))
        == '<p lang="zh-CN">&lt;b&gt;</p>\n<p lang="zh-CN">三</p>'
    )
    assert CHINESE.format_paragraphs(Text("<b>")) == "<p>&lt;b&gt;</p>"
    assert isinstance(CHINESE.format_paragraphs(Text("<b>")), Markup)


def test_a_heading_is_a_line_of_markdown_that_brings_no_markup() -> None:
    assert ENGLISH.format_heading(Text("# 题")) == "&#35; title"
    assert ENGLISH.format_heading(Text("*题*")) == '<span lang="zh-CN">&#42;题&#42;</span>'
    assert CHINESE.format_heading(Text("*题*\n<")) == "&#42;题&#42; &#60;"
    assert isinstance(CHINESE.format_heading(Text("<")), Markup)


def test_a_sum_is_written_in_groups_of_three_with_its_escaped_unit() -> None:
    assert ENGLISH.format_sum(Decimal("1234567.80"), "元") == (
        '<span class="sum"><span class="amount">1,234,567.80</span> yuan &amp; fen</span>'
    )
    assert CHINESE.format_number(1000) == '<span class="amount">1,000</span>'
    assert isinstance(CHINESE.format_number(1000), Markup)
    assert isinstance(CHINESE.format_sum(Decimal(1), "元"), Markup)


def test_words_marked_as_chinese_are_escaped_unless_they_are_markup() -> None:
    assert mark_as_chinese(Markup("<b>")) == '<span lang="zh-CN"><b></span>'


def _press(language: str) -> PageRenderer:
    name = {"zh": "甲", "en": "A"}
    catalogue = SiteContent(
        organisations={
            "health": Organisation.model_validate({"name": "示例县《卫》健委", "kind": "department"})
        },
        translations={
            "en": TranslationCatalogue(language="en", translations={"示例县《卫》健委": "Health <b>"})
        },
    )
    return PageRenderer.for_language(language, catalogue, SiteConfig.model_validate({"name": name}))


def test_a_press_speaks_its_language_with_the_closed_lists_and_the_words_of_the_content() -> None:
    english = _press("en")

    assert english.language == "en"
    assert english.localizer.translate_source_text(Text("示例县《卫》健委")) == Text("Health <b>")
    assert english.localizer.translate_source_text(Text("数量指标")) != Text("数量指标")
    assert english.localizer.translate_text("首页") != Text("首页")
    assert _press("zh").localizer.translate_text("首页") == Text("首页")


def test_the_steps_of_a_trail_name_the_home_page_the_year_and_the_department() -> None:
    english, chinese = _press("en"), _press("zh")

    assert chinese.build_home_breadcrumb() == Breadcrumb(title=Text("首页"), address="")
    assert chinese.build_year_breadcrumb(2021) == Breadcrumb(title=Text("2021年度"), address="2021/")
    assert english.build_department_year_breadcrumb("health", 2021) == Breadcrumb(
        title=Text("Health <b>"), address="2021/health/"
    )
    assert english.find_organisation_name("health") == Text("示例县《卫》健委")


def test_a_page_keeps_what_its_sheet_says_and_leads_on_by_a_relative_way() -> None:
    sheet = PageData(
        kind=PageKind.RENAMED,
        address="2021/health/old/",
        title=Text("a"),
        description=Text("b"),
        template="renamed",
        values={"target": "2021/health/new/", "new": Text("<new>")},
    )
    english = _press("en")

    page = english.render(sheet)
    assert (page.language, page.kind, page.title, page.description) == (
        "en",
        PageKind.RENAMED,
        Text("a"),
        Text("b"),
    )
    assert '<a href="../new/">&lt;new&gt;</a>' in page.body
    assert (page.year, page.redirect_to, page.breadcrumbs) == (None, None, ())
    way = english.render(
        replace(
            sheet, redirect_to="2021/health/new/", year=2021, breadcrumbs=(english.build_home_breadcrumb(),)
        )
    )
    assert (way.year, way.redirect_to, way.breadcrumbs) == (
        2021,
        "../new/",
        (english.build_home_breadcrumb(),),
    )
    assert way.alternates == {"zh": "2021/health/old/", "en": "en/2021/health/old/"}
    assert page.address == "2021/health/old/"


def test_a_sheet_has_no_text_and_no_template_unless_it_says_so() -> None:
    sheet = PageData(kind=PageKind.HOME, address="", title=Text("a"), description=Text("b"))

    assert (sheet.template, sheet.values, sheet.body) == ("", {}, "")
    assert _press("zh").render(replace(sheet, body="<p>c</p>")).body == "<p>c</p>"
