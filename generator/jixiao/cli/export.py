"""The commands that hand everything out: the declarations as data, the site as one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.build import report_on
from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.commands.archive import IsThere
from jixiao.commands.archive import archive as pack
from jixiao.commands.export import CannotExport, Order
from jixiao.commands.export import export as export_data
from jixiao.downloads import Format
from jixiao.i18n import message
from jixiao.problems import one_line
from jixiao.site.build_failure import BuildFailure

app = typer.Typer()


@app.command(
    help=teach(
        "把申报表写成数据文件，不建网站。\n\n"
        "每种格式都有申报表、指标、部门和单位三张表；字段说明写在 dictionary.json，"
        "CSV 另有 datapackage.json。有错误就不写，已有的文件不覆盖。\n\n"
        "例如：[bold]jixiao export data-2021 --year 2021 --format xlsx[/]"
    )
)
def export(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=teach("文件写到这个文件夹。"))],
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=teach("csv、json、xlsx、parquet 或 sqlite，可以写几次；不写就是全部。"),
            show_default=False,
        ),
    ] = None,
    year: Annotated[int | None, typer.Option(help=teach("只要这个年度。"), show_default=False)] = None,
    department: Annotated[
        str | None, typer.Option(metavar="ID", help=teach("只要这个主管部门（编号）。"), show_default=False)
    ] = None,
    *,
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Write files of data."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    order = Order(
        project=project,
        folder=folder,
        formats=tuple(formats or Format),
        year=year,
        department=department,
    )
    try:
        with terminal.progress() as progress:
            exported = export_data(order, progress)
    except CannotExport as refused:
        terminal.complain(refused.saying)
        raise typer.Exit(PROBLEMS) from refused
    except BuildFailure as failure:
        terminal.complain(failure.saying, failure.details)
        raise typer.Exit(UNUSABLE) from failure
    except OSError as error:
        terminal.complain(told(error, folder))
        raise typer.Exit(UNUSABLE) from error
    if not exported.files:
        report_on(exported.checked, terminal)
        terminal.say(message("没有写文件：请先改正以上错误。"))
        raise typer.Exit(PROBLEMS)
    for file in exported.files:
        terminal.say(str(file))
    terminal.say(
        message(
            "{declarations} 份申报表，{indicators} 项指标",
            declarations=str(exported.declarations),
            indicators=str(exported.indicators),
        )
    )


@app.command(
    help=teach(
        "把整个网站打成一个 zip 文件，解开以后放到任何静态网站服务器上都能用。\n\n"
        "先按清单核对；被改动过的网站不打包。同一个网站打出来的文件逐字节相同。\n\n"
        "例如：[bold]jixiao archive jixiao-2021.zip[/]"
    )
)
def archive(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help=teach("写成这个文件。"))],
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Pack the site."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    site = project / "build" / "site"
    require_folder(site, terminal)
    try:
        with terminal.progress() as progress:
            findings = pack(site, file, progress)
    except IsThere as there:
        terminal.complain(message("已经有这个文件了：{path}", path=str(file)))
        raise typer.Exit(PROBLEMS) from there
    except OSError as error:
        terminal.complain(told(error, file.parent))
        raise typer.Exit(UNUSABLE) from error
    for finding in findings:
        terminal.say(one_line(f"{finding.file}: {finding.saying.say(terminal.words)}"))
    if findings:
        terminal.say(message("没有打包。"))
        raise typer.Exit(PROBLEMS)
    terminal.say(message("网站已打包：{path}", path=str(file)))
