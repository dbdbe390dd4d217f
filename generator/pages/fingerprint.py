"""The fingerprint of a sheet: two sheets with one fingerprint are printed alike.

A list of a hundred declarations need not be printed anew to know that nothing in it has changed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from pydantic import BaseModel

from generator.model.entry import Entry
from generator.pages.press import Sheet


class Fingerprints:
    """Takes fingerprints; an entry stands in several lists and is summed up once."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._of_entry: dict[str, str] = {}

    def of(self, sheet: Sheet) -> str:
        """Give the fingerprint of *sheet*: 32 hexadecimal digits."""
        words = "\0".join(self._words(sheet))
        return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()

    def _words(self, value: object) -> Iterator[str]:
        """Write *value* out as words, each kind of value in a way of its own."""
        match value:
            case Entry():
                known = self._of_entry.get(value.id)
                if known is None:
                    known = self._of_entry[value.id] = value.record()
                yield known
            case BaseModel():
                yield value.model_dump_json()
            case Mapping():
                yield f"{{{len(value)}"
                for key, one in value.items():
                    yield str(key)
                    yield from self._words(one)
            case list() | tuple():
                yield f"[{len(value)}"
                for one in value:
                    yield from self._words(one)
            case _ if is_dataclass(value):
                yield type(value).__name__
                for field in fields(value):
                    yield from self._words(getattr(value, field.name))
            case _:
                yield repr(value)
