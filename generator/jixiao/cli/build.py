"""Command that checks the content and builds the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from jixiao import pipeline
from jixiao.cli.options import LanguageOption, ProblemFormatOption, RootOption
from jixiao.cli.terminal import (
    EXIT_PROBLEMS,
    EXIT_UNUSABLE,
    USER_LANGUAGE,
    Terminal,
    describe_os_error,
    require_folder,
    translate_help,
)
from jixiao.i18n import message
from jixiao.other_engines import EngineName, render_with
from jixiao.problems import (
    ProblemFormat,
    escape_for_terminal,
    format_check_summary,
    format_problems,
    has_error,
    is_advice,
)
from jixiao.site.build_failure import BuildFailure
from jixiao.verify.deployed import TIMEOUT, NoAddress, NoManifest, compare_deployed, is_address
from jixiao.verify.download import Unreachable

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
    require_folder(root, terminal)
    checked = pipeline.check(root)
    # Somebody may have removed it meanwhile, which is not what is wrong with the content.
    require_folder(root, terminal)
    print_problems(checked, output_format, terminal)
    if has_error(checked.problems):
        raise typer.Exit(EXIT_PROBLEMS)


@app.command(help=translate_help("检查内容，生成整个网站到 build/site/。有错误就不发布，原来的网站不变。"))
def build(  # noqa: PLR0913 - typer makes an option of every parameter
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
    engine: Annotated[
        EngineName,
        typer.Option(
            metavar="NAME",
            help=translate_help(
                "试验：建成以后，再用 zensical 或 properdocs 把同样的页面生成到 build/ 里，供比较。"
            ),
        ),
    ] = EngineName.MKDOCS,
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
    require_folder(root, terminal)
    order = pipeline.BuildOrder(
        scheduler=scheduler, with_advice=output_format is not ProblemFormat.TEXT, is_complete=complete
    )
    if not build_and_report(root, output_format, terminal, order):
        raise typer.Exit(EXIT_PROBLEMS)
    if engine is not EngineName.MKDOCS:
        _render_with_engine(engine, root, terminal)


def _render_with_engine(engine: EngineName, root: Path, terminal: Terminal) -> None:
    """Render the pages again with another engine.

    Raises:
        typer.Exit: The engine is missing or failed.
    """
    try:
        with terminal.show_progress() as progress:
            site = render_with(engine, root, progress)
    except BuildFailure as failure:
        terminal.print_error(failure.message, failure.details)
        raise typer.Exit(EXIT_UNUSABLE) from failure
    except OSError as error:
        terminal.print_error(describe_os_error(error, root / "build"))
        raise typer.Exit(EXIT_UNUSABLE) from error
    terminal.print_line(
        message("另用 {engine} 生成的页面（试验，不发布）：{site}", engine=engine, site=str(site))
    )


BUILD_WITHOUT_ADVICE = pipeline.BuildOrder(with_advice=False)


def build_and_report(
    root: Path,
    output_format: ProblemFormat,
    terminal: Terminal,
    options: pipeline.BuildOrder = BUILD_WITHOUT_ADVICE,
) -> bool:
    """Build the site and print the result; return whether there is a new site.

    Raises:
        typer.Exit: The installation, the disk or the engine failed.
    """
    try:
        with terminal.show_progress() as progress:
            built = pipeline.build(root, progress, options)
    except BuildFailure as failure:
        terminal.print_error(failure.message, failure.details)
        for file, saying in failure.places:
            terminal.print_error(message("{file}：{saying}", file=file, saying=saying))
        terminal.print_error(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(EXIT_UNUSABLE) from failure
    except OSError as error:
        terminal.print_error(describe_os_error(error, root / "build"))
        terminal.print_error(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(EXIT_UNUSABLE) from error
    # As after a check.
    require_folder(root, terminal)
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


@app.command(help=translate_help("核对已建成的网站：数字、文字、链接、清单，逐项与内容比对。"))
def verify(
    root: RootOption = Path(),
    site: Annotated[
        Path | None,
        typer.Option("--site", resolve_path=True, help=translate_help("网站文件夹；不写就是 build/site/。")),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="URL|DIR",
            help=translate_help("与部署好的网站（网址或文件夹）比对。"),
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", help=translate_help("等服务器一个回答的秒数。"), min=0.1),
    ] = TIMEOUT,
    *,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Verify a built site, or a deployed copy of it."""
    terminal = Terminal(language)
    require_folder(root, terminal)
    folder = site or root / "build" / "site"
    require_folder(folder, terminal)
    if against is not None:
        _verify_deployed_copy(folder, against, timeout, terminal)
        return
    checked, findings = pipeline.verify(root, folder)
    if checked.config is None or has_error(checked.problems):
        print_problems(checked, ProblemFormat.TEXT, terminal)
        raise typer.Exit(EXIT_PROBLEMS)
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.saying.translate(terminal.catalogue)}")
        )
    if findings:
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("网站与内容相符。"))


def _verify_deployed_copy(site: Path, copy: str, timeout: float, terminal: Terminal) -> None:
    """Compare a deployed copy with the manifest of the site.

    Raises:
        typer.Exit: It differs, or cannot be read.
    """
    if not is_address(copy):
        require_folder(Path(copy), terminal)
    try:
        with terminal.show_progress() as progress:
            progress(message("核对部署的网站"))
            findings = list(compare_deployed(site, copy, timeout))
    except NoManifest as missing:
        terminal.print_error(message("没有清单，或清单读不出来"))
        raise typer.Exit(EXIT_UNUSABLE) from missing
    except NoAddress as wrong:
        terminal.print_error(message("“{copy}”不是能用的网址", copy=copy))
        raise typer.Exit(EXIT_UNUSABLE) from wrong
    except (Unreachable, OSError) as error:
        terminal.print_error(message("读不到 {copy}：{reason}", copy=copy, reason=str(error)))
        raise typer.Exit(EXIT_UNUSABLE) from error
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.saying.translate(terminal.catalogue)}")
        )
    if findings:
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("部署的网站与清单相符。"))
