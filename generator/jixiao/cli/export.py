"""Command that exports the declarations as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.check import print_errors
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.export import ExportRequest, export_data
from jixiao.downloads import DataFormat
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS

app = typer.Typer()


@app.command(
    help=translate_help(
        "把申报表写成数据文件，不建网站。\n\n"
        "每种格式都有申报表、指标、部门和单位三张表；字段说明写在 dictionary.json，"
        "CSV 另有 datapackage.json。有错误就不写，已有的文件不覆盖。\n\n"
        "例如：[bold]jixiao export data-2021 --year 2021 --format xlsx[/]"
    )
)
def export(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=translate_help("文件写到这个文件夹。"))],
    formats: Annotated[
        list[DataFormat] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=translate_help("csv、json、xlsx、parquet 或 sqlite，可以写几次；不写就是全部。"),
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Option(help=translate_help("只要这个年度。"), show_default=False)
    ] = None,
    department: Annotated[
        str | None,
        typer.Option(metavar="ID", help=translate_help("只要这个主管部门（编号）。"), show_default=False),
    ] = None,
    *,
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Export the declarations as data files."""
    terminal = Terminal(language)
    require_folder(root)
    request = ExportRequest(
        root=root,
        folder=folder,
        formats=tuple(formats or DataFormat),
        year=year,
        department=department,
    )
    with report_os_errors(folder), terminal.show_progress() as progress:
        exported = export_data(request, progress)
    if not exported.files:
        print_errors(exported.checked, terminal)
        terminal.print_line(message("没有写文件：请先改正以上错误。"))
        raise typer.Exit(EXIT_PROBLEMS)
    for file in exported.files:
        terminal.print_line(str(file))
    terminal.print_line(
        message(
            "{declarations} 份申报表，{indicators} 项指标",
            declarations=str(exported.declarations),
            indicators=str(exported.indicators),
        )
    )
