"""Command that writes a copy of a form without personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.redact import RedactionRequest, describe_redaction, redact_form
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import EXIT_PROBLEMS, Problem, ProblemFormat, escape_for_terminal, format_problems

app = typer.Typer()


@app.command(
    help=translate_help(
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
    form: Annotated[Path, typer.Argument(metavar="FORM", help=translate_help("收到的申报表。"))],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help=translate_help("副本写到哪个文件；不写就是公布副本的地方。")
        ),
    ] = None,
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
    *,
    force: Annotated[
        bool, typer.Option("--force", help=translate_help("替换已有的副本；不写就不动它。"))
    ] = False,
) -> None:
    """Write a copy of a form without personal data."""
    terminal = Terminal(language)
    require_folder(root)
    with report_os_errors(to.parent if to else root):
        done = redact_form(RedactionRequest(form=form, root=root, copy=to, replaces=force))
    if isinstance(done.result, Problem):
        for line in format_problems((done.result,), ProblemFormat.TEXT, terminal.catalogue):
            terminal.print_line(line)
    for saying in describe_redaction(done):
        terminal.print_line(escape_for_terminal(mask_personal_data(saying.translate(terminal.catalogue))))
    if not done.is_clean:
        raise typer.Exit(EXIT_PROBLEMS)
