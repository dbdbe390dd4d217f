"""Metadata of the published data: dictionary, JSON Schemas, Data Package, and an index of every file.

The files stay byte for byte the same while content and settings do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS, INDICATORS, ORGANISATIONS, TABLES
from jixiao.analysis.data_table import EXACT_NOTE, GUARD_NOTE, ColumnKind, DataTable
from jixiao.analysis.site_content import SiteContent
from jixiao.config import SiteConfig
from jixiao.downloads.jsonld import DATASET_FILE, JSONLD_FILE, build_dataset_jsonld
from jixiao.downloads.rows import build_organisation_rows, format_csv_head, format_csv_rows, serialize_row
from jixiao.downloads.writers import (
    DECLARATION_FILES,
    FORMAT_FILES,
    JSON_FILE,
    SITE_FORMATS,
    SQLITE_TYPES,
    YEAR_FORMATS,
    DataFormat,
    list_format_files,
)
from jixiao.i18n import TranslationCatalogue, load_interface_catalogue
from jixiao.model.declaration_schema import build_declaration_schema

PACKAGE_FILE: Final = "datapackage.json"
"""At the root of the site, because a Data Package names files relative to its own folder."""
INDEX_FILE: Final = f"{urls.DATA}index.json"
DICTIONARY_FILE: Final = f"{urls.DATA}dictionary.json"
SOURCE_SCHEMA_FILE: Final = f"{urls.DATA}declaration.schema.json"
"""Schema of the YAML file of a declaration."""
DATA_SCHEMA_FILE: Final = f"{urls.DATA}data.schema.json"
"""Schema of `data.json` beside a declaration."""
_TABLE_SCHEMA_TYPES: Final = {
    ColumnKind.TEXT: "string",
    ColumnKind.INTEGER: "integer",
    ColumnKind.MONEY: "number",
    ColumnKind.NUMBER: "number",
    ColumnKind.DATE: "date",
}
"""Types of a Table Schema, by kind of column."""
_JSON_SCHEMA_TYPES: Final[Mapping[ColumnKind, dict[str, Any]]] = {
    ColumnKind.TEXT: {"type": ["string", "null"]},
    ColumnKind.INTEGER: {"type": ["integer", "null"], "minimum": 0},
    ColumnKind.MONEY: {"type": ["number", "null"], "minimum": 0},
    ColumnKind.NUMBER: {"type": ["number", "null"], "minimum": 0},
    ColumnKind.DATE: {"type": ["string", "null"], "format": "date"},
}
_BLANK_NOTE: Final = "空白是未填报，不是 0。"
_JSON_SCHEMA_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def build_metadata_files(content: SiteContent, config: SiteConfig) -> dict[str, bytes]:
    """Build all metadata files, by path in the site."""
    rows = build_organisation_rows(content)
    catalogue = load_interface_catalogue(config.languages[0])
    resources = [
        _describe_resource(table, f"{table.name}-{year}", f"{year}/{table.name}.csv", catalogue)
        for year in content.years()
        for table in (DECLARATIONS, INDICATORS)
    ]
    organisations_file = f"{urls.DATA}organisations.csv"
    resources.append(_describe_resource(ORGANISATIONS, ORGANISATIONS.name, organisations_file, catalogue))
    organisations = ",\n".join(serialize_row(ORGANISATIONS, row) for row in rows)
    texts = {
        organisations_file: format_csv_head(ORGANISATIONS) + format_csv_rows(rows),
        f"{urls.DATA}organisations.json": f'{{"organisations": [\n{organisations}]}}\n',
        INDEX_FILE: format_metadata(_build_index(content, config)),
        DICTIONARY_FILE: format_metadata(build_data_dictionary(config)),
        SOURCE_SCHEMA_FILE: build_declaration_schema(catalogue),
        DATA_SCHEMA_FILE: format_metadata(_build_data_schema()),
        PACKAGE_FILE: format_metadata(_build_package(config, resources)),
    }
    return {
        **{path: text.encode() for path, text in texts.items()},
        DATASET_FILE: build_site_dataset(content, config),
    }


def build_site_dataset(content: SiteContent, config: SiteConfig) -> bytes:
    """Build the JSON-LD of the data of the whole site and its years."""
    site_files = [*list_format_files(SITE_FORMATS), "organisations.csv", "organisations.json"]
    year_files = [
        urls.data_file_url(urls.year_url(year), name)
        for year in content.years()
        for name in list_format_files(YEAR_FORMATS)
    ]
    files = [*(urls.data_file_url(urls.HOME, name) for name in site_files), *year_files]
    return build_dataset_jsonld(content, config, files)


def format_metadata(value: object) -> str:
    """Format metadata as indented JSON."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _translate_to_all(chinese: str, config: SiteConfig) -> dict[str, str]:
    """Translate a text into each language of the site."""
    return {language: load_interface_catalogue(language).translate(chinese) for language in config.languages}


def build_data_dictionary(config: SiteConfig) -> dict[str, Any]:
    """Build the data dictionary, the meaning of each column in each language of the site."""
    return {
        "notes": [_translate_to_all(note, config) for note in (_BLANK_NOTE, GUARD_NOTE, EXACT_NOTE)],
        "tables": [
            {
                "name": table.name,
                "title": _translate_to_all(table.label, config),
                "row": _translate_to_all(table.row, config),
                "key": list(table.key),
                "columns": [
                    {
                        "name": column.name,
                        "kind": str(column.kind),
                        "sqlite": SQLITE_TYPES[column.kind],
                        "title": _translate_to_all(column.label, config),
                        "meaning": _translate_to_all(column.meaning, config) if column.meaning else {},
                    }
                    for column in table.columns
                ],
            }
            for table in TABLES
        ],
    }


def _build_index(content: SiteContent, config: SiteConfig) -> dict[str, Any]:
    return {
        "format": 1,
        "name": {language: name.plain() for language, name in config.name.items()},
        "address": config.address,
        "dictionary": DICTIONARY_FILE,
        "package": PACKAGE_FILE,
        "linked": DATASET_FILE,
        "manifest": f"{urls.DATA}manifest.json",
        "schemas": {"source": SOURCE_SCHEMA_FILE, "data": DATA_SCHEMA_FILE},
        "all": _map_format_files("", SITE_FORMATS)
        | {
            "csv": [f"{urls.DATA}organisations.csv"],
            "json": [f"{urls.DATA}organisations.json"],
        },
        "each_declaration": [f"{{id}}/{name}" for name in (*DECLARATION_FILES, JSONLD_FILE)],
        "years": [
            {
                "year": year,
                "declarations": len(content.summaries_in_year(year)),
                "files": _map_format_files(urls.year_url(year), YEAR_FORMATS),
                "departments": [
                    {
                        "department": department,
                        "declarations": len(content.summaries_in_department_year(department, year)),
                        "files": _map_format_files(urls.department_year_url(department, year), YEAR_FORMATS),
                    }
                    for department in content.departments_in_year(year)
                ],
            }
            for year in content.years()
        ],
    }


def _map_format_files(address: str, formats: Iterable[DataFormat]) -> dict[str, list[str]]:
    return {
        str(data_format): [urls.data_file_url(address, name) for name in FORMAT_FILES[data_format]]
        for data_format in formats
    }


def build_folder_package(config: SiteConfig) -> dict[str, Any]:
    """Build the Data Package of the CSV files of some declarations in one folder."""
    catalogue = load_interface_catalogue(config.languages[0])
    return _build_package(
        config, [_describe_resource(table, table.name, f"{table.name}.csv", catalogue) for table in TABLES]
    )


def _build_package(config: SiteConfig, resources: list[dict[str, Any]]) -> dict[str, Any]:
    title = config.localize(config.name, config.languages[0])
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "jixiao",
        "title": title.plain() if title else "",
        "resources": resources,
    }
    if config.address:
        package["homepage"] = config.address
    if config.data_licence:
        name = config.localize(config.data_licence.name, config.languages[0])
        licence = {"title": name.plain() if name else ""}
        package["licenses"] = [
            licence | ({"path": config.data_licence.link} if config.data_licence.link else {})
        ]
    publisher = config.localize(config.publisher, config.languages[0])
    if publisher:
        package["contributors"] = [{"title": publisher.plain(), "role": "publisher"}]
    return package


def _describe_resource(
    table: DataTable, name: str, path: str, catalogue: TranslationCatalogue
) -> dict[str, Any]:
    year = name.removeprefix(table.name)
    fields: list[dict[str, Any]] = []
    for column in table.columns:
        field: dict[str, Any] = {
            "name": column.name,
            "type": _TABLE_SCHEMA_TYPES[column.kind],
            "title": catalogue.translate(column.label),
        }
        if column.meaning:
            field["description"] = catalogue.translate(column.meaning)
        if column.name in table.key:
            field["constraints"] = {"required": True}
        fields.append(field)
    schema: dict[str, Any] = {
        "fields": fields,
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table is INDICATORS:
        reference = {"resource": f"{DECLARATIONS.name}{year}", "fields": "id"}
        schema["foreignKeys"] = [{"fields": "declaration", "reference": reference}]
    return {
        "name": name,
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": catalogue.translate(table.label),
        "description": f"{catalogue.translate(table.row)} {catalogue.translate(GUARD_NOTE)}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _build_data_schema() -> dict[str, Any]:
    return {
        "$schema": _JSON_SCHEMA_DRAFT,
        "title": JSON_FILE,
        "type": "object",
        "required": ["declaration", "indicators", "remarks"],
        "properties": {
            "declaration": _build_row_schema(DECLARATIONS),
            "indicators": {"type": "array", "items": _build_row_schema(INDICATORS)},
            "remarks": {
                "type": "array",
                "items": {"type": "object", "required": ["field", "as_filed", "defects", "note", "marks"]},
            },
        },
        "additionalProperties": False,
    }


def _build_row_schema(table: DataTable) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    properties = {
        column.name: {**_JSON_SCHEMA_TYPES[column.kind], "title": column.label} for column in table.columns
    }
    return {"type": "object", "required": names, "properties": properties, "additionalProperties": False}
