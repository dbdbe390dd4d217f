"""Check of the rule settings in `site_config.yml`: known rules only, and no weaker safeguards."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import RuleSettings, describe_rules
from jixiao.config import CONFIG_FILE
from jixiao.i18n import Message, message
from jixiao.load.source_files import read_text
from jixiao.load.yaml_tree import find_place, read_tree
from jixiao.problems import Place, Problem


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
            saying = message("规则“{name}”保护个人信息，不能放宽为 {setting}", name=name, setting=setting)
            hint = message(
                "请删除这一行，或写：{allowed}；可以公开的，逐处在申报表文件里豁免", allowed=rule.settings
            )
        elif rule is not None:
            saying = message("规则“{name}”是错误，不能改为提醒或建议，也不能关闭", name=name)
            hint = message("请删除这一行；可以设置的规则：{known}", known=known)
        elif name in EXPLANATIONS:
            saying = message("“{name}”查的是文件和写法，不能设置", name=name)
            hint = message("请删除这一行；可以设置的规则：{known}", known=known)
        else:
            saying = message("没有“{name}”这条规则", name=name)
            hint = _suggest_rules(name, known)
        yield Problem(
            rule="rule-setting", place=find_setting_place(root, "rules", name), message=saying, hint=hint
        )


def _suggest_rules(name: str, known: tuple[str, ...]) -> Message:
    near = get_close_matches(name, known, n=1)
    if near:
        return message("是不是“{near}”？", near=near[0])
    return message("可以设置的规则：{known}", known=known)


def find_setting_place(root: Path, *path: str) -> Place:
    """Return the place of a setting, by its path from the root of the settings file."""
    source = read_text(root / CONFIG_FILE, CONFIG_FILE)
    tree = source if isinstance(source, Problem) else read_tree(source)
    return Place(CONFIG_FILE) if isinstance(tree, (Problem, tuple)) else find_place(tree, path, of_key=True)
