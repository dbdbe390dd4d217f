"""What fuzzing begins with: everything the other tests know."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.tokens import TOKENS
from tests.support.injection_payloads import PAYLOADS
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, SMALL_SITE

_LONGEST = 10_000
_ROOT = EXAMPLES.parent.parent
_VALUE = re.compile(r"^ *(?:- )?(?P<field>[a-z_]+):[ \t]+[\"']?(?P<value>\S.*?)[\"']?[ \t]*$", re.MULTILINE)
_FIELDS = {
    "money": {"total", "fiscal", "appropriation", "carryover", "other"},
    "date": {"start", "end", "year"},
    "target": {"target"},
    "escaper": {"name", "overall", "annual", "note", "target"},
}


def write_seeds(target: str, folder: Path) -> None:
    """Write each seed of *target* as a file of *folder*."""
    folder.mkdir(parents=True)
    for number, seed in enumerate(dict.fromkeys(_seeds(target))):
        (folder / f"{number:04}").write_bytes(seed)


def write_dictionary(file: Path) -> None:
    """Write the tokens in the format of libFuzzer: one a line, every byte by its number."""
    lines = ("".join(f"\\x{byte:02X}" for byte in token.encode()) for token in TOKENS)
    file.write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")


def _seeds(target: str) -> Iterator[bytes]:
    files = [content for file in _files() if len(content := file.read_bytes()) <= _LONGEST]
    if target == "loader":
        yield from files
        return
    wanted = _FIELDS.get(target, set())
    for content in files:
        for found in _VALUE.finditer(content.decode("utf-8", "ignore")):
            if found["field"] in wanted:
                yield found["value"].encode()
    if target == "escaper":
        yield from (payload.encode() for payload in PAYLOADS)


def _files() -> Iterator[Path]:
    yield SMALL_SITE / CLINIC_PATH
    for folder in (EXAMPLES / "sound", EXAMPLES / "broken", _ROOT / "content" / "declarations"):
        yield from sorted(folder.rglob("*.yml"))
