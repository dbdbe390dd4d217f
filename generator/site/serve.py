"""Serve the site on this machine and rebuild it after every saved change; open pages reload by themselves."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from watchfiles import Change, watch

from generator.leftovers import is_among_leftovers

_EVENTS = "/-/events"
_PING_SECONDS = 10.0
_SCRIPT = "/-/reload.js"
_RELOAD = f"new EventSource('{_EVENTS}').addEventListener('reload', () => location.reload());".encode()
_TAG = f'<script src="{_SCRIPT}"></script>'.encode()
"""Added to pages on their way to the browser; never part of the site on disk."""


class Announcer:
    """Tells open pages that there is a new site."""

    def __init__(self) -> None:
        """Begin with the first site."""
        self._number = 0
        self._changed = threading.Condition()

    @property
    def number(self) -> int:
        """How many sites have been published since the server began."""
        return self._number

    def announce(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def wait(self, known: int) -> bool:
        """Wait for a site after number *known*; give up after a few seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._number > known, timeout=_PING_SECONDS)


class _Server(ThreadingHTTPServer):
    """A server that ends with the program, whatever its readers wait for."""

    daemon_threads = True
    announcer: Announcer


class _Handler(SimpleHTTPRequestHandler):
    """Serves the files of the site, and the stream of events."""

    server: _Server

    def log_message(self, _form: str, *_arguments: object) -> None:
        """Keep quiet: the terminal is for problems of the content."""

    def do_GET(self) -> None:
        """Answer a request."""
        path = urlsplit(self.path).path
        if path == _EVENTS:
            self._stream()
            return
        if path == _SCRIPT:
            self._send(_RELOAD, "text/javascript; charset=utf-8", HTTPStatus.OK)
            return
        file = Path(self.translate_path(self.path))
        page = file / "index.html" if file.is_dir() else file
        if file.is_dir() and not path.endswith("/"):
            super().do_GET()
        elif page.suffix == ".html" and page.is_file():
            self._page(page, HTTPStatus.OK)
        elif page.is_file():
            super().do_GET()
        else:
            self._page(Path(self.directory) / "404.html", HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Let the browser ask for every file anew."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _page(self, file: Path, status: HTTPStatus) -> None:
        content = (file.read_bytes() if file.is_file() else b"404") + _TAG
        self._send(content, "text/html; charset=utf-8", status)

    def _send(self, content: bytes, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        known = self.server.announcer.number
        try:
            while True:
                changed = self.server.announcer.wait(known)
                known = self.server.announcer.number
                self.wfile.write(b"event: reload\ndata: new site\n\n" if changed else b": still here\n\n")
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return


@contextmanager
def serving(site: Path, port: int, announcer: Announcer) -> Iterator[str]:
    """Serve *site* on the loopback interface while the block runs; give the address.

    Args:
        site: The folder of the site; it may be exchanged at any time.
        port: 0 takes any free port.
        announcer: Tells open pages when to reload.
    """
    server = _Server(("127.0.0.1", port), functools.partial(_Handler, directory=str(site)))
    server.announcer = announcer
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def rebuild_on_change(project: Path, theme: Path, rebuild: Callable[[], None], stop: threading.Event) -> None:
    """Call *rebuild* after each change of the content, the settings or the theme, until *stop* is set."""
    watched = [
        path
        for path in (project / "content", project / "site_config.yml", project / "mkdocs.yml", theme)
        if path.exists()
    ]

    def concerns_the_site(_change: Change, path: str) -> bool:
        return not is_among_leftovers(os.path.relpath(path, project))

    for _changes in watch(
        *watched,
        watch_filter=concerns_the_site,
        stop_event=stop,
        debounce=200,
        step=50,
        raise_interrupt=False,
    ):
        rebuild()
