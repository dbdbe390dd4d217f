"""Site content from loaded sources: registers, taxonomies and hand-written pages, read as their models.

Located trees come in; the sound models and the problems of the others come out. Summaries of declarations are
added later, when the declarations have been checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jixiao.analysis.site_content import HandwrittenPage, SiteContent
from jixiao.i18n import message
from jixiao.load.content_files import TAXONOMY_FOLDER, LoadedFiles, PageSource, load_content
from jixiao.load.tree_to_model import AnyModel, read_model
from jixiao.load.yaml_tree import Node, find_place
from jixiao.model.address_register import AddressRegister
from jixiao.model.organisation import Organisations
from jixiao.model.taxonomy import Taxonomy
from jixiao.model.values import Line
from jixiao.problems import Place, Problem


class _FrontMatter(BaseModel):
    """Front matter of a hand-written page."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    title: Annotated[Line, Field(title="标题")]
    description: Annotated[Line, Field(title="简介")]


def build_site_content(
    sources: LoadedFiles, unreadable: tuple[Problem, ...]
) -> tuple[SiteContent, tuple[Problem, ...]]:
    """Read every shared source as its model; return the sound ones and the problems of the others.

    The summaries are still empty: they come from the declarations.

    Args:
        sources: Sources that could be loaded.
        unreadable: Problems of the files that could not be loaded.
    """
    problems: list[Problem] = []
    content = SiteContent(
        organisations=_read_register(Organisations, sources.organisations, Organisations({}), problems).root,
        organisations_tree=sources.organisations,
        address_register=_read_register(AddressRegister, sources.addresses, AddressRegister(), problems),
        address_register_tree=sources.addresses,
        taxonomies=dict(_read_taxonomies(sources.taxonomies, problems)),
        translations=sources.translations,
        handwritten_pages=tuple(_read_handwritten_pages(sources.pages, problems)),
        forms=sources.forms,
        shared_files=sources.shared,
    )
    unread = frozenset(problem.place.file for problem in (*unreadable, *problems))
    return replace(content, unread_paths=unread), tuple(problems)


def _read_register(
    model: type[AnyModel], tree: Node | None, empty: AnyModel, problems: list[Problem]
) -> AnyModel:
    """Read a register; return *empty* if there is none, or if it has problems."""
    register = empty if tree is None else read_model(model, tree)
    if isinstance(register, tuple):
        problems.extend(register)
        return empty
    return register


def _read_taxonomies(trees: Mapping[str, Node], problems: list[Problem]) -> Iterator[tuple[str, Taxonomy]]:
    for name, tree in trees.items():
        taxonomy = read_model(Taxonomy, tree)
        if not isinstance(taxonomy, Taxonomy):
            problems.extend(taxonomy)
        elif taxonomy.edition != name:
            # One file an edition, so that none can stand in for another.
            problems.append(
                Problem(
                    rule="edition-differs-from-file",
                    place=find_place(tree, ("edition",)),
                    message=message(
                        "版本是“{edition}”，文件名却是 {name}.yml", edition=taxonomy.edition, name=name
                    ),
                    hint=message("请改正版本，或把文件改名为 {edition}.yml", edition=taxonomy.edition),
                )
            )
        else:
            problems.extend(_check_crosswalk(taxonomy, tree))
            yield name, taxonomy


def _check_crosswalk(taxonomy: Taxonomy, tree: Node) -> Iterator[Problem]:
    """Yield a problem for each crosswalk target that is no class of the edition."""
    known = {f"{level1}/{level2}" for level1, classes in taxonomy.levels.items() for level2 in classes}
    for edition, classes in taxonomy.crosswalk.items():
        for theirs, ours in classes.items():
            if ours not in known:
                yield Problem(
                    rule="crosswalk-class-unknown",
                    place=find_place(tree, ("crosswalk", edition, theirs)),
                    message=message("本版没有这个类别：{name}", name=ours),
                    hint=message("写成 一级指标/二级指标，照 levels 里的名称"),
                )


def _read_handwritten_pages(
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


def read_registers(root: Path, needed: tuple[str, ...]) -> tuple[SiteContent, tuple[Problem, ...]]:
    """Read the registers; return them with the problems of the *needed* files."""
    sources, unreadable = load_content(root)
    content, invalid = build_site_content(sources, unreadable)
    wrong = tuple(problem for problem in (*unreadable, *invalid) if problem.place.file.startswith(needed))
    if not wrong and not content.taxonomies:
        wrong = (
            Problem(
                rule="no-taxonomies",
                place=Place(TAXONOMY_FOLDER),
                message=message("没有指标体系：认不出一级、二级指标"),
                hint=message("请在项目文件夹里运行，或用 --project 指明项目文件夹"),
            ),
        )
    return content, wrong
