"""Closed lists of one rule edition. They are content, so a correction needs no change of code."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from jixiao.i18n import message
from jixiao.load.tree_to_model import Flag, read_plain_text
from jixiao.model.values import Line, Model
from jixiao.problems import ReadError


def _refuse_repeated_classes(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a class that is listed twice."""
    for position, name in enumerate(classes):
        if name in classes[:position]:
            raise ReadError(
                "class-repeated",
                message("“{name}”在同一个一级指标下写了两次", name=name),
                message("请只保留一个"),
                (position,),
            )
    return classes


ClassName = Annotated[str, BeforeValidator(read_plain_text), WithJsonSchema({"type": "string"})]
"""Name in a closed list."""


class Taxonomy(Model):
    """One file of `content/taxonomies/`."""

    edition: Annotated[str, Field(title="版本", min_length=1)]
    title: Annotated[Line, Field(title="名称")]
    source: Annotated[Line, Field(title="出处")]
    """Document that the lists are taken from."""
    checked: Annotated[Flag, Field(title="已核对")]
    """Whether the lists have been compared with the official text."""
    natures: Annotated[tuple[ClassName, ...], Field(title="项目性质", min_length=1)]
    levels: Annotated[
        Mapping[ClassName, Annotated[tuple[ClassName, ...], AfterValidator(_refuse_repeated_classes)]],
        Field(title="一级指标和二级指标", min_length=1),
    ]
    """Level-1 class → its level-2 classes, in the order of the form."""

    crosswalk: Annotated[
        Mapping[ClassName, Mapping[ClassName, ClassName]], Field(title="与其他版本的对照")
    ] = {}
    """Class of another edition, written `level 1/level 2` → the class of this edition that replaces it.

    By edition. Compiled by us, not part of the official text. Classes of the same name are not listed.
    """

    def find_parents(self, level2: str) -> tuple[str, ...]:
        """Return the level-1 classes that have *level2*."""
        return tuple(level1 for level1, classes in self.levels.items() if level2 in classes)
