"""Pagefind's service: takes pages one by one in a fixed order and returns the files of an index.

When Pagefind reads a folder itself, it numbers pages in the order in which the disk lists them, which differs
between machines. Its service takes pages over a pipe: base64 of JSON, ended by a comma. Requests are sent as
fast as the pipe takes them, and answered one after another. (The Python package uses the same protocol, but
sleeps a tenth of a second for each answer.)
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from typing import Any, NamedTuple

from jixiao.i18n import message
from jixiao.problems import UserError

PATIENCE_SECONDS = 300.0
"""Maximum wait for an answer. The longest, all files of 1,500 pages, takes a few seconds."""
_HAS_POLL = hasattr(select, "poll")
_QUEUE_LENGTH = 16
"""Maximum number of requests that wait for the pipe."""
_QUOTE_LENGTH = 2000
"""Maximum number of characters of Pagefind's output in a failure."""


class Pagefind:
    """Client of a running Pagefind service, which can build several indexes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Use *process*, which `run_pagefind` starts and ends."""
        self._process = process
        stdin, stdout = (pipe.fileno() for pipe in (process.stdin, process.stdout) if pipe)
        self._pipes = _Pipes(stdin=stdin, stdout=stdout)
        self._threads: _PipeThreads | None = None

    def close(self) -> None:
        """Stop the threads that serve the pipes, after the process has ended."""
        if self._threads is not None:
            self._threads.requests.put(b"")

    def build_index_files(self, pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
        """Index *pages* in the given order, and return the files of the index by their path in it.

        Args:
            pages: Path of each page from the folder of the site, and its HTML.

        Raises:
            UserError: Pagefind failed or refused a page; the failure has its output.
        """
        index = self._request_value({"type": "NewIndex", "config": None}, "index_id")
        added = (
            {
                "type": "AddFile",
                "index_id": index,
                "file_path": path,
                "url": None,
                "file_contents": html,
            }
            for path, html in pages
        )
        for _ in self._request_values(added, "page_word_count"):
            pass
        # Asked to write the files itself, the service answers before the last bytes are on the disk.
        files = self._request_value({"type": "GetFiles", "index_id": index}, "files")
        self._request_value({"type": "DeleteIndex", "index_id": index}, "type")
        return {file["path"]: base64.b64decode(file["content"]) for file in files}

    def _request_value(self, payload: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON
        """Send one request and return the value of *key* in its answer."""
        return next(self._request_values([payload], key))

    def _request_values(self, payloads: Iterable[dict[str, Any]], key: str) -> Iterator[Any]:
        """Send requests, and yield the value of *key* in each answer, in order."""
        requests = map(_encode_request, payloads)
        if _HAS_POLL:
            exchange = _PagefindExchange(self._pipes, requests)
        else:
            self._threads = self._threads or _PipeThreads(self._pipes)
            exchange = _ThreadedExchange(self._pipes, requests, self._threads)
        try:
            for answer in exchange.read_answers():
                yield _parse_answer(answer, key)
        except TimeoutError as error:
            raise UserError(
                message("Pagefind 在 {seconds} 秒内没有回答", seconds=f"{PATIENCE_SECONDS:g}")
            ) from error
        except _ServiceEndedError as ended:
            output = ended.output.decode("utf-8", errors="replace")[-_QUOTE_LENGTH:]
            details = f"{output.rstrip()}\nPagefind: exit {self._process.wait()}".lstrip()
            raise UserError(message("搜索索引没有建成"), details) from ended


@contextmanager
def run_pagefind() -> Iterator[Pagefind]:
    """Run the Pagefind service for the duration of the block.

    Raises:
        UserError: Pagefind is missing or cannot be started.
    """
    # Imported late: it brings asyncio along, which a build that changes no index does not need.
    from pagefind.service import get_executable  # noqa: PLC0415

    binary = get_executable()
    if binary is None:
        raise UserError(message("没有找到 Pagefind；请重新安装依赖"))
    try:
        process = subprocess.Popen(  # noqa: S603 - the binary of the installed package, no argument from outside
            [str(binary), "--service"],
            # Without a buffer, because closing one that was not emptied fails once more.
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise UserError(message("Pagefind 无法启动；请重新安装依赖"), str(error)) from error
    with process as service:
        client = Pagefind(service)
        try:
            if service.stdin and _HAS_POLL:
                os.set_blocking(service.stdin.fileno(), False)
            yield client
        finally:
            # It has nothing left to finish, and a service that hangs reacts to no other signal.
            service.kill()
            client.close()


def _parse_answer(answer: bytes, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value of *key* in an answer, or raise the error message that the answer has instead."""
    try:
        payload = json.loads(base64.b64decode(answer, validate=True))["payload"]
        if key in payload:
            return payload[key]
        reason = str(payload["message"])
    except (ValueError, KeyError, TypeError):
        reason = answer.decode("utf-8", errors="replace")[:_QUOTE_LENGTH]
    raise UserError(message("搜索索引没有建成"), reason)


def _encode_request(payload: dict[str, Any]) -> bytes:
    request = json.dumps({"message_id": 1, "payload": payload}, ensure_ascii=False)
    return base64.b64encode(request.encode()) + b","


class _Pipes(NamedTuple):
    """File descriptors of the pipes of the service."""

    stdin: int
    stdout: int


class _ServiceEndedError(Exception):
    """The service ended before its last answer, with this output."""

    def __init__(self, output: bytes) -> None:
        super().__init__()
        self.output = output


class _PagefindExchange:
    """Requests on their way to the service, and its answers."""

    def __init__(self, pipes: _Pipes, requests: Iterator[bytes]) -> None:
        self._pipes = pipes
        self._requests = requests
        self._unsent = memoryview(b"")
        self._unanswered = 0
        self._load_next_request()

    def read_answers(self) -> Iterator[bytes]:
        """Yield each answer without its comma.

        Raises:
            TimeoutError: The service neither reads nor writes.
            _ServiceEndedError: The service has ended.
        """
        output = bytearray()
        while self._unanswered:
            piece = self._read_piece()
            if not piece:
                raise _ServiceEndedError(bytes(output))
            output += piece
            if b"," not in piece:
                continue
            *answers, output = output.split(b",")
            self._unanswered -= len(answers)
            yield from map(bytes, answers)

    def _read_piece(self) -> bytes:
        """Send requests until the service writes output; return it, or empty bytes at its end."""
        while True:
            waiting = select.poll()
            waiting.register(self._pipes.stdout, select.POLLIN)
            if self._unsent:
                waiting.register(self._pipes.stdin, select.POLLOUT)
            ready = dict(waiting.poll(PATIENCE_SECONDS * 1000))
            if not ready:
                raise TimeoutError
            if self._pipes.stdin in ready:
                self._send()
            if self._pipes.stdout in ready:
                return os.read(self._pipes.stdout, 1 << 20)

    def _send(self) -> None:
        """Write as many bytes as the pipe takes."""
        try:
            self._unsent = self._unsent[os.write(self._pipes.stdin, self._unsent) :]
        except BrokenPipeError:
            # The service has ended; its output has the reason.
            self._unsent = memoryview(b"")
            return
        if not self._unsent:
            self._load_next_request()

    def _load_next_request(self) -> None:
        request = next(self._requests, b"")
        self._unsent = memoryview(request)
        self._unanswered += bool(request)


class _PipeThreads:
    """Threads that serve both pipes, for systems without `poll`."""

    def __init__(self, pipes: _Pipes) -> None:
        self.output: Queue[bytes] = Queue()
        """Pieces of the output; an empty one at its end."""
        self.requests: Queue[bytes] = Queue(_QUEUE_LENGTH)
        """Encoded requests; an empty one ends the thread."""
        self._pipes = pipes
        for work in (self._read_output, self._write_requests):
            threading.Thread(target=work, daemon=True).start()

    def _read_output(self) -> None:
        with suppress(OSError):
            while piece := os.read(self._pipes.stdout, 1 << 20):
                self.output.put(piece)
        self.output.put(b"")

    def _write_requests(self) -> None:
        with suppress(OSError):
            while request := self.requests.get():
                rest = memoryview(request)
                while rest:
                    rest = rest[os.write(self._pipes.stdin, rest) :]
            return
        # The service has ended; its output has the reason.
        while self.requests.get():
            pass


class _ThreadedExchange(_PagefindExchange):
    """Exchange over pipes that are served by threads."""

    def __init__(self, pipes: _Pipes, requests: Iterator[bytes], threads: _PipeThreads) -> None:
        super().__init__(pipes, requests)
        self._threads = threads

    def _read_piece(self) -> bytes:
        """Queue requests for the threads; return output of the service, or empty bytes at its end."""
        with suppress(Full):
            while self._unsent:
                self._threads.requests.put_nowait(bytes(self._unsent))
                self._load_next_request()
        try:
            return self._threads.output.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise TimeoutError from None
