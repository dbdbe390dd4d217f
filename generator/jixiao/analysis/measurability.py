"""Measurability of a target value: by its number, its date, its words, or not at all.

The class is read from the wording by a program; it describes the writing and does not judge the project. A
target that the form has damaged and a blank one have classes of their own: neither counts as vague.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Final

from jixiao.analysis import phrasing
from jixiao.model.declaration import Indicator


class Measurability(StrEnum):
    """Ways to check a target value, from the best to the worst; the values are Chinese words."""

    NUMBER = "数字"
    """A quantity: `>=90%`, `=0`."""
    MOMENT = "日期或期限"
    """Words with a date, a deadline or a frequency: `6月底前完成`, `每月一次`."""
    CRITERION = "文字，有标准"
    """Words with an observable criterion: `一次性通过竣工验收`."""
    REFERENCE = "见其他文件"
    """Reference to the requirements of another document: `符合合同要求`."""
    WORDS = "文字，须由人判断"
    """Words in which a program finds neither a criterion nor its absence: `更多企业参与`."""
    PRAISE = "文字，无标准"
    """Words without a criterion: `及时`, `体系完善`."""
    REPETITION = "重复指标名称"
    """Repetition of the name of the indicator."""
    DAMAGED = "原文有缺损"
    """The form has lost its number, or nobody knows whether the words are right."""
    BLANK = "未填报"
    """The cell is empty on the form."""


HARD_TO_CHECK: Final = frozenset(
    {Measurability.PRAISE, Measurability.REPETITION, Measurability.DAMAGED, Measurability.BLANK}
)
"""Classes of targets that nobody can compare with a result at the end of the year."""
MeasurabilityCounts = tuple[int, ...]
"""Number of targets in each class, in the order of `Measurability`."""

_CLASSES: Final = tuple(Measurability)
_MOMENT = re.compile(
    r"[0-9一二三四五六七八九十两]个?(?:年|月|日|天|季度|周|小时|工作日)|[年月季]底|[年月季]末|季度|每[日天周月季年]"
)
_REFERENCE = re.compile(
    r"(?:符合|按照?|依据|根据|达到|满足|执行|参照|依照|对照).{0,16}(?:合同|协议|计划|方案|要求|规定|办法|规范|文件|大纲)"
)
_ACHIEVED = re.compile("通过|满足|符合|达到|达标|合格|完成|已完成|建成|已建成")
"""Words that state success and take their subject from the name."""
_PASSED, _ACCEPTANCE = re.compile("通过"), re.compile("验收")
_OUTCOME = re.compile("验收合格|拨付到位|建成|投入使用|上线|印发|出台|发布|交付|启动")
"""Outcomes that can be observed."""


def classify_target(indicator: Indicator) -> Measurability:
    """Return the class of measurability of the target of *indicator*."""
    target = indicator.target
    if target is None:
        return Measurability.BLANK
    if target.quantity is not None:
        return Measurability.NUMBER
    if not phrasing.is_text_certain(indicator):
        return Measurability.DAMAGED
    return _classify_words(target.filed.plain(), indicator.name.plain())


def _classify_words(typed: str, name: str) -> Measurability:
    words = phrasing.strip_punctuation(typed)
    if phrasing.is_vague(words, name):
        return Measurability.PRAISE
    if phrasing.is_repetition(words, name) and not phrasing.has_measure(words):
        return Measurability.REPETITION
    if _MOMENT.search(words):
        return Measurability.MOMENT
    if _REFERENCE.search(words):
        return Measurability.REFERENCE
    has_criterion = phrasing.has_measure(words) or _ACHIEVED.fullmatch(words) or _has_outcome(words)
    return Measurability.CRITERION if has_criterion else Measurability.WORDS


def _has_outcome(words: str) -> bool:
    passed = _PASSED.search(words)
    is_accepted = passed is not None and _ACCEPTANCE.search(words, passed.end()) is not None
    return is_accepted or _OUTCOME.search(words) is not None


def count_measurability(indicators: Iterable[Indicator]) -> MeasurabilityCounts:
    """Count the targets of *indicators* by class."""
    counts = Counter(map(classify_target, indicators))
    return intern_measurability_counts(tuple(counts[of_class] for of_class in _CLASSES))


@cache
def intern_measurability_counts(counts: MeasurabilityCounts) -> MeasurabilityCounts:
    """Return equal counts as one object: many declarations of a site have the same."""
    return counts


def add_counts(counts: Iterable[MeasurabilityCounts]) -> MeasurabilityCounts:
    """Add counts up, class by class."""
    return tuple(map(sum, zip((0,) * len(_CLASSES), *counts, strict=True)))


def pair_with_classes(counts: MeasurabilityCounts) -> tuple[tuple[Measurability, int], ...]:
    """Return the counts paired with their classes."""
    return tuple(zip(_CLASSES, counts, strict=True))
