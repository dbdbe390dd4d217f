"""Register of permanent addresses: an address that was published once stays valid for ever."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from jixiao.i18n import message
from jixiao.load.tree_to_model import read_scalar
from jixiao.model.values import Model, Prose, is_slug
from jixiao.problems import ReadError

_YEAR = re.compile(r"(19|20)[0-9]{2}", re.ASCII)
_ID_PARTS = 3


def read_declaration_id(value: object) -> str:
    """Read the id of a declaration: year/department/project."""
    typed = read_scalar(value)
    if not is_declaration_id(typed):
        raise ReadError(
            "address-format",
            message("这不是申报表的网址：{typed}", typed=typed),
            message("写成 年度/主管部门/项目，例如 2021/health/clinic"),
        )
    return typed


def is_declaration_id(typed: str) -> bool:
    """Return whether *typed* is a valid id of a declaration."""
    parts = typed.split("/")
    return len(parts) == _ID_PARTS and _YEAR.fullmatch(parts[0]) is not None and all(map(is_slug, parts[1:]))


def _read_mapping(value: object) -> object:
    """Return an empty mapping for an empty field: lines are added below its name later."""
    return {} if value is None else value


DeclarationId = Annotated[str, BeforeValidator(read_declaration_id), WithJsonSchema({"type": "string"})]


class AddressRegister(Model):
    """The file `content/addresses.yml`. Lines are added and never taken away."""

    published: Annotated[
        tuple[DeclarationId, ...],
        Field(title="发布过的网址"),
        BeforeValidator(lambda value: () if value is None else value),
    ] = ()
    """Every declaration that was ever published."""
    renamed: Annotated[
        Mapping[DeclarationId, DeclarationId], Field(title="改名"), BeforeValidator(_read_mapping)
    ] = {}
    """Old id → new id; the old URL redirects to the new one."""
    withdrawn: Annotated[
        Mapping[DeclarationId, Prose], Field(title="撤下"), BeforeValidator(_read_mapping)
    ] = {}
    """Id → the reason why the declaration is no longer published."""
