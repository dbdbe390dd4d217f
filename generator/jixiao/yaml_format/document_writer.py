"""Canonical layout of a YAML document, with one notation for each value.

Fields are in the order of the form, levels are indented by two spaces. `YamlStyle` holds the differences
between the kinds of source files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from jixiao.load.tree_to_model import list_fields
from jixiao.load.yaml_tokens import CommentedFigure
from jixiao.load.yaml_tree import TreePath
from jixiao.model.address_register import AddressRegister
from jixiao.model.declaration import Declaration
from jixiao.model.organisation import Organisations
from jixiao.model.taxonomy import Taxonomy
from jixiao.yaml_format.document import (
    CommentLines,
    DocumentField,
    DocumentGroup,
    DocumentList,
    DocumentListEntry,
    DocumentNode,
    DocumentValue,
    YamlDocument,
)

MODELINE_PREFIX = "yaml-language-server:"
"""Start of the comment that names the schema for editors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlStyle:
    """Style of one kind of source file. A field name means the same wherever it stands."""

    model: type[BaseModel]
    quoted_fields: frozenset[str] = frozenset()
    """Always quoted, as filed text may look like anything."""
    figure_fields: frozenset[str] = frozenset()
    """Sums, dates, years, counts and booleans, unquoted as typed."""
    block_fields: frozenset[str] = frozenset()
    """Text in a block below its field, even if it is a single line."""
    inline_list_fields: frozenset[str] = frozenset()
    """Lists of single values on one line."""
    modeline: str = ""
    """Comment at the top that names the schema for editors, relative to a department's folder."""


DECLARATION_STYLE = YamlStyle(
    model=Declaration,
    quoted_fields=frozenset({"edition", "target", "cells"}),
    figure_fields=frozenset(
        {"year", "start", "end", "total", "fiscal", "other", "appropriation", "carryover", "lines"}
    ),
    block_fields=frozenset({"overall", "annual"}),
    inline_list_fields=frozenset({"lines", "defects", "cells"}),
    modeline=f"# {MODELINE_PREFIX} $schema=../../../schema/declaration.schema.json",
)
ORGANISATIONS_STYLE = YamlStyle(model=Organisations)
ADDRESSES_STYLE = YamlStyle(model=AddressRegister)
TAXONOMY_STYLE = YamlStyle(
    model=Taxonomy, quoted_fields=frozenset({"edition"}), figure_fields=frozenset({"checked"})
)


_PLAIN_TEXT = re.compile(r"(?:[\u3400-\u9fffA-Za-z（《“]|[0-9]+[\u3400-\u9fff])[^:#\"'\\{}\[\]&*!|>%@`\t\n]*")
_DECLARATION_ID = re.compile(r"[0-9]{4}(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")
_FIGURE = re.compile(r"[0-9](?:[0-9.,:/+-]*[0-9])?|true|false")
_RESERVED_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def quote_text(text: str) -> str:
    """Format *text* in straight double quotes on one line."""
    return json.dumps(text, ensure_ascii=False)


def format_text(text: str) -> str:
    """Format *text* unquoted if no part of it has a meaning in YAML, otherwise in quotes."""
    is_safe = _PLAIN_TEXT.fullmatch(text) and text == text.strip() and text.lower() not in _RESERVED_WORDS
    return text if is_safe or _DECLARATION_ID.fullmatch(text) else quote_text(text)


def format_inline_text(text: str) -> str:
    """Format *text* for a list in brackets, where a comma separates two values."""
    return quote_text(text) if "," in text or "?" in text else format_text(text)


def format_figure(text: str, *, is_inline: bool = False) -> str:
    """Format a sum, date, year, count or boolean as typed, anything else in quotes."""
    is_plain = _FIGURE.fullmatch(text) and not (is_inline and "," in text)
    return text if is_plain else quote_text(text)


def format_block(text: str, margin: str) -> list[str]:
    """Format *text* as a block, the indicator that follows the field name first, then the lines.

    Args:
        text: Without a line break at its end.
        margin: The spaces before each line.
    """
    lines = text.split("\n")
    # The number fixes the indentation, so that blanks at the start of the text are kept.
    indicator = "|2" if not lines[0] or lines[0][0] == " " else "|"
    return [indicator, *(f"{margin}{line}" if line else "" for line in lines)]


def fits_block(text: str) -> bool:
    """Check whether *text* survives as a block, even in an editor that trims lines."""
    lines = text.split("\n")
    return bool(lines[-1]) and "\t" not in text and all(line == line.rstrip() for line in lines)


_INDENT = "  "


def format_document(document: YamlDocument, style: YamlStyle) -> str:
    """Format a document as the text of its file."""
    writer = _DocumentWriter(style)
    writer.write_comments(document.head, "")
    writer.write_group(document.root, "", ())
    return "\n".join(writer.lines) + "\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class _OpenBlock:
    """Block of text at the end of the written lines."""

    first: int
    """Number of its first line, which holds the field name."""
    start: str
    """Part of that line before the text."""
    text: str


@dataclass
class _DocumentWriter:
    """Writer of the lines of one file."""

    style: YamlStyle
    lines: list[str] = field(default_factory=list)
    open_block: _OpenBlock | None = None
    """Block to which the last non-empty line belongs."""

    def write_group(self, group: DocumentGroup, margin: str, path: TreePath) -> None:
        """Write the fields of *group*, which has at least one."""
        first, *others = self._sort_fields(group, path)
        # No empty line stands below the name of a group, even if sorting has changed its first field.
        for item in (replace(first, above=tuple(filter(None, first.above))), *others):
            value, comments = item.value, item.above
            if self.open_block and isinstance(value, DocumentGroup | DocumentList) and any(comments):
                # Below the name of the group instead of above: a comment under a block looks like its text.
                value, comments = _move_comments_inside(value, comments), ()
            self.write_comments(comments, margin)
            name = "null" if item.name is None else format_text(item.name)
            self._write_value(f"{margin}{name}:", value, item.trailing, margin, (*path, item.name or ""))
        self.write_comments(group.below, margin)

    def _sort_fields(self, group: DocumentGroup, path: TreePath) -> list[DocumentField]:
        """Sort fields in the order of the model; unknown ones follow in the order of the file."""
        order = {name: index for index, name in enumerate(list_fields(self.style.model, path))}
        return sorted(group.fields, key=lambda item: order.get(item.name or "", len(order)))

    def write_comments(self, comments: CommentLines, margin: str) -> None:
        for comment in comments:
            if comment and self.open_block:
                # In quotes, since a comment below a block would look like its text.
                block, self.open_block = self.open_block, None
                end = block.first + 1 + len(block.text.split("\n"))
                self.lines[block.first : end] = [f"{block.start} {quote_text(block.text)}"]
            self.lines.append(f"{margin}{comment}" if comment else "")

    def _write_value(
        self, start: str, value: DocumentNode, trailing: str, margin: str, path: TreePath
    ) -> None:
        """Write a value and its comment after *start*, a field name or the dash of an entry."""
        match value:
            case DocumentValue():
                self._write_single_value(start, value, trailing, margin, path)
            case DocumentList() if self._fits_inline(value, path):
                texts = [
                    self._format_value(entry.value, path, is_inline=True)
                    for entry in value.entries
                    if isinstance(entry.value, DocumentValue)
                ]
                self._write_line(f"{start} [{', '.join(texts)}]", trailing)
            case DocumentList():
                self._write_line(start, trailing)
                self._write_entries(value, f"{margin}{_INDENT}", path)
            case DocumentGroup(fields=()):
                self._write_line(f"{start} {{}}", trailing)
                self.write_comments(value.below, f"{margin}{_INDENT}")
            case DocumentGroup():
                self._write_line(start, trailing)
                self.write_group(value, f"{margin}{_INDENT}", path)

    def _write_single_value(
        self, start: str, value: DocumentValue, trailing: str, margin: str, path: TreePath
    ) -> None:
        name, text = _find_field_name(path), value.text
        if text is None and not trailing and isinstance(path[-1], str) and name != "target":
            # A value that is missing yet stays visibly empty; a target that was not filed is `null`.
            self._write_line(start, "")
            return
        is_prose = text is not None and ("\n" in text or name in self.style.block_fields)
        if text and is_prose and not trailing and name not in self.style.quoted_fields and fits_block(text):
            indicator, *lines = format_block(text, f"{margin}{_INDENT}")
            first = len(self.lines)
            self.lines.extend((f"{start} {indicator}", *lines))
            self.open_block = _OpenBlock(first=first, start=start, text=text)
        else:
            formatted = self._format_value(value, path, before_comment=bool(trailing))
            self._write_line(f"{start} {formatted}", trailing)

    def _write_entries(self, listing: DocumentList, margin: str, path: TreePath) -> None:
        for index, item in enumerate(listing.entries):
            item_path = (*path, index)
            entry = self._move_comments_above(item, item_path)
            self.write_comments(entry.above, margin)
            first = len(self.lines)
            match entry.value:
                case DocumentGroup() as group if group.fields:
                    self.write_group(group, f"{margin}{_INDENT}", item_path)
                case DocumentList() as inner if not self._fits_inline(inner, path):
                    self._write_entries(inner, f"{margin}{_INDENT}", item_path)
                case value:
                    self._write_value(f"{margin}-", value, entry.trailing, margin, item_path)
                    continue
            self.lines[first] = f"{margin}- {self.lines[first].lstrip(' ')}"
        self.write_comments(listing.below, margin)

    def _move_comments_above(self, entry: DocumentListEntry, path: TreePath) -> DocumentListEntry:
        """Move comments between a dash and its value above the dash."""
        value = entry.value
        trailing = (entry.trailing,) if entry.trailing else ()
        match value:
            case DocumentGroup() if value.fields:
                first, *others = self._sort_fields(value, path)
                inner: DocumentNode = replace(value, fields=(replace(first, above=()), *others))
                above = first.above
            case DocumentList() if value.entries and not self._fits_inline(value, path):
                top = self._move_comments_above(value.entries[0], (*path, 0))
                inner = replace(value, entries=(replace(top, above=()), *value.entries[1:]))
                above = top.above
            case _:
                return entry
        return replace(entry, above=(*entry.above, *trailing, *filter(None, above)), trailing="", value=inner)

    def _write_line(self, text: str, trailing: str) -> None:
        self.lines.append(f"{text} {trailing}" if trailing else text)
        self.open_block = None

    def _fits_inline(self, value: DocumentNode, path: TreePath) -> bool:
        """Check whether a list fits on one line, holding only single values and no comments."""
        return isinstance(value, DocumentList) and (
            not (value.entries or value.below)
            or (
                _find_field_name(path) in self.style.inline_list_fields
                and bool(value.entries)
                and not value.below
                and all(
                    isinstance(entry.value, DocumentValue) and not any(entry.above) and not entry.trailing
                    for entry in value.entries
                )
            )
        )

    def _format_value(
        self, value: DocumentValue, path: TreePath, *, is_inline: bool = False, before_comment: bool = False
    ) -> str:
        name, text = _find_field_name(path), value.text
        if text is None:
            return "null"
        if isinstance(text, CommentedFigure):
            # As typed, because `check` reports a comment that cuts a text.
            return str(text)
        if name in self.style.quoted_fields or before_comment:
            return quote_text(text)
        if name in self.style.figure_fields:
            return format_figure(text, is_inline=is_inline)
        return format_inline_text(text) if is_inline else format_text(text)


def _find_field_name(path: TreePath) -> str:
    """Return the name of the field that a value belongs to, directly or as a list entry."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _move_comments_inside(
    value: DocumentGroup | DocumentList, comments: Sequence[str]
) -> DocumentGroup | DocumentList:
    """Move comments above the first field or entry of *value*, or to its end if it is empty."""
    moved = tuple(filter(None, comments))
    match value:
        case DocumentGroup(fields=(first, *others)):
            return replace(value, fields=(replace(first, above=(*moved, *first.above)), *others))
        case DocumentList(entries=(first_entry, *rest)):
            entry = replace(first_entry, above=(*moved, *first_entry.above))
            return replace(value, entries=(entry, *rest))
        case _:
            return replace(value, below=(*moved, *value.below))
