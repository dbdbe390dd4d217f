"""Compiled templates, kept where Python keeps its compiled modules: the next process is spared the work.

They are the program's own, like `__pycache__`: nothing of a project or of `build/` is ever run.
"""

import hashlib
import importlib.util
import pickle
import sys
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from jixiao.program import program_digest


class _BesideTheProgram(FileSystemBytecodeCache):
    """Keeps what it can; where the program may not be written to, each process compiles for itself."""

    def __init__(self, folder: Path) -> None:
        """Keep them in *folder*."""
        super().__init__(str(folder), "template-%s.jinja")
        self._program = program_digest()

    def get_source_checksum(self, source: str) -> str:
        """Tell templates apart also by the program: compiling works out what filters make of constants."""
        return hashlib.sha256(f"{self._program}\0{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a compiled template; what a power cut has torn is compiled again."""
        try:
            super().load_bytecode(bucket)
        except (EOFError, OSError, TypeError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, unless the disk refuses."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates() -> BytecodeCache | None:
    """Give the place of compiled templates; `None` where Python keeps nothing compiled either."""
    folder = Path(importlib.util.cache_from_source(__file__)).parent
    if sys.dont_write_bytecode or not folder.is_dir():
        return None
    return _BesideTheProgram(folder)
