"""Feed Pagefind pages one by one, in an order of ours, and take the files of the index from it.

Left alone with a folder, Pagefind numbers pages in the order in which the disk lists them, which differs from
machine to machine. Its service takes pages over a pipe: base64 of JSON, ended by a comma. Requests are sent
as fast as the pipe takes them, so that the service never waits for a process that has other things to do; it
answers them one after another. (The Python package speaks the same language, but sleeps a tenth of a second
over each answer.)
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
from typing import IO, Any

from jixiao.i18n import message
from jixiao.site.build_failure import BuildFailure

PATIENCE_SECONDS = 300.0
"""How long an answer may take. The longest, all files of an index of 1,500 pages, takes a few seconds."""
_CAN_WAIT_FOR_BOTH = hasattr(select, "poll")
_WAITING = 16
"""Requests that wait for the pipe; an answer needs one of them."""
_QUOTED = 2000
"""Characters of what Pagefind said that a failure quotes."""


class Pagefind:
    """A running service: it makes one index after another, which costs its start only once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Speak with *process*; it is started and ended by `pagefind`."""
        self._process = process
        self._pipes: _Pipes | None = None

    def close(self) -> None:
        """Let go of what serves the pipes; the process has ended."""
        if self._pipes is not None:
            self._pipes.requests.put(b"")

    def index(self, pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
        """Index *pages* in the given order; give the files of the index by their path in it.

        Args:
            pages: Path of each page from the folder of the site, and its HTML.

        Raises:
            BuildFailure: Pagefind failed or refused a page; its words are in the failure.
        """
        index = self._ask({"type": "NewIndex", "config": None}, "index_id")
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
        for _ in self._answers(added, "page_word_count"):
            pass
        # Asked to write the files itself, the service answers before the last bytes are on the disk.
        files = self._ask({"type": "GetFiles", "index_id": index}, "files")
        self._ask({"type": "DeleteIndex", "index_id": index}, "type")
        return {file["path"]: base64.b64decode(file["content"]) for file in files}

    def _ask(self, payload: dict[str, Any], wanted: str) -> Any:  # noqa: ANN401 - JSON
        """Send one request, wait for its answer, and give what is *wanted* of it."""
        return next(self._answers([payload], wanted))

    def _exchange(self, requests: Iterator[bytes]) -> _Exchange:
        """Begin to send requests, in the way that the system knows."""
        if _CAN_WAIT_FOR_BOTH:
            return _Exchange(self._process, requests)
        self._pipes = self._pipes or _Pipes(self._process)
        return _ExchangeInThreads(self._process, requests, self._pipes)

    def _answers(self, payloads: Iterable[dict[str, Any]], wanted: str) -> Iterator[Any]:
        """Send requests, and give what is *wanted* of each answer, in their order."""
        try:
            for said in self._exchange(map(_request, payloads)).answers():
                yield _read(said, wanted)
        except TimeoutError as error:
            saying = message("Pagefind 在 {seconds} 秒内没有回答", seconds=f"{PATIENCE_SECONDS:g}")
            raise BuildFailure(saying) from error
        except _EndedError as ended:
            last_words = ended.said.decode("utf-8", errors="replace")[-_QUOTED:]
            ending = f"Pagefind: exit {self._process.returncode}"
            raise BuildFailure(
                message("搜索索引没有建成"), f"{last_words.rstrip()}\n{ending}".lstrip()
            ) from ended


@contextmanager
def pagefind() -> Iterator[Pagefind]:
    """Run Pagefind's service as long as the block lasts.

    Raises:
        BuildFailure: Pagefind is missing or cannot be started.
    """
    # Imported late: it brings asyncio along, which a build that changes no index does not need.
    from pagefind.service import get_executable  # noqa: PLC0415

    binary = get_executable()
    if binary is None:
        raise BuildFailure(message("没有找到 Pagefind；请重新安装依赖"))
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
        raise BuildFailure(message("Pagefind 无法启动；请重新安装依赖"), str(error)) from error
    with process as service:
        speaking = Pagefind(service)
        try:
            if service.stdin and _CAN_WAIT_FOR_BOTH:
                os.set_blocking(service.stdin.fileno(), False)
            yield speaking
        finally:
            # It has nothing of ours to finish, and one that hangs does not listen to anything milder.
            service.kill()
            speaking.close()


def _read(said: bytes, wanted: str) -> Any:  # noqa: ANN401 - JSON
    """Find what is *wanted* in an answer; an answer without it is an error that says why, or none at all."""
    try:
        payload = json.loads(base64.b64decode(said, validate=True))["payload"]
        if wanted in payload:
            return payload[wanted]
        reason = str(payload["message"])
    except (ValueError, KeyError, TypeError):
        reason = said.decode("utf-8", errors="replace")[:_QUOTED]
    raise BuildFailure(message("搜索索引没有建成"), reason)


def _request(payload: dict[str, Any]) -> bytes:
    said = json.dumps({"message_id": 1, "payload": payload}, ensure_ascii=False)
    return base64.b64encode(said.encode()) + b","


class _EndedError(Exception):
    """The service ended before its last answer; it has left these words."""

    def __init__(self, said: bytes) -> None:
        super().__init__()
        self.said = said


class _Exchange:
    """Requests on their way to the service, and its answers on theirs."""

    def __init__(self, service: subprocess.Popen[bytes], requests: Iterator[bytes]) -> None:
        self._service = service
        self._requests = requests
        self._rest = memoryview(b"")
        self._awaited = 0
        self._next()

    def answers(self) -> Iterator[bytes]:
        """Give each answer without its comma.

        Raises:
            TimeoutError: The service neither takes nor gives anything.
            _EndedError: It is gone.
        """
        said = bytearray()
        while self._awaited:
            piece = self._piece()
            if not piece:
                self._service.wait()
                raise _EndedError(bytes(said))
            said += piece
            if b"," not in piece:
                continue
            *whole, said = said.split(b",")
            self._awaited -= len(whole)
            yield from map(bytes, whole)

    def _piece(self) -> bytes:
        """Send until the service says something; give it, and nothing at its end."""
        while True:
            waiting = select.poll()
            waiting.register(_number(self._service.stdout), select.POLLIN)
            if self._rest:
                waiting.register(_number(self._service.stdin), select.POLLOUT)
            ready = dict(waiting.poll(PATIENCE_SECONDS * 1000))
            if not ready:
                raise TimeoutError
            if _number(self._service.stdin) in ready:
                self._send()
            if _number(self._service.stdout) in ready:
                return os.read(_number(self._service.stdout), 1 << 20)

    def _send(self) -> None:
        """Send what the pipe takes."""
        try:
            self._rest = self._rest[os.write(_number(self._service.stdin), self._rest) :]
        except BrokenPipeError:
            # A service that has ended does not read. Why it has ended is in what it said.
            self._rest = memoryview(b"")
            return
        if not self._rest:
            self._next()

    def _next(self) -> None:
        request = next(self._requests, b"")
        self._rest = memoryview(request)
        self._awaited += bool(request)


class _Pipes:
    """Both pipes, each served by a thread: for a system that cannot wait for whichever is ready."""

    def __init__(self, service: subprocess.Popen[bytes]) -> None:
        self.said: Queue[bytes] = Queue()
        """Pieces of what the service says; an empty one at its end."""
        self.requests: Queue[bytes] = Queue(_WAITING)
        """An empty one ends the thread."""
        self._service = service
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def _read(self) -> None:
        with suppress(OSError):
            while piece := os.read(_number(self._service.stdout), 1 << 20):
                self.said.put(piece)
        self.said.put(b"")

    def _write(self) -> None:
        with suppress(OSError):
            while request := self.requests.get():
                rest = memoryview(request)
                while rest:
                    rest = rest[os.write(_number(self._service.stdin), rest) :]
            return
        # A service that has ended does not read. Why it has ended is in what it said.
        while self.requests.get():
            pass


class _ExchangeInThreads(_Exchange):
    """An exchange through pipes that threads serve."""

    def __init__(self, service: subprocess.Popen[bytes], requests: Iterator[bytes], pipes: _Pipes) -> None:
        super().__init__(service, requests)
        self._pipes = pipes

    def _piece(self) -> bytes:
        """Hand over what the threads take; give what the service says, and nothing at its end."""
        with suppress(Full):
            while self._rest:
                self._pipes.requests.put_nowait(bytes(self._rest))
                self._next()
        try:
            return self._pipes.said.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise TimeoutError from None


def _number(pipe: IO[bytes] | None) -> int:
    """Give the number of a pipe, which every service that was started has."""
    if pipe is None:
        raise NotImplementedError
    return pipe.fileno()
