"""The rules of what declarations say. A rule is a module of this folder; none needs to be registered."""

import re
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType
from typing import Final

from jixiao.config import RuleSetting
from jixiao.model.rule import Rule, RuleExample
from jixiao.problems import Severity

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
