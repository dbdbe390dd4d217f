"""Make the whole site from pages: render, merge the languages, add forms and indexes, check, publish."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.config import SiteConfig
from generator.model.catalogue import Catalogue
from generator.pages import Page
from generator.pages.links import from_root
from generator.site.engine import Engine
from generator.site.failure import BuildFailure
from generator.site.link_check import broken_links
from generator.site.navigation import navigation_of
from generator.site.publish import fresh_folder, only_one_build, swap_in
from generator.site.search_index import indexes_of, write_indexes
from generator.site.security import write_headers
from generator.site.sitemap import sitemap
from generator.words import Message, closed_list_words, message

Progress = Callable[[Message], None]
"""Told before each step what begins."""
PagesByLanguage = Mapping[str, Sequence[Page]]


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Where things lie under the project folder."""

    project: Path

    @property
    def build(self) -> Path:
        """Everything that is generated."""
        return self.project / "build"

    @property
    def site(self) -> Path:
        """The published site."""
        return self.build / "site"

    @property
    def pages(self) -> Path:
        """The Markdown of every page, one folder a language."""
        return self.build / "pages"


def build_site(
    pages: PagesByLanguage, catalogue: Catalogue, config: SiteConfig, progress: Progress, project: Path
) -> Path:
    """Build and publish the site; give its folder.

    Raises:
        BuildFailure: A step failed. The site that was published before is untouched.
    """
    place = Workplace(project=project)
    with only_one_build(place.build):
        release = fresh_folder(place.build / ".next-site")
        workshop = fresh_folder(place.build / ".workshop")
        try:
            for language, of_language in pages.items():
                progress(
                    message(
                        "渲染页面：{language}，{count} 页", language=language, count=str(len(of_language))
                    )
                )
                html = _engine(language, catalogue, config, place, workshop).render(of_language)
                shutil.copytree(html, release / from_root("", language), dirs_exist_ok=True)
            _add_forms(release, catalogue, project)
            for language, of_language in pages.items():
                progress(message("建立搜索索引：{language}", language=language))
                write_indexes(release, language, indexes_of(of_language), _facet_order(catalogue, language))
            write_headers(release, place.build / "nginx-headers.conf")
            if config.address:
                everything = [page for of_language in pages.values() for page in of_language]
                (release / "sitemap.xml").write_text(sitemap(everything, config.address), encoding="utf-8")
            progress(message("检查链接"))
            _refuse_broken_links(release, config.address or "")
            progress(message("发布"))
            swap_in(_write_markdown(pages, place), place.pages)
            swap_in(release, place.site)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
            shutil.rmtree(release, ignore_errors=True)
    return place.site


def _engine(
    language: str, catalogue: Catalogue, config: SiteConfig, place: Workplace, workshop: Path
) -> Engine:
    return Engine(
        project=place.project,
        workshop=workshop,
        config=config,
        language=language,
        navigation=navigation_of(catalogue, language),
    )


def _facet_order(catalogue: Catalogue, language: str) -> tuple[str, ...]:
    """List the closed lists as they stand in the forms: natures, then classes of indicators."""
    words = closed_list_words(language).merged_with(catalogue.dictionary(language))
    lists = [
        listed
        for taxonomy in catalogue.taxonomies.values()
        for listed in (taxonomy.natures, *taxonomy.levels.values())
    ]
    return tuple(dict.fromkeys(words.say(value) for listed in lists for value in listed))


def _add_forms(release: Path, catalogue: Catalogue, project: Path) -> None:
    """Copy the forms that declarations were taken from, byte for byte."""
    for form in sorted({filed.declaration.source.form.plain() for filed in catalogue.declarations}):
        target = release / form
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project / "content" / form, target)


def _write_markdown(pages: PagesByLanguage, place: Workplace) -> Path:
    folder = fresh_folder(place.build / ".next-pages")
    for language, of_language in pages.items():
        for page in of_language:
            path = folder / language / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.markdown(), encoding="utf-8", newline="\n")
    return folder


def _refuse_broken_links(release: Path, address: str) -> None:
    broken = tuple(broken_links(release, address))
    if broken:
        details = "\n".join(f"{link.page}: {link.target}" for link in broken)
        raise BuildFailure(message("有 {count} 个链接指向不存在的页面", count=str(len(broken))), details)
