"""The command that shows the site on this machine while its content is edited."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.build import build_once
from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import UNUSABLE, USER_LANGUAGE, Language, Terminal, refusal, require_folder, teach
from jixiao.commands.serve import Announcer, changes, free_port, listen, serving
from jixiao.i18n import message
from jixiao.problems import Format
from jixiao.theme import OURS

app = typer.Typer()


@app.command(help=teach("在本机显示网站，保存文件后自动重建和刷新。\n\n按 Ctrl+C 结束。"))
def serve(
    project: Project = Path(),
    port: Annotated[int, typer.Option(help=teach("端口；0 表示任意空闲端口。"), min=0, max=65535)] = 8000,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Serve the site and rebuild it after every change."""
    terminal = Terminal(language)
    require_folder(project, terminal)
    try:
        sockets = listen(port)
    except OSError as error:
        terminal.complain(message("端口 {port} 无法使用：{reason}", port=str(port), reason=refusal(error)))
        terminal.complain(
            message("请换一个端口，例如：jixiao serve --port {port}", port=str(free_port(port)))
        )
        raise typer.Exit(UNUSABLE) from error
    announcer = Announcer()
    unbuilt = message("还没有网站：正在生成，或内容有错，请看终端。生成以后本页自动刷新。").say(
        terminal.words
    )
    address = message(
        "在浏览器里打开 {address} ，保存文件后自动更新；按 Ctrl+C 结束。",
        address=f"http://127.0.0.1:{sockets[0].getsockname()[1]}/",
    )
    is_shown = has_other_theme = False
    with serving(project / "build" / "site", sockets, announcer, unbuilt), suppress(KeyboardInterrupt):
        for is_theme in changes(project, (OURS, project / "theme"), threading.Event()):
            has_other_theme |= is_theme
            if _build_anew(project, language) if has_other_theme else _build(project, terminal):
                announcer.announce()
            if not is_shown:
                terminal.say(address)
            is_shown = True


def _build(project: Path, terminal: Terminal) -> bool:
    """Build; tell whether there is a new site."""
    try:
        return build_once(project, Format.TEXT, terminal)
    except typer.Exit:  # what stopped it was told; the next change may mend it
        return False


def _build_anew(project: Path, language: Language) -> bool:
    """Build by a process of its own, which reads the theme as it is now; tell whether there is a new site."""
    # -P: nothing in the folder that the command runs in is to be imported.
    ours = [sys.executable, "-P", "-m", "jixiao"]
    command = [*ours, "build", "--project", str(project), "--language", language]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - this very program
