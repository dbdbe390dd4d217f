"""The commands for translators.

What they call is loaded when they are called: no other command has to wait for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jixiao.cli.app import TaughtGroup
from jixiao.cli.options import Project, Tongue
from jixiao.cli.terminal import PROBLEMS, UNUSABLE, USER_LANGUAGE, Terminal, require_folder, teach, told
from jixiao.i18n import Message, message
from jixiao.problems import Format, report

if TYPE_CHECKING:
    from jixiao.commands.translate import Shelves, Updated

app = typer.Typer()
translate = typer.Typer(cls=TaughtGroup, help=teach("译文：把新的文字列进 .po 文件，看还有多少没有翻译。"))
app.add_typer(translate, name="translate")


@translate.command(
    help=teach(
        "更新 content/translations/ 里的 .po 文件。\n\n"
        "加上新的文字；改过的文字带着原来的译文，标为草稿（fuzzy）；没有用处的译文留在文件末尾。"
        "译文和译者的说明一个字都不会丢；再运行一次，什么也不变。"
        "在程序自己的源码文件夹里，也更新 theme/words/。\n\n"
        "例如：[bold]jixiao translate update[/]，然后用 Poedit 打开 .po 文件翻译。"
    )
)
def update(project: Project = Path(), language: Tongue = USER_LANGUAGE) -> None:
    """Refresh the translation files."""
    from jixiao.commands.translate import update as update_all  # noqa: PLC0415

    terminal = Terminal(language)
    shelves = _shelves(project, terminal)
    try:
        updated = update_all(project, shelves)
    except OSError as error:
        terminal.complain(told(error, project))
        raise typer.Exit(UNUSABLE) from error
    for one in updated:
        terminal.say(_outcome(one))


def _shelves(project: Path, terminal: Terminal) -> Shelves:
    """Read all translations.

    Raises:
        typer.Exit: Something cannot be read.
    """
    from jixiao.commands.translate import translations  # noqa: PLC0415

    require_folder(project, terminal)
    shelves = translations(project)
    if shelves.problems:
        for line in report(shelves.problems, Format.TEXT, terminal.words):
            terminal.say(line)
        terminal.say(message("没有动译文：请先改正以上错误。"))
        raise typer.Exit(PROBLEMS)
    return shelves


def _outcome(updated: Updated) -> Message:
    shelf, refreshed = updated.shelf, updated.refreshed
    if not refreshed.texts:
        return message("{folder}：没有变化", folder=shelf.folder)
    return message(
        "{folder}：写了 {files}；新的文字 {new} 段，其中 {drafts} 段带有草稿；不再使用 {obsolete} 段",
        folder=shelf.folder,
        files=tuple(sorted(refreshed.texts)),
        new=str(refreshed.new),
        drafts=str(refreshed.drafts),
        obsolete=str(refreshed.obsolete),
    )


@translate.command(
    help=teach("逐个文件列出：有几段文字，已译、草稿、未译各几段。\n\n例如：[bold]jixiao translate status[/]")
)
def status(project: Project = Path(), language: Tongue = USER_LANGUAGE) -> None:
    """Show how much is translated."""
    from jixiao.commands.translate import status as status_of  # noqa: PLC0415

    terminal = Terminal(language)
    shelves = _shelves(project, terminal)
    titles = ("文件", "段数", "已译", "草稿", "未译", "覆盖", "不再使用")
    rows = []
    for shelf, covered in status_of(shelves):
        file = covered.file or message("（还不在文件里）").say(terminal.words)
        share = f"{100 * covered.translated // covered.texts}%" if covered.texts else "–"
        counts = (covered.texts, covered.translated, covered.drafts, covered.missing, share, covered.obsolete)
        rows.append((f"{shelf.folder}/{file}", *map(str, counts)))
    terminal.table(tuple(map(message, titles)), rows)
