"""Check the settings of rules: each names a rule, and none loosens an error or what protects persons."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import RuleSettings, rules_of_meaning
from jixiao.config import FILE
from jixiao.i18n import Message, message
from jixiao.load.source_files import read_text
from jixiao.load.yaml_tree import place_of, read_tree
from jixiao.problems import Place, Problem


def check_settings(settings: RuleSettings, project: Path) -> Iterator[Problem]:
    """Yield a problem for each setting of a rule that there is not, or that cannot be set.

    Args:
        settings: As they were read.
        project: The folder of the project, whose settings are read once more to name a place.
    """
    rules = {rule.id: rule for rule in rules_of_meaning({})}
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
            hint = _near(name, known)
        yield Problem(
            rule="rule-setting", place=place_of_setting(project, "rules", name), message=saying, hint=hint
        )


def _near(name: str, known: tuple[str, ...]) -> Message:
    near = get_close_matches(name, known, n=1)
    if near:
        return message("是不是“{near}”？", near=near[0])
    return message("可以设置的规则：{known}", known=known)


def place_of_setting(project: Path, *path: str) -> Place:
    """Find a setting in the file once more, by the way to it from the root."""
    source = read_text(project / FILE, FILE)
    tree = source if isinstance(source, Problem) else read_tree(source)
    return Place(FILE) if isinstance(tree, (Problem, tuple)) else place_of(tree, path, of_key=True)
