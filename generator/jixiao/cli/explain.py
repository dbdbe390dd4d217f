"""The command that explains rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import UNUSABLE, USER_LANGUAGE, Terminal, teach
from jixiao.commands.explain import NoSuchRule, list_of_rules, settings_in
from jixiao.commands.explain import explain as explanation_of

app = typer.Typer()


@app.command(
    help=teach(
        "说明一条规则；不写名称就列出全部规则。\n\n查什么、为什么、依据、通过和不通过的例子、怎样豁免。\n\n"
        "规则的名称在报告每一处末尾的方括号里。例如：[bold]jixiao explain timeliness-without-date[/]"
    )
)
def explain(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help=teach("规则的名称。"))] = None,
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Explain a rule, or list all of them."""
    terminal = Terminal(language)
    settings = settings_in(project)
    try:
        lines = (
            list_of_rules(settings, terminal.words)
            if rule is None
            else explanation_of(rule, settings, terminal.words)
        )
    except NoSuchRule as wrong:
        terminal.complain(wrong.saying)
        raise typer.Exit(UNUSABLE) from wrong
    for line in lines:
        terminal.say(line)
