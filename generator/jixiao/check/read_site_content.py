"""From trees to the catalogue: read what serves all declarations as its model, and keep what is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jixiao.analysis.site_content import Catalogue, HandwrittenPage
from jixiao.i18n import message
from jixiao.load.content_files import Sources
from jixiao.load.markdown_page import PageSource
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import Node, place_of
from jixiao.model.address_register import AddressBook
from jixiao.model.organisation import Organisation, Organisations
from jixiao.model.taxonomy import Taxonomy
from jixiao.model.values import Line
from jixiao.problems import Problem


class _FrontMatter(BaseModel):
    """The lines above a hand-written page."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    title: Annotated[Line, Field(title="标题")]
    description: Annotated[Line, Field(title="简介")]


def build_catalogue(
    sources: Sources, unreadable: tuple[Problem, ...]
) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Read every shared source as its model; give the sound ones, and the problems of the others.

    The catalogue has no entries yet: these come from the declarations.

    Args:
        sources: What could be loaded.
        unreadable: The problems of the files that could not.
    """
    problems: list[Problem] = []
    read = Catalogue(
        organisations=_organisations(sources.organisations, problems),
        organisations_tree=sources.organisations,
        addresses=_addresses(sources.addresses, problems),
        addresses_tree=sources.addresses,
        taxonomies=dict(_taxonomies(sources.taxonomies, problems)),
        translations=sources.translations,
        handwritten=tuple(_handwritten(sources.pages, problems)),
        forms=sources.forms,
        shared=sources.shared,
    )
    unread = frozenset(problem.place.file for problem in (*unreadable, *problems))
    return replace(read, unread=unread), tuple(problems)


def _organisations(tree: Node | None, problems: list[Problem]) -> Mapping[str, Organisation]:
    if tree is None:
        return {}
    organisations = read_model(Organisations, tree)
    if isinstance(organisations, Organisations):
        return organisations.root
    problems.extend(organisations)
    return {}


def _addresses(tree: Node | None, problems: list[Problem]) -> AddressBook:
    if tree is None:
        return AddressBook()
    book = read_model(AddressBook, tree)
    if isinstance(book, AddressBook):
        return book
    problems.extend(book)
    return AddressBook()


def _taxonomies(trees: Mapping[str, Node], problems: list[Problem]) -> Iterator[tuple[str, Taxonomy]]:
    for name, tree in trees.items():
        taxonomy = read_model(Taxonomy, tree)
        if not isinstance(taxonomy, Taxonomy):
            problems.extend(taxonomy)
        elif taxonomy.edition != name:
            # One file an edition, so that none can stand in for another.
            problems.append(
                Problem(
                    rule="edition-differs-from-file",
                    place=place_of(tree, ("edition",)),
                    message=message(
                        "版本是“{edition}”，文件名却是 {name}.yml", edition=taxonomy.edition, name=name
                    ),
                    hint=message("请改正版本，或把文件改名为 {edition}.yml", edition=taxonomy.edition),
                )
            )
        else:
            problems.extend(_of_crosswalk(taxonomy, tree))
            yield name, taxonomy


def _of_crosswalk(taxonomy: Taxonomy, tree: Node) -> Iterator[Problem]:
    """Yield a problem for each class that the edition does not have and a crosswalk leads to."""
    known = {f"{level1}/{level2}" for level1, classes in taxonomy.levels.items() for level2 in classes}
    for edition, classes in taxonomy.crosswalk.items():
        for theirs, ours in classes.items():
            if ours not in known:
                yield Problem(
                    rule="crosswalk-class-unknown",
                    place=place_of(tree, ("crosswalk", edition, theirs)),
                    message=message("本版没有这个类别：{name}", name=ours),
                    hint=message("写成 一级指标/二级指标，照 levels 里的名称"),
                )


def _handwritten(
    pages: Mapping[tuple[str, str], PageSource], problems: list[Problem]
) -> Iterator[HandwrittenPage]:
    for (language, slug), page in pages.items():
        front = read_model(_FrontMatter, page.front_matter)
        if isinstance(front, _FrontMatter):
            yield HandwrittenPage(
                slug=slug,
                language=language,
                file=page.file,
                title=front.title,
                description=front.description,
                markdown=page.markdown,
                first_line=page.first_line,
            )
        else:
            problems.extend(front)
