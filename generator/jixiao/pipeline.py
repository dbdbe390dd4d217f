"""The pipeline: load, check, model, pages, site. Each command is one function, read from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.analysis.data_table import DATABASE_VIEWS
from jixiao.analysis.site_content import Publication, SiteContent
from jixiao.batch import Context
from jixiao.build.site_wide_files import (
    add_feeds,
    add_forms,
    add_headers,
    add_search_files,
    add_shared_assets,
    add_sitemaps,
    list_declaration_pages,
    start_index_builds,
)
from jixiao.check.semantic_checks import check_across_files
from jixiao.config import SiteConfig
from jixiao.content import (
    Content,
    collect_build_context,
    disable_packs_without_fonts,
    hash_shared_inputs,
    mark_as_preview,
    read_content,
    read_verification_sources,
)
from jixiao.crew import Crew, NoCluster, alone, cluster, cores, processes, spare_the_collector
from jixiao.history.revision import read_revision
from jixiao.i18n import message
from jixiao.making import Declarations, Shelf, check_all_declarations, make_all_declarations, make_all_sheets
from jixiao.making_copied import with_copied
from jixiao.making_data import add_descriptions, make_all_data
from jixiao.making_history import Historian
from jixiao.making_packs import make_all_packs
from jixiao.making_projects import make_all_projects
from jixiao.model.history import History
from jixiao.problems import Problem, Severity, has_error, is_advice, sort_by_place
from jixiao.site.build_failure import BuildFailure
from jixiao.site.ledger import LedgerError
from jixiao.site.release import Progress, Release, Workplace, prepared_release
from jixiao.verify import MANIFEST, VerificationFinding, compare_whole_site, sort_findings
from jixiao.verify import verify as verify_site

__all__ = ["BuildOrder", "Built", "Checked", "Progress", "build", "check", "verify"]

FEW = 200
"""Declarations for which starting other processes takes longer than doing the work."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found."""

    catalogue: SiteContent
    config: SiteConfig | None
    """`None` when the settings cannot be read."""
    problems: tuple[Problem, ...]
    """In file order; those of a build may be without the advice."""
    counts: Counter[Severity]
    """How many were found of each severity, listed or not."""
    read: int
    """How many declarations were looked at, sound or not."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """How a build ended."""

    checked: Checked
    site: Path | None
    """The published site; `None` when errors stood in the way."""
    pages: int = 0
    was_gapless: bool = True
    """Whether readers had the old site or the new one at every moment."""


def check(project: Path) -> Checked:
    """Find every problem of *project*: its settings, the shape of its files, then their meaning."""
    spare_the_collector()
    read = read_content(project)
    context = Context(read.registers, read.config, {}, None)
    with _workers(context, len(read.declaration_files)) as crew:
        found = check_all_declarations(read.declaration_files, project, crew)
    return _checked(read, found)


@dataclass(frozen=True, kw_only=True)
class BuildOrder:
    """How a site is to be built."""

    scheduler: str | None = None
    """The address of a Dask scheduler that shares the work out; `None` works on this machine."""
    with_advice: bool = True
    """List advice, too; otherwise it is counted, which is quicker and takes less memory."""
    is_complete: bool = False
    """Publish nothing that lacks what the settings ask for; otherwise a warning says what was left out."""
    as_preview: bool = False
    """Say on every page that it is a preview, whatever the settings say."""


PLAINLY = BuildOrder()


def build(project: Path, progress: Progress, order: BuildOrder = PLAINLY) -> Built:
    """Check *project* and publish its site, or publish nothing when there is an error.

    Args:
        project: The folder of the project.
        progress: Is told what begins.
        order: How.

    Raises:
        BuildFailure: A step failed. The site that was published before is untouched.
    """
    spare_the_collector()
    try:
        return _build(project, progress, order)
    except LedgerError:
        # What the last build has left is spoilt, which costs time and nothing else.
        Workplace(project=project).ledger.unlink(missing_ok=True)
    try:
        return _build(project, progress, order)
    except LedgerError as error:
        raise BuildFailure(message("构建的记录写下后又读不出来；请检查磁盘"), str(error)) from error


def _build(project: Path, progress: Progress, order: BuildOrder) -> Built:
    progress(message("检查内容"))
    read = disable_packs_without_fonts(read_content(project), is_required=order.is_complete)
    if order.as_preview:
        read = mark_as_preview(read)
    if read.config is None or has_error(read.problems):
        return Built(checked=_with_problems_of_machine(check(project), read), site=None)
    with prepared_release(Workplace(project=project), progress) as release:
        progress(message("生成页面"))
        key, sources = hash_shared_inputs(read), read_verification_sources(read)
        context = collect_build_context(read, read.config, sources)
        of_frames = add_shared_assets(context.engines, key, sources, release)
        release.let_lead_all()
        history = _history(read, context, release)
        found = Declarations(with_advice=order.with_advice)
        shelf = Shelf(key=key, catalogue=read.registers, release=release, found=found, history=history)
        stale = shelf.stale_among(read.declaration_files, project)
        with _workers(context, len(stale), order.scheduler) as crew:
            found = make_all_declarations(stale, project, shelf, crew)
            if has_error(found.problems):
                return Built(checked=_checked(read, shelf.take_over()), site=None)
            _refuse([*of_frames, *found.findings])
            # Begun before all else, because Pagefind works in a process of its own.
            declarations = tuple(
                list_declaration_pages((file.id for file in read.declaration_files), read.languages)
            )
            add_indexes_of_declarations = start_index_builds(declarations, crew, release)
            checked = _checked(read, shelf.take_over())
            if has_error(checked.problems):
                return Built(checked=checked, site=None)
            progress(message("生成列表"))
            sources = sources.with_lists(found.listed)
            publication = _publication(checked, project)
            listed = with_copied(
                replace(checked.catalogue, history=history, publication=publication), project, release
            )
            sheets, findings = make_all_sheets(listed, sources, key, crew, release)
            of_projects, wrong = make_all_projects(checked.catalogue, project, key, crew, release)
            findings += wrong
            findings += _make_for_taking(checked.catalogue, key, crew, release, progress)
            add_general_indexes = start_index_builds(sheets, crew, release)
            progress(message("建立搜索索引"))
            add_indexes_of_declarations()
            add_general_indexes()
            pages = (*declarations, *sheets, *of_projects)
            add_search_files(pages, read.languages, checked.catalogue, release)
        progress(message("写入申报表文本和站点地图"))
        add_forms(checked.catalogue, project, release)
        add_headers(release)
        if read.config.downloads:
            add_descriptions(checked.catalogue, read.config, release)
        add_feeds(listed, read.config, release)
        of_maps = add_sitemaps(pages, read.config, sources, release)
        progress(message("核对网站"))
        release.complete()
        whole = compare_whole_site(sources, release)
        _refuse([*findings, *of_maps, *whole])
        site = release.publish(progress, {**publication.to_record(), "pages": len(pages)})
    return Built(checked=checked, site=site, pages=len(pages), was_gapless=release.was_gapless)


def _with_problems_of_machine(checked: Checked, read: Content) -> Checked:
    """Add to what a check finds of the content what this machine lacks."""
    lacking = tuple(problem for problem in read.problems if problem not in checked.problems)
    return replace(
        checked,
        problems=sort_by_place((*checked.problems, *lacking)),
        counts=checked.counts + Counter(problem.severity for problem in lacking),
    )


def _make_for_taking(
    catalogue: SiteContent, key: str, crew: Crew[Context], release: Release, progress: Progress
) -> list[VerificationFinding]:
    """Make packs and files of data, where the publisher asks for them; give what the data say wrongly."""
    config = crew.context.config
    if config is not None and config.packs:
        progress(message("制作资料包"))
        make_all_packs(catalogue, release.place.project, key, crew, release)
    if config is None or not config.downloads:
        return []
    progress(message("写数据文件"))
    return make_all_data(catalogue, key, release)


def _history(read: Content, context: Context, release: Release) -> History:
    historian = Historian(read.registers, read.root, release)
    with _workers(context, historian.waiting) as crew:
        return historian.history(crew)


def _publication(checked: Checked, project: Path) -> Publication:
    """Say what is published, and that nothing stood against it."""
    entries = checked.catalogue.summaries
    revision = read_revision(project)
    return Publication(
        commit=revision.commit if revision else None,
        time=revision.time if revision else None,
        changed_since=revision.has_uncommitted_changes if revision else None,
        declarations=len(entries),
        indicators=sum(entry.indicators for entry in entries),
        errors=checked.counts[Severity.ERROR],
        warnings=checked.counts[Severity.WARNING],
        advice=checked.counts[Severity.ADVICE],
    )


def verify(project: Path, site: Path) -> tuple[Checked, tuple[VerificationFinding, ...]]:
    """Compare *site* with the content of *project* and with its own manifest."""
    checked = check(project)
    if checked.config is None or has_error(checked.problems):
        return checked, ()
    findings = verify_site(project, site, {name: query for name, (_, query) in DATABASE_VIEWS.items()})
    if not (site / MANIFEST).exists():
        findings = (
            *findings,
            VerificationFinding(file=MANIFEST, message=message("没有清单，或清单读不出来")),
        )
    return checked, findings


@contextmanager
def _workers(context: Context, declarations: int, scheduler: str | None = None) -> Iterator[Crew[Context]]:
    """Choose who does the work on so many *declarations*.

    Raises:
        BuildFailure: There is no cluster at *scheduler*, or a worker ended in the middle of its work.
    """
    if scheduler is not None:
        chosen = cluster(context, scheduler)
    elif declarations < FEW or cores() == 1:
        chosen = alone(context)
    else:
        chosen = processes(context, cores())
    try:
        with chosen as crew:
            yield crew
    except NoCluster as missing:
        saying = message("没有连上 Dask 集群 {address}；还要安装 jixiao[cluster]", address=scheduler or "")
        raise BuildFailure(saying, str(missing)) from missing
    except BrokenExecutor as broken:
        raise BuildFailure(message("一个工作进程意外结束，可能是内存不足")) from broken


def _checked(read: Content, found: Declarations) -> Checked:
    """Check what only all files together show; give all that is wrong, and the complete catalogue."""
    entries = tuple(found.entries)
    known = {entry.id for entry in entries}
    unread = {file.file for file in read.declaration_files if file.id not in known}
    catalogue = replace(read.registers, summaries=entries, unread_paths=read.registers.unread_paths | unread)
    # Meaning is checked on what is sound, so that one bad file does not hide the problems of another.
    wrong = check_across_files(catalogue, read.languages, read.config.rules) if read.config else ()
    problems = [*read.problems, *found.problems, *wrong]
    counts = Counter(problem.severity for problem in problems)
    counts[Severity.ADVICE] += sum(found.advice.values())
    listed = (problem for problem in problems if found.with_advice or not is_advice(problem))
    return Checked(
        catalogue=catalogue,
        config=read.config,
        problems=sort_by_place(listed),
        counts=counts,
        read=len(read.declaration_files),
    )


def _refuse(findings: Sequence[VerificationFinding]) -> None:
    """Stop a release that does not say what the content says."""
    if findings:
        places = tuple((finding.file, finding.message) for finding in sort_findings(findings))
        raise BuildFailure(message("网站与内容不符，有 {count} 处", count=str(len(findings))), places=places)
