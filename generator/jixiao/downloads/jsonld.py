"""JSON-LD in the vocabulary of schema.org.

The data is a `Dataset`, a declaration a `Project` with its grant. It is published as files and, for
search engines, inside the pages it describes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.downloads.rows import DeclarationRecord
from jixiao.i18n import html_language, load_interface_catalogue

JSONLD_FILE: Final = "data.jsonld"
DATASET_FILE: Final = f"{urls.DATA}dataset.jsonld"
_CONTEXT: Final = "https://schema.org"
_CURRENCY: Final = "CNY"
_PAGE_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


def build_declaration_jsonld(record: DeclarationRecord, address: str | None) -> bytes:
    """Build the JSON-LD of a declaration.

    Args:
        record: The declaration as rows.
        address: The public address of the site; without one, URLs are relative to its root.
    """
    root = address or ""
    row = dict(zip((column.name for column in DECLARATIONS.columns), record.declaration, strict=True))
    data: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Project",
        "identifier": row["id"],
        "name": row["name"],
        "url": f"{root}{row['page']}",
        "inLanguage": html_language("zh"),
        "foundingDate": row["start"],
        "dissolutionDate": row["end"],
        "parentOrganization": _describe_organisation(row["department"], row["department_name"], root),
        "department": _describe_organisation(row["unit"], row["unit_name"], root),
    }
    if row["annual_total_yuan"] is not None:
        data["funding"] = {
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
        data["description"] = goal
    return _format_jsonld(data)


def build_dataset_jsonld(content: SiteContent, config: SiteConfig, files: Iterable[str]) -> bytes:
    """Build the JSON-LD of the data of the whole site.

    Args:
        content: The content of the site.
        config: The settings.
        files: The paths of the data files.
    """
    language = config.languages[0]
    catalogue, root = load_interface_catalogue(language), config.address or ""
    years = content.years()
    name = config.localize(config.name, language)
    data: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": name.plain() if name else "",
        "description": catalogue.translate(
            "申报表的全部内容都可以作为数据取用：每份申报表、每个部门的年度、每个年度、全站。"
            "数字和文字照申报表原样，用中文；空白是未填报，不是 0。"
        ),
        "url": f"{root}{urls.DATA}",
        "inLanguage": html_language("zh"),
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{root}{path}", "encodingFormat": kind}
            for path in files
            if (kind := _MEDIA_TYPES.get(path.rpartition(".")[2])) is not None
        ],
    }
    if years:
        data["temporalCoverage"] = f"{min(years)}/{max(years)}"
    if config.data_licence and config.data_licence.link:
        data["license"] = config.data_licence.link
    publisher = config.localize(config.publisher, language)
    if publisher:
        data["publisher"] = {"@type": "Organization", "name": publisher.plain()}
    return _format_jsonld(data)


def format_for_page(jsonld: bytes) -> str:
    """Format JSON-LD for embedding in a page, escaped so that it cannot close its script element."""
    text = json.dumps(json.loads(jsonld), ensure_ascii=False, separators=(",", ":"))
    return text.translate(_PAGE_ESCAPES)


def collect_page_jsonld(files: Mapping[str, bytes]) -> str:
    """Return the JSON-LD among the files of a declaration, as embedded in its pages, or an empty string."""
    return "".join(format_for_page(content) for path, content in files.items() if path.endswith(JSONLD_FILE))


def _describe_organisation(identity: object, name: object, root: str) -> dict[str, object]:
    return {
        "@type": "GovernmentOrganization",
        "name": name,
        "url": f"{root}{urls.organisation_url(str(identity))}",
    }


def _format_jsonld(data: dict[str, Any]) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode()
