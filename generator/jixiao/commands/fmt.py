"""Formatting of content files in the canonical layout.

A layout never changes a meaning. The formatted text is parsed again by the strict reader, and if a value or
a comment differs, the file is left alone and reported.
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

from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.load.content_files import REGISTER_SIZE_LIMIT
from jixiao.load.source_files import FILE_SIZE_LIMIT, SourceText, decode_source, list_folder, read_bytes
from jixiao.load.tree_to_model import list_fields, read_model
from jixiao.load.yaml_tokens import REGISTER_TOKEN_LIMIT, TOKEN_LIMIT, CommentedFigure
from jixiao.load.yaml_tree import ListNode as Entries
from jixiao.load.yaml_tree import MappingNode, Node, ScalarNode, read_tree
from jixiao.load.yaml_tree import TreePath as Way
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Place, Problem, ProblemFormat, escape_for_terminal, format_problems
from jixiao.write_files import write_files
from jixiao.yaml_format.comments import list_comments
from jixiao.yaml_format.document import YamlDocument
from jixiao.yaml_format.document_reader import read_document
from jixiao.yaml_format.document_writer import (
    ADDRESSES_STYLE,
    DECLARATION_STYLE,
    MODELINE_PREFIX,
    ORGANISATIONS_STYLE,
    TAXONOMY_STYLE,
    YamlStyle,
    format_document,
)

_DECLARATIONS = "content/declarations/"
_TAXONOMIES = "content/taxonomies/"
_REGISTERS = {"content/addresses.yml": ADDRESSES_STYLE, "content/organisations.yml": ORGANISATIONS_STYLE}


@dataclass(frozen=True, kw_only=True)
class FormatRequest:
    """Options of a format run."""

    files: Sequence[Path]
    """Files and folders to format; empty for the whole site."""
    root: Path
    writes: bool
    """Whether files are changed, or only checked."""


@dataclass(frozen=True, kw_only=True)
class FormatResult:
    """Result of formatting one file."""

    file: str
    problems: tuple[Problem, ...] = ()
    """Problems that kept the file from being formatted."""
    before: str = ""
    after: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the layout or the line ends differ from the file."""
        return self.before != self.after


def format_files(request: FormatRequest) -> Iterator[FormatResult]:
    """Format the requested files one after the other.

    Raises:
        OSError: The disk or the system refuses to take a file.
    """
    for path in _list_paths(request):
        formatted = _format_file(path, _find_shown_path(path, request.root))
        if formatted.is_changed and request.writes:
            formatted = _write_result(path, formatted)
        yield formatted


def _list_paths(request: FormatRequest) -> Iterator[Path]:
    content = request.root / "content"
    asked = request.files or [
        content / "declarations",
        *(path for name in _REGISTERS if (path := request.root / name).exists()),
        content / "taxonomies",
    ]
    paths = [inside for path in asked for inside in _list_sources(path)]
    yield from dict.fromkeys(paths)


def _list_sources(path: Path) -> Iterator[Path]:
    """Yield the YAML files below a folder, or *path* itself if it is not a folder."""
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    found, _ = list_folder(path)
    yield from (Path(one.path) for one in found if one.name.endswith(".yml") and not one.is_folder)


def _find_shown_path(path: Path, root: Path) -> str:
    """Return the path relative to the site's folder, or as typed if it is outside."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link must stay the link that was named
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else os.fspath(path)


def _format_file(path: Path, file: str) -> FormatResult:
    kind = _find_kind(file)
    content = read_bytes(path, file, REGISTER_SIZE_LIMIT if kind is ADDRESSES_STYLE else FILE_SIZE_LIMIT)
    source = content if isinstance(content, Problem) else decode_source(content, file)
    if isinstance(content, Problem) or isinstance(source, Problem):
        return FormatResult(file=file, problems=tuple(one for one in (source,) if isinstance(one, Problem)))
    return _format_source(source, kind, content.decode("utf-8"))


def _format_source(source: SourceText, kind: YamlStyle, before: str) -> FormatResult:
    """Format the parsed source; *before* is its exact text, with line ends and byte-order mark."""
    file = source.file
    limit = REGISTER_TOKEN_LIMIT if kind is ADDRESSES_STYLE else TOKEN_LIMIT
    tree = read_tree(source, limit)
    if isinstance(tree, tuple):
        return FormatResult(file=file, problems=tree)
    if not isinstance(tree, MappingNode) or not tree.pairs:
        wrong = read_model(kind.model, tree)
        return FormatResult(file=file, problems=wrong if isinstance(wrong, tuple) else ())
    if not _is_kind(kind, file, tree):
        return FormatResult(file=file, problems=(_report_not_a_declaration(file),))
    document = read_document(source, tree)
    after = format_document(
        _add_modeline(document, source) if file.startswith(_DECLARATIONS) else document, kind
    )
    if not _has_same_content(source, tree, SourceText(file, after), kind, limit):
        return FormatResult(file=file, problems=(_report_unsafe_layout(file),))
    return FormatResult(file=file, before=before, after=after)


def _find_kind(file: str) -> YamlStyle:
    return TAXONOMY_STYLE if file.startswith(_TAXONOMIES) else _REGISTERS.get(file, DECLARATION_STYLE)


def _is_kind(kind: YamlStyle, file: str, tree: MappingNode) -> bool:
    """Return whether a file outside the content folders has only fields of a declaration."""
    if kind is not DECLARATION_STYLE or file.startswith(_DECLARATIONS):
        return True
    return {key.text for key, _ in tree.pairs} <= set(list_fields(kind.model, ()))


def _add_modeline(document: YamlDocument, source: SourceText) -> YamlDocument:
    """Put the schema comment for editors first, and add it if there is none."""
    there = [note for note in document.head if MODELINE_PREFIX in note]
    others = [note for note in document.head if MODELINE_PREFIX not in note]
    first = there if MODELINE_PREFIX in source.text else [DECLARATION_STYLE.modeline]
    return replace(document, head=(*first, *others))


def _has_same_content(
    source: SourceText, tree: MappingNode, written: SourceText, kind: YamlStyle, limit: int
) -> bool:
    """Parse the formatted text and compare its values and comments with the original."""
    text = decode_source(written.text.encode("utf-8"), written.file)
    again = None if isinstance(text, Problem) else read_tree(text, limit)
    if not isinstance(again, MappingNode):
        return False
    return (
        _strip_layout(tree, kind, ()) == _strip_layout(again, kind, ())
        and not _count_comments(source) - _count_comments(written)
        and _read_as_model(kind, tree) == _read_as_model(kind, again)
    )


def _strip_layout(node: Node, kind: YamlStyle, path: Way) -> object:
    """Return the values without places; the order of fields counts only where their names are free."""
    match node:
        case ScalarNode():
            return node.text, isinstance(node.text, CommentedFigure)
        case Entries():
            return [_strip_layout(entry, kind, (*path, place)) for place, entry in enumerate(node.entries)]
        case MappingNode():
            pairs = [
                (key.text or "", _strip_layout(value, kind, (*path, key.text or "")))
                for key, value in node.pairs
            ]
            return sorted(pairs, key=lambda pair: pair[0]) if list_fields(kind.model, path) else pairs


def _count_comments(source: SourceText) -> Counter[str]:
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    return Counter(remark.text for remark in list_comments(tokens, source) if remark.text)


def _read_as_model(kind: YamlStyle, tree: MappingNode) -> object:
    """Return the model read from *tree*, or its problems without places."""
    read = read_model(kind.model, tree)
    if isinstance(read, tuple):
        return Counter((problem.rule, str(problem.message), str(problem.hint)) for problem in read)
    return read


def _write_result(path: Path, result: FormatResult) -> FormatResult:
    """Replace the file with the formatted text."""
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return FormatResult(file=result.file, problems=(_report_read_only(result.file),))
    write_files({path.name: result.after}, path.parent, replaces=True)
    return result


def _report_not_a_declaration(file: str) -> Problem:
    return Problem(
        rule="not-a-declaration",
        place=Place(file),
        message=message("这不是申报表：有申报表没有的字段"),
        hint=message("请核对文件名；这里只排版申报表，以及 content/ 下的机构、网址和指标体系"),
    )


def _report_unsafe_layout(file: str) -> Problem:
    return Problem(
        rule="layout-not-safe",
        place=Place(file),
        message=message("排版以后读出来的内容会不同，所以没有动这个文件"),
        hint=message("文件可以照常使用；请把这个文件交给维护程序的人"),
    )


def _report_read_only(file: str) -> Problem:
    return Problem(
        rule="file-read-only",
        place=Place(file),
        message=message("文件设为只读，没有动它"),
        hint=message("请先去掉只读，再排版"),
    )


def describe_result(result: FormatResult, catalogue: TranslationCatalogue, *, writes: bool) -> Iterator[str]:
    """Describe the result for one file, line by line, in the language of *catalogue*.

    Args:
        result: The result for the file.
        catalogue: The language of the lines.
        writes: Whether the file was changed; if not, the lines that would change are shown.
    """
    yield from format_problems(result.problems, ProblemFormat.TEXT, catalogue)
    if not result.is_changed:
        return
    if writes:
        yield _mask_line(message("{file}：已排版", file=result.file), catalogue)
        return
    yield _mask_line(message("{file}：需要排版", file=result.file), catalogue)
    difference = tuple(_list_changed_lines(result)) or (
        catalogue.translate("只有换行方式、文件开头的标记（BOM）或结尾的换行不同"),
    )
    yield from (f"    {escape_for_terminal(mask_personal_data(line))}" for line in difference)


def _mask_line(saying: Message, catalogue: TranslationCatalogue) -> str:
    return escape_for_terminal(mask_personal_data(saying.translate(catalogue)))


def _list_changed_lines(result: FormatResult) -> Iterator[str]:
    """Return the removed (`-`) and added (`+`) lines of a diff with their `@@` headers."""
    before = result.before.removeprefix("\ufeff").splitlines()
    lines = difflib.unified_diff(before, result.after.splitlines(), n=0, lineterm="")
    # The first two name the file.
    return islice(lines, 2, None)


def summarize_results(results: Sequence[FormatResult], *, writes: bool) -> Message:
    """Return the result of all files in one line."""
    changed = sum(one.is_changed for one in results)
    left = sum(bool(one.problems) for one in results)
    template = (
        "{count} 个文件：改了 {changed} 个，{left} 个有问题，没有动"
        if writes
        else "{count} 个文件：{changed} 个需要排版，{left} 个有问题"
    )
    return message(template, count=str(len(results)), changed=str(changed), left=str(left))
