"""The targets: what is examined with the bytes that the fuzzer thinks of."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """One entrance of the program that takes what people typed."""

    module: str
    """Imported only where it is run, after atheris is ready to instrument it and what it imports."""
    function: str
    """Takes bytes and raises where a property is broken."""
    longest: int
    """Bytes of the longest input."""

    def examiner(self) -> Callable[[bytes], None]:
        """Import the function."""
        function: Callable[[bytes], None] = getattr(importlib.import_module(self.module), self.function)
        return function


TARGETS: Mapping[str, Target] = {
    "loader": Target(module="tests.fuzz.loader", function="examine", longest=10_000),
    "money": Target(module="tests.fuzz.value_readers", function="examine_money", longest=64),
    "date": Target(module="tests.fuzz.value_readers", function="examine_date", longest=32),
    "target": Target(module="tests.fuzz.value_readers", function="examine_target", longest=128),
    "escaper": Target(module="tests.fuzz.escaper", function="examine", longest=512),
}
PLANTED = {"planted": Target(module="tests.fuzz.targets", function="notice", longest=16)}
"""Fails on purpose: a test holds that a campaign finds it and says so."""
KNOWN = {**TARGETS, **PLANTED}


def notice(content: bytes) -> None:
    """Refuse a full-width zero, which only the dictionary of tokens brings."""
    assert "０" not in content.decode("utf-8", "ignore")
