"""A view: one page of the site in one language, with what it must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jixiao.i18n import Message, message
from jixiao.verify.figure import amount, grouped, numbers_in
from jixiao.verify.finding import Finding, difference
from jixiao.verify.html_reading import Article
from jixiao.verify.sources import Sources, Totals
from jixiao.verify.translations import Translations

BLANK = "未填报"


@dataclass(frozen=True, kw_only=True)
class View:
    """A page and its sources."""

    page: str
    """The file, relative to the site."""
    title: str
    """What stands in `<title>`."""
    article: Article
    words: Translations
    sources: Sources

    def differs(self, what: Message, accepted: Iterable[str], found: str) -> tuple[Finding, ...]:
        """Give a finding unless *found* is one of the *accepted* texts."""
        return difference(self.page, what, accepted, found)

    def differ(
        self, what: Message, accepted: Iterable[Iterable[str]], found: Iterable[str]
    ) -> tuple[Finding, ...]:
        """Give a finding unless the texts *found* are one of the *accepted* lists."""
        return self.differs(what, [" ¦ ".join(texts) for texts in accepted], " ¦ ".join(found))

    def name_of(self, organisation: str) -> str:
        """Give the Chinese name of an organisation, or its id where the register lacks it."""
        entry = self.sources.organisations.get(organisation)
        return entry.name if entry else organisation

    def names(self, chinese: str) -> tuple[str, ...]:
        """List what may stand for a filed text."""
        plain = chinese.strip()
        said = self.words.filed(plain).strip()
        return (plain,) if said == plain else (said, plain)

    def sums(self, filed: str | None, unit: str | None) -> tuple[str, ...]:
        """List what may stand for a filed sum: its digits in groups with the unit, or 未填报 for a blank."""
        if filed is None:
            return (self.words.said(BLANK),)
        return (f"{grouped(filed)} {self.words.said(unit or '')}".strip(),)

    def total(self, what: Message, totals: Totals, found: str) -> Iterator[Finding]:
        """Compare a sum of sums, which is in 元; where nobody filed any, nothing adds up to 0."""
        if not totals.with_annual:
            yield from self.differs(what, (self.words.said(BLANK),), found)
            return
        number, _, unit = found.partition(" ")
        if amount(number) == totals.annual and grouped(number) == number:
            yield from self.differs(what, (self.words.said("元"),), unit)
        else:
            yield from self.differs(what, (f"{totals.annual:,} {self.words.said('元')}",), found)

    def count(self, what: Message, number: int, found: str) -> Iterator[Finding]:
        """Compare the one number of a short text."""
        yield from self.differ(what, [[str(number)]], numbers_in(found))

    def loose(self, *texts: str) -> Iterator[Finding]:
        """Compare the numbers of all text of the article that is not compared piece by piece."""
        expected = [number for text in texts for number in numbers_in(text)]
        yield from self.differ(message("正文其他地方的数字"), [expected], self.article.loose_numbers())
