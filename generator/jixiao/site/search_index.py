"""The search indexes: Pagefind, for each language and year, cut into parts that are merged in the browser.

An index is loaded in pieces, so a reader downloads only what a query needs. Parts keep the memory of each run
small and let a change of one page touch one part. Which pages are in which part follows from the pages alone,
never from an earlier build. Three functions serve a build that makes parts one by one and keeps them:

    indexes_of      pages → indexes: their names and the addresses in them
    index_files     the pages of one index → its files
    shared_files    the indexes of a language → the files that join them in the browser
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from jixiao.analysis.urls import PARTS
from jixiao.i18n import THEME, interface_words
from jixiao.ignored_files import is_leftover
from jixiao.pages.page import Kind
from jixiao.pages.search_facets import FACETS
from jixiao.site.pagefind_service import Pagefind, pagefind
from jixiao.site.search_facts import FACTS, facts_file

FOLDER = "pagefind"
GENERAL = "general"
"""The index of the pages that belong to no year; its first part also holds Pagefind's scripts."""
LARGE_PART = 1500
"""Pages of a part that has grown; Pagefind needs about 170 kB of memory a page when it gives the files."""
_SCRIPTS = ("*.js", "*.css", "wasm.*.pagefind")
"""Files of Pagefind itself, the same in every index; the general one keeps those in use."""
_IN_NONE = frozenset(
    {
        *(Kind.HOME, Kind.SEARCH, Kind.INDICATORS, Kind.QUALITY),
        *(Kind.PROJECT, Kind.COMPARE, Kind.CHANGES, Kind.RENAMED, Kind.WITHDRAWN),
    }
)
"""Pages that only lead on, change with every declaration, or say once more what declarations say."""
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-highlight.js")
_FURTHER_PART = re.compile(rf"/{PARTS}/[0-9]+/$")

Files = dict[str, bytes]
"""Files of one folder by their path in it."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How the pages of one subject are cut into parts."""

    small: int
    """Pages of a part while there are few parts."""
    few: int
    """So many parts stay small; then they grow, because a browser loads the facets of each of them."""

    def count(self, pages: int) -> int:
        """Give the number of parts: a power of two that follows from the number of pages."""
        count = 1
        while pages > count * (self.small if count < self.few else LARGE_PART):
            count *= 2
        return count


LATEST = Cut(small=150, few=16)
"""The latest year, in which most changes are made: little of it is made anew."""
EARLIER = Cut(small=600, few=8)
"""An earlier year, of which a change makes more anew, so that all years together have few parts."""
REST = Cut(small=300, few=8)
"""Pages of no year."""


class Placed(Protocol):
    """What distribution asks of a page; every `Page` is one."""

    @property
    def kind(self) -> Kind:
        """What the page shows."""

    @property
    def year(self) -> int | None:
        """The year that it is about."""

    @property
    def address(self) -> str:
        """Without the prefix of its language."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """One index: its name and the pages that are in it."""

    name: str
    addresses: tuple[str, ...]
    """Under the language, sorted: Pagefind numbers pages as they come."""


def indexes_of(pages: Iterable[Placed], cut: Cut | None = None) -> tuple[Index, ...]:
    """Distribute *pages* over indexes: declarations by their year, all other pages in general, each in parts.

    Lists stand in the general index by their headings: who looks for a project wants the project itself, not
    a list that names it. Their further parts have the same headings, and home and search lead to everything;
    these are in none.

    Args:
        pages: The pages of one language, in any order.
        cut: How all of them are cut; `None` cuts the latest year most finely.
    """
    by_subject: dict[str, list[str]] = {GENERAL: []}
    for page in pages:
        if page.kind is Kind.DECLARATION and page.year is not None:
            by_subject.setdefault(str(page.year), []).append(page.address)
        elif page.kind not in _IN_NONE and not _FURTHER_PART.search(page.address):
            by_subject[GENERAL].append(page.address)
    latest = max(by_subject.keys() - {GENERAL}, default="")
    cuts = {GENERAL: REST, latest: LATEST}
    parts = (
        part
        for subject, found in by_subject.items()
        for part in _parts(subject, found, cut or cuts.get(subject, EARLIER))
    )
    return tuple(sorted(parts, key=lambda part: part.name))


def _parts(subject: str, addresses: Sequence[str], cut: Cut) -> Iterator[Index]:
    """Cut the pages of one year, or the general ones, into parts by the hash of their address.

    Until their number doubles, a page more changes one part only.
    """
    count = cut.count(len(addresses))
    numbered: dict[int, list[str]] = {}
    for address in addresses:
        digest = hashlib.sha256(address.encode()).digest()
        numbered.setdefault(int.from_bytes(digest[:8]) % count, []).append(address)
    if subject == GENERAL:
        # Pagefind's scripts lie there, whatever else does.
        numbered.setdefault(0, [])
    for number, found in numbered.items():
        name = f"{subject}-{number}" if number else subject
        yield Index(name=name, addresses=tuple(sorted(found)))


def index_files(name: str, documents: Iterable[tuple[str, str]]) -> Files:
    """Make one index; nothing is read from the disk or written to it.

    Args:
        name: The name of the index.
        documents: Path of each page from the folder of the site, and what `searchable` leaves of it; in the
            order of the addresses of the index.

    Raises:
        BuildFailure: Pagefind failed; its words are in the failure.
    """
    with pagefind() as service:
        return index_files_with(service, name, documents)


def index_files_with(service: Pagefind, name: str, documents: Iterable[tuple[str, str]]) -> Files:
    """Do the same with a service that is running, which starts once for several indexes."""
    pages = list(documents)
    made = service.index(pages)
    unwanted = _UNUSED if name == GENERAL else _SCRIPTS
    kept = {
        path: content
        for path, content in made.items()
        if not any(fnmatchcase(path, pattern) for pattern in unwanted)
    }
    if not is_general(name):
        kept[FACTS] = facts_file(kept, pages)
    return dict(sorted(kept.items()))


def shared_files(
    language: str, names: Iterable[str], values: Mapping[str, Sequence[tuple[str, str]]]
) -> Files:
    """Give the files that join the indexes of *names* in the browser, beside the folders of the indexes.

    Args:
        language: Code of the language.
        names: The indexes.
        values: Key of a facet that has a closed list → its values in order, in Chinese and in the language.
    """
    words = interface_words(language)
    merged = sorted(set(names) - {GENERAL})
    listing = {
        "indexes": [name for name in merged if not is_general(name)],
        "general": [name for name in merged if is_general(name)],
        "facets": [
            {"key": key, "name": words.say(name), "values": values.get(key, ())}
            for key, name in FACETS.items()
        ],
    }
    return {
        "indexes.json": json.dumps(listing, ensure_ascii=False).encode(),
        **{
            script.name: script.read_bytes()
            for script in sorted((THEME / "search").glob("*.js"))
            if not is_leftover(script.name)
        },
    }


def is_general(name: str) -> bool:
    """Tell whether an index is one of those of pages that belong to no year."""
    return name.partition("-")[0] == GENERAL
