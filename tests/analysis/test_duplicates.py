"""Targets in the same words: found among all declarations, counted anew here from the YAML."""

import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from jixiao.analysis.duplicates import LISTED_TARGETS
from tests.conftest import jixiao
from tests.support.build_runs import build, list_differing_files, read_all_files
from tests.support.independent_readers import (
    PREFIXES,
    YamlNode,
    find_elements,
    iter_indicators,
    read_page,
    read_text,
    read_yaml,
    translations,
)
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, add_declaration, copy_small_project

_PUNCTUATION = re.compile(r"[\s，。、；：！？,.;:!?“”‘’\"'（）()《》·-]+")
_NUMBER = re.compile(r"(?:>=|<=|[<>=≥≤])?\s*[0-9,.]+\s*\S{0,6}")

DuplicateCounts = dict[tuple[str, str], tuple[int, int, int]]
"""Name and target → declarations, projects, classes."""


def _is_sound(indicator: YamlNode) -> bool:
    defects = {one.text() for one in indicator.at("defects").parts()}
    unconfirmed = indicator.at("certainty", "text").text() == "unconfirmed"
    return not unconfirmed and not defects & {"number-missing", "target-missing"}


def _count_duplicates(project: Path) -> DuplicateCounts:
    """Count repeated targets from the YAML."""
    places: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    words: dict[tuple[str, str], tuple[str, str]] = {}
    root = project / "content/declarations"
    for file in sorted(root.rglob("*.yml")):
        identity = file.relative_to(root).with_suffix("").as_posix()
        for level1, level2, indicator in iter_indicators(read_yaml(file)):
            name, target = indicator.at("name").required_text(), indicator.at("target").text()
            if target and not _NUMBER.fullmatch(target) and _is_sound(indicator):
                said = _PUNCTUATION.sub("", name), _PUNCTUATION.sub("", target)
                words.setdefault(said, (name, target))
                places[said].add((identity, f"{level1}/{level2}"))
    counted = {
        words[said]: (
            len({identity for identity, _ in where}),
            len({identity.partition("/")[2] for identity, _ in where}),
            len({of_class for _, of_class in where}),
        )
        for said, where in places.items()
    }
    return {said: counts for said, counts in counted.items() if counts[0] > 1 or counts[2] > 1}


def _read_published_counts(project: Path, prefix: str = "") -> DuplicateCounts:
    page = read_page(project / "build/site" / prefix / "indicators/index.html")
    rows = [
        [read_text(cell) for cell in find_elements(row, "th | td")]
        for row in find_elements(page, "//table[contains(@class, 'copied')]/tbody/tr")
    ]
    return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in rows}


def _build(project: Path) -> None:
    result = jixiao("build", "--project", str(project))
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr


@pytest.mark.parametrize("language", sorted(PREFIXES))
def test_the_real_declarations_say_three_things_twice(built: Path, language: str) -> None:
    known = translations(language)
    expected = {
        tuple(known.get(text, text) for text in said): counts
        for said, counts in _count_duplicates(built).items()
    }
    assert _read_published_counts(built, PREFIXES[language]) == expected
    assert len(expected) == 3


def _with_rows(text: str, rows: dict[str, list[tuple[str, str]]]) -> str:
    """Insert these targets into a declaration, by level-2 class."""
    classes = "".join(
        f"    {level2}:\n"
        + "".join(
            f"      - id: {'abcdefghijklmnopqrstuvwxyz'[number % 26]}{level2_number}-{number}\n"
            f'        name: {name}\n        target: "{target}"\n'
            for number, (name, target) in enumerate(of_class)
        )
        for level2_number, (level2, of_class) in enumerate(rows.items())
    )
    return re.sub(r"(?ms)^indicators:\n.*?(?=^\w)", f"indicators:\n  产出指标:\n{classes}", text)


def test_years_of_one_project_are_one_project_and_a_declaration_can_copy_itself(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES / "sites/years", project, ignore=shutil.ignore_patterns("expected"))
    for year, name, rows in (
        (2020, "clinic", {"数量指标": [("台账管理", "规范、完整")]}),
        (2021, "clinic", {"数量指标": [("台账管理", "规范完整"), ("巡诊率", "=100%")]}),
        (2021, "rounds", {"数量指标": [("宣传", "覆盖各村")], "质量指标": [("宣传", "覆盖各村")]}),
        (2022, "clinic", {"数量指标": [("巡诊率", "=100%"), ("宣传", "覆盖全县")]}),
    ):
        file = project / f"content/declarations/{year}/health/{name}.yml"
        file.write_text(_with_rows(file.read_text("utf-8"), rows), "utf-8")
    _build(project)
    assert _read_published_counts(project) == {
        ("台账管理", "规范、完整"): (2, 1, 1),
        ("宣传", "覆盖各村"): (1, 1, 2),
    }
    assert _read_published_counts(project) == _count_duplicates(project)


def test_the_most_widely_copied_are_listed_and_a_change_of_one_word_changes_the_list(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    text = (project / CLINIC_PATH).read_text("utf-8")
    common = [(f"工作{chr(0x4E00 + number)}", "按计划完成") for number in range(LISTED_TARGETS + 5)]
    for name, rows in {
        "one": {"数量指标": common},
        "two": {"质量指标": common[:4], "时效指标": [("巡诊率", "=100%")]},
        "three": {"数量指标": common[:4]},
        "four": {"时效指标": [("巡诊率", "=100%")]},
        "five": {"数量指标": common[2:]},
    }.items():
        add_declaration(project, name, _with_rows(text, rows))
    (project / CLINIC_PATH).write_text(_with_rows(text, {"数量指标": [("巡诊", "每周一次")]}), "utf-8")
    _build(project)

    counted, shown = _count_duplicates(project), _read_published_counts(project)
    assert ("巡诊率", "=100%") not in {*counted, *shown}
    assert len(counted) > LISTED_TARGETS == len(shown)
    assert shown.items() <= counted.items()
    ranks = [(-projects, -classes, -declarations) for declarations, projects, classes in shown.values()]
    assert ranks == sorted(ranks)
    left_out = [counts for said, counts in counted.items() if said not in shown]
    assert min((-projects, -classes) for _, projects, classes in left_out) >= ranks[-1][:2]

    file = project / "content/declarations/2021/health/three.yml"
    file.write_text(file.read_text("utf-8").replace("按计划完成", "按季度完成", 1), "utf-8")
    before = read_all_files(project / "build/site")
    # As many wordings are counted: a few after the others.
    counting = build(project, code="import jixiao.analysis.duplicates as w\nw._DIGESTS_AT_ONCE = 3")
    assert (counting.returncode, counting.stderr) == (0, "")
    counted_in_slices = read_all_files(project / "build/site")
    shutil.rmtree(project / "build")
    _build(project)
    assert list_differing_files(counted_in_slices, read_all_files(project / "build/site")) == [
        "data/manifest.json"
    ]
    changed = list_differing_files(before, read_all_files(project / "build/site"))
    assert "indicators/index.html" in changed
    assert _read_published_counts(project).items() <= _count_duplicates(project).items()
