"""A draft: everything that goes into the file of one declaration, and the file as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.importers.facts import BLOCKS, Facts, Remarked
from generator.importers.notes import say_notes
from generator.importers.proposals import Proposal
from generator.importers.yaml_text import as_filed, block, quoted, words
from generator.model.declaration import Certainty, MoneyUnit
from generator.words import SOURCE_LANGUAGE, Dictionary, Message

_CHINESE = Dictionary(language=SOURCE_LANGUAGE)
_SCHEMA = "# yaml-language-server: $schema=../../../schema/declaration.schema.json"
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_READ_AS = MoneyUnit.YUAN


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
            "indicators": self.indicators,
        }
        yield from (field for field, value in filed.items() if not value)


def yaml_of(draft: Draft) -> str:
    """Write the file of *draft*; a field that is missing is left out."""
    facts = draft.facts
    plain = (
        ("edition", quoted(draft.edition)),
        ("year", facts.year),
        ("name", words(facts.name) if facts.name else None),
        ("nature", facts.nature),
        ("department", draft.department),
        ("unit", draft.unit),
    )
    lines = [
        _SCHEMA,
        *(f"{field}: {value}" for field, value in plain if value),
        *_period(facts),
        *_funding(facts),
        *_goals(facts),
        *_indicators(draft.indicators),
        *_remarks(facts.remarks),
        "source:",
        f"  form: {words(draft.form)}",
    ]
    if draft.lines:
        lines.append(f"  lines: [{draft.lines[0]}, {draft.lines[1]}]")
    return "\n".join(lines) + "\n"


def _period(facts: Facts) -> Iterator[str]:
    days = [(field, day) for field, day in (("start", facts.start), ("end", facts.end)) if day]
    if days:
        yield "period:"
        yield from (f"  {field}: {day}" for field, day in days)


def _funding(facts: Facts) -> Iterator[str]:
    if not facts.money:
        # The block is there on every form; that nothing stands in it is not filed, which is no mistake.
        yield f"funding: {{{'unit: ' + facts.money_unit if facts.money_unit else ''}}}"
        return
    yield "funding:"
    yield f"  unit: {facts.money_unit}" if facts.money_unit else f"  unit_read_as: {_READ_AS}"
    for name, fields in BLOCKS:
        sums = [(field, facts.money[name, field]) for field in fields if (name, field) in facts.money]
        if sums:
            yield f"  {name}:"
            yield from (f"    {field}: {filed}" for field, filed in sums)


def _goals(facts: Facts) -> Iterator[str]:
    if facts.goals:
        yield "goals:"
        for key, text in facts.goals.items():
            yield from block(key, text, 1)


def _indicators(proposals: Sequence[Proposal]) -> Iterator[str]:
    if not proposals:
        return
    yield "indicators:"
    for level1 in dict.fromkeys(proposal.of.level1 for proposal in proposals):
        yield f"  {level1}:"
        below = [proposal for proposal in proposals if proposal.of.level1 == level1]
        for of in dict.fromkeys(proposal.of for proposal in below):
            yield f"    {of.level2}:"
            for proposal in below:
                if proposal.of == of:
                    yield from _indicator(proposal)


def _indicator(proposal: Proposal) -> Iterator[str]:
    yield f"      - id: {proposal.id}"
    yield f"        name: {words(proposal.name)}"
    yield f"        target: {'null' if proposal.target is None else quoted(proposal.target)}"
    if not proposal.is_repair:
        return
    yield from as_filed([row.number for row in proposal.rows], [row.texts for row in proposal.rows], 4)
    if proposal.defects:
        yield f"        defects: [{', '.join(proposal.defects)}]"
    certainties = [
        (half, certainty)
        for half, certainty in (("class", proposal.class_certainty), ("text", proposal.text_certainty))
        if certainty is not Certainty.PRINTED
    ]
    if certainties:
        yield "        certainty:"
        yield from (f"          {half}: {certainty}" for half, certainty in certainties)
    if proposal.notes:
        yield f"        note: {_note(proposal.notes)}"


def _note(notes: tuple[Message, ...]) -> str:
    """Write a note; tags that it quotes become such as no browser takes for tags, as the checks demand."""
    return words(_TAG.sub("＜", say_notes(notes, _CHINESE)))


def _remarks(remarks: Sequence[Remarked]) -> Iterator[str]:
    if not remarks:
        return
    yield "remarks:"
    for remark in remarks:
        yield f"  - field: {remark.field}"
        yield from as_filed([cell.row for cell in remark.cells], [[cell.text] for cell in remark.cells], 2)
        yield f"    defects: [{', '.join(remark.defects)}]"
        yield f"    note: {_note(remark.notes)}"
