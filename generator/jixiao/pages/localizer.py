"""Localizer: interface messages and source texts in one language of the site.

Interface messages are always available in that language; source texts without a translation stay Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from jixiao.i18n import SOURCE_LANGUAGE, Message, TranslationCatalogue, html_language
from jixiao.text import Text, has_chinese

Printable = Text | Markup | str | int
"""Value of a placeholder in a message; all types but `Markup` are escaped."""
_CHINESE_WORDS = re.compile("[\u3400-\u9fff](?:[0-9、，]*[\u3400-\u9fff])*")


@dataclass(frozen=True, kw_only=True)
class Localizer:
    """Localizer of one language, for interface messages and source texts."""

    language: str
    interface_catalogue: TranslationCatalogue
    """Translation catalogue of the interface."""
    content_catalogue: TranslationCatalogue
    """Translation catalogue of source texts, including closed lists."""

    @property
    def is_source(self) -> bool:
        """Whether declarations are filed in this language."""
        return self.language == SOURCE_LANGUAGE

    def translate(self, sentence: str, **values: Printable) -> Markup:
        """Translate an interface message, escaped, with its values."""
        translated = Markup(escape(self.interface_catalogue.translate(sentence)))
        if not values:
            return translated
        return translated.format_map({name: escape(value) for name, value in values.items()})

    def translate_text(self, sentence: str, **values: Text | str | int) -> Text:
        """Translate an interface message as text, for titles and descriptions."""
        plain = {
            name: value.plain() if isinstance(value, Text) else str(value) for name, value in values.items()
        }
        return Text(self.interface_catalogue.translate(sentence).format_map(plain))

    def translate_plain(self, sentence: str, **values: Text | str | int) -> str:
        """Translate an interface message as a plain string, for PDFs and workbooks."""
        return self.translate_text(sentence, **values).plain()

    def translate_with_quotes(self, sentence: Message) -> Markup:
        """Translate a message that quotes the form; in other languages the quotes are marked as Chinese."""
        return self.mark_chinese(Text(sentence.translate(self.interface_catalogue)))

    def mark_chinese(self, text: Text) -> Markup:
        """Return text of the publisher as HTML; in other languages Chinese words are marked as Chinese."""
        if self.is_source:
            return Markup(text.html())
        return Markup(_CHINESE_WORDS.sub(lambda found: mark_as_chinese(Markup(found[0])), text.html()))

    def translate_source_text(self, source_text: Text) -> Text:
        """Translate a source text; without a translation it stays Chinese."""
        return Text(self.content_catalogue.translate(source_text.plain()))

    def is_translated(self, source_text: Text) -> bool:
        """Return whether a source text has a translation, or needs none because it has no Chinese."""
        if self.is_source or not has_chinese(source_text.plain()):
            return True
        return self.content_catalogue.find(source_text.plain()) is not None

    def format_source_text(self, source_text: Text) -> Markup:
        """Return a translated source text as HTML; untranslated Chinese is marked as Chinese."""
        markup = Markup(self.translate_source_text(source_text).html())
        return markup if self.is_translated(source_text) else mark_as_chinese(markup)

    def format_paragraphs(self, source_text: Text) -> Markup:
        """Return a source text as HTML paragraphs."""
        language = Markup("") if self.is_translated(source_text) else Markup(' lang="zh-CN"')
        paragraphs = self.translate_source_text(source_text).paragraphs()
        return Markup("\n").join(
            Markup("<p{}>{}</p>").format(language, paragraph) for paragraph in paragraphs
        )

    def format_heading(self, source_text: Text) -> Markup:
        """Return a source text as one line of Markdown."""
        markdown = Markup(self.translate_source_text(source_text).markdown())
        return markdown if self.is_translated(source_text) else mark_as_chinese(markdown)

    def format_sum(self, value: Decimal, unit: str) -> Markup:
        """Format a sum of money with grouped digits and its unit; exact, never rounded or converted."""
        return Markup('<span class="sum">{} {}</span>').format(
            self.format_number(value), self.translate(unit)
        )

    def format_number(self, value: Decimal | int) -> Markup:
        """Format an exact number with grouped digits."""
        return Markup('<span class="amount">{}</span>').format(f"{value:,}")


def mark_as_chinese(markup: Markup) -> Markup:
    """Mark text as Chinese for screen readers and fonts."""
    return Markup('<span lang="{}">{}</span>').format(html_language(SOURCE_LANGUAGE), markup)
