"""A voice: the site speaking one language. Interface words always have it; filed words may stay Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from jixiao.i18n import SOURCE_LANGUAGE, Dictionary, Message, html_language
from jixiao.text import Text, has_chinese

Printable = Text | Markup | str | int
"""What may stand for a name in a sentence; all but `Markup` are escaped on the way."""
_CHINESE_WORDS = re.compile("[\u3400-\u9fff](?:[0-9、，]*[\u3400-\u9fff])*")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Everything a page needs to speak."""

    language: str
    words: Dictionary
    """The words of the interface."""
    content: Dictionary
    """The translations of what was filed, closed lists included."""

    @property
    def is_source(self) -> bool:
        """Whether this is the language in which declarations are filed."""
        return self.language == SOURCE_LANGUAGE

    def say(self, sentence: str, **values: Printable) -> Markup:
        """Say a sentence of the interface, escaped, with its values."""
        said = Markup(escape(self.words.say(sentence)))
        if not values:
            return said
        return said.format_map({name: escape(value) for name, value in values.items()})

    def plainly(self, sentence: str, **values: Text | str | int) -> Text:
        """Say a sentence of the interface as text, for titles and descriptions."""
        plain = {
            name: value.plain() if isinstance(value, Text) else str(value) for name, value in values.items()
        }
        return Text(self.words.say(sentence).format_map(plain))

    def quoting(self, sentence: Message) -> Markup:
        """Say a sentence that quotes words of the form; in another language they are marked as Chinese."""
        return self.own(Text(sentence.say(self.words)))

    def own(self, text: Text) -> Markup:
        """Print words of the publisher in this language; Chinese words among others are marked as Chinese."""
        said = text.html()
        if self.is_source:
            return Markup(said)
        return Markup(_CHINESE_WORDS.sub(lambda found: in_chinese(Markup(found[0])), said))

    def translated(self, filed: Text) -> Text:
        """Translate what was filed, or leave it Chinese."""
        return Text(self.content.say(filed.plain()))

    def is_translated(self, filed: Text) -> bool:
        """Tell whether *filed* has a translation, or needs none because it has no Chinese in it."""
        if self.is_source or not has_chinese(filed.plain()):
            return True
        return self.content.find(filed.plain()) is not None

    def filed(self, filed: Text) -> Markup:
        """Print what was filed; Chinese in a page of another language is marked as Chinese."""
        said = Markup(self.translated(filed).html())
        return said if self.is_translated(filed) else in_chinese(said)

    def prose(self, filed: Text) -> Markup:
        """Print what was filed as paragraphs."""
        language = Markup("") if self.is_translated(filed) else Markup(' lang="zh-CN"')
        paragraphs = self.translated(filed).paragraphs()
        return Markup("\n").join(
            Markup("<p{}>{}</p>").format(language, paragraph) for paragraph in paragraphs
        )

    def heading(self, filed: Text) -> Markup:
        """Print what was filed as a line of Markdown."""
        said = self.translated(filed).markdown()
        return Markup(said if self.is_translated(filed) else in_chinese(Markup(said)))

    def amount(self, value: Decimal, unit: str) -> Markup:
        """Write a sum of money in groups of three digits with its unit; exact, never rounded or converted."""
        return Markup('<span class="sum">{} {}</span>').format(self.figure(value), self.say(unit))

    def figure(self, value: Decimal | int) -> Markup:
        """Write a number in groups of three digits, exact."""
        return Markup('<span class="amount">{}</span>').format(f"{value:,}")


def in_chinese(markup: Markup) -> Markup:
    """Mark words as Chinese for screen readers and fonts."""
    return Markup('<span lang="{}">{}</span>').format(html_language(SOURCE_LANGUAGE), markup)
