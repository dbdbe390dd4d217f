"""What a process does first: the words of the command-line library are set before it is loaded."""

import gettext
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from babel.messages.mofile import write_mo

from jixiao.i18n import (
    SOURCE_LANGUAGE,
    THEME,
    BrokenWords,
    Dictionary,
    interface_words,
    language_of_user,
    message,
    read_catalogue,
)
from jixiao.output import (
    OutputRefused,
    can_show,
    drop_what_is_refused,
    name_failures_of_output,
    replace_what_cannot_be_shown,
)
from jixiao.problems import one_line

_BROKEN_INSTALLATION = 2
_CANNOT_SPEAK = 1


def main() -> None:
    """Run the command line in the language of the user."""
    replace_what_cannot_be_shown()
    name_failures_of_output()
    if not can_show("汉"):
        # A row of question marks helps nobody, unless somebody has asked for this language.
        os.environ.setdefault("JIXIAO_LANGUAGE", "en")
    try:
        with _refused_output_told():
            _run()
    except BrokenWords as broken:
        place, reason = one_line(f"{broken.file}:{broken.line}"), one_line(broken.reason)
        chinese = Dictionary(language=SOURCE_LANGUAGE)
        for saying in (
            message("{place}: 程序的译文文件坏了：{reason}", place=place, reason=reason),
            message("    建议: 请从版本库或安装包恢复这个文件，或照其他 .po 文件改正这一行"),
        ):
            sys.stderr.write(f"{saying.say(chinese)}\n")
        # The English words may be those that cannot be read, so these stand here.
        sys.stderr.write(
            f"{place}: a file of the program's words is broken: {reason}\n"
            "    hint: Restore the file from the repository or the package, or correct this line\n"
        )
        sys.exit(_BROKEN_INSTALLATION)


@contextmanager
def _refused_output_told() -> Iterator[None]:
    """End with a line on standard error where the standard output takes nothing."""
    try:
        yield
    except OutputRefused as refused:
        words = interface_words(language_of_user(os.environ))
        saying = message("输出写不进去（标准输出）：{reason}", reason=refused.reason)
        with suppress(OSError):
            sys.stderr.write(f"{one_line(saying.say(words))}\n")
        drop_what_is_refused()
        sys.exit(_CANNOT_SPEAK)


def _run() -> None:
    with ExitStack() as until_the_end:
        if language_of_user(os.environ) == SOURCE_LANGUAGE:
            # On a full disk the help is English in part, which is better than no command at all.
            with suppress(OSError):
                _bind_words_of_library(Path(until_the_end.enter_context(tempfile.TemporaryDirectory())))
        # The library looks up the words of its help ("Options", "Usage") while it is being imported.
        importlib.import_module("jixiao.cli").main()


def _bind_words_of_library(folder: Path) -> None:
    """Give typer its Chinese words, through gettext as it asks for them."""
    words = read_catalogue(THEME / "words" / "library" / "zh.po", SOURCE_LANGUAGE)
    compiled = folder / SOURCE_LANGUAGE / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as stream:
        write_mo(stream, words)
    gettext.bindtextdomain("messages", str(folder))
    os.environ["LANGUAGE"] = SOURCE_LANGUAGE
