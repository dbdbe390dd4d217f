"""Check what sound content says: every rule on a declaration, and the rules across files."""

from collections.abc import Iterable, Iterator

from generator.check.addresses import check_addresses
from generator.check.finding import Finding
from generator.check.handwritten import check_handwritten
from generator.check.organisations import check_organisations
from generator.check.rules import RULES
from generator.check.shared_files import check_shared_files
from generator.check.translations import check_languages, check_translated_figures
from generator.model.catalogue import Catalogue, Filed
from generator.model.declaration import Waiver
from generator.problems import Problem, Severity
from generator.words import message


def check_whole(catalogue: Catalogue, languages: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems across files: of the registers, the pages, the translations and all together.

    Args:
        catalogue: The sound content, with an entry of each declaration.
        languages: The languages of the site, which hand-written pages may be in.
    """
    yield from check_organisations(catalogue)
    yield from check_addresses(catalogue)
    yield from check_handwritten(catalogue, tuple(languages))
    yield from check_languages(catalogue)
    yield from check_shared_files(catalogue)


def check_declaration(filed: Filed, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what the rules find in one declaration and none of its waivers lets stand."""
    waivers = {(waiver.rule, waiver.field) for waiver in filed.declaration.waivers}
    used: set[tuple[str, str]] = set()
    for rule in RULES:
        for finding in rule.check(filed, catalogue):
            found = (rule.ID, filed.declaration.field_at(finding.path))
            if rule.SEVERITY is Severity.WARNING and found in waivers:
                used.add(found)
            else:
                yield finding.at(rule.ID, filed, rule.SEVERITY)
    for position, waiver in enumerate(filed.declaration.waivers):
        if (waiver.rule, waiver.field) not in used:
            yield _unused(waiver, position).at("waiver-unused", filed, Severity.WARNING)
    yield from check_translated_figures(filed, catalogue)


def _unused(waiver: Waiver, position: int) -> Finding:
    """Say why a waiver lets nothing stand: its rule cannot be waived, or finds nothing in that field."""
    waivable = tuple(rule.ID for rule in RULES if rule.SEVERITY is Severity.WARNING)
    if waiver.rule not in waivable:
        return Finding(
            path=("waivers", position, "rule"),
            message=message("规则“{rule}”不能豁免", rule=waiver.rule),
            hint=message("请删除这项豁免，并改正文件；可以豁免的只有：{known}", known=waivable),
        )
    return Finding(
        path=("waivers", position, "field"),
        message=message(
            "这项豁免没有用：规则“{rule}”在“{field}”里没有提醒", rule=waiver.rule, field=waiver.field
        ),
        hint=message("栏目照提醒里的写法填写；文字已经改好的，请删除这项豁免"),
    )
