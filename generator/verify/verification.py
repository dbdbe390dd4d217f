"""Verify a built site: read everything back and compare it with the project it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from generator.verify.figures import compare_declaration
from generator.verify.finding import Finding, in_order
from generator.verify.former import compare_renamed, compare_withdrawn
from generator.verify.html_reading import Article
from generator.verify.html_tree import Document, Malformed, read_html
from generator.verify.links import Links
from generator.verify.lists import REGISTER, addresses_of_parts, compare_list, compare_ways, part_of
from generator.verify.manifest import MANIFEST, differences, files_of
from generator.verify.sources import Sources, read_sources
from generator.verify.translations import Translations
from generator.verify.view import View
from generator.verify.yaml_text import Unreadable
from generator.words import message

_INDEX = "index.html"


def verify(project: Path, site: Path) -> tuple[Finding, ...]:
    """Find everything in *site* that does not agree with *project* or with the manifest of the site.

    A site without a manifest, as it is before publishing, is compared with the project alone.
    """
    try:
        sources = read_sources(project)
    except Unreadable as unreadable:
        return (Finding(file=str(unreadable), saying=message("这个文件读不出来，无法核对网站")),)
    manifest = differences(site) if (site / MANIFEST).exists() else ()
    return in_order([*manifest, *verify_content(sources, site)])


def verify_content(sources: Sources, site: Path) -> Iterator[Finding]:
    """Yield what is wrong with the pages and links of *site*, whatever its manifest says."""
    files = sorted(files_of(site))
    links = Links(files=frozenset(files), address=sources.settings.address)
    for file in files:
        if file.endswith(".html"):
            yield from _page(file, site, sources, links)
        elif file.endswith(".css"):
            yield from links.add_sheet(file, (site / file).read_text("utf-8", errors="replace"))
        elif file.endswith("sitemap.xml"):
            yield from links.add_map(file, (site / file).read_text("utf-8", errors="replace"))
    yield from links.broken_anchors()
    for page in sorted(_expected(sources) - set(files)):
        yield Finding(file=page, saying=message("缺少这个页面"))
    for form, checksum in sources.forms.items():
        yield from _form(form, checksum, site)


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
    if not file.endswith(_INDEX):
        return
    if address in sources.declarations:
        yield from compare_declaration(view, sources.declarations[address])
    elif address in sources.renamed:
        yield from compare_renamed(view, document, sources.renamed[address])
    elif address in sources.withdrawn:
        yield from compare_withdrawn(view, address.rstrip("/"), sources.withdrawn[address])
    elif part_of(address)[0] in sources.groups:
        yield from compare_list(view, address)
    elif address == REGISTER:
        yield from compare_ways(view)
        yield from view.loose()
    elif "kind-declaration" in view.article.element.attributes.get("class", "").split():
        yield Finding(file=file, saying=message("没有这份申报表的文件"))
    else:
        yield from compare_ways(view)


def _page(file: str, site: Path, sources: Sources, links: Links) -> Iterator[Finding]:
    try:
        document = read_html((site / file).read_text("utf-8"))
    except UnicodeDecodeError:
        yield Finding(file=file, saying=message("不是 UTF-8"))
        return
    except Malformed as malformed:
        yield Finding(file=file, saying=message("网页写法不合规：{text}", text=str(malformed)))
        return
    yield from links.add(file, document)
    yield from compare_page(file, document, sources)


def _words_of(file: str, sources: Sources) -> Translations:
    language = file.partition("/")[0]
    of_folder = sources.translations.get(language)
    return of_folder if of_folder and of_folder.prefix else sources.translations["zh"]


def _expected(sources: Sources) -> set[str]:
    addresses = [*sources.declarations, REGISTER, *sources.renamed, *sources.withdrawn]
    for address, group in sources.groups.items():
        addresses += addresses_of_parts(address, len(group.listed))
    return {
        f"{words.prefix}{address}{_INDEX}" for words in sources.translations.values() for address in addresses
    }


def _form(form: str, checksum: str, site: Path) -> Iterator[Finding]:
    if not (site / form).is_file():
        yield Finding(file=form, saying=message("缺少申报表文本"))
    elif hashlib.sha256((site / form).read_bytes()).hexdigest() != checksum:
        yield Finding(file=form, saying=message("申报表文本与项目里的不同"))
