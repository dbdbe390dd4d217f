"""Departments and units that are responsible for projects."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, RootModel

from jixiao.model.values import Count, Line, Model, Slug, Year


class OrganisationKind(StrEnum):
    """Role of an organisation in a declaration."""

    DEPARTMENT = "department"
    """主管部门, the department in charge."""
    UNIT = "unit"
    """实施单位, a unit that carries projects out."""


class Organisation(Model):
    """One record of `content/organisations.yml`; its key there is its permanent id."""

    name: Annotated[Line, Field(title="名称")]
    """The official name."""
    kind: Annotated[OrganisationKind, Field(title="类型")]
    parent: Annotated[Slug | None, Field(title="上级")] = None
    """The id of the department a unit belongs to."""
    aliases: Annotated[tuple[Line, ...], Field(title="又称")] = ()
    """Other names in use, e.g. 人社局, which search cannot infer."""
    projects: Annotated[Mapping[Year, Count], Field(title="项目总数", default_factory=dict)]
    """Year → number of projects with targets that the department states, published or not."""


class Organisations(RootModel[Mapping[Slug, Organisation]]):
    """The file `content/organisations.yml`: id → department or unit."""
