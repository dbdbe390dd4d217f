"""Downloads: what is published, as data.

`model/columns.py` says which columns there are and what they mean; pages, dictionary and every file come from
it. `record.py` takes a declaration apart into rows, and its JSON, which loses nothing, is read again for
whatever holds many declarations. One module a format writes files.
"""

from jixiao.analysis.data_columns import TABLES
from jixiao.downloads.rows import Record, json_of, read_record, record_of
from jixiao.downloads.writers import Format, Writer, files_of_declaration, writers_for
from jixiao.model.table import Column, Kind, Table, Value

__all__ = [
    "TABLES",
    "Column",
    "Format",
    "Kind",
    "Record",
    "Table",
    "Value",
    "Writer",
    "files_of_declaration",
    "json_of",
    "read_record",
    "record_of",
    "writers_for",
]
