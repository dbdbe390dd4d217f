"""Rules about the meaning of declarations, and their settings on a site.

A rule is a module of this folder; none needs to be registered.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType
from typing import Final

from jixiao.check.explanations import EXPLANATIONS
from jixiao.config import CONFIG_FILE, RuleSetting
from jixiao.i18n import message
from jixiao.load.source_files import read_text
from jixiao.load.yaml_tree import find_place, read_tree
from jixiao.model.rule import Rule, RuleExample
from jixiao.problems import Place, Problem, Severity

_ORDER = (
    "address_differs_from_file",
    "edition_unknown",
    "nature_not_in_edition",
    "organisation_unknown",
    "period_contradicts",
    "money_unit_unclear",
    "funds_do_not_add_up",
    "annual_funds_exceed_project",
    "funds_contradict_period",
    "two_goals_in_one_cell",
    "goal_date_without_indicator",
    "class_not_in_edition",
    "class_missing",
    "id_repeated",
    "indicator_repeated",
    "comparison_without_number",
    "unit_differs_from_name",
    "percentage_over_100",
    "number_lost",
    "target_without_criterion",
    "target_repeats_name",
    "count_or_rate_in_words",
    "timeliness_without_date",
    "satisfaction_not_measured",
    "markup_residue",
    "mark_incomplete",
    "contradiction_not_there",
    "form_unknown",
    "form_not_searched",
    "identity_number_in_text",
    "personal_data_in_text",
)
"""Order of the rules on their page, that of the form; a rule that is not listed comes last."""
_UNLISTED = sorted({module.name for module in iter_modules(__path__)} - set(_ORDER))
_MODULES = tuple(import_module(f"{__name__}.{name}") for name in (*_ORDER, *_UNLISTED))
RULES: Final = tuple(rule for rule in _MODULES if hasattr(rule, "check"))
"""Modules with `ID`, `SEVERITY`, `ABOUT` and `check(parsed, content)`; the docstring has examples."""
CROSS_DECLARATION_RULES: Final = tuple(rule for rule in _MODULES if hasattr(rule, "check_all"))
"""Modules with `check_all(summaries)` instead of `check`, which compare all declarations."""
RuleSettings = Mapping[str, RuleSetting]
"""Severities that the site has chosen, by rule."""
_SEVERITIES = {
    RuleSetting.ERROR: Severity.ERROR,
    RuleSetting.WARNING: Severity.WARNING,
    RuleSetting.ADVICE: Severity.ADVICE,
}
_SAFEGUARD_SETTINGS = (RuleSetting.ERROR, RuleSetting.WARNING)
_EXAMPLE = re.compile(r"^(?P<kind>Passes|Fails).*?:\n\n(?P<yaml>(?:    .*\n|\n)+)", re.MULTILINE)


def find_severity(rule: ModuleType, settings: RuleSettings) -> Severity | None:
    """Return the severity of *rule* after the settings of the site; `None` if it is off."""
    setting = settings.get(rule.ID)
    severity: Severity = rule.SEVERITY
    if setting is None or setting not in _allowed_settings(rule):
        return severity
    return _SEVERITIES.get(setting)


def _allowed_settings(rule: ModuleType) -> tuple[RuleSetting, ...]:
    """Return the settings that a site may choose for *rule*."""
    if rule.SEVERITY is Severity.ERROR:
        return ()
    return _SAFEGUARD_SETTINGS if rule.ABOUT.is_safeguard else tuple(RuleSetting)


def describe_rules(settings: RuleSettings) -> tuple[Rule, ...]:
    """Return the descriptions of all rules, in the order of the form."""
    return tuple(
        Rule(
            id=rule.ID,
            default_severity=rule.SEVERITY,
            severity=find_severity(rule, settings),
            explanation=rule.ABOUT,
            settings=tuple(_allowed_settings(rule)),
            examples=tuple(
                RuleExample(passes=found["kind"] == "Passes", yaml=dedent(found["yaml"]).strip("\n"))
                for found in _EXAMPLE.finditer(f"{rule.__doc__}\n")
            ),
        )
        for rule in (*RULES, *CROSS_DECLARATION_RULES)
    )


def check_rule_settings(settings: RuleSettings, root: Path) -> Iterator[Problem]:
    """Yield a problem for each setting of an unknown rule, and for each that is not allowed.

    Args:
        settings: Settings as read.
        root: Folder of the site; its settings file is read again to locate a problem.
    """
    rules = {rule.id: rule for rule in describe_rules({})}
    known = tuple(name for name, rule in rules.items() if rule.settings)
    for name, setting in settings.items():
        rule = rules.get(name)
        if rule is not None and setting in rule.settings:
            continue
        if rule is not None and rule.settings:
            problem_message = message(
                "规则“{name}”保护个人信息，不能放宽为 {setting}", name=name, setting=setting
            )
            hint = message(
                "请删除这一行，或写：{allowed}；可以公开的，逐处在申报表文件里豁免", allowed=rule.settings
            )
        elif rule is not None:
            problem_message = message("规则“{name}”是错误，不能改为提醒或建议，也不能关闭", name=name)
            hint = message("请删除这一行；可以设置的规则：{known}", known=known)
        elif name in EXPLANATIONS:
            problem_message = message("“{name}”查的是文件和写法，不能设置", name=name)
            hint = message("请删除这一行；可以设置的规则：{known}", known=known)
        else:
            problem_message = message("没有“{name}”这条规则", name=name)
            near = get_close_matches(name, known, n=1)
            hint = (
                message("是不是“{near}”？", near=near[0])
                if near
                else message("可以设置的规则：{known}", known=known)
            )
        yield Problem(
            rule="rule-setting",
            place=find_setting_place(root, "rules", name),
            message=problem_message,
            hint=hint,
        )


def find_setting_place(root: Path, *path: str) -> Place:
    """Return the place of a setting, by its path from the root of the settings file."""
    source = read_text(root / CONFIG_FILE, CONFIG_FILE)
    tree = source if isinstance(source, Problem) else read_tree(source)
    return Place(CONFIG_FILE) if isinstance(tree, (Problem, tuple)) else find_place(tree, path, of_key=True)
