"""JSON-LD of a declaration, in its file and in its page: it agrees with the form, and stands nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from jixiao.i18n import message
from jixiao.verify.findings import VerificationFinding, describe_difference
from jixiao.verify.html_stream import HtmlTag
from jixiao.verify.list_groups import UNITS
from jixiao.verify.source_declaration import SourceDeclaration
from jixiao.verify.sources import VerificationSources

DATA_PAGE: Final = "data/"
_ATTRIBUTES: Final = {"type": "application/ld+json"}
_WHAT: Final = message("JSON-LD")
_MISPLACED: Final = message("网页里的 JSON-LD 缺少，或不该有")
UNCOMPARED_KEYS: Final = {
    "@context": "the vocabulary",
    "@type": "the vocabulary",
    "inLanguage": "Chinese in all files",
    "parentOrganization": "the department, which the row of the declaration names",
    "department": "the unit, which the row of the declaration names",
}
"""Keys that are not compared, each with the reason."""


def is_json_ld(tag: HtmlTag) -> bool:
    """Return whether an element holds only data for programs."""
    return tag.name == "script" and tag.attributes == _ATTRIBUTES


def compare_json_ld(
    path: str, content: str | bytes, declaration: SourceDeclaration, address: str
) -> Iterator[VerificationFinding]:
    """Compare the JSON-LD of a declaration: name, page, time, sum and goal.

    Args:
        path: The file in which it stands.
        content: The JSON.
        declaration: As the verification has read it.
        address: The public address of the site, or empty.
    """
    try:
        described: dict[str, Any] = json.loads(content)
        amount = described.get("funding", {}).get("amount", {}).get("value", "")
    except (ValueError, AttributeError) as error:
        yield VerificationFinding(file=path, message=message("数据文件读不出来：{reason}", reason=str(error)))
        return
    overall, annual = (goal or "" for goal in declaration.goals)
    expected = {
        "identifier": declaration.address.rstrip("/"),
        "name": declaration.facts["name"],
        "foundingDate": declaration.facts["start"],
        "dissolutionDate": declaration.facts["end"],
        "url": f"{address}{declaration.address}",
        "funding": annual_sum_in_yuan(declaration) or "",
        "description": annual or overall,
    }
    found: Mapping[str, Any] = {**described, "funding": amount}
    for key, wanted in expected.items():
        if str(found.get(key, "")) != wanted:
            yield describe_difference(path, _WHAT, wanted, str(found.get(key, "")))
    for key in sorted(described.keys() - expected.keys() - UNCOMPARED_KEYS.keys()):
        yield VerificationFinding(
            file=path, message=message("没有核对 {column} 这一栏，不能发布", column=key)
        )


def compare_page_json_ld(
    file: str, scripts: Iterable[tuple[HtmlTag, str]], page: str, sources: VerificationSources
) -> Iterator[VerificationFinding]:
    """Compare the JSON-LD of a page.

    Args:
        file: The page in the site.
        scripts: Its scripts with their texts.
        page: Its address without the prefix of its language.
        sources: At least those of this page.
    """
    texts = [text for tag, text in scripts if is_json_ld(tag)]
    declaration = sources.declarations.get(page)
    is_wanted = sources.settings.downloads and (declaration is not None or page == DATA_PAGE)
    if len(texts) != int(is_wanted):
        yield VerificationFinding(file=file, message=_MISPLACED)
        return
    for text in texts:
        if declaration is not None:
            yield from compare_json_ld(file, text, declaration, sources.settings.address)
        elif not _is_dataset(text, f"{sources.settings.address}{DATA_PAGE}"):
            yield VerificationFinding(file=file, message=_MISPLACED)


def annual_sum_in_yuan(declaration: SourceDeclaration) -> str | None:
    """Return the sum requested for the year in 元; `None` is 未填报."""
    number, unit = declaration.annual, declaration.unit
    if number is None or unit is None:
        return None
    number = number.replace(",", "")
    return number if unit == "元" else format((Decimal(number) * UNITS[unit]).normalize(), "f")


def _is_dataset(text: str, address: str) -> bool:
    try:
        described: Any = json.loads(text)
    except ValueError:
        return False
    if not isinstance(described, dict):
        return False
    return (described.get("@type"), described.get("url")) == ("Dataset", address)
