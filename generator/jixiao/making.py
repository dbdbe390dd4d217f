"""Make the pieces of a release: find out which are stale, and have the crew make those.

A piece is stale when anything that it was made from has another digest than at the last build. Declarations
come first, because lists show them; then the lists, and the indexes of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import time_ns
from typing import Any

from jixiao.analysis import urls
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.summary import Summary
from jixiao.analysis.summary import read_summary as read_entry
from jixiao.batch import (
    Context,
    DeclarationBatch,
    DeclarationOrder,
    Made,
    SheetBatch,
    SheetOrder,
    make_declarations,
    make_sheets,
)
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import describe_rules
from jixiao.check.semantic_checks import parse_declaration
from jixiao.config import SiteConfig
from jixiao.crew import Crew, in_batches
from jixiao.downloads.dataset_metadata import build_site_dataset
from jixiao.downloads.jsonld import format_for_page
from jixiao.load.content_files import DeclarationFile
from jixiao.load.source_files import read_bytes, read_change_time
from jixiao.model.history import NO_HISTORY, History
from jixiao.model.project import PreviousNext, find_projects
from jixiao.model.rule import RuleSet
from jixiao.pages import PageData, PageRenderer, build_all_pages
from jixiao.pages.page import PageKind, PageReference
from jixiao.pages.page_renderer import hash_page_data
from jixiao.problems import Problem, has_error, is_advice, problems_from_json, problems_to_json
from jixiao.site.ledger import Piece, digest_of
from jixiao.site.release import Release
from jixiao.verify import VerificationFinding
from jixiao.verify.list_groups import ListGroup
from jixiao.verify.list_values import split_part
from jixiao.verify.source_declaration import ListedDeclaration, read_listed
from jixiao.verify.sources import VerificationSources

BATCH = 64
"""Declarations in one order: a second's work for one core, and some 4 MB of pages."""
_KIND = "declaration"
"""How the names of the pieces of declarations begin."""
_SETTLED_NS = 2_000_000_000
"""A file that has just changed may change once more within the same tick of the clock of its disk."""


@dataclass(kw_only=True)
class Declarations:
    """What came of the declarations of a project."""

    entries: list[Summary] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    with_advice: bool = True
    """Whether advice is among the problems; a large site has so much of it that a build only counts it."""
    advice: dict[str, int] = field(default_factory=dict)
    """By id: how much advice is not among the problems."""
    listed: list[ListedDeclaration] = field(default_factory=list)
    """What the verification has read of them."""
    findings: list[VerificationFinding] = field(default_factory=list)

    def in_order(self) -> Declarations:
        """Sort the entries by id, in whatever order the crew was."""
        self.entries.sort(key=lambda entry: entry.id)
        return self


def check_all_declarations(
    files: Iterable[DeclarationFile], project: Path, crew: Crew[Context]
) -> Declarations:
    """Check declarations and make nothing.

    Args:
        files: The declarations, as they were listed.
        project: The folder of the project.
        crew: Who does it.
    """
    found = Declarations()
    orders = (order for file in files if (order := _read(file, project, found)) is not None)
    batches = (DeclarationBatch(orders=batch, printing=False) for batch in in_batches(orders, BATCH))
    for _, results in crew.run(make_declarations, batches):
        for made in results:
            _take(made, found)
    return found.in_order()


def make_all_declarations(
    stale: Iterable[DeclarationFile], project: Path, shelf: Shelf, crew: Crew[Context]
) -> Declarations:
    """Check declarations, and make the pages of those that are stale.

    What is taken over is not among what came of them: `Shelf.take_over` adds it.

    Args:
        stale: The declarations that are not current on the shelf.
        project: The folder of the project.
        shelf: Where pages are found and put.
        crew: Who does it.
    """
    found = shelf.found
    files = {file.id: file for file in stale}

    def batches() -> Iterator[DeclarationBatch]:
        for batch in in_batches(_orders(files.values(), project, shelf, found), BATCH):
            # After an error nothing will be published, and the editor wants the report.
            yield DeclarationBatch(orders=batch, printing=not has_error(found.problems))

    for batch, results in crew.run(make_declarations, batches()):
        for order, made in zip(batch.orders, results, strict=True):
            _take(made, found)
            if made.listed is not None:
                shelf.put(files[made.id], order.content, made)
    return found


def _orders(
    stale: Iterable[DeclarationFile], project: Path, shelf: Shelf, found: Declarations
) -> Iterator[DeclarationOrder]:
    """Read what is stale; what has the same content as before is taken over after all."""
    for file in stale:
        order = _read(file, project, found)
        if order is not None and not shelf.has_content(file, order.content):
            yield replace(
                order,
                neighbours=shelf.neighbours.get(order.id),
                events=shelf.history.events_by_declaration.get(order.id, ()),
            )


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where the pages of declarations are found that are as they were, and put when they were made."""

    key: str
    catalogue: SiteContent
    release: Release
    begun: int = field(default_factory=time_ns)
    found: Declarations = field(default_factory=Declarations)
    """What came of the declarations so far."""
    history: History = NO_HISTORY
    neighbours: dict[str, PreviousNext] = field(default_factory=dict)
    """By id: what pages say of the same project in other years."""
    kept: set[str] = field(default_factory=set)
    """The ids of the declarations whose pages are kept."""

    def stale_among(self, files: Iterable[DeclarationFile], project: Path) -> list[DeclarationFile]:
        """Keep the pages of files that, by all the disk says of them, are untouched; give the others.

        A page is stale, too, when it no longer names the right neighbours.
        """
        all_files = {file.id: file for file in files}
        printed: dict[str, PreviousNext | None] = {}
        stated: dict[str, str] = {}
        for piece in self.release.all_known(_KIND):
            file = all_files.get(_identity(piece.name))
            if file and self._is_current(piece) and self._is_untouched(piece, file):
                printed[file.id] = _neighbours_in(piece)
                if piece.facts["continues"]:
                    stated[file.id] = piece.facts["continues"]
        stated.update(_stated_in((file for file in all_files.values() if file.id not in printed), project))
        for of_project in find_projects(all_files, stated):
            self.neighbours.update(of_project.previous_next())
        for identity, neighbours in printed.items():
            if neighbours == self.neighbours.get(identity):
                self._keep(identity)
        return [file for file in all_files.values() if file.id not in self.kept]

    def has_content(self, file: DeclarationFile, content: bytes) -> bool:
        """Keep the pages of *file* if its content is the same: it was touched, or comes from git."""
        piece = self.release.known(_name(file.id))
        if piece is None or not self._is_current(piece) or piece.facts["checksum"] != digest_of(content):
            return False
        if _neighbours_in(piece) != self.neighbours.get(file.id) or not self._tells_history(piece, file.id):
            return False
        self.release.renew(replace(piece, facts={**piece.facts, "signature": self._signature(file)}))
        self._keep(file.id)
        return True

    def take_over(self) -> Declarations:
        """Add what came of the declarations whose pages are kept; give all, sorted."""
        if self.kept:
            for name, outcome in self.release.outcomes(_KIND):
                if _identity(name) in self.kept:
                    _take_over(outcome, self.found)
        return self.found.in_order()

    def put(self, file: DeclarationFile, content: bytes, made: Made) -> None:
        """Add the pages that were made of *file*."""
        entry = read_entry(made.entry or [])
        self.release.add(
            _name(made.id),
            self.key,
            {**{path: page for one in made.pages for path, page in one.files().items()}, **made.data},
            facts={
                "signature": self._signature(file),
                "checksum": digest_of(content),
                "form": entry.form,
                "form_checksum": made.form_checksum,
                "continues": entry.continues.id if entry.continues else None,
                "neighbours": self.neighbours.get(made.id),
                "history": self._history_of(made.id),
            },
            seen={path: seen for page in made.pages for path, seen in page.seen().items()},
        )
        self.release.note_outcome(
            _name(made.id),
            {
                "entry": made.entry,
                "listed": made.listed,
                "problems": problems_to_json(one for one in made.problems if not is_advice(one)) or None,
                "advice": problems_to_json(filter(is_advice, made.problems)) or None,
            },
        )

    def _keep(self, identity: str) -> None:
        self.release.keep(_name(identity))
        self.kept.add(identity)

    def _is_current(self, piece: Piece) -> bool:
        """Tell whether what serves all declarations and the form of this one are still the same."""
        form = self.catalogue.forms.get(piece.facts["form"])
        return piece.key == self.key and form is not None and form.display_key == piece.facts["form_checksum"]

    def _is_untouched(self, piece: Piece, file: DeclarationFile) -> bool:
        return bool(piece.facts["signature"] == file.stat_signature and self._tells_history(piece, file.id))

    def _tells_history(self, piece: Piece, identity: str) -> bool:
        return bool(piece.facts["history"] == self._history_of(identity))

    def _history_of(self, identity: str) -> list[str]:
        """Name the events that a page tells: what they say follows from the commits and the registers."""
        events = self.history.events_by_declaration.get(identity, ())
        return [f"{event.commit} {event.event_kind}" for event in events]

    def _signature(self, file: DeclarationFile) -> str:
        """Give what tells that the file is untouched; nothing where it may change once more within a tick."""
        return file.stat_signature if read_change_time(file.stat_signature) < self.begun - _SETTLED_NS else ""


def _neighbours_in(piece: Piece) -> PreviousNext | None:
    """Give what the pages of a piece say of the same project in other years."""
    around = piece.facts["neighbours"]
    return None if around is None else PreviousNext(*around)


def _stated_in(files: Iterable[DeclarationFile], project: Path) -> Iterator[tuple[str, str]]:
    """Give the declarations that say which earlier one they continue; what is unsound is told elsewhere."""
    for file in files:
        content = read_bytes(project / file.file, file.file)
        # Few say it, and to read a file as a declaration takes long.
        if isinstance(content, bytes) and b"continues" in content:
            filed = parse_declaration(file.id, file.file, content)
            if isinstance(filed, ParsedDeclaration) and filed.declaration.continues:
                yield file.id, filed.declaration.continues


def _read(file: DeclarationFile, project: Path, found: Declarations) -> DeclarationOrder | None:
    """Read the bytes of a declaration, or note why that is not possible."""
    content = read_bytes(project / file.file, file.file)
    if isinstance(content, Problem):
        found.problems.append(content)
        return None
    return DeclarationOrder(id=file.id, content=content)


def make_all_sheets(
    catalogue: SiteContent, sources: VerificationSources, key: str, crew: Crew[Context], release: Release
) -> tuple[tuple[PageReference, ...], list[VerificationFinding]]:
    """Make the pages of all sheets that are stale.

    Gives all pages of sheets, and where those that were made say something else than the project.

    Args:
        catalogue: All content, with its entries.
        sources: What the verification has read, with the lists.
        key: The digest of all that serves all pages.
        crew: Who does it.
        release: Where pages go.
    """
    config = crew.context.config
    if config is None:
        raise NotImplementedError
    shown: list[PageReference] = []
    orders = _stale_sheets(catalogue, config, key, release, shown)
    light = {
        address: ListGroup(totals=group.totals, carried_out=group.carried_out)
        for address, group in sources.groups.items()
    }
    in_full = (replace(order, group=_group_shown(order.sheet, sources.groups)) for order in orders)
    batches = (SheetBatch(orders=batch, groups=light) for batch in in_batches(in_full, BATCH // 4))
    findings: list[VerificationFinding] = []
    for batch, pages in crew.run(make_sheets, batches):
        for order, page in zip(batch.orders, pages, strict=True):
            findings.extend(page.findings)
            name = _page_name(page.language, page.address)
            release.add(name, order.key, page.files(), seen=page.seen())
    return tuple(shown), findings


def _stale_sheets(
    catalogue: SiteContent, config: SiteConfig, key: str, release: Release, shown: list[PageReference]
) -> Iterator[SheetOrder]:
    """Lay out all sheets, note them as *shown*, and give those that are stale, one by one.

    All lists of a hundred thousand declarations would fill the memory.
    """
    rules = RuleSet(rules=describe_rules(config.rules), schema_checks=EXPLANATIONS)
    described = partial(_described, catalogue=catalogue, config=config)
    for language in config.languages:
        press = PageRenderer.for_language(language, catalogue, config)
        for sheet in map(described, build_all_pages(press, rules)):
            shown.append(
                PageReference(language=language, kind=sheet.kind, address=sheet.address, year=sheet.year)
            )
            made_from = digest_of(key, hash_page_data(sheet))
            if not release.keep_if_same(_page_name(language, sheet.address), made_from):
                yield SheetOrder(language=language, sheet=sheet, key=made_from, group=None)


def _described(sheet: PageData, catalogue: SiteContent, config: SiteConfig) -> PageData:
    """Give the page of data what programs read of it."""
    if sheet.kind is PageKind.DATA and config.downloads:
        return replace(sheet, jsonld=format_for_page(build_site_dataset(catalogue, config)))
    return sheet


def _group_shown(sheet: PageData, groups: Mapping[str, ListGroup]) -> tuple[str, ListGroup] | None:
    """Give the list that a page shows, with the declarations of this page alone."""
    if sheet.kind is PageKind.INDICATORS:
        everything = groups[urls.HOME]
        named = {urls.declaration_url(identity) for identity in sheet.declaration_ids}
        listed = tuple(one for one in everything.listed if one.address in named)
        return urls.HOME, ListGroup(totals=everything.totals, listed=listed)
    whole, number = split_part(sheet.address)
    group = groups.get(whole)
    if group is None:
        return None
    shown: tuple[ListedDeclaration, ...] = group.page(number, is_home=not whole)
    begins = group.listed.index(shown[0]) if shown else 0
    return whole, replace(group, listed=shown, begins=begins)


def _take_over(outcome: Mapping[str, Any], found: Declarations) -> None:
    found.entries.append(read_entry(outcome["entry"]))
    found.listed.append(read_listed(outcome["listed"]))
    if outcome["problems"]:
        found.problems.extend(problems_from_json(outcome["problems"]))
    if outcome["advice"] and found.with_advice:
        found.problems.extend(problems_from_json(outcome["advice"]))
    elif outcome["advice"]:
        found.advice[found.entries[-1].id] = len(outcome["advice"])


def _take(made: Made, found: Declarations) -> None:
    listed = [problem for problem in made.problems if found.with_advice or not is_advice(problem)]
    found.problems.extend(listed)
    if len(listed) < len(made.problems):
        found.advice[made.id] = len(made.problems) - len(listed)
    found.findings.extend(made.findings)
    if made.entry is not None:
        found.entries.append(read_entry(made.entry))
    if made.listed is not None:
        found.listed.append(read_listed(made.listed))
    for page in made.pages:
        found.findings.extend(page.findings)


def _name(identity: str) -> str:
    return f"{_KIND}:{identity}"


def _identity(name: str) -> str:
    return name.removeprefix(f"{_KIND}:")


def _page_name(language: str, address: str) -> str:
    return f"page:{language}:{address}"
