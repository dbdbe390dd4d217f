"""Write Pagefind's lists of facets in a fixed order, so that the same site gives the same bytes.

Pagefind 1.5 writes them in the order of a hash table, which differs from run to run, and names the files by
their content. The files are gzipped CBOR behind a mark of twelve bytes:

    filter/<language>_<sha1>.pf_filter     [facet, [[value, [page, …]], …]]
    pagefind.<language>_<sha1>.pf_meta     [version, pages, words, [[facet, name of its file], …], …]
    pagefind-entry.json                    the name of the pf_meta of each language
    fragment/<id>.pf_fragment              what a result shows: JSON behind the same mark
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import cbor2

_ENTRY = "pagefind-entry.json"
_MARK = b"pagefind_dcd"
_FACETS = 3
"""Where the list of facets stands in a pf_meta."""
_NAME_LENGTH = 7
"""Characters of the hash in the name of a filter."""


def stable_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Put the facets of an index and their values in order of characters, and rename the files accordingly.

    Args:
        files: The files of an index by their path in it.
    """
    stable = dict(files)
    entry = json.loads(stable[_ENTRY])
    for language, about in entry["languages"].items():
        meta = _read(stable.pop(f"pagefind.{about['hash']}.pf_meta"))
        meta[_FACETS] = sorted([facet, _sort_filter(stable, name, language)] for facet, name in meta[_FACETS])
        length = len(about["hash"]) - len(language) - 1
        about["hash"] = _name(meta, language, length)
        stable[f"pagefind.{about['hash']}.pf_meta"] = _written(meta)
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    stable[_ENTRY] = text.encode()
    return stable


def fragments(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the id of each page of an index, by which the browser knows its result, and its metadata."""
    for path, content in sorted(files.items()):
        folder, _, name = path.partition("/")
        if folder == "fragment":
            fragment = json.loads(gzip.decompress(content).removeprefix(_MARK))
            yield name.removesuffix(".pf_fragment"), fragment["meta"]


def _sort_filter(files: dict[str, bytes], name: str, language: str) -> str:
    """Sort the values of one facet among *files*; give the new name of its file."""
    facet, values = _read(files.pop(f"filter/{name}.pf_filter"))
    content = [facet, sorted(values, key=lambda value: str(value[0]))]
    stable = _name(content, language, _NAME_LENGTH)
    files[f"filter/{stable}.pf_filter"] = _written(content)
    return stable


def _name(content: list[Any], language: str, length: int) -> str:
    digest = hashlib.sha1(cbor2.dumps(content), usedforsecurity=False).hexdigest()
    return f"{language}_{digest[:length]}"


def _read(file: bytes) -> list[Any]:
    content: list[Any] = cbor2.loads(gzip.decompress(file).removeprefix(_MARK))
    return content


def _written(content: list[Any]) -> bytes:
    return gzip.compress(_MARK + cbor2.dumps(content), mtime=0)
