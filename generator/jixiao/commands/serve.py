"""Development server: serves the site on this machine, watches for changes, and reloads open pages.

The port is bound before anything is built. Tornado listens on the loopback interface and answers only
requests addressed to this machine, so a foreign page in the browser cannot read an unpublished site through
a host name that resolves to it.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.routing import PathMatches, Rule
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from watchfiles import Change, watch

from jixiao.ignored_files import is_ignored_path
from jixiao.load.source_files import FileStat, file_stat

_LOOPBACK: Final = "127.0.0.1"
_LOCAL_NAMES: Final = r"(?:localhost|127\.0\.0\.1|\[::1\])"
_EVENTS_PATH: Final = "/-/events"
_SCRIPT_PATH: Final = "/-/reload.js"
_RELOAD_SCRIPT: Final = (
    f"new EventSource('{_EVENTS_PATH}?' + document.currentScript.src.split('?')[1])"
    ".addEventListener('reload', () => location.reload());"
)
_PING_SECONDS: Final = 10.0
_REQUEST_SECONDS: Final = 10.0
"""Maximum time for a request to arrive; an idle connection is closed after the same time."""
_MAX_HEADER_BYTES: Final = 16_384
_MAX_BODY_BYTES: Final = 1_024
_SHUTDOWN_SECONDS: Final = 5.0
_CHUNK_BYTES: Final = 65_536
_POLL_MILLISECONDS: Final = 200
_FIRST_SUGGESTED_PORT: Final = 8_000
_LAST_PORT: Final = 65_535
_LANGUAGE_PREFIX: Final = re.compile(r"/([a-z]{2}(?:-[A-Za-z]+)?)/")
_MEDIA_TYPES: Final = {".csv": "text/csv", ".jsonld": "application/ld+json", ".po": "text/plain"}
"""Media types that the tables of some machines lack."""
_TEXT_TYPES: Final = frozenset(
    {"application/json", "application/ld+json", "application/xml", "image/svg+xml"}
)


class ReloadAnnouncer:
    """Notifies open pages of a new site."""

    def __init__(self) -> None:
        """Start with the number of the first site."""
        # Starts with the clock, so that open pages notice a restart of the server.
        self._number = time.time_ns()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()

    @property
    def site_number(self) -> int:
        """Number of the current site; every new site has another."""
        return self._number

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Notify those who wait in *loop* from now on."""
        self._loop = loop

    def announce(self) -> None:
        """Wake all waiting connections, from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._wake_waiting)

    def _wake_waiting(self) -> None:
        self._number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_change(self, known_number: str) -> bool:
        """Wait for a site other than *known_number* for a few seconds, and return whether there is one."""
        if known_number == str(self._number):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _PING_SECONDS)
        return known_number != str(self._number)


class _ServedSite(NamedTuple):
    """Settings of the server, passed to every handler."""

    site: Path
    announcer: ReloadAnnouncer
    unbuilt_message: str
    """Message for readers before there is a site."""

    @property
    def reload_tag(self) -> bytes:
        """Script added to each page on its way to the browser; never part of the site on disk."""
        return f'<script src="{_SCRIPT_PATH}?{self.announcer.site_number}"></script>'.encode()


class _EventStream(RequestHandler):
    """Event stream that announces new sites."""

    def initialize(self, served: _ServedSite) -> None:
        self._announcer = served.announcer

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        known = self.request.query or str(self._announcer.site_number)
        with suppress(StreamClosedError):
            while True:
                await self.flush()
                changed = await self._announcer.wait_for_change(known)
                known = str(self._announcer.site_number)
                self.write("event: reload\ndata: new site\n\n" if changed else ": still here\n\n")


class _ReloadScriptHandler(RequestHandler):
    """Script that listens to the event stream."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(_RELOAD_SCRIPT)

    head = get


class _ForeignHostHandler(RequestHandler):
    """Refuses requests for another host name that resolves to this machine."""

    def prepare(self) -> None:
        self.set_status(HTTPStatus.FORBIDDEN)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("This server answers to localhost only.\n")


class _SiteFileHandler(StaticFileHandler):
    """File of the site, opened once, so that an answer is of one file even if it is replaced meanwhile."""

    _source: BinaryIO | None = None
    _etag: str | None = None

    def initialize(self, served: _ServedSite) -> None:  # type: ignore[override]
        """Set the folder of the site."""
        super().initialize(str(served.site), "index.html")
        self._served = served

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Open the file; a page gets the reload script."""
        # Read before the file is opened: a page may get an older number than its own, never a newer one.
        tag = self._served.reload_tag
        try:
            path = super().validate_absolute_path(root, absolute_path)
            if path is None:
                return None
            source = open(path, "rb")  # noqa: PTH123, SIM115 - closed when the answer is finished
        except (OSError, ValueError) as error:
            raise HTTPError(HTTPStatus.NOT_FOUND) from error
        self._source = source
        status = os.fstat(source.fileno())
        self._stat_result = status
        self._etag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'
        if path.endswith(".html"):
            self._source, self._etag = io.BytesIO(source.read() + tag), None
            source.close()
        return path

    def on_finish(self) -> None:
        """Close the file."""
        if self._source:
            self._source.close()

    def get_content_size(self) -> int:
        """Return the size of the file in bytes, including the script."""
        return self._source.seek(0, io.SEEK_END) if self._source else 0

    def get_content(  # type: ignore[override]
        self, _path: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        """Yield the content of the opened file in chunks."""
        if not self._source:
            return
        remaining = (self.get_content_size() if end is None else end) - (start or 0)
        self._source.seek(start or 0)
        while remaining > 0 and (chunk := self._source.read(min(remaining, _CHUNK_BYTES))):
            remaining -= len(chunk)
            yield chunk

    def compute_etag(self) -> str | None:
        """Return the tag that distinguishes versions of a file even within one second; pages have none."""
        return self._etag

    def get_content_type(self) -> str:
        """Return the media type, with the encoding for texts."""
        suffix = Path(self.absolute_path or "").suffix
        kind = _MEDIA_TYPES.get(suffix) or super().get_content_type()
        return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXT_TYPES else kind

    def set_extra_headers(self, _path: str) -> None:
        """Forbid caching, and ignore a range request for another version of the file."""
        self.set_header("Cache-Control", "no-store")
        headers = self.request.headers
        if "Range" in headers and headers.get("If-Range", self._etag) != self._etag:
            del headers["Range"]

    def write_error(self, status_code: int, **_options: object) -> None:
        """Send the page for missing files in the right language, or a message before there is a site."""
        if status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{status_code}\n")
            return
        page = self._read_not_found_page()
        is_built = page is not None or (self._served.site / "index.html").is_file()
        # A forbidden file is reported as missing.
        self.set_status(HTTPStatus.NOT_FOUND if is_built else HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        page = page or (b"<!doctype html>404\n" if is_built else self._served.unbuilt_message.encode())
        self.finish(page + self._served.reload_tag)

    def _read_not_found_page(self) -> bytes | None:
        """Read the page for missing files in the language of the requested path."""
        site = self._served.site
        language = _LANGUAGE_PREFIX.match(self.request.path)
        for folder in (*([site / language[1]] if language else []), site):
            with suppress(OSError):
                return (folder / "404.html").read_bytes()
        return None

    def log_exception(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Log errors except those caused by requests, because the terminal is for content problems."""
        if not isinstance(value, (HTTPError, StreamClosedError)):
            super().log_exception(kind, value, traceback)


def listen(port: int) -> list[socket.socket]:
    """Bind *port* on the loopback interface, or any free port for 0.

    Connections wait until `serve_site` runs.

    Raises:
        OSError: The port is taken, or its use is not permitted.
    """
    return bind_sockets(port, _LOOPBACK, family=socket.AF_INET)


def find_free_port(port: int) -> int:
    """Find a free port above *port*, or return 0 if there is none."""
    for other in range(max(port + 1, _FIRST_SUGGESTED_PORT), _LAST_PORT + 1):
        with suppress(OSError), socket.socket() as candidate:
            candidate.bind((_LOOPBACK, other))
            return other
    return 0


@contextmanager
def serve_site(
    site: Path, sockets: Sequence[socket.socket], announcer: ReloadAnnouncer, unbuilt_message: str
) -> Iterator[None]:
    """Serve *site* for the duration of the block.

    Args:
        site: Folder of the site, which may be replaced at any time or not exist yet.
        sockets: Sockets from `listen`.
        announcer: Notifies open pages when to reload.
        unbuilt_message: Message for readers before there is a site.
    """
    # Invalid requests are not logged; errors of this program are.
    for name in ("tornado.general", "tornado.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    served = {"served": _ServedSite(site, announcer, unbuilt_message)}
    routes = [
        Rule(PathMatches(_EVENTS_PATH), _EventStream, served),
        Rule(PathMatches(_SCRIPT_PATH), _ReloadScriptHandler),
        Rule(PathMatches("/(.*)"), _SiteFileHandler, served),
    ]
    application = Application(default_handler_class=_ForeignHostHandler, log_function=lambda _handler: None)
    application.add_handlers(_LOCAL_NAMES, routes)
    started: Future[asyncio.AbstractEventLoop] = Future()
    ended = asyncio.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(_answer_requests(application, sockets, started, ended)), daemon=True
    )
    thread.start()
    loop = started.result()
    announcer.attach_loop(loop)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(_SHUTDOWN_SECONDS)


async def _answer_requests(
    application: Application,
    sockets: Sequence[socket.socket],
    started: Future[asyncio.AbstractEventLoop],
    ended: asyncio.Event,
) -> None:
    """Answer requests until *ended* is set."""
    server = HTTPServer(
        application,
        max_header_size=_MAX_HEADER_BYTES,
        max_body_size=_MAX_BODY_BYTES,
        idle_connection_timeout=_REQUEST_SECONDS,
        body_timeout=_REQUEST_SECONDS,
    )
    server.add_sockets(sockets)
    started.set_result(asyncio.get_running_loop())
    await ended.wait()
    server.stop()


def watch_changes(root: Path, themes: Iterable[Path], stop: threading.Event) -> Iterator[bool]:
    """Yield at the start and after each change of content, settings or theme, until *stop* is set.

    Changes during a build of the caller are yielded afterwards.

    Yields:
        Whether a theme has changed, which a process that has loaded the old one cannot build with.
    """
    settings = (root / "site_config.yml", root / "mkdocs.yml")
    theme_folders = [theme.resolve() for theme in themes if theme.is_dir()]
    folders = [*theme_folders, *(folder.resolve() for folder in [root / "content"] if folder.is_dir())]
    known: list[FileStat | None] | None = None

    def is_relevant(_change: Change, path: str) -> bool:
        relative = (Path(path).relative_to(folder) for folder in folders if Path(path).is_relative_to(folder))
        return not any(inside.parts and is_ignored_path(inside) for inside in relative)

    change_sets = watch(
        *folders,
        watch_filter=is_relevant,
        stop_event=stop,
        debounce=200,
        step=50,
        rust_timeout=_POLL_MILLISECONDS,
        yield_on_timeout=True,
    )
    # The settings are polled, because many editors save by replacing the file, which ends a watch.
    for changes in change_sets:
        stamps = [_read_stamp(file) for file in settings]
        if changes or stamps != known:
            known = stamps
            yield any(Path(path).is_relative_to(theme) for _, path in changes for theme in theme_folders)


def _read_stamp(file: Path) -> FileStat | None:
    try:
        return file_stat(file.stat())
    except OSError:
        return None
