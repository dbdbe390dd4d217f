"""Departments and units by what the form calls them; for an unknown one the line to add is proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.importers.grid import Cell
from generator.model.organisation import Kind, Organisation
from generator.writing.spelling import words


@dataclass(frozen=True, kw_only=True)
class Register:
    """The organisations that are known, and those that were met and are not."""

    known: Mapping[str, Organisation]
    """By id."""
    unknown: dict[str, tuple[str, Cell, Kind]] = field(default_factory=dict)
    """Name on the form → proposed id, where it was met first, and what it is there."""

    def id_of(self, cell: Cell | None, kind: Kind) -> str | None:
        """Give the id of the organisation in *cell*; propose one if nobody has registered it.

        Args:
            cell: Its name or one of its aliases; `None` where the form has none.
            kind: A department must be registered as one; a department may carry a project out itself.
        """
        if cell is None:
            return None
        found = self._find(cell.squeezed, kind)
        if found is not None:
            return found
        if cell.squeezed not in self.unknown:
            self.unknown[cell.squeezed] = (self._free_id(kind), cell, kind)
        return self.unknown[cell.squeezed][0]

    def lines_to_add(self) -> Iterator[tuple[Cell, str]]:
        """Give for each unknown organisation where it stands and its line for `content/organisations.yml`."""
        for identity, cell, kind in self.unknown.values():
            yield cell, f"{identity}: {{name: {words(cell.words)}, kind: {kind}}}"

    def _find(self, name: str, kind: Kind) -> str | None:
        for identity, organisation in self.known.items():
            names = (organisation.name, *organisation.aliases)
            is_fit = kind is Kind.UNIT or organisation.kind is Kind.DEPARTMENT
            if is_fit and any(name == "".join(known.plain().split()) for known in names):
                return identity
        return None

    def _free_id(self, kind: Kind) -> str:
        taken = {*self.known, *(identity for identity, _, _ in self.unknown.values())}
        number = 1
        while f"{kind}-{number}" in taken:
            number += 1
        return f"{kind}-{number}"
