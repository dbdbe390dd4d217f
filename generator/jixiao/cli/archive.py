"""Command that packs the site into one ZIP file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.archive import archive_site
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, escape_for_terminal

app = typer.Typer()


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
    require_folder(root)
    site = root / "build" / "site"
    require_folder(site)
    with report_os_errors(file.parent), terminal.show_progress() as progress:
        findings = archive_site(site, file, progress)
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.message.translate(terminal.catalogue)}")
        )
    if findings:
        terminal.print_line(message("没有打包。"))
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("网站已打包：{path}", path=str(file)))
