"""Drafts of declarations, written as YAML text.

An organisation that is not registered gets a proposed id and a line to add to the register. Nothing is
written to disk here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from jixiao.i18n import SOURCE_LANGUAGE, Message, TranslationCatalogue
from jixiao.importers.form_cells import GridCell, join_lines
from jixiao.importers.form_facts import (
    FUNDING_BLOCKS,
    FieldRemark,
    FormFacts,
)
from jixiao.importers.indicator_proposals import IndicatorProposal, translate_notes
from jixiao.load.yaml_tree import PlainTree
from jixiao.model.declaration import Certainty
from jixiao.model.organisation import Organisation, OrganisationKind
from jixiao.yaml_format.document import YamlDocument, build_group
from jixiao.yaml_format.document_writer import DECLARATION_STYLE, format_document, format_text


@dataclass(frozen=True, kw_only=True)
class _ProposedOrganisation:
    """Organisation that is not registered yet."""

    id: str
    cell: GridCell
    """Cell where it was met first."""
    kind: OrganisationKind
    parent: str | None
    """Id of the department on the same form; only a unit has one."""

    def write_line(self) -> str:
        """Return its line for `content/organisations.yml`."""
        parent = f", parent: {self.parent}" if self.parent else ""
        name = format_text(join_lines(self.cell.stripped_text))
        return f"{self.id}: {{name: {name}, kind: {self.kind}{parent}}}"


@dataclass(frozen=True, kw_only=True)
class OrganisationRegister:
    """Registered organisations, and unregistered ones met in forms."""

    known: Mapping[str, Organisation]
    """Registered organisations by id."""
    unknown: dict[str, _ProposedOrganisation] = field(default_factory=dict)
    """Unregistered organisations by their name on the form."""

    def find_id(self, cell: GridCell | None, kind: OrganisationKind, parent: str | None = None) -> str | None:
        """Return the id of the organisation in *cell*, proposing one if it is not registered.

        Args:
            cell: Cell with its name or one of its aliases; `None` where the form has none.
            kind: A department must be registered as one; a department may carry out a project itself.
            parent: Id of the department on the same form, for a unit.
        """
        if cell is None:
            return None
        name = cell.compact_text
        for identity, organisation in self.known.items():
            if kind is OrganisationKind.DEPARTMENT and organisation.kind is not kind:
                continue
            names = (organisation.name, *organisation.aliases)
            if any(name == "".join(known.plain().split()) for known in names):
                return identity
        proposed = self.unknown.get(name)
        if proposed is None:
            taken = {*self.known, *(organisation.id for organisation in self.unknown.values())}
            free = next(number for number in count(1) if f"{kind}-{number}" not in taken)
            proposed = _ProposedOrganisation(id=f"{kind}-{free}", cell=cell, kind=kind, parent=parent)
        elif kind is OrganisationKind.DEPARTMENT and proposed.kind is OrganisationKind.UNIT:
            # Another form names it in charge of a project, which only a department can be; its id is in use.
            proposed = replace(proposed, kind=kind, parent=None)
        self.unknown[name] = proposed
        return proposed.id

    def list_lines_to_add(self) -> Iterator[tuple[GridCell, str]]:
        """Yield the cell of each unregistered organisation with its line for `content/organisations.yml`."""
        for proposed in self.unknown.values():
            yield proposed.cell, proposed.write_line()


_CHINESE_CATALOGUE = TranslationCatalogue(language=SOURCE_LANGUAGE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationDraft:
    """One declaration, ready to be written."""

    edition: str
    facts: FormFacts
    department: str | None
    """Registered or proposed id."""
    unit: str | None
    """Registered or proposed id."""
    indicators: tuple[IndicatorProposal, ...]
    form: str
    """Path of the form under `content/`, existing or planned."""
    lines: tuple[int, int] | None
    """First and last line, where one file holds several forms."""

    @property
    def is_complete(self) -> bool:
        """Whether no field is missing and no question is open."""
        return self.facts.open_unit_question is None and not tuple(self.list_missing_fields())

    def list_missing_fields(self) -> Iterator[str]:
        """Yield the fields required in every declaration that this form does not provide."""
        facts = self.facts
        values = {
            "year": facts.year,
            "name": facts.name,
            "nature": facts.nature,
            "department": self.department,
            "unit": self.unit,
            "period.start": facts.start,
            "period.end": facts.end,
            "funding": not facts.has_unplaced_sums,
            "indicators": self.indicators,
        }
        yield from (field for field, value in values.items() if not value)


def write_draft(draft: DeclarationDraft) -> str:
    """Return the YAML text of *draft*; missing fields are omitted."""
    facts = draft.facts
    indicators: dict[str, dict[str, list[PlainTree]]] = {}
    for proposal in draft.indicators:
        level1, level2 = proposal.indicator_class
        indicators.setdefault(level1, {}).setdefault(level2, []).append(_build_indicator(proposal))
    lines: dict[str, PlainTree] = {"lines": [str(number) for number in draft.lines]} if draft.lines else {}
    fields: dict[str, PlainTree] = {
        "edition": draft.edition,
        "year": facts.year,
        "name": facts.name,
        "nature": facts.nature,
        "department": draft.department,
        "unit": draft.unit,
        "period": _drop_missing({"start": facts.start, "end": facts.end}),
        "goals": dict(facts.goals),
        "indicators": {level1: dict(classes) for level1, classes in indicators.items()},
        "remarks": [_build_remark(remark) for remark in facts.remarks],
        "source": {"form": draft.form, **lines},
    }
    filled = _drop_missing(fields)
    # An empty block means that no sums were filed, which is no mistake. Where sums could not be read the
    # block is omitted, so that the checks ask for it.
    if not facts.has_unplaced_sums:
        filled["funding"] = _build_funding(facts)
    head = (DECLARATION_STYLE.modeline,)
    return format_document(YamlDocument(root=build_group(filled), head=head), DECLARATION_STYLE)


def _drop_missing(fields: Mapping[str, PlainTree]) -> dict[str, PlainTree]:
    """Drop missing fields."""
    return {field: value for field, value in fields.items() if value}


def _build_funding(facts: FormFacts) -> dict[str, PlainTree]:
    blocks: dict[str, PlainTree] = {
        name: {field: facts.money[name, field] for field in fields if (name, field) in facts.money}
        for name, fields in FUNDING_BLOCKS
    }
    return _drop_missing({"unit": facts.money_unit, **blocks})


def _build_indicator(proposal: IndicatorProposal) -> dict[str, PlainTree]:
    """Build the fields of an indicator; a repaired one also has its row as filed, with defects and notes."""
    fields: dict[str, PlainTree] = {"id": proposal.id, "name": proposal.name, "target": proposal.target}
    if not proposal.is_repair:
        return fields
    certainties = (("class", proposal.class_certainty), ("text", proposal.text_certainty))
    repairs: dict[str, PlainTree] = {
        "as_filed": _build_as_filed(
            [row.number for row in proposal.rows], [row.texts for row in proposal.rows]
        ),
        "defects": [str(defect) for defect in proposal.defects],
        "certainty": {
            part: str(certainty) for part, certainty in certainties if certainty is not Certainty.PRINTED
        },
        "note": _write_note(proposal.notes),
    }
    return {**fields, **_drop_missing(repairs)}


def _build_as_filed(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> dict[str, PlainTree]:
    """Return rows of the form exactly as filed.

    Args:
        numbers: Numbers of the rows of the form.
        rows: Cells of each row, empty ones included.
    """
    return {"lines": list(map(str, numbers)), "cells": [list(cells) for cells in rows]}


def _write_note(notes: tuple[Message, ...]) -> str:
    """Return the text of a note; quoted tags are escaped, as the checks require."""
    return _TAG.sub("＜", translate_notes(notes, _CHINESE_CATALOGUE))


def _build_remark(remark: FieldRemark) -> dict[str, PlainTree]:
    rows: dict[int, list[str]] = {}
    for cell in remark.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return {
        "field": str(remark.field),
        "as_filed": _build_as_filed(list(rows), list(rows.values())),
        "defects": [str(defect) for defect in remark.defects],
        "note": _write_note(remark.notes),
    }
