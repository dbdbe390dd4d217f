"""The numbered list of bad inputs: every number names examples or tests that exist."""

import re

from tests.conftest import ROOT
from tests.support.sample_projects import EXAMPLES

NUMBERS = range(1, 129)
_ROW = re.compile(r"^\| (?P<number>\d+) \| [^|]+ \| (?P<where>[^|]+) \|$", re.MULTILINE)


def test_every_number_of_the_list_names_an_example_or_a_test() -> None:
    tests = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    rows = {
        int(row["number"]): re.findall(r"`([^`]+)`", row["where"])
        for row in _ROW.finditer((EXAMPLES / "broken/README.md").read_text("utf-8"))
    }
    nowhere = [
        name
        for names in rows.values()
        for name in names
        if name not in tests and not (EXAMPLES / name).is_file()
    ]

    assert list(rows) == list(NUMBERS)
    assert [number for number, names in rows.items() if not names] == []
    assert not nowhere, f"tests/examples/broken/README.md names what is no example and no test: {nowhere}"
