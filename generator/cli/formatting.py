"""The command that lays files out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.options import Project, Tongue
from generator.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from generator.formatting import Formatted, Order, format_files, summary
from generator.formatting import told as account_of

app = typer.Typer()


@app.command(
    help=teach(
        "把申报表文件排成统一的样子，内容一字不变。\n\n字段按表上的顺序，缩进两格，目标值加引号；注释都保留。\n\n"
        "不写文件名，就排版全部申报表，以及机构、网址和指标体系；读不懂的文件不动，列出原因。\n\n"
        "例如：[bold]jixiao fmt content/declarations/2021/shanghai-hrss[/]；"
        "[bold]jixiao fmt --check[/] 只看哪些文件需要排版。"
    )
)
def fmt(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE…]", help=teach("文件或文件夹；不写就是全部。"))
    ] = None,
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help=teach("只列出要改的文件和行，不改动；有就以 1 结束。")),
    ] = False,
) -> None:
    """Lay files out."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    done: list[Formatted] = []
    try:
        for formatted in format_files(Order(files=files or (), project=project, writes=not check)):
            done.append(formatted)
            for line in account_of(formatted, terminal.words, writes=not check):
                terminal.say(line)
    except OSError as error:
        terminal.complain(told(error))
        raise typer.Exit(UNUSABLE) from error
    terminal.say(summary(done, writes=not check))
    if any(one.problems or (check and one.is_changed) for one in done):
        raise typer.Exit(PROBLEMS)
