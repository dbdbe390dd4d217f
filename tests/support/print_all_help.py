"""Prints the help of every command named on the command line, in one process, because starting takes long."""

import sys
from contextlib import suppress

from jixiao.__main__ import main

if __name__ == "__main__":
    for command in sys.argv[1:]:
        sys.argv = ["jixiao", *command.split(), "--help"]
        with suppress(SystemExit):
            main()
