"""The kinds of source files that are written: the model that orders the fields, and how values look."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model.address_register import AddressBook
from jixiao.model.declaration import Declaration
from jixiao.model.organisation import Organisations
from jixiao.model.taxonomy import Taxonomy
from pydantic import BaseModel

MODELINE = "yaml-language-server:"
"""How the comment begins that tells an editor the schema."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of file. Fields are told by their names, which mean the same wherever they stand."""

    model: type[BaseModel]
    quoted: frozenset[str] = frozenset()
    """Always in quotes: filed text, which may look like anything."""
    figures: frozenset[str] = frozenset()
    """Sums, days, years, counts, yes and no: plain as they were typed."""
    blocks: frozenset[str] = frozenset()
    """Text below its field, line by line, also where it has one line."""
    in_brackets: frozenset[str] = frozenset()
    """Lists of single values on one line."""
    modeline: str = ""
    """The comment at the top that tells an editor the schema, from the folder of a department."""


DECLARATION = Kind(
    model=Declaration,
    quoted=frozenset({"edition", "target", "cells"}),
    figures=frozenset(
        {"year", "start", "end", "total", "fiscal", "other", "appropriation", "carryover", "lines"}
    ),
    blocks=frozenset({"overall", "annual"}),
    in_brackets=frozenset({"lines", "defects", "cells"}),
    modeline=f"# {MODELINE} $schema=../../../schema/declaration.schema.json",
)
ORGANISATIONS = Kind(model=Organisations)
ADDRESSES = Kind(model=AddressBook)
TAXONOMY = Kind(model=Taxonomy, quoted=frozenset({"edition"}), figures=frozenset({"checked"}))
