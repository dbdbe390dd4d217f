"""Runs several commands in one process, because starting takes long; the argument is a JSON list of them.

A line with a bell and the name precedes the output of each, a line with its exit code follows it.
"""

import json
import sys
import traceback

from jixiao.__main__ import main

if __name__ == "__main__":
    for command in json.loads(sys.argv[1]):
        sys.argv = ["jixiao", *command]
        code: object = 0
        sys.stdout.write(f"\a{command[0]}\n")
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:  # noqa: BLE001 - whatever it is, the test has to see it
            code = traceback.format_exc()
        sys.stdout.write(f"\b{code}\n")
        sys.stdout.flush()
