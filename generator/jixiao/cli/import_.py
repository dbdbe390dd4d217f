"""Command that imports received forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.import_ import ImportRequest, describe_import, import_forms
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS

app = typer.Typer()


@app.command(
    "import",
    help=translate_help(
        "读入收到的申报表，每份写成一个 YAML 文件；缺损之处提出读法，逐条列出在表上的位置，供人核对。\n\n"
        "申报表可以是 Word（.docx）、Excel（.xlsx）、有文字的 PDF，或文字文件（UTF-8，一行一行，"
        "各格之间用制表符隔开）；一个文件里可以有几份。\n\n"
        "例如：[bold]jixiao import content/forms/declarations-2021.txt "
        "--to content/declarations/2021/shanghai-hrss[/]"
    ),
)
def import_(  # noqa: PLR0913 - typer makes an option of every parameter
    forms: Annotated[
        list[Path], typer.Argument(metavar="FORM…", help=translate_help("收到的申报表，一个或几个文件。"))
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help=translate_help("写到哪个文件夹；没有就新建。"))
    ],
    root: RootOption = Path(),
    identity: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help=translate_help("文件名，即网址末段；只用于单份申报表。")),
    ] = None,
    language: LanguageOption = USER_LANGUAGE,
    *,
    force: Annotated[
        bool, typer.Option("--force", help=translate_help("替换已有的文件；不写就不动它们。"))
    ] = False,
) -> None:
    """Import received forms."""
    terminal = Terminal(language)
    require_folder(root)
    with report_os_errors(to, message("没有做完；没有写坏任何文件，改正以后请再运行一次。")):
        imported = import_forms(ImportRequest(forms=forms, root=root, folder=to, id=identity, replaces=force))
    for line in describe_import(imported, terminal.catalogue):
        terminal.print_line(line)
    if not imported.is_clean:
        raise typer.Exit(EXIT_PROBLEMS)
