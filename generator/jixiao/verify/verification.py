"""Verify a built site: read everything back and compare it with the project it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jixiao.i18n import message
from jixiao.verify.data import compare_all_data
from jixiao.verify.data_page import PAGE as DATA
from jixiao.verify.data_page import compare_data_page
from jixiao.verify.figures import compare_declaration
from jixiao.verify.finding import Finding, in_order
from jixiao.verify.former import compare_renamed, compare_withdrawn
from jixiao.verify.html_reading import Article
from jixiao.verify.html_tree import Document, Malformed, read_html
from jixiao.verify.indicators import PAGE as INDICATORS
from jixiao.verify.indicators import compare_indicators
from jixiao.verify.linked import compare_linked_in
from jixiao.verify.links import NO_PAGE, Asked, Links
from jixiao.verify.lists import REGISTER, addresses_of_parts, compare_list, compare_ways, part_of
from jixiao.verify.manifest import MANIFEST, closed_to_readers, differences, files_of
from jixiao.verify.originals import compare_forms
from jixiao.verify.policy import compare_policy
from jixiao.verify.projects import compare_neighbours, compare_project
from jixiao.verify.quality import PAGE as QUALITY
from jixiao.verify.quality import compare_quality, quality_addresses
from jixiao.verify.rights import unsafe_rights
from jixiao.verify.sources import Sources, read_sources
from jixiao.verify.translations import Translations
from jixiao.verify.view import View
from jixiao.verify.yaml_text import Unreadable

READ = (".html", ".css", "sitemap.xml")
"""The endings of files that are read; of all others the checksum is all there is to say."""
_INDEX = "index.html"
_COMPARE = "compare/"
"""The address of the page for two declarations, which are read where they stand."""
_RULES = "rules/"
"""The address of the page about the rules, which shows nothing of the project."""

_ALONE = {INDICATORS: compare_indicators, DATA: compare_data_page}
"""Pages of which there is one a language, and what compares each."""

LeadsTo = Callable[[], Iterable[tuple[str, Sequence[str]]]]
"""Gives each file with the files that it leads to; asked more than once."""


class Site(Protocol):
    """A site that is made and not published yet."""

    @property
    def files(self) -> AbstractSet[str]:
        """The path of every file."""

    def leads_to(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Give each file with what `report_on` said that it leads to."""

    def read(self, path: str) -> bytes:
        """Give the bytes of a file."""

    def checksum(self, path: str) -> str | None:
        """Give the SHA-256 of a file; `None` where there is no such file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReport:
    """What reading one page has shown."""

    findings: tuple[Finding, ...]
    """Where it says something else than the project, or holds what no page may hold."""
    leads_to: tuple[str, ...]
    """The files of the site that it links to, sorted; `file#anchor` for a place on another page."""


def verify(project: Path, site: Path) -> tuple[Finding, ...]:
    """Find everything in *site* that does not agree with *project* or with the manifest of the site.

    A site without a manifest, as it is before publishing, is compared with the project alone.
    """
    try:
        sources = read_sources(project)
    except Unreadable as unreadable:
        return (unreadable_source(unreadable),)
    manifest = differences(site) if (site / MANIFEST).exists() else ()
    if closed := tuple(closed_to_readers(site)):
        # Nor, perhaps, to us.
        return in_order([*manifest, *unsafe_rights(site), *closed])
    return in_order([*manifest, *unsafe_rights(site), *verify_content(sources, site)])


def unreadable_source(unreadable: Unreadable) -> Finding:
    """Say that a file of the project cannot be read."""
    return Finding(file=str(unreadable), saying=message("这个文件读不出来，无法核对网站"))


def verify_content(sources: Sources, site: Path) -> Iterator[Finding]:
    """Yield what is wrong with the pages and links of *site*, whatever its manifest says."""
    files = frozenset(files_of(site))
    leads_to: dict[str, tuple[str, ...]] = {}
    for file in sorted(files):
        if file.endswith(READ):
            report = report_on(file, (site / file).read_bytes(), sources)
            yield from report.findings
            leads_to[file] = report.leads_to
    yield from dead_ends(
        leads_to.items, files, lambda file: (site / file).read_bytes(), sources.settings.address
    )
    yield from missing_pages(sources, files)
    yield from compare_all_data(sources, site, files)
    declared = {one.form for one in sources.declarations.values()}
    yield from compare_forms(declared, sources, files, lambda form: _checksum(site / form))


def report_on(file: str, content: bytes, sources: Sources) -> PageReport:
    """Read one page, style sheet or site map and compare it with what it shows of the project.

    Args:
        file: Its path in the site.
        content: Its bytes.
        sources: At least what this page shows.
    """
    links = Links(files=Asked(), address=sources.settings.address)
    findings = tuple(_findings(file, content, sources, links))
    return PageReport(findings=findings, leads_to=links.leads_to(file))


def whole_site(sources: Sources, site: Site) -> Iterator[Finding]:
    """Yield what only all pages together show: dead links, missing pages, missing or changed forms.

    Args:
        sources: What serves all pages, with the forms and the lists.
        site: All that was made.
    """
    yield from dead_ends(site.leads_to, site.files, site.read, sources.settings.address)
    yield from missing_pages(sources, site.files)
    declared = {one.form for one in sources.listed.values()}
    yield from compare_forms(declared, sources, site.files, site.checksum)


def dead_ends(
    leads_to: LeadsTo,
    files: AbstractSet[str],
    read: Callable[[str], bytes],
    address: str,
) -> Iterator[Finding]:
    """Yield the links to files that are not there and to places that are not on their pages.

    Args:
        leads_to: Gives each file with what `report_on` said that it leads to.
        files: Every file of the site.
        read: Gives the bytes of a file; what leads nowhere is read once more, to name the link as written.
        address: The public address of the site, or empty.
    """
    wanted = {target for _, targets in leads_to() for target in targets}
    # The manifest lists all others and is written last.
    missing = {target.partition("#")[0] for target in wanted} - files - {MANIFEST}
    dead = {target for target in wanted if target.partition("#")[0] in missing}
    dead |= {target for target in wanted - dead if "#" in target and not _has_place(read, target)}
    if not dead:
        return
    for file, targets in leads_to():
        if not dead.isdisjoint(targets):
            yield from _broken_links(file, read, files, address)


def missing_pages(sources: Sources, files: AbstractSet[str]) -> Iterator[Finding]:
    """Yield the pages that the project has and the site has not."""
    for page in sorted(_expected(sources) - files):
        yield Finding(file=page, saying=message("缺少这个页面"))


def _has_place(read: Callable[[str], bytes], target: str) -> bool:
    """Tell whether a page has the place to which a link leads; only pages have places."""
    file, _, anchor = target.partition("#")
    if not file.endswith(".html"):
        return True
    try:
        document = read_html(read(file).decode())
    except (Malformed, UnicodeDecodeError):
        return True  # has a finding of its own
    return any(element.attributes.get("id") == anchor for element in document.elements)


def _broken_links(
    file: str, read: Callable[[str], bytes], files: AbstractSet[str], address: str
) -> Iterator[Finding]:
    """Name the links of one file that lead nowhere."""
    text = read(file).decode("utf-8", errors="replace")
    links = Links(files=files, address=address)
    if file.endswith(".css"):
        yield from links.add_sheet(file, text)
    elif file.endswith("sitemap.xml"):
        yield from links.add_map(file, text)
    else:
        yield from (one for one in links.add(file, read_html(text)) if one.saying.template == NO_PAGE)
        for other in links.pages_with_places() - {file}:
            list(links.add(other, read_html(read(other).decode("utf-8", errors="replace"))))
        yield from (one for one in links.broken_anchors() if one.file == file)


def compare_page(file: str, document: Document, sources: Sources) -> Iterator[Finding]:
    """Yield where a page says something else than the project."""
    words = _words_of(file, sources)
    title = document.first("title")
    view = View(
        page=file,
        title=title.text() if title else "",
        article=Article(file, document),
        words=words,
        sources=sources,
    )
    address = file.removeprefix(words.prefix).removesuffix(_INDEX)
    yield from compare_linked_in(file, document, address, sources)
    if not file.endswith(_INDEX):
        return
    if address in sources.declarations:
        yield from compare_declaration(view, sources.declarations[address])
        yield from compare_neighbours(view, address)
    elif address in sources.renamed or address in sources.withdrawn:
        yield from _former(view, document, address)
    elif part_of(address)[0] in sources.groups:
        yield from compare_list(view, address)
    elif address in sources.projects:
        yield from compare_project(view, address)
    elif address in _ALONE:
        yield from _ALONE[address](view)
    elif address.startswith(QUALITY):
        yield from compare_quality(view, address)
    elif address == REGISTER:
        yield from compare_ways(view)
        yield from view.loose()
    elif "kind-declaration" in view.article.element.attributes.get("class", "").split():
        yield Finding(file=file, saying=message("没有这份申报表的文件"))
    else:
        yield from compare_ways(view)


def _former(view: View, document: Document, address: str) -> Iterator[Finding]:
    if address in view.sources.renamed:
        yield from compare_renamed(view, document, view.sources.renamed[address])
    else:
        yield from compare_withdrawn(view, address.rstrip("/"), view.sources.withdrawn[address])


def _findings(file: str, content: bytes, sources: Sources, links: Links) -> Iterator[Finding]:
    if file.endswith(".css"):
        yield from links.add_sheet(file, content.decode("utf-8", errors="replace"))
        return
    if file.endswith("sitemap.xml"):
        yield from links.add_map(file, content.decode("utf-8", errors="replace"))
        return
    try:
        document = read_html(content.decode())
    except UnicodeDecodeError:
        yield Finding(file=file, saying=message("不是 UTF-8"))
        return
    except Malformed as malformed:
        yield Finding(file=file, saying=message("网页写法不合规：{text}", text=str(malformed)))
        return
    yield from compare_policy(file, document)
    yield from links.add(file, document)
    yield from links.broken_anchors()
    yield from compare_page(file, document, sources)


def _words_of(file: str, sources: Sources) -> Translations:
    language = file.partition("/")[0]
    of_folder = sources.translations.get(language)
    return of_folder if of_folder and of_folder.prefix else sources.translations["zh"]


def _expected(sources: Sources) -> set[str]:
    addresses = [
        *sources.listed,
        REGISTER,
        INDICATORS,
        _COMPARE,
        _RULES,
        *quality_addresses(sources),
        *sources.projects,
        *sources.renamed,
        *sources.withdrawn,
    ]
    for address, group in sources.groups.items():
        addresses += addresses_of_parts(address, group.totals.declarations)
    return {
        f"{words.prefix}{address}{_INDEX}" for words in sources.translations.values() for address in addresses
    }


def _checksum(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
