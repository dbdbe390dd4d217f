"""The page about the rules: what each asks, why, what passes and what fails."""

from generator.model import addresses
from generator.model.rule import Rules
from generator.pages.page import Kind
from generator.pages.press import Press, Sheet
from generator.problems import Severity
from generator.text import Text
from generator.words import Message

_SECTIONS = (Severity.ERROR, Severity.WARNING, Severity.ADVICE, None)
"""In the order of the page: errors, warnings, advice, and what is off on this site."""


def rules_page(rules: Rules, press: Press) -> Sheet:
    """Lay out the page about *rules*, and in a list the checks of the shape."""
    voice = press.voice

    def said(message: Message | None) -> Text | None:
        return None if message is None else Text(message.say(voice.words))

    sections = [
        (
            "off" if severity is None else str(severity),
            [
                {
                    "id": Text(rule.id),
                    "says": said(rule.about.says),
                    "why": said(rule.about.why),
                    "source": said(rule.about.source),
                    "criterion": rule.about.criterion and str(rule.about.criterion),
                    "examples": [(example.passes, Text(example.yaml)) for example in rule.examples],
                }
                for rule in rules.of_meaning
                if rule.severity is severity
            ],
        )
        for severity in _SECTIONS
    ]
    return Sheet(
        kind=Kind.RULES,
        address=addresses.RULES,
        title=voice.plainly("检查规则"),
        description=voice.plainly("发布之前按哪些规则检查申报表，各是为什么"),
        template="rules",
        values={
            "sections": [section for section in sections if section[1]],
            "others": [(Text(name), said(saying)) for name, saying in sorted(rules.of_shape.items())],
        },
        trail=(press.home(),),
    )
