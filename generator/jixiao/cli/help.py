"""Command that prints the help."""

from __future__ import annotations

from typing import Annotated

import typer

from jixiao.cli.app import TranslatedGroup, print_help
from jixiao.cli.terminal import translate_help

app = typer.Typer()


@app.command(
    name="help",
    help=translate_help("显示说明；写上命令，就显示那个命令的说明。\n\n例如：[bold]jixiao help check[/]"),
)
def help_(
    context: typer.Context,
    commands: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMAND", help=translate_help("命令的名称。"), show_default=False),
    ] = None,
) -> None:
    """Print the help of the program or of a command."""
    told = context.find_root()
    command = told.command
    for name in commands or ():
        if not isinstance(command, TranslatedGroup):
            break
        found = command.get_command(told, name)
        if found is None:
            command.refuse(told, name)
        command, told = found, typer.Context(found, info_name=name, parent=told)
    print_help(command, told)
