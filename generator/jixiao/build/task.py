"""Task: a piece of a site that is built again only when one of its inputs has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from jixiao.verify import VerificationFinding

SITE: Final = "site/"
"""Folder of the site, as paths of built files begin."""
PAGES: Final = "pages/"
"""Folder of the Markdown of every page, beside the site."""
Payload = TypeVar("Payload")


class PageScan(NamedTuple):
    """Facts about a built file that later stages ask for, so that they need not read it again."""

    links: tuple[str, ...]
    """The files of the site that it links to."""
    search_hash: str | None = None
    """Hash of the text that the search indexes, if it is a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """Files and a small result of a task. It is a value, so that any machine can build it."""

    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    """By path below `build/`; a `Path` is a file that is moved there."""
    scans: Mapping[str, PageScan] = field(default_factory=dict)
    """By path in the site."""
    findings: tuple[VerificationFinding, ...] = ()
    """Where a file differs from the content."""
    notes: bytes = b""
    """JSON that a later build reads to decide whether the task is current."""
    result: bytes = b""
    """JSON that later stages read, of current tasks, too."""
    is_cacheable: bool = True
    """False where something is missing because of an error, over which nothing is published."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(Generic[Payload]):
    """A piece of a site, named once for ever."""

    name: str
    """Unique in its stage."""
    inputs: str
    """Hash of everything that the output is made from."""
    prepare: Callable[[], Payload]
    """Collects the input of a worker; called only when the task is not current."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage(Generic[Payload]):
    """Tasks of one kind, and the function that runs them."""

    kind: str
    """Unique in a build, and without a colon."""
    run: Callable[[Any, tuple[Payload, ...]], Iterable[Output]]
    """Builds one output for each payload. Of module level, because it travels, as does its context."""
    tasks: Iterable[Task[Payload]]
    """Best a generator: all payloads of a large site would fill the memory."""
    chunk_size: int = 1
    """How much travels to a worker at a time."""
    weigh: Callable[[Payload], int] = lambda _: 1
    """Share of a payload in `chunk_size`."""


def hash_inputs(*parts: str | bytes) -> str:
    """Return one hash of *parts*; where one part ends and the next begins makes a difference."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


def merge_outputs(outputs: Iterable[Output], **others: Any) -> Output:  # noqa: ANN401 - fields of `Output`
    """Return one output with the files, scans and findings of several, and *others* of its fields."""
    files: dict[str, bytes | Path] = {}
    scans: dict[str, PageScan] = {}
    findings: list[VerificationFinding] = []
    for output in outputs:
        files |= output.files
        scans |= output.scans
        findings += output.findings
    return Output(files=files, scans=scans, findings=tuple(findings), **others)


def pass_files(_context: object, payloads: Iterable[Mapping[str, bytes]]) -> Iterable[Output]:
    """Put files into the site as they are."""
    for files in payloads:
        yield Output(files={f"{SITE}{path}": content for path, content in files.items()})


def file_stage(kind: str, pieces: Mapping[str, Mapping[str, bytes]]) -> Stage[Mapping[str, bytes]]:
    """Return the stage of files whose bytes are known already.

    Args:
        kind: The kind of the stage.
        pieces: Name of a task → its files by their path in the site.
    """
    return Stage(
        kind=kind,
        run=pass_files,
        tasks=(
            Task(
                name=name,
                inputs=hash_inputs(*(part for pair in files.items() for part in pair)),
                prepare=lambda files=files: files,  # type: ignore[misc]
            )
            for name, files in pieces.items()
        ),
    )
