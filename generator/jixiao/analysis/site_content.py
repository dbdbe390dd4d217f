"""The catalogue: everything that was read and is sound, ready to be made into pages.

Of the declarations it holds the entries alone; each `Filed` lives only while it is checked and printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TypeVar

from jixiao.analysis.duplicates import Copied
from jixiao.analysis.summary import Entry, entry_of
from jixiao.i18n import Dictionary
from jixiao.load.received import FormFile
from jixiao.load.source_files import SourceText
from jixiao.load.yaml_tree import Node
from jixiao.model.address_register import AddressBook
from jixiao.model.declaration import Declaration
from jixiao.model.history import NO_HISTORY, History
from jixiao.model.organisation import Kind, Organisation
from jixiao.model.project import Project, projects_of
from jixiao.model.publication import Publication
from jixiao.model.taxonomy import Taxonomy
from jixiao.text import Text

Key = TypeVar("Key")
Value = TypeVar("Value")


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
    version: str
    """Of the source file, see `version_of`."""

    @cached_property
    def entry(self) -> Entry:
        """What lists know of it. Summed up once, for the lists and for its own page in each language."""
        return entry_of(self.id, self.declaration, self.tree, self.version)


def version_of(content: bytes) -> str:
    """Name the version of a source file: the first twelve digits of its SHA-256."""
    return sha256(content).hexdigest()[:12]


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
    copied: tuple[Copied, ...] = ()
    """The targets that are copied most; found when all declarations are known."""
    history: History = NO_HISTORY
    """What git tells of the declarations."""
    publication: Publication | None = None
    """What is said of the site as a whole; known when everything was checked."""
    unread: frozenset[str] = frozenset()
    """Files and folders that could not be read: nobody is told that what stands in them is missing."""

    def is_unread(self, file: str) -> bool:
        """Tell whether *file* or a folder in which it lies could not be read."""
        return not self.unread.isdisjoint((file, *map(str, PurePosixPath(file).parents)))

    def dictionary(self, language: str) -> Dictionary:
        """Give the translations into *language*; an empty dictionary where there are none."""
        return self.translations.get(language, Dictionary(language=language))

    def state_of(self, entry: Entry) -> str:
        """Name a declaration in its present state: its file, and the form that it was taken from."""
        return f"{entry.id} {entry.version} {self.forms[entry.form].state}"

    def years(self) -> tuple[int, ...]:
        """List the years with declarations, latest first."""
        return tuple(sorted(self._by_year, reverse=True))

    def years_told_of(self) -> tuple[int, ...]:
        """List the years with declarations, or of which a department says how many projects it has."""
        stated = (year for organisation in self.organisations.values() for year in organisation.projects)
        return tuple(sorted({*self._by_year, *stated}, reverse=True))

    def of_year(self, year: int) -> tuple[Entry, ...]:
        """List the declarations of one year."""
        return self._by_year.get(year, ())

    def departments_of(self, year: int) -> tuple[str, ...]:
        """List the departments with declarations of one year, sorted by id."""
        return tuple(sorted({entry.department for entry in self.of_year(year)}))

    def of_department_year(self, department: str, year: int) -> tuple[Entry, ...]:
        """List the declarations of one department in one year."""
        return self._by_department_and_year.get((department, year), ())

    def of_organisation(self, organisation: str) -> tuple[Entry, ...]:
        """List the declarations for which *organisation* answers, as department or as unit."""
        return self._by_organisation.get(organisation, ())

    def counted_for(self, organisation: str) -> tuple[Entry, ...]:
        """List the declarations that count for *organisation*: a department's are those it is in charge of.

        A department may carry out a project of another one, whose money is not its own.
        """
        if self.organisations[organisation].kind is Kind.UNIT:
            return self.of_organisation(organisation)
        entries = self.of_organisation(organisation)
        return tuple(entry for entry in entries if entry.department == organisation)

    def units_of(self, organisation: str) -> tuple[str, ...]:
        """List the units below *organisation*, in the order of the register."""
        return self._by_parent.get(organisation, ())

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """The projects with declarations of two years or more."""
        return projects_of((entry.id for entry in self.entries), self.stated)

    @cached_property
    def stated(self) -> Mapping[str, str]:
        """Declaration → the earlier one that it says it continues."""
        return {entry.id: entry.continues.id for entry in self.entries if entry.continues}

    @cached_property
    def _by_year(self) -> Mapping[int, tuple[Entry, ...]]:
        return _grouped((entry.year, entry) for entry in self.entries)

    @cached_property
    def _by_department_and_year(self) -> Mapping[tuple[str, int], tuple[Entry, ...]]:
        return _grouped(((entry.department, entry.year), entry) for entry in self.entries)

    @cached_property
    def _by_organisation(self) -> Mapping[str, tuple[Entry, ...]]:
        return _grouped(
            (organisation, entry)
            for entry in self.entries
            for organisation in dict.fromkeys((entry.department, entry.unit))
        )

    @cached_property
    def _by_parent(self) -> Mapping[str | None, tuple[str, ...]]:
        return _grouped((entry.parent, identity) for identity, entry in self.organisations.items())


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> Mapping[Key, tuple[Value, ...]]:
    """Group values by key, each group in the order in which they come."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(group) for key, group in groups.items()}
