"""Feed Pagefind pages one by one, in an order of ours, and take the files of the index from it.

Left alone with a folder, Pagefind numbers pages in the order in which the disk lists them, which differs from
machine to machine. Its service takes pages over a pipe: base64 of JSON, ended by a comma. Each is answered
before the next is sent: sending ahead saves no processor time, because the service takes requests one after
another. (The Python package speaks the same language, but sleeps a tenth of a second over each answer.)
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from generator.site.failure import BuildFailure
from generator.words import message

PATIENCE_SECONDS = 300.0
"""How long an answer may take. The longest, all files of an index of 1,500 pages, takes a few seconds."""
_QUOTED = 2000
"""Characters of what Pagefind said that a failure quotes."""


class Pagefind:
    """A running service: it makes one index after another, which costs its start only once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Speak with *process*; it is started and ended by `pagefind`."""
        self._process = process

    def index(self, pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
        """Index *pages* in the given order; give the files of the index by their path in it.

        Args:
            pages: Path of each page from the folder of the site, and its HTML.

        Raises:
            BuildFailure: Pagefind failed or refused a page; its words are in the failure.
        """
        index = self._ask({"type": "NewIndex", "config": None}, "index_id")
        for path, html in pages:
            page = {
                "type": "AddFile",
                "index_id": index,
                "file_path": path,
                "url": None,
                "file_contents": html,
            }
            self._ask(page, "page_word_count")
        # Asked to write the files itself, the service answers before the last bytes are on the disk.
        files = self._ask({"type": "GetFiles", "index_id": index}, "files")
        self._ask({"type": "DeleteIndex", "index_id": index}, "type")
        return {file["path"]: base64.b64decode(file["content"]) for file in files}

    def _ask(self, payload: dict[str, Any], wanted: str) -> Any:  # noqa: ANN401 - JSON
        """Send one request, wait for its answer, and give what is *wanted* of it."""
        service = self._process
        request = base64.b64encode(json.dumps({"message_id": 1, "payload": payload}).encode()) + b","
        try:
            _send(service, request)
            said, is_whole = _until_comma(service)
        except TimeoutError as error:
            saying = message("Pagefind 在 {seconds} 秒内没有回答", seconds=f"{PATIENCE_SECONDS:g}")
            raise BuildFailure(saying) from error
        if not is_whole:
            last_words = said.decode("utf-8", errors="replace")[-_QUOTED:]
            ending = f"Pagefind: exit {service.returncode}"
            raise BuildFailure(message("搜索索引没有建成"), f"{last_words.rstrip()}\n{ending}".lstrip())
        return _read(said, wanted)


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
        try:
            if service.stdin:
                os.set_blocking(service.stdin.fileno(), False)
            yield Pagefind(service)
        finally:
            # It has nothing of ours to finish, and one that hangs does not listen to anything milder.
            service.kill()


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


def _send(service: subprocess.Popen[bytes], request: bytes) -> None:
    rest = memoryview(request)
    # A service that has ended does not read. Why it has ended is in what it said.
    with suppress(BrokenPipeError):
        while rest and service.stdin:
            pipe = service.stdin.fileno()
            _wait(pipe, select.POLLOUT)
            rest = rest[os.write(pipe, rest) :]


def _until_comma(service: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """Read one answer; tell whether it came to its end."""
    said = bytearray()
    while service.stdout and not said.endswith(b","):
        pipe = service.stdout.fileno()
        _wait(pipe, select.POLLIN)
        piece = os.read(pipe, 1 << 20)
        if not piece:
            service.wait()
            return bytes(said), False
        said += piece
    return bytes(said[:-1]), True


def _wait(pipe: int, event: int) -> None:
    """Wait until the service takes or gives something.

    Raises:
        TimeoutError: It does neither.
    """
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(PATIENCE_SECONDS * 1000):
        raise TimeoutError
