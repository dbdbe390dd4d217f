"""The fingerprint of a sheet: two sheets with one fingerprint are printed alike.

A list of a hundred declarations need not be printed anew to know that nothing in it has changed.
"""

import hashlib
from dataclasses import fields, is_dataclass

from pydantic import BaseModel

from generator.model.entry import Entry
from generator.pages.press import Sheet
from generator.text import Text


class Fingerprints:
    """Takes fingerprints; an entry stands in several lists and is summed up once."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._of_entry: dict[str, str] = {}

    def of(self, sheet: Sheet) -> str:
        """Give the fingerprint of *sheet*: 32 hexadecimal digits."""
        words: list[str] = []
        self._write(sheet, words)
        return hashlib.blake2b("\0".join(words).encode(), digest_size=16).hexdigest()

    def _write(self, value: object, words: list[str]) -> None:
        """Write *value* out as words, each kind of value in a way of its own."""
        match value:
            case Entry():
                words.append(self._digest_of(value))
            case dict():
                words.append(f"{{{len(value)}")
                for key, one in value.items():
                    words.append(str(key))
                    self._write(one, words)
            case list() | tuple():
                words.append(f"[{len(value)}")
                for one in value:
                    self._write(one, words)
            case _ if is_dataclass(value) and not isinstance(value, Text):
                words.append(type(value).__name__)
                for field in fields(value):
                    self._write(getattr(value, field.name), words)
            case _:
                words.append(value.model_dump_json() if isinstance(value, BaseModel) else repr(value))

    def _digest_of(self, entry: Entry) -> str:
        known = self._of_entry.get(entry.id)
        if known is None:
            # What each of a hundred thousand entries shows would fill the memory.
            shown = repr(entry.shown()).encode()
            known = self._of_entry[entry.id] = hashlib.blake2b(shown, digest_size=16).hexdigest()
        return known
