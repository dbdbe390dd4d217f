"""Feed Pagefind pages one by one, in an order of ours.

Left alone with a folder, Pagefind numbers pages in the order in which the disk lists them, which differs from
machine to machine. Its service takes pages over a pipe: base64 of JSON, ended by a comma. Each is answered
before the next is sent, because requests that overlap may overtake each other. (The Python package speaks the
same language, but sleeps a tenth of a second over each answer.)
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from pagefind.service import get_executable

from generator.site.failure import BuildFailure
from generator.words import message


def index_pages(site: Path, files: Iterable[Path], output: Path) -> None:
    """Index *files* in the given order and write the index.

    Args:
        site: The folder from which addresses are counted.
        files: HTML files under it.
        output: The folder of the index.

    Raises:
        BuildFailure: Pagefind is missing, failed or refused a page; its words are in the failure.
    """
    binary = get_executable()
    if binary is None:
        raise BuildFailure(message("没有找到 Pagefind；请重新安装依赖"))
    with subprocess.Popen(  # noqa: S603 - the binary of the installed package, no argument from outside
        [str(binary), "--service"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as service:
        try:
            index = _ask(service, {"type": "NewIndex", "config": None})["index_id"]
            for file in files:
                _ask(service, _page(index, file.relative_to(site).as_posix(), file.read_text("utf-8")))
            # Asked to write the files itself, the service answers before the last bytes are on the disk.
            _write(_ask(service, {"type": "GetFiles", "index_id": index})["files"], output)
        finally:
            service.terminate()


def _page(index: int, path: str, html: str) -> dict[str, Any]:
    return {"type": "AddFile", "index_id": index, "file_path": path, "url": None, "file_contents": html}


def _write(files: Iterable[dict[str, str]], output: Path) -> None:
    for file in files:
        path = output / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(file["content"]))


def _ask(service: subprocess.Popen[bytes], payload: dict[str, Any]) -> dict[str, Any]:
    """Send one request and wait for its answer."""
    if service.stdin is None or service.stdout is None:
        raise BuildFailure(message("搜索索引没有建成"))
    request = json.dumps({"message_id": 1, "payload": payload})
    try:
        service.stdin.write(base64.b64encode(request.encode()) + b",")
        service.stdin.flush()
        encoded = _until_comma(service.stdout)
        answer: dict[str, Any] = json.loads(base64.b64decode(encoded, validate=True))["payload"]
    except (OSError, ValueError, KeyError) as error:
        # The service has ended, or said something that is no answer: its last words say why.
        raise BuildFailure(message("搜索索引没有建成"), str(error)) from error
    if answer["type"] == "Error":
        raise BuildFailure(message("搜索索引没有建成"), str(answer["message"]))
    return answer


def _until_comma(stream: IO[bytes]) -> bytes:
    """Read one answer; what ends without a comma is none."""
    said = bytearray()
    while not said.endswith(b","):
        piece = os.read(stream.fileno(), 1 << 20)
        if not piece:
            raise ValueError(said.decode("utf-8", errors="replace"))
        said += piece
    return bytes(said[:-1])
