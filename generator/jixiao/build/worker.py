"""Work on a single page, from its data to verified HTML, as values on any machine.

Nothing here touches the disk of the site, and no page needs another page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeVar

from jixiao.analysis.site_content import SiteContent
from jixiao.build.task import PAGES, SITE, Output, PageScan, hash_inputs
from jixiao.check.rules import RuleSettings
from jixiao.config import SiteConfig
from jixiao.i18n import message
from jixiao.packs import TypesettingError
from jixiao.pages import PageData, PageRenderer
from jixiao.pages.page import add_language_prefix
from jixiao.problems import UserError
from jixiao.site.mkdocs_engine import EngineSettings, MkDocsEngine
from jixiao.site.search_text import extract_indexed_html
from jixiao.verify.sources import VerificationSources
from jixiao.verify.verification import report_on

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """Everything that checks of single declarations need beside these."""

    catalogue: SiteContent
    """Without declarations."""
    rules: RuleSettings


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """Everything that all tasks of a build share. It travels to each worker once."""

    catalogue: SiteContent
    """Site content without declarations and without parts that only the whole site needs."""
    config: SiteConfig
    engines: Mapping[str, EngineSettings]
    """How pages are rendered, by language."""
    sources: VerificationSources
    """Sources that all pages share, as the verification reads them."""
    shared_inputs: str
    """Hash of everything that serves all pages."""

    @cached_property
    def renderers(self) -> Mapping[str, tuple[PageRenderer, MkDocsEngine]]:
        """Markdown and HTML renderer of each language, set up once a worker."""
        return {
            language: (
                PageRenderer.for_language(language, self.catalogue, self.config),
                MkDocsEngine(settings),
            )
            for language, settings in self.engines.items()
        }

    def __getstate__(self) -> dict[str, Any]:
        """Leave the renderers behind."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def render_page(
    context: BuildContext, language: str, sheet: PageData, sources: VerificationSources
) -> Output:
    """Render a page and verify it.

    Args:
        context: Of the build.
        language: The language of the page.
        sheet: The data of the page.
        sources: At least what the page shows, as the verification has read it.

    Raises:
        UserError: The engine or a template failed.
    """
    renderer, engine = context.renderers[language]
    page = renderer.render(sheet)
    text = engine.render(page)
    html = text.encode()
    path = html_path(language, page.address)
    report = report_on(path, html, sources)
    return Output(
        files={
            f"{SITE}{path}": html,
            f"{PAGES}{language}/{page.address}index.md": page.markdown().encode(),
        },
        scans={path: PageScan(report.leads_to, hash_inputs(extract_indexed_html(text)))},
        findings=report.findings,
    )


def html_path(language: str, address: str) -> str:
    """Return the file of a page in the site."""
    return f"{add_language_prefix(address, language)}index.html"


def typeset(
    name: str, render: Callable[[Value, PageRenderer], bytes], value: Value, renderer: PageRenderer
) -> bytes:
    """Typeset a document.

    Args:
        name: Names it in a failure.
        render: Typesets.
        value: The first argument of *render*.
        renderer: The second one.

    Raises:
        UserError: It cannot be typeset.
    """
    try:
        return render(value, renderer)
    except TypesettingError as error:
        raise UserError(message("资料包没有做成：{name}", name=name), str(error)) from error
