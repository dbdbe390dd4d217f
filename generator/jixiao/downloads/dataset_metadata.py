"""What describes the data: dictionary, schemas, a Data Package, and an index of every file.

The files hold nothing that changes from one build to the next while content and settings stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jixiao.analysis import urls
from jixiao.analysis.data_columns import DECLARATIONS, INDICATORS, ORGANISATIONS, TABLES
from jixiao.analysis.site_content import Catalogue
from jixiao.config import SiteConfig
from jixiao.downloads.database import TYPES
from jixiao.downloads.delimited import head_of, lines_of
from jixiao.downloads.jsonld import DATASET, LINKED, dataset_of
from jixiao.downloads.rows import organisation_rows, row_json
from jixiao.downloads.writers import FILES, JSON, OF_DECLARATION, OF_EVERYTHING, OF_YEARS, Format, files_of
from jixiao.i18n import Dictionary, interface_words
from jixiao.model.schema import declaration_schema
from jixiao.model.table import EXACT_NOTE, GUARD_NOTE, Column, Kind, Table

PACKAGE: Final = "datapackage.json"
"""At the root of the site: a package names its files from its own place downwards."""
INDEX: Final = f"{urls.DATA}index.json"
DICTIONARY: Final = f"{urls.DATA}dictionary.json"
SOURCE_SCHEMA: Final = f"{urls.DATA}declaration.schema.json"
"""Of the YAML file of a declaration."""
DATA_SCHEMA: Final = f"{urls.DATA}data.schema.json"
"""Of `data.json` beside a declaration."""
_FIELD: Final = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.MONEY: "number",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
}
"""Types of a Table Schema."""
_NO_BLANK_IS_ZERO: Final = "空白是未填报，不是 0。"
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def description_files(catalogue: Catalogue, config: SiteConfig) -> dict[str, bytes]:
    """Write all that describes the data: path in the site → bytes."""
    rows = organisation_rows(catalogue)
    organisations = ",\n".join(row_json(ORGANISATIONS, row) for row in rows)
    texts = {
        f"{urls.DATA}organisations.csv": head_of(ORGANISATIONS) + lines_of(rows),
        f"{urls.DATA}organisations.json": f'{{"organisations": [\n{organisations}]}}\n',
        INDEX: written(_index(catalogue, config)),
        DICTIONARY: written(dictionary_of(config)),
        SOURCE_SCHEMA: declaration_schema(interface_words(config.languages[0])),
        DATA_SCHEMA: written(_data_schema()),
        PACKAGE: written(_package(config, _resources_of_site(catalogue, config))),
    }
    return {
        **{path: text.encode() for path, text in texts.items()},
        DATASET: dataset(catalogue, config),
    }


def dataset(catalogue: Catalogue, config: SiteConfig) -> bytes:
    """Describe the data of the whole site and of its years as JSON-LD."""
    everything = [*files_of(OF_EVERYTHING), "organisations.csv", "organisations.json"]
    of_years = [
        urls.of_data(urls.of_year(year), name) for year in catalogue.years() for name in files_of(OF_YEARS)
    ]
    held = [*(urls.of_data(urls.HOME, name) for name in everything), *of_years]
    return dataset_of(catalogue, config, held)


def written(value: object) -> str:
    """Write what describes data as JSON that people can read, too."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _in_all(chinese: str, config: SiteConfig) -> dict[str, str]:
    """Say a sentence in each language of the site."""
    return {language: interface_words(language).say(chinese) for language in config.languages}


def dictionary_of(config: SiteConfig) -> dict[str, Any]:
    """Say what every column means, in each language of the site."""
    return {
        "notes": [_in_all(note, config) for note in (_NO_BLANK_IS_ZERO, GUARD_NOTE, EXACT_NOTE)],
        "tables": [
            {
                "name": table.name,
                "title": _in_all(table.label, config),
                "row": _in_all(table.row, config),
                "key": list(table.key),
                "columns": [
                    {
                        "name": column.name,
                        "kind": str(column.kind),
                        "sqlite": TYPES[column.kind],
                        "title": _in_all(column.label, config),
                        "meaning": _in_all(column.meaning, config) if column.meaning else {},
                    }
                    for column in table.columns
                ],
            }
            for table in TABLES
        ],
    }


def _index(catalogue: Catalogue, config: SiteConfig) -> dict[str, Any]:
    return {
        "format": 1,
        "name": {language: name.plain() for language, name in config.name.items()},
        "address": config.address,
        "dictionary": DICTIONARY,
        "package": PACKAGE,
        "linked": DATASET,
        "manifest": f"{urls.DATA}manifest.json",
        "schemas": {"source": SOURCE_SCHEMA, "data": DATA_SCHEMA},
        "all": _files("", OF_EVERYTHING)
        | {
            "csv": [f"{urls.DATA}organisations.csv"],
            "json": [f"{urls.DATA}organisations.json"],
        },
        "each_declaration": [f"{{id}}/{name}" for name in (*OF_DECLARATION, LINKED)],
        "years": [
            {
                "year": year,
                "declarations": len(catalogue.of_year(year)),
                "files": _files(urls.of_year(year), OF_YEARS),
                "departments": [
                    {
                        "department": department,
                        "declarations": len(catalogue.of_department_year(department, year)),
                        "files": _files(urls.of_department_year(department, year), OF_YEARS),
                    }
                    for department in catalogue.departments_of(year)
                ],
            }
            for year in catalogue.years()
        ],
    }


def _files(address: str, formats: Iterable[Format]) -> dict[str, list[str]]:
    return {str(one): [urls.of_data(address, name) for name in FILES[one]] for one in formats}


def _resources_of_site(catalogue: Catalogue, config: SiteConfig) -> list[dict[str, Any]]:
    words = interface_words(config.languages[0])
    of_years = [
        _resource(table, f"{table.name}-{year}", f"{year}/{table.name}.csv", words)
        for year in catalogue.years()
        for table in (DECLARATIONS, INDICATORS)
    ]
    organisations = f"{urls.DATA}organisations.csv"
    return [*of_years, _resource(ORGANISATIONS, ORGANISATIONS.name, organisations, words)]


def package_beside(config: SiteConfig) -> dict[str, Any]:
    """Describe the CSV files of some declarations that lie in one folder, as a Data Package in it."""
    words = interface_words(config.languages[0])
    return _package(config, [_resource(table, table.name, f"{table.name}.csv", words) for table in TABLES])


def _package(config: SiteConfig, resources: list[dict[str, Any]]) -> dict[str, Any]:
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "jixiao",
        "title": _title(config),
        "resources": resources,
    }
    if config.address:
        package["homepage"] = config.address
    if config.data_licence:
        name = config.said(config.data_licence.name, config.languages[0])
        licence = {"title": name.plain() if name else ""}
        package["licenses"] = [
            licence | ({"path": config.data_licence.link} if config.data_licence.link else {})
        ]
    publisher = config.said(config.publisher, config.languages[0])
    if publisher:
        package["contributors"] = [{"title": publisher.plain(), "role": "publisher"}]
    return package


def _title(config: SiteConfig) -> str:
    name = config.said(config.name, config.languages[0])
    return name.plain() if name else ""


def _resource(table: Table, name: str, path: str, words: Dictionary) -> dict[str, Any]:
    year = name.removeprefix(f"{table.name}")
    schema: dict[str, Any] = {
        "fields": [_field(column, table, words) for column in table.columns],
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
        "title": words.say(table.label),
        "description": f"{words.say(table.row)} {words.say(GUARD_NOTE)}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column, table: Table, words: Dictionary) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD[column.kind],
        "title": words.say(column.label),
    }
    if column.meaning:
        field["description"] = words.say(column.meaning)
    if column.name in table.key:
        field["constraints"] = {"required": True}
    return field


def _data_schema() -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "title": JSON,
        "type": "object",
        "required": ["declaration", "indicators", "remarks"],
        "properties": {
            "declaration": _row_schema(DECLARATIONS),
            "indicators": {"type": "array", "items": _row_schema(INDICATORS)},
            "remarks": {
                "type": "array",
                "items": {"type": "object", "required": ["field", "as_filed", "defects", "note", "marks"]},
            },
        },
        "additionalProperties": False,
    }


_TYPES: Final[Mapping[Kind, dict[str, Any]]] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.INTEGER: {"type": ["integer", "null"], "minimum": 0},
    Kind.MONEY: {"type": ["number", "null"], "minimum": 0},
    Kind.NUMBER: {"type": ["number", "null"], "minimum": 0},
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
}


def _row_schema(table: Table) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    properties = {column.name: {**_TYPES[column.kind], "title": column.label} for column in table.columns}
    return {"type": "object", "required": names, "properties": properties, "additionalProperties": False}
