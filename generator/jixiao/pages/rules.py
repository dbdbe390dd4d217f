"""The page about the rules: what each asks, why, what passes and what fails."""

from collections.abc import Iterable

from jixiao.analysis import urls
from jixiao.model.rule import Criterion, Rule, Rules
from jixiao.pages.page import Kind
from jixiao.pages.page_renderer import Press, Sheet
from jixiao.problems import Severity
from jixiao.text import Text

_SECTIONS = (Severity.ERROR, Severity.WARNING, Severity.ADVICE, None)
"""In the order of the page: errors, warnings, advice, and what is off on this site."""


def rules_page(rules: Rules, press: Press) -> Sheet:
    """Lay out the page about *rules*, and in a list the checks of the shape."""
    voice = press.voice

    def shown(rule: Rule) -> dict[str, object]:
        return {
            "id": Text(rule.id),
            "says": voice.quoting(rule.about.says),
            "why": voice.quoting(rule.about.why),
            "source": rule.about.source and voice.quoting(rule.about.source),
            "examples": [(example.passes, Text(example.yaml)) for example in rule.examples],
        }

    sections = []
    for severity in _SECTIONS:
        of_severity = [rule for rule in rules.of_meaning if rule.severity is severity]
        groups = [
            (criterion and (criterion.name.lower(), str(criterion)), [shown(rule) for rule in group])
            for criterion, group in _by_criterion(of_severity)
        ]
        sections.append(("off" if severity is None else str(severity), len(of_severity), groups))
    return Sheet(
        kind=Kind.RULES,
        address=urls.RULES,
        title=voice.plainly("检查规则"),
        description=voice.plainly("发布之前按哪些规则检查申报表，各是为什么"),
        template="rules",
        values={
            "sections": [section for section in sections if section[1]],
            "others": [
                (Text(name), voice.quoting(saying)) for name, saying in sorted(rules.of_shape.items())
            ],
        },
        trail=(press.home(),),
    )


def _by_criterion(rules: Iterable[Rule]) -> list[tuple[Criterion | None, list[Rule]]]:
    """Group *rules* by the criterion that they serve: first those of none, then in the order of a review."""
    known = tuple(rules)
    groups = [
        (criterion, [rule for rule in known if rule.about.criterion is criterion])
        for criterion in (None, *Criterion)
    ]
    return [group for group in groups if group[1]]
