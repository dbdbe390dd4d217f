"""Check what sound content says: every rule on a declaration, and the rules across files."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.addresses import check_addresses
from jixiao.check.continuing import check_continuing
from jixiao.check.cross_file_checks import check_organisations
from jixiao.check.handwritten_pages import check_handwritten
from jixiao.check.rule_finding import Finding
from jixiao.check.rules import RULES, RULES_OF_ALL, RuleSettings, severity_of
from jixiao.check.shared_files import check_shared_files
from jixiao.check.translations import check_languages, check_translated_figures
from jixiao.i18n import message
from jixiao.model.declaration import Waiver
from jixiao.model.long_text import long_texts
from jixiao.problems import Problem, Severity

AS_THEY_ARE: Final[RuleSettings] = MappingProxyType({})
"""Every rule has its own severity."""
_BY_ID = {rule.ID: rule for rule in (*RULES, *RULES_OF_ALL)}
_WAIVABLE = tuple(name for name, rule in _BY_ID.items() if rule.SEVERITY is not Severity.ERROR)
_OF_ALL = frozenset(rule.ID for rule in RULES_OF_ALL)


def check_whole(
    catalogue: Catalogue, languages: Iterable[str], settings: RuleSettings = AS_THEY_ARE
) -> Iterator[Problem]:
    """Yield the problems across files: of the registers, the pages, the translations and all together.

    Args:
        catalogue: The sound content, with an entry of each declaration.
        languages: The languages of the site, which hand-written pages may be in.
        settings: The severities that the site has chosen.
    """
    yield from check_organisations(catalogue)
    yield from check_addresses(catalogue)
    yield from check_continuing(catalogue)
    yield from check_handwritten(catalogue, tuple(languages))
    yield from check_languages(catalogue)
    yield from _as_set(check_shared_files(catalogue), settings)
    for rule in RULES_OF_ALL:
        if severity_of(rule, settings) is not None:
            yield from _as_set(rule.check_all(catalogue.entries), settings)


def _as_set(problems: Iterable[Problem], settings: RuleSettings) -> Iterator[Problem]:
    """Give *problems* the severities that the site has chosen."""
    for problem in problems:
        if problem.rule not in settings:
            yield problem
        elif (severity := severity_of(_BY_ID[problem.rule], settings)) is not None:
            yield replace(problem, severity=severity)


def check_declaration(
    filed: Filed, catalogue: Catalogue, settings: RuleSettings = AS_THEY_ARE
) -> Iterator[Problem]:
    """Yield what the rules find in one declaration and none of its waivers lets stand."""
    waivers = {(waiver.rule, waiver.field) for waiver in filed.declaration.waivers}
    used: set[tuple[str, str]] = set()
    for rule in RULES:
        severity = severity_of(rule, settings)
        if severity is None:
            continue
        for finding in rule.check(filed, catalogue):
            found = (rule.ID, filed.declaration.field_at(finding.path)) if waivers else None
            if found in waivers and rule.SEVERITY is not Severity.ERROR:
                used.add(found)
            else:
                yield finding.at(rule.ID, filed, severity)
    for position, waiver in enumerate(filed.declaration.waivers):
        if (waiver.rule, waiver.field) not in used and not _may_be_used(waiver, filed, settings):
            yield _unused(waiver, position).at("waiver-unused", filed, Severity.WARNING)
    yield from check_translated_figures(filed, catalogue)


def _may_be_used(waiver: Waiver, filed: Filed, settings: RuleSettings) -> bool:
    """Tell whether a waiver is of use elsewhere: its rule is off here, or looks at all declarations."""
    rule = _BY_ID.get(waiver.rule)
    if rule is None or rule.SEVERITY is Severity.ERROR:
        return False
    if severity_of(rule, settings) is None:
        return True
    declaration = filed.declaration
    is_compared = any(declaration.field_at(path) == waiver.field for path, _ in long_texts(declaration))
    return waiver.rule in _OF_ALL and is_compared


def _unused(waiver: Waiver, position: int) -> Finding:
    """Say why a waiver lets nothing stand: its rule cannot be waived, or finds nothing in that field."""
    if waiver.rule not in _WAIVABLE:
        return Finding(
            path=("waivers", position, "rule"),
            message=message("规则“{rule}”不能豁免", rule=waiver.rule),
            hint=message("请删除这项豁免，并改正文件；可以豁免的只有：{known}", known=_WAIVABLE),
        )
    return Finding(
        path=("waivers", position, "field"),
        message=message(
            "这项豁免没有用：规则“{rule}”在“{field}”里没有提醒", rule=waiver.rule, field=waiver.field
        ),
        hint=message("栏目照提醒里的写法填写；文字已经改好的，请删除这项豁免"),
    )
