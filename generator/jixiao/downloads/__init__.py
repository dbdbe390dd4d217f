"""Downloads: the published content as data, in CSV, JSON, XLSX, Parquet and SQLite.

The columns and their meaning are defined once, beside the model; pages, data dictionary and files follow
them. `rows` splits a declaration into rows; its JSON loses nothing and is read back for files that hold
many declarations.
"""

from jixiao.analysis.data_columns import TABLES
from jixiao.analysis.data_table import CellValue, Column, ColumnKind, DataTable
from jixiao.downloads.rows import DeclarationRecord, build_record, parse_record, serialize_record
from jixiao.downloads.writers import DataFormat, DataWriter, build_declaration_files, open_writers

__all__ = [
    "TABLES",
    "CellValue",
    "Column",
    "ColumnKind",
    "DataFormat",
    "DataTable",
    "DataWriter",
    "DeclarationRecord",
    "build_declaration_files",
    "build_record",
    "open_writers",
    "parse_record",
    "serialize_record",
]
