"""Serve the site on this machine and rebuild it after every saved change; open pages reload by themselves.

The port is taken before anything is built. Tornado answers on the loopback interface, and only what is
addressed to this machine: a foreign page in the browser cannot read an unpublished site through a name that
leads here.
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

from jixiao.ignored_files import is_among_leftovers
from jixiao.site.mirror import Stamp, stamp_of
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.routing import PathMatches, Rule
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from watchfiles import Change, watch

_LOOPBACK: Final = "127.0.0.1"
_OUR_NAMES: Final = r"(?:localhost|127\.0\.0\.1|\[::1\])"
_EVENTS: Final = "/-/events"
_SCRIPT: Final = "/-/reload.js"
_RELOAD: Final = (
    f"new EventSource('{_EVENTS}?' + document.currentScript.src.split('?')[1])"
    ".addEventListener('reload', () => location.reload());"
)
_PING_SECONDS: Final = 10.0
_REQUEST_SECONDS: Final = 10.0
"""How long a request may take to arrive; an idle connection is closed after the same time."""
_LONGEST_HEAD: Final = 16_384
_LONGEST_BODY: Final = 1_024
_LONGEST_WAIT: Final = 5.0
_CHUNK: Final = 65_536
_LOOK_MILLISECONDS: Final = 200
_FIRST_OFFERED: Final = 8_000
_LAST_PORT: Final = 65_535
_LANGUAGE: Final = re.compile(r"/([a-z]{2}(?:-[A-Za-z]+)?)/")
_TYPES: Final = {".csv": "text/csv", ".jsonld": "application/ld+json", ".po": "text/plain"}
"""What tables of types on some machines lack."""
_TEXTS: Final = frozenset({"application/json", "application/ld+json", "application/xml", "image/svg+xml"})


class Announcer:
    """Tells open pages that there is a new site."""

    def __init__(self) -> None:
        """Begin with the first site."""
        # Begins with the clock, so that a page left open while the server was restarted notices that, too.
        self._number = time.time_ns()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()

    @property
    def number(self) -> int:
        """A number of the present site; another one has another."""
        return self._number

    def connect(self, loop: asyncio.AbstractEventLoop) -> None:
        """Announce to those who wait in *loop* from now on."""
        self._loop = loop

    def announce(self) -> None:
        """Wake everybody who waits, from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, known: str) -> bool:
        """Wait until the site is another than number *known*; give up after a few seconds."""
        if known == str(self._number):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _PING_SECONDS)
        return known != str(self._number)


class _Served(NamedTuple):
    """What is served: every handler is given this."""

    site: Path
    announcer: Announcer
    unbuilt: str
    """A sentence for who comes before there is a site."""

    @property
    def tag(self) -> bytes:
        """A script at the end of each page on its way to the browser; never part of the site on disk."""
        return f'<script src="{_SCRIPT}?{self.announcer.number}"></script>'.encode()


class _Events(RequestHandler):
    """A stream that says when there is a new site."""

    def initialize(self, served: _Served) -> None:
        self._announcer = served.announcer

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        known = self.request.query or str(self._announcer.number)
        with suppress(StreamClosedError):
            while True:
                await self.flush()
                changed = await self._announcer.wait(known)
                known = str(self._announcer.number)
                self.write("event: reload\ndata: new site\n\n" if changed else ": still here\n\n")


class _Script(RequestHandler):
    """The script that listens to the stream."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(_RELOAD)

    head = get


class _Stranger(RequestHandler):
    """Refuses a request for another machine, whose name was made to lead here."""

    def prepare(self) -> None:
        self.set_status(HTTPStatus.FORBIDDEN)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("This server answers to localhost only.\n")


class _File(StaticFileHandler):
    """A file of the site, opened once: whatever takes its place meanwhile, the answer is of one file."""

    _source: BinaryIO | None = None
    _etag: str | None = None

    def initialize(self, served: _Served) -> None:  # type: ignore[override]
        """Serve the files of the site."""
        super().initialize(str(served.site), "index.html")
        self._served = served

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Open the file; a page gets the script that reloads it."""
        # Before the file is opened: a page of the site before is told of the new one, never the other way.
        tag = self._served.tag
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
        """Count the bytes of the file, and of the script."""
        return self._source.seek(0, io.SEEK_END) if self._source else 0

    def get_content(  # type: ignore[override]
        self, _path: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        """Read the opened file in pieces."""
        if not self._source:
            return
        rest = (self.get_content_size() if end is None else end) - (start or 0)
        self._source.seek(start or 0)
        while rest > 0 and (chunk := self._source.read(min(rest, _CHUNK))):
            rest -= len(chunk)
            yield chunk

    def compute_etag(self) -> str | None:
        """Tell files apart that have the same name and were made within one second; pages have none."""
        return self._etag

    def get_content_type(self) -> str:
        """Name the type, for texts with their encoding."""
        suffix = Path(self.absolute_path or "").suffix
        kind = _TYPES.get(suffix) or super().get_content_type()
        return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXTS else kind

    def set_extra_headers(self, _path: str) -> None:
        """Let the browser ask for every file anew, and never join parts of two files."""
        self.set_header("Cache-Control", "no-store")
        headers = self.request.headers
        if "Range" in headers and headers.get("If-Range", self._etag) != self._etag:
            del headers["Range"]

    def write_error(self, status_code: int, **_options: object) -> None:
        """Answer with the page of the language for what is not found; before there is a site, say so."""
        if status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{status_code}\n")
            return
        page = _not_found_page(self._served.site, self.request.path)
        is_built = page is not None or (self._served.site / "index.html").is_file()
        # What must not be served is not there for anybody.
        self.set_status(HTTPStatus.NOT_FOUND if is_built else HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        page = page or (b"<!doctype html>404\n" if is_built else self._served.unbuilt.encode())
        self.finish(page + self._served.tag)

    def log_exception(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Keep quiet about what readers do: the terminal is for problems of the content."""
        if not isinstance(value, (HTTPError, StreamClosedError)):
            super().log_exception(kind, value, traceback)


def _not_found_page(site: Path, asked: str) -> bytes | None:
    """Read the page for what is not found in the language of the address that was asked for."""
    language = _LANGUAGE.match(asked)
    folders = [site / language[1]] if language else []
    for folder in (*folders, site):
        with suppress(OSError):
            return (folder / "404.html").read_bytes()
    return None


def listen(port: int) -> list[socket.socket]:
    """Take *port* on the loopback interface; 0 takes any free port. Who comes before `serving` waits.

    Raises:
        OSError: It is taken, or not for everybody.
    """
    return bind_sockets(port, _LOOPBACK, family=socket.AF_INET)


def free_port(port: int) -> int:
    """Find a port that could be used instead of *port*; 0 where there is none."""
    for other in range(max(port + 1, _FIRST_OFFERED), _LAST_PORT + 1):
        with suppress(OSError), socket.socket() as tried:
            tried.bind((_LOOPBACK, other))
            return other
    return 0


@contextmanager
def serving(
    site: Path, sockets: Sequence[socket.socket], announcer: Announcer, unbuilt: str
) -> Iterator[None]:
    """Serve *site* while the block runs.

    Args:
        site: The folder of the site, which may be exchanged at any time, or not be there yet.
        sockets: What `listen` gave.
        announcer: Tells open pages when to reload.
        unbuilt: What to tell a reader before there is a site.
    """
    # What readers send is nothing for the terminal; faults of our own are.
    for name in ("tornado.general", "tornado.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    served = {"served": _Served(site, announcer, unbuilt)}
    routes = [Rule(PathMatches(_EVENTS), _Events, served), Rule(PathMatches(_SCRIPT), _Script)]
    routes.append(Rule(PathMatches("/(.*)"), _File, served))
    application = Application(default_handler_class=_Stranger, log_function=lambda _handler: None)
    application.add_handlers(_OUR_NAMES, routes)
    started: Future[asyncio.AbstractEventLoop] = Future()
    ended = asyncio.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(_answer(application, sockets, started, ended)), daemon=True
    )
    thread.start()
    loop = started.result()
    announcer.connect(loop)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(_LONGEST_WAIT)


async def _answer(
    application: Application,
    sockets: Sequence[socket.socket],
    started: Future[asyncio.AbstractEventLoop],
    ended: asyncio.Event,
) -> None:
    """Answer requests until it is *ended*."""
    server = HTTPServer(
        application,
        max_header_size=_LONGEST_HEAD,
        max_body_size=_LONGEST_BODY,
        idle_connection_timeout=_REQUEST_SECONDS,
        body_timeout=_REQUEST_SECONDS,
    )
    server.add_sockets(sockets)
    started.set_result(asyncio.get_running_loop())
    await ended.wait()
    server.stop()


def changes(project: Path, themes: Iterable[Path], stop: threading.Event) -> Iterator[bool]:
    """Yield at the beginning and after each change of content, settings or theme, until *stop* is set.

    What is changed while the caller builds is noticed as well: it is the next turn.

    Yields:
        Whether a theme was changed, which a process that has read the old one cannot build with.
    """
    settings = (project / "site_config.yml", project / "mkdocs.yml")
    own = [theme.resolve() for theme in themes if theme.is_dir()]
    folders = [*own, *(folder.resolve() for folder in [project / "content"] if folder.is_dir())]
    known: list[Stamp | None] | None = None

    def concerns_the_site(_change: Change, path: str) -> bool:
        within = (Path(path).relative_to(one) for one in folders if Path(path).is_relative_to(one))
        return not any(one.parts and is_among_leftovers(one) for one in within)

    looks = watch(
        *folders,
        watch_filter=concerns_the_site,
        stop_event=stop,
        debounce=200,
        step=50,
        rust_timeout=_LOOK_MILLISECONDS,
        yield_on_timeout=True,
    )
    # Folders are watched from the first look on. Settings are looked at by themselves, because many editors
    # save a file by putting another in its place, which ends the watch over it.
    for found in looks:
        present = [_stamp(file) for file in settings]
        if found or present != known:
            known = present
            yield any(Path(path).is_relative_to(theme) for _, path in found for theme in own)


def _stamp(file: Path) -> Stamp | None:
    try:
        return stamp_of(file.stat())
    except OSError:
        return None
