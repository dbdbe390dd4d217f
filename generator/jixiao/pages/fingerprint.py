"""The fingerprint of a sheet: two sheets with one fingerprint are printed alike.

A list of a hundred declarations need not be printed anew to know that nothing in it has changed.
"""

import hashlib
from dataclasses import fields, is_dataclass

from pydantic import BaseModel

from jixiao.analysis.summary import Entry
from jixiao.pages.page_renderer import Sheet
from jixiao.text import Text


def fingerprint_of(sheet: Sheet) -> str:
    """Give the fingerprint of *sheet*: 32 hexadecimal digits."""
    words: list[str] = []
    _write(sheet, words)
    return hashlib.blake2b("\0".join(words).encode(), digest_size=16).hexdigest()


def _write(value: object, words: list[str]) -> None:
    """Write *value* out as words, each kind of value in a way of its own."""
    match value:
        case Entry():
            words.append(value.face)
        case dict():
            words.append(f"{{{len(value)}")
            for key, one in value.items():
                words.append(str(key))
                _write(one, words)
        case list() | tuple():
            words.append(f"[{len(value)}")
            for one in value:
                _write(one, words)
        case _ if is_dataclass(value) and not isinstance(value, Text):
            words.append(type(value).__name__)
            for field in fields(value):
                _write(getattr(value, field.name), words)
        case _:
            words.append(value.model_dump_json() if isinstance(value, BaseModel) else repr(value))
