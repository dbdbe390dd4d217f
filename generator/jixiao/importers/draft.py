"""A draft: everything that goes into the file of one declaration, and the file as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jixiao.i18n import SOURCE_LANGUAGE, Dictionary, Message
from jixiao.importers.form_facts import BLOCKS, Facts, Remarked
from jixiao.importers.indicator_proposals import Proposal
from jixiao.importers.notes import say_notes
from jixiao.load.yaml_tree import Plain
from jixiao.model.declaration import Certainty
from jixiao.writing.kinds import DECLARATION
from jixiao.yaml_format.document import Document, group_of
from jixiao.yaml_format.document_writer import write

_CHINESE = Dictionary(language=SOURCE_LANGUAGE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One declaration, ready to be written."""

    edition: str
    facts: Facts
    department: str | None
    """An id, known or proposed."""
    unit: str | None
    """An id, known or proposed."""
    indicators: tuple[Proposal, ...]
    form: str
    """The path of the form under `content/`, as it is or as it is to be."""
    lines: tuple[int, int] | None
    """First and last line, where one file holds several forms."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing and nothing is left open."""
        return self.facts.question is None and not tuple(self.missing())

    def missing(self) -> Iterator[str]:
        """Name the fields that every declaration has and this form does not give."""
        facts = self.facts
        filed = {
            "year": facts.year,
            "name": facts.name,
            "nature": facts.nature,
            "department": self.department,
            "unit": self.unit,
            "period.start": facts.start,
            "period.end": facts.end,
            "funding": not facts.has_other_sums,
            "indicators": self.indicators,
        }
        yield from (field for field, value in filed.items() if not value)


def yaml_of(draft: Draft) -> str:
    """Write the file of *draft*; a field that is missing is left out."""
    facts = draft.facts
    fields: dict[str, Plain] = {
        "edition": draft.edition,
        "year": facts.year,
        "name": facts.name,
        "nature": facts.nature,
        "department": draft.department,
        "unit": draft.unit,
        "period": _filled({"start": facts.start, "end": facts.end}),
        "goals": dict(facts.goals),
        "indicators": _indicators(draft.indicators),
        "remarks": [_remark(remark) for remark in facts.remarks],
        "source": {"form": draft.form, **_lines(draft.lines)},
    }
    # The block is there on every form; that nothing stands in it is not filed, which is no mistake. Where
    # something does and could not be read, the block is left out, so that the checks ask for it.
    filled = {**_filled(fields), **({} if facts.has_other_sums else {"funding": _funding(facts)})}
    head = (DECLARATION.modeline,)
    return write(Document(root=group_of(filled), head=head), DECLARATION)


def _filled(fields: Mapping[str, Plain]) -> dict[str, Plain]:
    """Leave out what is missing."""
    return {field: value for field, value in fields.items() if value}


def _lines(lines: tuple[int, int] | None) -> dict[str, Plain]:
    return {"lines": [str(number) for number in lines]} if lines else {}


def _funding(facts: Facts) -> dict[str, Plain]:
    blocks: dict[str, Plain] = {
        name: {field: facts.money[name, field] for field in fields if (name, field) in facts.money}
        for name, fields in BLOCKS
    }
    return _filled({"unit": facts.money_unit, **blocks})


def _indicators(proposals: Sequence[Proposal]) -> dict[str, Plain]:
    levels: dict[str, dict[str, list[Plain]]] = {}
    for proposal in proposals:
        below = levels.setdefault(proposal.of.level1, {})
        below.setdefault(proposal.of.level2, []).append(_indicator(proposal))
    return {level1: dict(below) for level1, below in levels.items()}


def _indicator(proposal: Proposal) -> dict[str, Plain]:
    fields: dict[str, Plain] = {"id": proposal.id, "name": proposal.name, "target": proposal.target}
    if not proposal.is_repair:
        return fields
    certainties = (("class", proposal.class_certainty), ("text", proposal.text_certainty))
    marks: dict[str, Plain] = {
        "as_filed": _as_filed([row.number for row in proposal.rows], [row.texts for row in proposal.rows]),
        "defects": [str(defect) for defect in proposal.defects],
        "certainty": {
            half: str(certainty) for half, certainty in certainties if certainty is not Certainty.PRINTED
        },
        "note": _note(proposal.notes),
    }
    return {**fields, **_filled(marks)}


def _as_filed(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> dict[str, Plain]:
    """Give a place of the form exactly as it stands there.

    Args:
        numbers: Of the rows of the form.
        rows: The cells of each, empty ones included.
    """
    return {"lines": list(map(str, numbers)), "cells": [list(cells) for cells in rows]}


def _note(notes: tuple[Message, ...]) -> str:
    """Write a note; tags that it quotes become such as no browser takes for tags, as the checks demand."""
    return _TAG.sub("＜", say_notes(notes, _CHINESE))


def _remark(remark: Remarked) -> dict[str, Plain]:
    rows: dict[int, list[str]] = {}
    for cell in remark.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return {
        "field": str(remark.field),
        "as_filed": _as_filed(list(rows), list(rows.values())),
        "defects": [str(defect) for defect in remark.defects],
        "note": _note(remark.notes),
    }
