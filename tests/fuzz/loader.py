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

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.read_site_content import build_site_content
from jixiao.check.semantic_checks import apply_rules, check_across_files
from jixiao.config import SiteConfig, read_config
from jixiao.load.content_files import load_content
from jixiao.load.source_files import decode_source
from jixiao.load.tree_to_model import read_model
from jixiao.load.yaml_tree import ListNode, MappingNode, Node, ScalarNode, read_tree, strip_places
from jixiao.model.declaration import Declaration
from jixiao.pages.declaration_page import build_declaration_page
from jixiao.pages.page_renderer import PageRenderer
from jixiao.problems import Problem, has_error, sort_by_place
from jixiao.verify.source_numbers import group_digits
from tests.fuzz.clarity import LANGUAGES, assert_clear
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

IDENTITY = "2021/health/clinic"
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a check says about one file."""

    text: str | None
    """The text of the file where it is text."""
    tree: Node | None
    catalogue: SiteContent
    filed: ParsedDeclaration | None
    """`None` when the file cannot be read as a declaration."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class _Project:
    catalogue: SiteContent
    """Everything but declarations."""
    config: SiteConfig


def examine(content: bytes) -> None:
    """Check *content* as a declaration: it is either refused clearly or kept whole."""
    checked = check(content)
    shown = content.removeprefix(BOM_UTF8).decode("utf-8", "replace").replace("\r\n", "\n")
    for problem in checked.problems:
        assert problem.place.file == CLINIC_PATH, problem
        assert_clear(problem, shown)
    if checked.tree is not None:
        assert checked.text is not None
        # The parser in Python refuses more, such as a tab in a value; what both read they must read alike.
        with suppress(yaml.YAMLError):
            _assert_read_alike(checked.tree, yaml.compose(checked.text, Loader=yaml.BaseLoader))
    if checked.filed is None:
        assert has_error(checked.problems), "neither a declaration nor an error"
        return
    _assert_nothing_lost(checked.filed)
    if not has_error(checked.problems):
        _assert_printed(checked.filed, checked.catalogue)


def check(content: bytes) -> Check:
    """Do what `jixiao check` does with this file, the rest of the project being sound."""
    source = decode_source(content, CLINIC_PATH)
    if isinstance(source, Problem):
        return _checked(None, None, (source,))
    tree = read_tree(source)
    return _checked(source.text, *((None, tree) if isinstance(tree, tuple) else (tree, ())))


def _checked(text: str | None, tree: Node | None, unreadable: tuple[Problem, ...]) -> Check:
    project = _project()
    read = unreadable if tree is None else read_model(Declaration, tree)
    filed, wrong = (
        (ParsedDeclaration(id=IDENTITY, file=CLINIC_PATH, declaration=read, tree=tree, version=""), ())
        if tree is not None and isinstance(read, Declaration)
        else (None, read)
    )
    entries = () if filed is None else (filed.summary,)
    unread = frozenset() if filed else frozenset({CLINIC_PATH})
    catalogue = replace(project.catalogue, summaries=entries, unread_paths=unread)
    meant = apply_rules(filed, catalogue) if filed else ()
    whole = check_across_files(catalogue, project.config.languages)
    assert not isinstance(wrong, Declaration)
    return Check(
        text=text,
        tree=tree,
        catalogue=catalogue,
        filed=filed,
        problems=sort_by_place((*wrong, *meant, *whole)),
    )


@cache
def _project() -> _Project:
    folder = Path(tempfile.mkdtemp(prefix="jixiao-fuzz-project-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root = copy_small_project(folder / "project")
    config = read_config(root)
    sources, unreadable = load_content(root)
    catalogue, misshapen = build_site_content(sources, ())
    assert isinstance(config, SiteConfig)
    assert not unreadable
    assert not misshapen
    return _Project(catalogue=catalogue, config=config)


def _assert_read_alike(ours: Node, theirs: yaml.Node | None) -> None:
    """Hold the tree against the parser in Python, which shares nothing with libyaml but the standard."""
    match ours, theirs:
        case ScalarNode(), yaml.ScalarNode():
            is_plain = theirs.style is None
            typed = theirs.value.rstrip("\n") if theirs.style in {"|", ">"} else theirs.value
            assert ours.text == (None if is_plain and typed in _NOTHING else typed), ours.place
        case ListNode(), yaml.SequenceNode():
            for entry, its in zip(ours.entries, theirs.value, strict=True):
                _assert_read_alike(entry, its)
        case MappingNode(), yaml.MappingNode():
            for (key, value), (its_key, its) in zip(ours.pairs, theirs.value, strict=True):
                _assert_read_alike(key, its_key)
                _assert_read_alike(value, its)
        case _:
            raise AssertionError(ours.place)


def _assert_nothing_lost(filed: ParsedDeclaration) -> None:
    """Every value of the file is in the declaration, as it was typed."""
    kept = filed.declaration.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert _as_typed(kept) == _as_typed(strip_places(filed.tree))


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


def _assert_printed(filed: ParsedDeclaration, catalogue: SiteContent) -> None:
    """What a check lets pass can be printed, every figure as it was filed."""
    declaration = filed.declaration
    for language in LANGUAGES:
        press = PageRenderer.for_language(language, catalogue, _project().config)
        page = press.render(build_declaration_page(filed, None, press)).body
        for _, _, money in declaration.funding.sums():
            assert f'<span class="amount">{group_digits(money.filed)}</span>' in page, money
        for day in (declaration.period.start, declaration.period.end):
            assert f"<td>{day.isoformat()}</td>" in page, day
        for row in declaration.rows():
            assert f'<tr id="i-{row.indicator.id}"' in page, row
            if row.indicator.target is not None:
                assert press.localizer.translate_source_text(row.indicator.target.filed).html() in page, row
