"""Explanation of rules: one of them as a page of the manual, or all of them as a list."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import RuleSettings, describe_rules
from jixiao.config import CONFIG_FILE, SiteConfig, read_config
from jixiao.i18n import Message, TranslationCatalogue, message
from jixiao.model.rule import Rule
from jixiao.problems import SEVERITY_NAMES, UserError, escape_for_terminal

SEVERITY_OFF = "关闭"
"""Chinese name of the setting; the interface catalogues translate it."""


def read_rule_settings(root: Path) -> RuleSettings:
    """Return the configured rule severities; empty if the settings are missing or invalid."""
    if not (root / CONFIG_FILE).exists():
        return {}
    config = read_config(root)
    return config.rules if isinstance(config, SiteConfig) else {}


def list_rules(settings: RuleSettings, catalogue: TranslationCatalogue) -> Iterator[str]:
    """List all rules with their severities, then the schema checks."""
    for rule in describe_rules(settings):
        criterion = (
            f" · {catalogue.translate(rule.explanation.criterion)}" if rule.explanation.criterion else ""
        )
        yield f"{rule.id} [{describe_severity(rule, catalogue)}{criterion}]"
        yield f"    {rule.explanation.requirement.translate(catalogue)}"
    yield ""
    yield catalogue.translate("以下各项查的是文件、写法和登记，都在说明里写着怎样改：")
    for name, explanation in sorted(EXPLANATIONS.items()):
        yield f"{name}: {explanation.translate(catalogue)}"


def explain_rule(name: str, settings: RuleSettings, catalogue: TranslationCatalogue) -> Iterator[str]:
    """Return the explanation of one rule, line by line.

    Raises:
        UserError: No rule is called *name*.
    """
    if name in EXPLANATIONS:
        return iter((f"{name}: {EXPLANATIONS[name].translate(catalogue)}",))
    rule = next((rule for rule in describe_rules(settings) if rule.id == name), None)
    if rule is None:
        raise UserError(_describe_unknown_rule(escape_for_terminal(name)))
    return _format_rule(rule, catalogue)


def _describe_unknown_rule(name: str) -> Message:
    near = tuple(
        get_close_matches(
            name,
            [*(rule.id for rule in describe_rules({})), *EXPLANATIONS],
            n=3,
            cutoff=0.6,
        )
    )
    if near:
        return message("没有“{name}”这条规则；是不是 {near}？", name=name, near=near)
    return message("没有“{name}”这条规则；不写名称就列出全部规则", name=name)


def describe_severity(rule: Rule, catalogue: TranslationCatalogue) -> str:
    """Return the configured severity of *rule* as text."""
    return catalogue.translate(SEVERITY_OFF if rule.severity is None else SEVERITY_NAMES[rule.severity])


def _format_rule(rule: Rule, catalogue: TranslationCatalogue) -> Iterator[str]:
    explanation = rule.explanation
    yield f"{rule.id} [{describe_severity(rule, catalogue)}]"
    yield explanation.requirement.translate(catalogue)
    yield ""
    yield message("为什么：{why}", why=explanation.why).translate(catalogue)
    if explanation.criterion:
        criterion = message(str(explanation.criterion))
        yield message("审核内容：{criterion}", criterion=criterion).translate(catalogue)
    if explanation.source:
        yield message("依据：{source}", source=explanation.source).translate(catalogue)
    for example in rule.examples:
        yield ""
        yield catalogue.translate("通过的例子：" if example.passes else "不通过的例子：")
        yield ""
        yield from (f"    {line}" for line in example.yaml.splitlines())
    yield ""
    if not rule.is_waivable:
        yield catalogue.translate("这是错误，不能豁免，也不能调整。")
        return
    yield catalogue.translate("可以不改的，在文件末尾写明理由；例如上面不通过的例子：")
    yield ""
    yield "    waivers:"
    reason = catalogue.translate("写明理由")
    yield f'      - {{rule: {rule.id}, field: {explanation.field}, reason: "{reason}"}}'
    yield ""
    yield message(
        "整个网站要调整轻重的，在 site_config.yml 里设置（{settings}）：", settings=rule.settings
    ).translate(catalogue)
    yield ""
    yield "    rules:"
    yield f"      {rule.id}: {rule.settings[-1]}"
