"""Commands for translators: update the PO files, show their coverage.

The modules they use are imported when they are called, so that no other command waits for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jixiao.cli.app import TranslatedGroup
from jixiao.cli.options import LanguageOption, RootOption
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, report_os_errors, require_folder, translate_help
from jixiao.i18n import Message, message
from jixiao.problems import EXIT_PROBLEMS, ProblemFormat, format_problems

if TYPE_CHECKING:
    from jixiao.commands.translate import TranslationFolders, TranslationUpdate

app = typer.Typer()
translate = typer.Typer(
    cls=TranslatedGroup, help=translate_help("译文：把新的文字列进 .po 文件，看还有多少没有翻译。")
)
app.add_typer(translate, name="translate")


@translate.command(
    help=translate_help(
        "更新 content/translations/ 里的 .po 文件。\n\n"
        "加上新的文字；改过的文字带着原来的译文，标为草稿（fuzzy）；没有用处的译文留在文件末尾。"
        "译文和译者的说明一个字都不会丢；再运行一次，什么也不变。"
        "在程序自己的源码文件夹里，也更新 theme/words/。\n\n"
        "例如：[bold]jixiao translate update[/]，然后用 Poedit 打开 .po 文件翻译。"
    )
)
def update(root: RootOption = Path(), language: LanguageOption = USER_LANGUAGE) -> None:
    """Update the translation files."""
    from jixiao.commands.translate import update_translations as update_all  # noqa: PLC0415

    terminal = Terminal(language)
    shelves = _read_folders(root, terminal)
    with report_os_errors(root):
        updated = update_all(root, shelves)
    for one in updated:
        terminal.print_line(_describe_update(one))


def _read_folders(root: Path, terminal: Terminal) -> TranslationFolders:
    """Read all translation files and the texts to translate.

    Raises:
        UserError: The folder does not exist.
        typer.Exit: Something cannot be read.
    """
    from jixiao.commands.translate import read_translation_folders  # noqa: PLC0415

    require_folder(root)
    shelves = read_translation_folders(root)
    if shelves.problems:
        for line in format_problems(shelves.problems, ProblemFormat.TEXT, terminal.catalogue):
            terminal.print_line(line)
        terminal.print_line(message("没有动译文：请先改正以上错误。"))
        raise typer.Exit(EXIT_PROBLEMS)
    return shelves


def _describe_update(update: TranslationUpdate) -> Message:
    shelf, refreshed = update.folder, update.result
    if not refreshed.texts:
        return message("{folder}：没有变化", folder=shelf.path)
    return message(
        "{folder}：写了 {files}；新的文字 {new} 段，其中 {drafts} 段带有草稿；不再使用 {obsolete} 段",
        folder=shelf.path,
        files=tuple(sorted(refreshed.texts)),
        new=str(refreshed.new),
        drafts=str(refreshed.drafts),
        obsolete=str(refreshed.obsolete),
    )


@translate.command(
    help=translate_help(
        "逐个文件列出：有几段文字，已译、草稿、未译各几段。\n\n例如：[bold]jixiao translate status[/]"
    )
)
def status(root: RootOption = Path(), language: LanguageOption = USER_LANGUAGE) -> None:
    """Print the translated share of each file."""
    from jixiao.commands.translate import measure_coverage as status_of  # noqa: PLC0415

    terminal = Terminal(language)
    shelves = _read_folders(root, terminal)
    titles = ("文件", "段数", "已译", "草稿", "未译", "覆盖", "不再使用")
    rows = []
    for shelf, covered in status_of(shelves):
        file = covered.file or message("（还不在文件里）").translate(terminal.catalogue)
        share = f"{100 * covered.translated // covered.texts}%" if covered.texts else "–"
        counts = (covered.texts, covered.translated, covered.drafts, covered.missing, share, covered.obsolete)
        rows.append((f"{shelf.path}/{file}", *map(str, counts)))
    terminal.print_table(tuple(map(message, titles)), rows)
