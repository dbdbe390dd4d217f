"""Blank declaration file: every field of the form with an explanation above it, and no invented value.

No comment follows the place of a goal: under a block of text, nobody could tell whether it is part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from jixiao.i18n import SOURCE_LANGUAGE, TranslationCatalogue, load_taxonomy_catalogue, message
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
from jixiao.model.declaration_schema import FIELD_GUIDANCE
from jixiao.model.taxonomy import Taxonomy
from jixiao.yaml_format.document import (
    CommentLines,
    DocumentField,
    DocumentGroup,
    DocumentValue,
    YamlDocument,
    build_group,
    build_node,
)
from jixiao.yaml_format.document_writer import DECLARATION_STYLE, format_document

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def propose_id_word(level2: str) -> str:
    """Return the English name of an indicator class as a part of an id."""
    english = load_taxonomy_catalogue("en").find(level2) or ""
    return _NOT_IN_ID.sub("-", english.lower()).strip("-")[:60].strip("-") or "indicator"


_CHINESE = TranslationCatalogue(language=SOURCE_LANGUAGE)
_EMPTY_VALUE = DocumentValue(text=None)
_HEAD_COMMENTS = (
    message("# 照收到的申报表填写，不补、不改、不算。标“必填”的都要填；其他各栏，表上空着的就空着。"),
    message("# 填完运行 jixiao check，按提示改到没有问题。以 # 开头的说明可以删去。"),
)


def format_blank_declaration(answers: Mapping[str, str], taxonomy: Taxonomy, names: Mapping[str, str]) -> str:
    """Format a blank declaration file.

    Args:
        answers: Known values of the fields above the funds.
        taxonomy: The edition, which gives a row for each class of indicators.
        names: Names of the organisations entered by id, by field.
    """
    root = DocumentGroup(fields=(*_build_head_fields(answers, taxonomy, names), *_build_blocks(taxonomy)))
    head = (DECLARATION_STYLE.modeline, *(line.translate(_CHINESE) for line in _HEAD_COMMENTS), "")
    return format_document(YamlDocument(root=root, head=head), DECLARATION_STYLE)


def _build_head_fields(
    answers: Mapping[str, str], taxonomy: Taxonomy, names: Mapping[str, str]
) -> Iterator[DocumentField]:
    for name in ("edition", "year", "name", "nature", "department", "unit"):
        notes = [_explain_field(Declaration, name)]
        if name == "nature":
            notes.append(message("# 可以填：{natures}。", natures=taxonomy.natures).translate(_CHINESE))
        if name in names:
            notes.append(message("# {id}：{name}", id=answers[name], name=names[name]).translate(_CHINESE))
        yield DocumentField(
            name=name, value=DocumentValue(text=answers.get(name) or None), above=tuple(notes)
        )


def _build_blocks(taxonomy: Taxonomy) -> Iterator[DocumentField]:
    yield _build_group_field(Declaration, "period", _build_empty_fields(Period))
    funds = (
        *_build_empty_fields(Funding, ("unit",)),
        _build_group_field(Funding, "project", _build_empty_fields(ProjectFunds)),
        _build_group_field(Funding, "annual", _build_empty_fields(AnnualFunds)),
    )
    yield _build_group_field(Declaration, "funding", funds)
    explanations = (_explain_field(Goals, name) for name in Goals.model_fields)
    yield DocumentField(
        name="goals",
        value=build_group(dict.fromkeys(Goals.model_fields)),
        above=("", _explain_field(Declaration, "goals"), *explanations),
    )
    yield DocumentField(name="indicators", value=DocumentGroup(fields=tuple(_build_levels(taxonomy))))
    yield _build_group_field(Declaration, "source", _build_empty_fields(Source, ("form",)))


def _build_levels(taxonomy: Taxonomy) -> Iterator[DocumentField]:
    numbers: Counter[str] = Counter()
    above: CommentLines = (
        _explain_field(Declaration, "indicators"),
        *(_explain_field(Indicator, name) for name in ("id", "name", "target")),
    )
    for level1, classes in taxonomy.levels.items():
        fields = []
        for level2 in classes:
            word = propose_id_word(level2)
            # The number makes the id unique even if a class occurs twice.
            numbers[word] += 1
            blank_indicators = build_node([{"id": f"{word}-{numbers[word]}", "name": None, "target": ""}])
            fields.append(DocumentField(name=level2, value=blank_indicators))
        yield DocumentField(name=level1, value=DocumentGroup(fields=tuple(fields)), above=above)
        above = ()


def _build_empty_fields(model: type[BaseModel], fields: tuple[str, ...] = ()) -> tuple[DocumentField, ...]:
    """Build blank fields, each with its explanation."""
    return tuple(
        DocumentField(name=name, value=_EMPTY_VALUE, above=(_explain_field(model, name),))
        for name in fields or model.model_fields
    )


def _build_group_field(model: type[BaseModel], name: str, fields: tuple[DocumentField, ...]) -> DocumentField:
    return DocumentField(
        name=name, value=DocumentGroup(fields=fields), above=("", _explain_field(model, name))
    )


def _explain_field(model: type[BaseModel], name: str) -> str:
    """Format the explanation of a field, beginning with its title on the form."""
    title = model.model_fields[name].title or name
    guidance = FIELD_GUIDANCE[f"{model.__name__}.{name}"]
    return message("# {title}（{field}）：{guidance}", title=title, field=name, guidance=guidance).translate(
        _CHINESE
    )
