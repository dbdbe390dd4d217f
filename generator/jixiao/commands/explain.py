"""Explain rules: one of them as a page of the manual, or all of them as a list."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import RuleSettings, rules_of_meaning
from jixiao.config import FILE, SiteConfig, read_config
from jixiao.i18n import Dictionary, Message, message
from jixiao.model.rule import Rule
from jixiao.problems import SEVERITIES, one_line

OFF = "关闭"
"""Chinese word; other languages through the interface words."""


class NoSuchRule(ValueError):  # noqa: N818 - named for what it says
    """There is no rule of this name."""

    def __init__(self, name: str) -> None:
        """Say which names are near."""
        super().__init__(name)
        near = tuple(get_close_matches(name, [*_names(), *EXPLANATIONS], n=3, cutoff=0.6))
        self.saying: Message = (
            message("没有“{name}”这条规则；是不是 {near}？", name=name, near=near)
            if near
            else message("没有“{name}”这条规则；不写名称就列出全部规则", name=name)
        )


def settings_in(project: Path) -> RuleSettings:
    """Give the severities that *project* has chosen; none where its settings are missing or unsound."""
    if not (project / FILE).exists():
        return {}
    config = read_config(project)
    return config.rules if isinstance(config, SiteConfig) else {}


def list_of_rules(settings: RuleSettings, words: Dictionary) -> Iterator[str]:
    """List all rules, each with its severity; then the checks of the shape."""
    for rule in rules_of_meaning(settings):
        criterion = f" · {words.say(rule.about.criterion)}" if rule.about.criterion else ""
        yield f"{rule.id} [{severity_said(rule, words)}{criterion}]"
        yield f"    {rule.about.says.say(words)}"
    yield ""
    yield words.say("以下各项查的是文件、写法和登记，都在说明里写着怎样改：")
    for name, explanation in sorted(EXPLANATIONS.items()):
        yield f"{name}: {explanation.say(words)}"


def explain(name: str, settings: RuleSettings, words: Dictionary) -> Iterator[str]:
    """Explain the rule *name*.

    Raises:
        NoSuchRule: There is none.
    """
    if name in EXPLANATIONS:
        return iter((f"{name}: {EXPLANATIONS[name].say(words)}",))
    rule = next((rule for rule in rules_of_meaning(settings) if rule.id == name), None)
    if rule is None:
        raise NoSuchRule(one_line(name))
    return _page(rule, words)


def severity_said(rule: Rule, words: Dictionary) -> str:
    """Say the severity of *rule* as it is set."""
    return words.say(OFF if rule.severity is None else SEVERITIES[rule.severity])


def _page(rule: Rule, words: Dictionary) -> Iterator[str]:
    about = rule.about
    yield f"{rule.id} [{severity_said(rule, words)}]"
    yield about.says.say(words)
    yield ""
    yield message("为什么：{why}", why=about.why).say(words)
    if about.criterion:
        yield message("审核内容：{criterion}", criterion=message(str(about.criterion))).say(words)
    if about.source:
        yield message("依据：{source}", source=about.source).say(words)
    for example in rule.examples:
        yield ""
        yield words.say("通过的例子：" if example.passes else "不通过的例子：")
        yield ""
        yield from (f"    {line}" for line in example.yaml.splitlines())
    yield ""
    if not rule.can_be_waived:
        yield words.say("这是错误，不能豁免，也不能调整。")
        return
    yield words.say("可以不改的，在文件末尾写明理由；例如上面不通过的例子：")
    yield ""
    yield "    waivers:"
    reason = words.say("写明理由")
    yield f'      - {{rule: {rule.id}, field: {about.field}, reason: "{reason}"}}'
    yield ""
    yield message(
        "整个网站要调整轻重的，在 site_config.yml 里设置（{settings}）：", settings=rule.settings
    ).say(words)
    yield ""
    yield "    rules:"
    yield f"      {rule.id}: {rule.settings[-1]}"


def _names() -> list[str]:
    return [rule.id for rule in rules_of_meaning({})]
