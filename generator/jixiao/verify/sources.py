"""The sources that a site must agree with, read from its folder: declarations, organisations, words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.i18n import THEME
from jixiao.ignored_files import is_ignored_name, is_ignored_path
from jixiao.verify.list_groups import ListGroup, find_projects, sort_into_groups
from jixiao.verify.po_texts import SOURCE, PoTexts, read_po_texts
from jixiao.verify.source_declaration import (
    ListedDeclaration,
    SourceDeclaration,
    UnreadableSourceError,
    YamlText,
    read_declaration,
    read_yaml,
)

_LANGUAGES = (SOURCE, "en")
"""Those of a site whose settings name none."""
COPIES = "forms/published/"
"""Under `content/` and in the site, the copies that are published in the place of forms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceOrganisation:
    """A department or a unit."""

    name: str
    parent: str | None
    aliases: tuple[str, ...]
    units: tuple[str, ...]
    """Ids of those below it."""
    kind: str
    projects: Mapping[str, int]
    """Year → how many projects it says that it has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSettings:
    """The settings of the site that its pages show."""

    names: Mapping[str, str]
    """By language."""
    publishers: Mapping[str, str]
    """By language."""
    languages: tuple[str, ...]
    address: str
    """Ends in `/`; empty where none is set."""
    downloads: bool = False
    """There are files of data."""
    originals: bool = True
    """Forms are published, or copies in their place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerificationSources:
    """Whatever pages are compared with: for one page, all that it shows; for a site, everything."""

    settings: SourceSettings
    organisations: Mapping[str, SourceOrganisation]
    translations: Mapping[str, PoTexts]
    editions: Mapping[str, str]
    """Edition → title."""
    renamed: Mapping[str, str]
    """Former address of a declaration → its present one."""
    withdrawn: Mapping[str, str]
    """Address of a declaration that is no longer published → the reason."""
    handwritten: frozenset[str] = frozenset()
    """Addresses of the pages that the publisher has written."""
    declarations: Mapping[str, SourceDeclaration] = field(default_factory=dict)
    """By address."""
    listed: Mapping[str, ListedDeclaration] = field(default_factory=dict)
    """By address."""
    groups: Mapping[str, ListGroup] = field(default_factory=dict)
    """By the address of the list: home, years, departments in a year, organisations."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Path → SHA-256."""
    glossaries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language → term → meaning."""
    crosswalks: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Edition → earlier edition → its class → the class in its place."""
    projects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address of a project with all its years → those of its declarations, earliest first."""
    project_addresses: Mapping[str, str] = field(default_factory=dict)
    """Address of a declaration → that of its project."""

    def organisation_name(self, organisation: str) -> str:
        """Return the Chinese name of an organisation, or its id where the register lacks it."""
        entry = self.organisations.get(organisation)
        return entry.name if entry else organisation

    def years(self) -> list[str]:
        """List the years with declarations, latest first."""
        years = (address.rstrip("/") for address in self.groups)
        return sorted((year for year in years if year.isdecimal()), reverse=True)

    def years_of_defects(self) -> list[str]:
        """List the years with declarations or stated numbers of projects, latest first."""
        stated = (organisation.projects for organisation in self.organisations.values())
        return sorted({*self.years()}.union(*stated), reverse=True)

    def published_form(self, form: str) -> str | None:
        """Name the file that readers get for *form*: itself, a copy, or none."""
        if not self.settings.originals:
            return None
        copy = f"{COPIES}{form.removeprefix('forms/')}"
        return copy if copy in self.forms else form

    def with_declaration(self, declaration: SourceDeclaration) -> VerificationSources:
        """Return the sources of the page of *declaration*."""
        forms = (declaration.form, self.published_form(declaration.form))
        return replace(
            self,
            declarations={declaration.address: declaration},
            forms={path: self.forms[path] for path in forms if path is not None},
        )

    def with_project(self, declarations: Iterable[SourceDeclaration]) -> VerificationSources:
        """Return the sources of the page of the project that *declarations* make."""
        members = {one.address: one for one in declarations}
        continues = {address: one.continues for address, one in members.items()}
        return replace(self, declarations=members, projects=find_projects(continues))

    def with_lists(self, listed: Iterable[ListedDeclaration]) -> VerificationSources:
        """Return the sources with these declarations, sorted into the lists that show them."""
        # By id: the slash that ends an address would sort `a/b` behind `a/b-c`.
        ordered = sorted(listed, key=lambda one: one.address.rstrip("/"))
        projects = find_projects({one.address: one.continues for one in ordered})
        return replace(
            self,
            listed={one.address: one for one in ordered},
            groups=sort_into_groups(ordered, {one: entry.kind for one, entry in self.organisations.items()}),
            projects=projects,
            project_addresses={one: project for project, members in projects.items() for one in members},
        )


def read_shared(root: Path) -> VerificationSources:
    """Read the sources that all pages share: everything below *root* but declarations and forms.

    Raises:
        UnreadableSourceError: A file cannot be read.
    """
    content = root / "content"
    settings = _read_settings(root)
    register = content / "addresses.yml"
    addresses = read_yaml(register, root) if register.exists() else YamlText(None)
    lists = [
        file for file in sorted((content / "taxonomies").glob("*.yml")) if not is_ignored_name(file.name)
    ]
    taxonomies = {tree.at("edition").words(): tree for tree in (read_yaml(file, root) for file in lists)}
    words = (THEME / "words", content / "translations")
    pages = content / "pages"
    return VerificationSources(
        settings=settings,
        organisations=_read_organisations(read_yaml(content / "organisations.yml", root)),
        translations={language: read_po_texts(language, *words) for language in settings.languages},
        editions={edition: tree.at("title").words() for edition, tree in taxonomies.items()},
        handwritten=frozenset(
            f"{file.relative_to(folder).with_suffix('').as_posix()}/"
            for folder in (pages / language for language in settings.languages)
            for file in folder.rglob("*.md")
        ),
        glossaries={
            language: dict(_read_glossary(file.read_text("utf-8", errors="replace").split("\n")))
            for language in settings.languages
            for file in [pages / language / "glossary.md"]
            if file.is_file()
        },
        crosswalks={
            edition: {
                earlier: {theirs: ours.words() for theirs, ours in classes.entries()}
                for earlier, classes in tree.at("crosswalk").entries()
            }
            for edition, tree in taxonomies.items()
        },
        renamed={f"{old}/": f"{new.words()}/" for old, new in addresses.at("renamed").entries()},
        withdrawn={f"{old}/": reason.words() for old, reason in addresses.at("withdrawn").entries()},
    )


def read_sources(root: Path) -> VerificationSources:
    """Read all sources of the site at *root*.

    Raises:
        UnreadableSourceError: A file cannot be read.
    """
    shared = read_shared(root)
    declarations = {one.address: one for one in _read_declarations(root)}
    return replace(
        shared.with_lists(one.listed() for one in declarations.values()),
        declarations=declarations,
        forms={
            form: checksum_form(root / "content" / form, root)
            for declared in {one.form for one in declarations.values()}
            for form in (declared, f"{COPIES}{declared.removeprefix('forms/')}")
            if form == declared or (root / "content" / form).is_file()
        },
    )


def checksum_form(form: Path, root: Path) -> str:
    """Return the SHA-256 of a form.

    Raises:
        UnreadableSourceError: It is not there.
    """
    try:
        return hashlib.sha256(form.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableSourceError(form.relative_to(root).as_posix()) from error


def _read_settings(root: Path) -> SourceSettings:
    tree = read_yaml(root / "site_config.yml", root)
    address = tree.at("address").words().strip()
    return SourceSettings(
        names={language: name.words().strip() for language, name in tree.at("name").entries()},
        publishers={language: name.words().strip() for language, name in tree.at("publisher").entries()},
        languages=tuple(language.words() for language in tree.at("languages").parts()) or _LANGUAGES,
        address=f"{address.rstrip('/')}/" if address else "",
        downloads=tree.at("downloads").words() == "true",
        originals=tree.at("originals").words() != "false",
    )


def _read_organisations(tree: YamlText) -> dict[str, SourceOrganisation]:
    entries = dict(tree.entries())
    units: dict[str, list[str]] = {}
    for identity, entry in entries.items():
        units.setdefault(entry.at("parent").words(), []).append(identity)
    return {
        identity: SourceOrganisation(
            name=entry.at("name").words(),
            parent=entry.at("parent").text(),
            aliases=tuple(alias.words() for alias in entry.at("aliases").parts()),
            units=tuple(units.get(identity, ())),
            kind=entry.at("kind").words(),
            projects={year: int(number.words()) for year, number in entry.at("projects").entries()},
        )
        for identity, entry in entries.items()
    }


def _read_declarations(root: Path) -> Iterator[SourceDeclaration]:
    home = root / "content" / "declarations"
    for file in sorted(home.rglob("*.yml")):
        name = file.relative_to(home).with_suffix("").as_posix()
        if is_ignored_path(file.relative_to(home)):
            continue
        try:
            content = file.read_bytes()
        except OSError as error:
            raise UnreadableSourceError(file.relative_to(root).as_posix()) from error
        yield read_declaration(content, name)


def _read_glossary(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each line that a meaning follows, with the meaning, which goes on in lines that are set in."""
    for number, line in enumerate(lines[1:], start=1):
        if line.startswith(": "):
            meaning = [line.removeprefix(":")]
            for following in lines[number + 1 :]:
                if not following.startswith("    "):
                    break
                meaning.append(following)
            yield lines[number - 1].strip(), " ".join(" ".join(meaning).split())
