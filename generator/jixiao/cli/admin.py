"""The command that makes the form for those who will never use git."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.commands.admin import Backend, CannotMake, Host, make_admin
from jixiao.i18n import message

app = typer.Typer()


@app.command(
    help=teach(
        "做一个网页表单，给不用 git 的人改申报表。\n\n"
        "表单用 Decap CMS，从 npm 取来。它不是公开网站的一部分：默认没有，要另外放到服务器上，"
        "例如 /admin/，见 deploy/README.md。\n\n"
        "例如：[bold]jixiao admin build/admin --backend github --repository finance/jixiao[/]"
    )
)
def admin(  # noqa: PLR0913 - typer makes an option of every parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=teach("表单写到这个文件夹。"))],
    *,
    backend: Annotated[
        Backend,
        typer.Option(metavar="NAME", help=teach("仓库在哪里：local（本机） github gitlab gitea。")),
    ] = Backend.LOCAL,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", help=teach("仓库。"))] = "",
    branch: Annotated[str, typer.Option(help=teach("分支。"))] = "main",
    server: Annotated[
        str, typer.Option(metavar="ADDRESS", help=teach("自己的 GitLab、Gitea 的网址；GitHub 的登录服务。"))
    ] = "",
    app_id: Annotated[str, typer.Option(metavar="ID", help=teach("在 GitLab、Gitea 登记的应用编号。"))] = "",
    project: Project = Path(),
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Make the form."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    host = Host(
        backend=backend, repository=repository, branch=branch, server=server.rstrip("/"), app_id=app_id
    )
    try:
        with terminal.progress() as progress:
            progress(message("取 Decap CMS"))
            make_admin(folder, project, host)
    except CannotMake as refused:
        terminal.complain(refused.saying, refused.details)
        raise typer.Exit(PROBLEMS) from refused
    except OSError as error:
        terminal.complain(told(error, folder))
        raise typer.Exit(UNUSABLE) from error
    terminal.say(message("表单写好了：{path}", path=str(folder)))
