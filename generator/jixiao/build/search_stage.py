"""Search: the stages of the search indexes and of the scripts that join them in the browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from zlib import compress, decompress

from jixiao.analysis.page_kinds import PageKind
from jixiao.analysis.site_content import SiteContent
from jixiao.build.executor import Executor, PoolExecutor, threads
from jixiao.build.staging import StagedSite
from jixiao.build.task import SITE, Output, Stage, Task, file_stage, hash_inputs
from jixiao.pages.page import add_language_prefix
from jixiao.pages.search_facets import list_closed_values
from jixiao.site.pagefind_service import run_pagefind
from jixiao.site.search_index import (
    GENERAL_INDEX,
    INDEX_FOLDER,
    SearchIndex,
    build_index,
    build_shared_search_files,
    distribute_pages,
)
from jixiao.site.search_text import extract_search_text
from jixiao.site.sitemap import SitePage

_CHUNK: Final = 1000
"""Pages whose indexes a worker makes one after the other: starting Pagefind takes as long as 70 pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexInput:
    """An index to make."""

    home: str
    """Its folder below `build/`."""
    name: str
    documents: tuple[tuple[str, bytes], ...]
    """Path and indexed text of each page, compressed to save memory while it waits for a worker."""


def start_indexes(pages: Iterable[SitePage], staged: StagedSite, executor: Executor[Any]) -> Iterator[object]:
    """Begin the search indexes of these pages; they are done when the result has been iterated.

    Instead of this process, threads wait for them meanwhile, because another program does the work.

    Args:
        pages: Without other pages of the same indexes.
        staged: Has these pages.
        executor: Runs the stage.
    """
    is_alone = not isinstance(executor, PoolExecutor)
    stage = Stage(
        kind="index",
        run=build_indexes,
        tasks=_tasks(list(pages), staged),
        chunk_size=1 if is_alone else _CHUNK,
        weigh=lambda one: len(one.documents),
    )
    return staged.start(stage, threads(executor.context) if is_alone else executor)


def build_indexes(_context: object, inputs: tuple[IndexInput, ...]) -> Iterator[Output]:
    """Index pages.

    Raises:
        UserError: Pagefind failed.
    """
    with run_pagefind() as service:
        for one in inputs:
            documents = ((path, decompress(text).decode()) for path, text in one.documents)
            files = build_index(service, one.name, documents)
            yield Output(files={f"{one.home}/{path}": content for path, content in files.items()})


def search_stage(pages: Iterable[SitePage], languages: Iterable[str], site: SiteContent) -> Stage[Any]:
    """Return the stage of the files that join the indexes of each language in the browser."""
    listed = list(pages)
    files = {}
    for language in languages:
        names = [index.name for index in _indexes(listed, language)]
        shared = build_shared_search_files(language, names, list_closed_values(site, language))
        files[language] = {f"{INDEX_FOLDER}/{language}/{path}": content for path, content in shared.items()}
    return file_stage("search", files)


def _indexes(pages: Iterable[SitePage], language: str) -> list[SearchIndex]:
    """Distribute pages; without a page that is in general there is no general index among them."""
    ours = [page for page in pages if page.language == language]
    has_general = any(page.kind is not PageKind.DECLARATION for page in ours)
    return [index for index in distribute_pages(ours) if has_general or index.name != GENERAL_INDEX]


def _tasks(pages: list[SitePage], staged: StagedSite) -> Iterator[Task[IndexInput]]:
    for language in dict.fromkeys(page.language for page in pages):
        prefix = add_language_prefix("", language)
        for index in _indexes(pages, language):
            paths = [f"{prefix}{address}index.html" for address in index.addresses]
            hashes = staged.search_hashes(paths)
            yield Task(
                name=f"{language}:{index.name}",
                inputs=hash_inputs(*paths, *(hashes[path] for path in paths)),
                prepare=partial(_prepare, language, index.name, paths, staged),
            )


def _prepare(language: str, name: str, paths: list[str], staged: StagedSite) -> IndexInput:
    documents = tuple(
        (path, compress(extract_search_text(staged.read(path).decode()).encode(), 1)) for path in paths
    )
    return IndexInput(home=f"{SITE}{INDEX_FOLDER}/{language}/{name}", name=name, documents=documents)
