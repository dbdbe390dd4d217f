"""The only module that knows the engine: MkDocs with Material.

It renders pages of one language, one by one and in memory, so that any set of pages can be rendered anywhere
and each looks the same in every set. The navigation is made of stand-ins: it knows titles and addresses of
index pages and needs none of them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
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

from jixiao.i18n import THEME, message
from jixiao.ignored_files import is_leftover
from jixiao.pages import Page
from jixiao.pages.page import Kind
from jixiao.pages.template_cache import compiled_templates
from jixiao.pages.templates import is_disk_error, require_theme, slip_in_template
from jixiao.site.build_failure import BuildFailure, bad_template
from jixiao.theme import OURS

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation as EngineNavigation

ASSETS = ("assets/*.css", "assets/*.js", "assets/*.svg", "assets/stylesheets/main.*.css")
"""What the pages load; Material's own search, scripts and source maps stay behind."""
ERROR_PAGE = "404.html"


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """All that the engine must know to render pages of one language, whatever machine it runs on."""

    inherited: str
    """The text of the `mkdocs.yml` to inherit."""
    language: str
    own: Mapping[str, object]
    """What differs from it, beside the theme."""
    printed: Mapping[str, object]
    """What the templates of the theme print beside the page; `config.extra` to them."""
    stand_ins: tuple[str, ...]
    """Paths of the index pages in the navigation, e.g. `2021/index.md`."""


class Engine:
    """Renders Markdown pages of one language to HTML.

    Raises:
        BuildFailure: From every method: the engine failed or warned; its words are in the failure.
    """

    def __init__(self, settings: EngineSettings) -> None:
        """Set the engine up; this takes a twentieth of a second."""
        # Keeps Material's announcement of MkDocs 2 out of our output. Set for good: a variable that comes and
        # goes can be read half by a program that another thread is starting.
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        self._settings = settings
        with TemporaryDirectory(prefix="jixiao-engine-") as folder, _told():
            self._config = self._load(Path(folder))

    def render(self, page: Page) -> str:
        """Render *page*; give its HTML."""
        with _told():
            shown = self._known.get(page.path) or self._new(page)
            if page.kind is Kind.HANDWRITTEN:
                # As MkDocs reads it: what an editor wrote may lean on all it offers.
                shown.markdown, shown.meta = page.text(), page.front_matter()
                shown.render(self._config, self._files)
            else:
                shown.markdown, shown.meta = "", page.front_matter()
                shown.content = self._markdown.reset().convert(page.text())
                shown.toc = get_toc(getattr(self._markdown, "toc_tokens", []))
            context = get_context(self._navigation, self._files, self._config, shown)
            return self._template.render(context)

    def frame(self) -> dict[str, bytes]:
        """Give what all pages share, by path: style sheets, scripts, and the page for what is not found."""
        with _told():
            files = {ERROR_PAGE: self._error_page().encode()}
        # What stands in several folders of the theme is taken from the first.
        for folder in map(Path, reversed(self._config.theme.dirs)):
            for path in (path for pattern in ASSETS for path in folder.glob(pattern)):
                if is_leftover(path.name):
                    continue
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
        return dict(sorted(files.items()))

    def _error_page(self) -> str:
        """Render the page for what is not found. It is shown anywhere: links begin at the server."""
        base_url = urlsplit(self._config.site_url or "/").path
        context = get_context(self._navigation, self._files, self._config, base_url=base_url)
        return self._environment.get_template(ERROR_PAGE).render(context)

    def _load(self, home: Path) -> MkDocsConfig:
        """Write the settings and the stand-ins to *home*, and have the engine read them.

        What templates print beside pages is given to the engine as it is: it reads YAML slowly.
        """
        settings = self._settings
        documents = home / "pages"
        documents.mkdir()
        for path in settings.stand_ins:
            (documents / path).parent.mkdir(parents=True, exist_ok=True)
            (documents / path).write_text("---\ntitle: ''\n---\n", encoding="utf-8")
        (home / "inherited.yml").write_text(settings.inherited, encoding="utf-8")
        own = {
            "INHERIT": "inherited.yml",
            **settings.own,
            "theme": {
                "name": "material",
                "custom_dir": str(THEME / "engine"),
                "language": settings.language,
                "font": False,
            },
            "docs_dir": str(documents),
            "site_dir": str(home / "html"),
        }
        text = yaml.safe_dump(own, allow_unicode=True, sort_keys=False)
        (home / "mkdocs.yml").write_text(text, encoding="utf-8")
        config = load_config(str(home / "mkdocs.yml"))
        config.extra.update(settings.printed)
        return config

    def _new(self, page: Page) -> EnginePage:
        config = self._config
        file = File(page.path, config.docs_dir, config.site_dir, use_directory_urls=True)
        return EnginePage(None, file, config)

    @cached_property
    def _files(self) -> Files:
        config = self._config
        return Files(
            [
                File(path, config.docs_dir, config.site_dir, use_directory_urls=True)
                for path in self._settings.stand_ins
            ]
        )

    @cached_property
    def _navigation(self) -> EngineNavigation:
        return get_navigation(self._files, self._config)

    @cached_property
    def _known(self) -> dict[str, EnginePage]:
        """The pages of the navigation by path."""
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
        environment.bytecode_cache = compiled_templates()
        return environment

    @cached_property
    def _template(self) -> jinja2.Template:
        return self._environment.get_template("main.html")


def inherited_settings(project: Path) -> str:
    """Read the settings to inherit: those of the project, else of the theme, else of the checkout."""
    candidates = (folder / "mkdocs.yml" for folder in (project, OURS, OURS.parent))
    return next(path for path in candidates if path.exists()).read_text("utf-8")


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever ends the engine, or makes it warn, into a failure that tells it."""
    with _gathered_warnings() as warnings:
        try:
            yield
        except Exception as error:
            require_theme("engine")
            if is_disk_error(error):
                raise
            # Whatever ends the engine: a setting, a template, a plug-in that the project has chosen.
            raise _failure(error, warnings) from error
    if warnings:
        raise BuildFailure(message("渲染页面时有警告"), "\n".join(warnings))


def _failure(error: Exception, warnings: Sequence[str]) -> BuildFailure:
    slip = slip_in_template(error)
    if slip:
        return bad_template(slip)
    reason = str(error) if isinstance(error, MkDocsException) else f"{type(error).__name__}: {error}"
    return BuildFailure(message("页面没有渲染成功"), "\n".join([*warnings, reason]).strip())


class _Gatherer(logging.Handler):
    """Keeps what MkDocs warns about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.warnings.append(record.getMessage())


@contextmanager
def _gathered_warnings() -> Iterator[list[str]]:
    """Gather what MkDocs warns about; it logs and goes on where we must stop."""
    logger = logging.getLogger("mkdocs")
    gatherer = _Gatherer()
    logger.addHandler(gatherer)
    propagated, logger.propagate = logger.propagate, False
    try:
        yield gatherer.warnings
    finally:
        logger.removeHandler(gatherer)
        logger.propagate = propagated
