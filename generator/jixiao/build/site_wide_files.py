"""Files that belong to no single page: shared assets, original forms, feeds, sitemaps, search indexes.

Each function adds its files to the staged site, or keeps those of the last build if their input is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import compress, decompress

from jixiao.analysis import urls
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.crew import Crew, in_batches, threads
from jixiao.pages.page import PageKind, PageReference, add_language_prefix
from jixiao.pages.search_facets import list_closed_values
from jixiao.site.feeds import build_feeds
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.mkdocs_engine import EngineSettings, MkDocsEngine
from jixiao.site.pagefind_service import run_pagefind
from jixiao.site.release import Release, Seen
from jixiao.site.search_index import (
    GENERAL_INDEX,
    INDEX_FOLDER,
    IndexFiles,
    SearchIndex,
    build_index_with,
    build_shared_search_files,
    distribute_pages,
)
from jixiao.site.search_text import extract_search_text
from jixiao.site.security_policy import HEADERS_FILE, render_headers_file
from jixiao.site.sitemap import build_sitemaps
from jixiao.verify import VerificationFinding, report_on
from jixiao.verify.sources import VerificationSources
from jixiao.verify.verification import READ

PAGES_PER_CHUNK = 1000
"""Pages whose indexes one chunk builds; starting Pagefind takes as long as 70 pages."""


def list_declaration_pages(ids: Iterable[str], languages: Iterable[str]) -> Iterator[PageReference]:
    """List the pages of the declarations; all *ids* begin with a year."""
    listed = tuple(ids)
    for language in languages:
        for identity in listed:
            address, year = urls.declaration_url(identity), int(identity.partition("/")[0])
            yield PageReference(language=language, kind=PageKind.DECLARATION, address=address, year=year)


def add_shared_assets(
    engines: Mapping[str, EngineSettings], key: str, sources: VerificationSources, staged_site: Release
) -> list[VerificationFinding]:
    """Add the shared files of each language: style sheets, scripts, the page for missing files.

    Returns:
        Findings of the verification in these files.
    """
    findings: list[VerificationFinding] = []
    for language, settings in engines.items():
        name = f"frame:{language}"
        made_from = digest_of(key, language)
        if staged_site.keep_if_same(name, made_from):
            continue
        files = {
            f"{add_language_prefix('', language)}{path}": content
            for path, content in MkDocsEngine(settings).collect_shared_assets().items()
        }
        reports = {
            path: report_on(path, content, sources) for path, content in files.items() if path.endswith(READ)
        }
        findings.extend(finding for report in reports.values() for finding in report.findings)
        staged_site.add(
            name,
            made_from,
            {f"{SITE}{path}": content for path, content in files.items()},
            seen={path: Seen(report.leads_to) for path, report in reports.items()},
        )
    return findings


def add_forms(site_content: SiteContent, root: Path, staged_site: Release) -> None:
    """Add the published original forms, or their redacted copies, byte for byte."""
    published = {site_content.forms[entry.form].published for entry in site_content.summaries}
    for form in sorted(filter(None, published), key=lambda one: one.path):
        if not staged_site.keep_if_same(f"form:{form.path}", form.sha256):
            content = (root / "content" / form.path).read_bytes()
            staged_site.add(f"form:{form.path}", form.sha256, {f"{SITE}{form.path}": content})


def add_feeds(site_content: SiteContent, config: SiteConfig, staged_site: Release) -> None:
    """Add the feeds of published and changed declarations."""
    for path, content in build_feeds(site_content, config).items():
        if not staged_site.keep_if_same(f"feed:{path}", digest_of(content)):
            staged_site.add(f"feed:{path}", digest_of(content), {f"{SITE}{path}": content})


def add_headers(staged_site: Release) -> None:
    """Add the security headers for hosts that read them from a file."""
    content = render_headers_file().encode()
    if not staged_site.keep_if_same("headers", digest_of(content)):
        staged_site.add("headers", digest_of(content), {f"{SITE}{HEADERS_FILE}": content})


def add_sitemaps(
    pages: Iterable[PageReference], config: SiteConfig, sources: VerificationSources, staged_site: Release
) -> list[VerificationFinding]:
    """Add the sitemaps if the site has an address, and return the findings of their verification."""
    findings: list[VerificationFinding] = []
    if not config.address:
        return findings
    for path, text in build_sitemaps(pages, config.address, config.languages).items():
        content = text.encode()
        if not staged_site.keep_if_same(path, digest_of(content)):
            report = report_on(path, content, sources)
            findings.extend(report.findings)
            seen = {path: Seen(report.leads_to)}
            staged_site.add(path, digest_of(content), {f"{SITE}{path}": content}, seen=seen)
    return findings


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexTask:
    """Task to build one search index."""

    language: str
    name: str
    key: str
    documents: tuple[tuple[str, bytes], ...]
    """Path and compressed search text of each page; compressed because waiting tasks fill the memory."""


def build_indexes(_context: object, tasks: tuple[IndexTask, ...]) -> tuple[IndexFiles, ...]:
    """Build the search indexes of *tasks*.

    Raises:
        BuildFailure: Pagefind failed.
    """
    with run_pagefind() as service:
        return tuple(
            build_index_with(
                service, order.name, ((path, decompress(text).decode()) for path, text in order.documents)
            )
            for order in tasks
        )


def start_index_builds(
    pages: Iterable[PageReference], executor: Crew[Any], staged_site: Release
) -> Callable[[], None]:
    """Start building the search indexes in which a page has changed.

    With a single process the indexes are built in threads, because another program does the work.

    Returns:
        A function that waits for the indexes and adds them.
    """
    shown = list(pages)
    languages = dict.fromkeys(page.language for page in shown)
    orders = (
        order
        for language in languages
        for order in _list_stale_index_tasks(_plan_indexes(shown, language), language, staged_site)
    )
    is_alone = executor.submit is None
    batches = in_batches(orders, 1 if is_alone else PAGES_PER_CHUNK, lambda order: len(order.documents))
    made = (threads() if is_alone else executor).run(build_indexes, batches)

    def add() -> None:
        for order, files in (one for batch, all_files in made for one in zip(batch, all_files, strict=True)):
            home = f"{SITE}{INDEX_FOLDER}/{order.language}/{order.name}"
            staged_site.add(
                _index_task_name(order.language, order.name),
                order.key,
                {f"{home}/{path}": content for path, content in files.items()},
            )

    return add


def add_search_files(
    pages: Iterable[PageReference], languages: Iterable[str], site_content: SiteContent, staged_site: Release
) -> None:
    """Add the files that join the indexes of each language in the browser."""
    shown = list(pages)
    for language in languages:
        names = [index.name for index in _plan_indexes(shown, language)]
        home = f"{SITE}{INDEX_FOLDER}/{language}"
        shared = build_shared_search_files(language, names, list_closed_values(site_content, language))
        files = {f"{home}/{path}": content for path, content in shared.items()}
        key = digest_of(*files.values())
        if not staged_site.keep_if_same(f"search:{language}", key):
            staged_site.add(f"search:{language}", key, files)


def _plan_indexes(pages: Iterable[PageReference], language: str) -> list[SearchIndex]:
    """Distribute the pages of a language; without general pages there is no general index."""
    ours = [page for page in pages if page.language == language]
    has_general = any(page.kind is not PageKind.DECLARATION for page in ours)
    return [index for index in distribute_pages(ours) if has_general or index.name != GENERAL_INDEX]


def _list_stale_index_tasks(
    indexes: Iterable[SearchIndex], language: str, staged_site: Release
) -> Iterator[IndexTask]:
    prefix = add_language_prefix("", language)
    for index in indexes:
        paths = [f"{prefix}{address}index.html" for address in index.addresses]
        searched = staged_site.searched(paths)
        key = digest_of(*paths, *(searched[path] for path in paths))
        if not staged_site.keep_if_same(_index_task_name(language, index.name), key):
            # What Pagefind does not read need not travel.
            documents = tuple((path, _compress_search_text(staged_site.read(path))) for path in paths)
            yield IndexTask(language=language, name=index.name, key=key, documents=documents)


def _compress_search_text(page: bytes) -> bytes:
    return compress(extract_search_text(page.decode()).encode(), 1)


def _index_task_name(language: str, name: str) -> str:
    return f"index:{language}:{name}"
