"""One digit changes in one file: on all pages exactly that figure changes, and the totals that hold it."""

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao import pipeline
from jixiao.problems import Severity
from tests.conftest import ROOT
from tests.support.independent_readers import YamlNode, iter_indicators, read_po, read_yaml
from tests.support.render_pages import render_project as pages_printed
from tests.support.sample_projects import SMALL_SITE

Pages = dict[tuple[str, str], str]
"""Language and address → Markdown."""
SUMS = {"project": ("total", "fiscal", "other"), "annual": ("total", "appropriation", "carryover", "other")}
DEEP = 3
"""Steps in the address of a declaration; all others list declarations or none."""
BANDS = (
    (100_000_000, "1亿元以上", "100 million yuan or more"),
    (50_000_000, "5000万元至1亿元", "50 to 100 million yuan"),
    (10_000_000, "1000万元至5000万元", "10 to 50 million yuan"),
    (5_000_000, "500万元至1000万元", "5 to 10 million yuan"),
    (1_000_000, "100万元至500万元", "1 to 5 million yuan"),
    (0, "不足100万元", "Under 1 million yuan"),
)
"""The least sum of each band of the search, and its names."""
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
SOURCES = tuple(sorted((ROOT / "content/declarations").rglob("*.yml"))) + tuple(
    sorted((SMALL_SITE / "content/declarations").rglob("*.yml"))
)


@dataclass(frozen=True)
class Figure:
    """Figure of a file: its field, its text, and its line (from 1) and column (from 0)."""

    field: tuple[str, ...]
    typed: str
    line: int
    column: int


@dataclass(frozen=True)
class Change:
    """File, one of its figures, and the new figure."""

    file: Path
    figure: Figure
    becomes: str

    @property
    def identity(self) -> str:
        """The id of the declaration."""
        return self.file.with_suffix("").as_posix().rpartition("declarations/")[2]


def list_figures(file: Path) -> Iterator[Figure]:
    """List the sums, days and targets with a digit of a declaration."""
    tree = read_yaml(file)
    for block, names in SUMS.items():
        yield from (_figure(("funding", block, name), tree.at("funding", block, name)) for name in names)
    yield from (_figure(("period", name), tree.at("period", name)) for name in ("start", "end"))
    for _, _, indicator in iter_indicators(tree):
        identity = indicator.at("id").required_text()
        yield _figure(("indicators", identity, "target"), indicator.at("target"))


def _figure(field: tuple[str, ...], place: YamlNode) -> Figure:
    mark = place.node.start_mark if place.node else None
    return Figure(field, place.text() or "", mark.line + 1 if mark else 0, mark.column if mark else 0)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Choose a file, a figure of it, one of its digits and another digit."""
    file = draw(st.sampled_from(SOURCES))
    figure = draw(st.sampled_from([one for one in list_figures(file) if re.search("[0-9]", one.typed)]))
    spot = draw(st.sampled_from([found.start() for found in re.finditer("[0-9]", figure.typed)]))
    digit = draw(st.sampled_from([one for one in "0123456789" if one != figure.typed[spot]]))
    return Change(file, figure, f"{figure.typed[:spot]}{digit}{figure.typed[spot + 1 :]}")


def find_project(file: Path) -> Path:
    """Return the project of a declaration."""
    return SMALL_SITE if file.is_relative_to(SMALL_SITE) else ROOT


def render_pages(project: Path, checked: pipeline.Checked) -> Pages:
    """Render all pages."""
    return {(page.language, page.address): page.markdown() for page in pages_printed(project, checked)}


class Bench:
    """What every example needs; no dataclass, because hypothesis would print all pages when one fails."""

    def __init__(self, copies: dict[Path, Path]) -> None:
        self.copies = copies
        self.before = {project: render_pages(project, pipeline.check(project)) for project in copies}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Our project and the sample, printed and copied."""
    copies = {
        ROOT: tmp_path_factory.mktemp("figures") / "ours",
        SMALL_SITE: tmp_path_factory.mktemp("figures") / "small",
    }
    for project, copy in copies.items():
        shutil.copytree(project / "content", copy / "content")
        shutil.copy(project / "site_config.yml", copy)
    return Bench(copies)


def check_change(change: Change, copies: dict[Path, Path]) -> tuple[pipeline.Checked, Pages]:
    """Check the project with the change in it, and take it back."""
    project = find_project(change.file)
    copy = copies[project] / change.file.relative_to(project)
    copy.write_text(changed_text(change), "utf-8")
    try:
        checked = pipeline.check(copies[project])
        return checked, render_pages(copies[project], checked)
    finally:
        copy.write_text(change.file.read_text("utf-8"), "utf-8")


def changed_text(change: Change) -> str:
    """Write the source with the change in it."""
    lines = change.file.read_text("utf-8").split("\n")
    line = change.figure.line - 1
    head, tail = lines[line][: change.figure.column], lines[line][change.figure.column :]
    assert change.figure.typed in tail
    lines[line] = head + tail.replace(change.figure.typed, change.becomes, 1)
    return "\n".join(lines)


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# A quarter of the usual number, because every example prints all pages of a site in both languages.
@settings(max_examples=settings().max_examples // 4)
@given(changes())
def test_one_changed_digit_changes_that_figure_and_no_other(bench: Bench, change: Change) -> None:
    checked, new = check_change(change, bench.copies)

    if change.identity not in {filed.id for filed in checked.catalogue.summaries}:
        assert not is_figure(change)
        errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
        assert [problem.place.line for problem in errors] == [change.figure.line]
        return
    assert is_figure(change)
    old = bench.before[find_project(change.file)]
    assert list(old) == list(new)
    for which, page in old.items():
        wanted = expected_lines(which, page, change)
        assert [pair for pair in zip_longest(new[which].split("\n"), wanted) if len(set(pair)) > 1] == []


def expected_lines(which: tuple[str, str], page: str, change: Change) -> Iterator[str]:
    """Write the lines that a page should have after the change, from those it had before."""
    language, address = which
    own = address == f"{change.identity}/"
    kind = change.figure.field[0]
    if own and ("永久链接" in page or "Permanent link" in page):
        page = _swap(page, _version(change.file.read_text("utf-8")), _version(changed_text(change)))
    lines = page.split("\n")
    if own and kind == "indicators":
        yield from _with_target(lines, change, language)
    elif own and kind == "period":
        yield from _with_day(lines, change)
    elif own and kind == "funding":
        yield from _with_sum(lines, change, language)
    elif change.figure.field == ("funding", "annual", "total") and address == "indicators/":
        yield from _with_place(lines, change)
    elif change.figure.field == ("funding", "annual", "total") and address.count("/") < DEEP:
        yield from _with_total(lines, change, address)
    else:
        yield from lines


def _with_target(lines: list[str], change: Change, language: str) -> Iterator[str]:
    row = f'<tr id="i-{change.figure.field[1]}"'
    begun = next(number for number, line in enumerate(lines) if line.startswith(row))
    there = next(
        number for number in range(begun, len(lines)) if lines[number].startswith('<td class="target')
    )
    translated = find_project(change.file) / "content/translations" / language
    said = {source: said for file in translated.glob("*.po") for source, said in read_po(file)}
    assert lines[there] == _target(change.figure.typed, said, language)
    yield from lines[:there]
    yield _target(change.becomes, said, language)
    yield from lines[there + 1 :]


def _target(typed: str, said: dict[str, str], language: str) -> str:
    words = escape(said.get(typed, typed))
    is_foreign = language != "zh" and typed not in said and re.search("[\u3400-\u9fff，、。（）]", typed)
    marked = f'<span lang="zh-CN">{words}</span>' if is_foreign else words
    return f'<td class="target">{marked}</td>'


def _with_day(lines: list[str], change: Change) -> Iterator[str]:
    which = ("start", "end").index(change.figure.field[1])
    (there,) = (number for number, line in enumerate(lines) if len(re.findall(f"<td>{DAY}</td>", line)) == 2)
    spots = list(re.finditer(DAY, lines[there]))
    assert spots[which][0] == change.figure.typed
    yield from lines[:there]
    yield lines[there][: spots[which].start()] + change.becomes + lines[there][spots[which].end() :]
    yield from lines[there + 1 :]


def parse_sum(typed: str) -> Decimal:
    """Return a sum as a number, exact."""
    return Decimal(typed.replace(",", ""))


def group_digits(typed: str) -> str:
    """Write a sum as pages do: the digits that were filed, in groups of three."""
    whole, point, places = typed.replace(",", "").partition(".")
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", whole) + point + places


def _with_sum(lines: list[str], change: Change, language: str) -> Iterator[str]:
    """Change the cell of the table; for the sum of the year also the top of the page and the results."""
    cells = [(block, name) for block, names in SUMS.items() for name in names]
    filed = {
        one.field[1:]: one.typed
        for one in list_figures(change.file)
        if one.field[0] == "funding" and one.typed
    }
    turned = {**filed, change.figure.field[1:]: change.becomes}
    old, new = group_digits(change.figure.typed), group_digits(change.becomes)
    is_of_year = change.figure.field[1:] == ("annual", "total")
    seen = Counter[str]()
    for line in lines:
        if line.startswith("<tr") and '<td class="number">' in line and "swatch" not in line:
            is_own = cells[seen["cells"]] == change.figure.field[1:]
            seen["cells"] += 1
            yield _swap(line, f'"amount">{old}<', f'"amount">{new}<') if is_own else line
        elif "data-aliases=" in line:
            aliases = _swap(line, f'{_forms(filed)}" data-', f'{_forms(turned)}" data-')
            yield _with_amount(aliases, change) if is_of_year else aliases
        elif "data-money=" in line and is_of_year:
            bands = (
                f'data-money="{_band(change, typed, language)}"'
                for typed in (change.figure.typed, change.becomes)
            )
            yield _swap(line, *bands)
        elif '<span class="sum">' in line and is_of_year:
            seen["top"] += 1
            yield _swap(line, f'"amount">{old}<', f'"amount">{new}<')
        else:
            yield line
    assert seen["cells"] == len(cells)
    assert seen["top"] == is_of_year


def _with_amount(record: str, change: Change) -> str:
    """Change the sum in results, and the one that they are sorted by."""
    old, new = change.figure.typed, change.becomes
    amount, yuan = 'data-amount="{} ', 'data-yuan="{:f}"'
    shown = _swap(record, amount.format(group_digits(old)), amount.format(group_digits(new)))
    return _swap(shown, yuan.format(_yuan(change, old)), yuan.format(_yuan(change, new)))


def _yuan(change: Change, typed: str) -> Decimal:
    funding = read_yaml(change.file).at("funding")
    unit = funding.at("unit").text() or funding.at("unit_read_as").required_text()
    return parse_sum(typed) * {"元": 1, "万元": 10_000}[unit]


def _band(change: Change, typed: str, language: str) -> str:
    """Return the band of the sum, as the list of facets words it."""
    yuan = _yuan(change, typed)
    return next(names[language == "en"] for least, *names in BANDS if yuan >= least)


def _forms(sums: dict[tuple[str, ...], str]) -> str:
    """List the sums as a reader may search for them: with commas and without, each once."""
    return " ".join(
        sorted({form for one in sums.values() for form in (group_digits(one), one.replace(",", ""))})
    )


def _swap(line: str, old: str, new: str) -> str:
    """Replace *old*, which stands on the line exactly once, with *new*."""
    assert line.count(old) == 1, (line, old)
    return line.replace(old, new)


def _with_total(lines: list[str], change: Change, address: str) -> Iterator[str]:
    """Change the row of the declaration and the totals over it; all of a project lies in one year."""
    filed = {file: read_yaml(file) for file in SOURCES if find_project(file) == find_project(change.file)}
    assert (
        len(
            {
                (tree.at("year").required_text(), tree.at("department").required_text())
                for tree in filed.values()
            }
        )
        == 1
    )
    owner = address.removeprefix("organisations/").rstrip("/") if address.startswith("organisations/") else ""
    within = [
        file
        for file, tree in filed.items()
        if owner in {"", tree.at("department").required_text(), tree.at("unit").required_text()}
    ]
    if change.file not in within:
        yield from lines
        return
    rest = [
        parse_sum(filed[file].at("funding", "annual", "total").required_text())
        for file in within
        if file != change.file
    ]
    totals = [f"{sum(rest, parse_sum(own)):,}" for own in (change.figure.typed, change.becomes)]
    row = f'{change.identity.rpartition("/")[2]}/">'
    is_row = False
    for line in lines:
        is_row = row in line if line.startswith("<tr>") else is_row and line != "</tbody>"
        if '<span class="sum">' not in line:
            yield line
        elif '<td class="number" data-label=' in line and not line.startswith("<tr>"):
            yield _with_row(line, change) if is_row else line
        else:
            yield _swap(line, *(f'"amount">{one}<' for one in totals))


def _with_row(line: str, change: Change) -> str:
    """Change the sum of a row, and the one that it is sorted by."""
    old, new = change.figure.typed, change.becomes
    shown = _swap(line, f'"amount">{group_digits(old)}<', f'"amount">{group_digits(new)}<')
    value = 'data-value="{:f}"'
    return _swap(shown, value.format(_yuan(change, old)), value.format(_yuan(change, new)))


def _with_place(lines: list[str], change: Change) -> Iterator[str]:
    """Change the row of the declaration, and its place among the others, largest first."""
    pair = [f'"amount">{group_digits(one)}<' for one in (change.figure.typed, change.becomes)]
    own = f'/{change.identity}/">'
    rows = [line for line in lines if line.startswith("<tr>") and '<span class="sum">' in line]
    turned = iter(sorted((_swap(row, *pair) if own in row else row for row in rows), key=_place))
    yield from (next(turned) if line in rows else line for line in lines)


def _place(row: str) -> tuple[Decimal, str]:
    sums = re.findall(r'class="sum"><span class="amount">([^<]*)</span> ([^<]*)<', row)
    ((value, unit),) = sums
    factor = 10_000 if unit in {"万元", "ten thousand yuan"} else 1
    return -parse_sum(value) * factor, row[row.index("href") : row.index('">')]


def is_figure(change: Change) -> bool:
    """Return whether the new figure is one: the day exists, no sum begins with 0."""
    match change.figure.field[0]:
        case "funding":
            return re.fullmatch(r"0[0-9,].*", change.becomes) is None
        case "period":
            try:
                return bool(date.fromisoformat(change.becomes))
            except ValueError:
                return False
        case _:
            return True
