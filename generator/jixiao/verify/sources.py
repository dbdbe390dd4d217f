"""What the pages of a site must agree with, read from the project: declarations, organisations, words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from jixiao.i18n import THEME
from jixiao.ignored_files import is_ignored_name, is_ignored_path
from jixiao.verify.declaration import FIRST_MARK, GAPS, Declaration, Listed, declaration_of
from jixiao.verify.figure import amount
from jixiao.verify.glossary import read_glossaries
from jixiao.verify.project_years import projects_in
from jixiao.verify.translations import SOURCE, Translations, read_translations
from jixiao.verify.yaml_text import Tree, Unreadable, read_yaml, tree_of

_LANGUAGES = (SOURCE, "en")
"""Those of a site whose settings name none."""
FACTOR = {"元": Decimal(1), "万元": Decimal(10_000)}
"""By what a sum is multiplied to be in 元."""
_MISSHAPEN = (KeyError, ValueError)
"""What reading a declaration raises when a field is not as the form has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A department or a unit."""

    name: str
    parent: str | None
    aliases: tuple[str, ...]
    units: tuple[str, ...]
    """Ids of those below it."""
    kind: str
    projects: Mapping[str, int]
    """Year → how many projects it says that it has."""


COPIES = "forms/published/"
"""Under `content/` and in the site, the copies that are published in the place of forms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What of the settings of the site its pages show."""

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
class Totals:
    """What a set of declarations adds up to."""

    declarations: int
    annual: Decimal
    """In 元."""
    with_annual: int
    unit_inferred: int
    indicators: int
    numeric: int
    blank: int
    """Indicators whose target was left blank."""
    gaps: tuple[tuple[int, int], ...]
    """Places with a gap of each kind, and declarations with such places, in the order of `GAPS`."""
    damaged: int
    """Declarations with any mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What one list shows."""

    totals: Totals
    """Added up once, because every part of a long list shows them."""
    listed: tuple[Listed, ...] = ()
    """Sorted by id; of a list that is only named on a page, nothing."""
    begins: int = 0
    """The place of the first of `listed` in the whole list, from 0."""
    years: tuple[tuple[str, Totals], ...] = ()
    """Of a list of several years what each adds up to, latest first: their requests are never added."""
    carried_out: int = 0
    """Declarations in the list of a department that it carries out for another one, and that count there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """What pages are compared with: for one page, what it shows; for a site, everything."""

    settings: Settings
    organisations: Mapping[str, Organisation]
    translations: Mapping[str, Translations]
    editions: Mapping[str, str]
    """Edition → title."""
    renamed: Mapping[str, str]
    """Former address of a declaration → its present one."""
    withdrawn: Mapping[str, str]
    """Address of a declaration that is no longer published → the reason."""
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    """By address."""
    listed: Mapping[str, Listed] = field(default_factory=dict)
    """By address."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """By the address of the list: home, years, departments in a year, organisations."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Path → SHA-256."""
    glossaries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language → term → meaning."""
    crosswalks: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Edition → earlier edition → its class → the class in its place; see `Taxonomy.crosswalk`."""
    projects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address of a project with all its years → those of its declarations, earliest first."""
    project_of: Mapping[str, str] = field(default_factory=dict)
    """Address of a declaration → that of its project."""


def read_shared(project: Path) -> Sources:
    """Read what serves all pages of *project*: everything but declarations and forms.

    Raises:
        Unreadable: A file cannot be read.
    """
    content = project / "content"
    settings = _settings(project)
    words = (THEME / "words", content / "translations")
    register = _register(project)
    lists = [
        file for file in sorted((content / "taxonomies").glob("*.yml")) if not is_ignored_name(file.name)
    ]
    taxonomies = [read_yaml(file, project) for file in lists]
    return Sources(
        settings=settings,
        organisations=_organisations(project),
        translations={language: read_translations(language, *words) for language in settings.languages},
        editions={tree.at("edition").words(): tree.at("title").words() for tree in taxonomies},
        glossaries=read_glossaries(content / "pages", settings.languages),
        crosswalks={
            tree.at("edition").words(): {
                edition: {theirs: ours.words() for theirs, ours in classes.entries()}
                for edition, classes in tree.at("crosswalk").entries()
            }
            for tree in taxonomies
        },
        renamed={f"{old}/": f"{new.words()}/" for old, new in register.at("renamed").entries()},
        withdrawn={f"{old}/": reason.words() for old, reason in register.at("withdrawn").entries()},
    )


def read_sources(project: Path) -> Sources:
    """Read all of *project*.

    Raises:
        Unreadable: A file cannot be read.
    """
    shared = read_shared(project)
    declarations = {filed.address: filed for filed in _declarations(project)}
    return replace(
        with_lists(shared, (filed.listed() for filed in declarations.values())),
        declarations=declarations,
        forms={
            form: checksum_of(project / "content" / form, project)
            for declared in {one.form for one in declarations.values()}
            for form in (declared, f"{COPIES}{declared.removeprefix('forms/')}")
            if form == declared or (project / "content" / form).is_file()
        },
    )


def _settings(project: Path) -> Settings:
    tree = read_yaml(project / "site_config.yml", project)
    address = tree.at("address").words().strip()
    return Settings(
        names={language: name.words().strip() for language, name in tree.at("name").entries()},
        publishers={language: name.words().strip() for language, name in tree.at("publisher").entries()},
        languages=tuple(language.words() for language in tree.at("languages").parts()) or _LANGUAGES,
        address=f"{address.rstrip('/')}/" if address else "",
        downloads=tree.at("downloads").words() == "true",
        originals=tree.at("originals").words() != "false",
    )


def _organisations(project: Path) -> dict[str, Organisation]:
    entries = dict(read_yaml(project / "content" / "organisations.yml", project).entries())
    units: dict[str, list[str]] = {}
    for identity, entry in entries.items():
        units.setdefault(entry.at("parent").words(), []).append(identity)
    return {
        identity: Organisation(
            name=entry.at("name").words(),
            parent=entry.at("parent").text(),
            aliases=tuple(alias.words() for alias in entry.at("aliases").parts()),
            units=tuple(units.get(identity, ())),
            kind=entry.at("kind").words(),
            projects={year: int(number.words()) for year, number in entry.at("projects").entries()},
        )
        for identity, entry in entries.items()
    }


def _declarations(project: Path) -> Iterator[Declaration]:
    home = project / "content" / "declarations"
    for file in sorted(home.rglob("*.yml")):
        name = file.relative_to(home).with_suffix("").as_posix()
        if is_ignored_path(file.relative_to(home)):
            continue
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Unreadable(file.relative_to(project).as_posix()) from error
        yield read_declaration(content, name)


def read_declaration(content: bytes, identity: str) -> Declaration:
    """Read the *content* of a declaration's file.

    Args:
        content: The bytes of the file.
        identity: Its path under `content/declarations/` without the ending.

    Raises:
        Unreadable: It cannot be read as a declaration.
    """
    file = f"content/declarations/{identity}.yml"
    try:
        return declaration_of(tree_of(content, file), f"{identity}/", sha256(content).hexdigest()[:12])
    except _MISSHAPEN as error:
        raise Unreadable(file) from error


def _register(project: Path) -> Tree:
    """Read the register of addresses; blank where there is none."""
    file = project / "content" / "addresses.yml"
    return read_yaml(file, project) if file.exists() else Tree(None)


def with_lists(sources: Sources, listed: Iterable[Listed]) -> Sources:
    """Give *sources* with these declarations, sorted into the lists that show them."""
    # By id: the slash that ends an address would sort `a/b` behind `a/b-c`.
    filed = sorted(listed, key=lambda filed: filed.address.rstrip("/"))
    groups = _groups_of(filed, sources.organisations)
    projects = projects_in({one.address: one.continues for one in filed})
    return replace(
        sources,
        listed={one.address: one for one in filed},
        groups=groups,
        projects=projects,
        project_of={one: project for project, members in projects.items() for one in members},
    )


def with_projects(sources: Sources) -> Sources:
    """Give *sources* with the projects that its declarations alone make."""
    continues = {address: one.continues for address, one in sources.declarations.items()}
    return replace(sources, projects=projects_in(continues))


def totals_of_nothing() -> Totals:
    """Give what a list without declarations adds up to."""
    return _totals((), {})


def _groups_of(listed: Sequence[Listed], organisations: Mapping[str, Organisation]) -> dict[str, Group]:
    members: dict[str, list[Listed]] = {
        "": [],
        **{f"organisations/{identity}/": [] for identity in organisations},
    }
    for filed in listed:
        year, department, unit = (filed.facts[fact] for fact in ("year", "department", "unit"))
        answering = {f"organisations/{identity}/" for identity in (department, unit)}
        for address in ("", f"{year}/", f"{year}/{department}/", *answering):
            members.setdefault(address, []).append(filed)
    annual = {filed.address: in_yuan(filed) for filed in listed}
    return {
        address: _group(
            shown, _counted(address, shown, organisations), annual, has_years=not address[:1].isdecimal()
        )
        for address, shown in members.items()
    }


def _group(
    shown: Sequence[Listed],
    counted: Sequence[Listed],
    annual: Mapping[str, Decimal | None],
    *,
    has_years: bool,
) -> Group:
    return Group(
        listed=tuple(shown),
        totals=_totals(shown, annual),
        years=tuple(_by_year(counted, annual)) if has_years else (),
        carried_out=len(shown) - len(counted),
    )


def _counted(
    address: str, shown: Sequence[Listed], organisations: Mapping[str, Organisation]
) -> Sequence[Listed]:
    """List what counts on the page at *address*: of a department only what it is in charge of."""
    register, _, identity = address.rstrip("/").partition("/")
    if register != "organisations" or organisations[identity].kind != "department":
        return shown
    return [one for one in shown if one.facts["department"] == identity]


def _by_year(listed: Sequence[Listed], annual: Mapping[str, Decimal | None]) -> Iterator[tuple[str, Totals]]:
    of_years: dict[str, list[Listed]] = {}
    for one in listed:
        of_years.setdefault(one.facts["year"], []).append(one)
    for year in sorted(of_years, key=int, reverse=True):
        yield year, _totals(of_years[year], annual)


def _totals(listed: Sequence[Listed], annual: Mapping[str, Decimal | None]) -> Totals:
    """Add up a list; a sum that was left blank counts nowhere.

    Args:
        listed: The declarations.
        annual: Address → the sum in 元.
    """
    sums = [(yuan, one.stated_unit) for one in listed if (yuan := annual[one.address]) is not None]
    # Many have the same gaps, which are few.
    by_gaps = Counter(one.gaps for one in listed)
    return Totals(
        declarations=len(listed),
        annual=sum((yuan for yuan, _ in sums), Decimal(0)),
        with_annual=len(sums),
        unit_inferred=sum(unit is None for _, unit in sums),
        indicators=sum(one.indicators for one in listed),
        numeric=sum(one.numeric for one in listed),
        blank=sum(one.blank for one in listed),
        gaps=tuple(
            (sum(gaps[kind] * number for gaps, number in by_gaps.items()), _number_with(by_gaps, kind))
            for kind in range(len(GAPS))
        ),
        damaged=_number_with(by_gaps, *range(FIRST_MARK, len(GAPS))),
    )


def _number_with(by_gaps: Mapping[tuple[int, ...], int], *kinds: int) -> int:
    """Count the declarations that have a gap of any of these kinds."""
    return sum(number for gaps, number in by_gaps.items() if any(gaps[kind] for kind in kinds))


def in_yuan(filed: Listed) -> Decimal | None:
    """Give the 年度资金申请总额 in 元; `None` where it was left blank or its unit is not known."""
    value = amount(filed.annual) if filed.annual is not None and filed.unit else None
    return None if value is None else value * FACTOR.get(filed.unit or "", Decimal(1))


def checksum_of(form: Path, project: Path) -> str:
    """Give the SHA-256 of a form.

    Raises:
        Unreadable: It is not there.
    """
    try:
        return hashlib.sha256(form.read_bytes()).hexdigest()
    except OSError as error:
        raise Unreadable(form.relative_to(project).as_posix()) from error
