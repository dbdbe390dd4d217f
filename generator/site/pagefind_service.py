"""Feed Pagefind pages one by one, in an order of ours.

Left alone with a folder, Pagefind numbers pages in the order in which the disk lists them, which differs from
machine to machine. Its service takes pages over a pipe: base64 of JSON, parted by commas. (The Python package
speaks the same language, but sleeps a tenth of a second over each answer.)
"""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

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
        # Requests are written beside the reading of answers; else two full pipes would wait for each other.
        writer = threading.Thread(target=_write, args=(service, _requests(site, files, output)), daemon=True)
        writer.start()
        try:
            for answer in _answers(service):
                if answer["payload"]["type"] == "Error":
                    raise BuildFailure(message("搜索索引没有建成"), str(answer["payload"]["message"]))
                if answer["payload"]["type"] == "WriteFiles":
                    return
        finally:
            service.terminate()
            writer.join()
    raise BuildFailure(message("搜索索引没有建成"))


def _requests(site: Path, files: Iterable[Path], output: Path) -> Iterator[dict[str, Any]]:
    # A fresh service numbers its indexes from 0, and answers in the order in which it is asked.
    yield {"type": "NewIndex", "config": None}
    for file in files:
        yield {
            "type": "AddFile",
            "index_id": 0,
            "file_path": file.relative_to(site).as_posix(),
            "url": None,
            "file_contents": file.read_text("utf-8"),
        }
    yield {"type": "WriteFiles", "index_id": 0, "output_path": str(output)}


def _write(service: subprocess.Popen[bytes], requests: Iterable[dict[str, Any]]) -> None:
    if service.stdin is None:
        return
    try:
        for number, payload in enumerate(requests, 1):
            request = json.dumps({"message_id": number, "payload": payload})
            service.stdin.write(base64.b64encode(request.encode()) + b",")
            service.stdin.flush()
    except BrokenPipeError:
        # The service has ended; whoever reads its answers says why.
        return


def _answers(service: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    if service.stdout is None:
        return
    rest = b""
    while chunk := service.stdout.read1(65_536):  # type: ignore[attr-defined]
        *whole, rest = (rest + chunk).split(b",")
        for encoded in whole:
            yield json.loads(base64.b64decode(encoded))
