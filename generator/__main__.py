"""Where the process begins: the words of the command-line library are set before it is loaded."""

import gettext
import importlib
import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from generator.words import SOURCE_LANGUAGE, THEME, language_of_user


def main() -> None:
    """Run the command line in the language of the user."""
    with ExitStack() as until_the_end:
        if language_of_user(os.environ) == SOURCE_LANGUAGE:
            # On a full disk the help is English in part, which is better than no command at all.
            with suppress(OSError):
                _bind_words_of_library(Path(until_the_end.enter_context(tempfile.TemporaryDirectory())))
        # The library looks up the words of its help ("Options", "Usage") while it is being imported.
        importlib.import_module("generator.cli").main()


def _bind_words_of_library(folder: Path) -> None:
    """Give typer its Chinese words, through gettext as it asks for them."""
    with (THEME / "words" / "library" / "zh.po").open("rb") as stream:
        words = read_po(stream, locale=SOURCE_LANGUAGE)
    compiled = folder / SOURCE_LANGUAGE / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as stream:
        write_mo(stream, words)
    gettext.bindtextdomain("messages", str(folder))
    os.environ["LANGUAGE"] = SOURCE_LANGUAGE


if __name__ == "__main__":
    main()
