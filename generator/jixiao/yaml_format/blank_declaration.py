"""A fresh file: every field of the form with what is to be filled in above it, and nothing invented.

No comment stands where a goal will end: under a block of text, nobody could tell whether it is part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from jixiao.i18n import SOURCE_LANGUAGE, Dictionary, message
from jixiao.model.declaration import (
    AnnualFunds,
    Declaration,
    Funding,
    Goals,
    Indicator,
    Period,
    ProjectFunds,
    Source,
)
from jixiao.model.declaration_schema import GUIDANCE
from jixiao.model.taxonomy import Taxonomy
from jixiao.writing.ids import word_for_id
from jixiao.writing.kinds import DECLARATION
from jixiao.yaml_format.document import Document, Entry, Field, Group, Listing, Node, Notes, Value
from jixiao.yaml_format.document_writer import write

_CHINESE = Dictionary(language=SOURCE_LANGUAGE)
_EMPTY = Value(text=None)
_HEAD = (
    message("# 照收到的申报表填写，不补、不改、不算。标“必填”的都要填；其他各栏，表上空着的就空着。"),
    message("# 填完运行 jixiao check，按提示改到没有问题。以 # 开头的说明可以删去。"),
)


def fresh_file(answers: Mapping[str, str], taxonomy: Taxonomy, names: Mapping[str, str]) -> str:
    """Write the file.

    Args:
        answers: What is known of the fields above the funds.
        taxonomy: The edition, which gives a row for each class of indicators.
        names: Field → what its id stands for, e.g. the name of a department.
    """
    root = Group(fields=(*_head_fields(answers, taxonomy, names), *_blocks(taxonomy)))
    head = (DECLARATION.modeline, *(line.say(_CHINESE) for line in _HEAD), "")
    return write(Document(root=root, head=head), DECLARATION)


def _head_fields(answers: Mapping[str, str], taxonomy: Taxonomy, names: Mapping[str, str]) -> Iterator[Field]:
    for name in ("edition", "year", "name", "nature", "department", "unit"):
        notes = [_note(Declaration, name)]
        if name == "nature":
            notes.append(message("# 可以填：{natures}。", natures=taxonomy.natures).say(_CHINESE))
        if name in names:
            notes.append(message("# {id}：{name}", id=answers[name], name=names[name]).say(_CHINESE))
        yield Field(name=name, value=Value(text=answers.get(name) or None), above=tuple(notes))


def _blocks(taxonomy: Taxonomy) -> Iterator[Field]:
    yield _group(Declaration, "period", _explained(Period))
    funds = (
        *_explained(Funding, ("unit",)),
        _group(Funding, "project", _explained(ProjectFunds)),
        _group(Funding, "annual", _explained(AnnualFunds)),
    )
    yield _group(Declaration, "funding", funds)
    goals = tuple(Field(name=name, value=_EMPTY) for name in Goals.model_fields)
    above = (_note(Declaration, "goals"), *(_note(Goals, name) for name in Goals.model_fields))
    yield Field(name="goals", value=Group(fields=goals), above=("", *above))
    yield Field(name="indicators", value=Group(fields=tuple(_levels(taxonomy))))
    yield _group(Declaration, "source", _explained(Source, ("form",)))


def _levels(taxonomy: Taxonomy) -> Iterator[Field]:
    numbers: Counter[str] = Counter()
    above: Notes = (
        _note(Declaration, "indicators"),
        *(_note(Indicator, name) for name in ("id", "name", "target")),
    )
    for level1, classes in taxonomy.levels.items():
        below = tuple(Field(name=level2, value=_indicators(level2, numbers)) for level2 in classes)
        yield Field(name=level1, value=Group(fields=below), above=above)
        above = ()


def _indicators(level2: str, numbers: Counter[str]) -> Listing:
    """Give one indicator to fill in; the name of a class may stand under several, an id may not."""
    word = word_for_id(level2)
    numbers[word] += 1
    values = {"id": f"{word}-{numbers[word]}", "name": None, "target": ""}
    fields = tuple(Field(name=name, value=Value(text=text)) for name, text in values.items())
    return Listing(entries=(Entry(value=Group(fields=fields)),))


def _explained(model: type[BaseModel], fields: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """Give empty fields, each with its explanation."""
    return tuple(
        Field(name=name, value=_EMPTY, above=(_note(model, name),)) for name in fields or model.model_fields
    )


def _group(model: type[BaseModel], name: str, fields: tuple[Field, ...]) -> Field:
    inner: Node = Group(fields=fields)
    return Field(name=name, value=inner, above=("", _note(model, name)))


def _note(model: type[BaseModel], name: str) -> str:
    """Write the word of the form and what is to be filled in."""
    title = model.model_fields[name].title or name
    guidance = GUIDANCE[f"{model.__name__}.{name}"]
    return message("# {title}（{field}）：{guidance}", title=title, field=name, guidance=guidance).say(
        _CHINESE
    )
