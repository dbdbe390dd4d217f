"""The chain: a grid → its forms → fields and indicator rows → proposals → drafts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jixiao.importers.draft import Draft
from jixiao.importers.form_facts import Facts, facts_of
from jixiao.importers.form_fields import Head, read_head
from jixiao.importers.forms import Form, cut
from jixiao.importers.grid import Cell, Grid, Row
from jixiao.importers.indicator_classes import Classified, classify, compared
from jixiao.importers.indicator_proposals import Proposal, proposals_of
from jixiao.importers.indicator_rows import promises_of
from jixiao.importers.persons import holds_a_number_of_a_person, is_about_a_person, leave_out
from jixiao.importers.register import Register
from jixiao.importers.self_contradiction import remarks_on_contradictions
from jixiao.importers.single_forms import evidence_of_other_kind, refusal_of_form
from jixiao.importers.split_rows import Lists, lists_for, read_tokens
from jixiao.importers.table import Table, read_table, split
from jixiao.importers.tally import Count, Tally
from jixiao.model.organisation import Kind
from jixiao.model.taxonomy import Taxonomy
from jixiao.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One form as it was read."""

    file: str
    """Its file, as messages name it."""
    counts_lines: bool
    """Whether the numbers of its rows are those that a reader of the file sees beside them."""
    form: Form
    draft: Draft
    cells: tuple[Cell, ...]
    """All that stands in it."""
    tally: Tally

    @property
    def count(self) -> Count:
        """What became of its cells."""
        return self.tally.count(self.cells)


@dataclass(frozen=True, kw_only=True)
class Readings:
    """All forms of one file."""

    grid: Grid
    begin: int
    """The number of the row at which the first form begins."""
    forms: tuple[Reading, ...]
    tally: Tally
    refused: tuple[Problem, ...] = ()
    """Forms of another kind."""

    @property
    def count(self) -> Count:
        """What became of the cells, counted from the grid; forms of another kind are not read."""
        return self.tally.count((*self.outside, *(cell for form in self.forms for cell in form.cells)))

    @property
    def outside(self) -> tuple[Cell, ...]:
        """Cells above the first form."""
        return tuple(cell for cell in self.grid.filled() if cell.row < self.begin)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """A form taken apart."""

    form: Form
    facts: Facts
    lists: Lists
    table: Table | None
    rows: tuple[Classified, ...]


def read_forms(
    grid: Grid, taxonomies: Mapping[str, Taxonomy], register: Register, form_path: str
) -> Readings | Problem:
    """Read all forms of *grid*; say so when it holds none.

    Args:
        grid: A file.
        taxonomies: By edition; at least one.
        register: Of organisations; unknown ones are noted in it.
        form_path: Where the form lies under `content/`, or is to lie.
    """
    forms = cut(grid)
    if isinstance(forms, Problem):
        return forms
    tally = Tally()
    begin = forms[0].rows[0].number
    outside = tuple(row for row in grid.rows if row.number < begin)
    evidence = {form.number: evidence_of_other_kind(form.rows) for form in forms}
    parts = [
        _parts(form, taxonomies, tally, () if form.number > 1 else outside)
        for form in forms
        if evidence[form.number] is None
    ]
    rows = compared([(part.facts.name or "", part.rows) for part in parts])
    drafts = tuple(
        _draft(part, proposals, register, (form_path, len(forms) > 1))
        for part, proposals in zip(parts, _proposals(parts, list(rows), tally), strict=True)
    )
    _leave_out_persons((*outside, *(row for part in parts for row in part.form.rows)), tally)
    return Readings(
        grid=grid,
        begin=begin,
        tally=tally,
        refused=tuple(
            refusal_of_form(found, form.rows, grid.file, counts_lines=grid.counts_lines)
            for form in forms
            if (found := evidence[form.number]) is not None
        ),
        forms=tuple(
            Reading(
                file=grid.file,
                counts_lines=grid.counts_lines,
                form=part.form,
                draft=draft,
                cells=tuple(cell for row in part.form.rows for cell in row.filled),
                tally=tally,
            )
            for part, draft in zip(parts, drafts, strict=True)
        ),
    )


def _leave_out_persons(rows: Iterable[Row], tally: Tally) -> None:
    """Leave out of what has no place what is about a person, so that it is not listed either."""
    is_below_labels = False
    for row in rows:
        is_behind_label = is_below_labels
        is_below_labels = bool(row.filled) and all(map(is_about_a_person, row.filled))
        for cell in row.filled:
            if tally.is_taken(cell) or tally.is_held_back(cell):
                continue
            is_behind_label = is_behind_label or is_about_a_person(cell)
            if is_behind_label or holds_a_number_of_a_person(cell):
                leave_out(cell, tally)


def _parts(form: Form, taxonomies: Mapping[str, Taxonomy], tally: Tally, outside: tuple[Row, ...]) -> _Parts:
    above, body, below = split(form.rows)
    head = read_head(above, below, tally, outside)
    table = read_table(body, tally) if body else None
    lists = _lists(table, taxonomies, head)
    facts = facts_of(head, lists.taxonomy, tally)
    return _Parts(
        form=form,
        facts=replace(facts, remarks=(*facts.remarks, *remarks_on_contradictions(facts, head))),
        lists=lists,
        table=table,
        rows=_rows(table, lists, tally) if table else (),
    )


def _lists(table: Table | None, taxonomies: Mapping[str, Taxonomy], head: Head) -> Lists:
    if table is None:
        return Lists(taxonomy=taxonomies[min(taxonomies)])
    return lists_for(table.lines, table.columns, taxonomies, head.year or "")


def _rows(table: Table, lists: Lists, tally: Tally) -> tuple[Classified, ...]:
    tokens = tuple(read_tokens(line, table.columns, lists, tally) for line in table.lines)
    return classify(promises_of(tokens, table.columns, tally), table.columns, lists, tally)


def _proposals(
    parts: Sequence[_Parts], rows: Sequence[tuple[Classified, ...]], tally: Tally
) -> list[tuple[Proposal, ...]]:
    return [
        proposals_of(own, part.table.columns, tally) if part.table else ()
        for part, own in zip(parts, rows, strict=True)
    ]


def _draft(
    part: _Parts, proposals: tuple[Proposal, ...], register: Register, source: tuple[str, bool]
) -> Draft:
    form_path, has_several = source
    department = register.id_of(part.facts.department, Kind.DEPARTMENT)
    return Draft(
        edition=part.lists.taxonomy.edition,
        facts=part.facts,
        department=department,
        unit=register.id_of(part.facts.unit, Kind.UNIT, department),
        indicators=proposals,
        form=form_path,
        lines=part.form.lines if has_several else None,
    )
