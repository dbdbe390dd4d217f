"""Each cell of a form is placed, not placed or personal, and never two of them (hypothesis)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.analysis.site_content import SiteContent
from jixiao.check.read_site_content import build_site_content
from jixiao.i18n import message
from jixiao.importers.declaration_drafts import OrganisationRegister, write_draft
from jixiao.importers.form_cells import CellKey, CellUse, Grid, build_row
from jixiao.importers.form_readings import FileReading, read_forms
from jixiao.load.content_files import load_content, load_declaration
from jixiao.load.yaml_tree import PlainTree, strip_places
from tests.conftest import ROOT

PROJECT = ("项目资金总额", "其中：财政资金", "其他资金")
ANNUAL = ("年度资金申请总额", "其中：当年财政拨款", "上年结转资金", "其他资金")
OTHERS = ("主管部门", "实施单位", "计划开始日期", "计划完成日期", "项目性质", "联系电话", "项目编码", "")
CLASSES = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("效益指标", "社会效益指标"),
    ("", ""),
    ("", "数量指标"),
)
FIELDS = {
    "项目资金总额": "total",
    "其中：财政资金": "fiscal",
    "年度资金申请总额": "total",
    "其中：当年财政拨款": "appropriation",
    "上年结转资金": "carryover",
    "其他资金": "other",
}
SOLE = "20"
"""What stands in every cell for a value, in the form in which all are equal."""


@dataclass(frozen=True)
class Drawn:
    """A form with places for values, each `None` in `rows`."""

    rows: tuple[tuple[str | None, ...], ...]

    def grid(self, values: Sequence[str]) -> Grid:
        """Return the form with *values* in its places, in order."""
        left = iter(values)
        texts = [tuple(next(left) if cell is None else cell for cell in row) for row in self.rows]
        places = (message("第 {line} 行", line=str(number)) for number in range(1, len(texts) + 1))
        rows = (
            build_row(number, row, place)
            for number, (row, place) in enumerate(zip(texts, places, strict=True), 1)
        )
        return Grid(file="form.txt", rows=tuple(rows))

    @property
    def places(self) -> list[CellKey]:
        """The cells for values."""
        return [
            (number, column)
            for number, row in enumerate(self.rows, 1)
            for column, cell in enumerate(row, 1)
            if cell is None
        ]


@st.composite
def forms(draw: st.DrawFn) -> Drawn:
    """Draw a form in which labels stand in any order and more than once, with a value or without one."""
    rows: list[tuple[str | None, ...]] = [
        ("项目支出绩效目标申报表",),
        ("(2021年度)",),
        ("项目名称", "巡诊", ""),
    ]
    labels = st.sampled_from((*PROJECT, *ANNUAL, *OTHERS))
    for pairs in draw(st.lists(st.lists(labels, min_size=1, max_size=3), max_size=8)):
        row: list[str | None] = [""] * draw(st.integers(0, 1))
        for label in pairs:
            row += [label, draw(st.sampled_from((None, None, None, "")))]
        rows.append(tuple(row))
    sides = draw(st.lists(st.sampled_from((PROJECT, ANNUAL)), max_size=3))
    rows += [tuple(cell for label in side for cell in (label, None)) for side in sides]
    if draw(st.booleans()):
        rows += [("项目总目标", "", "年度总目标", ""), (None, "", None, "")]
    rows.append(("绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "备注")[: draw(st.integers(5, 6))])
    for level1, level2 in draw(st.lists(st.sampled_from(CLASSES), max_size=5)):
        cells = [draw(st.sampled_from((None, None, None, ""))) for _ in rows[-1][3:]]
        rows.append(("", level1, level2, *cells))
    rows += [
        (label, None)
        for label in draw(st.lists(st.sampled_from(("填报人", "备注：", "合计", "其他资金")), max_size=3))
    ]
    return Drawn(tuple(rows))


@cache
def _lists() -> SiteContent:
    return build_site_content(*load_content(ROOT))[0]


def _read_grid(grid: Grid) -> tuple[FileReading, str]:
    lists = _lists()
    readings = read_forms(
        grid, lists.taxonomies, OrganisationRegister(known=lists.organisations), "forms/form.txt"
    )
    assert isinstance(readings, FileReading)
    return readings, "".join(write_draft(form.draft) for form in readings.forms)


def _uses(readings: FileReading) -> dict[CellKey, str]:
    """Return the use of each cell; exactly one."""
    found: dict[CellKey, str] = {}
    for cell in readings.grid.iterate_filled_cells():
        use, reason = readings.usage.uses.get(cell.key), readings.usage.reasons.get(cell.key)
        assert use is None or reason is None, cell
        found[cell.key] = use or "not-placed"
    count = readings.count
    assert (count.cells, count.omitted_count, len(count.unplaced_cells)) == (
        len(found),
        sum(use == CellUse.OMITTED for use in found.values()),
        sum(use == "not-placed" for use in found.values()),
    )
    return found


def _texts(tree: PlainTree) -> Counter[str]:
    """Count the words in a file outside the copies of rows as filed."""
    match tree:
        case str():
            return Counter(tree.strip().split("\n"))
        case list():
            return sum(map(_texts, tree), Counter())
        case dict():
            return sum((_texts(value) for key, value in tree.items() if key != "as_filed"), Counter())
        case _:
            return Counter()


@settings(max_examples=150)
@given(forms())
def test_each_cell_is_placed_once_or_told_wherever_equal_values_stand(form: Drawn) -> None:
    values = [str(4000 + number) for number in range(len(form.places))]
    alike, _ = _read_grid(form.grid([SOLE] * len(values)))
    apart, written = _read_grid(form.grid(values))

    # What becomes of a cell follows from where it stands, never from what stands elsewhere.
    uses = _uses(apart)
    assert _uses(alike) == uses
    tree = load_declaration(written.encode(), "form.yml")
    assert not isinstance(tree, tuple), written
    texts = _texts(strip_places(tree))
    organisations = {
        cell.stripped_text
        for form_read in apart.forms
        for cell in (form_read.draft.facts.department, form_read.draft.facts.unit)
        if cell
    }
    for key, value in zip(form.places, values, strict=True):
        is_placed = uses[key] in {CellUse.FIELD, CellUse.ROW}
        assert uses[key] != CellUse.LABEL, (key, value)
        assert texts[value] + (value in organisations) == is_placed, (key, value, uses[key], written)


@given(st.permutations([PROJECT, ANNUAL]), st.sampled_from((0, 1)))
def test_other_funds_belong_to_the_row_in_which_they_stand(
    order: list[tuple[str, ...]], repeated: int
) -> None:
    rows = [tuple(cell for label in side for cell in (label, None)) for side in order]
    form = Drawn((("绩效目标申报表",), ("项目名称", "巡诊"), *rows, *rows[:repeated]))
    number = len(form.places)

    readings, _ = _read_grid(form.grid([str(4000 + place) for place in range(number)]))

    said = [
        ("project" if side is PROJECT else "annual", FIELDS[label], str(4000 + place))
        for place, (side, label) in enumerate((side, label) for side in order for label in side)
    ]
    money = readings.forms[0].draft.facts.money
    read = [(*key, typed) for key, typed in money.items()]
    # Where a field stands twice, nothing says which of its sums holds, and the block is asked for.
    assert sorted(read) == ([] if repeated else sorted(said))
