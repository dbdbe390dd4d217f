"""Export of declarations as data files, without a site.

Errors in the content prevent the export, and existing files are never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao import pipeline
from jixiao.build.checked_sources import parse_again, read_again
from jixiao.downloads import DataFormat, build_record, open_writers
from jixiao.downloads.dataset_metadata import (
    PACKAGE_FILE,
    build_data_dictionary,
    build_folder_package,
    format_metadata,
)
from jixiao.downloads.rows import build_organisation_rows
from jixiao.downloads.writers import list_format_files
from jixiao.i18n import message
from jixiao.load.source_files import is_disk_root
from jixiao.problems import EXIT_PROBLEMS, UserError, has_error
from jixiao.write_files import staged_folder

DICTIONARY_FILE = "dictionary.json"


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """Options of an export."""

    root: Path
    folder: Path
    """Output folder."""
    formats: tuple[DataFormat, ...]
    year: int | None = None
    department: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExportResult:
    """Result of an export."""

    checked: pipeline.Checked
    files: tuple[Path, ...] = ()
    """Files that were written; empty if errors prevented the export."""
    declarations: int = 0
    indicators: int = 0


def export_data(request: ExportRequest, progress: pipeline.Progress) -> ExportResult:
    """Write the requested data files.

    Args:
        request: The options of the export.
        progress: Called at the start of each step.

    Raises:
        UserError: The folder is the root of the disk, no declaration matches, a file exists already, or a
            declaration has changed during the export.
        OSError: The disk refuses.
    """
    # One `..` too many, or an empty variable, would put files among those of the system.
    if is_disk_root(request.folder):
        raise UserError(
            message("{path} 是根目录：请写一个文件夹", path=str(request.folder)), exit_code=EXIT_PROBLEMS
        )
    progress(message("检查内容"))
    checked = pipeline.check(request.root)
    if checked.config is None or has_error(checked.problems):
        return ExportResult(checked=checked)
    summaries = [
        summary
        for summary in checked.catalogue.summaries
        if request.year in {None, summary.year} and request.department in {None, summary.department}
    ]
    if not summaries:
        raise UserError(message("没有这样的申报表"), exit_code=EXIT_PROBLEMS)
    with_csv = DataFormat.CSV in request.formats
    descriptions = {
        DICTIONARY_FILE: build_data_dictionary(checked.config),
        **({PACKAGE_FILE: build_folder_package(checked.config)} if with_csv else {}),
    }
    files = [request.folder / name for name in (*list_format_files(request.formats), *descriptions)]
    if existing := [file for file in files if file.exists()]:
        raise UserError(message("已经有这个文件了：{path}", path=str(existing[0])), exit_code=EXIT_PROBLEMS)
    progress(message("写数据文件"))
    with staged_folder(request.folder) as workshop:
        writers = open_writers(workshop, request.formats)
        for summary in summaries:
            content = read_again(summary.id, summary.version, request.root)
            record = build_record(parse_again(summary.id, content), checked.catalogue)
            for writer in writers:
                writer.add(record)
        for writer in writers:
            writer.close(build_organisation_rows(checked.catalogue))
        for name, description in descriptions.items():
            (workshop / name).write_text(format_metadata(description), encoding="utf-8", newline="\n")
    return ExportResult(
        checked=checked,
        files=tuple(files),
        declarations=len(summaries),
        indicators=sum(summary.indicators for summary in summaries),
    )
