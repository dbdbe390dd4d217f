"""From declarations to files of data, without a site: what `jixiao export` does, from top to bottom.

Nothing is written over an error in the content, nor over a file that is there already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao import pipeline
from jixiao.analysis.summary import Entry
from jixiao.batch import filed_again
from jixiao.config import SiteConfig
from jixiao.downloads import Format, record_of, writers_for
from jixiao.downloads.dataset_metadata import PACKAGE, dictionary_of, package_beside, written
from jixiao.downloads.rows import organisation_rows
from jixiao.downloads.writers import files_of
from jixiao.i18n import Message, message
from jixiao.load.listing import is_root
from jixiao.making_projects import content_of
from jixiao.problems import stops_publishing
from jixiao.staging import staged

DICTIONARY = "dictionary.json"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked for."""

    project: Path
    folder: Path
    """Where files go."""
    formats: tuple[Format, ...]
    year: int | None = None
    department: str | None = None


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What came of it."""

    checked: pipeline.Checked
    files: tuple[Path, ...] = ()
    """Nothing where errors stood in the way."""
    declarations: int = 0
    indicators: int = 0


class CannotExport(Exception):  # noqa: N818 - named for what it says
    """Why no file was written."""

    def __init__(self, saying: Message) -> None:
        """Keep what to tell the user."""
        super().__init__(saying)
        self.saying = saying


def export(order: Order, progress: pipeline.Progress) -> Exported:
    """Write the files that are asked for.

    Args:
        order: Which, and where.
        progress: Is told what begins.

    Raises:
        CannotExport: The folder is the root of the disk, nothing is asked for, or a file is there already.
        BuildFailure: A declaration has changed meanwhile.
        OSError: The disk refuses.
    """
    # `..` once too often, or an empty variable, and files would lie among those of the system.
    if is_root(order.folder):
        raise CannotExport(message("{path} 是根目录：请写一个文件夹", path=str(order.folder)))
    progress(message("检查内容"))
    checked = pipeline.check(order.project)
    if checked.config is None or stops_publishing(checked.problems):
        return Exported(checked=checked)
    wanted = tuple(_wanted(order, checked.catalogue.entries))
    if not wanted:
        raise CannotExport(message("没有这样的申报表"))
    described = _descriptions(order, checked.config)
    files = [order.folder / name for name in (*files_of(order.formats), *described)]
    for file in files:
        if file.exists():
            raise CannotExport(message("已经有这个文件了：{path}", path=str(file)))
    progress(message("写数据文件"))
    with staged(order.folder) as workshop:
        writers = writers_for(workshop, order.formats)
        for entry in wanted:
            filed = filed_again(entry.id, content_of(entry.id, entry.version, order.project))
            record = record_of(filed, checked.catalogue)
            for writer in writers:
                writer.add(record)
        for writer in writers:
            writer.close(organisation_rows(checked.catalogue))
        for name, description in described.items():
            (workshop / name).write_text(written(description), encoding="utf-8", newline="\n")
    return Exported(
        checked=checked,
        files=tuple(files),
        declarations=len(wanted),
        indicators=sum(entry.indicators for entry in wanted),
    )


def _descriptions(order: Order, config: SiteConfig) -> dict[str, dict[str, Any]]:
    """Describe what is written: a package names files of CSV alone."""
    described = {DICTIONARY: dictionary_of(config)}
    if Format.CSV in order.formats:
        described[PACKAGE] = package_beside(config)
    return described


def _wanted(order: Order, entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        if order.year in {None, entry.year} and order.department in {None, entry.department}:
            yield entry
