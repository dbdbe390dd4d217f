"""Command that formats content files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.fmt import FormatRequest, FormatResult, format_files, summarize_results
from jixiao.commands.fmt import describe_result as account_of
from jixiao.problems import EXIT_PROBLEMS

app = typer.Typer()


@app.command(
    help=translate_help(
        "把申报表文件排成统一的样子，内容一字不变。\n\n字段按表上的顺序，缩进两格，目标值加引号；注释都保留。\n\n"
        "不写文件名，就排版全部申报表，以及机构、网址和指标体系；读不懂的文件不动，列出原因。\n\n"
        "例如：[bold]jixiao fmt content/declarations/2021/shanghai-hrss[/]；"
        "[bold]jixiao fmt --check[/] 只看哪些文件需要排版。"
    )
)
def fmt(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE…]", help=translate_help("文件或文件夹；不写就是全部。")),
    ] = None,
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help=translate_help("只列出要改的文件和行，不改动；有就以 1 结束。")),
    ] = False,
) -> None:
    """Format content files."""
    terminal = Terminal(language)
    require_folder(root)
    done: list[FormatResult] = []
    with report_os_errors(root):
        for formatted in format_files(FormatRequest(files=files or (), root=root, writes=not check)):
            done.append(formatted)
            for line in account_of(formatted, terminal.catalogue, writes=not check):
                terminal.print_line(line)
    terminal.print_line(summarize_results(done, writes=not check))
    if any(one.problems or (check and one.is_changed) for one in done):
        raise typer.Exit(EXIT_PROBLEMS)
