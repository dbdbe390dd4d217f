"""Verify a built site: read everything back and compare it with the project it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jixiao.i18n import message
from jixiao.verify.data_checks import compare_all_data
from jixiao.verify.findings import VerificationFinding, sort_findings
from jixiao.verify.html_stream import HtmlPage, MalformedHtmlError, read_html
from jixiao.verify.list_groups import ORGANISATIONS
from jixiao.verify.list_values import DATA, INDICATORS, part_addresses, quality_addresses
from jixiao.verify.manifest import (
    MANIFEST,
    compare_manifest,
    site_files,
    unreadable_permissions,
    unsafe_permissions,
)
from jixiao.verify.page_checks import UNCOMPARED_PAGES, compare_page
from jixiao.verify.site_links import FileLinks, compare_policy
from jixiao.verify.source_declaration import UnreadableSourceError
from jixiao.verify.sources import VerificationSources, read_sources

READ = (".html", ".css", "sitemap.xml")
"""The endings of files that are read; of all others the checksum is compared, or their rows."""
_GIT = "changes/"
"""The one page that a site may lack: without git there is none."""

FileTargets = Callable[[], Iterable[tuple[str, Sequence[str]]]]
"""Yields each file with the files that it links to; called more than once."""


class UnpublishedSite(Protocol):
    """A site that is made and not published yet."""

    @property
    def files(self) -> AbstractSet[str]:
        """The path of every file."""

    def leads_to(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Yield each file with the targets in its report."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""

    def checksum(self, path: str) -> str | None:
        """Return the SHA-256 of a file; `None` where there is no such file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReport:
    """The result of reading one page."""

    findings: tuple[VerificationFinding, ...]
    """Differences from the content, and forbidden elements."""
    leads_to: tuple[str, ...]
    """The files of the site that it links to, sorted; `file#anchor` for a place on another page."""


def verify(root: Path, site: Path, views: Mapping[str, str] | None = None) -> tuple[VerificationFinding, ...]:
    """Find everything in *site* that does not agree with its sources or with its manifest.

    A site without a manifest, as it is before publishing, is compared with its sources alone.

    Args:
        root: The folder of the sources.
        site: The folder of the built site.
        views: Name of a view of the database → its query; `None` where they are not compared.
    """
    try:
        sources = read_sources(root)
    except UnreadableSourceError as unreadable:
        return (describe_unreadable(unreadable),)
    manifest = compare_manifest(site) if (site / MANIFEST).exists() else ()
    if closed := tuple(unreadable_permissions(site)):
        # Nor, perhaps, to us.
        return sort_findings([*manifest, *unsafe_permissions(site), *closed])
    content = _compare_content(sources, site, views)
    return sort_findings([*manifest, *unsafe_permissions(site), *content])


def describe_unreadable(unreadable: UnreadableSourceError) -> VerificationFinding:
    """Describe that a file of the project cannot be read."""
    return VerificationFinding(file=str(unreadable), message=message("这个文件读不出来，无法核对网站"))


def report_on(file: str, content: bytes, sources: VerificationSources) -> PageReport:
    """Read one page, style sheet or site map and compare it with its sources.

    Args:
        file: Its path in the site.
        content: Its bytes.
        sources: At least those of this page.
    """
    links = FileLinks(file=file, address=sources.settings.address)
    findings = tuple(_compare_file(content, sources, links))
    return PageReport(findings=findings, leads_to=links.files_and_places())


def compare_whole_site(sources: VerificationSources, site: UnpublishedSite) -> Iterator[VerificationFinding]:
    """Yield findings across pages: dead links, missing pages, missing or changed forms.

    Args:
        sources: What serves all pages, with the forms and the lists.
        site: All that was made.
    """
    yield from find_dead_links(site.leads_to, site.files, site.read, sources.settings.address)
    yield from _missing_pages(sources, site.files)
    declared = {one.form for one in sources.listed.values()}
    yield from _compare_forms(declared, sources, site.files, site.checksum)


def find_dead_links(
    targets: FileTargets, files: AbstractSet[str], read: Callable[[str], bytes], address: str
) -> Iterator[VerificationFinding]:
    """Yield the links to files that are not there and to places that are not on their pages.

    Args:
        targets: Yields each file with the targets in its report.
        files: Every file of the site.
        read: Returns the bytes of a file; one with a dead link is read once more, to name it as written.
        address: The public address of the site, or empty.
    """
    # The name of a form may have a `#` in it.
    wanted = {target for _, linked in targets() for target in linked} - files
    # The manifest lists all others and is written last.
    missing = {target.partition("#")[0] for target in wanted} - files - {MANIFEST}
    dead = {target for target in wanted if target.partition("#")[0] in missing}
    dead |= {target for target in wanted - dead if "#" in target and not _has_place(read, target)}
    if not dead:
        return
    for file, linked in targets():
        if not dead.isdisjoint(linked):
            links = FileLinks(file=file, address=address)
            list(_read_links(read(file).decode("utf-8", errors="replace"), links))
            yield from links.broken(dead | missing)


def _compare_content(
    sources: VerificationSources, site: Path, views: Mapping[str, str] | None
) -> Iterator[VerificationFinding]:
    files = frozenset(site_files(site))
    targets: dict[str, tuple[str, ...]] = {}
    for file in sorted(files):
        if file.endswith(READ):
            report = report_on(file, (site / file).read_bytes(), sources)
            yield from report.findings
            targets[file] = report.leads_to

    def read(file: str) -> bytes:
        return (site / file).read_bytes()

    def checksum(form: str) -> str | None:
        return hashlib.sha256(read(form)).hexdigest() if (site / form).is_file() else None

    yield from find_dead_links(targets.items, files, read, sources.settings.address)
    yield from _missing_pages(sources, files)
    yield from compare_all_data(sources, site, files, views)
    declared = {one.form for one in sources.declarations.values()}
    yield from _compare_forms(declared, sources, files, checksum)


def _compare_file(
    content: bytes, sources: VerificationSources, links: FileLinks
) -> Iterator[VerificationFinding]:
    file = links.file
    try:
        text = content.decode(errors="strict" if file.endswith(".html") else "replace")
        page = yield from _read_links(text, links)
    except UnicodeDecodeError:
        yield VerificationFinding(file=file, message=message("不是 UTF-8"))
    except MalformedHtmlError as malformed:
        saying = message("网页写法不合规：{text}", text=str(malformed))
        yield VerificationFinding(file=file, message=saying)
    else:
        if page is not None:
            yield from compare_policy(file, page)
            yield from compare_page(file, page, sources)


def _read_links(text: str, links: FileLinks) -> Generator[VerificationFinding, None, HtmlPage | None]:
    """Read the links of a file and yield their errors; return the page if it is one."""
    if links.file.endswith(".css"):
        yield from links.add_style_sheet(text)
    elif links.file.endswith("sitemap.xml"):
        yield from links.add_site_map(text)
    else:
        page = read_html(text)
        yield from links.add_page(page)
        return page
    return None


def _has_place(read: Callable[[str], bytes], target: str) -> bool:
    """Return whether a page has the anchor of a link; only pages have anchors."""
    file, _, anchor = target.partition("#")
    if not file.endswith(".html"):
        return True
    try:
        page = read_html(read(file).decode())
    except (MalformedHtmlError, UnicodeDecodeError):
        return True  # has a finding of its own
    return any(tag.attributes.get("id") == anchor for tag in page.tags)


def _missing_pages(sources: VerificationSources, files: AbstractSet[str]) -> Iterator[VerificationFinding]:
    addresses = [*sources.listed, *sources.projects, *sources.renamed, *sources.withdrawn]
    addresses += [DATA, INDICATORS, ORGANISATIONS, *(UNCOMPARED_PAGES.keys() - {_GIT})]
    addresses += quality_addresses(sources)
    for address, group in sources.groups.items():
        addresses += part_addresses(address, group.totals.declarations)
    prefixes = (texts.prefix for texts in sources.translations.values())
    for page in sorted(
        {f"{prefix}{address}index.html" for prefix in prefixes for address in addresses} - files
    ):
        yield VerificationFinding(file=page, message=message("缺少这个页面"))


def _compare_forms(
    forms: Iterable[str],
    sources: VerificationSources,
    files: AbstractSet[str],
    checksum: Callable[[str], str | None],
) -> Iterator[VerificationFinding]:
    """Yield the forms that are missing, changed, or there although they are not to be published."""
    expected = {form for form in map(sources.published_form, forms) if form is not None}
    for form in sorted(expected):
        found = checksum(form)
        if found is None:
            yield VerificationFinding(file=form, message=message("缺少申报表文本"))
        elif found != sources.forms[form]:
            yield VerificationFinding(file=form, message=message("申报表文本与项目里的不同"))
    for file in sorted(files):
        if file.startswith("forms/") and not file.endswith(".html") and file not in expected:
            yield VerificationFinding(file=file, message=message("这份申报表不该公布"))
