"""Make the history of the declarations: ask git what happened, and compare the states that differ.

What two states differ in never changes, so it is kept from one build to the next: whoever builds again reads
the list of commits and no old file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.analysis.site_content import SiteContent
from jixiao.batch import Context, StatesOrder, compare_states
from jixiao.crew import Crew, in_batches
from jixiao.history import HistoryStep, StateComparison, find_steps, read_mainline
from jixiao.history.git import Blob, NoGit, Repository, open_repository
from jixiao.history.steps import DECLARATIONS_FOLDER
from jixiao.i18n import Message, message
from jixiao.model.history import History, HistoryEvent, HistoryEventKind
from jixiao.problems import message_from_json, message_to_json
from jixiao.site.ledger import digest_of
from jixiao.site.release import Release

BATCH = 64
"""Pairs of states in one order."""
_REGULAR = "100644"


class _Pair(NamedTuple):
    """Two states of a declaration, by the ids of their files in git."""

    before: str
    after: str


@dataclass(kw_only=True)
class Asked:
    """What git has said, and what is still to be compared."""

    missing: Message | None = None
    """Why there is no history."""
    repository: Repository | None = None
    steps: tuple[HistoryStep, ...] = ()
    known: dict[_Pair, StateComparison] = field(default_factory=dict)
    stale: dict[_Pair, str] = field(default_factory=dict)
    """Pair → the declaration."""


class Historian:
    """Makes the history of a project."""

    def __init__(self, catalogue: SiteContent, project: Path, release: Release) -> None:
        """Ask git what happened.

        Args:
            catalogue: The register of addresses and the organisations.
            project: The folder of the project.
            release: Keeps what was compared.
        """
        self._release = release
        self._withdrawn = catalogue.address_register.withdrawn.keys()
        names = ((one, entry.name.plain()) for one, entry in catalogue.organisations.items())
        self._key = digest_of(*(part for pair in names for part in pair))
        self._asked = _ask(catalogue, project)
        self._sort(self._asked.steps)

    @property
    def waiting(self) -> int:
        """How many pairs of states must be compared."""
        return len(self._asked.stale)

    def history(self, crew: Crew[Context]) -> History:
        """Give the history, latest first, or why there is none."""
        asked = self._asked
        if asked.missing is not None:
            return History(missing_reason=asked.missing)
        try:
            self._compare(crew)
            # What follows a state that nobody can read is compared with the last one that could be read.
            asked.steps = tuple(_bridged(asked.steps, asked.known))
            self._sort(asked.steps)
            self._compare(crew)
        except NoGit as broken:
            return History(missing_reason=broken.message)
        events = [
            # What was withdrawn is told as such, and what stood in it is not told again.
            replace(event, messages=()) if event.id in self._withdrawn else event
            for event in _events(asked.steps, asked.known)
        ]
        return History(events=tuple(reversed(events)))

    def _sort(self, steps: Iterable[HistoryStep]) -> None:
        """Take over what is known of the pairs of *steps*, and note the others."""
        for step in steps:
            pair = _Pair(step.before or "", step.after or "")
            if not all(pair) or pair.before == pair.after or pair in self._asked.known:
                continue
            piece = self._release.known(_name(pair))
            if piece is not None and piece.key == self._key:
                self._release.keep(piece.name)
                self._asked.known[pair] = _read(piece.facts)
            else:
                self._asked.stale[pair] = step.event.id

    def _compare(self, crew: Crew[Context]) -> None:
        orders = _orders(self._asked)
        for batch, results in crew.run(compare_states, in_batches(orders, BATCH)):
            for order, compared in zip(batch, results, strict=True):
                pair = _Pair(order.before_id, order.after_id)
                self._asked.known[pair] = compared
                self._release.add(_name(pair), self._key, {}, facts=_record(compared))
        self._asked.stale.clear()


def _ask(catalogue: SiteContent, project: Path) -> Asked:
    try:
        repository = open_repository(project)
        if repository.is_shallow:
            return Asked(missing=message("取得的 git 仓库不完整（浅克隆），没有历史。"))
        steps = tuple(
            find_steps(read_mainline(repository, (DECLARATIONS_FOLDER,)), catalogue.address_register)
        )
    except NoGit:
        return Asked(missing=message("网站不是由 git 仓库建成的，没有历史。"))
    return Asked(repository=repository, steps=steps)


def _orders(asked: Asked) -> Iterator[StatesOrder]:
    """Read the files of the pairs that are to be compared, the two of a pair one after the other."""
    if asked.repository is None:
        return
    # A state stands in the pair before it and in the pair after it, and is read once for both.
    wanted = sorted(asked.stale.items(), key=lambda item: item[1])
    blobs = (
        Blob(path=DECLARATIONS_FOLDER, mode=_REGULAR, id=identity, size=0)
        for pair, _ in wanted
        for identity in pair
    )
    contents = asked.repository.read_blobs(blobs)
    for pair, identity in wanted:
        (_, before), (_, after) = next(contents), next(contents)
        yield StatesOrder(id=identity, before=before, after=after, before_id=pair.before, after_id=pair.after)


def _bridged(steps: Iterable[HistoryStep], known: Mapping[_Pair, StateComparison]) -> Iterator[HistoryStep]:
    unreadable = {pair.after for pair, compared in known.items() if not compared.is_readable}
    last: dict[str, str] = {}
    for step in steps:
        identity = step.event.id
        yield replace(step, before=last.get(identity)) if step.before in unreadable else step
        if step.after and step.after not in unreadable:
            last[identity] = step.after


def _events(steps: Iterable[HistoryStep], known: Mapping[_Pair, StateComparison]) -> Iterator[HistoryEvent]:
    """Give what readers are told: a commit that changes nothing that pages show is left out."""
    for step in steps:
        pair = _Pair(step.before or "", step.after or "")
        sayings = known[pair].messages if pair in known else ()
        if sayings or step.event.event_kind is not HistoryEventKind.CHANGED:
            yield replace(step.event, messages=sayings)


def _name(pair: _Pair) -> str:
    return f"history:{pair.before}-{pair.after}"


def _record(compared: StateComparison) -> dict[str, Any]:
    sayings = [message_to_json(saying) for saying in compared.messages]
    return {"sayings": sayings, "is_readable": compared.is_readable}


def _read(facts: Mapping[str, Any]) -> StateComparison:
    sayings = tuple(message_from_json(saying) for saying in facts["sayings"])
    return StateComparison(messages=sayings, is_readable=facts["is_readable"])
