"""Command that exports the declarations as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from jixiao.cli.build import print_errors
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import (
    EXIT_PROBLEMS,
    EXIT_UNUSABLE,
    USER_LANGUAGE,
    Terminal,
    describe_os_error,
    require_folder,
    translate_help,
)
from jixiao.commands.archive import IsThere
from jixiao.commands.archive import archive_site as pack
from jixiao.commands.export import CannotExport, ExportRequest
from jixiao.commands.export import export_data as export_data
from jixiao.downloads import DataFormat
from jixiao.i18n import message
from jixiao.problems import escape_for_terminal
from jixiao.site.build_failure import BuildFailure

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
    require_folder(root, terminal)
    order = ExportRequest(
        root=root,
        folder=folder,
        formats=tuple(formats or DataFormat),
        year=year,
        department=department,
    )
    try:
        with terminal.show_progress() as progress:
            exported = export_data(order, progress)
    except CannotExport as refused:
        terminal.print_error(refused.message)
        raise typer.Exit(EXIT_PROBLEMS) from refused
    except BuildFailure as failure:
        terminal.print_error(failure.message, failure.details)
        raise typer.Exit(EXIT_UNUSABLE) from failure
    except OSError as error:
        terminal.print_error(describe_os_error(error, folder))
        raise typer.Exit(EXIT_UNUSABLE) from error
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


@app.command(
    help=translate_help(
        "把整个网站打成一个 zip 文件，解开以后放到任何静态网站服务器上都能用。\n\n"
        "先按清单核对；被改动过的网站不打包。同一个网站打出来的文件逐字节相同。\n\n"
        "例如：[bold]jixiao archive jixiao-2021.zip[/]"
    )
)
def archive(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help=translate_help("写成这个文件。"))],
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Pack the site into one ZIP file."""
    terminal = Terminal(language)
    require_folder(root, terminal)
    site = root / "build" / "site"
    require_folder(site, terminal)
    try:
        with terminal.show_progress() as progress:
            findings = pack(site, file, progress)
    except IsThere as there:
        terminal.print_error(message("已经有这个文件了：{path}", path=str(file)))
        raise typer.Exit(EXIT_PROBLEMS) from there
    except OSError as error:
        terminal.print_error(describe_os_error(error, file.parent))
        raise typer.Exit(EXIT_UNUSABLE) from error
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.saying.translate(terminal.catalogue)}")
        )
    if findings:
        terminal.print_line(message("没有打包。"))
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("网站已打包：{path}", path=str(file)))
