"""Start of the process: errors of standard output, and translations of typer before it is imported."""

import gettext
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from babel.messages.mofile import write_mo

from jixiao.i18n import (
    SOURCE_LANGUAGE,
    THEME,
    BrokenWords,
    TranslationCatalogue,
    find_user_language,
    load_interface_catalogue,
    message,
    parse_program_po,
)
from jixiao.problems import escape_for_terminal


def replace_unencodable_characters() -> None:
    """Make standard output and error write `?` for characters they cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        set_stream_encoding(stream)


class OutputRefused(Exception):  # noqa: N818 - named for what it says
    """Standard output cannot be written, for example because the disk is full."""

    def __init__(self, reason: str) -> None:
        """Store the reason of the operating system."""
        super().__init__(reason)
        self.reason = reason


class _StandardOutput(TextIOWrapper):
    """Standard output with errors of its own, distinct from those of files that a command writes."""

    def write(self, text: str, /) -> int:
        with _raise_output_refused():
            return super().write(text)

    def flush(self) -> None:
        with _raise_output_refused():
            super().flush()


@contextmanager
def _raise_output_refused() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever reads has seen enough; the command-line library ends quietly.
        raise
    except OSError as error:
        raise OutputRefused(error.strerror or str(error)) from error


def wrap_standard_output() -> None:
    """Replace standard output by a stream that raises `OutputRefused` on write errors."""
    stream = sys.stdout
    if isinstance(stream, TextIOWrapper):
        encoding, errors, by_lines = stream.encoding, stream.errors, stream.line_buffering
        sys.stdout = _StandardOutput(stream.detach(), encoding, errors, line_buffering=by_lines)


def discard_pending_output() -> None:
    """Redirect standard output to nowhere, so that Python does not flush it again at exit."""
    with suppress(OSError), Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())


def can_encode_output(text: str) -> bool:
    """Return whether standard output can encode *text*."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def set_stream_encoding(stream: TextIO | None, encoding: str | None = None) -> None:
    """Make *stream* replace unencodable characters by `?`, and change its encoding if one is given.

    A process without a console has no streams, and a test may have replaced them by another kind.
    """
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="replace")


_EXIT_BROKEN_INSTALLATION = 2
_EXIT_OUTPUT_REFUSED = 1


def main() -> None:
    """Run the command line in the language of the user."""
    replace_unencodable_characters()
    wrap_standard_output()
    if not can_encode_output("汉"):
        # A row of question marks helps nobody, unless somebody has asked for this language.
        os.environ.setdefault("JIXIAO_LANGUAGE", "en")
    try:
        with _report_refused_output():
            _run_command_line()
    except BrokenWords as broken:
        place, reason = (
            escape_for_terminal(f"{broken.file}:{broken.line}"),
            escape_for_terminal(broken.reason),
        )
        chinese = TranslationCatalogue(language=SOURCE_LANGUAGE)
        for saying in (
            message("{place}: 程序的译文文件坏了：{reason}", place=place, reason=reason),
            message("    建议: 请从版本库或安装包恢复这个文件，或照其他 .po 文件改正这一行"),
        ):
            sys.stderr.write(f"{saying.translate(chinese)}\n")
        # The English words may be those that cannot be read, so these stand here.
        sys.stderr.write(
            f"{place}: a file of the program's words is broken: {reason}\n"
            "    hint: Restore the file from the repository or the package, or correct this line\n"
        )
        sys.exit(_EXIT_BROKEN_INSTALLATION)


@contextmanager
def _report_refused_output() -> Iterator[None]:
    """Exit with a message on standard error if standard output cannot be written."""
    try:
        yield
    except OutputRefused as refused:
        words = load_interface_catalogue(find_user_language(os.environ))
        saying = message("输出写不进去（标准输出）：{reason}", reason=refused.reason)
        with suppress(OSError):
            sys.stderr.write(f"{escape_for_terminal(saying.translate(words))}\n")
        discard_pending_output()
        sys.exit(_EXIT_OUTPUT_REFUSED)


def _run_command_line() -> None:
    with ExitStack() as until_the_end:
        if find_user_language(os.environ) == SOURCE_LANGUAGE:
            # On a full disk the help is English in part, which is better than no command at all.
            with suppress(OSError):
                _bind_library_translations(Path(until_the_end.enter_context(tempfile.TemporaryDirectory())))
        # The library looks up the words of its help ("Options", "Usage") while it is being imported.
        importlib.import_module("jixiao.cli.app").main()


def _bind_library_translations(folder: Path) -> None:
    """Load typer's Chinese messages through gettext."""
    words = parse_program_po(THEME / "words" / "library" / "zh.po", SOURCE_LANGUAGE)
    compiled = folder / SOURCE_LANGUAGE / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as stream:
        write_mo(stream, words)
    gettext.bindtextdomain("messages", str(folder))
    os.environ["LANGUAGE"] = SOURCE_LANGUAGE
