"""The command line. It talks to people and decides the exit code; everything else is done below it.

Exit codes: 0 clean, 1 problems in the content, 2 wrong use or a broken installation.
"""

from __future__ import annotations

from typing import Annotated

import typer

from generator import __version__
from generator.cli.on_demand import OnDemand
from generator.cli.terminal import USER_LANGUAGE, Terminal, teach

app = typer.Typer(
    name="jixiao",
    cls=OnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=teach(
        "把财政项目支出绩效目标申报表做成公开网站：一个项目一个 YAML 文件，检查、生成页面、发布。\n\n"
        "常用：[bold]jixiao check[/] 检查内容；[bold]jixiao serve[/] 边改边看；"
        "[bold]jixiao build[/] 生成网站。"
    ),
)
_ENGINES = ("mkdocs", "mkdocs-material", "pagefind")
"""What builds the pages and their search; which version does decides what they are."""


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the flag
    if wanted:
        from generator.doctor import version_of  # noqa: PLC0415 - no other command has to wait for it

        terminal = Terminal(USER_LANGUAGE)
        terminal.say(f"jixiao {__version__}")
        for name in _ENGINES:
            terminal.say(f"{name} {version_of(name)}")
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
