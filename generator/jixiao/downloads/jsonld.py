"""JSON-LD in the words of schema.org: the data as a `Dataset`, a declaration as a `Project` with its grant.

It stands in files of its own and, for search engines, in the pages that it describes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS
from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.downloads.rows import Record
from jixiao.i18n import html_language, interface_words

LINKED: Final = "data.jsonld"
DATASET: Final = f"{urls.DATA}dataset.jsonld"
_CONTEXT: Final = "https://schema.org"
_CURRENCY: Final = "CNY"
_ESCAPED: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
_KINDS: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


def linked_of(record: Record, address: str | None) -> bytes:
    """Describe a declaration.

    Args:
        record: The declaration as data.
        address: The public address of the site; without one, ways are told from its root.
    """
    root = address or ""
    row = dict(zip((column.name for column in DECLARATIONS.columns), record.declaration, strict=True))
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Project",
        "identifier": row["id"],
        "name": row["name"],
        "url": f"{root}{row['page']}",
        "inLanguage": html_language("zh"),
        "foundingDate": row["start"],
        "dissolutionDate": row["end"],
        "parentOrganization": _organisation(row["department"], row["department_name"], root),
        "department": _organisation(row["unit"], row["unit_name"], root),
    }
    if row["annual_total_yuan"] is not None:
        described["funding"] = {
            "@type": "MonetaryGrant",
            "name": "年度资金申请总额",
            "amount": {
                "@type": "MonetaryAmount",
                "currency": _CURRENCY,
                # A text keeps every digit.
                "value": format(row["annual_total_yuan"], "f"),
            },
        }
    goal = row["annual_goal"] or row["overall_goal"]
    if goal is not None:
        described["description"] = goal
    return _written(described)


def dataset_of(catalogue: Catalogue, config: SiteConfig, files: Iterable[str]) -> bytes:
    """Describe the data of the whole site.

    Args:
        catalogue: All content.
        config: The settings.
        files: The paths of the files that hold it.
    """
    language = config.languages[0]
    words, root = interface_words(language), config.address or ""
    years = catalogue.years()
    name = config.said(config.name, language)
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": name.plain() if name else "",
        "description": words.say(
            "申报表的全部内容都可以作为数据取用：每份申报表、每个部门的年度、每个年度、全站。"
            "数字和文字照申报表原样，用中文；空白是未填报，不是 0。"
        ),
        "url": f"{root}{urls.DATA}",
        "inLanguage": html_language("zh"),
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{root}{path}", "encodingFormat": kind}
            for path in files
            if (kind := _KINDS.get(path.rpartition(".")[2])) is not None
        ],
    }
    if years:
        described["temporalCoverage"] = f"{min(years)}/{max(years)}"
    if config.data_licence and config.data_licence.link:
        described["license"] = config.data_licence.link
    publisher = config.said(config.publisher, language)
    if publisher:
        described["publisher"] = {"@type": "Organization", "name": publisher.plain()}
    return _written(described)


def in_page(linked: bytes) -> str:
    """Write JSON-LD so that it can stand in a page: no sign of it can end the element that holds it."""
    text = json.dumps(json.loads(linked), ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED)


def linked_among(data: Mapping[str, bytes]) -> str:
    """Give what of the files of a declaration stands in its pages themselves; empty if nothing does."""
    return "".join(in_page(content) for path, content in data.items() if path.endswith(LINKED))


def _organisation(identity: object, name: object, root: str) -> dict[str, object]:
    return {
        "@type": "GovernmentOrganization",
        "name": name,
        "url": f"{root}{urls.of_organisation(str(identity))}",
    }


def _written(described: dict[str, Any]) -> bytes:
    return f"{json.dumps(described, ensure_ascii=False, indent=1)}\n".encode()
