"""The only module that knows the engine: MkDocs with Material.

It renders a given set of pages of one language and gives back the folder with the HTML. Which pages those are
is decided elsewhere: all of them, or only those that changed. The navigation is the same whatever the set,
because index pages that are not in it stand in as empty pages whose output is dropped.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from generator.config import HTML_LANGUAGES, SiteConfig
from generator.pages import Page
from generator.pages.links import from_root
from generator.pages.template_slip import slip_in_template
from generator.site.failure import BuildFailure, bad_template
from generator.site.navigation import Navigation
from generator.site.security import POLICY
from generator.text import Text
from generator.words import SOURCE_LANGUAGE, THEME, interface_words, message

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
"""Each language in its own words."""
ASSETS = ("assets/*.css", "assets/*.js", "assets/*.svg", "assets/stylesheets/main.*.css")
"""What the pages load; Material's own search, scripts and source maps stay behind."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Renders Markdown pages of one language to HTML."""

    project: Path
    workshop: Path
    """A folder for generated settings and output; emptied before each run."""
    config: SiteConfig
    language: str
    navigation: Navigation

    def render(self, pages: Sequence[Page]) -> Path:
        """Render *pages*; give the folder with their HTML and the assets, as they lie under the language.

        Raises:
            BuildFailure: The engine failed or warned; its words are in the failure.
        """
        folder = self.workshop / self.language
        shutil.rmtree(folder, ignore_errors=True)
        documents, output = folder / "pages", folder / "html"
        wanted = {page.path for page in pages}
        for page in pages:
            _write(documents / page.path, page.markdown())
        stand_ins = {f"{address}index.md" for address in self.navigation.addresses()} - wanted
        for path in stand_ins:
            _write(documents / path, "---\ntitle: ''\n---\n")
        settings = folder / "mkdocs.yml"
        _write(
            settings, yaml.safe_dump(self._settings(documents, output), allow_unicode=True, sort_keys=False)
        )
        _run(settings)
        for path in stand_ins:
            (output / path).with_suffix(".html").unlink()
        _drop_unused(output)
        return output

    def _settings(self, documents: Path, output: Path) -> dict[str, object]:
        """Write the settings that differ from `mkdocs.yml`."""
        address = self.config.address
        root = urlsplit(address).path if address else "/"
        words = interface_words(self.language)
        return {
            "INHERIT": str(_inherited(self.project)),
            "site_name": _plain(self.config.said(self.config.name, self.language)),
            "site_url": f"{address}{from_root('', self.language)}" if address else "",
            "docs_dir": str(documents),
            "site_dir": str(output),
            "theme": {
                "name": "material",
                "custom_dir": str(THEME / "engine"),
                "language": self.language,
                "font": False,
            },
            "nav": [{entry.title: f"{entry.address}index.md"} for entry in self.navigation.header],
            "extra": {
                "language": self.language,
                "html_language": HTML_LANGUAGES[self.language],
                # From the server, without the slash at the end.
                "home": f"{root}{from_root('', self.language)}".rstrip("/"),
                "root": root.rstrip("/"),
                "way_to_root": "" if self.language == SOURCE_LANGUAGE else "/..",
                "address": address or "",
                "security_policy": POLICY,
                "demonstration": self.config.demonstration,
                "languages": [
                    {
                        "code": code,
                        "html": HTML_LANGUAGES[code],
                        "name": LANGUAGE_NAMES[code],
                        "prefix": from_root("", code),
                    }
                    for code in self.config.languages
                ],
                "words": dict(words.translations),
                "site": self._footer(),
                "footer_pages": [
                    {"title": entry.title, "address": entry.address} for entry in self.navigation.footer
                ],
            },
        }

    def _footer(self) -> dict[str, str]:
        config, language = self.config, self.language
        licence = config.data_licence
        lines = {
            "publisher": _plain(config.said(config.publisher, language)),
            "host": _plain(config.said(config.footer.host, language)),
            "contact": config.contact or "",
            "licence": _plain(config.said(licence.name, language)) if licence else "",
            "licence_link": (licence.link or "") if licence else "",
            "site_code": _plain(config.footer.site_code),
            "icp": _plain(config.footer.icp),
            "police": _plain(config.footer.police),
        }
        return {name: line for name, line in lines.items() if line}


def _inherited(project: Path) -> Path:
    """Find the settings to inherit: those of the project, else of the theme, else of the checkout."""
    candidates = (folder / "mkdocs.yml" for folder in (project, THEME, THEME.parent))
    return next(path for path in candidates if path.exists())


def _plain(text: Text | None) -> str:
    return text.plain() if text else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _run(settings: Path) -> None:
    with _gathered_warnings() as warnings, _without_banner():
        try:
            mkdocs_build(load_config(str(settings)))
        except OSError:
            raise  # the disk, not the engine
        except Exception as error:
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


@contextmanager
def _gathered_warnings() -> Iterator[list[str]]:
    """Gather what MkDocs warns about; it logs and goes on where we must stop."""
    warnings: list[str] = []
    logger = logging.getLogger("mkdocs")

    class _Gatherer(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warnings.append(record.getMessage())

    gatherer = _Gatherer(logging.WARNING)
    logger.addHandler(gatherer)
    propagated, logger.propagate = logger.propagate, False
    try:
        yield warnings
    finally:
        logger.removeHandler(gatherer)
        logger.propagate = propagated


@contextmanager
def _without_banner() -> Iterator[None]:
    """Keep Material's announcement of MkDocs 2 out of our output."""
    before = os.environ.get("NO_MKDOCS_2_WARNING")
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["NO_MKDOCS_2_WARNING"]
        else:
            os.environ["NO_MKDOCS_2_WARNING"] = before


def _drop_unused(output: Path) -> None:
    """Remove what the engine writes and no page of ours loads."""
    kept = {path for pattern in ASSETS for path in output.glob(pattern)}
    for path in sorted((output / "assets").rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (output / name).unlink(missing_ok=True)
