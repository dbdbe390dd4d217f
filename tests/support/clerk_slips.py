"""Fifty declarations with the slips of a clerk: one to three in each of the real declarations.

`python -m tests.support.clerk_slips FOLDER` writes them, each as a project of its own, to be corrected by
hand with the messages of `jixiao check` alone.
"""

import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

COUNT = 50
DECLARATIONS = sorted((ROOT / "content/declarations").rglob("*.yml"))


@dataclass(frozen=True)
class Slip:
    """Text as a clerk typed it, and as it should be."""

    name: str
    meant: str
    typed: str


SLIPS = (
    Slip("full-width colon behind a field", "\nyear: 2021\n", "\nyear：2021\n"),
    Slip("no space behind a colon", "\nnature: 经常性项目\n", "\nnature:经常性项目\n"),
    Slip("no space behind a colon, a name", "\n        name: ", "\n        name:"),
    Slip("no space behind a dash", "\n      - id: ", "\n      -id: "),
    Slip("a long dash instead of a hyphen", "\n      - id: ", "\n      — id: "),
    Slip("a target without quotation marks", 'target: "=100%"', "target: =100%"),
    Slip("two kinds of quotation marks", 'target: "=0"', "target: '=0\""),
    Slip("a target in Chinese quotation marks", 'target: "=100%"', "target: “=100%”"),
    Slip("a quotation mark forgotten at the end", 'target: "及时"', 'target: "及时'),
    Slip("words behind the quotation mark", 'target: "=100%"', 'target: "=100%" 左右'),
    Slip("two signs before a figure", 'target: "=100%"', 'target: ">==100%"'),
    Slip("a percentage over a hundred", 'target: "=100%"', 'target: "=1000%"'),
    Slip("a tab instead of blanks", "\n  start: 2021", "\n\tstart: 2021"),
    Slip("one blank too many", "\n  end: 2021", "\n   end: 2021"),
    Slip("one blank too few", "\n        target: ", "\n       target: "),
    Slip("a field misspelt", "\nedition: ", "\nediton: "),
    Slip("a field misspelt in an indicator", "\n        target: ", "\n        traget: "),
    Slip("a field in Chinese", "\nname: ", "\n名称: "),
    Slip("a field typed twice", "\nyear: 2021\n", "\nyear: 2021\nyear: 2021\n"),
    Slip("a field left out", "\nyear: 2021\n", "\n"),
    Slip("a year with its word", "\nyear: 2021\n", "\nyear: 2021年\n"),
    Slip("a nature by another word", "nature: 经常性项目", "nature: 经常性"),
    Slip("a department misspelt", "department: shanghai-hrss", "department: shanghai-hrs"),
    Slip("a date in Chinese", "start: 2021-01-01", "start: 2021年1月1日"),
    Slip("a date that is not in the calendar", "end: 2021-12-31", "end: 2021-12-32"),
    Slip("a date with slashes", "end: 2021-12-31", "end: 2021/12/31"),
    Slip("the end before the beginning", "end: 2021-12-31", "end: 2020-12-31"),
    Slip("a class at the wrong level", "\n  产出指标:\n", "\n  时效指标:\n"),
    Slip("a class misspelt", "\n    数量指标:\n", "\n    数目指标:\n"),
    Slip("an id with capital letters", "- id: p", "- id: P"),
    Slip("an id with a blank", "- id: training-", "- id: training "),
    Slip("a colon inside of a name", "\n        name: ", "\n        name: 项目: "),
    Slip("a sharp sign inside of a name", "\n        name: ", "\n        name: 1 # "),
    Slip("a name that begins with an at sign", "\n        name: ", "\n        name: @"),
    Slip("a name that begins with a star", "\n        name: ", "\n        name: *"),
    Slip("a bracket left open", "defects: [shifted-left]", "defects: [shifted-left"),
    Slip("a Chinese comma in a list", "defects: [shifted-right, ", "defects: [shifted-right，"),
    Slip("a certainty by another word", "class: restored", "class: likely"),
    Slip("the sign of an ended merge", "\nindicators:\n", "\n=======\nindicators:\n"),
    Slip("a blank that cannot be seen", "\nunit: ", "\nunit:\u00a0"),
    Slip("a character that cannot be seen", "department: ", "department: \u200b"),
)


@dataclass(frozen=True)
class BrokenDeclaration:
    """A declaration with slips."""

    number: int
    file: Path
    """The sound declaration."""
    slips: tuple[Slip, ...]
    text: str
    lines: tuple[int, ...]
    """Where the slips are."""


def broken_declarations() -> Iterator[BrokenDeclaration]:
    """Yield fifty, the same ones every time; every slip is in one of them at least."""
    dice = random.Random(50)  # noqa: S311 - chooses examples
    waiting = list(SLIPS)
    dice.shuffle(waiting)
    for number in range(1, COUNT + 1):
        file = DECLARATIONS[number % len(DECLARATIONS)]
        wanted = 1 + number % 3
        chosen = [*waiting, *dice.sample(SLIPS, len(SLIPS))]
        made: dict[int, tuple[Slip, int]] = {}
        text = file.read_text("utf-8")
        for slip in chosen:
            places = [at for at in _places(text, slip.meant) if _is_far(at, made)]
            if not places or slip in {one for one, _ in made.values()}:
                continue
            at = dice.choice(places)
            made[at] = (slip, at)
            if len(made) == wanted:
                break
        waiting = [slip for slip in waiting if slip not in {one for one, _ in made.values()}]
        yield _apply_slips(number, file, {at: slip for at, (slip, _) in made.items()})


def _places(text: str, meant: str) -> Iterator[int]:
    at = text.find(meant)
    while at >= 0:
        yield at
        at = text.find(meant, at + 1)


def _is_far(at: int, made: dict[int, tuple[Slip, int]]) -> bool:
    return all(abs(at - other) > 120 for other in made)


def _apply_slips(number: int, file: Path, slips: dict[int, Slip]) -> BrokenDeclaration:
    text = file.read_text("utf-8")
    for at in sorted(slips, reverse=True):
        slip = slips[at]
        text = f"{text[:at]}{slip.typed}{text[at + len(slip.meant) :]}"
    lines = []
    shift = 0
    for at in sorted(slips):
        slip = slips[at]
        begin = at + shift
        lines.append(text.count("\n", 0, begin) + 1 + slip.typed.startswith("\n"))
        shift += len(slip.typed) - len(slip.meant)
    ordered = tuple(slips[at] for at in sorted(slips))
    return BrokenDeclaration(number=number, file=file, slips=ordered, text=text, lines=tuple(lines))


def write_project(broken: BrokenDeclaration, folder: Path) -> Path:
    """Write a project with one of them; return its declaration."""
    ignored = shutil.ignore_patterns("declarations")
    shutil.copytree(ROOT / "content", folder / "content", ignore=ignored)
    shutil.copy(ROOT / "site_config.yml", folder)
    for file in DECLARATIONS:
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(broken.text if file == broken.file else file.read_text("utf-8"), "utf-8")
    return folder / broken.file.relative_to(ROOT)


if __name__ == "__main__":
    for one in broken_declarations():
        write_project(one, Path(sys.argv[1]) / f"{one.number:02}")
