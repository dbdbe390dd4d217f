"""Semantic checks: every rule on one declaration, and the checks across files.

Bytes of a declaration, or the site content as a whole, come in; problems come out. Waivers and the severities
that the site has chosen are applied here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from jixiao.analysis.duplicates import find_long_texts
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent, source_version
from jixiao.check.cross_file_checks import (
    check_addresses,
    check_continuations,
    check_organisations,
    check_translated_figures,
    check_translation_languages,
)
from jixiao.check.handwritten_pages import check_handwritten_pages
from jixiao.check.rule_finding import RuleFinding
from jixiao.check.rules import CROSS_DECLARATION_RULES, RULES, RuleSettings, find_severity
from jixiao.check.shared_files import check_shared_files
from jixiao.i18n import message
from jixiao.load.content_files import load_declaration
from jixiao.load.tree_to_model import read_model
from jixiao.model.declaration import Declaration
from jixiao.problems import Problem, Severity

DEFAULT_RULE_SETTINGS: Final[RuleSettings] = MappingProxyType({})
"""Settings under which every rule keeps its own severity."""
_RULE_BY_ID = {rule.ID: rule for rule in (*RULES, *CROSS_DECLARATION_RULES)}
_WAIVABLE_RULES = tuple(name for name, rule in _RULE_BY_ID.items() if rule.SEVERITY is not Severity.ERROR)
_CROSS_DECLARATION_RULE_IDS = frozenset(rule.ID for rule in CROSS_DECLARATION_RULES)


def check_across_files(
    content: SiteContent, languages: Iterable[str], settings: RuleSettings = DEFAULT_RULE_SETTINGS
) -> Iterator[Problem]:
    """Yield the problems across files: of registers, pages, translations and all declarations together.

    Args:
        content: Sound content with the summaries of all declarations.
        languages: Languages of the site, in which hand-written pages may be.
        settings: Severities that the site has chosen.
    """
    yield from check_organisations(content)
    yield from check_addresses(content)
    yield from check_continuations(content)
    yield from check_handwritten_pages(content, tuple(languages))
    yield from check_translation_languages(content)
    yield from _apply_severities(check_shared_files(content), settings)
    for rule in CROSS_DECLARATION_RULES:
        if find_severity(rule, settings) is not None:
            yield from _apply_severities(rule.check_all(content.summaries), settings)


def _apply_severities(problems: Iterable[Problem], settings: RuleSettings) -> Iterator[Problem]:
    """Replace the severities of *problems* by those that the site has chosen."""
    for problem in problems:
        if problem.rule not in settings:
            yield problem
        elif (severity := find_severity(_RULE_BY_ID[problem.rule], settings)) is not None:
            yield replace(problem, severity=severity)


def apply_rules(
    parsed: ParsedDeclaration, content: SiteContent, settings: RuleSettings = DEFAULT_RULE_SETTINGS
) -> Iterator[Problem]:
    """Yield the findings of all rules in one declaration, except those that it waives."""
    waivers = {(waiver.rule, waiver.field) for waiver in parsed.declaration.waivers}
    used: set[tuple[str, str]] = set()
    for rule in RULES:
        severity = find_severity(rule, settings)
        if severity is None:
            continue
        for finding in rule.check(parsed, content):
            waived = (rule.ID, parsed.declaration.name_field(finding.path)) if waivers else None
            if waived in waivers and rule.SEVERITY is not Severity.ERROR:
                used.add(waived)
            else:
                yield finding.to_problem(rule.ID, parsed, severity)
    for finding in _find_unused_waivers(parsed, used, settings):
        yield finding.to_problem("waiver-unused", parsed, Severity.WARNING)
    yield from check_translated_figures(parsed, content)


def _find_unused_waivers(
    parsed: ParsedDeclaration, used: set[tuple[str, str]], settings: RuleSettings
) -> Iterator[RuleFinding]:
    """Yield a finding for each waiver whose rule cannot be waived or finds nothing in that field."""
    declaration = parsed.declaration
    for position, waiver in enumerate(declaration.waivers):
        if (waiver.rule, waiver.field) in used:
            continue
        if waiver.rule not in _WAIVABLE_RULES:
            yield RuleFinding(
                path=("waivers", position, "rule"),
                message=message("规则“{rule}”不能豁免", rule=waiver.rule),
                hint=message("请删除这项豁免，并改正文件；可以豁免的只有：{known}", known=_WAIVABLE_RULES),
            )
            continue
        # A rule that compares all declarations reports on its own whether the waivers of long texts are used.
        is_checked_later = waiver.rule in _CROSS_DECLARATION_RULE_IDS and any(
            declaration.name_field(path) == waiver.field for path, _ in find_long_texts(declaration)
        )
        if not is_checked_later and find_severity(_RULE_BY_ID[waiver.rule], settings) is not None:
            yield RuleFinding(
                path=("waivers", position, "field"),
                message=message(
                    "这项豁免没有用：规则“{rule}”在“{field}”里没有提醒", rule=waiver.rule, field=waiver.field
                ),
                hint=message("栏目照提醒里的写法填写；文字已经改好的，请删除这项豁免"),
            )


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """Result of checking one declaration."""

    parsed: ParsedDeclaration | None
    """`None` when the file cannot be read as a declaration."""
    problems: tuple[Problem, ...]


def check_declaration(
    identity: str,
    file: str,
    source_bytes: bytes,
    content: SiteContent,
    settings: RuleSettings = DEFAULT_RULE_SETTINGS,
) -> CheckResult:
    """Read a declaration and check it by every rule.

    Args:
        identity: Year, department and project.
        file: Path relative to the root, for the places of problems.
        source_bytes: Bytes of the file.
        content: Site content; its summaries are not needed.
        settings: Severities that the site has chosen.
    """
    parsed = parse_declaration(identity, file, source_bytes)
    if not isinstance(parsed, ParsedDeclaration):
        return CheckResult(parsed=None, problems=parsed)
    return CheckResult(parsed=parsed, problems=tuple(apply_rules(parsed, content, settings)))


def parse_declaration(
    identity: str, file: str, source_bytes: bytes
) -> ParsedDeclaration | tuple[Problem, ...]:
    """Parse *source_bytes* as a declaration, or return the problems of its YAML or schema."""
    tree = load_declaration(source_bytes, file)
    if isinstance(tree, tuple):
        return tree
    declaration = read_model(Declaration, tree)
    if not isinstance(declaration, Declaration):
        return declaration
    return ParsedDeclaration(
        id=identity, file=file, declaration=declaration, tree=tree, version=source_version(source_bytes)
    )
