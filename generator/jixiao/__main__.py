"""Entry point: activates the site's own theme before anything reads a theme, then starts the command line."""

import importlib
import os
import sys

from jixiao.theme import activate_site_theme


def main() -> None:
    """Activate the site's theme, then run the command line."""
    activate_site_theme(sys.argv[1:], os.environ)
    importlib.import_module("jixiao.cli.startup").main()


if __name__ == "__main__":
    main()
