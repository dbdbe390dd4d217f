"""From source files to the same files in the canonical layout: what `jixiao fmt` does, from top to bottom.

A layout never changes a meaning. What is written is read again by the strict reader, and where it does not
say the same, comment by comment and digit by digit, the file is left alone and that is told.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import yaml
from jixiao.i18n import Dictionary, Message, message
from jixiao.load.content_files import REGISTER_SIZE_LIMIT
from jixiao.load.listing import list_below
from jixiao.load.source_files import SIZE_LIMIT, SourceText, read_bytes, text_of
from jixiao.load.tokens import REGISTER_LIMIT, TOKEN_LIMIT
from jixiao.load.tree_to_model import fields_within, read_model
from jixiao.load.yaml_tokens import Commented
from jixiao.load.yaml_tree import Mapping, Node, Scalar, read_tree
from jixiao.load.yaml_tree import Path as Way
from jixiao.load.yaml_tree import Sequence as Entries
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import Format, Place, Problem, one_line, report
from jixiao.write_files import place_files
from jixiao.writing.kinds import ADDRESSES, DECLARATION, MODELINE, ORGANISATIONS, TAXONOMY, Kind
from jixiao.yaml_format.comments import remarks_between
from jixiao.yaml_format.document import Document
from jixiao.yaml_format.document_reader import document_of
from jixiao.yaml_format.document_writer import write

_DECLARATIONS = "content/declarations/"
_TAXONOMIES = "content/taxonomies/"
_REGISTERS = {"content/addresses.yml": ADDRESSES, "content/organisations.yml": ORGANISATIONS}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What was asked for."""

    files: Sequence[Path]
    """Files and folders; none means all of the project."""
    project: Path
    writes: bool
    """Whether files are changed, or only looked at."""


@dataclass(frozen=True, kw_only=True)
class Formatted:
    """What became of one file."""

    file: str
    problems: tuple[Problem, ...] = ()
    """Why it was left alone."""
    before: str = ""
    after: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the layout of the file was another, or its line ends."""
        return self.before != self.after


def format_files(order: Order) -> Iterator[Formatted]:
    """Lay out every file that was asked for, one after the other.

    Raises:
        OSError: The disk or the system refuses to take a file.
    """
    for path in _paths(order):
        formatted = _formatted(path, _name(path, order.project))
        if formatted.is_changed and order.writes:
            formatted = _place(path, formatted)
        yield formatted


def _paths(order: Order) -> Iterator[Path]:
    content = order.project / "content"
    asked = order.files or [
        content / "declarations",
        *(path for name in _REGISTERS if (path := order.project / name).exists()),
        content / "taxonomies",
    ]
    paths = [inside for path in asked for inside in _within(path)]
    yield from dict.fromkeys(paths)


def _within(path: Path) -> Iterator[Path]:
    """Give the sources below a folder, or the file itself, also where it is none that can be read."""
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    found, _ = list_below(path)
    yield from (Path(one.path) for one in found if one.name.endswith(".yml") and not one.is_folder)


def _name(path: Path, project: Path) -> str:
    """Name a file as `check` does, relative to the project; elsewhere as it was typed."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link must stay the link that was named
    return absolute.relative_to(project).as_posix() if absolute.is_relative_to(project) else os.fspath(path)


def _formatted(path: Path, file: str) -> Formatted:
    kind = _kind_of(file)
    content = read_bytes(path, file, REGISTER_SIZE_LIMIT if kind is ADDRESSES else SIZE_LIMIT)
    source = content if isinstance(content, Problem) else text_of(content, file)
    if isinstance(content, Problem) or isinstance(source, Problem):
        return Formatted(file=file, problems=tuple(one for one in (source,) if isinstance(one, Problem)))
    return _laid_out(source, kind, content.decode("utf-8"))


def _laid_out(source: SourceText, kind: Kind, before: str) -> Formatted:
    """Lay out what was read of the text *before*, of which line ends and a mark count as layout, too."""
    file = source.file
    limit = REGISTER_LIMIT if kind is ADDRESSES else TOKEN_LIMIT
    tree = read_tree(source, limit)
    if isinstance(tree, tuple):
        return Formatted(file=file, problems=tree)
    if not isinstance(tree, Mapping) or not tree.pairs:
        wrong = read_model(kind.model, tree)
        return Formatted(file=file, problems=wrong if isinstance(wrong, tuple) else ())
    if not _is_of(kind, file, tree):
        return Formatted(file=file, problems=(_no_source(file),))
    document = document_of(source, tree)
    after = write(_with_modeline(document, source) if file.startswith(_DECLARATIONS) else document, kind)
    if not _says_the_same(source, tree, SourceText(file, after), kind, limit):
        return Formatted(file=file, problems=(_would_change(file),))
    return Formatted(file=file, before=before, after=after)


def _kind_of(file: str) -> Kind:
    return TAXONOMY if file.startswith(_TAXONOMIES) else _REGISTERS.get(file, DECLARATION)


def _is_of(kind: Kind, file: str, tree: Mapping) -> bool:
    """Tell whether a file that stands anywhere is a declaration, and not the settings of something else."""
    if kind is not DECLARATION or file.startswith(_DECLARATIONS):
        return True
    return {key.text for key, _ in tree.pairs} <= set(fields_within(kind.model, ()))


def _with_modeline(document: Document, source: SourceText) -> Document:
    """Begin with the comment that gives an editor the schema; where there is one, it goes to the top."""
    there = [note for note in document.head if MODELINE in note]
    others = [note for note in document.head if MODELINE not in note]
    first = there if MODELINE in source.text else [DECLARATION.modeline]
    return replace(document, head=(*first, *others))


def _says_the_same(source: SourceText, tree: Mapping, written: SourceText, kind: Kind, limit: int) -> bool:
    """Read what was written as everything is read, and compare all that it says, comments included."""
    text = text_of(written.text.encode("utf-8"), written.file)
    again = None if isinstance(text, Problem) else read_tree(text, limit)
    if not isinstance(again, Mapping):
        return False
    return (
        _meaning(tree, kind, ()) == _meaning(again, kind, ())
        and not _comments(source) - _comments(written)
        and _as_model(kind, tree) == _as_model(kind, again)
    )


def _meaning(node: Node, kind: Kind, path: Way) -> object:
    """Give what was typed, without places; the order of fields counts where they have names of their own."""
    match node:
        case Scalar():
            return node.text, isinstance(node.text, Commented)
        case Entries():
            return [_meaning(entry, kind, (*path, place)) for place, entry in enumerate(node.entries)]
        case Mapping():
            pairs = [
                (key.text or "", _meaning(value, kind, (*path, key.text or ""))) for key, value in node.pairs
            ]
            return sorted(pairs, key=lambda pair: pair[0]) if fields_within(kind.model, path) else pairs


def _comments(source: SourceText) -> Counter[str]:
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    return Counter(remark.text for remark in remarks_between(tokens, source) if remark.text)


def _as_model(kind: Kind, tree: Mapping) -> object:
    """Give the model that is read of *tree*, or what `check` says instead, without places."""
    read = read_model(kind.model, tree)
    if isinstance(read, tuple):
        return Counter((problem.rule, str(problem.message), str(problem.hint)) for problem in read)
    return read


def _place(path: Path, formatted: Formatted) -> Formatted:
    """Put the new text in the place of the old one."""
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return Formatted(file=formatted.file, problems=(_read_only(formatted.file),))
    place_files({path.name: formatted.after}, path.parent, replaces=True)
    return formatted


def _no_source(file: str) -> Problem:
    return Problem(
        rule="not-a-declaration",
        place=Place(file),
        message=message("这不是申报表：有申报表没有的字段"),
        hint=message("请核对文件名；这里只排版申报表，以及 content/ 下的机构、网址和指标体系"),
    )


def _would_change(file: str) -> Problem:
    return Problem(
        rule="layout-not-safe",
        place=Place(file),
        message=message("排版以后读出来的内容会不同，所以没有动这个文件"),
        hint=message("文件可以照常使用；请把这个文件交给维护程序的人"),
    )


def _read_only(file: str) -> Problem:
    return Problem(
        rule="file-read-only",
        place=Place(file),
        message=message("文件设为只读，没有动它"),
        hint=message("请先去掉只读，再排版"),
    )


def told(formatted: Formatted, words: Dictionary, *, writes: bool) -> Iterator[str]:
    """Tell what became of one file, line by line, in the language of *words*.

    Args:
        formatted: The file.
        words: The language to say it in.
        writes: Whether it was changed; if not, the lines that would change are shown.
    """
    yield from report(formatted.problems, Format.TEXT, words)
    if not formatted.is_changed:
        return
    if writes:
        yield _line(message("{file}：已排版", file=formatted.file), words)
        return
    yield _line(message("{file}：需要排版", file=formatted.file), words)
    difference = tuple(_difference(formatted)) or (
        words.say("只有换行方式、文件开头的标记（BOM）或结尾的换行不同"),
    )
    yield from (f"    {one_line(masked(line))}" for line in difference)


def _line(saying: Message, words: Dictionary) -> str:
    return one_line(masked(saying.say(words)))


def _difference(formatted: Formatted) -> Iterator[str]:
    """Give the lines that go (`-`) and come (`+`), below the number of the first (`@@`)."""
    before = formatted.before.removeprefix("\ufeff").splitlines()
    lines = difflib.unified_diff(before, formatted.after.splitlines(), n=0, lineterm="")
    # The first two name the file.
    return islice(lines, 2, None)


def summary(all_files: Sequence[Formatted], *, writes: bool) -> Message:
    """Say in one line how it ended."""
    changed = sum(one.is_changed for one in all_files)
    left = sum(bool(one.problems) for one in all_files)
    template = (
        "{count} 个文件：改了 {changed} 个，{left} 个有问题，没有动"
        if writes
        else "{count} 个文件：{changed} 个需要排版，{left} 个有问题"
    )
    return message(template, count=str(len(all_files)), changed=str(changed), left=str(left))
