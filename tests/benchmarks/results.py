"""What was measured: tables on a terminal, `bench.json` for programs, BENCHMARKS.md for readers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from tests.benchmarks.rounds import CASES, Row
from tests.benchmarks.tools import OURS, TITLES

MEDIANS = ("case", "tool", "wall, s", "CPU, s", "memory, MB", "site, MB")
RATIOS = ("case", "ours / peer", "wall", "CPU", "memory")
_SECTION = re.compile(r"^## ([0-9,]+) declarations$", re.MULTILINE)
_AFTER_SECTIONS = "## How it is measured"
_BY_HAND = "## Other measurements"
"""Begins the part of BENCHMARKS.md that people write."""
_INTRODUCTION = """\
# Benchmarks

How long whole builds take, compared with other generators that render the same pages from the same Markdown.
`make bench SIZES=<size>` writes the part of a size, with date and machine; the last part is written by hand.
Declarations are synthetic and in Chinese only. Figures are medians. A ratio is ours divided by the peer:
below 1, ours took less.
"""
_METHOD = """\
## How it is measured

- Jixiao reads the declarations (YAML), checks them, renders pages, builds the search indexes, compares the
  finished site with the declarations and publishes it. The peers read the Markdown that our build has left,
  render and index it; they check nothing.
- **Hugo + Pagefind**: a template with the same output as our layout (`tests/benchmarks/hugo/`), then the
  command of the same Pagefind that we use. **MkDocs + Material** and **Zensical**: their own theme and their
  own search, only index pages in the navigation, and our Markdown extension, which spares them tables.
- `check`: our check alone. `cold`: nothing built before. `one change`: the sum of one declaration is changed
  after a complete build; the peers build again with the cache that they keep themselves.
- Tools run in turn. Before each run the disk has written what earlier runs left; files that are read are in
  memory. CPU is user and system time of all processes, memory that of the largest single process.
- After each build the site is compared with our pages and the declarations: the number of pages, all of them
  in the search index, names and targets, the changed sum. A site that lacks something ends the benchmark.

Run it on an idle machine: `make bench`, or `make bench SIZES="1000 10000" ARGS="--runs 3"`;
`make bench ARGS=--help` lists the options. Peers read at most 10,000 declarations.
"""


def tables_of(rows: Sequence[Row], size: int) -> list[Table]:
    """Show the rows of one *size* on a terminal: medians, and ratios when a peer was measured."""
    tables = []
    for columns, lines in _tables(rows, size):
        table = Table(*columns, title=f"{size:,} declarations", title_justify="left")
        for line in lines:
            table.add_row(*line)
        tables.append(table)
    return tables


def write_json(rows: Sequence[Row], file: Path) -> None:
    """Write *rows* for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")


def section_of(rows: Sequence[Row], size: int, said: str, versions: Mapping[str, str]) -> str:
    """Write the part of BENCHMARKS.md about one *size*.

    Args:
        rows: What was measured, of any size.
        size: Which of them.
        said: When, on what, and how many runs, in one line.
        versions: Each tool with its version.
    """
    tools = ", ".join(versions[name] for name in dict.fromkeys(row.tool for row in rows if row.size == size))
    tables = "\n".join(_markdown(columns, lines) for columns, lines in _tables(rows, size))
    return f"## {size:,} declarations\n\n{said}\n{tools}.\n\n{tables}"


def _markdown(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", "---", *["---:"] * (len(columns) - 2)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (columns, rule, *lines))


def write_report(sections: Mapping[int, str], file: Path) -> None:
    """Write BENCHMARKS.md: *sections* measured now, other sizes and the part written by hand as they are."""
    before = file.read_text("utf-8") if file.exists() else ""
    _, heading, by_hand = before.partition(_BY_HAND)
    every = _sections_of(before) | dict(sections)
    parts = [_INTRODUCTION, *(every[size] for size in sorted(every)), _METHOD]
    if heading:
        parts.append(f"{heading}{by_hand}")
    file.write_text("\n".join(parts), encoding="utf-8", newline="\n")


def _sections_of(report: str) -> dict[int, str]:
    measured = report.partition(_AFTER_SECTIONS)[0]
    begins = [*_SECTION.finditer(measured)]
    bounds = [*(begin.start() for begin in begins), len(measured)]
    return {
        int(begin[1].replace(",", "")): f"{measured[begin.start() : end].rstrip()}\n"
        for begin, end in zip(begins, bounds[1:], strict=True)
    }


def _tables(rows: Sequence[Row], size: int) -> list[tuple[Sequence[str], list[Sequence[str]]]]:
    """Give columns and lines of the medians, and of the ratios when a peer was measured."""
    medians: list[Sequence[str]] = []
    ratios: list[Sequence[str]] = []
    for case in CASES:
        of_case = [row for row in rows if (row.size, row.case) == (size, case)]
        own = next((row for row in of_case if row.tool == OURS), None)
        for row in of_case:
            site = "" if row.output_mb is None else f"{row.output_mb:.1f}"
            figures = (f"{row.wall_s:.2f}", f"{row.cpu_s:.2f}", f"{row.peak_mb:.0f}", site)
            medians.append((case, TITLES[row.tool], *figures))
            if own and row is not own:
                ratios.append((case, TITLES[row.tool], *_ratios(own, row)))
    return [(MEDIANS, medians), *([(RATIOS, ratios)] if ratios else [])]


def _ratios(own: Row, peer: Row) -> tuple[str, ...]:
    pairs = ((own.wall_s, peer.wall_s), (own.cpu_s, peer.cpu_s), (own.peak_mb, peer.peak_mb))
    return tuple(f"{ours / theirs:.2f}" for ours, theirs in pairs)
