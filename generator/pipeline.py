"""The pipeline: load, check, model, pages, site. Each command is one function, read from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.check.catalogue import build_catalogue
from generator.check.meaning import check_meaning
from generator.config import SiteConfig, read_config
from generator.load.content import load
from generator.model.catalogue import Catalogue
from generator.pages import all_pages
from generator.pages.template_slip import BadTemplate
from generator.problems import Problem, in_file_order, stops_publishing
from generator.site.failure import BuildFailure, bad_template
from generator.site.release import Progress, prepared_release
from generator.verify import MANIFEST, Finding
from generator.verify import verify as verify_site
from generator.words import message

__all__ = ["Built", "Checked", "Progress", "build", "check", "verify"]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found."""

    catalogue: Catalogue
    config: SiteConfig | None
    """`None` when the settings cannot be read."""
    problems: tuple[Problem, ...]
    """In file order."""
    read: int
    """How many declarations were looked at, sound or not."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """How a build ended."""

    checked: Checked
    site: Path | None
    """The published site; `None` when errors stood in the way."""
    pages: int = 0


def check(project: Path) -> Checked:
    """Find every problem of *project*: its settings, the shape of its files, then their meaning."""
    config = read_config(project)
    sources, unreadable = load(project)
    catalogue, misshapen = build_catalogue(sources, unreadable)
    settings = config if isinstance(config, SiteConfig) else None
    languages = settings.languages if settings else ()
    # Meaning is checked on what is sound, so that one bad file does not hide the problems of another.
    wrong = tuple(check_meaning(catalogue, languages)) if settings else ()
    problems = [*(() if isinstance(config, SiteConfig) else config), *unreadable, *misshapen, *wrong]
    return Checked(
        catalogue=catalogue,
        config=settings,
        problems=in_file_order(problems),
        read=sources.declaration_files,
    )


def build(project: Path, progress: Progress) -> Built:
    """Check *project* and publish its site, or publish nothing when there is an error."""
    progress(message("检查内容"))
    checked = check(project)
    if checked.config is None or stops_publishing(checked.problems):
        return Built(checked=checked, site=None)
    progress(message("生成页面"))
    try:
        pages = {
            language: tuple(all_pages(checked.catalogue, checked.config, language))
            for language in checked.config.languages
        }
    except BadTemplate as error:
        raise bad_template(error.slip) from error
    with prepared_release(pages, checked.catalogue, checked.config, progress, project) as release:
        progress(message("核对网站"))
        _refuse(verify_site(project, release.folder))
        site = release.publish(progress)
    return Built(checked=checked, site=site, pages=sum(map(len, pages.values())))


def verify(project: Path, site: Path) -> tuple[Checked, tuple[Finding, ...]]:
    """Compare *site* with the content of *project* and with its own manifest."""
    checked = check(project)
    if checked.config is None or stops_publishing(checked.problems):
        return checked, ()
    findings = verify_site(project, site)
    if not (site / MANIFEST).exists():
        findings = (*findings, Finding(file=MANIFEST, saying=message("没有清单，或清单读不出来")))
    return checked, findings


def _refuse(findings: tuple[Finding, ...]) -> None:
    """Stop a release that does not say what the content says."""
    if findings:
        places = tuple((finding.file, finding.saying) for finding in findings)
        raise BuildFailure(message("网站与内容不符，有 {count} 处", count=str(len(findings))), places=places)
