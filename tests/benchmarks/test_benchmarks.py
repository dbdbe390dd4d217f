"""The benchmarks measure and compare what they say, and their corpus is sound. No time is asserted."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.benchmarks.corpus import make_project
from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.likeness import identities_of, require_likeness
from tests.benchmarks.results import write_report
from tests.benchmarks.rounds import Row, medians
from tests.benchmarks.tools import ours
from tests.conftest import jixiao, run_module

KEYS = ["size", "case", "tool", "wall_s", "cpu_s", "peak_mb", "output_mb"]


@pytest.mark.parametrize("peer", ["none on this machine", "hugo"])
def test_a_small_run_gives_every_case_of_every_tool(
    peer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = shutil.which("hugo") is not None
    if peer == "hugo" and not there:
        pytest.skip(
            "Hugo is not on this machine, so the comparison with it was not run: apt-get install hugo"
        )
    if peer != "hugo":
        monkeypatch.setenv("PATH", "")
    files = ("--json", str(tmp_path / "bench.json"), "--report", str(tmp_path / "BENCHMARKS.md"))

    result = run_module("tests.benchmarks", "5", "--runs", "1", "--tools", "hugo,jixiao", *files)

    assert result.returncode == 0, result.stdout + result.stderr
    rows = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    tools = ["jixiao", "hugo"] if peer == "hugo" else ["jixiao"]
    cases = [
        ("check", "jixiao"),
        *(("cold", tool) for tool in tools),
        *(("one change", tool) for tool in tools),
    ]
    assert [list(row) for row in rows] == [KEYS] * len(cases)
    assert [(row["case"], row["tool"]) for row in rows] == cases
    assert {row["size"] for row in rows} == {5}
    assert all(row[key] > 0 for row in rows for key in KEYS[3:6])
    assert [row["output_mb"] is None for row in rows] == [case == "check" for case, _ in cases]
    assert all(word in result.stdout for word in ("5 declarations", "check", "cold", "one change", "Jixiao"))
    assert ("Hugo + Pagefind is left out: not on this machine" in result.stdout) == (peer != "hugo")
    assert ("ours / peer" in result.stdout) == (peer == "hugo")
    assert not (tmp_path / "BENCHMARKS.md").exists()


def test_a_site_with_data_and_packs_is_measured() -> None:
    result = run_module("tests.benchmarks.everything", "2")

    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^2 declarations with data and packs: [0-9.]+ s, CPU ", result.stdout, re.MULTILINE)


def test_wrong_use_says_what_there_is() -> None:
    unknown = run_module("tests.benchmarks", "--tools", "hugo,jekyll")
    nothing = run_module("tests.benchmarks", "0")

    assert unknown.returncode == nothing.returncode == 2
    assert "no such tool: jekyll; there are jixiao, hugo, zensical, mkdocs" in unknown.stderr
    assert "sizes and runs are numbers from 1" in nothing.stderr


def test_a_site_that_lacks_something_is_not_compared(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", 3, languages=("zh",))
    assert jixiao("build", "--project", str(project)).returncode == 0
    tool = ours(project)
    require_likeness(tool, project)
    identity = identities_of(project)[0]
    page = tool.site / identity / "index.html"
    whole = page.read_text("utf-8")

    with pytest.raises(BenchmarkFailure, match="does not show the changed sum"):
        require_likeness(tool, project, (identity, "1,234,567,890,123"))
    page.write_text(whole.replace('<td class="target">', '<td class="target">1', 1), "utf-8")
    with pytest.raises(BenchmarkFailure, match="targets, which are not the"):
        require_likeness(tool, project)
    page.unlink()
    with pytest.raises(BenchmarkFailure, match="pages instead of"):
        require_likeness(tool, project)


def test_a_row_is_the_median_of_its_runs() -> None:
    def row(tool: str, case: str, wall: float) -> Row:
        return Row(size=5, case=case, tool=tool, wall_s=wall, cpu_s=1, peak_mb=1, output_mb=1)

    runs = [row("jixiao", "one change", 9), *(row("jixiao", "cold", wall) for wall in (3, 1, 2))]

    assert medians(runs) == [row("jixiao", "cold", 2), row("jixiao", "one change", 9)]


def test_the_report_keeps_the_sizes_that_were_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "BENCHMARKS.md"
    first = {size: f"## {size:,} declarations\n\nold\n\n| a |\n" for size in (1_000, 10_000, 100_000)}
    write_report(first, file)
    write_report({10_000: "## 10,000 declarations\n\nnew\n"}, file)

    text = file.read_text("utf-8")
    assert [line for line in text.splitlines() if line in {"old", "new"}] == ["old", "new", "old"]
    assert text.count("## ") == 4
    write_report({}, file)
    assert file.read_text("utf-8") == text


def test_the_report_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "BENCHMARKS.md"
    by_hand = "## Other measurements\n\n### How long?\n\n| a |\n"
    write_report({}, file)
    file.write_text(f"{file.read_text('utf-8')}\n{by_hand}", "utf-8")
    write_report({1_000: "## 1,000 declarations\n\nnew\n"}, file)

    text = file.read_text("utf-8")
    assert text.endswith(f"Peers read at most 10,000 declarations.\n\n{by_hand}")
    assert "## 1,000 declarations\n\nnew\n" in text


def test_a_larger_corpus_begins_with_a_smaller_one_and_has_no_problem(tmp_path: Path) -> None:
    small = make_project(tmp_path / "small", 20)
    large = make_project(tmp_path / "large", 300)

    result = jixiao("check", "--project", str(large))
    assert result.returncode == 0
    assert result.stdout.splitlines()[-2].startswith("Declarations: 300. Errors: 0. Warnings: 0. Advice: ")
    assert identities_of(large)[:20] == identities_of(small)
    for identity in identities_of(small):
        name = f"content/declarations/{identity}.yml"
        assert (large / name).read_bytes() == (small / name).read_bytes()


def test_the_corpus_says_that_it_is_synthetic_and_holds_what_makes_forms_laborious(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", 300)
    files = [project / f"content/declarations/{identity}.yml" for identity in identities_of(project)]
    texts = [file.read_text("utf-8") for file in files]
    declarations = [yaml.load(text, yaml.CBaseLoader) for text in texts]  # noqa: S506 - builds only text
    rows = [text.count("- id: ") for text in texts]

    assert all(declaration["name"].startswith("合成数据") for declaration in declarations)
    assert all(
        "合成数据" in goal for declaration in declarations for goal in declaration.get("goals", {}).values()
    )
    for piece in (
        "unit_read_as: 元",
        "unit: 万元",
        "target: null",
        "as_filed:",
        "defects:",
        "note: 合成数据",
        "overall:",
    ):
        assert 0 < sum(piece in text for text in texts) < 300, piece
    assert any("total" not in declaration["funding"].get("annual", {}) for declaration in declarations)
    assert {declaration["edition"] for declaration in declarations} == {"2015", "2021"}
    assert len({declaration["year"] for declaration in declarations}) == 5
    assert max(rows) > 2 * sorted(rows)[len(rows) // 2]
