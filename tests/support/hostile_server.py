"""Server on the loopback interface whose every answer is wrong in a different way."""

import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[socket.socket], None]
OK_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
_ENDLESS = 30.0
"""Seconds after which an answer without end ends after all, if nobody has gone away before."""


def _send(content: bytes) -> Answer:
    return lambda connection: connection.sendall(content)


def _body(content: bytes, *fields: str) -> Answer:
    head = "".join(f"{field}\r\n" for field in (f"Content-Length: {len(content)}", *fields))
    return _send(OK_HEAD + head.encode() + b"\r\n" + content)


def _drip(before: bytes, drop: bytes) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(before)
        for _ in range(int(_ENDLESS * 20)):
            connection.sendall(drop)
            time.sleep(0.05)

    return answer


def _flood(before: bytes, piece: bytes) -> Answer:
    """Answer with so much that it is noticed if somebody keeps it."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(before)
        end = time.monotonic() + _ENDLESS
        while time.monotonic() < end:
            connection.sendall(piece)

    return answer


def _redirect(target: str, status: int = 302) -> Answer:
    head = f"HTTP/1.1 {status} Found\r\nLocation: {target}\r\n"
    return _send(head.encode() + b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def _manifest(text: str) -> Answer:
    return _body(text.encode("utf-8", "surrogatepass"))


def _compressed_bomb() -> bytes:
    squeeze = zlib.compressobj(wbits=31)
    return b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(64)) + squeeze.flush()


_MANIFEST_TEMPLATE = '{{"format": 1, "counter": {counter}, "files": [{files}]}}'
_CHUNKED = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

ANSWERS: dict[str, Answer] = {
    "nothing": lambda _connection: None,
    "silence": lambda _connection: time.sleep(_ENDLESS),
    "reset": lambda connection: connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
    ),
    "noise": _send(bytes(range(256)) * 40),
    "another-protocol": _send(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "status-of-words": _send(b"HTTP/1.1 okay fine\r\n\r\n"),
    "status-too-large": _send(b"HTTP/1.1 99999999999 Huge\r\n\r\n"),
    "status-negative": _send(b"HTTP/1.1 -200 OK\r\n\r\n"),
    "status-long": _flood(b"HTTP/1.1 200 ", b"A" * 65_536),
    "unauthorised": _send(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'),
    "broken-server": _send(b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nsorry"),
    "continue-for-ever": _flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "fields-flood": _flood(OK_HEAD, b"X: y\r\n" * 1000),
    "field-long": _flood(OK_HEAD + b"X: ", b"y" * 65_536),
    "fields-of-noise": _send(OK_HEAD + b"\xff\xfe: \x00\r\n: :\r\nno colon\r\n\r\n"),
    "length-negative": _send(OK_HEAD + b"Content-Length: -5\r\n\r\nx"),
    "length-of-words": _send(OK_HEAD + b"Content-Length: much\r\n\r\nx"),
    "length-huge": _send(OK_HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx"),
    "length-too-long": _send(OK_HEAD + b"Content-Length: 5000\r\n\r\nx"),
    "chunks-of-noise": _send(_CHUNKED + b"zz\r\nxx\r\n"),
    "chunk-negative": _flood(_CHUNKED + b"-1\r\n", b"x" * 65_536),
    "chunk-huge": _flood(_CHUNKED + b"ffffffffffffffff\r\n", b"x" * 65_536),
    "trailer-flood": _flood(_CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 1000),
    "body-without-end": _flood(OK_HEAD + b"\r\n", b"x" * 65_536),
    "dripping-head": _drip(OK_HEAD, b"X: y\r\n"),
    "dripping-line": _drip(b"HTTP/1.1 200 O", b"K"),
    "dripping-body": _drip(OK_HEAD + b"\r\n", b"x"),
    "compressed-bomb": _body(_compressed_bomb(), "Content-Encoding: gzip"),
    "redirect-elsewhere": _redirect("http://localhost.example/"),
    "redirect-to-a-file": _redirect("file:///etc/passwd"),
    "redirect-to-another-port": _redirect("http://127.0.0.1:1/"),
    "redirect-to-itself": _redirect("redirect-to-itself"),
    "redirect-to-nonsense": _redirect("http://[::1"),
    "redirect-to-odd-port": _redirect("http://127.0.0.1:99999999/"),
    "redirect-permanent": _redirect("https://127.0.0.1/\x1b[31m", 308),
    "redirect-nowhere": _send(b"HTTP/1.1 302 Found\r\n\r\n"),
}

SLOW = frozenset({"continue-for-ever", "dripping-head", "dripping-line", "silence", "trailer-flood"})
"""Those that end by the patience of whoever asks alone."""

MANIFESTS: dict[str, Answer] = {
    "deep": _manifest("[" * 100_000),
    "deep-objects": _manifest('{"a":' * 100_000),
    "not-a-number": _manifest(_MANIFEST_TEMPLATE.format(counter="NaN", files="")),
    "infinite": _manifest(_MANIFEST_TEMPLATE.format(counter="1e999", files="")),
    "twice": _manifest('{"format": 1, "format": 1, "counter": 1, "files": []}'),
    "huge-number": _manifest(_MANIFEST_TEMPLATE.format(counter="9" * 5000, files="")),
    "large-number": _manifest(_MANIFEST_TEMPLATE.format(counter="9" * 400, files="")),
    "list": _manifest("[1]"),
    "files-of-numbers": _manifest(_MANIFEST_TEMPLATE.format(counter=1, files="1, 2")),
    "files-of-lists": _manifest(
        _MANIFEST_TEMPLATE.format(counter=1, files='{"path": [], "length": 1, "sha256": ""}')
    ),
    "files-twice": _manifest(
        _MANIFEST_TEMPLATE.format(
            counter=1, files=", ".join(['{"path": "x", "length": 1, "sha256": ""}'] * 2)
        )
    ),
    "half-a-sign": _manifest(
        _MANIFEST_TEMPLATE.format(counter=1, files=r'{"path": "\ud800", "length": 1, "sha256": ""}')
    ),
    "ways-out": _manifest(
        _MANIFEST_TEMPLATE.format(
            counter=1,
            files=", ".join(
                json.dumps({"path": path, "length": 1, "sha256": ""})
                for path in ("../../x", "//evil.example/x", "http://evil.example/", "\x1b[2J\n", "a b?#")
            ),
        )
    ),
    "not-text": _body(b"\xff\xfe{" + bytes(100)),
    "byte-order": _body(b"\xef\xbb\xbf{}"),
}


@contextmanager
def serve_answers(route: Callable[[str], Answer]) -> Iterator[str]:
    """Answer requests while the block runs; yield the address.

    Args:
        route: Path → how it is answered.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65_536)
            route(request.split(b" ")[1].decode())(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
