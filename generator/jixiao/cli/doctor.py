"""Command that checks whether this machine can build the site."""

from __future__ import annotations

from pathlib import Path

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, require_folder, translate_help
from jixiao.i18n import message
from jixiao.problems import EXIT_UNUSABLE, escape_for_terminal

app = typer.Typer()


@app.command(
    help=translate_help(
        "看这台机器缺什么，并写明补上的命令；不联网，不改动任何文件。\n\n"
        "生成网站需要的都有，就正常结束；缺少的标为“缺少”，不急的标为“可补”。\n\n"
        "例如：[bold]jixiao doctor[/]"
    )
)
def doctor(root: RootOption = Path(), language: LanguageOption = USER_LANGUAGE) -> None:
    """Check the machine."""
    from jixiao.commands.doctor import MachineState, check_machine, is_ready  # noqa: PLC0415

    terminal = Terminal(language)
    require_folder(root)
    marks = {MachineState.GOOD: "正常", MachineState.ADVICE: "可补", MachineState.MISSING: "缺少"}
    findings = tuple(check_machine(root))
    for finding in findings:
        mark = terminal.catalogue.translate(marks[finding.state])
        terminal.print_line(escape_for_terminal(f"[{mark}] {finding.message.translate(terminal.catalogue)}"))
        if finding.fix:
            terminal.print_line(
                escape_for_terminal(
                    message("    请运行：{command}", command=finding.fix).translate(terminal.catalogue)
                )
            )
    if not is_ready(findings):
        terminal.print_line(message("还不能照设置生成网站：请先补上标为“缺少”的。"))
        raise typer.Exit(EXIT_UNUSABLE)
    terminal.print_line(message("可以生成网站。"))
