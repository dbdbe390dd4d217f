"""Search indexes: Pagefind indexes for each language and year, divided into parts that the browser merges.

An index is loaded in pieces, so a reader downloads only the pieces a query needs. Parts limit the memory of
each run and the work after a change of one page; the part of a page depends on the pages alone, never on an
earlier build. Beside each index of declarations is a file by which the search page narrows, counts and sorts
results, because facet values are in the pages and need no search engine. It is JSON:

    {"values": {"year": ["2021", …], …},
     "pages": {"<id of the result>": ["<sum in 元>" or null, [[number of a value, …] of the first facet, …]]}}
"""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Protocol

from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.urls import LIST_PARTS
from jixiao.i18n import THEME, load_interface_catalogue
from jixiao.ignored_files import is_ignored_name
from jixiao.pages.search_facets import FACETS
from jixiao.site.pagefind_service import Pagefind

FACET_FILE: Final = "facts.json"
_FRAGMENT_SIGNATURE: Final = b"pagefind_dcd"
_RECORD: Final = re.compile(r'<div class="search-record"(?P<attributes>(?: data-[a-z0-9-]+="[^"]*")+)></div>')
_ATTRIBUTE: Final = re.compile(r' data-(?P<name>[a-z0-9-]+)="(?P<value>[^"]*)"')

SearchRecord = Mapping[str, tuple[str, ...]]
"""Attribute of a page's search records, without `data-` → its values in order."""


def read_search_record(page: str) -> SearchRecord:
    """Read the search records of a page."""
    values: dict[str, tuple[str, ...]] = {}
    for record in _RECORD.finditer(page):
        for name, value in _ATTRIBUTE.findall(record["attributes"]):
            values[name] = tuple(dict.fromkeys((*values.get(name, ()), html.unescape(value))))
    return values


def build_facet_file(files: Mapping[str, bytes], pages: Iterable[tuple[str, str]]) -> bytes:
    """Build the file by which results of an index are narrowed, counted and sorted.

    Args:
        files: Files of the index by their path in it.
        pages: Path of each page from the folder of the site, and its HTML.
    """
    records = {f"/{path.removesuffix('index.html')}": read_search_record(page) for path, page in pages}
    results = {identity: records[address] for identity, address in _read_results(files)}
    values = {
        facet: sorted({value for record in results.values() for value in record.get(facet, ())})
        for facet in FACETS
    }
    numbers = {facet: {value: number for number, value in enumerate(values[facet])} for facet in FACETS}
    facets = {
        identity: [
            next(filter(None, record.get("yuan", ())), None),
            [[numbers[facet][value] for value in record.get(facet, ())] for facet in FACETS],
        ]
        for identity, record in sorted(results.items())
    }
    text = json.dumps({"values": values, "pages": facets}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _read_results(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the id that the browser uses for each page of an index, and its address from the root."""
    for path, content in files.items():
        folder, _, name = path.partition("/")
        if folder == "fragment":
            fragment = json.loads(gzip.decompress(content).removeprefix(_FRAGMENT_SIGNATURE))
            yield name.removesuffix(".pf_fragment"), fragment["url"]


INDEX_FOLDER = "pagefind"
GENERAL_INDEX = "general"
"""Index of pages that belong to no year; its first part also holds Pagefind's scripts."""
LARGE_PART = 1500
"""Pages in a large part; Pagefind needs about 170 kB of memory a page to return its files."""
_PAGEFIND_FILES = ("*.js", "*.css", "wasm.*.pagefind")
"""Files of Pagefind itself, the same in every index; only the general index keeps them."""
_UNUSED_PAGEFIND_FILES = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-highlight.js")
_CONTINUED_LIST = re.compile(rf"/{LIST_PARTS}/[0-9]+/$")

IndexFiles = dict[str, bytes]
"""Files of one folder by their path in it."""


@dataclass(frozen=True, kw_only=True)
class PartSizes:
    """Sizes of the parts that the pages of one subject are divided into."""

    small_part: int
    """Pages in a part while there are few parts."""
    few_parts: int
    """Number of parts up to which they stay small; a browser loads the facets of each part."""

    def count_parts(self, pages: int) -> int:
        """Return the number of parts, a power of two that depends on the number of pages."""
        count = 1
        while pages > count * (self.small_part if count < self.few_parts else LARGE_PART):
            count *= 2
        return count


LATEST_YEAR_SIZES = PartSizes(small_part=150, few_parts=16)
"""Sizes for the latest year, which changes most; small parts keep rebuilt indexes small."""
EARLIER_YEAR_SIZES = PartSizes(small_part=600, few_parts=8)
"""Sizes for earlier years; larger parts keep the number of parts of all years low."""
GENERAL_SIZES = PartSizes(small_part=300, few_parts=8)
"""Sizes for pages of no year."""


class IndexablePage(Protocol):
    """Attributes of a page that distribution over indexes needs; `Page` has them."""

    @property
    def kind(self) -> PageKind:
        """Kind of the page."""

    @property
    def year(self) -> int | None:
        """Year of the page."""

    @property
    def address(self) -> str:
        """Address without the language prefix."""


@dataclass(frozen=True, kw_only=True)
class SearchIndex:
    """Name of an index and the pages in it."""

    name: str
    addresses: tuple[str, ...]
    """Sorted addresses below the language; Pagefind numbers pages in the order of input."""


def distribute_pages(
    pages: Iterable[IndexablePage], sizes: PartSizes | None = None
) -> tuple[SearchIndex, ...]:
    """Distribute *pages* over indexes: declarations by year, other pages in the general index.

    Each index is divided into parts. Lists are in the general index with their headings only: a search for a
    project should find the project itself and not a list that names it. Continued pages of lists have the
    same headings, and home and search link to everything; these are in no index.

    Args:
        pages: Pages of one language, in any order.
        sizes: Sizes of all parts; by default the latest year has the smallest parts.
    """
    by_subject: dict[str, list[str]] = {GENERAL_INDEX: []}
    for page in pages:
        if page.kind is PageKind.DECLARATION and page.year is not None:
            by_subject.setdefault(str(page.year), []).append(page.address)
        elif page.kind.traits.is_searched and not _CONTINUED_LIST.search(page.address):
            by_subject[GENERAL_INDEX].append(page.address)
    latest = max(by_subject.keys() - {GENERAL_INDEX}, default="")
    subject_sizes = {GENERAL_INDEX: GENERAL_SIZES, latest: LATEST_YEAR_SIZES}
    parts = (
        part
        for subject, addresses in by_subject.items()
        for part in _split_by_hash(
            subject, addresses, sizes or subject_sizes.get(subject, EARLIER_YEAR_SIZES)
        )
    )
    return tuple(sorted(parts, key=lambda part: part.name))


def _split_by_hash(subject: str, addresses: Sequence[str], sizes: PartSizes) -> Iterator[SearchIndex]:
    """Divide the pages of one year, or the general ones, into parts by the hash of their address.

    Until the number of parts doubles, an added page changes only one part.
    """
    count = sizes.count_parts(len(addresses))
    numbered: dict[int, list[str]] = {}
    for address in addresses:
        digest = hashlib.sha256(address.encode()).digest()
        numbered.setdefault(int.from_bytes(digest[:8]) % count, []).append(address)
    if subject == GENERAL_INDEX:
        # Its first part holds Pagefind's scripts, even without pages.
        numbered.setdefault(0, [])
    for number, found in numbered.items():
        name = f"{subject}-{number}" if number else subject
        yield SearchIndex(name=name, addresses=tuple(sorted(found)))


def build_index(service: Pagefind, name: str, documents: Iterable[tuple[str, str]]) -> IndexFiles:
    """Build one index with a running service, so that it starts once for several indexes.

    Args:
        service: The running service.
        name: Name of the index.
        documents: Path of each page from the folder of the site, and its text from `extract_search_text`, in
            the order of the addresses of the index.

    Raises:
        UserError: Pagefind failed; the failure has its output.
    """
    pages = list(documents)
    files = service.build_index_files(pages)
    unwanted = _UNUSED_PAGEFIND_FILES if name == GENERAL_INDEX else _PAGEFIND_FILES
    kept = {
        path: content
        for path, content in files.items()
        if not any(fnmatchcase(path, pattern) for pattern in unwanted)
    }
    if not is_general_index(name):
        kept[FACET_FILE] = build_facet_file(kept, pages)
    return dict(sorted(kept.items()))


def build_shared_search_files(
    language: str, names: Iterable[str], values: Mapping[str, Sequence[tuple[str, str]]]
) -> IndexFiles:
    """Build the files that join the indexes of *names* in the browser, for the folder above the indexes.

    Args:
        language: Code of the language.
        names: Names of the indexes.
        values: Key of a facet with a closed list → its values in order, in Chinese and in the language.
    """
    catalogue = load_interface_catalogue(language)
    merged = sorted(set(names) - {GENERAL_INDEX})
    listing = {
        "indexes": [name for name in merged if not is_general_index(name)],
        "general": [name for name in merged if is_general_index(name)],
        "facets": [
            {"key": key, "name": catalogue.translate(name), "values": values.get(key, ())}
            for key, name in FACETS.items()
        ],
    }
    return {
        "indexes.json": json.dumps(listing, ensure_ascii=False).encode(),
        **{
            script.name: script.read_bytes()
            for script in sorted((THEME / "search").glob("*.js"))
            if not is_ignored_name(script.name)
        },
    }


def is_general_index(name: str) -> bool:
    """Return whether an index holds pages that belong to no year."""
    return name.partition("-")[0] == GENERAL_INDEX
