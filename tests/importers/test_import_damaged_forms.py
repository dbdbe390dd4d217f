"""However a form is damaged, no cell is dropped, nothing invented, and the file can be read (hypothesis)."""

from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.read_site_content import build_site_content
from jixiao.check.semantic_checks import apply_rules
from jixiao.i18n import message
from jixiao.importers.declaration_drafts import OrganisationRegister, write_draft
from jixiao.importers.form_cells import CellUse, Grid, GridCell, build_row
from jixiao.importers.form_readings import FileReading, FormReading, read_forms
from jixiao.importers.single_forms import find_other_kind, split_forms
from jixiao.load.content_files import load_content, load_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import PlainTree, strip_places
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem
from tests.conftest import ROOT
from tests.support.sample_projects import format_problem_report
from tests.support.text_strategies import WORDS

FORM = ROOT / "content/forms/declarations-2021.txt"
LINES = tuple(FORM.read_text("utf-8").split("\n"))
WORDS_OF_FORMS = (
    "",
    "产出指标",
    "数量指标",
    "满意度指标",
    "社会效益指标",
    ">=90%",
    "名称 提高",
    "项目名称",
    "其他资金",
    "年度总目标",
    "填报人：某某",
    "联系电话",
    "(2021年度)",
    "12.50",
    "2021年6月30日",
    "<p>文字</p>",
    "财政项目支出绩效目标申报表",
)
OF_THE_IMPORTER = frozenset(
    {
        "class-not-in-edition",
        "edition-unknown",
        "id-repeated",
        "mark-incomplete",
        "money-unit-unclear",
        "nature-not-in-edition",
    }
)
"""Rules that a file breaks only if the importer wrote it badly, whatever the form says."""
CELLS = st.one_of(st.sampled_from(WORDS_OF_FORMS), WORDS)


@cache
def _lists() -> SiteContent:
    catalogue, _ = build_site_content(*load_content(ROOT))
    return catalogue


@st.composite
def damaged_forms(draw: st.DrawFn) -> str:
    """Draw the real text with cells pushed, lost, doubled and replaced, and lines lost, cut and joined."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split("\t")
        cell = draw(st.integers(0, len(cells) - 1))
        match draw(st.integers(0, 7)):
            case 0:
                cells.insert(cell, "")
            case 1:
                del cells[cell]
            case 2:
                cells[cell] = draw(CELLS)
            case 3:
                cells.insert(cell, draw(CELLS))
            case 4:
                cells = ["\n"] if draw(st.booleans()) else [*cells[:cell], "\n", *cells[cell:]]
            case 5:
                cells = cells * 2
            case 6:
                cells.reverse()
            case _:
                cells = [*cells, "\n", "", *cells]
        lines[at : at + 1] = "\t".join(cells).replace("\t\n\t", "\n").replace("\n\n\n", "\n\n").split("\n")
    return "\n".join(lines)


def _grid(text: str) -> Grid:
    rows = (
        build_row(number, tuple(line.split("\t")), message("第 {line} 行", line=str(number)))
        for number, line in enumerate(text.split("\n"), 1)
    )
    return Grid(file="form.txt", rows=tuple(rows))


def _texts(tree: PlainTree) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case list():
            for entry in tree:
                yield from _texts(entry)
        case dict():
            for key, value in tree.items():
                yield key
                yield from _texts(value)


def _is_converted(cell: GridCell, reading: FormReading) -> bool:
    """Return whether the file writes *cell* in other characters: an id, a nature, a day, a sum."""
    facts = reading.draft.facts
    converted = (*facts.money.values(), facts.start or "", facts.end or "")
    return (
        cell in (facts.department, facts.unit)
        or cell.compact_text.removesuffix("项目") in (facts.nature or "")
        or any(_digits(cell.compact_text) == _digits(one) for one in converted)
    )


def _digits(text: str) -> str:
    """Return the digits but 0, which stands before a month in a file and not on a form."""
    return "".join(filter("123456789".__contains__, text))


@given(damaged_forms())
def test_a_damaged_form_loses_no_cell_invents_nothing_and_gives_a_file_that_can_be_read(text: str) -> None:
    grid = _grid(text)
    lists = _lists()
    register = OrganisationRegister(known=lists.organisations)

    readings = read_forms(grid, lists.taxonomies, register, "forms/form.txt")

    if isinstance(readings, Problem):
        assert readings.rule == "no-form"
        return
    # A damaged form may look like one of another kind; it is then refused by name, with the rows it has.
    forms = split_forms(grid)
    assert not isinstance(forms, Problem)
    refused = [form for form in forms if find_other_kind(form.rows)]
    assert len(readings.refusals) == len(refused)
    count = readings.count
    cells = count.cells + sum(len(row.filled_cells) for form in refused for row in form.rows)
    assert cells == sum(bool(cell.strip()) for line in text.split("\n") for cell in line.split("\t"))
    for reading in readings.forms:
        _holds(reading, readings)


def _holds(reading: FormReading, readings: FileReading) -> None:
    written = write_draft(reading.draft)
    tree = load_declaration(written.encode(), "form.yml")
    assert not isinstance(tree, tuple), format_problem_report(tree) + written
    read = read_model(Declaration, tree)
    if not isinstance(read, Declaration):
        assert {problem.rule for problem in read} <= {"missing-field"}, format_problem_report(read) + written
    else:
        filed = ParsedDeclaration(
            id="2021/shanghai-hrss/form", file="form.yml", declaration=read, tree=tree, version=""
        )
        is_asked = reading.draft.facts.open_unit_question is not None
        rules = OF_THE_IMPORTER - ({"money-unit-unclear"} if is_asked else set())
        wrong = tuple(one for one in apply_rules(filed, _lists()) if one.rule in rules)
        assert wrong == (), format_problem_report(wrong) + written
    texts = "\n".join(cell.stripped_text for cell in reading.cells)
    held = "\n".join("".join(text.split()) for text in _texts(strip_places(tree)))
    lost = [
        cell
        for cell in reading.cells
        if readings.usage.uses.get(cell.key) in {CellUse.FIELD, CellUse.ROW}
        and cell.compact_text not in held
        and not _is_converted(cell, reading)
    ]
    assert lost == [], written
    for indicator in reading.draft.indicators:
        cells = _normalize("".join(text for row in indicator.rows for text in row.texts))
        # Word by word: what a page break cut apart has other cells between its halves.
        said = f"{indicator.name} {indicator.target or ''}"
        assert all(_is_composed_from(word, cells) for word in said.split()), (said, cells)
    assert all(typed in texts for typed in reading.draft.facts.money.values()), written


def _normalize(text: str) -> str:
    """Drop blanks and differences of width."""
    return "".join(normalize("NFKC", text).split())


def _is_composed_from(word: str, filed: str) -> bool:
    """Return whether *word* stands in *filed*, in at most two pieces, one after the other."""
    told = _normalize(word)
    return any(
        told[:cut] in filed and told[cut:] in filed[filed.find(told[:cut]) :]
        for cut in range(len(told), -1, -1)
    )
