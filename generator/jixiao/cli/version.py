"""Which version of the program, and of what builds its pages, is at work."""

from __future__ import annotations

from jixiao import __version__
from jixiao.cli.terminal import USER_LANGUAGE, Terminal

_ENGINES = ("mkdocs", "mkdocs-material", "pagefind")
"""What builds the pages and their search; which version does decides what they are."""


def print_versions() -> None:
    """Print a line for each."""
    from jixiao.commands.doctor import version_of  # noqa: PLC0415 - no other command has to wait for it

    terminal = Terminal(USER_LANGUAGE)
    terminal.say(f"jixiao {__version__}")
    for name in _ENGINES:
        terminal.say(f"{name} {version_of(name)}")
