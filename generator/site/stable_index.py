"""Write Pagefind's lists of facets in a fixed order, so that the same site gives the same bytes.

Pagefind 1.5 writes them in the order of a hash table, which differs from run to run, and names the files by
their content. The files are gzipped CBOR behind a mark of twelve bytes:

    filter/<language>_<sha1>.pf_filter     [facet, [[value, [page, …]], …]]
    pagefind.<language>_<sha1>.pf_meta     [version, pages, words, [[facet, name of its file], …], …]
    pagefind-entry.json                    the name of the pf_meta of each language
"""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cbor2

_MARK = b"pagefind_dcd"
_FACETS = 3
"""Where the list of facets stands in a pf_meta."""
_NAME_LENGTH = 7
"""Characters of the hash in the name of a filter."""


def make_stable(index: Path, order: Sequence[str]) -> None:
    """Put the facets of an index and their values in order, and rename the files accordingly.

    Args:
        index: The folder of the index.
        order: Values in the order in which readers see them; others follow by their characters.
    """
    ranks = {value: rank for rank, value in enumerate(order)}
    entry_file = index / "pagefind-entry.json"
    entry = json.loads(entry_file.read_text("utf-8"))
    for language, about in entry["languages"].items():
        meta_file = index / f"pagefind.{about['hash']}.pf_meta"
        meta = _read(meta_file)
        meta[_FACETS] = sorted(
            [facet, _sorted_filter(index, name, language, ranks)] for facet, name in meta[_FACETS]
        )
        meta_file.unlink()
        length = len(about["hash"]) - len(language) - 1
        about["hash"] = _name(meta, language, length)
        _write(index / f"pagefind.{about['hash']}.pf_meta", meta)
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    entry_file.write_text(text, encoding="utf-8")


def _sorted_filter(index: Path, name: str, language: str, ranks: Mapping[str, int]) -> str:
    """Sort the values of one facet; give the new name of its file."""
    file = index / "filter" / f"{name}.pf_filter"
    facet, values = _read(file)
    file.unlink()
    content = [facet, sorted(values, key=lambda value: (ranks.get(value[0], len(ranks)), value[0]))]
    stable = _name(content, language, _NAME_LENGTH)
    _write(index / "filter" / f"{stable}.pf_filter", content)
    return stable


def _name(content: list[Any], language: str, length: int) -> str:
    digest = hashlib.sha1(cbor2.dumps(content), usedforsecurity=False).hexdigest()
    return f"{language}_{digest[:length]}"


def _read(file: Path) -> list[Any]:
    content: list[Any] = cbor2.loads(gzip.decompress(file.read_bytes()).removeprefix(_MARK))
    return content


def _write(file: Path, content: list[Any]) -> None:
    file.write_bytes(gzip.compress(_MARK + cbor2.dumps(content), mtime=0))
