"""Command that checks the content; it prints problems for all commands."""

from __future__ import annotations

from pathlib import Path

import typer

from jixiao import pipeline
from jixiao.cli.options import LanguageOption, ProblemFormatOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, require_folder, translate_help
from jixiao.i18n import message
from jixiao.problems import (
    EXIT_PROBLEMS,
    ProblemFormat,
    format_check_summary,
    format_problems,
    has_error,
    is_advice,
)

app = typer.Typer()


def print_errors(result: pipeline.Checked, terminal: Terminal) -> None:
    """Print the problems that prevent a command from running, without advice."""
    print_problems(result, ProblemFormat.TEXT, terminal, with_advice=False)


def print_problems(
    result: pipeline.Checked, output_format: ProblemFormat, terminal: Terminal, *, with_advice: bool = True
) -> None:
    """Print problems; advice is only counted if there are errors or *with_advice* is false."""
    shown = result.problems
    has_errors = has_error(shown)
    if output_format is ProblemFormat.TEXT and (has_errors or not with_advice):
        shown = tuple(problem for problem in shown if not is_advice(problem))
    if output_format is not ProblemFormat.TEXT:
        terminal.use_utf8()
    for line in format_problems(shown, output_format, terminal.catalogue):
        terminal.print_line(line)
    if output_format is not ProblemFormat.TEXT:
        return
    terminal.print_line(format_check_summary(result.counts, result.read, terminal.catalogue))
    if len(shown) < sum(result.counts.values()):
        terminal.print_line(
            message("改好错误以后，再运行 jixiao check，就列出改进建议。")
            if has_errors
            else message("运行 jixiao check 可以看到各条改进建议。")
        )
    elif any(map(is_advice, shown)):
        terminal.print_line(
            message("已经申报的照录不改；改进建议供下次申报参考。某条规则的说明：jixiao explain 规则名称")
        )


@app.command(help=translate_help("检查全部内容，列出每一处问题：文件、行、列、说明、建议。"))
def check(
    root: RootOption = Path(),
    output_format: ProblemFormatOption = ProblemFormat.TEXT,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Check the content."""
    terminal = Terminal(language)
    require_folder(root)
    checked = pipeline.check(root)
    # Somebody may have removed it meanwhile, which is not what is wrong with the content.
    require_folder(root)
    print_problems(checked, output_format, terminal)
    if has_error(checked.problems):
        raise typer.Exit(EXIT_PROBLEMS)
