"""Where a command speaks, in which language, and what an exit code means."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text as ConsoleText

from jixiao.build.disk_space import no_room
from jixiao.i18n import Dictionary, Message, interface_words, language_of_user, message
from jixiao.output import set_encoding
from jixiao.pipeline import Progress
from jixiao.problems import one_line

PROBLEMS = 1
UNUSABLE = 2
_REFUSED = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只能读，不能写",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EADDRINUSE: "已有程序在用",
}
"""What an editor may meet and can do something about; the rest stays in the words of the system."""


class Language(StrEnum):
    """The languages of messages."""

    ZH = "zh"
    EN = "en"


USER_LANGUAGE = Language(language_of_user(os.environ))
teach = interface_words(USER_LANGUAGE).say
"""What a sentence of the help is in the language of the user."""


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

    def speak_to_programs(self) -> None:
        """Write results in UTF-8 from now on, whatever a terminal would take: a program reads them."""
        set_encoding(sys.stdout, encoding="utf-8")

    def table(self, titles: Sequence[Message], rows: Iterable[Sequence[str]]) -> None:
        """Write a table as a result: words in the first column, figures in the others."""
        lines = [[title.say(self.words) for title in titles], *(list(map(one_line, row)) for row in rows)]
        widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
        for first, *figures in lines:
            blanks = [" " * (width - cell_len(cell)) for width, cell in zip(widths[1:], figures, strict=True)]
            cells = (f"{blank}{cell}" for blank, cell in zip(blanks, figures, strict=True))
            self.say("  ".join((set_cell_size(first, widths[0]), *cells)))

    def prompt(self, line: str) -> None:
        """Write one line beside a question, where it does not mix with the result."""
        self._err.print(ConsoleText(one_line(line)))

    def complain(self, failure: Message, details: str = "") -> None:
        """Write what failed, and under it what the failing part said."""
        self._err.print(ConsoleText(one_line(failure.say(self.words)), style="bold red"))
        for line in details.splitlines():
            # After a bar, because a line that begins with `::`, blanks or not, is an order to the CI.
            self._err.print(ConsoleText(f"    | {one_line(line)}"))

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the step that is running, on a terminal; say nothing into a pipe."""
        if not self._err.is_terminal:
            yield lambda _step: None
            return
        with self._err.status("") as status:
            yield lambda step: status.update(step.say(self.words))


def require_folder(project: Path, terminal: Terminal) -> None:
    """Refuse to go on without the folder.

    Raises:
        typer.Exit: There is none.
    """
    if not project.is_dir():
        terminal.complain(message("没有这个文件夹：{path}", path=str(project)))
        raise typer.Exit(UNUSABLE)


def told(error: OSError, folder: Path) -> Message:
    """Return the message for a refusal of the system; *folder* is where the command writes."""
    if error.errno == errno.EFBIG:
        return message("写入失败：{reason}", reason=message("文件超过了允许的大小"))
    if saying := no_room(error, folder):
        return saying
    reason = refusal(error)
    if error.filename is None:
        return message("写入失败：{reason}", reason=reason)
    return message("无法读写 {path}：{reason}", path=os.fsdecode(error.filename), reason=reason)


def refusal(error: OSError) -> Message | str:
    """Say why the system refused: in our words what an editor may meet, in its own words the rest."""
    known = _REFUSED.get(error.errno or 0)
    return message(known) if known else error.strerror or str(error)
