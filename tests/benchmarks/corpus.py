"""Make a project with many declarations of realistic shape, plainly marked as synthetic, the same for a seed.

How many indicators a declaration has and how long its texts are is drawn from our three real declarations and
stretched at random, so that most are like them and a few are several times as long. Later years hold more
declarations than earlier ones, large departments many times as many as small ones. What makes real forms
laborious is there as well: blanks, damaged rows, sums whose unit the form does not state. What each block of
a declaration holds stands in `invented.py`.
"""

import hashlib
import random
import shutil
from pathlib import Path

import yaml

from tests.benchmarks.invented import SYNTHETIC, Lengths, funding, goals, heading, indicators, remarks
from tests.conftest import ROOT

YEARS = {2019: 1, 2020: 2, 2021: 3, 2022: 4, 2023: 5}
"""Each year with its share: every year more departments publish."""
DEPARTMENTS = 40
UNITS = 3
"""A department has one, two or three units."""
FORM = "forms/synthetic.txt"


def make_project(folder: Path, size: int, seed: int = 1, languages: tuple[str, ...] = ("zh", "en")) -> Path:
    """Write a project of *size* declarations to *folder*; a larger one begins with those of a smaller one."""
    lengths = lengths_of_the_real()
    shutil.copytree(ROOT / "content/taxonomies", folder / "content/taxonomies")
    about = f"---\ntitle: 关于\ndescription: {SYNTHETIC}\n---\n\n# 关于\n\n{SYNTHETIC}\n"
    _write(folder / "content/pages/zh/about.md", about)
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    settings = f"name:\n  zh: 合成数据\n  en: Synthetic data\nlanguages: [{', '.join(languages)}]\n"
    _write(folder / "site_config.yml", settings)
    _write(folder / "content" / FORM, f"{SYNTHETIC}\n")
    checksum = hashlib.sha256((folder / "content" / FORM).read_bytes()).hexdigest()
    _write(folder / "content/forms/SHA256SUMS", f"{checksum}  {FORM.removeprefix('forms/')}\n")
    _write(folder / "content/organisations.yml", "".join(map(_organisation, range(DEPARTMENTS))))
    published = ["published:\n"]
    for number in range(size):
        # Of its own for each declaration, so that the others stay as they are when one is added.
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
        identity, text = _declaration(number, lengths, chance)
        _write(folder / f"content/declarations/{identity}.yml", text)
        published.append(f"  - {identity}\n")
    _write(folder / "content/addresses.yml", "".join(published))
    return folder


def lengths_of_the_real() -> Lengths:
    """Measure the real declarations in `content/`."""
    files = sorted((ROOT / "content/declarations").rglob("*.yml"))
    declarations = [yaml.load(file.read_text("utf-8"), yaml.BaseLoader) for file in files]  # noqa: S506 - builds only text
    rows = [
        [row for groups in one["indicators"].values() for group in groups.values() for row in group]
        for one in declarations
    ]
    return Lengths(
        rows=tuple(map(len, rows)),
        names=tuple(len(row["name"]) for of_one in rows for row in of_one),
        goals=tuple(len(goal) for one in declarations for goal in one["goals"].values()),
    )


def _organisation(number: int) -> str:
    department = f"department-{number}"
    lines = [f"{department}:\n  name: 合成部门{number}\n  kind: department\n  aliases: [合成局{number}]\n"]
    for unit in range(1, _units_of(number) + 1):
        name = f"合成单位{number}之{unit}"
        lines.append(f"unit-{number}-{unit}:\n  name: {name}\n  kind: unit\n  parent: {department}\n")
    return "".join(lines)


def _units_of(department: int) -> int:
    return 1 + department % UNITS


def _declaration(number: int, lengths: Lengths, chance: random.Random) -> tuple[str, str]:
    """Invent a declaration; give its identity and its file."""
    (year,) = chance.choices(tuple(YEARS), tuple(YEARS.values()))
    # As in cities: the second department has half as many as the first, the tenth a tenth.
    (department,) = chance.choices(range(DEPARTMENTS), [1 / (1 + rank) for rank in range(DEPARTMENTS)])
    unit = chance.randint(1, _units_of(department))
    name, nature, lines = heading(number, year, chance)
    lines += [
        f"department: department-{department}",
        f"unit: unit-{department}-{unit}",
        *funding(nature, chance),
        *goals(lengths, chance),
        *indicators(year, lengths, chance),
        *remarks(name, chance),
        f"source:\n  form: {FORM}",
    ]
    return f"{year}/department-{department}/project-{number}", "\n".join([*lines, ""])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
