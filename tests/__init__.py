"""The tests: they call the program as its users do, some thousand times.

Where Python is told to keep nothing compiled, as containers often do, each of these runs would compile the
program and its templates anew, which takes twice as long as a build of a small site.
"""

import os

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
