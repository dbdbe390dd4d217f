"""The commands that show what a change means, and whether this machine can work.

What they call is loaded when they are called: no other command has to wait for it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.i18n import message
from jixiao.problems import json_text, one_line, stops_publishing

app = typer.Typer()


class ReviewFormat(StrEnum):
    """How a review is written."""

    MARKDOWN = "markdown"
    JSON = "json"


@app.command(
    help=teach(
        "列出合并以后公众会看到的变化。\n\n新增、改动、改了网址、撤下的申报表，每个金额和目标值由什么改成什么，"
        "检查发现的问题，以及审阅人应当核对的地方。\n\n"
        "比较的是文件夹里现在的文件（没有提交的也算）和它们与 BASE 的共同起点。\n\n"
        "是更正（抄错了）、调整（批准的改动）还是补充，由提交说明里的一行说明：变更类型：更正；"
        "另一行可写变更理由：……\n\n"
        "例如：[bold]jixiao review main[/]；[bold]jixiao review v1.0 --format json[/]"
    )
)
def review(
    base: Annotated[str, typer.Argument(metavar="BASE", help=teach("与什么比较：分支、标签或提交。"))],
    project: Project = Path(),
    form: Annotated[
        ReviewFormat,
        typer.Option("--format", "-f", help=teach("markdown 给人看或贴到合并请求；json 给程序看。")),
    ] = ReviewFormat.MARKDOWN,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Review a change."""
    from jixiao.commands.review import review as review_of  # noqa: PLC0415
    from jixiao.history.git import NoGit  # noqa: PLC0415
    from jixiao.review.review_markdown import markdown  # noqa: PLC0415
    from jixiao.review.review_result import record  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        reviewed = review_of(project, base)
    except NoGit as refused:
        terminal.complain(refused.saying, refused.details)
        raise typer.Exit(UNUSABLE) from refused
    except OSError as error:
        terminal.complain(told(error, project))
        raise typer.Exit(UNUSABLE) from error
    if form is ReviewFormat.JSON:
        terminal.speak_to_programs()
        terminal.say(json_text(record(reviewed, terminal.words)))
    else:
        for line in markdown(reviewed, terminal.words):
            terminal.say(line)
    if stops_publishing(found.problem for found in reviewed.problems):
        raise typer.Exit(PROBLEMS)


@app.command(
    help=teach(
        "看这台机器缺什么，并写明补上的命令；不联网，不改动任何文件。\n\n"
        "生成网站需要的都有，就正常结束；缺少的标为“缺少”，不急的标为“可补”。\n\n"
        "例如：[bold]jixiao doctor[/]"
    )
)
def doctor(project: Project = Path(), language: Tongue = USER_LANGUAGE) -> None:
    """Examine the machine."""
    from jixiao.commands.doctor import State, examine, is_ready  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(project, terminal)
    marks = {State.GOOD: "正常", State.ADVICE: "可补", State.MISSING: "缺少"}
    findings = tuple(examine(project))
    for finding in findings:
        mark = terminal.words.say(marks[finding.state])
        terminal.say(one_line(f"[{mark}] {finding.saying.say(terminal.words)}"))
        if finding.mends:
            terminal.say(
                one_line(message("    请运行：{command}", command=finding.mends).say(terminal.words))
            )
    if not is_ready(findings):
        terminal.say(message("还不能照设置生成网站：请先补上标为“缺少”的。"))
        raise typer.Exit(UNUSABLE)
    terminal.say(message("可以生成网站。"))
