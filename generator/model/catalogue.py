"""The catalogue: everything that was read and is sound, ready to be made into pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from generator.load.content import FormFile
from generator.load.files import SourceText
from generator.load.tree import Node
from generator.model.address_book import AddressBook
from generator.model.declaration import Declaration
from generator.model.entry import Entry
from generator.model.organisation import Organisation
from generator.model.taxonomy import Taxonomy
from generator.text import Text
from generator.words import Dictionary

Key = TypeVar("Key")


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A declaration with its identity."""

    id: str
    """The path under `content/declarations/` without the ending: year/department/project. Permanent."""
    file: str
    """The source file, relative to the project."""
    declaration: Declaration
    tree: Node
    """The tree the declaration was read from, for the places of problems."""


@dataclass(frozen=True, kw_only=True)
class HandwrittenPage:
    """A page that an editor wrote as Markdown."""

    slug: str
    """Its address, e.g. `about`."""
    language: str
    file: str
    title: Text
    description: Text
    markdown: str
    """The text after the front matter."""
    first_line: int
    """The line of the file at which `markdown` starts, counted from 1."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All content of one project."""

    declarations: tuple[Filed, ...] = ()
    """Sorted by id."""
    entries: tuple[Entry, ...] = ()
    """What lists know of every declaration; sorted by id."""
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    organisations_tree: Node | None = None
    """The tree the register was read from, for the places of problems."""
    addresses: AddressBook = field(default_factory=AddressBook)
    addresses_tree: Node | None = None
    """The tree the register was read from, for the places of problems."""
    taxonomies: Mapping[str, Taxonomy] = field(default_factory=dict)
    """By edition."""
    translations: Mapping[str, Dictionary] = field(default_factory=dict)
    """By language: translations of the content."""
    handwritten: tuple[HandwrittenPage, ...] = ()
    forms: Mapping[str, FormFile] = field(default_factory=dict)
    """By path."""
    shared: tuple[SourceText, ...] = ()
    """The files that serve all declarations, as typed: organisations, addresses, pages, translations."""
    unread: frozenset[str] = frozenset()
    """Files that could not be read, so that nobody is told that what stands in them is missing."""

    def dictionary(self, language: str) -> Dictionary:
        """Give the translations into *language*; an empty dictionary where there are none."""
        return self.translations.get(language, Dictionary(language=language))

    def years(self) -> tuple[int, ...]:
        """List the years with declarations, latest first."""
        return tuple(sorted({entry.year for entry in self.entries}, reverse=True))

    @cached_property
    def by_year(self) -> Mapping[int, tuple[Entry, ...]]:
        """The declarations of each year."""
        return _grouped((entry.year, entry) for entry in self.entries)

    @cached_property
    def by_department_and_year(self) -> Mapping[tuple[str, int], tuple[Entry, ...]]:
        """The declarations of each department in each year."""
        return _grouped(((entry.department, entry.year), entry) for entry in self.entries)

    @cached_property
    def by_organisation(self) -> Mapping[str, tuple[Entry, ...]]:
        """The declarations for which an organisation answers, as department or as unit."""
        return _grouped(
            (organisation, entry)
            for entry in self.entries
            for organisation in dict.fromkeys((entry.department, entry.unit))
        )

    @cached_property
    def by_parent(self) -> Mapping[str, tuple[str, ...]]:
        """The units below each organisation, in the order of the register."""
        units: dict[str, list[str]] = {}
        for identity, organisation in self.organisations.items():
            if organisation.parent is not None:
                units.setdefault(organisation.parent, []).append(identity)
        return {parent: tuple(below) for parent, below in units.items()}

    def units_of(self, organisation: str) -> tuple[str, ...]:
        """List the units below *organisation*."""
        return self.by_parent.get(organisation, ())

    def of_year(self, year: int) -> tuple[Entry, ...]:
        """List the declarations of one year."""
        return self.by_year.get(year, ())

    def of_department_year(self, department: str, year: int) -> tuple[Entry, ...]:
        """List the declarations of one department in one year."""
        return self.by_department_and_year.get((department, year), ())

    def of_organisation(self, organisation: str) -> tuple[Entry, ...]:
        """List the declarations for which *organisation* answers, as department or as unit."""
        return self.by_organisation.get(organisation, ())


def _grouped(pairs: Iterable[tuple[Key, Entry]]) -> Mapping[Key, tuple[Entry, ...]]:
    """Group entries by key, each group in the order in which they come."""
    groups: dict[Key, list[Entry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return {key: tuple(group) for key, group in groups.items()}
