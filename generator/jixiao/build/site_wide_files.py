"""The pieces of a release that are no pages: what all pages share, forms, headers, map, search indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import compress, decompress

from jixiao.analysis import urls
from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.crew import Crew, in_batches, threads
from jixiao.pages.links import from_root
from jixiao.pages.page import Kind
from jixiao.pages.search_facets import closed_values
from jixiao.site.feeds import feeds_of
from jixiao.site.files_of_site import SITE
from jixiao.site.ledger import digest_of
from jixiao.site.mkdocs_engine import Engine, EngineSettings
from jixiao.site.pagefind_service import pagefind
from jixiao.site.release import Release, Seen
from jixiao.site.search_index import FOLDER, GENERAL, Files, Index, index_files_with, indexes_of, shared_files
from jixiao.site.search_text import searchable
from jixiao.site.security_policy import HEADERS_FILE, headers_file
from jixiao.site.sitemap import sitemaps
from jixiao.verify import Finding
from jixiao.verify.sources import Sources
from jixiao.verify.verification import READ, report_on

AT_ONCE = 1000
"""Pages whose indexes a worker makes one after the other: starting Pagefind takes as long as 70 pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageShown:
    """A page of the site, as indexes and the map know it."""

    language: str
    kind: Kind
    address: str
    """Without the prefix of the language."""
    year: int | None = None


def shown_declarations(ids: Iterable[str], languages: Iterable[str]) -> Iterator[PageShown]:
    """List the pages of the declarations; all their *ids* begin with a year."""
    listed = tuple(ids)
    for language in languages:
        for identity in listed:
            address, year = urls.of_declaration(identity), int(identity.partition("/")[0])
            yield PageShown(language=language, kind=Kind.DECLARATION, address=address, year=year)


def add_frames(
    engines: Mapping[str, EngineSettings], key: str, sources: Sources, release: Release
) -> list[Finding]:
    """Add what all pages of a language share: style sheets, scripts, the page for what is not found.

    Gives what may not stand in them.
    """
    findings: list[Finding] = []
    for language, settings in engines.items():
        name = f"frame:{language}"
        made_from = digest_of(key, language)
        if release.keep_if_same(name, made_from):
            continue
        files = {
            f"{from_root('', language)}{path}": content for path, content in Engine(settings).frame().items()
        }
        reports = {
            path: report_on(path, content, sources) for path, content in files.items() if path.endswith(READ)
        }
        findings.extend(finding for report in reports.values() for finding in report.findings)
        release.add(
            name,
            made_from,
            {f"{SITE}{path}": content for path, content in files.items()},
            seen={path: Seen(report.leads_to) for path, report in reports.items()},
        )
    return findings


def add_forms(catalogue: Catalogue, project: Path, release: Release) -> None:
    """Add the forms that declarations were taken from, or the copies to publish of them, byte for byte."""
    published = {catalogue.forms[entry.form].published for entry in catalogue.entries}
    for form in sorted(filter(None, published), key=lambda one: one.path):
        if not release.keep_if_same(f"form:{form.path}", form.sha256):
            content = (project / "content" / form.path).read_bytes()
            release.add(f"form:{form.path}", form.sha256, {f"{SITE}{form.path}": content})


def add_feeds(catalogue: Catalogue, config: SiteConfig, release: Release) -> None:
    """Add the feeds of what was published and changed."""
    for path, content in feeds_of(catalogue, config).items():
        if not release.keep_if_same(f"feed:{path}", digest_of(content)):
            release.add(f"feed:{path}", digest_of(content), {f"{SITE}{path}": content})


def add_headers(release: Release) -> None:
    """Add the policy for hosts that read it from a file."""
    content = headers_file().encode()
    if not release.keep_if_same("headers", digest_of(content)):
        release.add("headers", digest_of(content), {f"{SITE}{HEADERS_FILE}": content})


def add_sitemaps(
    pages: Iterable[PageShown], config: SiteConfig, sources: Sources, release: Release
) -> list[Finding]:
    """Add the map of a site that has an address; give where it leads elsewhere."""
    findings: list[Finding] = []
    if not config.address:
        return findings
    for path, text in sitemaps(pages, config.address, config.languages).items():
        content = text.encode()
        if not release.keep_if_same(path, digest_of(content)):
            report = report_on(path, content, sources)
            findings.extend(report.findings)
            seen = {path: Seen(report.leads_to)}
            release.add(path, digest_of(content), {f"{SITE}{path}": content}, seen=seen)
    return findings


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexOrder:
    """An index to make."""

    language: str
    name: str
    key: str
    documents: tuple[tuple[str, bytes], ...]
    """Path and what the search reads of each page, compressed: what waits for a worker fills the memory."""


def make_indexes(_context: object, orders: tuple[IndexOrder, ...]) -> tuple[Files, ...]:
    """Make search indexes.

    Raises:
        BuildFailure: Pagefind failed.
    """
    with pagefind() as service:
        return tuple(
            index_files_with(
                service, order.name, ((path, decompress(text).decode()) for path, text in order.documents)
            )
            for order in orders
        )


def begin_indexes(pages: Iterable[PageShown], crew: Crew[Any], release: Release) -> Callable[[], None]:
    """Begin to make the search indexes of these pages of which one has changed.

    Gives what waits for them and adds them. A crew of one leaves them to threads meanwhile, because another
    program does the work.
    """
    shown = list(pages)
    languages = dict.fromkeys(page.language for page in shown)
    orders = (
        order
        for language in languages
        for order in _stale_indexes(_indexes(shown, language), language, release)
    )
    is_alone = crew.submit is None
    batches = in_batches(orders, 1 if is_alone else AT_ONCE, lambda order: len(order.documents))
    made = (threads() if is_alone else crew).run(make_indexes, batches)

    def add() -> None:
        for order, files in (one for batch, all_files in made for one in zip(batch, all_files, strict=True)):
            home = f"{SITE}{FOLDER}/{order.language}/{order.name}"
            release.add(
                _index_name(order.language, order.name),
                order.key,
                {f"{home}/{path}": content for path, content in files.items()},
            )

    return add


def add_search(
    pages: Iterable[PageShown], languages: Iterable[str], catalogue: Catalogue, release: Release
) -> None:
    """Add what joins the indexes of each language in the browser."""
    shown = list(pages)
    for language in languages:
        names = [index.name for index in _indexes(shown, language)]
        home = f"{SITE}{FOLDER}/{language}"
        shared = shared_files(language, names, closed_values(catalogue, language))
        files = {f"{home}/{path}": content for path, content in shared.items()}
        key = digest_of(*files.values())
        if not release.keep_if_same(f"search:{language}", key):
            release.add(f"search:{language}", key, files)


def _indexes(pages: Iterable[PageShown], language: str) -> list[Index]:
    """Distribute pages; without a page that is in general there is no general index among them."""
    ours = [page for page in pages if page.language == language]
    has_general = any(page.kind is not Kind.DECLARATION for page in ours)
    return [index for index in indexes_of(ours) if has_general or index.name != GENERAL]


def _stale_indexes(indexes: Iterable[Index], language: str, release: Release) -> Iterator[IndexOrder]:
    prefix = from_root("", language)
    for index in indexes:
        paths = [f"{prefix}{address}index.html" for address in index.addresses]
        searched = release.searched(paths)
        key = digest_of(*paths, *(searched[path] for path in paths))
        if not release.keep_if_same(_index_name(language, index.name), key):
            # What Pagefind does not read need not travel.
            documents = tuple((path, _document(release.read(path))) for path in paths)
            yield IndexOrder(language=language, name=index.name, key=key, documents=documents)


def _document(page: bytes) -> bytes:
    return compress(searchable(page.decode()).encode(), 1)


def _index_name(language: str, name: str) -> str:
    return f"index:{language}:{name}"
