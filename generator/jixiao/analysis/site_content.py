"""Content of a site: everything that was read and is sound, ready to be rendered.

Declarations are held as summaries; each `ParsedDeclaration` exists only while it is checked and rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TypeVar

from jixiao.analysis.duplicates import CopiedTarget
from jixiao.analysis.summary import Summary, summarise
from jixiao.i18n import TranslationCatalogue
from jixiao.load.received_forms import FormFile
from jixiao.load.source_files import SourceText
from jixiao.load.yaml_tree import Node
from jixiao.model.address_register import AddressRegister
from jixiao.model.declaration import Declaration
from jixiao.model.history import NO_HISTORY, History
from jixiao.model.organisation import Organisation, OrganisationKind
from jixiao.model.project import Project, find_projects
from jixiao.model.taxonomy import Taxonomy
from jixiao.text import Text


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Facts about the site as a whole, for the manifest and the page of data: commit and counts."""

    commit: str | None = None
    """`None` outside a git repository."""
    time: str | None = None
    """Time of the commit, `2026-01-31T12:00:00+08:00`."""
    changed_since: bool | None = None
    """Whether any file of the site has changed since the commit."""
    declarations: int = 0
    indicators: int = 0
    errors: int = 0
    warnings: int = 0
    advice: int = 0

    def to_record(self) -> dict[str, object]:
        """Return the facts as JSON values."""
        return asdict(self)


Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class ParsedDeclaration:
    """Parsed declaration with its id, its file and its tree."""

    id: str
    """Path below `content/declarations/` without ending: year/department/project. Permanent."""
    file: str
    """Source file, relative to the root."""
    declaration: Declaration
    tree: Node
    """Tree the declaration was read from, for the places of problems."""
    version: str
    """Version of the source file, see `source_version`."""

    @cached_property
    def summary(self) -> Summary:
        """Summary, computed once for the lists and for the page in each language."""
        return summarise(self.id, self.declaration, self.tree, self.version)


def source_version(source_bytes: bytes) -> str:
    """Return the first twelve digits of the SHA-256 of a source file."""
    return sha256(source_bytes).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True)
class HandwrittenPage:
    """Page that an editor wrote as Markdown."""

    slug: str
    """Name of its file and its URL, e.g. `about`."""
    language: str
    file: str
    title: Text
    description: Text
    markdown: str
    """Text after the front matter."""
    first_line: int
    """Line of the file where `markdown` starts, counted from 1."""


@dataclass(frozen=True, kw_only=True)
class SiteContent:
    """Content of one site."""

    summaries: tuple[Summary, ...] = ()
    """Summaries of all declarations, sorted by id."""
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    organisations_tree: Node | None = None
    """Tree the register was read from, for the places of problems."""
    address_register: AddressRegister = field(default_factory=AddressRegister)
    address_register_tree: Node | None = None
    """Tree the register was read from, for the places of problems."""
    taxonomies: Mapping[str, Taxonomy] = field(default_factory=dict)
    """Taxonomies by edition."""
    translations: Mapping[str, TranslationCatalogue] = field(default_factory=dict)
    """Translations of the content by language."""
    handwritten_pages: tuple[HandwrittenPage, ...] = ()
    forms: Mapping[str, FormFile] = field(default_factory=dict)
    """Forms by path."""
    shared_files: tuple[SourceText, ...] = ()
    """Source texts of the files that serve all declarations: registers, pages, translations."""
    copied_targets: tuple[CopiedTarget, ...] = ()
    """Targets copied most often; set when all declarations are known."""
    history: History = NO_HISTORY
    """History of the declarations in git."""
    publication: Publication | None = None
    """Facts about the site as a whole; set when everything has been checked."""
    unread_paths: frozenset[str] = frozenset()
    """Files and folders that could not be read; nothing in them is reported as missing."""

    def is_unread(self, file: str) -> bool:
        """Return whether *file* or one of its parent folders could not be read."""
        return not self.unread_paths.isdisjoint((file, *map(str, PurePosixPath(file).parents)))

    def find_translations(self, language: str) -> TranslationCatalogue:
        """Return the translations into *language*; an empty catalogue if there are none."""
        return self.translations.get(language, TranslationCatalogue(language=language))

    def declaration_state(self, summary: Summary) -> str:
        """Return an identifier of the present state of a declaration and of its form."""
        return f"{summary.id} {summary.version} {self.forms[summary.form].display_key}"

    def years(self) -> tuple[int, ...]:
        """Return the years with declarations, latest first."""
        return tuple(sorted(self._summaries_by_year, reverse=True))

    def years_with_projects(self) -> tuple[int, ...]:
        """Return the years with declarations or with a stated number of projects, latest first."""
        stated = (year for organisation in self.organisations.values() for year in organisation.projects)
        return tuple(sorted({*self._summaries_by_year, *stated}, reverse=True))

    def summaries_in_year(self, year: int) -> tuple[Summary, ...]:
        """Return the declarations of one year."""
        return self._summaries_by_year.get(year, ())

    def departments_in_year(self, year: int) -> tuple[str, ...]:
        """Return the departments with declarations in one year, sorted by id."""
        return tuple(sorted({summary.department for summary in self.summaries_in_year(year)}))

    def summaries_in_department_year(self, department: str, year: int) -> tuple[Summary, ...]:
        """Return the declarations of one department in one year."""
        return self._summaries_by_department_year.get((department, year), ())

    def organisation_summaries(self, organisation: str) -> tuple[Summary, ...]:
        """Return the declarations that name *organisation* as department or as unit."""
        return self._summaries_by_organisation.get(organisation, ())

    def attributable_summaries(self, organisation: str) -> tuple[Summary, ...]:
        """Return the declarations that count for *organisation*: a department must be in charge.

        A department may carry out a project of another one, whose money is not its own.
        """
        if self.organisations[organisation].kind is OrganisationKind.UNIT:
            return self.organisation_summaries(organisation)
        summaries = self.organisation_summaries(organisation)
        return tuple(summary for summary in summaries if summary.department == organisation)

    def units_below(self, organisation: str) -> tuple[str, ...]:
        """Return the units below *organisation*, in the order of the register."""
        return self._units_by_parent.get(organisation, ())

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """Projects with declarations of two years or more."""
        return find_projects((summary.id for summary in self.summaries), self.continued_ids)

    @cached_property
    def continued_ids(self) -> Mapping[str, str]:
        """Id of a declaration → id of the earlier one that it names as continued."""
        return {summary.id: summary.continues.id for summary in self.summaries if summary.continues}

    @cached_property
    def _summaries_by_year(self) -> Mapping[int, tuple[Summary, ...]]:
        return _group_by_key((summary.year, summary) for summary in self.summaries)

    @cached_property
    def _summaries_by_department_year(self) -> Mapping[tuple[str, int], tuple[Summary, ...]]:
        return _group_by_key(((summary.department, summary.year), summary) for summary in self.summaries)

    @cached_property
    def _summaries_by_organisation(self) -> Mapping[str, tuple[Summary, ...]]:
        return _group_by_key(
            (organisation, summary)
            for summary in self.summaries
            for organisation in dict.fromkeys((summary.department, summary.unit))
        )

    @cached_property
    def _units_by_parent(self) -> Mapping[str | None, tuple[str, ...]]:
        return _group_by_key(
            (organisation.parent, identity) for identity, organisation in self.organisations.items()
        )


def _group_by_key(pairs: Iterable[tuple[Key, Value]]) -> Mapping[Key, tuple[Value, ...]]:
    """Group values by key, each group in the order of arrival."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(group) for key, group in groups.items()}
