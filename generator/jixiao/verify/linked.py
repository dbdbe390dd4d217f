"""JSON-LD says of a declaration what its form says, in its file and in its page, and stands nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from jixiao.i18n import message
from jixiao.verify.declaration import Declaration
from jixiao.verify.finding import Finding, difference
from jixiao.verify.html_tree import Document, Element
from jixiao.verify.sources import FACTOR, Sources

DATA_PAGE: Final = "data/"
_KIND: Final = "application/ld+json"


def is_linked(element: Element) -> bool:
    """Tell whether an element holds data for programs and can do nothing else."""
    return element.tag == "script" and element.attributes == {"type": _KIND}


def compare_linked(path: str, content: bytes, declaration: Declaration, address: str) -> Iterator[Finding]:
    """Compare what JSON-LD says of a declaration: name, page, time, sum and goal.

    Args:
        path: The file in which it stands.
        content: Its bytes.
        declaration: As the verification has read it.
        address: The public address of the site, or empty.
    """
    try:
        said = json.loads(content)
        amount = said.get("funding", {}).get("amount", {}).get("value", "")
    except (ValueError, AttributeError) as error:
        yield Finding(file=path, saying=message("数据文件读不出来：{reason}", reason=str(error)))
        return
    facts = declaration.facts
    overall, annual = (goal or "" for goal in declaration.goals)
    for wanted, found in (
        (declaration.address.rstrip("/"), said.get("identifier")),
        (facts["name"], said.get("name")),
        (facts["start"], said.get("foundingDate")),
        (facts["end"], said.get("dissolutionDate")),
        (f"{address}{declaration.address}", said.get("url")),
        (annual_yuan(declaration) or "", amount),
        (annual or overall, said.get("description", "")),
    ):
        yield from difference(path, message("JSON-LD"), [wanted], str(found))


def compare_linked_in(file: str, document: Document, page: str, sources: Sources) -> Iterator[Finding]:
    """Compare what stands in a page for programs.

    Args:
        file: The page in the site.
        document: The page.
        page: Its address without the prefix of its language.
        sources: At least what this page shows.
    """
    texts = [element.text() for element in document.elements if is_linked(element)]
    declaration = sources.declarations.get(page)
    wanted = sources.settings.downloads and (declaration is not None or page == DATA_PAGE)
    if len(texts) != int(wanted):
        yield Finding(file=file, saying=message("网页里的 JSON-LD 缺少，或不该有"))
        return
    for text in texts:
        if declaration is not None:
            yield from compare_linked(file, text.encode(), declaration, sources.settings.address)
        elif not _is_dataset(text, f"{sources.settings.address}{DATA_PAGE}"):
            yield Finding(file=file, saying=message("网页里的 JSON-LD 缺少，或不该有"))


def annual_yuan(declaration: Declaration) -> str | None:
    """Give the sum requested for the year in 元; `None` is 未填报."""
    filed, unit = declaration.annual, declaration.unit
    if filed is None or unit is None:
        return None
    number = filed.replace(",", "")
    if unit == "元":
        return number
    product = (Decimal(number) * FACTOR[unit]).normalize()
    return format(product, "f")


def _is_dataset(text: str, address: str) -> bool:
    try:
        said: Any = json.loads(text)
    except ValueError:
        return False
    return isinstance(said, dict) and (said.get("@type"), said.get("url")) == ("Dataset", address)
