"""Command that writes the admin form for clerks who do not use git."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.commands.admin import Backend, RepositoryHost, write_admin_form
from jixiao.i18n import message

app = typer.Typer()


@app.command(
    help=translate_help(
        "做一个网页表单，给不用 git 的人改申报表。\n\n"
        "表单用 Decap CMS，从 npm 取来。它不是公开网站的一部分：默认没有，要另外放到服务器上，"
        "例如 /admin/，见 deploy/README.md。\n\n"
        "例如：[bold]jixiao admin build/admin --backend github --repository finance/jixiao[/]"
    )
)
def admin(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=translate_help("表单写到这个文件夹。"))],
    *,
    backend: Annotated[
        Backend,
        typer.Option(metavar="NAME", help=translate_help("仓库在哪里：local（本机） github gitlab gitea。")),
    ] = Backend.LOCAL,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", help=translate_help("仓库。"))] = "",
    branch: Annotated[str, typer.Option(help=translate_help("分支。"))] = "main",
    server: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help=translate_help("自己的 GitLab、Gitea 的网址；GitHub 的登录服务。")
        ),
    ] = "",
    app_id: Annotated[
        str, typer.Option(metavar="ID", help=translate_help("在 GitLab、Gitea 登记的应用编号。"))
    ] = "",
    root: RootOption = Path(),
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Write the admin form."""
    terminal = Terminal(language)
    require_folder(root)
    host = RepositoryHost(
        backend=backend, repository=repository, branch=branch, server=server.rstrip("/"), app_id=app_id
    )
    with report_os_errors(folder), terminal.show_progress() as progress:
        progress(message("取 Decap CMS"))
        write_admin_form(folder, root, host)
    terminal.print_line(message("表单写好了：{path}", path=str(folder)))
