"""The process of one target: libFuzzer ends the process in which it ran, so each target has its own.

Arguments: the name of the target, then those of libFuzzer.
"""

import importlib
import sys

from tests.fuzz.mutation import mutator
from tests.fuzz.targets import KNOWN


def main() -> None:
    """Instrument, then fuzz until libFuzzer ends the process."""
    name, *options = sys.argv[1:]
    # By name: atheris brings no types, and not every machine has it.
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["jixiao", "yaml"]):
        examine = KNOWN[name].examiner()
    # Looked up at each call, because atheris puts another function there when it begins.
    edit = mutator(lambda content, longest: bytes(atheris.Mutate(content, longest)))
    atheris.Setup([sys.argv[0], *options], examine, custom_mutator=edit)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
