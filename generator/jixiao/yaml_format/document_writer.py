"""The canonical layout: fields in the order of the form, two blanks a level, one way to spell each value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jixiao.load.tree_to_model import fields_within
from jixiao.load.yaml_tokens import Commented
from jixiao.load.yaml_tree import Path
from jixiao.writing.kinds import Kind
from jixiao.writing.spelling import block, figure, fits_block, quoted, words, words_in_brackets
from jixiao.yaml_format.document import Document, Entry, Field, Group, Listing, Node, Notes, Value

_INDENT = "  "


def write(document: Document, kind: Kind) -> str:
    """Write the file."""
    writer = _Writer(kind)
    writer.notes(document.head, "")
    writer.group(document.root, "", ())
    return "\n".join(writer.lines) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """A block of text that nothing follows yet."""

    first: int
    """The number of its first line, which has the name of the field."""
    start: str
    """What stands on that line before the text."""
    text: str


@dataclass
class _Writer:
    """Writes the lines of one file."""

    kind: Kind
    lines: list[str] = field(default_factory=list)
    block: _Block | None = None
    """The block of text to which the last line that is not empty belongs."""

    def group(self, group: Group, margin: str, path: Path) -> None:
        """Write the fields of *group*, of which there is at least one."""
        first, *others = self._in_order(group, path)
        # No empty line stands below the name of a group, also where another field has come to be its first.
        for one in (replace(first, above=tuple(filter(None, first.above))), *others):
            self._field(one, margin, (*path, one.name or ""))
        self.notes(group.below, margin)

    def _in_order(self, group: Group, path: Path) -> list[Field]:
        """Sort fields as the model does; names that it does not know follow in the order of the file."""
        order = {name: place for place, name in enumerate(fields_within(self.kind.model, path))}
        return sorted(group.fields, key=lambda one: order.get(one.name or "", len(order)))

    def notes(self, notes: Notes, margin: str) -> None:
        for note in notes:
            if note and self.block:
                self._quote(self.block)
            self.lines.append(f"{margin}{note}" if note else "")

    def _field(self, one: Field, margin: str, path: Path) -> None:
        value = one.value
        if self.block and isinstance(value, Group | Listing) and any(one.above):
            # Below the name of the group instead of above it: a comment under a block looks like its text.
            value = _with_notes_inside(value, one.above)
            one = replace(one, above=())
        self.notes(one.above, margin)
        name = "null" if one.name is None else words(one.name)
        self._value(f"{margin}{name}:", value, one.behind, margin, path)

    def _value(self, start: str, value: Node, behind: str, margin: str, path: Path) -> None:
        """Write a value behind *start*, the name of its field or the dash of its entry, and a comment."""
        match value:
            case Value():
                self._single(start, value, behind, margin, path)
            case Listing() if self._fits_brackets(value, path):
                entries = [entry.value for entry in value.entries]
                spelt = [
                    self._spelt(one, path, in_brackets=True) for one in entries if isinstance(one, Value)
                ]
                self._line(f"{start} [{', '.join(spelt)}]", behind)
            case Listing():
                self._line(start, behind)
                self._entries(value, f"{margin}{_INDENT}", path)
            case Group(fields=()):
                self._line(f"{start} {{}}", behind)
                self.notes(value.below, f"{margin}{_INDENT}")
            case Group():
                self._line(start, behind)
                self.group(value, f"{margin}{_INDENT}", path)

    def _single(self, start: str, value: Value, behind: str, margin: str, path: Path) -> None:
        text = value.text
        if text is not None and not behind and self._is_block(text, path):
            sign, *lines = block(text, f"{margin}{_INDENT}")
            first = len(self.lines)
            self.lines.extend((f"{start} {sign}", *lines))
            self.block = _Block(first=first, start=start, text=text)
        elif text is None and not behind and isinstance(path[-1], str) and path[-1] != "target":
            # What is still to be filled in stays visibly empty. A target that is not filed says so.
            self._line(start, "")
        else:
            self._line(f"{start} {self._spelt(value, path, before_comment=bool(behind))}", behind)

    def _entries(self, listing: Listing, margin: str, path: Path) -> None:
        for position, entry in enumerate(listing.entries):
            here = (*path, position)
            one = self._with_notes_above(entry, here)
            self.notes(one.above, margin)
            if (
                isinstance(one.value, Value)
                or not _is_open(one.value)
                or self._fits_brackets(one.value, path)
            ):
                self._value(f"{margin}-", one.value, one.behind, margin, here)
                continue
            first = len(self.lines)
            if isinstance(one.value, Group):
                self.group(one.value, f"{margin}{_INDENT}", here)
            else:
                self._entries(one.value, f"{margin}{_INDENT}", here)
            self.lines[first] = f"{margin}- {self.lines[first].lstrip(' ')}"
        self.notes(listing.below, margin)

    def _with_notes_above(self, entry: Entry, path: Path) -> Entry:
        """Take comments that stand between a dash and what follows it above the dash."""
        value = entry.value
        behind = (entry.behind,) if entry.behind else ()
        match value:
            case Group() if value.fields:
                first, *others = self._in_order(value, path)
                inner: Node = replace(value, fields=(replace(first, above=()), *others))
                above = first.above
            case Listing() if value.entries and not self._fits_brackets(value, path):
                top = self._with_notes_above(value.entries[0], (*path, 0))
                inner = replace(value, entries=(replace(top, above=()), *value.entries[1:]))
                above = top.above
            case _:
                return entry
        return replace(entry, above=(*entry.above, *behind, *filter(None, above)), behind="", value=inner)

    def _line(self, text: str, behind: str) -> None:
        self.lines.append(f"{text} {behind}" if behind else text)
        self.block = None

    def _quote(self, block: _Block) -> None:
        """Write a block in quotes after all: a comment under it would look like its text."""
        end = block.first + 1 + len(block.text.split("\n"))
        self.lines[block.first : end] = [f"{block.start} {quoted(block.text)}"]
        self.block = None

    def _fits_brackets(self, value: Node, path: Path) -> bool:
        """Tell whether a list stands on one line: it has none but single values, and no comment inside."""
        return isinstance(value, Listing) and (
            not (value.entries or value.below)
            or (
                _name_of(path) in self.kind.in_brackets
                and bool(value.entries)
                and not value.below
                and all(
                    isinstance(entry.value, Value) and not any(entry.above) and not entry.behind
                    for entry in value.entries
                )
            )
        )

    def _is_block(self, text: str, path: Path) -> bool:
        name = _name_of(path)
        is_prose = "\n" in text or name in self.kind.blocks
        return is_prose and name not in self.kind.quoted and fits_block(text)

    def _spelt(
        self, value: Value, path: Path, *, in_brackets: bool = False, before_comment: bool = False
    ) -> str:
        name, text = _name_of(path), value.text
        if text is None:
            return "null"
        if isinstance(text, Commented):
            # As it was typed: where words belong, `check` must still see that a comment cuts them.
            return str(text)
        if name in self.kind.quoted or before_comment:
            return quoted(text)
        if name in self.kind.figures:
            return figure(text, in_brackets=in_brackets)
        return words_in_brackets(text) if in_brackets else words(text)


def _name_of(path: Path) -> str:
    """Give the field that a value belongs to, by itself or as an entry of its list."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _is_open(value: Node) -> bool:
    """Tell whether a value takes lines of its own."""
    return bool(value.fields) if isinstance(value, Group) else isinstance(value, Listing)


def _with_notes_inside(value: Group | Listing, notes: Sequence[str]) -> Group | Listing:
    """Put comments above the first field or entry of *value*, or at its end where it has none."""
    moved = tuple(filter(None, notes))
    match value:
        case Group(fields=(first, *others)):
            return replace(value, fields=(replace(first, above=(*moved, *first.above)), *others))
        case Listing(entries=(top, *rest)):
            return replace(value, entries=(replace(top, above=(*moved, *top.above)), *rest))
        case _:
            return replace(value, below=(*moved, *value.below))
