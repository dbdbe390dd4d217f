"""Command that serves the site on this machine and rebuilds it after every change."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli.build import build_site, print_build_result
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import (
    USER_LANGUAGE,
    MessageLanguage,
    Terminal,
    find_os_error_reason,
    require_folder,
    translate_help,
)
from jixiao.commands.serve import ReloadAnnouncer, find_free_port, listen, serve_site, watch_changes
from jixiao.i18n import message
from jixiao.problems import ProblemFormat, UserError
from jixiao.theme import PACKAGE_THEME

app = typer.Typer()


@app.command(help=translate_help("在本机显示网站，保存文件后自动重建和刷新。\n\n按 Ctrl+C 结束。"))
def serve(
    root: RootOption = Path(),
    port: Annotated[
        int, typer.Option(help=translate_help("端口；0 表示任意空闲端口。"), min=0, max=65535)
    ] = 8000,
    language: LanguageOption = USER_LANGUAGE,
) -> None:
    """Serve the site and rebuild it after every change."""
    terminal = Terminal(language)
    require_folder(root)
    try:
        sockets = listen(port)
    except OSError as error:
        raise UserError(
            message("端口 {port} 无法使用：{reason}", port=str(port), reason=find_os_error_reason(error)),
            hint=message("请换一个端口，例如：jixiao serve --port {port}", port=str(find_free_port(port))),
        ) from error
    announcer = ReloadAnnouncer()
    unbuilt = message("还没有网站：正在生成，或内容有错，请看终端。生成以后本页自动刷新。").translate(
        terminal.catalogue
    )
    address = message(
        "在浏览器里打开 {address} ，保存文件后自动更新；按 Ctrl+C 结束。",
        address=f"http://127.0.0.1:{sockets[0].getsockname()[1]}/",
    )
    is_shown = has_other_theme = False
    with serve_site(root / "build" / "site", sockets, announcer, unbuilt), suppress(KeyboardInterrupt):
        for is_theme in watch_changes(root, (PACKAGE_THEME, root / "theme"), threading.Event()):
            has_other_theme |= is_theme
            if _rebuild_in_new_process(root, language) if has_other_theme else _rebuild(root, terminal):
                announcer.announce()
            if not is_shown:
                terminal.print_line(address)
            is_shown = True


def _rebuild(root: Path, terminal: Terminal) -> bool:
    """Build the site; return whether there is a new one."""
    try:
        built = build_site(root, terminal)
    except UserError as error:
        # The next change may mend it.
        terminal.print_user_error(error)
        return False
    return print_build_result(built, ProblemFormat.TEXT, terminal)


def _rebuild_in_new_process(root: Path, language: MessageLanguage) -> bool:
    """Build in a new process, which reads the current theme; return whether there is a new site."""
    # -P: nothing in the folder that the command runs in is to be imported.
    ours = [sys.executable, "-P", "-m", "jixiao"]
    command = [*ours, "build", "--project", str(root), "--language", language]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - this very program
