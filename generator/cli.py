"""The command line. It talks to people and decides the exit code; everything else is done by the pipeline.

Exit codes: 0 clean, 1 problems in the content, 2 wrong use or a broken installation.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text as ConsoleText

from generator import __version__, pipeline
from generator.importing import Order, Unusable, import_forms, told
from generator.problems import stops_publishing
from generator.report import Format, one_line, report, summary
from generator.site.failure import BuildFailure
from generator.site.serve import Announcer, rebuild_on_change, serving
from generator.words import THEME, Dictionary, Message, interface_words, language_of_user, message

PROBLEMS = 1
UNUSABLE = 2
_NO_ROOM = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件超过了允许的大小",
}
_REFUSED = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只能读，不能写",
    errno.ENOENT: "没有这个文件",
}
"""What an editor may meet and can do something about; the rest stays in the words of the system."""


class Language(StrEnum):
    """The languages of messages."""

    ZH = "zh"
    EN = "en"


USER_LANGUAGE = Language(language_of_user(os.environ))
_help = interface_words(USER_LANGUAGE).say

app = typer.Typer(
    name="jixiao",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=_help(
        "把财政项目支出绩效目标申报表做成公开网站：一个项目一个 YAML 文件，检查、生成页面、发布。\n\n"
        "常用：[bold]jixiao check[/] 检查内容；[bold]jixiao serve[/] 边改边看；"
        "[bold]jixiao build[/] 生成网站。"
    ),
)

Project = Annotated[
    Path,
    typer.Option(
        "--project",
        "-p",
        resolve_path=True,
        help=_help("项目文件夹，里面有 content/ 和 site_config.yml。"),
        show_default=_help("当前文件夹"),
    ),
]
Form = Annotated[
    Format,
    typer.Option(
        "--format", "-f", help=_help("问题的写法：text 给人看，json 给程序看，github 在合并请求的行上标注。")
    ),
]
Tongue = Annotated[Language, typer.Option("--language", "-l", help=_help("消息的语言。"))]


class Terminal:
    """Where a command speaks: results on standard output, progress and failures on standard error."""

    def __init__(self, language: Language) -> None:
        """Speak *language*."""
        self.words: Dictionary = interface_words(language)
        self._out = Console(soft_wrap=True, highlight=False)
        self._err = Console(soft_wrap=True, highlight=False, stderr=True)

    def say(self, line: str | Message) -> None:
        """Write one line of the result."""
        text = line.say(self.words) if isinstance(line, Message) else line
        self._out.print(ConsoleText(text))

    def complain(self, failure: Message, details: str = "") -> None:
        """Write what failed, and under it what the failing part said."""
        self._err.print(ConsoleText(one_line(failure.say(self.words)), style="bold red"))
        for line in details.splitlines():
            # After a bar, because a line that begins with `::`, blanks or not, is an order to the CI.
            self._err.print(ConsoleText(f"    | {one_line(line)}"))

    @contextmanager
    def progress(self) -> Iterator[pipeline.Progress]:
        """Show the step that is running, on a terminal; say nothing into a pipe."""
        if not self._err.is_terminal:
            yield lambda _step: None
            return
        with self._err.status("") as status:
            yield lambda step: status.update(step.say(self.words))


def _require_folder(project: Path, terminal: Terminal) -> None:
    if not project.is_dir():
        terminal.complain(message("没有这个文件夹：{path}", path=str(project)))
        raise typer.Exit(UNUSABLE)


def _report(checked: pipeline.Checked, form: Format, terminal: Terminal) -> None:
    for line in report(checked.problems, form, terminal.words):
        terminal.say(line)
    if form is Format.TEXT:
        terminal.say(summary(checked.problems, checked.read, terminal.words))


@app.command(help=_help("检查全部内容，列出每一处问题：文件、行、列、说明、建议。"))
def check(project: Project = Path(), form: Form = Format.TEXT, language: Tongue = USER_LANGUAGE) -> None:
    """Check the content."""
    terminal = Terminal(language)
    _require_folder(project, terminal)
    checked = pipeline.check(project)
    _report(checked, form, terminal)
    if stops_publishing(checked.problems):
        raise typer.Exit(PROBLEMS)


@app.command(help=_help("检查内容，生成整个网站到 build/site/。有错误就不发布，原来的网站不变。"))
def build(
    project: Project = Path(),
    form: Form = Format.TEXT,
    language: Tongue = USER_LANGUAGE,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://…",
            help=_help(
                "Dask 调度器的地址：由集群分担工作，要安装 jixiao\\[cluster]；不写就用本机的全部核心。"
            ),
        ),
    ] = None,
) -> None:
    """Build the site."""
    terminal = Terminal(language)
    _require_folder(project, terminal)
    if not _build(project, form, terminal, scheduler):
        raise typer.Exit(PROBLEMS)


def _build(project: Path, form: Format, terminal: Terminal, scheduler: str | None = None) -> bool:
    """Build once; tell whether there is a new site.

    Raises:
        typer.Exit: The installation, the disk or the engine failed.
    """
    try:
        with terminal.progress() as progress:
            built = pipeline.build(project, progress, scheduler)
    except BuildFailure as failure:
        terminal.complain(failure.saying, failure.details)
        for file, saying in failure.places:
            terminal.complain(message("{file}：{saying}", file=file, saying=saying))
        terminal.complain(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(UNUSABLE) from failure
    except OSError as error:
        terminal.complain(_told(error))
        terminal.complain(message("没有发布；原来的网站没有变。"))
        raise typer.Exit(UNUSABLE) from error
    _report(built.checked, form, terminal)
    if built.site is None:
        if form is Format.TEXT:
            terminal.say(message("没有发布：请先改正以上错误。原来的网站没有变。"))
        return False
    if form is Format.TEXT:
        terminal.say(
            message(
                "网站已建成，{pages} 页：{site}",
                pages=str(built.pages),
                site=os.path.relpath(built.site, Path.cwd()),
            )
        )
    return True


def _told(error: OSError) -> Message:
    """Say what the system refused, and for which file if it says so."""
    number = error.errno or 0
    if number in _NO_ROOM:
        # The file is left out: when a copy fails, the system names the one that was read.
        return message("写入失败：{reason}", reason=message(_NO_ROOM[number]))
    reason = message(_REFUSED[number]) if number in _REFUSED else error.strerror or str(error)
    if error.filename is None:
        return message("写入失败：{reason}", reason=reason)
    return message("无法读写 {path}：{reason}", path=os.fsdecode(error.filename), reason=reason)


@app.command(help=_help("在本机显示网站；保存文件后自动重建，打开的页面自动刷新。按 Ctrl+C 结束。"))
def serve(
    project: Project = Path(),
    port: Annotated[int, typer.Option(help=_help("端口；0 表示任意空闲端口。"), min=0, max=65535)] = 8000,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Serve the site and rebuild it after every change."""
    terminal = Terminal(language)
    _require_folder(project, terminal)
    announcer = Announcer()

    def rebuild() -> None:
        try:
            is_new = _build(project, Format.TEXT, terminal)
        except typer.Exit:
            return
        if is_new:
            announcer.announce()

    rebuild()
    try:
        with serving(project / "build" / "site", port, announcer) as address:
            terminal.say(
                message("在浏览器里打开 {address} ，保存文件后自动更新；按 Ctrl+C 结束。", address=address)
            )
            rebuild_on_change(project, THEME, rebuild, threading.Event())
    except OSError as error:
        terminal.complain(
            message("端口 {port} 无法使用：{reason}", port=str(port), reason=error.strerror or "")
        )
        raise typer.Exit(UNUSABLE) from error


@app.command(help=_help("核对已建成的网站：数字、文字、链接、清单，逐项与内容比对。"))
def verify(
    project: Project = Path(),
    site: Annotated[
        Path | None,
        typer.Option("--site", resolve_path=True, help=_help("网站文件夹；不写就是 build/site/。")),
    ] = None,
    language: Tongue = USER_LANGUAGE,
) -> None:
    """Verify a built site."""
    terminal = Terminal(language)
    _require_folder(project, terminal)
    folder = site or project / "build" / "site"
    _require_folder(folder, terminal)
    checked, findings = pipeline.verify(project, folder)
    if checked.config is None or stops_publishing(checked.problems):
        _report(checked, Format.TEXT, terminal)
        raise typer.Exit(PROBLEMS)
    for finding in findings:
        terminal.say(one_line(f"{finding.file}: {finding.saying.say(terminal.words)}"))
    if findings:
        raise typer.Exit(PROBLEMS)
    terminal.say(message("网站与内容相符。"))


@app.command(
    "import",
    help=_help(
        "读入收到的申报表，每份写成一个 YAML 文件；缺损之处提出读法，逐条列出在表上的位置，供人核对。\n\n"
        "申报表是文字文件（UTF-8），一行一行，各格之间用制表符隔开；一个文件里可以有几份。\n\n"
        "例如：[bold]jixiao import content/forms/declarations-2021.txt "
        "--to content/declarations/2021/shanghai-hrss[/]"
    ),
)
def import_(  # noqa: PLR0913 - typer makes an option of every parameter
    forms: Annotated[
        list[Path], typer.Argument(metavar="FORM…", help=_help("收到的申报表，一个或几个文件。"))
    ],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help=_help("写到哪个文件夹；没有就新建。"))],
    project: Project = Path(),
    identity: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="ID", help=_help("文件名，也就是网址的最后一段；只有一份申报表时可用。")
        ),
    ] = None,
    language: Tongue = USER_LANGUAGE,
    *,
    force: Annotated[bool, typer.Option("--force", help=_help("替换已有的文件；不写就不动它们。"))] = False,
) -> None:
    """Import forms."""
    terminal = Terminal(language)
    _require_folder(project, terminal)
    try:
        imported = import_forms(Order(forms=forms, project=project, folder=to, id=identity, replaces=force))
    except Unusable as wrong:
        terminal.complain(wrong.saying)
        raise typer.Exit(UNUSABLE) from wrong
    except OSError as error:
        terminal.complain(_told(error))
        terminal.complain(message("没有做完；没有写坏任何文件，改正以后请再运行一次。"))
        raise typer.Exit(UNUSABLE) from error
    for line in told(imported, terminal.words):
        terminal.say(line)
    if not imported.is_clean:
        raise typer.Exit(PROBLEMS)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the flag
    if wanted:
        Terminal(USER_LANGUAGE).say(f"jixiao {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help=_help("显示版本。"), callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    del version  # its callback has done the work


def main() -> None:
    """Run the command line."""
    app()
