"""Declarations of two states, paired by their addresses and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from jixiao.analysis.diff import DeclarationChange, diff_declarations
from jixiao.history.steps import DECLARATIONS_FOLDER
from jixiao.history.trailers import ChangeStatement
from jixiao.model.address_register import AddressRegister
from jixiao.model.declaration import Declaration
from jixiao.text import Text


class ChangeStatus(StrEnum):
    """Effect of merging on a declaration."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    """It has a new address, and the old one redirects to it."""
    WITHDRAWN = "withdrawn"
    """The address register gives the reason."""
    LOST = "lost"
    """The file is gone, and the address register does not say why."""
    REWRITTEN = "rewritten"
    """The file differs, its content does not."""
    UNREADABLE = "unreadable"
    """One of the two states cannot be read, so they are not compared."""


STATUS_TITLES = {
    ChangeStatus.CHANGED: "改动",
    ChangeStatus.RENAMED: "改了网址",
    ChangeStatus.WITHDRAWN: "撤下",
    ChangeStatus.LOST: "不见了",
    ChangeStatus.UNREADABLE: "读不出来，没有比较",
    ChangeStatus.ADDED: "新增",
    ChangeStatus.REWRITTEN: "写法不同，内容没有变",
}
"""In display order, published content first."""


@dataclass(frozen=True, kw_only=True)
class DeclarationState:
    """Declaration in one of the two states."""

    content: bytes
    declaration: Declaration | None
    """`None` if the current version of the program cannot read it."""


@dataclass(frozen=True, kw_only=True)
class DeclarationComparison:
    """Comparison of one declaration in two states."""

    id: str
    status: ChangeStatus
    former: str | None = None
    """Previous id, if it differs."""
    old: Declaration | None = None
    new: Declaration | None = None
    changes: tuple[DeclarationChange, ...] = ()
    reason: Text | None = None
    """Reason for the withdrawal, from the address register."""
    unreadable: tuple[str, ...] = ()
    """States that cannot be read: `old`, `new`."""
    statement: ChangeStatement = field(default_factory=ChangeStatement)
    """Kind and reason of the change, as stated by commits."""
    is_committed: bool = True
    is_registered: bool = True
    """False if the project's name suggests a rename that the address register does not list."""

    @property
    def name(self) -> Text | None:
        """Name of the project, current or former."""
        known = self.new or self.old
        return known.name if known else None

    @property
    def files(self) -> tuple[str, ...]:
        """Its files, before and now."""
        ids = (self.id,) if self.former is None else (self.former, self.id)
        return tuple(f"{DECLARATIONS_FOLDER}{identity}.yml" for identity in ids)


def compare_declarations(
    old: Mapping[str, DeclarationState],
    new: Mapping[str, DeclarationState],
    register: AddressRegister,
    present_ids: Collection[str],
) -> Iterator[DeclarationComparison]:
    """Compare the declarations whose files differ, in the order of their addresses.

    Args:
        old: By id, the differing declarations in the old state.
        new: By id, the differing declarations in the new state.
        register: The address register in the new state.
        present_ids: The ids of all files in the new state.
    """
    registered = {
        target: former
        for former in old
        if (target := register.renamed.get(former)) and target in new and target not in old
        if former not in present_ids
    }
    unregistered = dict(_pair_likely_renames(old, new, register, registered))
    renames = registered | unregistered
    for identity in sorted({*old, *new} - set(renames.values())):
        former = renames.get(identity, identity)
        before, after = old.get(former), new.get(identity)
        if before is None or after is None:
            yield _report_single_state(identity, before, after, register)
        elif former != identity:
            comparison = _compare_both(identity, before, after, former)
            yield replace(comparison, is_registered=identity not in unregistered)
        elif _normalize_line_ends(before.content) != _normalize_line_ends(after.content):
            yield _compare_both(identity, before, after)


def _pair_likely_renames(
    old: Mapping[str, DeclarationState],
    new: Mapping[str, DeclarationState],
    register: AddressRegister,
    renames: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Yield the new and the old id of unregistered renames, recognised by a unique project name."""
    known = {*register.renamed, *register.withdrawn, *renames, *renames.values()}
    gone = _group_by_name(old, {*new, *known})
    come = _group_by_name(new, {*old, *known})
    for name in sorted({*gone, *come}):
        if len(gone[name]) == len(come[name]) == 1:
            yield come[name][0], gone[name][0]


def _group_by_name(
    states: Mapping[str, DeclarationState], without: Collection[str]
) -> defaultdict[Text, list[str]]:
    ids: defaultdict[Text, list[str]] = defaultdict(list)
    for identity, state in states.items():
        if state.declaration and identity not in without:
            ids[state.declaration.name].append(identity)
    return ids


def _normalize_line_ends(content: bytes) -> bytes:
    """Normalise line ends, which git may convert on checkout."""
    return content.replace(b"\r\n", b"\n")


def _compare_both(
    identity: str, old: DeclarationState, new: DeclarationState, former: str | None = None
) -> DeclarationComparison:
    if old.declaration is None or new.declaration is None:
        states = (("old", old), ("new", new))
        return DeclarationComparison(
            id=identity,
            former=former,
            status=ChangeStatus.UNREADABLE,
            old=old.declaration,
            new=new.declaration,
            unreadable=tuple(name for name, state in states if state.declaration is None),
        )
    changes = diff_declarations(old.declaration, new.declaration)
    status = ChangeStatus.CHANGED if changes else ChangeStatus.REWRITTEN
    return DeclarationComparison(
        id=identity,
        former=former,
        status=status if former is None else ChangeStatus.RENAMED,
        old=old.declaration,
        new=new.declaration,
        changes=changes,
    )


def _report_single_state(
    identity: str, old: DeclarationState | None, new: DeclarationState | None, register: AddressRegister
) -> DeclarationComparison:
    """Report a declaration that was added, withdrawn, renamed or lost."""
    if new is not None and new.declaration is None:
        return DeclarationComparison(id=identity, status=ChangeStatus.UNREADABLE, unreadable=("new",))
    if new is not None:
        return DeclarationComparison(id=identity, status=ChangeStatus.ADDED, new=new.declaration)
    declaration = old.declaration if old else None
    if identity in register.withdrawn:
        reason = register.withdrawn[identity]
        return DeclarationComparison(
            id=identity, status=ChangeStatus.WITHDRAWN, old=declaration, reason=reason
        )
    if identity in register.renamed:
        # The target existed before the change, so there is no pair to compare.
        target = register.renamed[identity]
        return DeclarationComparison(id=target, former=identity, status=ChangeStatus.RENAMED, old=declaration)
    return DeclarationComparison(id=identity, status=ChangeStatus.LOST, old=declaration)
