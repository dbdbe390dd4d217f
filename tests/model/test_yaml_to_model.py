"""From YAML to the model: every field is what was typed, digit for digit, or is refused with a place."""

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from jixiao.i18n import load_interface_catalogue
from jixiao.load.source_files import read_text
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import read_tree
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem
from tests.support.text_strategies import (
    LINES,
    PARAGRAPHS,
    PROSE,
    REFUSED_CHARACTERS,
    WORDS,
    SpelledText,
    Spelling,
    is_refused,
    quote,
    spelled_texts,
    sums,
)

NULLS = {"", "~", "null", "Null", "NULL"}
BOM = "\ufeff"
COMMENTS = st.sampled_from(["", " # 元", "   # 100", " #"])
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CLASSES = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)
FRAME = """\
edition: "2015"
year: 2021
name: 诊所
nature: 一次性项目
department: health
unit: clinic-office
period: {start: 2021-03-01, end: 2021-11-30}
funding: {unit: 元}
goals:
  annual: 完成巡诊。
indicators:
  产出指标:
    数量指标:
      - id: visits
        name: 巡诊次数
        target: ">=120次"
source: {form: forms/example.txt}
"""


def read_typed_fields(text: str, *, file: str = "content/declarations/2021/health/clinic.yml") -> object:
    """Read *text* as it stands in a file; return the fields that were typed, or the problems."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clinic.yml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        source = read_text(path, file)
    if isinstance(source, Problem):
        return (source,)
    tree = read_tree(source)
    if isinstance(tree, tuple):
        return tree
    declaration = read_model(Declaration, tree)
    if isinstance(declaration, tuple):
        return declaration
    return declaration.model_dump(by_alias=True, exclude_unset=True)


def assert_refused_well(problems: object, text: str) -> None:
    """Check that each problem has a place inside the file and is worded in both languages."""
    assert isinstance(problems, tuple)
    assert problems
    lines = text.removeprefix(BOM).replace("\r\n", "\n").split("\n")
    for problem in problems:
        assert isinstance(problem, Problem)
        assert 1 <= problem.place.line <= len(lines), problem
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1, problem
        for language in ("zh", "en"):
            words = load_interface_catalogue(language)
            assert problem.message.translate(words).strip()
            assert problem.hint.translate(words).strip()
            assert words.find(problem.message.template) is not None
            assert words.find(problem.hint.template) is not None


@st.composite
def declarations(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Draw the text of a file and the fields that were typed into it."""
    name = draw(spelled_texts(WORDS))
    overall, annual = draw(spelled_texts(PARAGRAPHS)), draw(spelled_texts(PARAGRAPHS))
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
    project = {key: draw(sums()) for key in draw(st.permutations(["total", "fiscal", "other"]))}
    year_sums = {key: draw(sums()) for key in ("total", "appropriation", "carryover") if draw(st.booleans())}
    indicators = draw(_indicators())
    comment = draw(COMMENTS)
    flow = draw(st.booleans())
    start, end = days
    lines = [
        "# 申报表",
        'edition: "2015"',
        f"year: 2021{comment}",
        f"name: {name.yaml(0)}",
        "nature: 一次性项目",
        "department: health",
        "unit: clinic-office",
        *(
            [f"period: {{start: {start}, end: '{end}'}}"]
            if flow
            else ["period:", f"  start: {start}{comment}", f"  end: {end}"]
        ),
        "funding:",
        "  unit: 元",
        "  project:",
        *(f"    {key}: {typed}{comment}" for key, typed in project.items()),
        "  annual:" if year_sums else "  annual: {}",
        *(f'    {key}: "{typed}"{comment}' for key, typed in year_sums.items()),
        "goals:",
        f"  overall: {overall.yaml(2)}",
        f"  annual: {annual.yaml(2)}",
        *_indicator_lines(indicators, flow=flow),
        "source: {form: forms/example.txt}",
        "",
    ]
    expected: dict[str, object] = {
        "edition": "2015",
        "year": 2021,
        "name": name.text,
        "nature": "一次性项目",
        "department": "health",
        "unit": "clinic-office",
        "period": {"start": start, "end": end},
        "funding": {"unit": "元", "project": project, "annual": year_sums},
        "goals": {"overall": overall.text, "annual": annual.text},
        "indicators": _expected_indicators(indicators),
        "source": {"form": "forms/example.txt"},
    }
    text = draw(st.sampled_from(["\n", "\r\n"])).join("\n".join(lines).split("\n"))
    return draw(st.sampled_from(["", BOM])) + text, expected


Drawn = list[tuple[tuple[str, str], str, SpelledText, SpelledText | None, list[SpelledText]]]
"""Indicators: class, id, name, target, cells as filed."""


@st.composite
def _indicators(draw: st.DrawFn) -> Drawn:
    """Draw indicators, their classes in any order."""
    drawn: Drawn = []
    for number, group in enumerate(draw(st.permutations(CLASSES))[: draw(st.integers(1, 4))]):
        for position in range(draw(st.integers(1, 2))):
            target = draw(st.one_of(st.none(), spelled_texts(WORDS.map("目标".__add__))))
            cells = draw(st.lists(spelled_texts(LINES, block=False), max_size=3))
            drawn.append((group, f"i-{number}-{position}", draw(spelled_texts(WORDS)), target, cells))
    return sorted(drawn, key=lambda one: [entry[0][0] for entry in drawn].index(one[0][0]))


def _indicator_lines(indicators: Drawn, *, flow: bool) -> Iterator[str]:
    yield "indicators:"
    above: tuple[str, str] = ("", "")
    for group, identity, name, target, cells in indicators:
        if group[0] != above[0]:
            yield f"  {group[0]}:"
        if group != above:
            yield f"    {group[1]}:"
        above = group
        yield f"      - id: {identity}"
        yield f"        name: {name.yaml(8)}"
        yield f"        target: {target.yaml(8) if target else 'null'}"
        if cells and flow:
            yield "        as_filed:"
            yield f"          {{lines: [2], cells: [[{', '.join(cell.yaml(0) for cell in cells)}]]}}"
        elif cells:
            yield "        as_filed:"
            yield "          lines: [2] # 行"
            yield "          cells:"
            for number, cell in enumerate(cells):
                yield f"            {'  ' if number else '- '}- {cell.yaml(14)}"


def _expected_indicators(indicators: Drawn) -> dict[str, dict[str, tuple[dict[str, object], ...]]]:
    grown: dict[str, dict[str, tuple[dict[str, object], ...]]] = {}
    for (level1, level2), identity, name, target, cells in indicators:
        one: dict[str, object] = {"id": identity, "name": name.text, "target": target and target.text}
        if cells:
            one["as_filed"] = {"lines": (2,), "cells": (tuple(cell.text for cell in cells),)}
        groups = grown.setdefault(level1, {})
        groups[level2] = (*groups.get(level2, ()), one)
    return grown


def key_order(fields: object) -> object:
    """Return the keys of *fields* in their order, which `==` between dictionaries ignores."""
    if isinstance(fields, dict):
        return [(key, key_order(value)) for key, value in fields.items()]
    return [key_order(entry) for entry in fields] if isinstance(fields, tuple) else None


@given(declarations())
def test_every_field_of_the_model_is_what_was_typed(drawn: tuple[str, dict[str, object]]) -> None:
    text, expected = drawn

    fields = read_typed_fields(text)

    assert fields == expected
    assert isinstance(fields, dict)
    assert key_order(fields["indicators"]) == key_order(expected["indicators"])


CELLS = "target: 目标\n        as_filed:\n          lines: [2]\n          cells:\n            "
PLACES = {
    "name": ("name: 诊所", "name: {}"),
    "goal": ("annual: 完成巡诊。", "annual: {}"),
    "target": ('target: ">=120次"', "target: {}"),
    "note": ('target: ">=120次"', 'target: ">=120次"\n        note: {}'),
    "cell": ('target: ">=120次"', f"{CELLS}- - {{}}\n              - 乙"),
    "bracketed": ('target: ">=120次"', f"{CELLS}- [甲, {{}},\n               乙]"),
    "sum": ("{unit: 元}", "\n  unit: 元\n  annual:\n    total: {}"),
    "day": ("{start: 2021-03-01, end: 2021-11-30}", "\n  start: {}\n  end: 2021-11-30"),
}
"""Where a value is typed as it comes: what stands in the frame, and what stands there instead."""


def read_at(place: str, value: str) -> tuple[str, object]:
    """Write *value* behind its key at *place*; return the text of the file and the value that was read."""
    there, instead = PLACES[place]
    text = FRAME.replace(there, instead.replace("{}", value))
    fields: Any = read_typed_fields(text)
    if isinstance(fields, tuple):
        return text, fields
    ((indicator,),) = (groups["数量指标"] for groups in fields["indicators"].values())
    found = {
        "name": fields["name"],
        "goal": fields["goals"]["annual"],
        "target": indicator["target"],
        "note": indicator.get("note"),
        "cell": list(*indicator.get("as_filed", {}).get("cells", ())),
        "sum": fields["funding"].get("annual", {}).get("total"),
        "day": fields["period"]["start"].isoformat(),
    }
    return text, found["cell" if place == "bracketed" else place]


def plain_meaning(typed: str, place: str) -> object:
    """Return the meaning of unquoted *typed* at *place*, if it has one."""
    bare = typed.strip(" ")
    match place:
        case "cell":
            return ["" if bare in NULLS else bare, "乙"]
        case "bracketed":
            parts = [part.strip(" ") for part in typed.split(",")]
            return ["甲", *("" if part in NULLS else part for part in parts), "乙"]
        case "sum" | "day":
            before = bare.partition(" #")[0].rstrip(" ")
            return None if before in NULLS else before
        case _:
            return None if bare in NULLS else bare


@given(LINES.filter(lambda text: text.lstrip(" ")[:1] not in {'"', "'"}), st.sampled_from(sorted(PLACES)))
@example("#1 优秀", "target")
@example("#1 优秀", "goal")
@example("2021 #1 工程", "name")
@example("100 #2", "cell")
@example(">5", "cell")
@example("|", "cell")
@example("15,986,000", "bracketed")
@example("<=1,0000", "bracketed")
@example("#1", "bracketed")
@example("a, #1", "bracketed")
def test_what_is_typed_without_quotes_is_read_as_typed_or_refused(typed: str, place: str) -> None:
    text, found = read_at(place, typed)

    if isinstance(found, tuple):
        assert_refused_well(found, text)
    else:
        assert found == plain_meaning(typed, place)
        assert place != "bracketed" or not re.search(r"[0-9],[0-9]{3}", typed)


@given(
    spelled_texts(WORDS, block=False), LINES, st.sampled_from(["name", "goal", "note", "cell", "bracketed"])
)
@example(SpelledText("完成", Spelling.DOUBLE), "#1 工程", "name")
def test_what_stands_behind_a_closing_quote_is_never_dropped_but_as_a_comment(
    value: SpelledText, behind: str, place: str
) -> None:
    # Two single quotes are one that is meant, so the text is not over yet.
    assume(value.spelling is not Spelling.SINGLE or not behind.startswith("'"))
    text, found = read_at(place, f"{value.yaml(0)}{behind}")

    if isinstance(found, tuple):
        assert_refused_well(found, text)
    elif behind.strip(" ") and place != "bracketed":
        assert behind.startswith(" ")
        assert behind.strip(" ").startswith("#")


@given(PARAGRAPHS, st.sampled_from(["|", "|-", ">", "|+"]), LINES)
@example("完成", "|", " #1 工程")
def test_what_stands_behind_the_sign_of_a_block_is_never_dropped(text: str, sign: str, behind: str) -> None:
    lines = "\n".join(f"    {line}" for line in text.split("\n"))
    whole, found = read_at("goal", f"{sign}{behind}\n{lines}")

    if isinstance(found, tuple):
        assert_refused_well(found, whole)
    else:
        assert re.fullmatch(r"[-+1-9]* *", behind)


@given(
    WORDS,
    st.sampled_from(REFUSED_CHARACTERS),
    st.sampled_from(["{}", "\\U{:08X}"]),
    st.sampled_from(sorted(PLACES)),
)
@example("完成", "\U000e0041", "{}", "name")
def test_a_hidden_character_is_refused_raw_and_escaped(
    before: str, hidden: str, form: str, place: str
) -> None:
    written = hidden if form == "{}" else form.format(ord(hidden))
    text, found = read_at(place, f'{quote(before)[:-1]}{written}"')

    assert isinstance(found, tuple)
    assert_refused_well(found, text)
    assert [problem.rule for problem in found] == ["forbidden-character"]


@given(spelled_texts(PROSE), st.sampled_from(["name", "goal", "note", "cell"]))
def test_quoted_text_is_refused_only_for_what_it_says(value: SpelledText, place: str) -> None:
    indent = {"name": 0, "goal": 2, "note": 8, "cell": 14}[place]
    text, found = read_at(place, value.yaml(indent))
    is_line = "\n" not in value.text and value.text == value.text.strip()
    may_stand = place == "cell" or (
        bool(value.text.strip()) and not is_refused(value.text) and (place != "name" or is_line)
    )

    if may_stand:
        assert found == ([value.text, "乙"] if place == "cell" else value.text)
    else:
        assert_refused_well(found, text)


@given(st.one_of(sums(), LINES))
@example("54449000.10")
@example("0123")
@example("22:22")
def test_a_sum_keeps_its_digits_and_its_zeros_or_is_refused(typed: str) -> None:
    text, found = read_at("sum", quote(typed))

    if isinstance(found, tuple):
        assert_refused_well(found, text)
    else:
        assert found == typed
        assert re.fullmatch(r"(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?", typed)


@given(st.text(st.sampled_from("\n\n  ab:-#'\"|>[]{},&*!%?中：“1"), max_size=60))
@example("---")
@example("? a")
@example("{?a: b}")
@example(":")
def test_whatever_a_file_holds_it_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    assert_refused_well(read_typed_fields(text), text)
