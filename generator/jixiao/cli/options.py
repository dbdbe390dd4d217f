"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.terminal import MessageLanguage, translate_help
from jixiao.problems import ProblemFormat

RootOption = Annotated[
    Path,
    typer.Option(
        "--project",
        "-p",
        resolve_path=True,
        help=translate_help("项目文件夹，里面有 content/ 和 site_config.yml。"),
        show_default=translate_help("当前文件夹"),
    ),
]
ProblemFormatOption = Annotated[
    ProblemFormat,
    typer.Option(
        "--format",
        "-f",
        help=translate_help("问题的写法：text 给人看，json 给程序看，github 在合并请求的行上标注。"),
    ),
]


def _remember_language(context: typer.Context, language: MessageLanguage) -> MessageLanguage:
    """Keep the language of the command for the place that prints its `UserError`."""
    context.ensure_object(dict)["language"] = language
    return language


LanguageOption = Annotated[
    MessageLanguage,
    typer.Option("--language", "-l", help=translate_help("消息的语言。"), callback=_remember_language),
]
