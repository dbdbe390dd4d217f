"""Command that creates a declaration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.new import PROMPT_FIELDS, Prompts, open_prompts
from jixiao.i18n import message
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import (
    EXIT_PROBLEMS,
    EXIT_UNUSABLE,
    ProblemFormat,
    ReadError,
    UserError,
    escape_for_terminal,
    format_problems,
)

app = typer.Typer()


@app.command(
    help=translate_help(
        "开始一份申报表：写出一个每栏都有说明的文件，供照表填写。\n\n先问几个问题；编号是拟的，金额和目标值都空着。\n\n"
        '写了选项就不问；还可以填的，写成空的，例如 --name ""。按 Ctrl+C 中止，什么也不写。\n\n'
        "例如：[bold]jixiao new[/]；"
        "[bold]jixiao new --year 2026 --department shanghai-hrss --id skills-competition[/]"
    )
)
def new(  # noqa: PLR0913 - typer makes an option of every parameter
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
    *,
    year: Annotated[str | None, typer.Option(help=translate_help("年度。"))] = None,
    department: Annotated[str | None, typer.Option(help=translate_help("主管部门的编号或名称。"))] = None,
    edition: Annotated[str | None, typer.Option(help=translate_help("指标体系版本。"))] = None,
    unit: Annotated[str | None, typer.Option(help=translate_help("实施单位的编号或名称。"))] = None,
    nature: Annotated[
        str | None, typer.Option("--nature", "--kind", help=translate_help("项目性质。"))
    ] = None,
    name: Annotated[str | None, typer.Option(help=translate_help("项目名称。"))] = None,
    identity: Annotated[
        str | None, typer.Option("--id", metavar="ID", help=translate_help("文件名，即网址末段。"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=translate_help("只显示，不写文件。"))] = False,
    force: Annotated[
        bool, typer.Option("--force", help=translate_help("替换已有的文件；不写就不动它。"))
    ] = False,
) -> None:
    """Create a declaration."""
    terminal = Terminal(language)
    require_folder(root)
    desk = open_prompts(root, replaces=force)
    if isinstance(desk, tuple):
        for line in format_problems(desk, ProblemFormat.TEXT, terminal.catalogue):
            terminal.print_line(line)
        raise typer.Exit(EXIT_PROBLEMS)
    given = (year, department, edition, unit, nature, name, identity)
    answers = _collect_answers(desk, dict(zip(PROMPT_FIELDS, given, strict=True)), terminal)
    _write_declaration(desk, answers, terminal, root, is_dry_run=dry_run)


def _collect_answers(
    prompts: Prompts, option_values: Mapping[str, str | None], terminal: Terminal
) -> dict[str, str]:
    """Read the answers given as options, and prompt for the others.

    Raises:
        typer.Exit: An option is not a valid answer.
        UserError: The input ended.
    """
    answers: dict[str, str] = {}
    for field, option in option_values.items():
        if option is None:
            answers[field] = _ask_until_answered(prompts, field, answers, terminal)
            continue
        try:
            answers[field] = prompts.read_answer(field, option, answers)
        except ReadError as misread:
            _print_read_error(misread, terminal)
            raise typer.Exit(EXIT_UNUSABLE) from misread
    return answers


def _ask_until_answered(prompts: Prompts, field: str, answers: Mapping[str, str], terminal: Terminal) -> str:
    """Prompt for *field* until the answer is valid."""
    question = prompts.find_prompt(field, answers)
    for choice, meaning in question.choices:
        terminal.print_prompt(f"    {choice}  {meaning}".rstrip())
    while True:
        typed = terminal.ask(question.text, question.default)
        try:
            return prompts.read_answer(field, typed, answers)
        except ReadError as misread:
            _print_read_error(misread, terminal)


def _print_read_error(error: ReadError, terminal: Terminal) -> None:
    for saying in (error.message, error.hint):
        terminal.print_prompt(mask_personal_data(saying.translate(terminal.catalogue)))


def _write_declaration(
    prompts: Prompts, answers: Mapping[str, str], terminal: Terminal, root: Path, *, is_dry_run: bool
) -> None:
    """Print the file, or write it and print the next steps."""
    draft = prompts.draft(answers)
    if is_dry_run:
        for line in draft.text.splitlines():
            terminal.print_line(escape_for_terminal(line))
        return
    with report_os_errors(root):
        is_placed = prompts.write(draft)
    if not is_placed:
        raise UserError(
            message("{file} 已经存在，没有动它；要替换请加 --force", file=draft.file), exit_code=EXIT_PROBLEMS
        )
    terminal.print_line(message("写成 {file}", file=draft.file))
    terminal.print_line(message("请照申报表填写，再运行 jixiao check，按提示改到没有问题。"))
    if not prompts.is_registered(draft):
        terminal.print_line(
            message("请在 content/addresses.yml 的 published 下加一行：{line}", line=f"- {draft.id}")
        )
