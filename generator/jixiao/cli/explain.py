"""Command that explains rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, translate_help
from jixiao.commands.explain import explain_rule as explanation_of
from jixiao.commands.explain import list_rules, read_rule_settings

app = typer.Typer()


@app.command(
    help=translate_help(
        "说明一条规则；不写名称就列出全部规则。\n\n查什么、为什么、依据、通过和不通过的例子、怎样豁免。\n\n"
        "规则的名称在报告每一处末尾的方括号里。例如：[bold]jixiao explain timeliness-without-date[/]"
    )
)
def explain(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help=translate_help("规则的名称。"))] = None,
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Explain a rule, or list all of them."""
    terminal = Terminal(language)
    settings = read_rule_settings(root)
    lines = (
        list_rules(settings, terminal.catalogue)
        if rule is None
        else explanation_of(rule, settings, terminal.catalogue)
    )
    for line in lines:
        terminal.print_line(line)
