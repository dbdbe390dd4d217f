"""Version of the program and of the libraries that build its pages."""

from __future__ import annotations

import typer

from jixiao import __version__
from jixiao.cli.terminal import USER_LANGUAGE, Terminal, translate_help

app = typer.Typer()

_SITE_LIBRARIES = ("mkdocs", "mkdocs-material", "pagefind")
"""Libraries that build the pages and their search; their versions affect the result."""


def print_versions() -> None:
    """Print the version of the program and of each of these libraries."""
    from jixiao.commands.doctor import find_installed_version  # noqa: PLC0415 - no other command has to wait for it

    terminal = Terminal(USER_LANGUAGE)
    terminal.print_line(f"jixiao {__version__}")
    for name in _SITE_LIBRARIES:
        terminal.print_line(f"{name} {find_installed_version(name)}")


@app.command(help=translate_help("显示版本。"))
def version() -> None:
    """Print the version of the program and of the libraries that build its pages."""
    print_versions()
