"""What tests share: a project in a temporary folder, the built site, a server, a browser."""

import functools
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.forked_command import forked_command

ROOT = Path(__file__).parent.parent
# The shell is the same engine without windows: what tests do in it takes a quarter less time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), "")
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

PATIENCE = 120_000
"""Milliseconds for which a browser waits. This only tells a hang from a busy machine."""
expect.set_options(timeout=PATIENCE)

# How long one example takes says nothing on a busy machine; a failure prints what repeats it. In CI this
# stands on the profile `ci` of hypothesis, which takes the same examples every time: a red run is about the
# change.
settings.register_profile("jixiao", settings(), deadline=None, print_blob=True)
settings.register_profile("long", settings(), deadline=None, print_blob=True, max_examples=3000)
# Every push is looked at with a third of the examples, every desk with all of them.
settings.register_profile("push", settings(), deadline=None, print_blob=True, max_examples=32)
settings.load_profile("push" if os.environ.get("CI", "") not in {"", "0", "false"} else "jixiao")

# A file stays in one process; those that take a minute and more begin first: none is left for the end.
LONGEST = (
    "test_pages_in_browser.py",
    "test_injection_payloads.py",
    "test_failed_publish.py",
    "test_incremental_builds.py",
    "test_search_explorer.py",
    "test_search.py",
    "test_broken_program_parts.py",
    "test_review.py",
    "test_reproducible_builds.py",
    "test_extreme_content.py",
    "test_advice.py",
    "test_dask_cluster.py",
    "test_command_line.py",
    "test_fmt.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the expected files anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--rewrite-golden"):
        _deselect_without_golden_files(config, items)
    items.sort(key=lambda test: LONGEST.index(test.path.name) if test.path.name in LONGEST else len(LONGEST))
    if CHROMIUM or os.environ.get("CI", "") not in {"", "0", "false"}:
        return
    for test in items:
        if test.get_closest_marker("browser"):
            test.add_marker(pytest.mark.skip(reason="no Chromium: see tests/install_browser.sh"))


def _deselect_without_golden_files(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that write golden files: they are those that ask for `rewrites_golden`."""
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for test in items:
        (chosen if "rewrites_golden" in getattr(test, "fixturenames", ()) else others).append(test)
    config.hook.pytest_deselected(items=others)
    items[:] = chosen


@pytest.fixture(scope="session")
def rewrites_golden(pytestconfig: pytest.Config) -> bool:
    """Whether expected files are to be written instead of compared."""
    return bool(pytestconfig.getoption("--rewrite-golden"))


def jixiao(*arguments: str, language: str = "en", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as its users do; they wait longer until it is imported."""
    if cwd != ROOT and (cwd / "generator").is_dir():
        return run_module("jixiao", *arguments, language=language, cwd=cwd)
    return forked_command().run(arguments, environment=_environment(language), cwd=cwd)


def run_module(
    module: str, *arguments: str, language: str = "en", cwd: Path = ROOT, columns: int = 100
) -> subprocess.CompletedProcess[str]:
    """Run a module as `python -m` does, and capture its output."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**_environment(language, columns), **package_path(cwd)},
        cwd=cwd,
    )


def package_path(checkout: Path) -> dict[str, str]:
    """Return the variable that makes Python import the program of *checkout*, if this folder is one."""
    package = checkout / "generator"
    return {"PYTHONPATH": str(package)} if (package / "jixiao").is_dir() else {}


def _environment(language: str, columns: int = 100) -> dict[str, str]:
    return {**os.environ, "JIXIAO_LANGUAGE": language, "COLUMNS": str(columns), "NO_COLOR": "1"}


def copy_project(folder: Path) -> Path:
    """Copy our own content and settings, so that a test can change and build them."""
    shutil.copytree(ROOT / "content", folder / "content")
    for name in ("site_config.yml", "mkdocs.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def copy_program(folder: Path) -> Path:
    """Copy the program and the theme, so that a test can change them."""
    for name in ("generator", "theme"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of our own project that the test may change; packs and data, which take time, are left out."""
    folder = copy_project(tmp_path / "project")
    settings = folder / "site_config.yml"
    words = settings.read_text("utf-8").replace("packs: true", "packs: false")
    settings.write_text(words.replace("downloads: true", "downloads: false"), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project folder after `jixiao build`: the site is in build/site, the Markdown in build/pages."""
    folder = copy_project(tmp_path_factory.mktemp("built") / "project")
    result = jixiao("build", "--project", str(folder))
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="session")
def site(built: Path) -> Path:
    """The folder of the built site of the three real declarations."""
    return built / "build" / "site"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""

    def send_error(self, code: int, *_arguments: object, **_options: object) -> None:
        """Answer as a web server is set up to: with the site's own page."""
        content = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Compressing(_Quiet):
    """Handler that compresses text, as web servers are set up to do."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if file.suffix not in _COMPRESSED or not file.is_file():
            super().do_GET()
            return
        content = gzip.compress(file.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


_COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A page of results asks for many files at once, and a busy machine is slow to take them up: the five that
    # wait by default are too few, and the others would be turned away.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the library
        """Ignore readers that go away: a browser that is closed is one."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(folder: Path, *, compresses: bool = False) -> Iterator[str]:
    """Serve *folder* on the loopback interface; yield its address."""
    handler = _Compressing if compresses else _Quiet
    server = _Server(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address at which the built site is served."""
    yield from serve(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET_CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that fails the test when the console is not clean or a request leaves the site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    # A stream of events and what a page still loads are broken off when the reader goes on.
    opened.on(
        "requestfailed",
        lambda request: (
            None
            if request.failure == "net::ERR_ABORTED"
            else complaints.append(f"failed: {request.url}: {request.failure}")
        ),
    )
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else complaints.append(f"leaves the site: {request.url}")
        ),
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small file system in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a file system; the limit on the size of files is tested by all")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,nr_inodes=2000", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)
