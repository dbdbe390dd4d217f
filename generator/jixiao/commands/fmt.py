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
from jixiao.load.yaml_tree import ListNode, MappingNode, Node, ScalarNode, TreePath, read_tree
from jixiao.personal_data.text_patterns import mask_personal_data
from jixiao.problems import Place, Problem, ProblemFormat, escape_for_terminal, format_problems
from jixiao.write_files import write_files
from jixiao.yaml_format.document_reader import list_comments, read_document
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
        result = _format_file(path, _find_display_path(path, request.root))
        if result.is_changed and request.writes:
            if path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
                write_files({path.name: result.after}, path.parent, replaces=True)
            else:
                text, hint = message("文件设为只读，没有动它"), message("请先去掉只读，再排版")
                result = _refuse_file(result.file, "file-read-only", text, hint)
        yield result


def _list_paths(request: FormatRequest) -> Iterator[Path]:
    """Yield the requested files, and the YAML files below the requested folders, each once."""
    content = request.root / "content"
    requested = request.files or [
        content / "declarations",
        *(path for name in _REGISTERS if (path := request.root / name).exists()),
        content / "taxonomies",
    ]
    paths: dict[Path, None] = {}
    for path in requested:
        if path.is_symlink() or not path.is_dir():
            paths[path] = None
            continue
        items, _ = list_folder(path)
        paths |= {
            Path(item.path): None for item in items if item.name.endswith(".yml") and not item.is_folder
        }
    yield from paths


def _find_display_path(path: Path, root: Path) -> str:
    """Return the path relative to the site's folder, or as typed if it is outside."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link must stay the link that was named
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else os.fspath(path)


def _format_file(path: Path, file: str) -> FormatResult:
    style = TAXONOMY_STYLE if file.startswith(_TAXONOMIES) else _REGISTERS.get(file, DECLARATION_STYLE)
    content = read_bytes(path, file, REGISTER_SIZE_LIMIT if style is ADDRESSES_STYLE else FILE_SIZE_LIMIT)
    if isinstance(content, Problem):
        return FormatResult(file=file, problems=(content,))
    source = decode_source(content, file)
    if isinstance(source, Problem):
        return FormatResult(file=file, problems=(source,))
    return _format_source(source, style, content.decode("utf-8"))


def _format_source(source: SourceText, style: YamlStyle, before: str) -> FormatResult:
    """Format the parsed source; *before* is its exact text, with line ends and byte-order mark."""
    file = source.file
    tree = read_tree(source, REGISTER_TOKEN_LIMIT if style is ADDRESSES_STYLE else TOKEN_LIMIT)
    if isinstance(tree, tuple):
        return FormatResult(file=file, problems=tree)
    if not isinstance(tree, MappingNode) or not tree.pairs:
        model = read_model(style.model, tree)
        return FormatResult(file=file, problems=model if isinstance(model, tuple) else ())
    document = read_document(source, tree)
    if file.startswith(_DECLARATIONS):
        # The comment that names the schema for editors stands first, and is added if there is none.
        modelines = tuple(line for line in document.head if MODELINE_PREFIX in line)
        others = tuple(line for line in document.head if MODELINE_PREFIX not in line)
        if MODELINE_PREFIX not in source.text:
            modelines = (DECLARATION_STYLE.modeline,)
        document = replace(document, head=(*modelines, *others))
    elif style is DECLARATION_STYLE and not {key.text for key, _ in tree.pairs} <= set(
        list_fields(style.model, ())
    ):
        return _refuse_file(
            file,
            "not-a-declaration",
            message("这不是申报表：有申报表没有的字段"),
            message("请核对文件名；这里只排版申报表，以及 content/ 下的机构、网址和指标体系"),
        )
    after = format_document(document, style)
    if not _has_same_content(source, tree, SourceText(file, after), style):
        return _refuse_file(
            file,
            "layout-not-safe",
            message("排版以后读出来的内容会不同，所以没有动这个文件"),
            message("文件可以照常使用；请把这个文件交给维护程序的人"),
        )
    return FormatResult(file=file, before=before, after=after)


def _refuse_file(file: str, rule: str, text: Message, hint: Message) -> FormatResult:
    return FormatResult(file=file, problems=(Problem(rule=rule, place=Place(file), message=text, hint=hint),))


def _has_same_content(source: SourceText, tree: MappingNode, formatted: SourceText, style: YamlStyle) -> bool:
    """Parse the formatted text and compare its values and comments with the original."""
    text = decode_source(formatted.text.encode("utf-8"), formatted.file)
    limit = REGISTER_TOKEN_LIMIT if style is ADDRESSES_STYLE else TOKEN_LIMIT
    new_tree = None if isinstance(text, Problem) else read_tree(text, limit)
    if not isinstance(new_tree, MappingNode):
        return False
    return (
        _strip_layout(tree, style, ()) == _strip_layout(new_tree, style, ())
        and not _count_comments(source) - _count_comments(formatted)
        and _read_as_model(style, tree) == _read_as_model(style, new_tree)
    )


def _strip_layout(node: Node, style: YamlStyle, path: TreePath) -> object:
    """Return the values without places; the order of fields counts only where their names are free."""
    match node:
        case ScalarNode():
            return node.text, isinstance(node.text, CommentedFigure)
        case ListNode():
            return [_strip_layout(child, style, (*path, index)) for index, child in enumerate(node.entries)]
        case MappingNode():
            pairs = [
                (key.text or "", _strip_layout(value, style, (*path, key.text or "")))
                for key, value in node.pairs
            ]
            return sorted(pairs, key=lambda pair: pair[0]) if list_fields(style.model, path) else pairs


def _count_comments(source: SourceText) -> Counter[str]:
    tokens = tuple(yaml.scan(source.text, Loader=yaml.CSafeLoader))
    return Counter(comment.text for comment in list_comments(tokens, source) if comment.text)


def _read_as_model(style: YamlStyle, tree: MappingNode) -> object:
    """Return the model read from *tree*, or its problems without places."""
    model = read_model(style.model, tree)
    if isinstance(model, tuple):
        return Counter((problem.rule, str(problem.message), str(problem.hint)) for problem in model)
    return model


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
    before = result.before.removeprefix("\ufeff").splitlines()
    # The first two lines of the diff name the file.
    lines = islice(difflib.unified_diff(before, result.after.splitlines(), n=0, lineterm=""), 2, None)
    difference = tuple(lines) or (catalogue.translate("只有换行方式、文件开头的标记（BOM）或结尾的换行不同"),)
    yield from (f"    {escape_for_terminal(mask_personal_data(line))}" for line in difference)


def _mask_line(line: Message, catalogue: TranslationCatalogue) -> str:
    return escape_for_terminal(mask_personal_data(line.translate(catalogue)))


def summarize_results(results: Sequence[FormatResult], *, writes: bool) -> Message:
    """Return the result of all files in one line."""
    template = (
        "{count} 个文件：改了 {changed} 个，{left} 个有问题，没有动"
        if writes
        else "{count} 个文件：{changed} 个需要排版，{left} 个有问题"
    )
    return message(
        template,
        count=str(len(results)),
        changed=str(sum(result.is_changed for result in results)),
        left=str(sum(bool(result.problems) for result in results)),
    )
