"""Fifty declarations with the slips of a clerk are mended from what `jixiao check` prints alone.

The clerk of this test knows no YAML. The words say what to change at their line and column; where they say
that a figure, a word or a day is to be checked, the clerk looks at the form: the line as it was meant.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.problems import ProblemFormat, Severity, format_problems
from tests.support.clerk_slips import BrokenDeclaration, broken_declarations, write_project
from tests.support.sample_projects import check_project

FIFTY = tuple(broken_declarations())
PROBLEM = re.compile(
    r"^[^:]+:(?P<line>[0-9]+):(?P<column>[0-9]+): (?:错误|提醒): (?P<said>.*) \[(?P<rule>[a-z0-9-]+)\]\n"
    r"(?:    建议: (?P<hint>.*)\n)?",
    re.MULTILINE,
)
PROPOSED = re.compile(r"是不是“([^”]+)”|请写成 (\S+)|属于“([^”]+)”")
FOLDER = re.compile(r"文件却在 (\S+) 文件夹里")
WRONG = re.compile(r"“([^”]+)”|：(\S+)$")
ADDED = re.compile(r'["“”@*]|项目: |1 # ')
ROUNDS = 5
"""How often a clerk runs the check: three slips may hide one another, and the last round finds nothing."""


@dataclass(frozen=True)
class PrintedProblem:
    """One problem as it is printed."""

    line: int
    column: int
    said: str
    hint: str

    def proposal(self) -> str:
        """What the hint proposes."""
        found = PROPOSED.search(self.hint) or PROPOSED.search(self.said)
        assert found, self.hint
        return found[1] or found[2] or found[3]


Mender = Callable[[str, PrintedProblem], str]
"""Gives the line as the words say that it should be."""


def _value_in_quotes(line: str, _: PrintedProblem) -> str:
    found = re.match(r"( *(?:- )?\w+: *)(.*)$", line)
    assert found, line
    field, value = found.groups()
    without = re.sub("[\"'“”]", "", value)
    return f'{field}"{without}"'


def _instead(new: str) -> Mender:
    """Replace the character at the column with *new*."""
    return lambda line, told: f"{line[: told.column - 1]}{new}{line[told.column :]}"


def _insert_proposal(line: str, told: PrintedProblem) -> str:
    """Replace the word that the message quotes with the one that the hint proposes."""
    found = re.search(r"没有“([^”]+)”", told.said) or WRONG.search(told.said)
    assert found
    wrong = next(filter(None, found.groups()))
    # Two rules may name the same word, and then it is mended already.
    return line.replace(wrong, told.proposal(), 1)


def _blank_behind_colon(line: str, told: PrintedProblem) -> str:
    at = line.index(":", max(told.column - 2, 0))
    return f"{line[: at + 1]} {line[at + 1 :]}"


MENDERS: dict[str, Mender] = {
    "full-width-colon": _instead(": "),
    "no-space-after-colon": _blank_behind_colon,
    "odd-blank": _instead(" "),
    "forbidden-character": _instead(""),
    "wrong-dash": _instead("-"),
    "no-space-after-dash": lambda line, _: line.replace("-", "- ", 1),
    "tab-for-indent": lambda line, _: line.replace("\t", "  "),
    "unquoted-value": _value_in_quotes,
    "curly-quotes": _value_in_quotes,
    "text-after-quote": _value_in_quotes,
    "unknown-field": _insert_proposal,
    "unknown-value": lambda line, _: line.replace("，", ", "),
    "address-differs-from-file": lambda line, told: (
        f"{line.partition(':')[0]}: {FOLDER.findall(told.said)[0]}"
    ),
    "nature-not-in-edition": _insert_proposal,
    "class-not-in-edition": _insert_proposal,
    "organisation-unknown": _insert_proposal,
    "date-format": _insert_proposal,
    "id-format": lambda line, _: line.lower().replace("training ", "training-"),
    "unclosed-bracket": lambda line, _: f"{line}]",
    "year-format": lambda line, _: line.replace("年", ""),
}
LOOKED_UP = {
    "percentage-over-100",
    "target-two-operators",
    "date-not-in-calendar",
    "comment-cuts-text",
    "period-contradicts",
    "unclosed-quote",
    "comparison-without-number",
}
"""Rules whose words send the clerk to the form."""
REMOVED = {"merge-conflict", "repeated-field"}
"""Rules whose words say that a line is to be deleted."""


class Clerk:
    """Mends a file line by line, from printed words."""

    def __init__(self, broken: BrokenDeclaration, file: Path) -> None:
        self._meant = broken.file.read_text("utf-8").split("\n")
        self._file = file
        self.hard: list[str] = []
        """Rules for which the form had to be looked at."""

    def mend(self, printed: str) -> None:
        lines = self._file.read_text("utf-8").split("\n")
        # From the end, so that lines above keep their numbers.
        for found in reversed(list(PROBLEM.finditer(printed))):
            told = PrintedProblem(
                int(found["line"]), int(found["column"]), found["said"], found["hint"] or ""
            )
            self._mend(lines, found["rule"], told)
        self._file.write_text("\n".join(lines), "utf-8")

    def _mend(self, lines: list[str], rule: str, told: PrintedProblem) -> None:
        at = told.line - 1
        if rule == "missing-field":
            field = re.search(r"加上 (\w+): …", told.hint)
            assert field
            self.hard.append(rule)
            lines.insert(at, next(line for line in self._meant if line.startswith(f"{field[1]}: ")))
        elif rule in REMOVED:
            del lines[at]
        elif rule == "wrong-indent":
            margin = lines[at - 1][: len(lines[at - 1]) - len(lines[at - 1].lstrip(" -"))]
            lines[at] = " " * len(margin) + lines[at].lstrip(" ")
        elif rule in LOOKED_UP or "只能是" in told.hint:
            self.hard.append(rule)
            lines[at] = min(self._meant, key=lambda line: _distance(line, lines[at]))
        else:
            assert rule in MENDERS, (rule, told, lines[at])
            lines[at] = MENDERS[rule](lines[at], told)


def _distance(one: str, other: str) -> float:
    return 1 - SequenceMatcher(None, one, other).ratio()


@pytest.mark.parametrize("broken", FIFTY, ids=lambda broken: f"{broken.number:02}")
def test_a_declaration_with_slips_is_mended_from_the_printed_words_alone(
    broken: BrokenDeclaration, tmp_path: Path
) -> None:
    file = write_project(broken, tmp_path)
    clerk = Clerk(broken, file)
    rounds = []
    for _ in range(ROUNDS):
        found = (problem for problem in check_project(tmp_path) if problem.severity is not Severity.ADVICE)
        printed = "".join(
            f"{line}\n" for line in format_problems(found, ProblemFormat.TEXT, load_interface_catalogue("zh"))
        )
        shown = "".join(f"{found[0]}\n" for found in PROBLEM.finditer(printed))
        rounds.append(shown)
        if not shown:
            break
        clerk.mend(printed)

    assert rounds[-1] == "", rounds
    # What the slips added to names stays, now in quotes.
    assert _lines(file) == _lines(broken.file)


def _lines(file: Path) -> list[str]:
    """Return the lines of *file*, in any order: a field that was left out may come back elsewhere."""
    return sorted(ADDED.sub("", file.read_text("utf-8")).split("\n"))
