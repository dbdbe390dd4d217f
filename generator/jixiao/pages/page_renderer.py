"""The press: what all pages of one language are made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup, escape

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.i18n import closed_list_words, interface_words
from jixiao.pages.glossary import Term, glossary_in
from jixiao.pages.links import from_root, relative
from jixiao.pages.localizer import Voice
from jixiao.pages.page import Crumb, Kind, Page
from jixiao.pages.templates import fill
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What distinguishes one page from another before it is printed."""

    kind: Kind
    address: str
    title: Text
    description: Text
    template: str = ""
    """The template that its text is made with."""
    values: Mapping[str, object] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Ids of declarations that the page shows and is no list of."""
    body: str = ""
    """The text itself, where an editor wrote it."""
    trail: tuple[Crumb, ...] = ()
    year: int | None = None
    linked: str = ""
    """JSON-LD that stands in the page; see `Page`."""
    leads_to: str | None = None
    """Address of the page that readers are led to."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """Prints the pages of one language."""

    catalogue: Catalogue
    config: SiteConfig
    voice: Voice

    @classmethod
    def for_language(cls, language: str, catalogue: Catalogue, config: SiteConfig) -> Press:
        """Set up the press for *language*."""
        voice = Voice(
            language=language,
            words=interface_words(language),
            content=closed_list_words(language).merged_with(catalogue.dictionary(language)),
        )
        return cls(catalogue=catalogue, config=config, voice=voice)

    @cached_property
    def glossary(self) -> Mapping[str, Term]:
        """The publisher's glossary in this language, by Chinese term."""
        return glossary_in(self.catalogue.handwritten, self.voice)

    @property
    def language(self) -> str:
        """The language of the pages."""
        return self.voice.language

    def print(self, sheet: Sheet) -> Page:
        """Fill the template of *sheet* and make it a page."""
        return Page(
            kind=sheet.kind,
            language=self.language,
            address=sheet.address,
            title=sheet.title,
            description=sheet.description,
            body=sheet.body or self._filled(sheet),
            trail=sheet.trail,
            alternates=self.alternates(sheet.address),
            year=sheet.year,
            linked=sheet.linked,
            leads_to=None if sheet.leads_to is None else relative(sheet.leads_to, sheet.address),
        )

    def _filled(self, sheet: Sheet) -> str:
        def link(target: str) -> Markup:
            return Markup(escape(relative(target, sheet.address)))

        def link_from_root(target: str) -> Markup:
            return Markup(escape(relative(target, from_root(sheet.address, self.language))))

        return fill(
            sheet.template,
            {
                "voice": self.voice,
                "say": self.voice.say,
                "filed": self.voice.filed,
                "catalogue": self.catalogue,
                "link": link,
                "link_from_root": link_from_root,
                "addresses": urls,
                "organisation": self.organisation_name,
                "title": sheet.title,
                **sheet.values,
            },
        )

    def alternates(self, address: str) -> dict[str, str]:
        """Give the same page in every language of the site, as addresses from the root."""
        return {language: from_root(address, language) for language in self.config.languages}

    def organisation_name(self, identity: str) -> Text:
        """Give the official name of a department or unit, in Chinese."""
        return self.catalogue.organisations[identity].name

    def title_of_part(self, title: Text, number: int) -> Text:
        """Tell the parts of a list apart in titles, in which readers and search engines find them."""
        if number == 1:
            return title
        return self.voice.plainly("{title}（第 {number} 页）", title=title, number=number)

    def home(self) -> Crumb:
        """Give the first step of every trail."""
        return Crumb(title=self.voice.plainly("首页"), address=urls.HOME)

    def year(self, year: int) -> Crumb:
        """Give the step of a year."""
        return Crumb(title=self.voice.plainly("{year}年度", year=year), address=urls.of_year(year))

    def department_year(self, department: str, year: int) -> Crumb:
        """Give the step of a department in a year."""
        return Crumb(
            title=self.voice.translated(self.organisation_name(department)),
            address=urls.of_department_year(department, year),
        )
