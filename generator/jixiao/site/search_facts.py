"""By what the search page narrows, counts and sorts declarations: a file beside each index of declarations.

Pagefind finds words; what has a value in a list is told by the pages themselves (the records that the
declaration template prints) and needs no search engine. The file is JSON:

    {"values": {"year": ["2021", …], …},
     "pages": {"<id of the result>": ["<sum in 元>" or null, [[number of a value, …] of the first facet, …]]}}
"""

import gzip
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from jixiao.pages.search_facets import FACETS

FACTS: Final = "facts.json"
_MARK: Final = b"pagefind_dcd"
_RECORD: Final = re.compile(r'<div class="search-record"(?P<attributes>(?: data-[a-z0-9-]+="[^"]*")+)></div>')
_ATTRIBUTE: Final = re.compile(r' data-(?P<name>[a-z0-9-]+)="(?P<value>[^"]*)"')

Record = Mapping[str, tuple[str, ...]]
"""Attribute of a page's records, without `data-` → its values, in their order."""


def record_of(page: str) -> Record:
    """Read the records of a page."""
    values: dict[str, tuple[str, ...]] = {}
    for record in _RECORD.finditer(page):
        for name, value in _ATTRIBUTE.findall(record["attributes"]):
            said = html.unescape(value)
            values[name] = tuple(dict.fromkeys((*values.get(name, ()), said)))
    return values


def facts_file(files: Mapping[str, bytes], pages: Iterable[tuple[str, str]]) -> bytes:
    """Write what the declarations of an index are counted and sorted by.

    Args:
        files: The files of the index by their path in it.
        pages: Path of each page from the folder of the site, and its HTML.
    """
    records = {f"/{path.removesuffix('index.html')}": record_of(page) for path, page in pages}
    of_results = {identity: records[address] for identity, address in _results(files)}
    values = {
        facet: sorted({value for record in of_results.values() for value in record.get(facet, ())})
        for facet in FACETS
    }
    numbers = {facet: {value: number for number, value in enumerate(values[facet])} for facet in FACETS}
    facts = {
        identity: [
            next(filter(None, record.get("yuan", ())), None),
            [[numbers[facet][value] for value in record.get(facet, ())] for facet in FACETS],
        ]
        for identity, record in sorted(of_results.items())
    }
    text = json.dumps({"values": values, "pages": facts}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _results(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Give the id by which the browser knows each page of an index, and its address from the root."""
    for path, content in files.items():
        folder, _, name = path.partition("/")
        if folder == "fragment":
            fragment = json.loads(gzip.decompress(content).removeprefix(_MARK))
            yield name.removesuffix(".pf_fragment"), fragment["url"]
