"""The command that begins a site."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from jixiao.cli.options import Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, teach, told
from jixiao.commands.init import Answers, CannotStart, start
from jixiao.commands.install_source import is_installable
from jixiao.i18n import Message, message
from jixiao.problems import one_line

app = typer.Typer()
_ASKS = {
    "name_zh": message("网站的中文名称"),
    "name_en": message("网站的英文名称"),
    "department": message("第一个主管部门的编号（小写英文字母、数字和连字符）"),
    "department_name": message("这个部门的全称"),
    "address": message("公开网址（还没有就不填）"),
    "languages": message("网站的语言（代码，用逗号隔开，要有 zh）"),
}
"""What is asked, in this order."""


@app.command(
    help=teach(
        "开始一个新网站，供另一个市、县使用。\n\n写出内容和设置的文件夹；程序和样式留在软件包里，升级软件包就升级网站。\n\n"
        "先问几个问题；写了选项就不问，--yes 全部照默认。已有的文件夹不动。\n\n"
        "例如：[bold]jixiao init 某县 --department finance[/]"
    )
)
def init(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=teach("新网站的文件夹。"))],
    language: Tongue = USER_LANGUAGE,
    *,
    name_zh: Annotated[str | None, typer.Option(help=teach("网站的中文名称。"))] = None,
    name_en: Annotated[str | None, typer.Option(help=teach("网站的英文名称。"))] = None,
    department: Annotated[str | None, typer.Option(help=teach("第一个主管部门的编号。"))] = None,
    department_name: Annotated[str | None, typer.Option(help=teach("这个部门的全称。"))] = None,
    address: Annotated[str | None, typer.Option(help=teach("公开网址。"))] = None,
    languages: Annotated[str | None, typer.Option(metavar="CODES", help=teach("语言，例如 zh,en。"))] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="WHEEL|URL",
            help=teach(
                "requirements.txt 从哪里安装 jixiao：.whl 文件（复制到网站里）或 git+https:// 的网址。"
            ),
            show_default=teach("现在的 jixiao 从哪里安装的"),
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help=teach("不问，照默认。"))] = False,
) -> None:
    """Begin a site."""
    terminal = Terminal(language)
    given = (name_zh, name_en, department, department_name, address, languages)
    try:
        typed = (
            _answer(field, asks, terminal, is_quiet=yes) if option is None else option
            for (field, asks), option in zip(_ASKS.items(), given, strict=True)
        )
        files = start(folder, Answers(**dict(zip(_ASKS, typed, strict=True)), source=source))
    except typer.Abort as stopped:
        terminal.complain(message("中途停止：什么也没有写。"))
        raise typer.Exit(UNUSABLE) from stopped
    except CannotStart as refused:
        terminal.complain(refused.saying, refused.hint.say(terminal.words) if refused.hint else "")
        raise typer.Exit(PROBLEMS) from refused
    except OSError as error:
        terminal.complain(told(error, folder))
        raise typer.Exit(UNUSABLE) from error
    for file in files:
        terminal.say(str(file))
    if not is_installable((folder / "requirements.txt").read_text("utf-8")):
        terminal.say(message("流水线还装不了 jixiao：请在 requirements.txt 里写明从哪里安装。"))
    terminal.say(
        message("新网站写好了。接着运行：{command}", command=f"jixiao build --project {quote(str(folder))}")
    )


def _answer(field: str, asks: Message, terminal: Terminal, *, is_quiet: bool) -> str:
    proposal: str = getattr(Answers(), field)
    if is_quiet:
        return proposal
    with redirect_stdout(sys.stderr):
        typed = typer.prompt(
            one_line(asks.say(terminal.words)), default=proposal, show_default=bool(proposal), err=True
        )
    return str(typed)
