"""The catalogue: everything that was read and is sound, ready to be made into pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.load.content import FormFile
from generator.load.tree import Node
from generator.model.address_book import AddressBook
from generator.model.declaration import Declaration
from generator.model.organisation import Organisation
from generator.model.taxonomy import Taxonomy
from generator.text import Text
from generator.words import Dictionary


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
    unread: frozenset[str] = frozenset()
    """Files that could not be read, so that nobody is told that what stands in them is missing."""

    def dictionary(self, language: str) -> Dictionary:
        """Give the translations into *language*; an empty dictionary where there are none."""
        return self.translations.get(language, Dictionary(language=language))

    def years(self) -> tuple[int, ...]:
        """List the years with declarations, latest first."""
        return tuple(sorted({filed.declaration.year for filed in self.declarations}, reverse=True))

    def of_year(self, year: int) -> tuple[Filed, ...]:
        """List the declarations of one year."""
        return tuple(filed for filed in self.declarations if filed.declaration.year == year)

    def of_organisation(self, organisation: str) -> tuple[Filed, ...]:
        """List the declarations for which *organisation* answers, as department or as unit."""
        return tuple(
            filed
            for filed in self.declarations
            if organisation in {filed.declaration.department, filed.declaration.unit}
        )
