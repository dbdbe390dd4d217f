"""Page renderer: fills the template of a page with its page data, in one language.

The display hash of page data is equal for two pages that look the same, so an unchanged list of a hundred
declarations is not rendered again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property

from markupsafe import Markup, escape
from pydantic import BaseModel

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import SiteContent
from jixiao.analysis.summary import Summary
from jixiao.config import SiteConfig
from jixiao.i18n import load_interface_catalogue, load_taxonomy_catalogue
from jixiao.pages.glossary import GlossaryTerm, read_glossary
from jixiao.pages.localizer import Localizer
from jixiao.pages.page import Breadcrumb, Page, add_language_prefix, build_relative_link
from jixiao.pages.templates import fill_template
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class PageData:
    """Data of one page before its template is filled."""

    kind: PageKind
    address: str
    title: Text
    description: Text
    template: str = ""
    """Name of the template of the page."""
    values: Mapping[str, object] = field(default_factory=dict)
    declaration_ids: tuple[str, ...] = ()
    """Ids of declarations that the page names outside its main list."""
    body: str = ""
    """Markdown of a hand-written page, which has no template."""
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    year: int | None = None
    jsonld: str = ""
    """JSON-LD of the page; see `Page`."""
    redirect_to: str | None = None
    """Address of the page that readers are redirected to."""


@dataclass(frozen=True, kw_only=True)
class PageRenderer:
    """Renderer of the pages of one language, from page data to Markdown."""

    content: SiteContent
    config: SiteConfig
    localizer: Localizer

    @classmethod
    def for_language(cls, language: str, content: SiteContent, config: SiteConfig) -> PageRenderer:
        """Create the renderer for *language*."""
        localizer = Localizer(
            language=language,
            interface_catalogue=load_interface_catalogue(language),
            content_catalogue=load_taxonomy_catalogue(language).merge(content.find_translations(language)),
        )
        return cls(content=content, config=config, localizer=localizer)

    @cached_property
    def glossary(self) -> Mapping[str, GlossaryTerm]:
        """Glossary of the publisher in this language, by Chinese term."""
        return read_glossary(self.content.handwritten_pages, self.localizer)

    @property
    def language(self) -> str:
        """Language of the pages."""
        return self.localizer.language

    def render(self, page_data: PageData) -> Page:
        """Render *page_data* as a page: fill its template, and make its links relative."""

        def link(target: str) -> Markup:
            return Markup(escape(build_relative_link(target, page_data.address)))

        def link_from_root(target: str) -> Markup:
            page = add_language_prefix(page_data.address, self.language)
            return Markup(escape(build_relative_link(target, page)))

        body = page_data.body or fill_template(
            page_data.template,
            {
                "localizer": self.localizer,
                "translate": self.localizer.translate,
                "source_text": self.localizer.format_source_text,
                "content": self.content,
                "link": link,
                "link_from_root": link_from_root,
                "urls": urls,
                "organisation": self.find_organisation_name,
                "title": page_data.title,
                **page_data.values,
            },
        )
        return Page(
            kind=page_data.kind,
            language=self.language,
            address=page_data.address,
            title=page_data.title,
            description=page_data.description,
            body=body,
            breadcrumbs=page_data.breadcrumbs,
            alternates={
                language: add_language_prefix(page_data.address, language)
                for language in self.config.languages
            },
            year=page_data.year,
            jsonld=page_data.jsonld,
            redirect_to=None
            if page_data.redirect_to is None
            else build_relative_link(page_data.redirect_to, page_data.address),
        )

    def find_organisation_name(self, identity: str) -> Text:
        """Return the official name of a department or unit, in Chinese."""
        return self.content.organisations[identity].name

    def number_title(self, title: Text, number: int) -> Text:
        """Add the page number to the title of every page of a list but the first."""
        if number == 1:
            return title
        return self.localizer.translate_text("{title}（第 {number} 页）", title=title, number=number)

    def build_home_breadcrumb(self) -> Breadcrumb:
        """Return the breadcrumb of the home page, the first of every page."""
        return Breadcrumb(title=self.localizer.translate_text("首页"), address=urls.HOME)

    def build_year_breadcrumb(self, year: int) -> Breadcrumb:
        """Return the breadcrumb of a year."""
        return Breadcrumb(
            title=self.localizer.translate_text("{year}年度", year=year), address=urls.year_url(year)
        )

    def build_department_year_breadcrumb(self, department: str, year: int) -> Breadcrumb:
        """Return the breadcrumb of a department in a year."""
        return Breadcrumb(
            title=self.localizer.translate_source_text(self.find_organisation_name(department)),
            address=urls.department_year_url(department, year),
        )


def hash_page_data(page_data: PageData) -> str:
    """Return the display hash of page data as 32 hexadecimal digits."""
    parts: list[str] = []
    _collect_parts(page_data, parts)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _collect_parts(value: object, parts: list[str]) -> None:
    """Append texts that represent *value*, distinct for each type of value."""
    match value:
        case Summary():
            parts.append(value.display_hash)
        case dict():
            parts.append(f"{{{len(value)}")
            for key, member in value.items():
                parts.append(str(key))
                _collect_parts(member, parts)
        case list() | tuple():
            parts.append(f"[{len(value)}")
            for member in value:
                _collect_parts(member, parts)
        case _ if is_dataclass(value) and not isinstance(value, Text):
            parts.append(type(value).__name__)
            for field in fields(value):
                _collect_parts(getattr(value, field.name), parts)
        case _:
            parts.append(value.model_dump_json() if isinstance(value, BaseModel) else repr(value))
