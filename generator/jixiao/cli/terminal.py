"""Output of commands in the language of the user, and their exit codes."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from pathlib import Path

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text as ConsoleText

from jixiao.build.disk_space import describe_full_disk
from jixiao.cli.startup import set_stream_encoding
from jixiao.i18n import Message, TranslationCatalogue, find_user_language, load_interface_catalogue, message
from jixiao.pipeline import Progress
from jixiao.problems import UserError, escape_for_terminal

_OS_ERROR_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只能读，不能写",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EADDRINUSE: "已有程序在用",
}
"""Messages for errors that an editor can fix; others keep the text of the operating system."""


class MessageLanguage(StrEnum):
    """Language of messages."""

    ZH = "zh"
    EN = "en"


USER_LANGUAGE = MessageLanguage(find_user_language(os.environ))
translate_help = load_interface_catalogue(USER_LANGUAGE).translate
"""Function that translates a sentence of the help into the language of the user."""


class Terminal:
    """Output of a command, with results on standard output and progress and errors on standard error."""

    def __init__(self, language: MessageLanguage) -> None:
        """Print messages in *language*."""
        self.catalogue: TranslationCatalogue = load_interface_catalogue(language)
        self._out = Console(soft_wrap=True, highlight=False)
        self._err = Console(soft_wrap=True, highlight=False, stderr=True)

    def print_line(self, line: str | Message) -> None:
        """Print one line of the result."""
        text = line.translate(self.catalogue) if isinstance(line, Message) else line
        self._out.print(ConsoleText(text))

    def use_utf8(self) -> None:
        """Switch standard output to UTF-8, because a program reads it."""
        set_stream_encoding(sys.stdout, encoding="utf-8")

    def print_table(self, titles: Sequence[Message], rows: Iterable[Sequence[str]]) -> None:
        """Print a table with text in the first column and numbers in the others."""
        lines = [
            [title.translate(self.catalogue) for title in titles],
            *(list(map(escape_for_terminal, row)) for row in rows),
        ]
        widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
        for first, *figures in lines:
            blanks = [" " * (width - cell_len(cell)) for width, cell in zip(widths[1:], figures, strict=True)]
            cells = (f"{blank}{cell}" for blank, cell in zip(blanks, figures, strict=True))
            self.print_line("  ".join((set_cell_size(first, widths[0]), *cells)))

    def print_prompt(self, line: str) -> None:
        """Print one line to standard error, beside a question."""
        self._err.print(ConsoleText(escape_for_terminal(line)))

    def ask(self, question: Message, default: str | None) -> str:
        """Ask a question on standard error and return the answer, or *default* if it is empty.

        Without a default the question is repeated until there is an answer.

        Raises:
            UserError: The user interrupted the command, or the input ended.
        """
        try:
            # The library writes a blank to standard output, which may be sent into a file.
            with redirect_stdout(sys.stderr):
                answer = typer.prompt(
                    escape_for_terminal(question.translate(self.catalogue)),
                    default=default,
                    show_default=bool(default),
                    err=True,
                )
        except typer.Abort as abort:
            raise UserError(message("中途停止：什么也没有写。")) from abort
        return str(answer)

    def print_error(self, error: Message) -> None:
        """Print one line of an error to standard error."""
        self._err.print(ConsoleText(escape_for_terminal(error.translate(self.catalogue)), style="bold red"))

    def print_user_error(self, error: UserError) -> None:
        """Print all parts of an error to standard error."""
        self.print_error(error.message)
        details = error.details
        for line in (details if isinstance(details, str) else details.translate(self.catalogue)).splitlines():
            # After a bar, because CI takes a line that begins with `::`, blanks or not, as a command.
            self._err.print(ConsoleText(f"    | {escape_for_terminal(line)}"))
        for file, problem in error.places:
            self.print_error(message("{file}：{saying}", file=file, saying=problem))
        if error.hint is not None:
            self.print_error(error.hint)

    @contextmanager
    def show_progress(self) -> Iterator[Progress]:
        """Show the running step on a terminal, but not in a pipe."""
        if not self._err.is_terminal:
            yield lambda _step: None
            return
        with self._err.status("") as status:
            yield lambda step: status.update(step.translate(self.catalogue))


def require_folder(folder: Path) -> None:
    """Require that *folder* exists.

    Raises:
        UserError: It does not exist.
    """
    if not folder.is_dir():
        raise UserError(message("没有这个文件夹：{path}", path=str(folder)))


@contextmanager
def report_os_errors(folder: Path, hint: Message | None = None) -> Iterator[None]:
    """Turn an error of the operating system into a `UserError` with *hint*.

    Args:
        folder: Folder that the command writes in, whose disk may be full.
        hint: What the user can do, or what has stayed as it was.
    """
    try:
        yield
    except OSError as error:
        raise UserError(_describe_os_error(error, folder), hint=hint) from error


def _describe_os_error(error: OSError, folder: Path) -> Message:
    """Return the message for an error while files were read, or written in *folder*."""
    if error.errno == errno.EFBIG:
        return message("写入失败：{reason}", reason=message("文件超过了允许的大小"))
    if saying := describe_full_disk(error, folder):
        return saying
    reason = find_os_error_reason(error)
    if error.filename is None:
        return message("写入失败：{reason}", reason=reason)
    return message("无法读写 {path}：{reason}", path=os.fsdecode(error.filename), reason=reason)


def find_os_error_reason(error: OSError) -> Message | str:
    """Return the reason of an operating system error, in our words if an editor can fix it."""
    known = _OS_ERROR_REASONS.get(error.errno or 0)
    return message(known) if known else error.strerror or str(error)
