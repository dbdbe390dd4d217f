"""Departments and units by what the form calls them; for an unknown one the line to add is proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from jixiao.importers.form_cells import in_one_line
from jixiao.importers.grid import Cell
from jixiao.model.organisation import Kind, Organisation
from jixiao.writing.spelling import words


@dataclass(frozen=True, kw_only=True)
class _Proposed:
    """An organisation that is not registered yet."""

    id: str
    cell: Cell
    """Where it was met first."""
    kind: Kind
    parent: str | None
    """The department that stands on the same form; only a unit has one."""

    def line(self) -> str:
        """Write its line for `content/organisations.yml`."""
        parent = f", parent: {self.parent}" if self.parent else ""
        return f"{self.id}: {{name: {words(in_one_line(self.cell.words))}, kind: {self.kind}{parent}}}"


@dataclass(frozen=True, kw_only=True)
class Register:
    """The organisations that are known, and those that were met and are not."""

    known: Mapping[str, Organisation]
    """By id."""
    unknown: dict[str, _Proposed] = field(default_factory=dict)
    """Organisations that nobody has registered, by the name on the form."""

    def id_of(self, cell: Cell | None, kind: Kind, parent: str | None = None) -> str | None:
        """Give the id of the organisation in *cell*; propose one if nobody has registered it.

        Args:
            cell: Its name or one of its aliases; `None` where the form has none.
            kind: A department must be registered as one; a department may carry a project out itself.
            parent: The id of the department on the same form, for a unit.
        """
        if cell is None:
            return None
        found = self._find(cell.squeezed, kind)
        if found is not None:
            return found
        if cell.squeezed not in self.unknown:
            self.unknown[cell.squeezed] = _Proposed(
                id=self._free_id(kind), cell=cell, kind=kind, parent=parent
            )
        elif kind is Kind.DEPARTMENT and self.unknown[cell.squeezed].kind is Kind.UNIT:
            # Another form names it in charge of a project, which only a department can be; its id is in use.
            self.unknown[cell.squeezed] = replace(self.unknown[cell.squeezed], kind=kind, parent=None)
        return self.unknown[cell.squeezed].id

    def lines_to_add(self) -> Iterator[tuple[Cell, str]]:
        """Give for each unknown organisation where it stands and its line for `content/organisations.yml`."""
        for proposed in self.unknown.values():
            yield proposed.cell, proposed.line()

    def _find(self, name: str, kind: Kind) -> str | None:
        for identity, organisation in self.known.items():
            names = (organisation.name, *organisation.aliases)
            is_fit = kind is Kind.UNIT or organisation.kind is Kind.DEPARTMENT
            if is_fit and any(name == "".join(known.plain().split()) for known in names):
                return identity
        return None

    def _free_id(self, kind: Kind) -> str:
        taken = {*self.known, *(proposed.id for proposed in self.unknown.values())}
        number = 1
        while f"{kind}-{number}" in taken:
            number += 1
        return f"{kind}-{number}"
