"""The command line. It talks to people and decides the exit code; everything else is done below it.

Exit codes: 0 clean, 1 problems in the content, 2 wrong use or a broken installation.
"""

from __future__ import annotations

from typing import Annotated

import typer

from jixiao.cli.app import OnDemand
from jixiao.cli.terminal import teach
from jixiao.cli.version import print_versions

app = typer.Typer(
    name="jixiao",
    cls=OnDemand,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
    help=teach(
        "把财政项目支出绩效目标申报表做成公开网站：一个项目一个 YAML 文件，检查、生成页面、发布。\n\n"
        "第一次用：[bold]jixiao init 文件夹[/] 开始一个网站，在那个文件夹里再运行其他命令；"
        "[bold]jixiao import[/] 读入收到的申报表，或 [bold]jixiao new[/] 照表填写一份。\n\n"
        "常用：[bold]jixiao check[/] 检查内容；[bold]jixiao serve[/] 边改边看；"
        "[bold]jixiao build[/] 生成网站。某个命令怎么用：[bold]jixiao help[/] 命令。"
    ),
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the flag
    if wanted:
        print_versions()
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help=teach("显示版本。"), callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    del version  # its callback has done the work


def main() -> None:
    """Run the command line."""
    app()
