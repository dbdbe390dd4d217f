"""Projects of random declarations: every optional field present or absent in any combination."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import yaml

from jixiao.analysis.defects import CONTRADICTIONS, has_contradicting_dates, has_contradicting_sums
from jixiao.model.declaration import Certainty, Defect, Funding, Period, RemarkedField
from tests.conftest import ROOT
from tests.support.text_strategies import (
    ASCII_MARKS,
    CHINESE_CHARACTERS,
    FRAGMENTS,
    OTHER_CHARACTERS,
    is_refused,
)

Value = str | None | Sequence["Value"] | Mapping[str, "Value"]
"""A value of YAML before it is written."""

YEARS: Final = range(2018, 2024)
DEPARTMENTS: Final = ("health", "roads")
OTHER_UNITS: Final = ("archives", "schools")
"""Departments in charge of no project, which may carry out those of others."""
FORMS: Final = {"forms/drawn.txt": "合成数据\n" * 99, "forms/drawn.docx": "合成数据"}
_PROJECTS: Final = 5
"""Projects that file in several years."""
_DEFECTS: Final = tuple(defect for defect in Defect if defect not in CONTRADICTIONS)
"""Those that say nothing which the rest of a declaration shows to be false."""
_TEXT_PIECES: Final = (*FRAGMENTS, *ASCII_MARKS, *CHINESE_CHARACTERS, *OTHER_CHARACTERS)
_SUMS: Final = {"project": ("fiscal", "other"), "annual": ("appropriation", "carryover", "other")}
_NUMERIC: Final = "{} {}% ={}% >={}% <={}天 ≥{}次 ≤{}个 >{} <{}万元 {}(%) {}（%） >={}人次".split()  # noqa: SIM905 - one line each
_WORDY: Final = "及时 每月一次 6月底前完成 举办个月 “1+X”证书 2021年6月底前 达到{}平方公里以上 第{}届".split()  # noqa: SIM905 - one line each
_TARGETS: Final = (*_NUMERIC, *_WORDY, ">= {} 人次")
_NUMBERS: Final = "0 1 12 90 90.5 99.99 1,000 12,345.60 0.1 007 123456789012345678".split()  # noqa: SIM905 - one line each


def draw_project(folder: Path, size: int, seed: int, settings: Mapping[str, str]) -> Path:
    """Write a project of *size* drawn declarations.

    Args:
        folder: Where it goes.
        size: How many declarations.
        seed: Another number draws others.
        settings: Further lines of its settings.
    """
    shutil.copytree(ROOT / "content/taxonomies", folder / "content/taxonomies")
    lines = ["name:\n  zh: 合成数据\n  en: Drawn data\n", "address: https://example.org/\n"]
    _write(
        folder / "site_config.yml",
        "".join([*lines, *(f"{key}: {set_to}\n" for key, set_to in settings.items())]),
    )
    for language, title in (("zh", "关于"), ("en", "About")):
        page = f"---\ntitle: {title}\ndescription: {title}\n---\n\n# {title}\n"
        _write(folder / f"content/pages/{language}/about.md", page)
    sums = []
    for form, text in FORMS.items():
        _write(folder / "content" / form, text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {form.removeprefix('forms/')}\n")
    _write(folder / "content/forms/SHA256SUMS", "".join(sums))
    register = [
        f"{name}:\n  name: 合成部门{name}\n  kind: department\n{name}-office:\n  name: 合成单位{name}\n"
        f"  kind: unit\n  parent: {name}\n"
        for name in (*DEPARTMENTS, *OTHER_UNITS)
    ]
    _write(folder / "content/organisations.yml", "".join(register))
    drawn: dict[str, dict[str, Value]] = {}
    for number in range(size):
        # Of its own for each declaration, so that the others stay as they are when one is added.
        drawing = _RandomDeclarations(random.Random(f"{seed}/{number}"))  # noqa: S311 - repeatable, not secret
        identity, declaration = drawing.declaration(number)
        earlier = [one for one in drawn if one.partition("/")[0] < identity.partition("/")[0]]
        if earlier and drawing.is_chosen(0.2):
            declaration["continues"] = drawing.chance.choice(earlier)
        drawn.setdefault(identity, declaration)
    for identity, declaration in drawn.items():
        _write(folder / f"content/declarations/{identity}.yml", "\n".join([*_lines(declaration, ""), ""]))
    _register_addresses(folder, drawn)
    translated = _RandomDeclarations(random.Random(seed)).translations(drawn.values())  # noqa: S311 - repeatable, not secret
    _write(folder / "content/translations/en/drawn.po", translated)
    return folder


def remove_declarations(project: Path, files: Collection[str]) -> None:
    """Remove declarations, by their files in *project*, from the content and from its register."""
    for file in files:
        (project / file).unlink()
    home = project / "content/declarations"
    left = (file.relative_to(home).with_suffix("").as_posix() for file in sorted(home.rglob("*.yml")))
    _register_addresses(project, left)


def _register_addresses(folder: Path, identities: Iterable[str]) -> None:
    lines = ["published:\n", *(f"  - {identity}\n" for identity in identities)]
    _write(folder / "content/addresses.yml", "".join(lines))


class _RandomDeclarations:
    """Random parts of one declaration."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def unit(self, department: str) -> str:
        """Draw who carries a project out: mostly its department or a unit of it, or anybody else."""
        own = (department, f"{department}-office")
        return self.chance.choice(
            own if self.is_chosen(0.7) else (*DEPARTMENTS, *OTHER_UNITS, "archives-office")
        )

    def declaration(self, number: int) -> tuple[str, dict[str, Value]]:
        """Draw a declaration; return its id and the text of its file."""
        year = self.chance.choice(YEARS)
        department = self.chance.choice(DEPARTMENTS)
        # Some projects file in many years; no two declarations have one id.
        project = f"long-{number % _PROJECTS}" if self.is_chosen(0.1) else f"project-{number}"
        edition = self.chance.choice(("2015", "2021"))
        taxonomy = yaml.safe_load((ROOT / f"content/taxonomies/{edition}.yml").read_text("utf-8"))
        fields: dict[str, Value] = {
            "edition": edition,
            "year": str(year),
            "name": self.line(),
            "nature": self.chance.choice(taxonomy["natures"]),
            "department": department,
            "unit": self.unit(department),
            "period": self.period(year),
            "funding": self.funding(),
            "indicators": self.indicators(taxonomy["levels"]),
            "source": self.source(),
        }
        if self.is_chosen(0.7):
            kinds = self.choose_some(("overall", "annual"))
            fields["goals"] = {kind: self.prose() for kind in kinds} or {"annual": self.prose()}
        remarks: list[Value] = (
            [self.remark() for _ in range(self.chance.randint(1, 4))] if self.is_chosen(0.5) else []
        )
        remarks += self.contradictions(fields)
        if remarks:
            fields["remarks"] = remarks
        if self.is_chosen(0.1):
            level1, level2 = "产出指标", "数量指标"
            fields["indicators"] = {level1: {level2: [{"id": "rate", "name": "完成率", "target": "150%"}]}}
            waiver: Value = {
                "rule": "percentage-over-100",
                "field": "indicators.rate.target",
                "reason": self.prose(),
            }
            fields["waivers"] = [waiver]
        return f"{year}/{department}/{project}", fields

    def is_chosen(self, share: float) -> bool:
        """Draw yes or no."""
        return self.chance.random() < share

    def choose_some(self, values: Sequence[str]) -> list[str]:
        """Draw any of *values*, in their order."""
        return [value for value in values if self.is_chosen(0.5)]

    def line(self) -> str:
        """Draw words on one line."""
        while True:
            text = "".join(self.chance.choices(_TEXT_PIECES, k=self.chance.randint(1, 12))).strip()
            if text and not is_refused(text):
                return text

    def prose(self) -> str:
        """Draw words on several lines, blank ones among them."""
        between = self.chance.choice(("\n", "\n\n", "\n \n"))
        return between.join(self.line() for _ in range(self.chance.randint(1, 3))) + self.chance.choice(
            ("", "\n")
        )

    def period(self, year: int) -> Value:
        """Draw dates, mostly in order and around the year."""
        first, last = sorted(self.chance.randint(-3, 3) for _ in range(2))
        if self.is_chosen(0.9):
            first, last = min(first, 0), max(last, 0)
        start = f"{year + first}-0{self.chance.randint(1, 6)}-0{self.chance.randint(1, 9)}"
        end = f"{year + last}-1{self.chance.randint(0, 2)}-2{self.chance.randint(0, 9)}"
        return {"start": end, "end": start} if self.is_chosen(0.05) else {"start": start, "end": end}

    def contradictions(self, fields: Mapping[str, Value]) -> Iterator[Value]:
        """Draw remarks on contradictions in money and dates, for nearly all that there are."""
        funding = Funding.model_validate(fields["funding"])
        period = Period.model_validate(fields["period"])
        if has_contradicting_sums(funding) and self.is_chosen(0.9):
            sums = [money.filed for _, _, money in funding.sums()]
            yield {**self.remark(), **_remark_cells(sums), "field": "funding", "defects": ["sums-contradict"]}
        if has_contradicting_dates(period, int(str(fields["year"]))) and self.is_chosen(0.9):
            days = [str(period.start), str(period.end)]
            marks: Value = ["dates-contradict", "shifted"]
            yield {**self.remark(), **_remark_cells(days), "field": "period", "defects": marks}

    def funding(self) -> Value:
        """Draw sums of any legal size, most of them consistent."""
        unit = self.chance.choice(("元", "万元"))
        funds: dict[str, Value] = {self.chance.choice(("unit", "unit_read_as")): unit}
        places = (0, 1, 2) if unit == "元" else (0, 2, 4, 6)
        for block in self.choose_some(tuple(_SUMS)):
            parts = {part: self.sum(places) for part in self.choose_some(_SUMS[block])}
            total = sum(parts.values(), Decimal(0)) if parts and self.is_chosen(0.7) else self.sum(places)
            filed = {"total": total, **parts} if self.is_chosen(0.8) else parts
            if filed:
                funds[block] = {part: self.format_sum(value) for part, value in filed.items()}
        return funds

    def sum(self, places_allowed: Sequence[int]) -> Decimal:
        """Draw a sum with one of these numbers of decimals."""
        places = self.chance.choice(places_allowed)
        digits = self.chance.randint(1, 14)
        return Decimal(self.chance.randrange(10 ** (digits + places))).scaleb(-places)

    def format_sum(self, value: Decimal) -> str:
        """Format a sum with commas or without."""
        return f"{value:,f}" if self.is_chosen(0.5) else f"{value:f}"

    def indicators(self, levels: Mapping[str, Sequence[str]]) -> Value:
        """Draw the table of indicators."""
        drawn: dict[str, dict[str, list[Value]]] = {}
        for number in range(self.chance.randint(1, 6)):
            level1 = self.chance.choice(tuple(levels))
            level2 = self.chance.choice(levels[level1])
            drawn.setdefault(level1, {}).setdefault(level2, []).append(self.indicator(number))
        return drawn

    def indicator(self, number: int) -> Value:
        """Draw an indicator with any of its optional fields."""
        target = None if self.is_chosen(0.15) else self.target()
        fields: dict[str, Value] = {"id": f"row-{number}", "name": self.line(), "target": target}
        optional = {
            "as_filed": self.filed_cells,
            "defects": lambda: self.chance.sample(_DEFECTS, self.chance.randint(1, 3)),
            "certainty": lambda: {
                half: self.chance.choice(tuple(Certainty)) for half in self.choose_some(("class", "text"))
            },
            "note": self.prose,
        }
        fields |= {field: optional[field]() for field in self.choose_some(tuple(optional))}
        if "defects" in fields or "certainty" in fields:
            fields.setdefault("as_filed", self.filed_cells())
        if "unconfirmed" in str(fields.get("certainty")):
            fields.setdefault("note", self.prose())
        if not fields.get("certainty", True):
            del fields["certainty"]
        return fields

    def target(self) -> str:
        """Draw a target: a number with or without a sign and a unit, or words."""
        if self.is_chosen(0.2):
            return self.line()
        return self.chance.choice(_TARGETS).format(self.chance.choice(_NUMBERS))

    def filed_cells(self) -> Value:
        """Draw cells of one line or of several."""
        lines = sorted(self.chance.sample(range(1, 99), self.chance.randint(1, 3)))
        cells = [[self.cell() for _ in range(self.chance.randint(1, 5))] for _ in lines]
        return {"lines": [str(line) for line in lines], "cells": cells}

    def cell(self) -> str:
        """Draw a cell: empty, with markup that was left over, with blanks at its edges, or words."""
        return self.chance.choice(
            ("", self.line(), f" {self.line()} ", f"<br>{self.line()}</p>", self.prose())
        )

    def remark(self) -> Mapping[str, Value]:
        """Draw a remark."""
        return {
            "field": self.chance.choice(tuple(RemarkedField)),
            "as_filed": self.filed_cells(),
            "defects": self.chance.sample(_DEFECTS, self.chance.randint(1, 3)),
            "note": self.prose(),
        }

    def translations(self, declarations: Iterable[Value]) -> str:
        """Draw English texts for some texts of *declarations*."""
        texts = [text for text in dict.fromkeys(_texts(list(declarations))) if self.is_chosen(0.3)]
        said = {text: self.prose() if "\n" in text else self.line() for text in texts}
        entries = (f"msgid {_scalar(text)}\nmsgstr {_scalar(english)}\n" for text, english in said.items())
        return "\n".join(entries)

    def source(self) -> Value:
        """Draw a form, with or without the lines of it."""
        source: dict[str, Value] = {"form": self.chance.choice(tuple(FORMS))}
        if self.is_chosen(0.5):
            source["lines"] = [str(line) for line in sorted(self.chance.sample(range(1, 99), 2))]
        return source


def _lines(value: Value, margin: str) -> Iterator[str]:
    """Write keys or the members of a list, every text between quotation marks."""
    if isinstance(value, Mapping):
        for key, under in value.items():
            if _is_scalar(under):
                yield f"{margin}{key}: {_scalar(under)}"
            else:
                yield f"{margin}{key}:"
                yield from _lines(under, f"{margin}  ")
        return
    for one in value or ():
        if isinstance(one, Mapping):
            first, *others = _lines(one, f"{margin}  ")
            yield f"{margin}- {first.lstrip()}"
            yield from others
        elif _is_scalar(one):
            yield f"{margin}- {_scalar(one)}"
        else:
            yield f"{margin}- [{', '.join(map(_scalar, one or ()))}]"


def _texts(value: Value) -> Iterator[str]:
    """List names, goals and notes."""
    if isinstance(value, Mapping):
        for key, under in value.items():
            if key in {"name", "overall", "annual", "note"} and isinstance(under, str):
                yield under
            else:
                yield from _texts(under)
    elif not _is_scalar(value):
        for one in value or ():
            yield from _texts(one)


def _is_scalar(value: Value) -> bool:
    return value is None or isinstance(value, str)


def _scalar(value: object) -> str:
    return "null" if value is None else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7F")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _remark_cells(words: Sequence[str]) -> dict[str, Value]:
    """Build the cells of a remark that contain *words*."""
    return {"as_filed": {"lines": ["1"], "cells": [list(words)]}}
