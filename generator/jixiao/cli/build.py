"""Command that checks the content and builds the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jixiao import pipeline
from jixiao.cli.check import print_problems
from jixiao.cli.options import LanguageOption, ProblemFormatOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, ProblemFormat, UserError

app = typer.Typer()


@app.command(help=translate_help("检查内容，生成整个网站到 build/site/。有错误就不发布，原来的网站不变。"))
def build(
    root: RootOption = Path(),
    output_format: ProblemFormatOption = ProblemFormat.TEXT,
    language: LanguageOption = USER_LANGUAGE,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://…",
            help=translate_help("调度器的地址，让 Dask 集群分担工作；需要 jixiao\\[cluster]。"),
        ),
    ] = None,
    *,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help=translate_help("设置要求的缺任何一项，就不发布。"),
        ),
    ] = False,
) -> None:
    """Build the site."""
    terminal = Terminal(language)
    require_folder(root)
    options = pipeline.BuildOptions(
        scheduler=scheduler, with_advice=output_format is not ProblemFormat.TEXT, is_complete=complete
    )
    built = build_site(root, terminal, options)
    if not print_build_result(built, output_format, terminal):
        raise typer.Exit(EXIT_PROBLEMS)


BUILD_WITHOUT_ADVICE = pipeline.BuildOptions(with_advice=False)


def build_site(
    root: Path, terminal: Terminal, options: pipeline.BuildOptions = BUILD_WITHOUT_ADVICE
) -> pipeline.BuildResult:
    """Build the site.

    Raises:
        UserError: The installation, the disk or the engine failed.
    """
    try:
        with report_os_errors(root / "build"), terminal.show_progress() as progress:
            built = pipeline.build(root, progress, options)
    except UserError as error:
        error.hint = message("没有发布；原来的网站没有变。")
        raise
    # As after a check.
    require_folder(root)
    return built


def print_build_result(built: pipeline.BuildResult, output_format: ProblemFormat, terminal: Terminal) -> bool:
    """Print the result of a build; return whether there is a new site."""
    print_problems(built.checked, output_format, terminal, with_advice=False)
    if built.site is None:
        if output_format is ProblemFormat.TEXT:
            terminal.print_line(message("没有发布：请先改正以上错误。原来的网站没有变。"))
        return False
    if output_format is ProblemFormat.TEXT:
        terminal.print_line(
            message(
                "网站已建成，{pages} 页：{site}",
                pages=str(built.pages),
                site=_find_relative_path(built.site),
            )
        )
        if not built.was_gapless:
            terminal.print_line(
                message(
                    "这个文件系统不能一步交换文件夹：刚才切换的一瞬间没有网站。"
                    "公众直接看 build/site/ 的，请改用 jixiao ci publish --to，那里切换的是链接。"
                )
            )
    return True


def _find_relative_path(path: Path) -> str:
    """Return *path* relative to the current folder, or unchanged if it is on another drive."""
    try:
        return os.path.relpath(path, Path.cwd())
    except ValueError:
        return os.fspath(path)
