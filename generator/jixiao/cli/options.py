"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.terminal import Language, teach
from jixiao.problems import Format

Project = Annotated[
    Path,
    typer.Option(
        "--project",
        "-p",
        resolve_path=True,
        help=teach("项目文件夹，里面有 content/ 和 site_config.yml。"),
        show_default=teach("当前文件夹"),
    ),
]
Form = Annotated[
    Format,
    typer.Option(
        "--format", "-f", help=teach("问题的写法：text 给人看，json 给程序看，github 在合并请求的行上标注。")
    ),
]
Tongue = Annotated[Language, typer.Option("--language", "-l", help=teach("消息的语言。"))]
