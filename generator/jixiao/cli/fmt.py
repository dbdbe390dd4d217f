"""The commands that change files as a whole: their layout, their format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.commands.fmt import Formatted, Order, format_files, summary
from jixiao.commands.fmt import told as account_of
from jixiao.commands.migrate import migrate as migrated
from jixiao.i18n import message
from jixiao.problems import Format, one_line, report

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
        terminal.complain(told(error, project))
        raise typer.Exit(UNUSABLE) from error
    terminal.say(summary(done, writes=not check))
    if any(one.problems or (check and one.is_changed) for one in done):
        raise typer.Exit(PROBLEMS)


@app.command(
    help=teach(
        "升级 jixiao 以后，把内容文件改成新的格式；注释和排列都保留。\n\n"
        "一步一步地改；有一个文件读不懂，就一个也不改。改完请看 git diff，再运行 jixiao check。"
    )
)
def migrate(
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
    *,
    check: Annotated[
        bool, typer.Option("--check", help=teach("只列出要改的文件，不改动；有就以 1 结束。"))
    ] = False,
) -> None:
    """Change files to the present format."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        done = migrated(project, writes=not check)
    except OSError as error:
        terminal.complain(told(error, project))
        raise typer.Exit(UNUSABLE) from error
    for line in report(done.problems, Format.TEXT, terminal.words):
        terminal.say(line)
    if done.problems:
        terminal.say(message("没有改动任何文件：请先改正以上错误。"))
        raise typer.Exit(PROBLEMS)
    for file, saying in done.changed:
        terminal.say(one_line(message("{file}：{saying}", file=file, saying=saying).say(terminal.words)))
    if done.before == done.after:
        terminal.say(message("内容文件已经是最新的格式（第 {number} 版）。", number=str(done.after)))
        if check and done.changed:
            raise typer.Exit(PROBLEMS)
        return
    numbers = {"before": str(done.before), "after": str(done.after)}
    if check:
        terminal.say(message("内容文件是第 {before} 版格式，要改成第 {after} 版。", **numbers))
        raise typer.Exit(PROBLEMS)
    terminal.say(message("内容文件从第 {before} 版格式改成了第 {after} 版。", **numbers))
