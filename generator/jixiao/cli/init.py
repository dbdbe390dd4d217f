"""Command that creates a site."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, translate_help
from jixiao.commands.init import InitAnswers, has_requirement, init_site
from jixiao.i18n import message

app = typer.Typer()
_PROMPT_TEXTS = {
    "name_zh": message("网站的中文名称"),
    "name_en": message("网站的英文名称"),
    "department": message("第一个主管部门的编号（小写英文字母、数字和连字符）"),
    "department_name": message("这个部门的全称"),
    "address": message("公开网址（还没有就不填）"),
    "languages": message("网站的语言（代码，用逗号隔开，要有 zh）"),
}
"""Prompt text of each field, in the order of the questions."""


@app.command(
    help=translate_help(
        "开始一个新网站，供另一个市、县使用。\n\n写出内容和设置的文件夹；程序和样式留在软件包里，升级软件包就升级网站。\n\n"
        "先问几个问题；写了选项就不问，--yes 全部照默认。已有的文件夹不动。\n\n"
        "例如：[bold]jixiao init 某县 --department finance[/]"
    )
)
def init(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=translate_help("新网站的文件夹。"))],
    language: LanguageOption = USER_LANGUAGE,
    *,
    name_zh: Annotated[str | None, typer.Option(help=translate_help("网站的中文名称。"))] = None,
    name_en: Annotated[str | None, typer.Option(help=translate_help("网站的英文名称。"))] = None,
    department: Annotated[str | None, typer.Option(help=translate_help("第一个主管部门的编号。"))] = None,
    department_name: Annotated[str | None, typer.Option(help=translate_help("这个部门的全称。"))] = None,
    address: Annotated[str | None, typer.Option(help=translate_help("公开网址。"))] = None,
    languages: Annotated[
        str | None, typer.Option(metavar="CODES", help=translate_help("语言，例如 zh,en。"))
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="WHEEL|URL",
            help=translate_help(
                "requirements.txt 从哪里安装 jixiao：.whl 文件（复制到网站里）或 git+https:// 的网址。"
            ),
            show_default=translate_help("现在的 jixiao 从哪里安装的"),
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help=translate_help("不问，照默认。"))] = False,
) -> None:
    """Create a site."""
    terminal = Terminal(language)
    given = (name_zh, name_en, department, department_name, address, languages)
    answers: dict[str, str] = {}
    for (field, question), option in zip(_PROMPT_TEXTS.items(), given, strict=True):
        default: str = getattr(InitAnswers(), field)
        if option is None:
            answers[field] = default if yes else terminal.ask(question, default)
        else:
            answers[field] = option
    with report_os_errors(folder):
        files = init_site(folder, InitAnswers(**answers, source=source))
    for file in files:
        terminal.print_line(str(file))
    if not has_requirement((folder / "requirements.txt").read_text("utf-8")):
        terminal.print_line(message("流水线还装不了 jixiao：请在 requirements.txt 里写明从哪里安装。"))
    terminal.print_line(
        message("新网站写好了。接着运行：{command}", command=f"jixiao build --project {quote(str(folder))}")
    )
