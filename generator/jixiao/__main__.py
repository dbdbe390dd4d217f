"""Where the process begins: the theme of the site is laid over ours before anything reads a theme."""

import importlib
import os
import sys

from jixiao.theme import lay_over


def main() -> None:
    """Run the command line."""
    lay_over(sys.argv[1:], os.environ)
    importlib.import_module("jixiao.cli.startup").main()


if __name__ == "__main__":
    main()
