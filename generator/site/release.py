"""Make a whole release from pages: render, merge the languages, add forms and indexes; then publish it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.config import SiteConfig
from generator.model.catalogue import Catalogue
from generator.pages import Page
from generator.pages.links import from_root
from generator.site.engine import Engine
from generator.site.navigation import navigation_of
from generator.site.publish import fresh_folder, only_one_build, swap_in
from generator.site.search_index import indexes_of, write_indexes
from generator.site.security import write_headers
from generator.site.sitemap import sitemap
from generator.verify import write_manifest
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


@dataclass(frozen=True, kw_only=True)
class Release:
    """A finished site that nobody can see yet."""

    folder: Path
    place: Workplace
    pages: PagesByLanguage

    def publish(self) -> Path:
        """Put the release in the place of the site, and the Markdown beside it; give the site's folder."""
        write_manifest(self.folder, self.place.site, _commit_of(self.place.project))
        swap_in(_write_markdown(self.pages, self.place), self.place.pages)
        swap_in(self.folder, self.place.site)
        return self.place.site


@contextmanager
def prepared_release(
    pages: PagesByLanguage, catalogue: Catalogue, config: SiteConfig, progress: Progress, project: Path
) -> Iterator[Release]:
    """Build a release under the lock of the build folder; what is not published is removed again.

    Raises:
        BuildFailure: A step failed. The site that was published before is untouched.
    """
    place = Workplace(project=project)
    with only_one_build(place.build):
        release = fresh_folder(place.build / ".next-site")
        workshop = fresh_folder(place.build / ".workshop")
        try:
            for language, of_language in pages.items():
                count = str(len(of_language))
                progress(message("渲染页面：{language}，{count} 页", language=language, count=count))
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
            yield Release(folder=release, place=place, pages=pages)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
            shutil.rmtree(release, ignore_errors=True)


def _commit_of(project: Path) -> str | None:
    """Name the commit that *project* stands on; nothing outside a git checkout or without git."""
    git = shutil.which("git")
    if git is None:
        return None
    asked = subprocess.run(  # noqa: S603 - git itself, with arguments of ours
        [git, "-C", str(project), "rev-parse", "HEAD"], check=False, capture_output=True, text=True
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


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
    for form in sorted({entry.form for entry in catalogue.entries}):
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
