"""The register of permanent addresses: what was published once is found for ever."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from jixiao.i18n import message
from jixiao.load.scalars import read_scalar
from jixiao.model.values import Model, Prose, is_slug
from jixiao.problems import Misread

_YEAR = re.compile(r"(19|20)[0-9]{2}", re.ASCII)
_PARTS = 3


def read_identity(value: object) -> str:
    """Read the id of a declaration: year/department/project."""
    typed = read_scalar(value)
    if not is_identity(typed):
        raise Misread(
            "address-format",
            message("这不是申报表的网址：{typed}", typed=typed),
            message("写成 年度/主管部门/项目，例如 2021/health/clinic"),
        )
    return typed


def is_identity(typed: str) -> bool:
    """Tell whether *typed* can be the id of a declaration."""
    parts = typed.split("/")
    return len(parts) == _PARTS and _YEAR.fullmatch(parts[0]) is not None and all(map(is_slug, parts[1:]))


def _read_group(value: object) -> object:
    """Take a group of which nothing is written yet for an empty one: lines are added below its name."""
    return {} if value is None else value


def _read_list(value: object) -> object:
    """Take a list of which nothing is written yet for an empty one."""
    return () if value is None else value


Identity = Annotated[str, BeforeValidator(read_identity), WithJsonSchema({"type": "string"})]


class AddressBook(Model):
    """The file `content/addresses.yml`. Lines are added and never taken away."""

    published: Annotated[tuple[Identity, ...], Field(title="发布过的网址"), BeforeValidator(_read_list)] = ()
    """Every declaration that was ever published."""
    renamed: Annotated[Mapping[Identity, Identity], Field(title="改名"), BeforeValidator(_read_group)] = {}
    """Old address → new address: readers of the old one are led to the new one."""
    withdrawn: Annotated[Mapping[Identity, Prose], Field(title="撤下"), BeforeValidator(_read_group)] = {}
    """Address → why the declaration is no longer published."""
