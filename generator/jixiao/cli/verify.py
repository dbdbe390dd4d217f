"""Command that compares the built site, or a deployed copy of it, with its content."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao import pipeline
from jixiao.cli.check import print_problems
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, require_folder, translate_help
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, ProblemFormat, UserError, escape_for_terminal, has_error
from jixiao.verify.bounded_download import UnreachableError
from jixiao.verify.deployed_copy import (
    TIMEOUT,
    NoAddressError,
    NoManifestError,
    compare_deployed_copy,
    is_address,
)

app = typer.Typer()


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
    require_folder(root)
    folder = site or root / "build" / "site"
    require_folder(folder)
    if against is not None:
        _verify_deployed_copy(folder, against, timeout, terminal)
        return
    checked, findings = pipeline.verify(root, folder)
    if checked.config is None or has_error(checked.problems):
        print_problems(checked, ProblemFormat.TEXT, terminal)
        raise typer.Exit(EXIT_PROBLEMS)
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.message.translate(terminal.catalogue)}")
        )
    if findings:
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("网站与内容相符。"))


def _verify_deployed_copy(site: Path, copy: str, timeout: float, terminal: Terminal) -> None:
    """Compare a deployed copy with the manifest of the site.

    Raises:
        typer.Exit: It differs.
        UserError: It cannot be read.
    """
    if not is_address(copy):
        require_folder(Path(copy))
    try:
        with terminal.show_progress() as progress:
            progress(message("核对部署的网站"))
            findings = list(compare_deployed_copy(site, copy, timeout))
    except NoManifestError as missing:
        raise UserError(message("没有清单，或清单读不出来")) from missing
    except NoAddressError as wrong:
        raise UserError(message("“{copy}”不是能用的网址", copy=copy)) from wrong
    except (UnreachableError, OSError) as error:
        raise UserError(message("读不到 {copy}：{reason}", copy=copy, reason=str(error))) from error
    for finding in findings:
        terminal.print_line(
            escape_for_terminal(f"{finding.file}: {finding.message.translate(terminal.catalogue)}")
        )
    if findings:
        raise typer.Exit(EXIT_PROBLEMS)
    terminal.print_line(message("部署的网站与清单相符。"))
