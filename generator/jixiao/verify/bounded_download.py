"""Download from an untrusted server, with limits of size and time that no answer can raise.

Bytes, time and the server itself are fixed by who asks. Nothing is decompressed, nothing is parsed but the
head of the answer, and every way in which an answer can be wrong is a message.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Lock, Timer
from time import monotonic
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from jixiao.i18n import Message, message

_CHUNK: Final = 1 << 18
_REDIRECTS: Final = 5
_SLOWEST: Final = 64 * 1024
"""Bytes in a second that a connection must bring in the long run."""
_SHOWN: Final = 200
"""Characters of a server's answer that are quoted."""
_PORTS: Final = {"http": 80, "https": 443}
# As it is stored: what a proxy keeps, or compresses on the way, is not what was deployed.
_HEADERS: Final = {"Accept-Encoding": "identity", "Cache-Control": "no-cache"}


class UnreachableError(Exception):
    """No connection to the server could be made."""


class NotServedError(Exception):
    """The server says that it has no such file."""


class BadAnswerError(Exception):
    """The server answered, and not with a file."""

    def __init__(self, saying: Message) -> None:
        """Store the reason."""
        super().__init__(saying)
        self.message = saying


@dataclass(frozen=True, kw_only=True)
class DownloadServer:
    """A server to download from, with the time that it may take."""

    address: str
    """Where the site begins there; it ends without a slash."""
    timeout: float
    """Seconds for an answer of no length."""
    deadline: float
    """When all must be over, by the monotonic clock."""

    def read(self, path: str, limit: int, take: Callable[[bytes], object]) -> None:
        """Read a file in pieces until it ends, or *limit* bytes and one more have been taken.

        Args:
            path: Of the file in the site.
            limit: The most bytes that are of interest.
            take: Is given the pieces.

        Raises:
            UnreachableError: There is no connection.
            NotServedError: There is no such file.
            BadAnswerError: Whatever else went wrong.
        """
        seconds = min(self.timeout + limit / _SLOWEST, self.deadline - monotonic())
        if seconds <= 0:
            raise BadAnswerError(message("时间用完了，没有比对"))
        with _Clock(seconds) as clock, _describe_errors(clock):
            address = f"{self.address}/{quote(path)}"
            for _ in range(_REDIRECTS + 1):
                answer = self._ask(address, clock)
                if isinstance(answer, str):
                    address = _same_origin(address, answer)
                    continue
                with closing(answer):
                    _read(answer, limit, take)
                return
            raise BadAnswerError(message("一再转到别的地址，没有尽头"))

    def _ask(self, address: str, clock: _Clock) -> HTTPResponse | str:
        """Open an address; give the answer, or where it says to go."""
        # The address begins with http or https: see `parse_server` and `_same_origin`.
        request = Request(address, headers=_HEADERS)  # noqa: S310
        try:
            answer: HTTPResponse = clock.opener.open(request, timeout=self.timeout)
        except HTTPError as error:
            with closing(error):
                target = error.headers.get("Location")
                if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                    raise NotServedError from error
                if target and HTTPStatus.MULTIPLE_CHOICES <= error.code < HTTPStatus.BAD_REQUEST:
                    return target
                raise BadAnswerError(message("服务器的回答是 {status}", status=str(error.code))) from error
        return answer


def parse_server(typed: str, timeout: float, total: float) -> DownloadServer | None:
    """Read the address of a server; `None` where it cannot be one."""
    try:
        parts = urlsplit(typed)
        is_usable = bool(parts.hostname) and _port(parts) > 0 and "@" not in parts.netloc
    except ValueError:
        return None
    if not is_usable or parts.scheme not in _PORTS or any(sign.isspace() for sign in typed):
        return None
    return DownloadServer(address=typed.rstrip("/"), timeout=timeout, deadline=monotonic() + total)


def _port(parts: SplitResult) -> int:
    return _PORTS[parts.scheme] if parts.port is None else parts.port


def _same_origin(address: str, target: str) -> str:
    """Follow a redirect within the server; refuse any other."""
    before, after = urlsplit(address), urlsplit(urljoin(address, target))
    if (after.scheme, after.hostname) != (before.scheme, before.hostname) or _port(after) != _port(before):
        elsewhere = after.geturl()[:_SHOWN]
        raise BadAnswerError(message("服务器转到别处：{address}；没有跟过去", address=elsewhere))
    return after._replace(path=quote(after.path, safe="/%:@!$&'()*+,;=~"), query="", fragment="").geturl()


def _read(answer: HTTPResponse, limit: int, take: Callable[[bytes], object]) -> None:
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise BadAnswerError(message("服务器把文件压缩了，没有请它压缩"))
    # Into a buffer of our own: asked for bytes, the library reads all that comes after a chunk of length -1.
    buffer = memoryview(bytearray(_CHUNK))
    rest = limit + 1
    while rest > 0 and (length := answer.readinto(buffer[:rest])):
        take(bytes(buffer[:length]))
        rest -= length


@contextmanager
def _describe_errors(clock: _Clock) -> Iterator[None]:
    """Turn whatever goes wrong with an answer into a message."""
    try:
        yield
    except (UnreachableError, NotServedError, BadAnswerError):
        raise
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        # Everything that the library raises over an answer: URLError and errors of TLS are OSErrors, a host
        # that cannot be written is a ValueError.
        if clock.is_over or isinstance(error, TimeoutError):
            raise BadAnswerError(message("服务器太慢，等不到它答完")) from error
        if isinstance(error, URLError):
            raise UnreachableError(_reason(error.reason)) from error
        raise BadAnswerError(message("服务器的回答不成样子：{reason}", reason=_reason(error))) from error
    if clock.is_over:
        raise BadAnswerError(message("服务器太慢，等不到它答完"))


def _reason(error: object) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (said or type(error).__name__)[:_SHOWN]


class _Clock:
    """Ends the connections of one question when its time is over, however the server divides its answer."""

    def __init__(self, seconds: float) -> None:
        """Begin when it is entered."""
        self.is_over = False
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self._lock = Lock()
        self.opener: OpenerDirector = build_opener(_Plain(self), _Secure(self), _NoRedirects())

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def watch(self, connected: socket.socket) -> None:
        """End this connection as well."""
        with self._lock:
            self._sockets.append(connected)
            if self.is_over:
                _shut(connected)

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            for connected in self._sockets:
                _shut(connected)


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        # Past TLS, which would wait for the other side.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    """A connection that its clock can end."""

    def __init__(self, host: str, *, clock: _Clock, **options: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(host, **options)
        self._clock = clock

    def connect(self) -> None:
        super().connect()
        self._clock.watch(self.sock)


class _SecureConnection(HTTPSConnection):
    """The same over TLS."""

    def __init__(self, host: str, *, clock: _Clock, **options: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(host, context=_trusted(), **options)
        self._clock = clock

    def connect(self) -> None:
        super().connect()
        self._clock.watch(self.sock)


class _Plain(HTTPHandler):
    """Opens addresses of http."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__()
        self._connection = partial(_PlainConnection, clock=clock)

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)


class _Secure(HTTPSHandler):
    """Opens addresses of https."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__(context=_trusted())
        self._connection = partial(_SecureConnection, clock=clock)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)


class _NoRedirects(HTTPRedirectHandler):
    """Leaves redirects to who asks: the library would follow them anywhere and read all of their text."""

    def redirect_request(self, *_arguments: object, **_options: object) -> None:
        return None


@cache
def _trusted() -> ssl.SSLContext:
    """Load the certificates of the machine, which takes longer than a question."""
    return ssl.create_default_context()
