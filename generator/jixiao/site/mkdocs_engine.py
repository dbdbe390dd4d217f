"""MkDocs with Material, the engine that renders Markdown pages to HTML; no other module knows it.

Pages are rendered one by one and in memory, so any set of pages can be rendered in any process, and a page
looks the same in each set. The navigation consists of placeholder pages: it knows the titles and addresses
of index pages and does not need their text.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml
from markdown import Markdown
from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page as EnginePage
from mkdocs.structure.toc import get_toc

from jixiao.analysis.page_kinds import PageKind
from jixiao.i18n import THEME, message
from jixiao.ignored_files import is_ignored_name
from jixiao.pages import Page
from jixiao.pages.templates import (
    find_template_error,
    is_disk_error,
    open_template_cache,
    require_theme_folder,
)
from jixiao.problems import UserError
from jixiao.theme import PACKAGE_THEME

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation as EngineNavigation

ASSET_PATTERNS = ("assets/*.css", "assets/*.js", "assets/*.svg", "assets/stylesheets/main.*.css")
"""Files of the themes that pages load; Material's own search, scripts and source maps are left out."""
ERROR_PAGE = "404.html"
_EXTENSION = "jixiao.site.markdown_extension"
_FORMER_EXTENSION = "generator.site.markdown"


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """Everything the engine needs to render pages of one language, on any machine."""

    inherited_yaml: str
    """Text of the inherited `mkdocs.yml`."""
    language: str
    mkdocs_options: Mapping[str, object]
    """MkDocs options that differ from the inherited ones, except those of the theme."""
    template_values: Mapping[str, object]
    """Values for the templates of the theme, available there as `config.extra`."""
    placeholder_paths: tuple[str, ...]
    """Paths of the index pages in the navigation, e.g. `2021/index.md`."""


class MkDocsEngine:
    """Renders Markdown pages of one language to HTML.

    Raises:
        UserError: From every method: the engine failed or warned; the failure has its messages.
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Set up the engine, which takes a twentieth of a second."""
        # Keeps Material's announcement of MkDocs 2 out of our output. Set for good: a variable that comes and
        # goes can be read half by a program that another thread is starting.
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        self._settings = settings
        with TemporaryDirectory(prefix="jixiao-engine-") as folder, _raise_build_failures():
            self._config = self._load_config(Path(folder))

    def render(self, page: Page) -> str:
        """Render *page* to HTML."""
        with _raise_build_failures():
            shown = self._navigation_pages.get(page.path)
            if shown is None:
                file = File(page.path, self._config.docs_dir, self._config.site_dir, use_directory_urls=True)
                shown = EnginePage(None, file, self._config)
            if page.kind is PageKind.HANDWRITTEN:
                # By MkDocs itself, because an editor may use all of its syntax.
                shown.markdown, shown.meta = page.text(), page.front_matter()
                shown.render(self._config, self._files)
            else:
                shown.markdown, shown.meta = "", page.front_matter()
                shown.content = self._markdown.reset().convert(page.text())
                shown.toc = get_toc(getattr(self._markdown, "toc_tokens", []))
            context = get_context(self._navigation, self._files, self._config, shown)
            return self._template.render(context)

    def collect_shared_assets(self) -> dict[str, bytes]:
        """Return the shared files by path: style sheets, scripts and the page for missing files."""
        # Links of the error page start at the root of the server, because any address may show it.
        base_url = urlsplit(self._config.site_url or "/").path
        with _raise_build_failures():
            context = get_context(self._navigation, self._files, self._config, base_url=base_url)
            files = {ERROR_PAGE: self._environment.get_template(ERROR_PAGE).render(context).encode()}
        # A file in several folders of the theme is taken from the first.
        for folder in map(Path, reversed(self._config.theme.dirs)):
            for path in (path for pattern in ASSET_PATTERNS for path in folder.glob(pattern)):
                if is_ignored_name(path.name):
                    continue
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
        return dict(sorted(files.items()))

    def _load_config(self, folder: Path) -> MkDocsConfig:
        """Write settings and placeholder pages to *folder*, and load the MkDocs configuration.

        Template values are set directly on the configuration, because MkDocs reads YAML slowly.
        """
        settings = self._settings
        documents = folder / "pages"
        documents.mkdir()
        for path in settings.placeholder_paths:
            (documents / path).parent.mkdir(parents=True, exist_ok=True)
            (documents / path).write_text("---\ntitle: ''\n---\n", encoding="utf-8")
        (folder / "inherited.yml").write_text(settings.inherited_yaml, encoding="utf-8")
        options = {
            "INHERIT": "inherited.yml",
            **settings.mkdocs_options,
            "theme": {
                "name": "material",
                "custom_dir": str(THEME / "engine"),
                "language": settings.language,
                "font": False,
            },
            "docs_dir": str(documents),
            "site_dir": str(folder / "html"),
        }
        text = yaml.safe_dump(options, allow_unicode=True, sort_keys=False)
        (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
        config = load_config(str(folder / "mkdocs.yml"))
        config.extra.update(settings.template_values)
        return config

    @cached_property
    def _files(self) -> Files:
        config = self._config
        return Files(
            [
                File(path, config.docs_dir, config.site_dir, use_directory_urls=True)
                for path in self._settings.placeholder_paths
            ]
        )

    @cached_property
    def _navigation(self) -> EngineNavigation:
        return get_navigation(self._files, self._config)

    @cached_property
    def _navigation_pages(self) -> dict[str, EnginePage]:
        """Pages of the navigation by path."""
        return {page.file.src_uri: page for page in self._navigation.pages}

    @cached_property
    def _markdown(self) -> Markdown:
        config = self._config
        return Markdown(
            extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"] or {}
        )

    @cached_property
    def _environment(self) -> jinja2.Environment:
        environment = self._config.theme.get_env()
        environment.bytecode_cache = open_template_cache()
        return environment

    @cached_property
    def _template(self) -> jinja2.Template:
        return self._environment.get_template("main.html")


def read_inherited_settings(root: Path) -> str:
    """Read the `mkdocs.yml` to inherit, from the site, else the theme, else the checkout."""
    candidates = (folder / "mkdocs.yml" for folder in (root, PACKAGE_THEME, PACKAGE_THEME.parent))
    text = next(path for path in candidates if path.exists()).read_text("utf-8")
    # Sites begun by earlier releases have a copy that names the extension where it stood then.
    return text.replace(_FORMER_EXTENSION, _EXTENSION)


@contextmanager
def _raise_build_failures() -> Iterator[None]:
    """Turn an exception or a warning of the engine into a build failure."""
    with _collect_warnings() as warnings:
        try:
            yield
        except Exception as error:
            require_theme_folder("engine")
            if is_disk_error(error):
                raise
            # Settings, templates or plug-ins of a site can raise anything.
            if template_error := find_template_error(error):
                raise template_error from error
            reason = str(error) if isinstance(error, MkDocsException) else f"{type(error).__name__}: {error}"
            details = "\n".join([*warnings, reason]).strip()
            raise UserError(message("页面没有渲染成功"), details) from error
    if warnings:
        raise UserError(message("渲染页面时有警告"), "\n".join(warnings))


class _WarningCollector(logging.Handler):
    """Log handler that stores the warnings of MkDocs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.warnings.append(record.getMessage())


@contextmanager
def _collect_warnings() -> Iterator[list[str]]:
    """Collect the warnings of MkDocs, which logs and continues where a build must stop."""
    logger = logging.getLogger("mkdocs")
    collector = _WarningCollector()
    logger.addHandler(collector)
    propagated, logger.propagate = logger.propagate, False
    try:
        yield collector.warnings
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagated
