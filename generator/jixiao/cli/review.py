"""Command that shows the public effect of a change.

The modules it uses are imported when it is called, so that no other command waits for them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.problems import EXIT_PROBLEMS, format_json, has_error

app = typer.Typer()


class ReviewFormat(StrEnum):
    """Output format of a review."""

    MARKDOWN = "markdown"
    JSON = "json"


@app.command(
    help=translate_help(
        "列出合并以后公众会看到的变化。\n\n新增、改动、改了网址、撤下的申报表，每个金额和目标值由什么改成什么，"
        "检查发现的问题，以及审阅人应当核对的地方。\n\n"
        "比较的是文件夹里现在的文件（没有提交的也算）和它们与 BASE 的共同起点。\n\n"
        "是更正（抄错了）、调整（批准的改动）还是补充，由提交说明里的一行说明：变更类型：更正；"
        "另一行可写变更理由：……\n\n"
        "例如：[bold]jixiao review main[/]；[bold]jixiao review v1.0 --format json[/]"
    )
)
def review(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help=translate_help("与什么比较：分支、标签或提交。"))
    ],
    root: RootOption = Path(),
    output_format: Annotated[
        ReviewFormat,
        typer.Option("--format", "-f", help=translate_help("markdown 给人看或贴到合并请求；json 给程序看。")),
    ] = ReviewFormat.MARKDOWN,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Review a change."""
    from jixiao.commands.review import review_changes as review_of  # noqa: PLC0415
    from jixiao.review.review_markdown import render_review  # noqa: PLC0415
    from jixiao.review.review_result import serialize_review  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(root)
    with report_os_errors(root):
        reviewed = review_of(root, base)
    if output_format is ReviewFormat.JSON:
        terminal.use_utf8()
        terminal.print_line(format_json(serialize_review(reviewed, terminal.catalogue)))
    else:
        for line in render_review(reviewed, terminal.catalogue):
            terminal.print_line(line)
    if has_error(found.problem for found in reviewed.problems):
        raise typer.Exit(EXIT_PROBLEMS)
