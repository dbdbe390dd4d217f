"""No reader and no writer takes the square of the length of what was typed: a run of signs hangs nothing.

`make linear` feeds each with 1 MiB of everything in `linear/texts.py`; here a choice of it is a
sixteenth as long, and three times as long where that takes longer than a moment.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from jixiao.i18n import message
from jixiao.importers.form_cells import build_row
from jixiao.importers.form_labels import has_person_name, is_about_person, is_person_at_start, is_person_label
from jixiao.originals.form_search import search_content
from tests.conftest import ROOT
from tests.linear.measured_readers import Read, readers
from tests.linear.measuring import seconds_of
from tests.linear.texts import FEW, run
from tests.support.forked_command import forked_command
from tests.support.git_project import start_git_project
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

SHORT = 64 * 1024
LONGER = 3
SECONDS = 0.5
"""For a short text. A reader that takes a quarter of it takes two seconds for 1 MiB."""
MOMENT = 0.06
STEEPEST = 6
"""How many times as long a reader may take for what is three times as long; the square would be nine."""
ENOUGH = 8
"""Seconds of processor time for a whole command on five hostile files; it takes two."""
LEFT_TO_THE_COMPLETE_RUN = {
    *("declaration: value", "declaration: name of a field", "declaration: deeper line", "declaration: money"),
    *("declaration: year", "declaration: braces", "organisations: name", "addresses: entry", "closed lists"),
    *("settings: address", "settings: contact", "page: list", "page: link", "page: front matter"),
    *("fmt", "fmt: list", "migrate", "import: labels"),
}
"""Readers that go the way of another one."""


LABEL_WORDS = ("主管单位", "单位", "姓名", "手机", "联系电话", "负责人及", "王 ", "，姓名：", "其中：", "（")
LONGEST_LABEL = 200


def test_labels_of_persons_that_repeat_up_to_the_longest_line_take_no_time() -> None:
    def read(text: str) -> None:
        cell = build_row(1, (text,), message("甲")).cells[0]
        for tells in (is_person_label, is_about_person, is_person_at_start, has_person_name):
            tells(cell)
        search_content(f"{text}\t甲\n{text}：甲".encode())

    units = (*LABEL_WORDS, *(one + other for one in LABEL_WORDS for other in LABEL_WORDS))
    seconds = {
        unit: seconds_of(read, f"{(unit * LONGEST_LABEL)[: LONGEST_LABEL - 1]}甲", SECONDS) for unit in units
    }

    assert {unit: taken for unit, taken in seconds.items() if taken > MOMENT} == {}


@pytest.fixture(scope="module")
def all_readers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Read]:
    return readers(tmp_path_factory.mktemp("linear"))


def test_time_grows_with_the_length_and_not_with_its_square(all_readers: Mapping[str, Read]) -> None:
    slow = []
    chosen = {name: read for name, read in all_readers.items() if name not in LEFT_TO_THE_COMPLETE_RUN}
    for name, read in chosen.items():
        for unit in FEW:
            seconds = seconds_of(read, run(unit, SHORT), 4 * SECONDS)
            # The least of two: whatever else the machine does must not count.
            if seconds > MOMENT:
                seconds = min(seconds, seconds_of(read, run(unit, SHORT), 4 * SECONDS))
                more = seconds_of(read, run(unit, LONGER * SHORT), 20 * SECONDS)
                slow += [(name, unit, seconds, more)] if more > STEEPEST * max(seconds, MOMENT) else []
            slow += [(name, unit, seconds, 0)] if seconds > SECONDS else []

    assert slow == []


@pytest.mark.parametrize("unit", ["{", "{}", "[,"])
def test_a_file_of_brackets_is_refused_at_once(tmp_path: Path, unit: str) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / CLINIC_PATH).write_text(run(unit, 1024 * 1024), encoding="utf-8")

    for command in ("check", "build"):
        ran = _within_seconds(command, "--project", str(project))
        assert ran.returncode == 1
        assert CLINIC_PATH in ran.stdout + ran.stderr


def test_a_review_of_a_hostile_branch_ends(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    texts = {"one": "{", "two": "[", "three": "a: {", "four": "&amp;", "five": '"'}
    for name, unit in texts.items():
        begun.write(f"content/declarations/2021/health/{name}.yml", run(unit, 512 * 1024))
    begun.write("content/pages/zh/about.md", f"---\ntitle: a\ndescription: b\n---\n{run('-', 512 * 1024)}\n")
    begun.write("content/translations/en/content.po", run("#~", 512 * 1024))
    begun.git("add", "--all")
    blanks = run(" ", 512 * 1024)
    message = tmp_path / "message"
    message.write_text(f"a branch\n\n变更理由：{blanks}\nChange-Kind:{blanks}\n.\n", encoding="utf-8")
    begun.git("commit", "--quiet", "--cleanup=verbatim", "--file", str(message))

    ran = _within_seconds("review", "main", cwd=begun.project)

    assert ran.returncode == 1
    assert all(f"{name}.yml" in ran.stdout for name in texts)


def _within_seconds(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command; the system ends it with a signal when it has used up its processor time."""
    return forked_command().run(
        arguments,
        environment={**os.environ, "JIXIAO_LANGUAGE": "en", "COLUMNS": "100", "NO_COLOR": "1"},
        cwd=cwd,
        before=f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({ENOUGH}, {ENOUGH}))",
    )
