"""History: the stage that compares the states of declarations between which git has commits.

How two states differ never changes, so it is kept from one build to the next: whoever builds again reads the
list of commits and no old file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from jixiao.analysis.site_content import SiteContent
from jixiao.build.cache import JsonFormat
from jixiao.build.executor import choose_executor
from jixiao.build.staging import StagedSite
from jixiao.build.task import Output, Stage, Task, hash_inputs
from jixiao.build.worker import BuildContext
from jixiao.history import HistoryStep, StateComparison, compare_file_states, find_steps, read_mainline
from jixiao.history.git import Blob, GitError, Repository, open_repository
from jixiao.history.steps import DECLARATIONS_FOLDER
from jixiao.i18n import message
from jixiao.model.history import History, HistoryEvent, HistoryEventKind

_KIND: Final = "history"
_CHUNK: Final = 64
"""Pairs of states that travel together."""
_REGULAR: Final = "100644"
_COMPARED: Final = JsonFormat[StateComparison](StateComparison)


class _Pair(NamedTuple):
    """Two states of a declaration, by the ids of their files in git."""

    before: str
    after: str

    @property
    def name(self) -> str:
        """Name of the task that compares them."""
        return f"{self.before}-{self.after}"


class StatesInput(NamedTuple):
    """Two states of a declaration to compare."""

    id: str
    before: bytes
    after: bytes


def build_history(catalogue: SiteContent, context: BuildContext, staged: StagedSite) -> History:
    """Return the events of all declarations, latest first, or why there are none.

    Args:
        catalogue: The register of addresses and the organisations.
        context: Of the build.
        staged: Keeps comparisons.
    """
    try:
        repository = open_repository(staged.paths.root)
        if repository.is_shallow:
            return History(missing_reason=message("取得的 git 仓库不完整（浅克隆），没有历史。"))
        steps = tuple(
            find_steps(read_mainline(repository, (DECLARATIONS_FOLDER,)), catalogue.address_register)
        )
    except GitError:
        return History(missing_reason=message("网站不是由 git 仓库建成的，没有历史。"))
    try:
        compared = _compare(steps, repository, context, staged)
        # The state after one that cannot be read is compared with the last one that could be read.
        bridged = tuple(_bridge(steps, compared))
        if bridged != steps:
            compared |= _compare(bridged, repository, context, staged)
    except GitError as broken:
        return History(missing_reason=broken.message)
    withdrawn = catalogue.address_register.withdrawn.keys()
    events = [
        # A withdrawal is shown as such, without what stood in the declaration.
        replace(event, messages=()) if event.id in withdrawn else event
        for event in _events(bridged, compared)
    ]
    return History(events=tuple(reversed(events)))


def compare_states(context: BuildContext, inputs: tuple[StatesInput, ...]) -> Iterator[Output]:
    """Describe how states of declarations differ."""
    names = _organisation_names(context.catalogue)
    for identity, before, after in inputs:
        yield Output(result=_COMPARED.write(compare_file_states(identity, before, after, names)))


def _compare(
    steps: Iterable[HistoryStep], repository: Repository, context: BuildContext, staged: StagedSite
) -> dict[_Pair, StateComparison]:
    """Compare the two states of each step that has two, unless the last build has compared them."""
    pairs: dict[str, tuple[_Pair, str]] = {}
    for step in steps:
        if step.before and step.after and step.before != step.after:
            pair = _Pair(step.before, step.after)
            pairs[pair.name] = pair, step.event.id
    names = _organisation_names(context.catalogue)
    key = hash_inputs(*(part for organisation in names.items() for part in organisation))
    stale = [pairs[name] for name in staged.keep_current(_KIND, dict.fromkeys(pairs, key))]
    # By declaration: a state is in the pair before it and in the pair after it, and is parsed once for both.
    stale.sort(key=lambda one: one[1])
    if stale:
        tasks = _tasks(stale, key, repository)
        stage = Stage(kind=_KIND, run=compare_states, tasks=tasks, chunk_size=_CHUNK)
        with choose_executor(context, len(stale)) as executor:
            staged.run(stage, executor)
    return {pairs[name][0]: _COMPARED.read(result) for name, result in staged.results(_KIND) if name in pairs}


def _tasks(
    stale: Sequence[tuple[_Pair, str]], key: str, repository: Repository
) -> Iterator[Task[StatesInput]]:
    blobs = (
        Blob(path=DECLARATIONS_FOLDER, mode=_REGULAR, id=identity, size=0)
        for pair, _ in stale
        for identity in pair
    )
    contents = repository.read_blobs(blobs)
    for pair, identity in stale:
        yield Task(name=pair.name, inputs=key, prepare=partial(_prepare, identity, contents))


def _prepare(identity: str, contents: Iterator[tuple[Blob, bytes]]) -> StatesInput:
    """Take the next two contents, which git gives in the order of the tasks."""
    (_, before), (_, after) = next(contents), next(contents)
    return StatesInput(identity, before, after)


def _organisation_names(catalogue: SiteContent) -> dict[str, str]:
    return {identity: entry.name.plain() for identity, entry in catalogue.organisations.items()}


def _bridge(steps: Iterable[HistoryStep], compared: Mapping[_Pair, StateComparison]) -> Iterator[HistoryStep]:
    unreadable = {pair.after for pair, one in compared.items() if not one.is_readable}
    last: dict[str, str] = {}
    for step in steps:
        identity = step.event.id
        yield replace(step, before=last.get(identity)) if step.before in unreadable else step
        if step.after and step.after not in unreadable:
            last[identity] = step.after


def _events(
    steps: Iterable[HistoryStep], compared: Mapping[_Pair, StateComparison]
) -> Iterator[HistoryEvent]:
    """Yield the events that readers see: a commit that changes nothing on any page is left out."""
    for step in steps:
        pair = _Pair(step.before or "", step.after or "")
        sayings = compared[pair].messages if pair in compared else ()
        if sayings or step.event.event_kind is not HistoryEventKind.CHANGED:
            yield replace(step.event, messages=sayings)
