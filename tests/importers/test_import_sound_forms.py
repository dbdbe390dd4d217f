"""Any sound form survives the import: `check` then reads what its rows and fields say (hypothesis)."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao import pipeline
from jixiao.commands.import_ import ImportRequest, import_forms
from jixiao.model.target import read_target
from jixiao.model.values import read_line
from jixiao.problems import ReadError, Severity
from tests.support.sample_projects import copy_small_project, format_problem_report, read_sound_declaration
from tests.support.text_strategies import WORDS, sums

LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
CLASSES = tuple((level1, level2) for level1, below in LEVELS.items() for level2 in below)
WORDS_OF_CLASSES = {*LEVELS, *(level2 for _, level2 in CLASSES)}
FORM = "content/forms/example.txt"
DEPARTMENT = "content/declarations/2021/health"
LEFT_BY_A_COPY = re.compile(r"&nbsp;", re.IGNORECASE)


def _is_name(text: str) -> bool:
    """Return whether *text* may be the name of an indicator that needs no correction."""
    try:
        read_line(text)
    except ReadError:
        return False
    return "".join(text.split()) not in WORDS_OF_CLASSES and not LEFT_BY_A_COPY.search(text)


def _is_target(text: str) -> bool:
    try:
        read_target(text)
    except ReadError:
        return False
    return _is_name(text)


NAMES = WORDS.filter(_is_name)
TARGETS = st.one_of(WORDS.filter(_is_target), st.sampled_from((">=90%", "=0", "≤30天", "985米", "及时")))
BREAKS = st.sampled_from(("", "", "", "\n"))


@dataclass(frozen=True)
class Sound:
    """Form and its expected content."""

    text: str
    rows: tuple[tuple[str, str, str, str], ...]
    sums: tuple[str, ...]


@st.composite
def sound_forms(draw: st.DrawFn) -> Sound:
    """Draw a form whose cells all stand where they belong; merged cells are blank or repeat their words."""
    total = draw(sums().filter(lambda typed: len(typed.partition(".")[2]) <= 2))
    lines = [
        "财政项目支出绩效目标申报表",
        "(2021年度)",
        "项目名称\t巡诊\t项目类别\t一次性项目\t",
        "主管部门\t示例县卫生局\t实施单位\t示例县诊所管理站\t",
        "计划开始日期\t2021-01-01\t计划完成日期\t2021-12-31\t",
        f"项目资金\t项目资金总额\t{total}\t年度资金申请总额\t{total}",
        f"\t其中：财政资金\t{total}\t其中：当年财政拨款\t",
        "\t\t\t上年结转资金\t",
        "\t其他资金\t\t其他资金\t",
        "绩效指标\t一级指标\t二级指标\t三级指标\t指标目标值",
    ]
    rows = []
    last: tuple[str, str] = ("", "")
    for level1, level2 in draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=4, unique=True)):
        for name, target in draw(st.lists(st.tuples(NAMES, TARGETS), min_size=1, max_size=3)):
            repeats = draw(st.booleans())
            first = level1 if repeats or level1 != last[0] else ""
            second = level2 if first or level2 != last[1] else ""
            lines.append(f"{draw(BREAKS)}\t{first}\t{second}\t{name}\t{target}")
            rows.append((level1, level2, name, target))
            last = (level1, level2)
    return Sound("\n".join(lines) + "\n", tuple(rows), (total, total, total))


@settings(max_examples=60)
@given(sound_forms())
def test_any_sound_form_is_imported_as_it_says_and_accepted(form: Sound) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copy_small_project(Path(folder) / "project")
        shutil.rmtree(project / DEPARTMENT)
        (project / FORM).write_text(form.text, encoding="utf-8", newline="\n")

        imported = import_forms(
            ImportRequest(forms=[project / FORM], root=project, folder=project / DEPARTMENT, id="clinic")
        )

        read = read_sound_declaration(project / DEPARTMENT / "clinic.yml")
        problems = pipeline.check(project).problems

    count = imported.readings[0].count
    assert (count.omitted_count, count.unplaced_cells) == (0, ())
    filed = [(row.level1, row.level2, row.indicator.name.typed, row.indicator.target) for row in read.rows()]
    said = [(*row[:3], read_target(row[3])) for row in form.rows]
    assert sorted(filed, key=repr) == sorted(said, key=repr)
    assert tuple(money.filed for _, _, money in read.funding.sums()) == form.sums
    errors = [
        one for one in problems if one.severity is Severity.ERROR and one.place.file.endswith("clinic.yml")
    ]
    # The form does not state the unit of money.
    assert {one.rule for one in errors} == {"money-unit-unclear"}, format_problem_report(tuple(errors))
    # Nothing is damaged, so nothing may be marked but a number that the words themselves lack.
    assert {mark for row in read.rows() for mark in row.indicator.defects} <= {"number-missing"}
