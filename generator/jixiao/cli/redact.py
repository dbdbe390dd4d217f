"""The command that makes a copy of a form without personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach
from jixiao.cli.terminal import told as told_of_disk
from jixiao.commands.redact import RedactionOrder, redact_form, told
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Format, Problem, one_line, report

app = typer.Typer()


@app.command(
    help=teach(
        "给收到的申报表做一份遮住个人信息的副本，用来公布；原件一字不动。\n\n"
        "身份证号码、手机号码、银行卡号、邮箱和联系人、负责人等栏的姓名改成 ■，"
        "表内外、页眉页脚、隐藏的工作表里的都改；"
        "文件属性、批注、修订去掉。能改 Word（.docx）、Excel（.xlsx）和文字文件；PDF 和旧版文件请先另存。\n\n"
        "content/forms/ 里的申报表，副本写到 content/forms/published/ 下，网站就公布副本，不公布原件；"
        "原件的校验值照样登记、照样显示。\n\n"
        "例如：[bold]jixiao redact content/forms/museum.docx[/]"
    )
)
def redact(
    form: Annotated[Path, typer.Argument(metavar="FORM", help=teach("收到的申报表。"))],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help=teach("副本写到哪个文件；不写就是公布副本的地方。")),
    ] = None,
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
    *,
    force: Annotated[bool, typer.Option("--force", help=teach("替换已有的副本；不写就不动它。"))] = False,
) -> None:
    """Make a copy without personal data."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        done = redact_form(RedactionOrder(form=form, project=project, copy=to, replaces=force))
    except OSError as error:
        terminal.complain(told_of_disk(error, to.parent if to else project))
        raise typer.Exit(UNUSABLE) from error
    if isinstance(done.result, Problem):
        for line in report((done.result,), Format.TEXT, terminal.words):
            terminal.say(line)
    for saying in told(done):
        terminal.say(one_line(masked(saying.say(terminal.words))))
    if not done.is_clean:
        raise typer.Exit(PROBLEMS)
