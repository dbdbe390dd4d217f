"""Content of a site's folder: settings, registers, and the list of its declarations.

A folder goes in; a `Content` comes out, with the problems found on the way. Declarations are not read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.analysis.site_content import SiteContent
from jixiao.check.read_site_content import build_site_content
from jixiao.check.rules import check_rule_settings, find_setting_place
from jixiao.check.shared_files import check_settings_text
from jixiao.config import CONFIG_FILE, SiteConfig, read_config
from jixiao.i18n import message
from jixiao.load.content_files import DeclarationFile, load_content
from jixiao.load.source_files import SourceText, read_text
from jixiao.originals.form_search import search_forms
from jixiao.packs import FONT_PACKAGE, has_fonts
from jixiao.problems import Problem, Severity


@dataclass(frozen=True, kw_only=True)
class Content:
    """Settings and registers of a site's folder, and the list of its declarations."""

    root: Path
    config: SiteConfig | None
    """Settings, or `None` if they cannot be read."""
    registers: SiteContent
    """Registers, lists, pages and translations; declarations are not in it yet."""
    declaration_files: tuple[DeclarationFile, ...]
    """Declaration files, listed but not yet read."""
    problems: tuple[Problem, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the site; empty if the settings cannot be read."""
        return self.config.languages if self.config else ()

    def list_years(self) -> tuple[int, ...]:
        """Return the years that have a folder of declarations, latest first."""
        folders = {file.id.partition("/")[0] for file in self.declaration_files}
        return tuple(sorted((int(year) for year in folders if year.isdecimal()), reverse=True))


def read_content(root: Path) -> Content:
    """Read everything below *root* except the declarations, which are only listed."""
    config = read_config(root)
    sources, unreadable = load_content(root)
    are_published = not isinstance(config, SiteConfig) or config.originals
    searched = search_forms(root, sources.forms, are_published=are_published)
    catalogue, misshapen = build_site_content(replace(sources, forms=searched), unreadable)
    settings, wrong = (
        (config, (*check_rule_settings(config.rules, root), *_find_persons_in_config(root)))
        if isinstance(config, SiteConfig)
        else (None, config)
    )
    return Content(
        root=root,
        config=settings,
        registers=catalogue,
        declaration_files=sources.declarations,
        problems=(*wrong, *unreadable, *misshapen),
    )


def _find_persons_in_config(root: Path) -> Iterator[Problem]:
    source = read_text(root / CONFIG_FILE, CONFIG_FILE)
    if isinstance(source, SourceText):
        yield from check_settings_text(source)


def mark_as_preview(content: Content) -> Content:
    """Return the content with its settings changed so that every page is marked as a preview."""
    config = content.config
    return content if config is None else replace(content, config=config.model_copy(update={"preview": True}))


def disable_packs_without_fonts(content: Content, *, is_required: bool = False) -> Content:
    """Turn packs off and report it if no suitable font is installed."""
    config = content.config
    if config is None or not config.packs or has_fonts():
        return content
    problem = Problem(
        rule="packs-without-font",
        severity=Severity.ERROR if is_required else Severity.WARNING,
        place=find_setting_place(content.root, "packs"),
        message=message("没有找到中文字体，做不了资料包")
        if is_required
        else message("没有找到中文字体，这次不做资料包"),
        hint=message("请安装：{command}", command=f"apt-get install {FONT_PACKAGE}"),
    )
    without = config.model_copy(update={"packs": False})
    return replace(content, config=without, problems=(*content.problems, problem))
