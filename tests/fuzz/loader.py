"""The loader: the bytes of one declaration file through everything that `jixiao check` does with them.

The other files of the sample project are read once. For each input one file is written and read again; the
tests hold that this finds what a whole check finds.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from codecs import BOM_UTF8
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml
from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.read_site_content import build_catalogue
from jixiao.check.semantic_checks import check_declaration, check_whole
from jixiao.config import SiteConfig, read_config
from jixiao.load.content_files import load
from jixiao.load.source_files import text_of
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import Mapping, Node, Scalar, Sequence, plain, read_tree
from jixiao.model.declaration import Declaration
from jixiao.pages.declaration_page import declaration_sheet
from jixiao.pages.page_renderer import Press
from jixiao.problems import Problem, in_file_order, stops_publishing
from jixiao.verify import figure

from tests.fuzz.clarity import LANGUAGES, assert_clear
from tests.support import CLINIC, small_project

IDENTITY = "2021/health/clinic"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a check says about one file."""

    text: str | None
    """The text of the file where it is text."""
    tree: Node | None
    catalogue: Catalogue
    filed: Filed | None
    """`None` when the file cannot be read as a declaration."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class _Project:
    catalogue: Catalogue
    """Everything but declarations."""
    config: SiteConfig


def examine(content: bytes) -> None:
    """Check *content* as a declaration: it is either refused clearly or kept whole."""
    checked = check(content)
    shown = content.removeprefix(BOM_UTF8).decode("utf-8", "replace").replace("\r\n", "\n")
    for problem in checked.problems:
        assert problem.place.file == CLINIC, problem
        assert_clear(problem, shown)
    if checked.tree is not None:
        assert checked.text is not None
        # The parser in Python refuses more, such as a tab in a value; what both read they must read alike.
        with suppress(yaml.YAMLError):
            _assert_read_alike(checked.tree, yaml.compose(checked.text, Loader=yaml.BaseLoader))
    if checked.filed is None:
        assert stops_publishing(checked.problems), "neither a declaration nor an error"
        return
    _assert_nothing_lost(checked.filed)
    if not stops_publishing(checked.problems):
        _assert_printed(checked.filed, checked.catalogue)


def check(content: bytes) -> Check:
    """Do what `jixiao check` does with this file, the rest of the project being sound."""
    source = text_of(content, CLINIC)
    if isinstance(source, Problem):
        return _checked(None, None, (source,))
    tree = read_tree(source)
    return _checked(source.text, *((None, tree) if isinstance(tree, tuple) else (tree, ())))


def _checked(text: str | None, tree: Node | None, unreadable: tuple[Problem, ...]) -> Check:
    project = _project()
    read = unreadable if tree is None else read_model(Declaration, tree)
    filed, wrong = (
        (Filed(id=IDENTITY, file=CLINIC, declaration=read, tree=tree, version=""), ())
        if tree is not None and isinstance(read, Declaration)
        else (None, read)
    )
    entries = () if filed is None else (filed.entry,)
    unread = frozenset() if filed else frozenset({CLINIC})
    catalogue = replace(project.catalogue, entries=entries, unread=unread)
    meant = check_declaration(filed, catalogue) if filed else ()
    whole = check_whole(catalogue, project.config.languages)
    assert not isinstance(wrong, Declaration)
    return Check(
        text=text,
        tree=tree,
        catalogue=catalogue,
        filed=filed,
        problems=in_file_order((*wrong, *meant, *whole)),
    )


@cache
def _project() -> _Project:
    folder = Path(tempfile.mkdtemp(prefix="jixiao-fuzz-project-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root = small_project(folder / "project")
    config = read_config(root)
    sources, unreadable = load(root)
    catalogue, misshapen = build_catalogue(sources, ())
    assert isinstance(config, SiteConfig)
    assert not unreadable
    assert not misshapen
    return _Project(catalogue=catalogue, config=config)


def _assert_read_alike(ours: Node, theirs: yaml.Node | None) -> None:
    """Hold the tree against the parser in Python, which shares nothing with libyaml but the standard."""
    match ours, theirs:
        case Scalar(), yaml.ScalarNode():
            is_plain = theirs.style is None
            typed = theirs.value.rstrip("\n") if theirs.style in {"|", ">"} else theirs.value
            assert ours.text == (None if is_plain and typed in _NOTHING else typed), ours.place
        case Sequence(), yaml.SequenceNode():
            for entry, its in zip(ours.entries, theirs.value, strict=True):
                _assert_read_alike(entry, its)
        case Mapping(), yaml.MappingNode():
            for (key, value), (its_key, its) in zip(ours.pairs, theirs.value, strict=True):
                _assert_read_alike(key, its_key)
                _assert_read_alike(value, its)
        case _:
            raise AssertionError(ours.place)


def _assert_nothing_lost(filed: Filed) -> None:
    """Every value of the file is in the declaration, as it was typed."""
    kept = filed.declaration.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert _as_typed(kept) == _as_typed(plain(filed.tree))


def _as_typed(value: object) -> object:
    match value:
        case dict():
            return {name: _as_typed(part) for name, part in value.items()}
        case list() | tuple():
            return [_as_typed(part) for part in value]
        case None | "":
            return ""
        case _:
            return str(value)


def _assert_printed(filed: Filed, catalogue: Catalogue) -> None:
    """What a check lets pass can be printed, every figure as it was filed."""
    declaration = filed.declaration
    for language in LANGUAGES:
        press = Press.for_language(language, catalogue, _project().config)
        page = press.print(declaration_sheet(filed, None, press)).body
        for _, _, money in declaration.funding.sums():
            assert f'<span class="amount">{figure.grouped(money.filed)}</span>' in page, money
        for day in (declaration.period.start, declaration.period.end):
            assert f"<td>{day.isoformat()}</td>" in page, day
        for row in declaration.rows():
            assert f'<tr id="i-{row.indicator.id}"' in page, row
            if row.indicator.target is not None:
                assert press.voice.translated(row.indicator.target.filed).html() in page, row
