"""The command that begins a declaration."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.commands.new import FIELDS, Desk, Question, open_desk
from jixiao.i18n import message
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Format, Misread, one_line, report

app = typer.Typer()


@app.command(
    help=teach(
        "开始一份申报表：写出一个每栏都有说明的文件，供照表填写。\n\n先问几个问题；编号是拟的，金额和目标值都空着。\n\n"
        '写了选项就不问；还可以填的，写成空的，例如 --name ""。按 Ctrl+C 中止，什么也不写。\n\n'
        "例如：[bold]jixiao new[/]；"
        "[bold]jixiao new --year 2026 --department shanghai-hrss --id skills-competition[/]"
    )
)
def new(  # noqa: PLR0913 - typer makes an option of every parameter
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
    *,
    year: Annotated[str | None, typer.Option(help=teach("年度。"))] = None,
    department: Annotated[str | None, typer.Option(help=teach("主管部门的编号或名称。"))] = None,
    edition: Annotated[str | None, typer.Option(help=teach("指标体系版本。"))] = None,
    unit: Annotated[str | None, typer.Option(help=teach("实施单位的编号或名称。"))] = None,
    nature: Annotated[str | None, typer.Option("--nature", "--kind", help=teach("项目性质。"))] = None,
    name: Annotated[str | None, typer.Option(help=teach("项目名称。"))] = None,
    identity: Annotated[
        str | None, typer.Option("--id", metavar="ID", help=teach("文件名，即网址末段。"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=teach("只显示，不写文件。"))] = False,
    force: Annotated[bool, typer.Option("--force", help=teach("替换已有的文件；不写就不动它。"))] = False,
) -> None:
    """Begin a declaration."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    desk = open_desk(project, replaces=force)
    if isinstance(desk, tuple):
        for line in report(desk, Format.TEXT, terminal.words):
            terminal.say(line)
        raise typer.Exit(PROBLEMS)
    given = (year, department, edition, unit, nature, name, identity)
    try:
        answers = _ask(desk, dict(zip(FIELDS, given, strict=True)), terminal)
    except typer.Abort as stopped:
        terminal.complain(message("中途停止：什么也没有写。"))
        raise typer.Exit(UNUSABLE) from stopped
    _place(desk, answers, terminal, project, is_dry=dry_run)


def _ask(desk: Desk, given: Mapping[str, str | None], terminal: Terminal) -> dict[str, str]:
    """Take what was given as options, and ask for the rest.

    Raises:
        typer.Exit: An option cannot be the answer.
        typer.Abort: The input ended.
    """
    answers: dict[str, str] = {}
    for field, option in given.items():
        if option is None:
            answers[field] = _answer(desk, field, answers, terminal)
            continue
        try:
            answers[field] = desk.read(field, option, answers)
        except Misread as misread:
            _complain(misread, terminal)
            raise typer.Exit(UNUSABLE) from misread
    return answers


def _answer(desk: Desk, field: str, answers: Mapping[str, str], terminal: Terminal) -> str:
    """Ask until there is an answer that can be one."""
    question = desk.question(field, answers)
    for choice, meaning in question.choices:
        terminal.prompt(f"    {choice}  {meaning}".rstrip())
    while True:
        typed = _typed(question, terminal)
        try:
            return desk.read(field, typed, answers)
        except Misread as misread:
            _complain(misread, terminal)


def _typed(question: Question, terminal: Terminal) -> str:
    # On standard error, so that `--dry-run` can be sent into a file; the library writes a blank elsewhere.
    with redirect_stdout(sys.stderr):
        typed = typer.prompt(
            one_line(question.asks.say(terminal.words)),
            default=question.proposal,
            show_default=bool(question.proposal),
            err=True,
        )
    return str(typed)


def _complain(misread: Misread, terminal: Terminal) -> None:
    for saying in (misread.saying, misread.hint):
        terminal.prompt(masked(saying.say(terminal.words)))


def _place(
    desk: Desk, answers: Mapping[str, str], terminal: Terminal, project: Path, *, is_dry: bool
) -> None:
    """Show the file, or put it in its place and say what is to be done next."""
    draft = desk.draft(answers)
    if is_dry:
        for line in draft.text.splitlines():
            terminal.say(one_line(line))
        return
    try:
        is_placed = desk.place(draft)
    except OSError as error:
        terminal.complain(told(error, project))
        raise typer.Exit(UNUSABLE) from error
    if not is_placed:
        terminal.complain(message("{file} 已经存在，没有动它；要替换请加 --force", file=draft.file))
        raise typer.Exit(PROBLEMS)
    terminal.say(message("写成 {file}", file=draft.file))
    terminal.say(message("请照申报表填写，再运行 jixiao check，按提示改到没有问题。"))
    if not desk.is_registered(draft):
        terminal.say(
            message("请在 content/addresses.yml 的 published 下加一行：{line}", line=f"- {draft.identity}")
        )
