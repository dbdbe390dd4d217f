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
    BrokenCatalogueError,
    TranslationCatalogue,
    find_user_language,
    message,
    parse_program_po,
)
from jixiao.problems import EXIT_PROBLEMS, EXIT_UNUSABLE, UserError, escape_for_terminal


def replace_unencodable_characters() -> None:
    """Make standard output and error write `?` for characters they cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        set_stream_encoding(stream)


class _StandardOutput(TextIOWrapper):
    """Standard output that raises a `UserError`, unlike the files that a command writes."""

    def write(self, text: str, /) -> int:
        with self._report_errors():
            return super().write(text)

    def flush(self) -> None:
        with self._report_errors():
            super().flush()

    @contextmanager
    def _report_errors(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            # Whoever reads has seen enough; the command-line library ends quietly.
            raise
        except OSError as error:
            # Python would fail again when it writes the rest at exit, so the rest goes nowhere.
            with suppress(OSError), Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), self.fileno())
            reason = error.strerror or str(error)
            raise UserError(
                message("输出写不进去（标准输出）：{reason}", reason=reason), exit_code=EXIT_PROBLEMS
            ) from error


def wrap_standard_output() -> None:
    """Replace standard output by a stream that raises a `UserError` if it cannot be written."""
    stream = sys.stdout
    if isinstance(stream, TextIOWrapper):
        encoding, errors, by_lines = stream.encoding, stream.errors, stream.line_buffering
        sys.stdout = _StandardOutput(stream.detach(), encoding, errors, line_buffering=by_lines)


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


def main() -> None:
    """Run the command line in the language of the user."""
    replace_unencodable_characters()
    wrap_standard_output()
    if not can_encode_output("汉"):
        # A row of question marks helps nobody, unless somebody has asked for this language.
        os.environ.setdefault("JIXIAO_LANGUAGE", "en")
    try:
        _run_command_line()
    except BrokenCatalogueError as broken:
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
        sys.exit(EXIT_UNUSABLE)


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
