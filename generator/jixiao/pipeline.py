"""The pipeline: load, check, model, pages, site. Each command is one function, read from top to bottom."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from jixiao.analysis.data_table import DATABASE_QUERIES
from jixiao.analysis.site_content import Publication, SiteContent
from jixiao.build.cache import CacheError
from jixiao.build.context import build_context
from jixiao.build.declarations import DeclarationStage, check_declarations
from jixiao.build.download_stages import (
    data_stage,
    description_stage,
    feed_stage,
    form_stage,
    header_stage,
    pack_stage,
)
from jixiao.build.executor import Executor, choose_executor, tune_gc
from jixiao.build.history_stage import build_history
from jixiao.build.page_stages import (
    LAYOUT,
    find_copied,
    layout_stage,
    list_declaration_pages,
    list_project_pages,
    list_stage,
    project_stage,
    sitemap_stage,
)
from jixiao.build.paths import BuildPaths
from jixiao.build.results import DeclarationResults
from jixiao.build.search_stage import search_stage, start_indexes
from jixiao.build.staging import Progress, StagedSite, staged_site
from jixiao.build.worker import BuildContext, CheckContext
from jixiao.check.semantic_checks import check_across_files
from jixiao.config import SiteConfig
from jixiao.content import Content, disable_packs_without_fonts, mark_as_preview, read_content
from jixiao.history.git import read_revision
from jixiao.i18n import message
from jixiao.problems import Problem, Severity, UserError, has_error, is_advice, sort_by_place
from jixiao.site.sitemap import SitePage
from jixiao.verify import MANIFEST, VerificationFinding, compare_whole_site, sort_findings
from jixiao.verify import verify as verify_site
from jixiao.verify.sources import VerificationSources

__all__ = ["BuildOptions", "BuildResult", "Checked", "Progress", "build", "check", "verify"]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Result of a check."""

    catalogue: SiteContent
    config: SiteConfig | None
    """`None` when the settings cannot be read."""
    problems: tuple[Problem, ...]
    """In file order; those of a build may be without the advice."""
    counts: Counter[Severity]
    """How many were found of each severity, listed or not."""
    read: int
    """How many declarations were looked at, sound or not."""

    @property
    def has_errors(self) -> bool:
        """Whether nothing may be published."""
        return has_error(self.problems)


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How to build a site."""

    scheduler: str | None = None
    """The address of a Dask scheduler that shares the work out; without one this machine does it."""
    with_advice: bool = True
    """List advice, too; otherwise it is counted, which is quicker and takes less memory."""
    is_complete: bool = False
    """Publish nothing if a part that the settings ask for is missing; otherwise only warn."""
    as_preview: bool = False
    """Mark every page as a preview, whatever the settings say."""


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """Result of a build."""

    checked: Checked
    site: Path | None
    """The published site; `None` when errors stood in the way."""
    pages: int = 0
    was_gapless: bool = True
    """Whether readers had the old site or the new one at every moment."""


DEFAULTS = BuildOptions()


def check(root: Path) -> Checked:
    """Check the site at *root*: its settings, the schema of its files, then their meaning."""
    tune_gc()
    content = read_content(root)
    rules = content.config.rules if content.config else {}
    context = CheckContext(catalogue=content.registers, rules=rules)
    with choose_executor(context, len(content.declaration_files)) as executor:
        results = check_declarations(content.declaration_files, root, executor)
    return _check_whole(content, results)


def build(root: Path, progress: Progress, options: BuildOptions = DEFAULTS) -> BuildResult:
    """Check the content at *root* and publish its site, or publish nothing when there is an error.

    Args:
        root: The folder of the site.
        progress: Called before each step.
        options: How.

    Raises:
        UserError: A step failed. The site that was published before is untouched.
    """
    tune_gc()
    try:
        return _build(root, progress, options)
    except CacheError:
        # A spoilt cache costs time and nothing else.
        BuildPaths(root=root).cache.unlink(missing_ok=True)
    try:
        return _build(root, progress, options)
    except CacheError as error:
        raise UserError(message("构建的记录写下后又读不出来；请检查磁盘"), str(error)) from error


def _build(root: Path, progress: Progress, options: BuildOptions) -> BuildResult:
    progress(message("检查内容"))
    content = _load(root, options)
    if content.config is None or has_error(content.problems):
        return BuildResult(checked=_add_problems(check(root), content), site=None)
    with staged_site(BuildPaths(root=root), progress) as staged:
        progress(message("生成页面"))
        context = build_context(content, content.config)
        staged.run(layout_stage(context), Executor(context=context))
        staged.share_links(LAYOUT)
        history = build_history(content.registers, context, staged)
        results = DeclarationResults(lists_advice=options.with_advice)
        declarations = DeclarationStage(content.declaration_files, context, history, staged, results)
        with choose_executor(context, len(declarations.stale), options.scheduler) as executor:
            declarations.run(executor)
            pages = [
                *list_declaration_pages([file.id for file in content.declaration_files], content.languages)
            ]
            indexes: Iterable[object] = ()
            if not results.has_errors:
                _refuse(staged.findings)
                # Begun before the lists, because Pagefind works in a process of its own.
                indexes = start_indexes(pages, staged, executor)
            declarations.add_kept_results()
            checked = _check_whole(content, results)
            if checked.has_errors:
                return BuildResult(checked=checked, site=None)
            progress(message("生成列表"))
            sources = context.sources.with_lists(results.listed)
            publication = _describe_publication(checked, root)
            copied = find_copied(checked.catalogue.summaries, root, staged, executor)
            site = replace(checked.catalogue, history=history, publication=publication, copied_targets=copied)
            lists = _build_lists_and_downloads(site, sources, staged, executor, progress)
            of_lists = start_indexes(lists, staged, executor)
            progress(message("建立搜索索引"))
            deque(chain(indexes, of_lists), maxlen=0)
        pages += (*lists, *list_project_pages(site.projects, context.engines))
        _build_shared_files(site, pages, context, staged, progress)
        progress(message("核对网站"))
        staged.complete()
        _refuse([*staged.findings, *compare_whole_site(sources, staged)])
        folder = staged.publish(progress, {**publication.to_record(), "pages": len(pages)})
    return BuildResult(checked=checked, site=folder, pages=len(pages), was_gapless=staged.was_gapless)


def _load(root: Path, options: BuildOptions) -> Content:
    """Load everything but the declarations, which are loaded one by one while they are built."""
    content = disable_packs_without_fonts(read_content(root), is_required=options.is_complete)
    return mark_as_preview(content) if options.as_preview else content


def _build_lists_and_downloads(
    site: SiteContent,
    sources: VerificationSources,
    staged: StagedSite,
    executor: Executor[BuildContext],
    progress: Progress,
) -> list[SitePage]:
    """Build lists, projects, packs and data files; return the pages of lists."""
    context, root = executor.context, staged.paths.root
    pages: list[SitePage] = []
    staged.run(list_stage(site, sources, context, pages), executor)
    staged.run(project_stage(site, root, context), executor)
    if context.config.packs:
        progress(message("制作资料包"))
        staged.run(pack_stage(site, root, context), executor)
    if context.config.downloads:
        progress(message("写数据文件"))
        staged.run(data_stage(site, context, staged), Executor(context=context))
    return pages


def _build_shared_files(
    site: SiteContent, pages: list[SitePage], context: BuildContext, staged: StagedSite, progress: Progress
) -> None:
    """Build all files that are neither pages nor search indexes."""
    here = Executor(context=context)
    staged.run(search_stage(pages, context.engines, site), here)
    progress(message("写入申报表文本和站点地图"))
    staged.run(form_stage(site, staged.paths.root), here)
    staged.run(header_stage(), here)
    if context.config.downloads:
        staged.run(description_stage(site, context), here)
    staged.run(feed_stage(site, context), here)
    staged.run(sitemap_stage(pages, context), here)


def verify(root: Path, site: Path) -> tuple[Checked, tuple[VerificationFinding, ...]]:
    """Compare *site* with the content at *root* and with its own manifest."""
    checked = check(root)
    if checked.config is None or checked.has_errors:
        return checked, ()
    findings = verify_site(root, site, DATABASE_QUERIES)
    if not (site / MANIFEST).exists():
        findings = (
            *findings,
            VerificationFinding(file=MANIFEST, message=message("没有清单，或清单读不出来")),
        )
    return checked, findings


def _add_problems(checked: Checked, content: Content) -> Checked:
    """Add problems of this machine to those that a check finds in the content."""
    lacking = tuple(problem for problem in content.problems if problem not in checked.problems)
    return replace(
        checked,
        problems=sort_by_place((*checked.problems, *lacking)),
        counts=checked.counts + Counter(problem.severity for problem in lacking),
    )


def _check_whole(content: Content, results: DeclarationResults) -> Checked:
    """Check all files together; return all problems, and all content."""
    summaries = tuple(results.summaries)
    known = {summary.id for summary in summaries}
    unread = {file.file for file in content.declaration_files if file.id not in known}
    catalogue = replace(
        content.registers, summaries=summaries, unread_paths=content.registers.unread_paths | unread
    )
    # Meaning is checked on what is sound, so that one bad file does not hide the problems of another.
    wrong = check_across_files(catalogue, content.languages, content.config.rules) if content.config else ()
    problems = [*content.problems, *results.problems, *wrong]
    counts = Counter(problem.severity for problem in problems)
    counts[Severity.ADVICE] += results.unlisted_advice
    listed = (problem for problem in problems if results.lists_advice or not is_advice(problem))
    return Checked(
        catalogue=catalogue,
        config=content.config,
        problems=sort_by_place(listed),
        counts=counts,
        read=len(content.declaration_files),
    )


def _describe_publication(checked: Checked, root: Path) -> Publication:
    """Describe the site for its manifest and the page of data."""
    summaries = checked.catalogue.summaries
    revision = read_revision(root)
    return Publication(
        commit=revision.commit if revision else None,
        time=revision.time if revision else None,
        changed_since=revision.has_uncommitted_changes if revision else None,
        declarations=len(summaries),
        indicators=sum(summary.indicators for summary in summaries),
        errors=checked.counts[Severity.ERROR],
        warnings=checked.counts[Severity.WARNING],
        advice=checked.counts[Severity.ADVICE],
    )


def _refuse(findings: Sequence[VerificationFinding]) -> None:
    """Stop a build of a site that differs from the content.

    Raises:
        UserError: There are *findings*.
    """
    if findings:
        places = tuple((finding.file, finding.message) for finding in sort_findings(findings))
        raise UserError(message("网站与内容不符，有 {count} 处", count=str(len(findings))), places=places)
