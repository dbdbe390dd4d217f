"""Make a whole release from pages: render, merge the languages, add forms and indexes; then publish it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.config import SiteConfig
from generator.model.catalogue import Catalogue
from generator.pages import Page
from generator.pages.links import from_root
from generator.site.engine import Engine
from generator.site.navigation import navigation_of
from generator.site.publish import (
    bring_back,
    only_one_build,
    open_to_readers,
    remove,
    require_own_folder,
    set_aside,
    swap_in,
    write_through,
)
from generator.site.search_index import indexes_of, write_indexes
from generator.site.security import NGINX, write_headers, write_snippet
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

    @property
    def next_site(self) -> Path:
        """The release, until it is published; afterwards the old site, until it is removed."""
        return self.build / ".next-site"

    @property
    def next_pages(self) -> Path:
        """The same for the Markdown."""
        return self.build / ".next-pages"

    @property
    def workshop(self) -> Path:
        """What only the making of a release needs."""
        return self.build / ".workshop"

    def clear(self) -> None:
        """Remove everything that is neither published nor the lock."""
        for place in (self.site, self.pages):
            bring_back(place)
            remove(set_aside(place))
        for folder in (self.next_site, self.next_pages, self.workshop):
            remove(folder)

    def require_free(self) -> None:
        """Refuse a project where something else stands in the place of a folder of ours.

        Raises:
            BuildFailure: It says what stands where.
        """
        if self.build.exists() and not self.build.is_dir():
            require_own_folder(self.build, self.build.name)
        for place in (self.site, self.pages):
            require_own_folder(place, place.relative_to(self.project).as_posix())


@dataclass(frozen=True, kw_only=True)
class Release:
    """A finished site that nobody can see yet."""

    place: Workplace
    pages: PagesByLanguage

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.place.next_site

    def publish(self, progress: Progress) -> Path:
        """Put the release in the place of the site, and the Markdown beside it; give the site's folder."""
        place = self.place
        progress(message("写清单"))
        write_manifest(place.next_site, place.site, _commit_of(place.project))
        _write_markdown(self.pages, place.next_pages)
        snippet = place.workshop / NGINX
        write_snippet(snippet)
        progress(message("写到磁盘"))
        for folder in (place.next_site, place.next_pages, place.workshop):
            open_to_readers(folder)
        write_through(place.build)
        progress(message("发布"))
        snippet.replace(place.build / NGINX)
        swap_in(place.next_pages, place.pages)
        swap_in(place.next_site, place.site)
        progress(message("清除旧网站"))
        # The new site is there: what cannot be removed now is for the next build to remove, or to name.
        with suppress(OSError):
            place.clear()
        return place.site


@contextmanager
def prepared_release(
    pages: PagesByLanguage, catalogue: Catalogue, config: SiteConfig, progress: Progress, project: Path
) -> Iterator[Release]:
    """Build a release under the lock of the build folder; what is not published is removed again.

    Raises:
        BuildFailure: A step failed. The site that was published before is untouched.
    """
    place = Workplace(project=project)
    place.require_free()
    with only_one_build(place.build):
        progress(message("清除上次中断的构建"))
        place.clear()
        try:
            place.next_site.mkdir()
            _render(pages, catalogue, config, progress, place)
            _index(pages, catalogue, progress, place)
            progress(message("写入申报表文本和站点地图"))
            _add_forms(place.next_site, catalogue, project)
            write_headers(place.next_site)
            if config.address:
                everything = [page for of_language in pages.values() for page in of_language]
                file = place.next_site / "sitemap.xml"
                file.write_text(sitemap(everything, config.address), encoding="utf-8")
            yield Release(place=place, pages=pages)
        finally:
            # On a disk that fails, the failure itself is what the user must read.
            with suppress(OSError):
                place.clear()


def _render(
    pages: PagesByLanguage, catalogue: Catalogue, config: SiteConfig, progress: Progress, place: Workplace
) -> None:
    """Render each language and merge it into the release."""
    for language, of_language in pages.items():
        progress(message("渲染页面：{language}，{count} 页", language=language, count=str(len(of_language))))
        engine = Engine(
            project=place.project,
            workshop=place.workshop,
            config=config,
            language=language,
            navigation=navigation_of(catalogue, language),
        )
        html = engine.render(of_language)
        shutil.copytree(html, place.next_site / from_root("", language), dirs_exist_ok=True)


def _index(pages: PagesByLanguage, catalogue: Catalogue, progress: Progress, place: Workplace) -> None:
    for language, of_language in pages.items():
        progress(message("建立搜索索引：{language}", language=language))
        order = _facet_order(catalogue, language)
        write_indexes(place.next_site, language, indexes_of(of_language), order)


def _commit_of(project: Path) -> str | None:
    """Name the commit that *project* stands on; nothing outside a git checkout or without git."""
    git = shutil.which("git")
    if git is None:
        return None
    asked = subprocess.run(  # noqa: S603 - git itself, with arguments of ours
        [git, "-C", str(project), "rev-parse", "HEAD"], check=False, capture_output=True, text=True
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


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


def _write_markdown(pages: PagesByLanguage, folder: Path) -> None:
    for language, of_language in pages.items():
        for page in of_language:
            path = folder / language / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.markdown(), encoding="utf-8", newline="\n")
