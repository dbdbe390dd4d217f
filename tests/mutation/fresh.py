"""Mutants of what is done while the program is imported: each is imported anew in a process of its own."""

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from hypothesis import settings

from tests.mutation.children import Attempt, failed
from tests.mutation.mutants import Mutant
from tests.mutation.session import OPTIONS, PATIENCE, Test

# Everything that the tests import and that is not ours: read once, here, and not once a mutant.
_LIBRARIES = (
    *("babel.messages.pofile", "jinja2", "jsonschema", "lxml.html", "markdown", "pydantic", "yaml"),
    *(
        "mkdocs.config",
        "playwright.sync_api",
        "axe_playwright_python.sync_playwright",
        "rich.console",
        "typer",
    ),
    *("watchfiles", "markdown.extensions.tables", "http.server", "ctypes", "markupsafe"),
)
_IMPORTING = 30.0
"""Seconds that importing and collecting may take at most."""


def tried(root: Path, mutants: Mapping[int, Mutant], tests: Sequence[Test]) -> Iterator[tuple[int, bool]]:
    """Give the number of each mutant and whether it was killed."""
    for name in _LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    patience = PATIENCE + _IMPORTING + 10 * sum(test.seconds for test in tests)
    yield from failed(
        Attempt(number=number, patience=patience, succeeds=functools.partial(_passes, root, mutant, tests))
        for number, mutant in mutants.items()
    )


def _passes(root: Path, mutant: Mutant, tests: Sequence[Test]) -> bool:
    sys.meta_path.insert(0, _Finder(root, mutant))
    settings.load_profile("mutation")
    order = {
        test.name: (all(file != mutant.file for file, _ in test.lines), len(test.lines)) for test in tests
    }
    # The two files with the nearest tests kill almost all, and are imported in a moment.
    files = list(dict.fromkeys(name.partition("::")[0] for name in sorted(order, key=order.__getitem__)))
    return all(
        pytest.main([*(str(root / file) for file in some), *OPTIONS, "--exitfirst"], plugins=[_Order(order)])
        == 0
        for some in (files[:2], files)
    )


class _Order:
    """Runs the tests first that run a line of the changed file, those of few lines before those of many."""

    def __init__(self, near: Mapping[str, tuple[bool, int]]) -> None:
        self._near = near

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out tests that may not be used, and sort the others."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._near), key=lambda item: self._near[item.nodeid]
        )


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the changed module, before the one on the disk is found."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        self._mutant = mutant
        self._path = str(root / mutant.file)
        self._name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the changed module alone."""
        if fullname != self._name:
            return None
        loader = _Loader(fullname, self._path, self._mutant.source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the changed source."""

    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, _fullname: str) -> CodeType:
        """Compile the changed source; compiled files on the disk are neither read nor written."""
        return compile(self._source, self.path, "exec", dont_inherit=True)
