"""Command that migrates content files to the current format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.migrate import migrate as migrated
from jixiao.config import CONTENT_FORMAT
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, ProblemFormat, escape_for_terminal, format_problems

app = typer.Typer()


@app.command(
    help=translate_help(
        "升级 jixiao 以后，把内容文件改成新的格式；注释和排列都保留。\n\n"
        "一步一步地改；有一个文件读不懂，就一个也不改。改完请看 git diff，再运行 jixiao check。"
    )
)
def migrate(
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
    *,
    check: Annotated[
        bool, typer.Option("--check", help=translate_help("只列出要改的文件，不改动；有就以 1 结束。"))
    ] = False,
) -> None:
    """Migrate content files to the current format."""
    terminal = Terminal(language)
    require_folder(root)
    with report_os_errors(root):
        done = migrated(root, writes=not check)
    for line in format_problems(done.problems, ProblemFormat.TEXT, terminal.catalogue):
        terminal.print_line(line)
    if done.problems:
        terminal.print_line(message("没有改动任何文件：请先改正以上错误。"))
        raise typer.Exit(EXIT_PROBLEMS)
    for file in done.changed:
        replaced = message("{file}：{saying}", file=file, saying=message("编辑器用的说明换成这一版的"))
        terminal.print_line(escape_for_terminal(replaced.translate(terminal.catalogue)))
    terminal.print_line(message("内容文件已经是最新的格式（第 {number} 版）。", number=str(CONTENT_FORMAT)))
    if check and done.changed:
        raise typer.Exit(EXIT_PROBLEMS)
