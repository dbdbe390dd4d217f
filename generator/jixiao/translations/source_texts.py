"""Which texts of a project readers of another language should find translated, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from jixiao.analysis.site_content import Catalogue
from jixiao.i18n import Dictionary
from jixiao.model.declaration import Declaration
from jixiao.text import has_chinese
from jixiao.translations.po_update import Said

_PLACES = 20
"""Places that are listed for one text: “完成” stands in every second declaration."""


def texts_of(
    catalogue: Catalogue, declarations: Iterable[tuple[str, Declaration]], known: Dictionary
) -> Mapping[str, Said]:
    """Give each text with its places, in the order of the sources.

    Args:
        catalogue: What serves all declarations.
        declarations: Each with its file.
        known: The closed lists that every site shares; they are translated with the program.
    """
    files: dict[str, str] = {}
    places: dict[str, dict[str, None]] = {}
    for name, place, text in (*_of_registers(catalogue), *_of_declarations(declarations)):
        if has_chinese(text) and known.find(text) is None:
            files.setdefault(text, name)
            places.setdefault(text, {})[place] = None
    return {
        text: Said(file=name, places=tuple(sorted(places[text])[:_PLACES])) for text, name in files.items()
    }


def _of_registers(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    for organisation in catalogue.organisations.values():
        yield "organisations.po", "content/organisations.yml", organisation.name.plain()
    for edition, taxonomy in catalogue.taxonomies.items():
        for text in (taxonomy.title.plain(), *taxonomy.natures, *taxonomy.levels):
            yield "taxonomies.po", f"content/taxonomies/{edition}.yml", text
        for text in (text for classes in taxonomy.levels.values() for text in classes):
            yield "taxonomies.po", f"content/taxonomies/{edition}.yml", text
    for reason in catalogue.addresses.withdrawn.values():
        yield "addresses.po", "content/addresses.yml", reason.plain()


def _of_declarations(declarations: Iterable[tuple[str, Declaration]]) -> Iterator[tuple[str, str, str]]:
    for file, declaration in declarations:
        for text in declaration.translatable_texts():
            yield f"declarations-{declaration.year}.po", file, text.plain()


def file_of_module(module: str, files: Mapping[str, str]) -> str:
    """Choose the file for a new sentence of *module*: the one that has most of its sentences."""
    mentioned = {
        name: len(re.findall(rf"^#:.*{re.escape(module)}$", text, re.MULTILINE))
        for name, text in files.items()
    }
    name = max(mentioned, key=lambda one: mentioned[one], default="")
    return name if name and mentioned[name] else f"{PurePath(module).stem}.po"
