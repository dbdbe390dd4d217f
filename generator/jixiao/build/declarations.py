"""Declarations: the stage that checks each of them and builds its pages, data files and PDF.

load → check → pages → site → verify, one declaration a task, because only summaries of a large site fit into
the memory. A declaration is current when its source, its form, its neighbours and its history are, and all
that serves every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import time_ns
from typing import Final, NamedTuple

from jixiao.analysis import urls
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.build.checked_sources import declaration_file, parse_source
from jixiao.build.executor import Executor, chunks
from jixiao.build.results import (
    NOTES,
    PROBLEMS,
    RESULT,
    DeclarationNotes,
    DeclarationResult,
    DeclarationResults,
)
from jixiao.build.staging import StagedSite
from jixiao.build.task import SITE, Output, Stage, Task, hash_inputs, merge_outputs
from jixiao.build.worker import BuildContext, CheckContext, render_page, typeset
from jixiao.check.rules import RuleSettings
from jixiao.check.semantic_checks import CheckResult, check_declaration
from jixiao.downloads import build_declaration_files, build_record
from jixiao.downloads.jsonld import JSONLD_FILE, build_declaration_jsonld, collect_page_jsonld
from jixiao.load.content_files import DeclarationFile
from jixiao.load.source_files import read_bytes, read_change_time
from jixiao.model.history import History, HistoryEvent
from jixiao.model.project import PreviousNext, find_projects
from jixiao.packs import typeset_form
from jixiao.pages import build_declaration_page
from jixiao.pages.page import add_language_prefix
from jixiao.problems import Problem, has_error, is_advice
from jixiao.verify import UnreadableSourceError, describe_unreadable
from jixiao.verify.data_checks import compare_declaration_data
from jixiao.verify.source_declaration import ListedDeclaration, read_declaration
from jixiao.verify.sources import VerificationSources

KIND: Final = "declaration"
CHUNK: Final = 64
"""Declarations that travel together: a second's work for one core, and some 4 MB of pages."""
_SETTLED_NS: Final = 2_000_000_000
"""A file that has just changed may change once more within the same tick of the clock of its disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInput:
    """A declaration to check."""

    id: str
    content: bytes
    """Of the file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationInput:
    """A declaration to check and to build pages of."""

    id: str
    content: bytes
    """Of the file."""
    signature: str
    """Of the file; empty where it may change within the same tick of the clock."""
    neighbours: PreviousNext | None
    """The same project in other years."""
    events: tuple[HistoryEvent, ...]
    """Its history, latest first."""
    has_pages: bool
    """False after an error anywhere: nothing will be published, and the editor waits for the report."""


def check_declarations(
    files: Iterable[DeclarationFile], root: Path, executor: Executor[CheckContext]
) -> DeclarationResults:
    """Check declarations and build nothing."""
    results = DeclarationResults(lists_advice=True)

    def inputs() -> Iterator[tuple[str, CheckInput]]:
        for file in files:
            content = read_bytes(root / file.file, file.file)
            if isinstance(content, Problem):
                results.add_problems((content,))
            else:
                yield file.id, CheckInput(id=file.id, content=content)

    for _, result in executor.run(run_checks, chunks(inputs(), CHUNK, lambda _: 1)):
        results.add(result)
    results.sort()
    return results


def run_checks(context: CheckContext, inputs: tuple[CheckInput, ...]) -> Iterator[DeclarationResult]:
    """Check declarations; all advice is among the problems of a result."""
    for item in inputs:
        checked = _check(item.id, item.content, context.catalogue, context.rules)
        summary = checked.parsed.summary if checked.parsed else None
        yield DeclarationResult(
            summary=summary, listed=None, problems=checked.problems, advice_count=0, advice=""
        )


def build_declarations(context: BuildContext, inputs: tuple[DeclarationInput, ...]) -> Iterator[Output]:
    """Check declarations, and build the files of those without an error.

    Raises:
        UserError: The engine or a template failed.
    """
    for item in inputs:
        checked = _check(item.id, item.content, context.catalogue, context.config.rules)
        parsed = checked.parsed
        if parsed is None or not item.has_pages or has_error(checked.problems):
            yield Output(result=RESULT.write(_result(checked, None)), is_cacheable=False)
            continue
        try:
            read = read_declaration(item.content, item.id)
        except UnreadableSourceError as unreadable:
            result = RESULT.write(_result(checked, None))
            yield Output(result=result, is_cacheable=False, findings=(describe_unreadable(unreadable),))
            continue
        sources = context.sources.with_declaration(read)
        data = _data_files(parsed, context)
        yield merge_outputs(
            (
                Output(
                    files={f"{SITE}{path}": content for path, content in data.items()},
                    findings=tuple(compare_declaration_data(read, data, sources)) if data else (),
                ),
                *_build_pages(parsed, item, context, sources, collect_page_jsonld(data)),
            ),
            notes=NOTES.write(_notes(parsed, item, context)),
            result=RESULT.write(_result(checked, read.listed())),
        )


def _check(identity: str, content: bytes, catalogue: SiteContent, rules: RuleSettings) -> CheckResult:
    return check_declaration(identity, declaration_file(identity), content, catalogue, rules)


def _result(checked: CheckResult, listed: ListedDeclaration | None) -> DeclarationResult:
    advice = tuple(filter(is_advice, checked.problems))
    return DeclarationResult(
        summary=checked.parsed.summary if checked.parsed else None,
        listed=listed,
        problems=tuple(problem for problem in checked.problems if not is_advice(problem)),
        advice_count=len(advice),
        advice=PROBLEMS.write(advice).decode(),
    )


def _notes(parsed: ParsedDeclaration, item: DeclarationInput, context: BuildContext) -> DeclarationNotes:
    continues = parsed.summary.continues
    return DeclarationNotes(
        signature=item.signature,
        checksum=hash_inputs(item.content),
        continues=continues.id if continues else None,
        form=parsed.summary.form,
        form_state=context.catalogue.forms[parsed.summary.form].display_key,
    )


def _data_files(parsed: ParsedDeclaration, context: BuildContext) -> dict[str, bytes]:
    if not context.config.downloads:
        return {}
    record = build_record(parsed, context.catalogue)
    files = {
        **build_declaration_files(record),
        JSONLD_FILE: build_declaration_jsonld(record, context.config.address),
    }
    address = urls.declaration_url(parsed.id)
    return {f"{address}{name}": content for name, content in files.items()}


def _build_pages(
    parsed: ParsedDeclaration,
    item: DeclarationInput,
    context: BuildContext,
    sources: VerificationSources,
    linked: str,
) -> Iterator[Output]:
    for language, (renderer, _) in context.renderers.items():
        sheet = replace(build_declaration_page(parsed, item.neighbours, renderer, item.events), jsonld=linked)
        yield render_page(context, language, sheet, sources)
        if context.config.packs:
            path = add_language_prefix(urls.form_pdf_url(parsed.id), language)
            yield Output(files={f"{SITE}{path}": typeset(parsed.id, typeset_form, parsed, renderer)})


class _Known(NamedTuple):
    """Declarations of the last build, by id."""

    untouched: dict[str, str]
    """Checksums of the files that are as they were."""
    touched: dict[str, DeclarationNotes]
    """Those that may have another content."""
    continued: dict[str, str]
    """Of the untouched, the earlier declaration that one says it continues."""
    with_other_form: list[str]
    """Declarations whose form has changed."""


def _read_notes(staged: StagedSite, files: Mapping[str, DeclarationFile], catalogue: SiteContent) -> _Known:
    """Sort the declarations of the last build by the changes to their files since."""
    known = _Known({}, {}, {}, [])
    for identity, content in staged.notes(KIND):
        notes, file = NOTES.read(content), files.get(identity)
        form = catalogue.forms.get(notes.form)
        if form is None or form.display_key != notes.form_state:
            known.with_other_form.append(identity)
        elif file is None or file.stat_signature != notes.signature:
            known.touched[identity] = notes
        else:
            known.untouched[identity] = notes.checksum
            if notes.continues:
                known.continued[identity] = notes.continues
    return known


class DeclarationStage:
    """The declarations of a site: those that are current are kept, the stale ones are read and built."""

    def __init__(
        self,
        files: Sequence[DeclarationFile],
        context: BuildContext,
        history: History,
        staged: StagedSite,
        results: DeclarationResults,
    ) -> None:
        """Keep the declarations that are current by the notes of the last build and their file stats."""
        self._context = context
        self._history = history
        self._staged = staged
        self._results = results
        self._begun = time_ns()
        known = _read_notes(staged, {file.id: file for file in files}, context.catalogue)
        for identity in known.with_other_form:
            staged.mark_outdated(KIND, identity)
        self._touched = known.touched
        continued = dict(known.continued)
        for file in files:
            if file.id not in known.untouched and (before := self._read_continues(file.id)):
                continued[file.id] = before
        projects = find_projects((file.id for file in files), continued)
        self._neighbours = dict(pair for project in projects for pair in project.previous_next())
        inputs = {identity: self._hash(identity, checksum) for identity, checksum in known.untouched.items()}
        current = inputs.keys() - set(staged.keep_current(KIND, inputs))
        self.stale = [file for file in files if file.id not in current]

    def run(self, executor: Executor[BuildContext]) -> None:
        """Read and build the stale declarations, and add their results."""
        stage = Stage(kind=KIND, run=build_declarations, tasks=self._tasks(), chunk_size=CHUNK)
        for _, output in self._staged.start(stage, executor):
            self._results.add(RESULT.read(output.result))

    def add_kept_results(self) -> None:
        """Add the results of the declarations that were current."""
        for _, result in self._staged.kept_results(KIND):
            self._results.add(RESULT.read(result))
        self._results.sort()

    def _read_continues(self, identity: str) -> str | None:
        """Find the declaration that one says it continues; problems are reported elsewhere."""
        content = self._read(identity)
        # Few say it, and to read a file as a declaration takes long.
        if isinstance(content, bytes) and b"continues" in content:
            parsed = parse_source(identity, content)
            return parsed.declaration.continues if isinstance(parsed, ParsedDeclaration) else None
        return None

    def _tasks(self) -> Iterator[Task[DeclarationInput]]:
        for file in self.stale:
            content = self._read(file.id)
            if isinstance(content, Problem):
                self._results.add_problems((content,))
                continue
            checksum = hash_inputs(content)
            notes = self._touched.get(file.id)
            if notes is not None and notes.checksum == checksum:
                # It was touched, or checked out again: the next build need not read it.
                renewed = replace(notes, signature=self._signature(file))
                self._staged.update_notes(KIND, file.id, NOTES.write(renewed))
            yield Task(
                name=file.id,
                inputs=self._hash(file.id, checksum),
                prepare=partial(self._prepare, file, content),
            )

    def _prepare(self, file: DeclarationFile, content: bytes) -> DeclarationInput:
        return DeclarationInput(
            id=file.id,
            content=content,
            signature=self._signature(file),
            neighbours=self._neighbours.get(file.id),
            events=self._history.events_by_declaration.get(file.id, ()),
            has_pages=not self._results.has_errors,
        )

    def _read(self, identity: str) -> bytes | Problem:
        file = declaration_file(identity)
        return read_bytes(self._staged.paths.root / file, file)

    def _signature(self, file: DeclarationFile) -> str:
        """Return the stat signature, or an empty string if the last change is too recent to trust."""
        return (
            file.stat_signature if read_change_time(file.stat_signature) < self._begun - _SETTLED_NS else ""
        )

    def _hash(self, identity: str, checksum: str) -> str:
        """Hash all inputs of a declaration but its form."""
        # The texts of an event follow from its commit and the registers.
        events = (
            f"{one.commit} {one.event_kind}" for one in self._history.events_by_declaration.get(identity, ())
        )
        around = "\n".join(name or "" for name in self._neighbours.get(identity, ()))
        return hash_inputs(self._context.shared_inputs, checksum, around, *events)
