"""A project as far as it is read before its declarations: settings, and what serves all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.analysis.site_content import Catalogue
from jixiao.batch import Context
from jixiao.check.read_site_content import build_catalogue
from jixiao.check.rule_settings import check_settings, place_of_setting
from jixiao.check.shared_files import check_settings_text
from jixiao.config import FILE, SiteConfig, read_config
from jixiao.i18n import message
from jixiao.load.content_files import DeclarationFile, load
from jixiao.load.source_files import SourceText, read_text
from jixiao.model.address_register import AddressBook
from jixiao.packs import FONT_PACKAGE, fonts_in_use, has_fonts
from jixiao.personal_data.form_search import search_forms
from jixiao.problems import Problem, Severity
from jixiao.site.build_failure import BuildFailure
from jixiao.site.engine_settings import engine_settings
from jixiao.site.ledger import digest_of
from jixiao.site.mkdocs_engine import inherited_settings
from jixiao.site.navigation import navigation_of
from jixiao.verify import Unreadable, read_shared, unreadable_source
from jixiao.verify.sources import Sources, checksum_of

_REGISTER = "content/addresses.yml"


@dataclass(frozen=True, kw_only=True)
class Project:
    """What is read of it."""

    folder: Path
    config: SiteConfig | None
    """`None` when the settings cannot be read."""
    catalogue: Catalogue
    """Without entries."""
    files: tuple[DeclarationFile, ...]
    """Its declarations, not yet read."""
    problems: tuple[Problem, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site; none when the settings cannot be read."""
        return self.config.languages if self.config else ()

    def years(self) -> tuple[int, ...]:
        """List the years that have folders, latest first."""
        folders = {file.id.partition("/")[0] for file in self.files}
        return tuple(sorted((int(year) for year in folders if year.isdecimal()), reverse=True))


def read_project(folder: Path) -> Project:
    """Read everything but the declarations, and list these."""
    config = read_config(folder)
    sources, unreadable = load(folder)
    are_published = not isinstance(config, SiteConfig) or config.originals
    searched = search_forms(folder, sources.forms, are_published=are_published)
    catalogue, misshapen = build_catalogue(replace(sources, forms=searched), unreadable)
    settings, wrong = (
        (config, (*check_settings(config.rules, folder), *_persons_in_settings(folder)))
        if isinstance(config, SiteConfig)
        else (None, config)
    )
    return Project(
        folder=folder,
        config=settings,
        catalogue=catalogue,
        files=sources.declarations,
        problems=(*wrong, *unreadable, *misshapen),
    )


def _persons_in_settings(folder: Path) -> Iterator[Problem]:
    source = read_text(folder / FILE, FILE)
    if isinstance(source, SourceText):
        yield from check_settings_text(source)


def as_preview(project: Project) -> Project:
    """Give the project as one whose pages say that they are a preview."""
    config = project.config
    return project if config is None else replace(project, config=config.model_copy(update={"preview": True}))


def with_packs_possible(project: Project, *, is_required: bool = False) -> Project:
    """Leave packs out and say so where the machine has no fonts for them, which may be an error."""
    config = project.config
    if config is None or not config.packs or has_fonts():
        return project
    problem = Problem(
        rule="packs-without-font",
        severity=Severity.ERROR if is_required else Severity.WARNING,
        place=place_of_setting(project.folder, "packs"),
        message=message("没有找到中文字体，做不了资料包")
        if is_required
        else message("没有找到中文字体，这次不做资料包"),
        hint=message("请安装：{command}", command=f"apt-get install {FONT_PACKAGE}"),
    )
    without = config.model_copy(update={"packs": False})
    return replace(project, config=without, problems=(*project.problems, problem))


def context_of(project: Project, config: SiteConfig, sources: Sources) -> Context:
    """Gather what every worker needs to make pages."""
    years = project.years()
    engines = {
        language: engine_settings(
            project.folder, config, language, navigation_of(project.catalogue, years, language)
        )
        for language in config.languages
    }
    # What only the whole site needs stays here.
    travelling = replace(
        project.catalogue, addresses=AddressBook(), addresses_tree=None, organisations_tree=None, shared=()
    )
    return Context(travelling, config, engines, sources)


def key_of(project: Project) -> str:
    """Give the digest of all that serves every page: settings, registers, lists, translations, years, fonts.

    The register of addresses is not in it: a new line there changes no page that is there already.
    """
    shared = sorted(
        (source.file, source.text) for source in project.catalogue.shared if source.file != _REGISTER
    )
    return digest_of(
        (project.folder / FILE).read_bytes(),
        inherited_settings(project.folder),
        *(part for source in shared for part in source),
        *map(str, project.years()),
        *(fonts_in_use() if project.config is not None and project.config.packs else ()),
        str(project.config is not None and project.config.preview),
    )


def sources_of(project: Project) -> Sources:
    """Have the verification read for itself what serves all pages, and the forms.

    Raises:
        BuildFailure: It cannot read a file.
    """
    try:
        shared = read_shared(project.folder)
        forms = {
            form: checksum_of(project.folder / "content" / form, project.folder)
            for form in project.catalogue.forms
        }
    except Unreadable as unreadable:
        finding = unreadable_source(unreadable)
        raise BuildFailure(
            message("网站与内容不符，有 {count} 处", count="1"), places=((finding.file, finding.saying),)
        ) from unreadable
    return replace(shared, forms=forms)
