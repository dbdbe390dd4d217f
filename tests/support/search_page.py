"""Searches in tests: the search page as a reader uses it, and direct queries of its engine."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.benchmarks.corpus import make_project
from tests.conftest import ROOT, jixiao
from tests.support.independent_readers import DECLARATIONS

SYNTHETIC_DECLARATIONS = 200
"""Declarations that stand around the three real ones."""
_QUERY_SCRIPT = """async queries => {
    const header = document.querySelector(".site-header");
    const engine = await import(new URL(header.dataset.indexes, location.href) + "pagefind.js");
    const instance = engine.createInstance({});
    const answers = [];
    for (const query of queries) {
        const { results } = await instance.search(query);
        answers.push(await Promise.all(results.map(result => result.data())));
    }
    return answers;
}"""

_SCROLL_THROUGH = """async results => {
    for (const placeholder of results) {
        const waits = () => placeholder.isConnected && !placeholder.querySelector("a");
        placeholder.scrollIntoView();
        for (let frames = 0; frames < 300 && waits(); frames += 1) {
            await new Promise(requestAnimationFrame);
        }
    }
}"""


def search(page: Page, address: str, query: str) -> Locator:
    """Open the search page with a query, as the header form does; return its loaded results."""
    page.goto(f"{address}search/?q={quote(query)}")
    expect(page.locator("pagefind-summary")).to_contain_text(query)
    return wait_for_results(page)


def wait_for_results(page: Page) -> Locator:
    """Return the results once each is loaded; Pagefind loads a result when it is scrolled into view."""
    expect(page.locator(".pf-results")).to_have_attribute("aria-busy", "false")
    results = page.locator(".pf-results > li")
    results.evaluate_all(_SCROLL_THROUGH)
    expect(results.locator("a")).to_have_count(results.count())
    return results


def find_facet_checkbox(page: Page, value: str) -> Locator:
    """Return the check box of a facet's value, after opening its group."""
    box = page.locator(f".search-page input[value='{value}']")
    expect(box).to_have_count(1)
    box.evaluate(
        "box => { const group = box.closest('details.pf-filter-group'); if (group) group.open = true; }"
    )
    return box


def last_folder(address: str) -> str:
    """Return the last folder of an address, which is the id of a declaration."""
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


def list_declarations(results: Locator) -> list[str]:
    """List the declarations among the results, in their order."""
    names = [last_folder(link.get_attribute("href") or "") for link in results.locator("a").all()]
    return [name for name in names if name in DECLARATIONS]


def query_engine(page: Page, address: str, queries: list[str]) -> list[list[dict[str, Any]]]:
    """Query the search engine of a site's language; return the results of each query, in order.

    A result has `url`, `excerpt` and `meta` with the `title`. A query without words finds all declarations.
    """
    page.goto(f"{address}search/")
    answers: list[list[dict[str, Any]]] = page.evaluate(_QUERY_SCRIPT, queries)
    return answers


def write_searched_project(folder: Path) -> Path:
    """Write a project that holds the three real declarations among many synthetic ones."""
    make_project(folder, SYNTHETIC_DECLARATIONS)
    content, real = folder / "content", ROOT / "content"
    for part in ("declarations", "forms", "translations"):
        shutil.copytree(
            real / part, content / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("SHA256SUMS")
        )
    for file in ("forms/SHA256SUMS", "organisations.yml"):
        _append(content / file, (real / file).read_text("utf-8"))
    published = (real / "addresses.yml").read_text("utf-8").splitlines(keepends=True)
    _append(content / "addresses.yml", "".join(line for line in published if line.startswith("  - ")))
    return folder


def shared_searched_project(temporary: pytest.TempPathFactory) -> Path:
    """Return that project with its site, which no test changes: it is built once for all processes."""
    base = temporary.getbasetemp()
    project = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "searched"
    with project.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (project / "build" / "site").is_dir():
            write_searched_project(project)
            result = jixiao("build", "--project", str(project))
            assert result.returncode == 0, result.stdout + result.stderr
    return project


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, "utf-8")
